"""The table of servers within the RFCs that the protocol's cases must not accuse.

Each is a wrapper around the reference server, which the embedded server knows as a deviation. The
modules beside this one fill the table; `legal_protocol_run.py` loads them as a pytest plugin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace

from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import dump
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import parse
from reference_server.deviations.documents import value_of
from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response


@dataclass(frozen=True, slots=True)
class Legal:
    """Of which requirements, by how their ids begin, a variation falls short, and how far."""

    short_of: tuple[str, ...]
    worst: str

    def allows(self, requirement: str, verdict: str) -> bool:
        """Return whether a case may end so."""
        return requirement.startswith(self.short_of) and verdict in ("warn", self.worst)


TABLE: dict[str, Legal] = {}
CONFIG = shaping.on("GET", "ServiceProviderConfig")
SCHEMAS = shaping.on("GET", "Schemas")
TYPES = shaping.on("GET", "ResourceTypes")


def legal(wrap: registry.Wrap) -> registry.Wrap:
    """Add the decorated variation: no case may even warn."""
    return but_for()(wrap)


def but_for(*short_of: str, worst: str = "warn") -> Callable[[registry.Wrap], registry.Wrap]:
    """Add the decorated variation, which falls short of requirements whose ids begin so."""

    def add(wrap: registry.Wrap) -> registry.Wrap:
        name = wrap.__name__.replace("_", "-")
        TABLE[name] = Legal(short_of, worst)
        # At once, since the options of a run are checked before any plugin is configured.
        registry.deviation(name, area="legal")(wrap)
        return wrap

    return add


def every_document(handle: Handler, change: Callable[[Document], Json]) -> Handler:
    """Change the JSON object in every reply."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        document = parse(reply.body)
        return reply if document is None else replace(reply, body=dump(change(document)))

    return wrapped


def unsupported(handle: Handler, *features: str) -> Handler:
    """Announce that some features are missing."""

    def deny(found: Document) -> None:
        for feature in features:
            for each in objects(value_of(found, feature)):
                each["supported"] = False

    return shaping.edit_replies(handle, CONFIG, deny)


def change_attribute(
    handle: Handler, path: str, change: Callable[[Document], object], *, of: str = ""
) -> Handler:
    """Change what /Schemas says of an attribute, by its path in one schema or in any."""

    def edit(schema: Document) -> None:
        found = [schema] if of in str(schema.get("id")) else []
        for name in path.split("."):
            inner = [value for each in found for value in parts_of(each)]
            found = [each for each in inner if str(each.get("name")).lower() == name.lower()]
        for each in found:
            change(each)

    return shaping.edit_resources(handle, SCHEMAS, edit)


def parts_of(schema: Document) -> list[Document]:
    """Return the attributes of a schema, or the sub-attributes of an attribute."""
    return objects(schema.get("attributes", schema.get("subAttributes", [])))


def without_part(handle: Handler, path: str) -> Handler:
    """Leave an attribute out of /Schemas, by its path in any schema."""
    above, _, name = path.rpartition(".")

    def lose(each: Document) -> None:
        key = "attributes" if "attributes" in each else "subAttributes"
        each[key] = [part for part in parts_of(each) if str(part["name"]).lower() != name.lower()]

    if above:
        return change_attribute(handle, above, lose)
    return shaping.edit_resources(handle, SCHEMAS, lose)


def unlisted(handle: Handler, endpoint: str, key: str, value: str) -> Handler:
    """Leave a resource out of a list of discovery."""

    def without(reply: Response) -> Response:
        body = parse(reply.body) or {}
        found = [each for each in objects(body.get("Resources")) if each.get(key) != value]
        if "Resources" in body:
            body.update(Resources=[*found], totalResults=len(found), itemsPerPage=len(found))
        return replace(reply, body=dump(body))

    return shaping.change_replies(handle, shaping.on("GET", endpoint, one=False), without)
