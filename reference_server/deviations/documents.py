"""JSON documents as the deviations need them: found, dropped and walked without regard to case."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from typing import TypeAlias

from reference_server.messages import Body
from reference_server.messages import Json
from reference_server.messages import joined

Document: TypeAlias = dict[str, Json]
Edit: TypeAlias = Callable[[Document], object]
Test: TypeAlias = Callable[[Document], object]

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def parse(body: Body) -> Document | None:
    """Return the JSON object in a body, or None.

    What a strict server refuses (repeated keys, NaN, lone surrogates, other encodings) is None
    too: a deviation that parsed it leniently and wrote it anew would hide the mistake from the
    server behind it.
    """
    try:
        text = joined(body).decode("utf-8")
        found: Json = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
        if "\\u" in text:
            dump(found)  # a lone surrogate has no form in UTF-8
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def dump(value: Json) -> bytes:
    """Return a value as compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def key_of(document: Document, name: str) -> str | None:
    """Return the key under which an attribute is present; names have no case (RFC 7643 2.1)."""
    wanted = name.lower()
    return next((key for key in document if key.lower() == wanted), None)


def has(document: Document, name: str) -> bool:
    """Tell whether an attribute is present, also as null."""
    return key_of(document, name) is not None


def value_of(document: Document, name: str) -> Json:
    """Return an attribute's value, None if it is absent."""
    key = key_of(document, name)
    return None if key is None else document[key]


def text_of(document: Document, name: str) -> str:
    """Return an attribute's value if it is a string, else the empty string."""
    value = value_of(document, name)
    return value if isinstance(value, str) else ""


def put(document: Document, name: str, value: Json) -> None:
    """Set an attribute under the key it already has, or under the name given."""
    document[key_of(document, name) or name] = value


def drop(document: Document, *names: str) -> None:
    """Remove attributes if they are present."""
    for name in names:
        key = key_of(document, name)
        if key is not None:
            del document[key]


def objects(value: Json) -> list[Document]:
    """Return the objects of a multi-valued attribute, one object alone counting as a list."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def resources(document: Document) -> list[Document]:
    """Return the resources of a reply: those listed, or the one that it is."""
    if "Resources" in document:
        return objects(document["Resources"])
    return [document]


def edit_each(items: list[Document], edit: Edit) -> None:
    """Edit each of some objects."""
    for item in items:
        edit(item)


def keep_resources(document: Document, keep: Test) -> None:
    """Shorten a list to the resources that pass a test, and make its counters agree."""
    before = resources(document)
    after = [resource for resource in before if keep(resource)]
    total = document.get("totalResults")
    known = total if isinstance(total, int) else len(before)
    document["Resources"] = [*after]
    document["totalResults"] = known - len(before) + len(after)
    document["itemsPerPage"] = len(after)


def listing(found: list[Document]) -> Document:
    """Return a complete list reply (RFC 7644 3.4.2)."""
    return {
        "schemas": [LIST],
        "totalResults": len(found),
        "startIndex": 1,
        "itemsPerPage": len(found),
        "Resources": [*found],
    }


def leaves(value: Json) -> Iterator[Json]:
    """Yield every value in a document that is neither object nor array."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        yield value
        return
    for item in value:
        yield from leaves(item)


def change_strings(value: Json, change: Callable[[str], str]) -> Json:
    """Return a document with every string value changed; keys and schema URNs stay."""
    if isinstance(value, str):
        return value if value.startswith("urn:") else change(value)
    if isinstance(value, list):
        return [change_strings(item, change) for item in value]
    if isinstance(value, dict):
        return {key: change_strings(item, change) for key, item in value.items()}
    return value


def ascii_only(text: str) -> str:
    """Return a text with a question mark for each character outside ASCII."""
    return text.encode("ascii", "replace").decode("ascii")


def _unique(pairs: list[tuple[str, Json]]) -> Document:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key appears twice in one object")
    return found


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")
