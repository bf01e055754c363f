"""Routes: which endpoint answers a path, after the credential, the size and the accepted type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from functools import partial
from urllib.parse import unquote

from .access import check_access
from .authentication import Credential
from .authentication import Guard
from .bulk import Bulk
from .bulk import Transaction
from .discovery import ENDPOINTS
from .discovery import Discovery
from .endpoints import Endpoints
from .errors import MEDIA_TYPE
from .errors import ScimError
from .errors import not_found
from .http_rules import HOST
from .http_rules import MAX_BODY
from .http_rules import PLAIN_JSON
from .http_rules import accepted_type
from .http_rules import labelled
from .me import Me
from .messages import Request
from .messages import Response
from .tolerances import Tolerance
from .tolerances import Tolerances

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_VERSIONED = re.compile(r"(.*)/v[0-9]+")
_VERSION = re.compile(r"/(v[0-9]+)(?:/.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What there is to route to."""

    gate: Guard
    endpoints: Endpoints
    discovery: Discovery
    me: Me
    transaction: Transaction


class Router:
    """Everything between a request and the endpoint that answers it."""

    def __init__(self, base_path: str, places: Places, tolerances: Tolerances) -> None:
        self._base_path = base_path
        self._places = places
        self._slash = tolerances.allow(Tolerance.TRAILING_SLASH)
        self._all = places.discovery.registry.resource_types
        self._kinds = {kind.endpoint[1:]: kind for kind in self._all}
        self._bulk = Bulk(self._operation, places.transaction, base_path, tolerances)

    def handle(self, request: Request) -> Response:
        """Answer a request, or raise the error that answers it."""
        media_type = accepted_type(request)
        try:
            return labelled(self._answer(request, media_type), media_type or MEDIA_TYPE)
        except ScimError as error:
            return labelled(error.response(), media_type or MEDIA_TYPE)

    def _answer(self, request: Request, media_type: str | None) -> Response:
        if not request.path.startswith(f"{self._base_path}/") and request.path != self._base_path:
            raise self._outside(request.path)
        credential = None if self._is_open(request) else self._places.gate.check(request)
        if media_type is None:
            detail = f"Accept: only {MEDIA_TYPE} and {PLAIN_JSON} can be had here."
            raise ScimError(406, detail)
        segments = self._segments(request)
        if segments != ("Bulk",) and len(request.body) > MAX_BODY:
            raise ScimError(413, f"The body is larger than {MAX_BODY} bytes.")
        if credential is None:
            return self._places.discovery.answer(request, segments, self._base_url(request))
        return self._route(request, segments, credential)

    def _is_open(self, request: Request) -> bool:
        """Tell whether anybody may ask this: how to authenticate (RFC 7643 section 5).

        A credential that is given all the same must be right: clients try theirs out here.
        """
        if request.method not in ("GET", "HEAD") or request.header("Authorization") is not None:
            return False
        return request.path.removesuffix("/") == f"{self._base_path}/ServiceProviderConfig"

    def _route(
        self, request: Request, segments: tuple[str, ...], credential: Credential
    ) -> Response:
        own = partial(self._places.me.path, credential)
        check_access(credential.access, request.method, segments, own)
        base_url = self._base_url(request)
        if segments and segments[0] in self._kinds:
            return self._resource(request, segments, base_url)
        endpoints = self._places.endpoints
        match segments:
            case ():
                return endpoints.query(request, self._all, base_url)
            case (".search",):
                return endpoints.search(request, self._all, base_url)
            case ("Bulk",):
                return self._bulk.answer(request, base_url)
            case ("Me",):
                return self._places.me.answer(request, credential, base_url)
            case (first, *_) if first in ENDPOINTS:
                return self._places.discovery.answer(request, segments, base_url)
            case _:
                raise _nothing(request.path)

    def _resource(self, request: Request, segments: tuple[str, ...], base_url: str) -> Response:
        kind = self._kinds.get(segments[0]) if len(segments) in (1, 2) else None
        if kind is None:
            raise _nothing(request.path)
        if len(segments) == 1:
            return self._places.endpoints.collection(request, kind, base_url)
        if segments[1] == ".search":
            return self._places.endpoints.search(request, (kind,), base_url)
        return self._places.endpoints.item(request, kind, segments[1], base_url)

    def _operation(self, request: Request) -> Response:
        """Answer one operation of a bulk request; who sends it is known already."""
        return self._resource(request, self._segments(request), self._base_url(request))

    def _segments(self, request: Request) -> tuple[str, ...]:
        """Split the path below the base."""
        path = request.path[len(self._base_path) :]
        try:
            parts = [unquote(part, errors="strict") for part in path.split("/")[1:]]
        except UnicodeDecodeError as fault:
            raise not_found("The path is not UTF-8.") from fault
        if parts and parts[-1] == "" and (self._slash or len(parts) == 1):
            parts.pop()
        return tuple(parts)

    def _outside(self, path: str) -> ScimError:
        """Say that there is nothing, or nothing of this version (RFC 7644 section 3.13)."""
        base = _VERSIONED.fullmatch(self._base_path)
        if base is not None and path.startswith(base[1]):
            version = _VERSION.fullmatch(path[len(base[1]) :])
            if version is not None:
                here = self._base_path[len(base[1]) + 1 :]
                detail = f"This server speaks {here} of the protocol, not {version[1]:.20}."
                return ScimError(400, detail, "invalidVers")
        return _nothing(path)

    def _base_url(self, request: Request) -> str:
        """Build the base URL as the client sees it; without a usable Host it stays relative."""
        return f"{origin(request)}{self._base_path}"


def scheme(request: Request) -> str:
    """Return what the client speaks: `https` if a proxy in front says so, else `http`."""
    # Of several proxies, the one that the client spoke to stands first.
    spoken = (request.header("X-Forwarded-Proto") or "").partition(",")[0].strip().lower()
    return "https" if spoken == "https" else "http"


def origin(request: Request) -> str:
    """Return scheme and host as the client sees them; nothing without a usable Host."""
    return _origin(scheme(request), request.header("Host") or "")


@lru_cache(maxsize=64)
def _origin(spoken: str, host: str) -> str:
    """Return scheme and host in canonical form (RFC 3986 section 6.2.2), or nothing."""
    match = HOST.fullmatch(host)
    if match is None or not match["name"]:
        return ""
    shown = host.lower().removesuffix(":").removesuffix(_DEFAULT_PORTS[spoken])
    return f"{spoken}://{shown}"


def _nothing(path: str) -> ScimError:
    return not_found(f"There is nothing at {path!r:.200}.")
