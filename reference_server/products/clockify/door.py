"""The door: which of the product's interfaces answers a path, and who may come in."""

from __future__ import annotations

from reference_server.errors import ScimError
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response
from reference_server.products.product import SCIM_PATH
from reference_server.products.product import SIMULATION_PATH
from reference_server.products.routes import Refused
from reference_server.products.routes import json_reply

from . import public_api
from . import simulation_api
from .service import Clockify
from .service import denied

_NOTHING = 3000  # the product's number for a path where nothing is


class Door:
    """Answers every path of the product's origin."""

    def __init__(self, clockify: Clockify) -> None:
        self._clockify = clockify

    def handle(self, request: Request) -> Response:
        """Answer a request, or raise the SCIM error that answers it."""
        if _below(request.path, SCIM_PATH):
            return self._clockify.scim.handle(request)
        try:
            return self._answer(request)
        except Refused as refusal:
            return _refusal(refusal.status, refusal.message, refusal.code, refusal)
        except ScimError as fault:  # a body that the shared reader refuses
            return _refusal(fault.status, fault.detail, _NOTHING)

    def _answer(self, request: Request) -> Response:
        path = request.path.rstrip("/")
        if _below(path, SIMULATION_PATH):
            return self._simulated(request, path)
        if not _below(path, public_api.PATH):
            raise Refused(404, f"There is nothing at {request.path!r:.200}.", _NOTHING)
        with self._clockify.lock:
            inside = "/workspaces/" in path
            member = self._clockify.holder(request.header("X-Api-Key"), inside=inside)
            found, call = public_api.ROUTES.find(request, path[len(public_api.PATH) :])
            self._check_workspace(call.parts.get("workspaceId"))
            return found(self._clockify, member, call)

    def _simulated(self, request: Request, path: str) -> Response:
        with self._clockify.lock:
            open_to_all = simulation_api.OPEN.get(request, path)
            if open_to_all is not None:
                found, call = open_to_all
                self._check_workspace(call.parts.get("workspaceId"))
                return found(self._clockify, call)
            member = self._clockify.holder(request.header("X-Api-Key"))
            answer, call = simulation_api.ROUTES.find(request, path)
            self._check_workspace(call.parts.get("workspaceId"))
            return answer(self._clockify, member, call)

    def _check_workspace(self, identifier: str | None) -> None:
        if identifier not in (None, self._clockify.workspace.id):
            raise denied()


def _below(path: str, base: str) -> bool:
    return path == base or path.startswith(f"{base}/")


def _refusal(status: int, message: str, code: int, refusal: Refused | None = None) -> Response:
    body: dict[str, Json] = {"message": message, "code": code or _NOTHING}
    reply = json_reply(status, body)
    more = refusal.headers if refusal is not None else ()
    return Response(reply.status, (*reply.headers, *more), reply.body)
