"""The embedded product: our own simulation of a product, in this process and without sockets."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from idp_profiles.model import Json
from reference_server import products
from reference_server.wsgi import wsgi_app
from suites.target.model import Target

from .connection import Connection
from .connection import Patience
from .connection import WsgiApp
from .embedded import Clock

ORIGIN = "http://127.0.0.1"
_PATIENCE = 6_000.0  # seconds of the product's own clock


@dataclass(slots=True)
class EmbeddedProduct:
    """A running simulation: `keys` are those of the people at the start, by what they are."""

    name: str
    workspace: str
    keys: Mapping[str, str]
    clock: Clock
    _app: Any

    def connection(self, target: Target) -> Connection:
        """Return a way to a base URL of the product, without a socket."""
        patience = Patience(_PATIENCE, self.clock.sleep)
        return Connection(target, app=_at_home(wsgi_app(self._app)), patience=patience)

    def close(self) -> None:
        """Let go of the product."""
        self._app.close()


def _at_home(app: WsgiApp) -> WsgiApp:
    """Return the application with its own host named, as a socket's client would name it."""

    def call(environ: dict[str, Any], start_response: Any) -> Any:  # noqa: ANN401 - of WSGI
        environ.setdefault("HTTP_HOST", ORIGIN.partition("//")[2])
        return app(environ, start_response)

    return call


def start(
    name: str, *, deviations: Sequence[str] = (), settings: Mapping[str, Json] | None = None
) -> EmbeddedProduct:
    """Start a simulation with a fresh clock; raises ValueError for an unknown name."""
    clock = Clock()
    app = products.create_product(name, deviations=deviations, clock=clock.now, settings=settings)
    return EmbeddedProduct(name, app.workspace, app.keys, clock, app)


def deviations(name: str) -> dict[str, str]:
    """Return the misbehaviours of a product by name, each with its sentence; none if unknown."""
    if name not in products.products():
        return {}
    return {each.name: each.summary for each in products.product_deviations(name)}
