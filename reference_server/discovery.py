"""Discovery: the three documents in which the server describes itself (RFC 7644 section 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import bulk_messages
from . import cursors
from .errors import ScimError
from .errors import not_found
from .http_rules import check_method
from .http_rules import json_response
from .http_rules import options
from .http_rules import read_body
from .lists import list_response
from .messages import Json
from .messages import Request
from .messages import Response
from .registry import Registry
from .searches import DEFAULT_COUNT
from .searches import MAX_COUNT
from .searches import parse_parameters
from .searches import search_of_message
from .tolerances import Tolerances

ENDPOINTS = ("ServiceProviderConfig", "ResourceTypes", "Schemas")

_CORE = "urn:ietf:params:scim:schemas:core:2.0:"

_SCHEMES: dict[str, dict[str, Json]] = {
    "bearer": {
        "type": "oauthbearertoken",
        "name": "Bearer token",
        "description": "A token in the Authorization header, after the word Bearer.",
        "specUri": "https://www.rfc-editor.org/info/rfc6750",
    },
    # RFC 7643 section 5 has no word for a bare token; a bearer token is what comes closest.
    "header": {
        "type": "oauthbearertoken",
        "name": "Token in the header",
        "description": "A token as the whole value of the Authorization header.",
    },
    "oauth2": {
        "type": "oauth2",
        "name": "OAuth 2.0",
        "description": "A bearer token that the token endpoint of this server issues.",
        "specUri": "https://www.rfc-editor.org/info/rfc6749",
    },
    "basic": {
        "type": "httpbasic",
        "name": "HTTP Basic",
        "description": "User and password in the Authorization header.",
        "specUri": "https://www.rfc-editor.org/info/rfc7617",
    },
}


# RFC 9865 section 4; index stays the default, as section 2.4 advises.
_PAGINATION: Json = {
    "cursor": True,
    "index": True,
    "defaultPaginationMethod": "index",
    "defaultPageSize": DEFAULT_COUNT,
    "maxPageSize": MAX_COUNT,
    "cursorTimeout": cursors.TIMEOUT,
}


@dataclass(frozen=True, slots=True)
class Discovery:
    """Answers the discovery endpoints; `kinds` are those of the credentials."""

    registry: Registry
    kinds: tuple[str, ...]
    tolerances: Tolerances

    def answer(self, request: Request, segments: tuple[str, ...], base_url: str) -> Response:
        """Answer a request for what is at a path such as `("Schemas", URN)`."""
        endpoint, *rest = segments
        if len(rest) > 1 or (rest and endpoint == "ServiceProviderConfig"):
            raise not_found(f"There is nothing at {request.path!r:.200}.")
        search = rest == [".search"]
        methods = ("POST",) if search else ("GET",)
        if request.method == "OPTIONS":
            return options(methods)
        check_method(request, methods)
        if self._is_filtered(request, search):
            # Section 4: SHOULD be 403, so that nobody takes everything for a filtered list.
            raise ScimError(403, f"filter: /{endpoint} cannot be filtered.")
        return json_response(200, self._document(endpoint, [] if search else rest, base_url))

    def _is_filtered(self, request: Request, search: bool) -> bool:
        if not search:
            return "filter" in parse_parameters(request.query)
        return search_of_message(read_body(request), self.tolerances).filter is not None

    def _document(self, endpoint: str, rest: list[str], base_url: str) -> dict[str, Json]:
        if endpoint == "ServiceProviderConfig":
            return self._configuration(base_url)
        documents = self._types if endpoint == "ResourceTypes" else self._schemas
        entries = list(documents(base_url))
        if not rest:
            return list_response(entries, len(entries))
        found = (each for each in entries if str(each["id"]).lower() == rest[0].lower())
        entry = next(found, None)
        if entry is None:
            raise not_found(f"/{endpoint} has no {rest[0]!r:.200}.")
        return entry

    def _types(self, base_url: str) -> Iterable[dict[str, Json]]:
        for each in self.registry.resource_types:
            location = f"{base_url}/ResourceTypes/{each.document['id']}"
            yield {
                "schemas": [_CORE + "ResourceType"],
                **each.document,
                "meta": {"resourceType": "ResourceType", "location": location},
            }

    def _schemas(self, base_url: str) -> Iterable[dict[str, Json]]:
        for each in self.registry.schemas:
            meta: Json = {"resourceType": "Schema", "location": f"{base_url}/Schemas/{each.id}"}
            yield {"schemas": [_CORE + "Schema"], **each.document, "meta": meta}

    def _configuration(self, base_url: str) -> dict[str, Json]:
        yes: Json = {"supported": True}
        schemes = [{**_SCHEMES[kind], "primary": n == 0} for n, kind in enumerate(self.kinds)]
        return {
            "schemas": [_CORE + "ServiceProviderConfig"],
            "patch": yes,
            "bulk": {
                "supported": True,
                "maxOperations": bulk_messages.MAX_OPERATIONS,
                "maxPayloadSize": bulk_messages.MAX_PAYLOAD,
            },
            "pagination": _PAGINATION,
            "filter": {"supported": True, "maxResults": MAX_COUNT},
            "changePassword": yes,
            "sort": yes,
            "etag": yes,
            "authenticationSchemes": [*schemes],
            "meta": {
                "resourceType": "ServiceProviderConfig",
                "location": f"{base_url}/ServiceProviderConfig",
            },
        }
