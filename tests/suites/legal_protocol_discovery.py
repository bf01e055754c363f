"""Servers that describe themselves in another way than the reference server, within the RFCs."""

from __future__ import annotations

from urllib.parse import urlsplit

from legal_protocol import SCHEMAS
from legal_protocol import TYPES
from legal_protocol import every_document
from legal_protocol import legal

from reference_server.deviations import shaping
from reference_server.deviations.documents import ENTERPRISE
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import has
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import put
from reference_server.deviations.documents import value_of
from reference_server.messages import Handler
from reference_server.messages import Json

DISCOVERY = "ServiceProviderConfig ResourceTypes Schemas"
_CORE = "urn:ietf:params:scim:schemas:core:2.0:"


@legal
def discovery_in_few_words(handle: Handler) -> Handler:
    """Have nothing in discovery that is optional, and endpoints without a slash before them.

    RFC 7643 sections 6 and 7; the example of an endpoint in section 6 is "Users".
    """

    def shorten(entry: Document) -> None:
        if "Resources" not in entry:
            drop(entry, "description", "meta")

    def plain(entry: Document) -> None:
        drop(entry, "id")
        entry["endpoint"] = str(entry.get("endpoint")).removeprefix("/")

    def wordless(attribute: Document) -> None:
        drop(attribute, "description")
        for name in ("attributes", "subAttributes"):
            for each in objects(attribute.get(name, [])):
                wordless(each)

    handle = shaping.edit_resources(handle, SCHEMAS, shorten)
    handle = shaping.edit_resources(handle, SCHEMAS, wordless)
    handle = shaping.edit_resources(handle, TYPES, shorten)
    return shaping.edit_listed(handle, TYPES, plain)


@legal
def discovery_among_its_types(handle: Handler) -> Handler:
    """List the documents of discovery as resource types of their own."""

    def add(found: Document) -> None:
        listed: list[Json] = [*objects(found["Resources"])]
        for name, endpoint in (
            ("ServiceProviderConfig", "/ServiceProviderConfig"),
            ("ResourceType", "/ResourceTypes"),
            ("Schema", "/Schemas"),
        ):
            entry: Document = {"schemas": [f"{_CORE}ResourceType"], "name": name}
            listed.append({**entry, "endpoint": endpoint, "schema": f"{_CORE}{name}"})
        found.update(Resources=listed, totalResults=len(listed), itemsPerPage=len(listed))

    return shaping.edit_lists(handle, TYPES, add)


@legal
def locations_without_a_host(handle: Handler) -> Handler:
    """Give references in `meta` without scheme and host (RFC 7643 section 2.3.7)."""

    def shorten(value: Json) -> Json:
        if isinstance(value, list):
            return [shorten(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            key: urlsplit(item).path
            if key == "location" and isinstance(item, str)
            else shorten(item)
            for key, item in value.items()
        }

    return every_document(handle, shorten)


@legal
def writes_on_discovery_not_found(handle: Handler) -> Handler:
    """Answer 404 to writes on the documents of discovery, as on any path without a handler."""
    when = shaping.on("POST PUT PATCH DELETE", DISCOVERY)
    return shaping.refuse(handle, when, 404, "There is no such endpoint.")


@legal
def an_extension_for_everybody(handle: Handler) -> Handler:
    """Require the enterprise extension, and fill it in where it was not sent (section 6)."""

    def require(entry: Document) -> None:
        for each in objects(entry.get("schemaExtensions", [])):
            each["required"] = True

    def fill(user: Document) -> None:
        if not has(user, ENTERPRISE):
            given = value_of(user, "schemas")
            put(user, ENTERPRISE, {"organization": "Example"})
            put(user, "schemas", [*(given if isinstance(given, list) else []), ENTERPRISE])

    handle = shaping.edit_resources(handle, TYPES, require)
    return shaping.edit_requests(handle, shaping.on("POST PUT", "Users"), fill)
