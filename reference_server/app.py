"""The application: a request goes in, a response comes out, and nothing here knows a socket."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from urllib.parse import unquote

from .authentication import Credential
from .authentication import Gate
from .commands import Commands
from .commands import seed_identifier
from .discovery import Discovery
from .endpoints import Endpoints
from .endpoints import expect_method
from .endpoints import json_response
from .errors import MEDIA_TYPE
from .errors import ScimError
from .errors import not_found
from .fault_log import log_fault
from .messages import Handler
from .messages import Json
from .messages import Request
from .messages import Response
from .query import parse_parameters
from .registry import Registry
from .registry import SchemaFile
from .registry import Seed
from .registry import load_registry
from .schema_documents import SchemaFileError
from .store import MemoryStore
from .tolerances import Tolerances

MAX_BODY = 8 * 1024 * 1024

_DISCOVERY = ("ServiceProviderConfig", "ResourceTypes", "Schemas")
_NOT_BUILT = ("Bulk", "Me", ".search")  # RFC 7644 sections 3.7, 3.11 and 3.4.3
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]+)?|\[[0-9A-Fa-f:.]+\](?::[0-9]+)?")


class Application:
    """A SCIM server without a socket; adapters call `handle`."""

    def __init__(self, base_path: str, handler: Handler) -> None:
        self.base_path = base_path
        self._handler = handler

    def handle(self, request: Request) -> Response:
        """Answer a request; a fault of our own becomes a 500 that tells nothing of the inside."""
        try:
            return self._handler(request)
        except ScimError as error:
            return error.response()
        except Exception as fault:  # the last resort of a server; logged, never hidden
            log_fault(fault)
            return ScimError(500, "The server failed on this request; see its log.").response()


class _Core:
    """Base path, authentication and routes."""

    def __init__(
        self, base_path: str, gate: Gate, endpoints: Endpoints, discovery: Discovery
    ) -> None:
        self._base_path = base_path
        self._gate = gate
        self._endpoints = endpoints
        self._discovery = discovery
        self._kinds = {each.endpoint[1:]: each for each in discovery.registry.resource_types}

    def handle(self, request: Request) -> Response:
        try:
            return _negotiated(request, self._answer(request))
        except ScimError as error:
            return _negotiated(request, error.response())

    def _answer(self, request: Request) -> Response:
        if not request.path.startswith(f"{self._base_path}/") and request.path != self._base_path:
            raise not_found(f"There is nothing at {request.path!r:.200}.")
        self._gate.check(request)
        if len(request.body) > MAX_BODY:
            raise ScimError(413, f"The body is larger than {MAX_BODY} bytes.")
        return self._route(request, _segments(request.path[len(self._base_path) :]))

    def _route(self, request: Request, segments: tuple[str, ...]) -> Response:
        base_url = self._base_url(request)
        if not segments or segments[0] in _NOT_BUILT or segments[1:] == (".search",):
            # RFC 7644 Table 8 and section 3.11: what is not supported answers 501.
            raise ScimError(501, f"{request.path} is not implemented.")
        if segments[0] in _DISCOVERY and len(segments) <= _depth(segments[0]):
            return self._discover(request, segments, base_url)
        kind = self._kinds.get(segments[0])
        if kind is None or len(segments) > 2:
            raise not_found(f"There is nothing at {request.path!r:.200}.")
        identifier = segments[1] if len(segments) == 2 else None
        return self._endpoints.answer(request, kind, identifier, base_url)

    def _discover(self, request: Request, segments: tuple[str, ...], base_url: str) -> Response:
        expect_method(request, ("GET",))
        parameters = parse_parameters(request.query)
        return json_response(200, self._discovery.answer(segments, parameters, base_url))

    def _base_url(self, request: Request) -> str:
        """Build the base URL as the client sees it; without a usable Host it stays relative."""
        host = request.header("Host")
        if host is None or not _HOST.fullmatch(host):
            return self._base_path
        scheme = "https" if request.header("X-Forwarded-Proto") == "https" else "http"
        return f"{scheme}://{host}{self._base_path}"


def _depth(endpoint: str) -> int:
    return 1 if endpoint == "ServiceProviderConfig" else 2


def _segments(path: str) -> tuple[str, ...]:
    """Split the path below the base; one slash at the end makes no difference."""
    try:
        parts = [unquote(part, errors="strict") for part in path.split("/")[1:]]
    except UnicodeDecodeError as fault:
        raise not_found("The path is not UTF-8.") from fault
    if parts and parts[-1] == "":
        parts.pop()
    return tuple(parts)


def _negotiated(request: Request, response: Response) -> Response:
    """Call the reply plain JSON for a client that accepts only that (RFC 7644 section 3.8)."""
    accept = (request.header("Accept") or "").lower()
    if "application/json" not in accept or "scim+json" in accept or "*/*" in accept:
        return response
    headers = tuple(
        (name, "application/json" if value == MEDIA_TYPE else value)
        for name, value in response.headers
    )
    return Response(response.status, headers, response.body)


def create_app(
    *,
    credentials: Sequence[Credential],
    base_path: str = "/scim/v2",
    schema_files: Sequence[SchemaFile] = (),
    deviations: Sequence[str] = (),
    clock: Callable[[], datetime] | None = None,
    new_id: Callable[[], str] | None = None,
) -> Application:
    """Build a server: correct, or with named deviations from that."""
    clock = clock or _utc_now
    base_path = _checked_base_path(base_path)
    registry = load_registry(schema_files)
    store = MemoryStore(registry.resource_types)
    commands = Commands(store, clock, new_id or _random_id, Tolerances())
    _plant(registry, commands)
    kinds = tuple(dict.fromkeys(each.kind for each in credentials))
    core = _Core(
        base_path,
        Gate(credentials, clock),
        Endpoints(store, commands),
        Discovery(registry, kinds),
    )
    return Application(base_path, _deviating(deviations, core.handle))


def _deviating(names: Sequence[str], handle: Handler) -> Handler:
    if not names:
        return handle
    from . import deviations  # imported when asked for: a correct server does not load them

    return deviations.apply(names, handle)


def _plant(registry: Registry, commands: Commands) -> None:
    for seed in registry.seeds:
        _plant_one(seed, commands)


def _plant_one(seed: Seed, commands: Commands) -> None:
    body: dict[str, Json] = {"schemas": [seed.resource_type.core.id], **seed.body}
    try:
        commands.create(seed.resource_type, body, seed_identifier(body))
    except ScimError as fault:
        raise SchemaFileError(f"{seed.where}: {fault.detail}") from fault


def _checked_base_path(base_path: str) -> str:
    stripped = base_path.rstrip("/")
    if stripped and not re.fullmatch(r"(?:/[A-Za-z0-9._~-]+)+", stripped):
        raise ValueError(f"the base path must look like /scim/v2, not {base_path!r}")
    return stripped


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _random_id() -> str:
    return str(uuid.uuid4())
