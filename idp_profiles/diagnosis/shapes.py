"""Says of a request and its reply what is remarkable about their form, as words (tags)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from idp_profiles.model import Json
from idp_profiles.wire import member

from .model import Hit
from .places import looked_for

_MARKUP = re.compile(r"^\s*<(!doctype|html|head|body|\?xml|h1|center)", re.IGNORECASE)
_COUNTS = ("totalResults", "startIndex", "itemsPerPage")
# RFC 7644 table 9: what an error may call itself.
SCIM_TYPES = (
    *("invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax", "invalidPath"),
    *("noTarget", "invalidValue", "invalidVers", "sensitive"),
)
_NAMES = {"Users": "username", "Groups": "displayname"}


def tags_of(hit: Hit) -> frozenset[str]:
    """Return every word that fits one request with its reply."""
    return frozenset([*_of_request(hit), *_of_reply(hit)])


def operations_of(hit: Hit) -> list[dict[str, Json]]:
    """Return the operations of a PATCH, as far as they are objects."""
    if hit.method != "PATCH" or not isinstance(hit.sent, dict):
        return []
    listed = part(hit.sent, "operations")
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _of_request(hit: Hit) -> Iterator[str]:
    yield f"by-{hit.method.lower()}"
    yield "no-bodies" if hit.got_text is None else "bodies"
    if hit.place.asked("filter") is not None:
        yield "filter"
    if hit.place.identifier:
        yield "by-id"
    if any(name.lower().startswith("aadoptscim") for name, _ in hit.place.query):
        yield "flagged"
    yield from _of_active(hit)
    for operation in operations_of(hit):
        yield from _of_operation(operation)
    if isinstance(hit.sent, dict) and hit.method == "PUT" and "id" in hit.sent:
        yield "put-with-id"


def _of_active(hit: Hit) -> Iterator[str]:
    value = active_sent(hit)
    if isinstance(value, str):
        yield "text-boolean"
    meant = _truth(value)
    if meant is not None:
        yield "activates" if meant else "deactivates"


def active_sent(hit: Hit) -> Json:
    """Return the state that a write asks for, in whichever form, or None."""
    if hit.method == "PUT" and isinstance(hit.sent, dict):
        return part(hit.sent, "active")
    for operation in operations_of(hit):
        path, value = part(operation, "path"), part(operation, "value")
        if isinstance(path, str) and path.lower() == "active":
            return value
        if path is None and isinstance(value, dict) and part(value, "active") is not None:
            return part(value, "active")
    return None


def _of_operation(operation: dict[str, Json]) -> Iterator[str]:
    op, path = part(operation, "op"), part(operation, "path")
    value = part(operation, "value")
    verb = op.lower() if isinstance(op, str) else ""
    if isinstance(op, str) and op != verb:
        yield "capital-op"
    if not isinstance(path, str):
        yield "pathless"
        yield from _of_pathless(value)
        return
    plain = path.lower()
    if plain.startswith("urn:"):
        yield "urn-path"
    if plain.startswith("members"):
        yield f"members-{verb}"
        yield "member-path" if "[" in plain else "member-array"
    elif "[" in plain:
        yield "value-path"
    if plain == "displayname":
        yield "renames"


def _of_pathless(value: Json) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    names = {name.lower() for name in value}
    if any("." in name and not name.startswith("urn:") for name in names):
        yield "dotted-key"
    if "displayname" in names:
        yield "renames"
    if "password" in names:
        yield "sets-password"
    if "members" in names:
        yield "members-replace"


def _of_reply(hit: Hit) -> Iterator[str]:
    if hit.got_text is None:
        return
    if _MARKUP.match(hit.got_text) or "html" in (hit.reply_headers or {}).get("content-type", ""):
        yield "html"
    said = part(hit.got, "scimType")
    if isinstance(said, str) and said in SCIM_TYPES:
        yield f"says-{said}"
        if said in ("invalidPath", "noTarget"):
            yield "says-path"
    if hit.status in (429, 503) and not (hit.reply_headers or {}).get("retry-after"):
        yield "no-retry-after"
    if 200 <= hit.status < 300:
        yield from _of_success(hit)


def _of_success(hit: Hit) -> Iterator[str]:
    if any(_has_odd_types(each) for each in (hit.got, *found_in(hit))):
        yield "odd-types"
    if not hit.got_text or not hit.got_text.strip():
        yield "empty-body"
    elif hit.got is None:
        yield "not-json"
    if hit.method == "GET" and not hit.place.identifier:
        yield from _of_list(hit)
    if hit.method == "POST" and hit.place.endpoint in _NAMES:
        identifier = part(hit.got, "id") if isinstance(hit.got, dict) else None
        yield "id" if isinstance(identifier, str) and identifier else "no-id"
    if isinstance(hit.got, dict) and hit.place.endpoint == "Users" and hit.method != "GET":
        yield from _of_state(hit)


def _has_odd_types(resource: Json) -> bool:
    """Tell whether an attribute of many values is shown as one."""
    shown = (part(resource, name) for name in ("schemas", "emails", "members"))
    return any(isinstance(value, str | dict) for value in shown)


def _of_state(hit: Hit) -> Iterator[str]:
    sent, shown = _truth(active_sent(hit)), _truth(part(hit.got, "active"))
    if sent is not None and shown is not None and sent is not shown:
        yield "active-stays"
    if isinstance(part(hit.got, "active"), str):
        yield "active-text"


def _of_list(hit: Hit) -> Iterator[str]:
    if hit.place.endpoint not in _NAMES:
        return
    if not isinstance(hit.got, dict) or part(hit.got, "totalResults") is None:
        yield "no-list"
        return
    if any(isinstance(part(hit.got, name), str) for name in _COUNTS):
        yield "text-counts"
    total, found = part(hit.got, "totalResults"), found_in(hit)
    if "Resources" in hit.got and hit.got["Resources"] is None:
        yield "null-resources"
    yield "finds-nothing" if not found else "finds-one" if len(found) == 1 else "finds-many"
    yield from _of_counts(hit, count_in(total), bool(found))
    if any(not isinstance(part(each, "id"), str) for each in found):
        yield "found-without-id"
    if found and _is_stranger(hit, found):
        yield "finds-other"


def _of_counts(hit: Hit, total: int | None, found: bool) -> Iterator[str]:
    """Return what a total beside a page says: behind the last page an empty one is right."""
    if total is None or hit.place.asked("count") == "0" or (total > 0) is found:
        return
    start = count_in(hit.place.asked("startIndex")) or 1
    if start == 1:
        yield "counts-differ"
    elif total >= start:
        yield "page-missing"


def count_in(value: Json) -> int | None:
    """Return a count, also one that is written as text; None for what is none."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 10 else None


def found_in(hit: Hit) -> list[dict[str, Json]]:
    """Return the resources of a list."""
    listed = part(hit.got, "resources") if isinstance(hit.got, dict) else None
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _is_stranger(hit: Hit, found: list[dict[str, Json]]) -> bool:
    """Tell whether somebody was found whom the filter does not mean."""
    wanted = looked_for(hit.place)
    if wanted is None or wanted[0].lower() != _NAMES.get(hit.place.endpoint):
        return False
    shown = [part(each, wanted[0]) for each in found]
    return any(isinstance(name, str) and name.lower() != wanted[1].lower() for name in shown)


def _truth(value: Json) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return None


def part(body: Json, name: str) -> Json:
    """Return a member by its name, whatever its capitals; None of what is no object."""
    return member(body, name) if isinstance(body, dict) else None
