"""The body of a POST /Users: what a mapping yields for a person, in the order of the samples."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from copy import deepcopy
from typing import TypeAlias

from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import Entry
from idp_profiles.mapping import steps_of
from idp_profiles.model import Json
from idp_profiles.model import Person

from .mappings import head_and_part
from .mappings import value_for
from .names import ENTERPRISE
from .names import USER

_Object: TypeAlias = dict[str, Json]

# The order of the documented sample; what is not named here comes before the extensions.
_ORDER = (
    "schemas",
    "externalId",
    "userName",
    "active",
    "displayName",
    "emails",
    "meta",
    "name",
    "title",
    "preferredLanguage",
    "addresses",
    "phoneNumbers",
    "roles",
)
_NAME_ORDER = ("formatted", "familyName", "givenName")
# The sample writes primary before type in an e-mail, and after it everywhere else.
_PRIMARY_FIRST = frozenset({"emails"})


def user_body(
    mapping: AttributeMapping,
    person: Person,
    *,
    roles: list[Json],
    manager_id: str | None = None,
    nulls: bool = False,
) -> _Object:
    """Return the body that creates a user; `nulls` sends null for what has no value."""
    body: _Object = {"meta": {"resourceType": "User"}, "roles": roles}
    for entry in mapping.entries:
        if "create" in entry.when:
            _place(body, entry, value_for(entry, person), nulls=nulls)
    if manager_id is not None:
        _inner(body, ENTERPRISE)["manager"] = manager_id
    # A custom extension's URN is a key of the body, but is missing here.
    body["schemas"] = [USER, *([ENTERPRISE] if ENTERPRISE in body else [])]
    return _ordered(body)


def _place(body: _Object, entry: Entry, value: Json, *, nulls: bool) -> None:
    steps = steps_of(entry.path)
    if value is None:
        if nulls and len(steps) == 1 and entry.type is None:
            body[steps[0]] = None
        return
    if entry.type is not None:
        head, part = head_and_part(entry)
        _element(body, head, entry)[part] = value
        return
    for key in steps[:-1]:
        body = _inner(body, key)
    body[steps[-1]] = deepcopy(value)  # elements of other entries may join a list


def _element(body: _Object, head: str, entry: Entry) -> _Object:
    """Return the element of that type, which is made when it is not there yet."""
    listed = body.setdefault(head, [])
    elements = listed if isinstance(listed, list) else []
    for element in elements:
        if isinstance(element, dict) and element["type"] == entry.type:
            return element
    made: _Object = {"type": entry.type}
    if entry.primary:
        made = {"type": entry.type, "primary": True}
        if head in _PRIMARY_FIRST:
            made = {"primary": True, "type": entry.type}
    elements.append(made)
    return made


def _inner(body: _Object, key: str) -> _Object:
    inner = body.setdefault(key, {})
    if isinstance(inner, dict):
        return inner
    raise ValueError(f"the mapping fills {key!r} both as a whole and in parts")


def _ordered(body: Mapping[str, Json]) -> _Object:
    result = _by(_ORDER, body)
    names = result.get("name")
    if isinstance(names, dict):
        result["name"] = _by(_NAME_ORDER, names)
    return result


def _by(order: Iterable[str], body: Mapping[str, Json]) -> _Object:
    """Return the object with the named keys first, then the others, extensions last."""
    first = [key for key in order if key in body]
    others = [key for key in body if key not in first]
    plain = [key for key in others if not key.lower().startswith("urn:")]
    urns = [key for key in others if key not in plain]
    return {key: body[key] for key in (*first, *plain, *urns)}
