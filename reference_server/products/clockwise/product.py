"""The simulated product: its directory over SCIM, its admin API, and what only its pages have."""

from __future__ import annotations

from dataclasses import replace
from threading import RLock

from reference_server.errors import ScimError
from reference_server.messages import Request
from reference_server.messages import Response
from reference_server.products.building import Parts
from reference_server.products.product import SCIM_PATH
from reference_server.products.product import SIMULATION_PATH
from reference_server.products.product import Product
from reference_server.products.routes import Refused
from reference_server.products.routes import Routes
from reference_server.products.routes import json_reply
from reference_server.products.scim_service import ScimService

from .admin_api import AdminApi
from .admin_api import Answer
from .group_replies import with_bare_groups
from .organisation import Organisation
from .organisation import start_members
from .page import ClockwiseView
from .rules import Rules
from .settings import settings_from
from .simulation_api import SimulationApi
from .state import Member
from .state import State

NAME = "clockwise"


def create(parts: Parts, rules: Rules) -> Product:
    """Build the product under some rules."""
    service = Service(parts, rules)
    return Product(
        NAME,
        service.handle,
        keys=service.keys,
        workspace=service.workspace,
        view=lambda: ClockwiseView(service),
    )


class Service:
    """One organisation behind one handler."""

    def __init__(self, parts: Parts, rules: Rules) -> None:
        self.lock = RLock()
        self.organisation = Organisation(rules, settings_from(parts.settings), parts.new_id)
        self.workspace = f"org_{parts.new_id()}"
        people = self._people()
        self.keys = {label: each.key for label, each in people.items()}
        self.organisation.state = State(members=tuple(people.values()))
        kinds = ("bearer",) if rules.token_is_bearer else ("header",)
        self._scim = ScimService(parts, self.lock, self.organisation.written, kinds=kinds)
        self._answer_scim = with_bare_groups(self._scim.handle, self.organisation, SCIM_PATH)
        self._routes = self._all_routes()

    def handle(self, request: Request) -> Response:
        """Answer a request."""
        if request.path == SCIM_PATH or request.path.startswith(f"{SCIM_PATH}/"):
            return self._answer_scim(request)
        try:
            return self._own(request)
        except Refused as refused:
            code = refused.code or refused.status
            reply = json_reply(refused.status, {"message": refused.message, "code": code})
            return replace(reply, headers=(*reply.headers, *refused.headers))
        except ScimError as fault:  # a body that is no JSON
            return json_reply(fault.status, {"message": fault.detail, "code": fault.status})

    def update(self) -> None:
        """Let SCIM be as the organisation has it now: on or off, and for which token."""
        connected = self.organisation.state.connected
        if connected is None:
            self._scim.switch_off()
        elif self._scim.is_on:
            self._scim.set_tokens(connected.token)
        else:
            self._scim.switch_on(connected.token, ())

    def _own(self, request: Request) -> Response:
        path = request.path.rstrip("/")
        if path == SIMULATION_PATH and request.method in ("GET", "HEAD"):
            return json_reply(
                200, {"simulation": NAME, "by": "scimproof", "workspace": self.workspace}
            )
        answer, call = self._routes.find(request, path)
        with self.lock:
            return answer(call, self._who(request))

    def _who(self, request: Request) -> Member:
        member = self.organisation.holder(request.header("X-Api-Key") or "")
        if member is None:
            raise Refused(401, "X-Api-Key: a key of somebody with an account is needed.")
        if member.blocked:
            raise Refused(403, "This account is blocked: the identity provider does not list it.")
        return member

    def _all_routes(self) -> Routes[Answer]:
        simulation = SimulationApi(self.organisation, self.update, SCIM_PATH)
        return Routes({**AdminApi(self.organisation).table, **simulation.table})

    def _people(self) -> dict[str, Member]:
        people = start_members(self.organisation)
        key = self.organisation.settings.owner_key or people["owner"].key
        return {**people, "owner": replace(people["owner"], key=key)}
