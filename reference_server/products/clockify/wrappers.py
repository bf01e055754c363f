"""Wrappers: deviations of the product that show at its SCIM door, not in what it keeps."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs

from reference_server.errors import MEDIA_TYPE
from reference_server.errors import ScimError
from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response
from reference_server.products.product import SCIM_PATH

_LISTS = (f"{SCIM_PATH}/Users", f"{SCIM_PATH}/Groups")
_WRITES = ("POST", "PUT", "PATCH", "DELETE")
_NOBODY = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    "totalResults": 0,
    "startIndex": 1,
    "itemsPerPage": 0,
    "Resources": [],
}


def refuse_lists(handle: Handler) -> Handler:
    """Refuse to list users and groups; whoever may not enter hears that first."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if _is_list(request) and reply.status == 200:
            return ScimError(403, "Lists are not available.").response()
        return reply

    return wrapped


def refuse_writes(handle: Handler) -> Handler:
    """Refuse every change over SCIM."""

    def wrapped(request: Request) -> Response:
        if request.method in _WRITES and request.path.startswith(f"{SCIM_PATH}/"):
            return ScimError(403, "Users and groups are locked while SCIM is on.").response()
        return handle(request)

    return wrapped


def find_nobody_by(attribute: str) -> Callable[[Handler], Handler]:
    """Return what lets searches by an attribute find nobody."""

    def wrap(handle: Handler) -> Handler:
        def wrapped(request: Request) -> Response:
            reply = handle(request)
            if _is_list(request) and reply.status == 200 and _asks_for(request, attribute):
                content = (("Content-Type", MEDIA_TYPE),)
                return Response(200, content, json.dumps(_NOBODY).encode())
            return reply

        return wrapped

    return wrap


def _is_list(request: Request) -> bool:
    return request.method == "GET" and request.path.rstrip("/") in _LISTS


def _asks_for(request: Request, attribute: str) -> bool:
    found = parse_qs(request.query).get("filter", [""])[0]
    return re.match(rf"\W*{attribute}\b", found.lower()) is not None
