"""A product: an application for all paths of one origin, which says that it is a simulation."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace

from reference_server.app import Application
from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response
from reference_server.page.page import Page
from reference_server.page.views import View

SIMULATION = "X-Scimproof-Simulation"
SCIM_PATH = "/scim/v2"
SIMULATION_PATH = "/simulation/v1"
PAGE_PATH = "/page"


@dataclass(frozen=True, slots=True)
class ProductDeviation:
    """One named misbehaviour of a product, and the documented behaviours that it breaks."""

    name: str
    summary: str
    violates: tuple[str, ...]


class Product(Application):
    """A simulated product; adapters call `handle`.

    `keys` holds the secrets of the people who exist at the start, by what they are, and
    `workspace` the id under which the product's own interface knows the customer.
    """

    scim_path = SCIM_PATH

    def __init__(
        self,
        name: str,
        handler: Handler,
        *,
        keys: Mapping[str, str],
        workspace: str,
        view: Callable[[], View],
    ) -> None:
        super().__init__("", handler)
        self.name = name
        self.keys = dict(keys)
        self.workspace = workspace
        self._view = view

    def handle(self, request: Request) -> Response:
        """Answer a request, and say in a header that no real product did."""
        reply = super().handle(request)
        return replace(reply, headers=(*reply.headers, (SIMULATION, self.name)))

    def page_view(self) -> View:
        """Return what the page shows of the product, and what one may do there."""
        return self._view()

    def show_page(self) -> None:
        """Show the page from now on, at `/page`."""
        self._handler = Page(self.page_view(), PAGE_PATH).beside(self._handler)
