"""Discovery: the three documents in which the server describes itself (RFC 7644 section 4)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass

from .errors import ScimError
from .errors import not_found
from .messages import Json
from .query import MAX_COUNT
from .query import list_response
from .registry import Registry

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
    "basic": {
        "type": "httpbasic",
        "name": "HTTP Basic",
        "description": "User and password in the Authorization header.",
        "specUri": "https://www.rfc-editor.org/info/rfc7617",
    },
}


@dataclass(frozen=True, slots=True)
class Discovery:
    """Answers the discovery endpoints; `kinds` are those of the credentials."""

    registry: Registry
    kinds: tuple[str, ...]

    def answer(
        self, segments: tuple[str, ...], parameters: Mapping[str, str], base_url: str
    ) -> dict[str, Json]:
        """Return the document at a path such as `("Schemas", URN)`."""
        if "filter" in parameters:
            # Section 4: SHOULD be 403, so that nobody takes everything for a filtered list.
            raise ScimError(403, "Discovery endpoints cannot be filtered.")
        endpoint, *rest = segments
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
            "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
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
