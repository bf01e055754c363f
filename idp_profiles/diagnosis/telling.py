"""Shows an entry of a log without saying anything that was in it but what can name nobody.

What is shown is put together anew from words that are known; nothing of the log is copied. So no
name, address, id or token can get into a diagnosis, whatever a log holds.
"""

from __future__ import annotations

from .model import Event
from .moves import in_words
from .places import looked_for
from .rules import Seen
from .shapes import SCIM_TYPES
from .times import shown

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_ATTRIBUTES = {
    name.lower(): name
    for name in ("userName", "displayName", "externalId", "emails.value", "id", "members.value")
}
_NUMBERS = ("startIndex", "count")
# The forms of a PATCH over which servers stumble, and all that is said of one in words.
FORMS = (
    *("text-boolean", "member-array", "member-path", "value-path", "urn-path", "pathless"),
    "capital-op",
)
_FORMS = (
    ("text-boolean", "`active` as text"),
    ("deactivates", "`active` false"),
    ("activates", "`active` true"),
    ("member-array", "members in a value array"),
    ("member-path", "a member by a filter in the path"),
    ("value-path", "a path with a filter"),
    ("urn-path", "a path with a URN"),
    ("pathless", "an operation without a path"),
    ("capital-op", "operations in capitals"),
)
# What a reply says of itself clears the forms that it cannot mean.
_PATHS = ("member-path", "value-path", "urn-path", "pathless")
_CLEARS = {
    "says-path": ("text-boolean", "capital-op", "pathless"),
    "says-invalidValue": ("capital-op", *_PATHS),
}
_REPLIES = (
    ("html", "a web page"),
    ("page-shown-again", "the page before again"),
    ("page-missing", "an empty page within the total"),
    ("text-counts", "counts as text"),
    ("null-resources", "null in place of the list"),
    ("counts-differ", "counts that do not fit"),
    ("finds-nothing", "nobody found"),
    ("finds-other", "somebody else found"),
    ("finds-many", "several found"),
    ("finds-one", "one found"),
    ("no-list", "no list"),
    ("active-stays", "the state as before"),
    ("members-fewer", "the group then shows fewer members than it must"),
    ("members-more", "the group then shows members who must be gone"),
    ("odd-types", "an array as something else"),
    ("no-id", "no id"),
    ("empty-body", "no body"),
)


def entry_line(seen: Seen) -> str:
    """Return one request and its reply as a line."""
    hit = seen.hit
    method = hit.method if hit.method in _METHODS else "(another method)"
    forms = [text for tag, text in _FORMS if tag in seen.tags and "by-patch" in seen.tags]
    form = f" ({', '.join(forms)})" if forms else ""
    what = next((f" ({text})" for tag, text in _REPLIES if tag in seen.tags), "")
    status = str(hit.status) if hit.status else "no reply"
    status += next((f" {name}" for name in SCIM_TYPES if f"says-{name}" in seen.tags), "")
    at = shown(hit.when)
    begin = f"entry {hit.number}{f', {at}' if at else ''}"
    return f"{begin}: {method} {_target(seen)}{form} -> {status}{what}"


def suspicious(tags: frozenset[str]) -> tuple[str, ...]:
    """Return, in words, the forms among some tags over which servers stumble."""
    cleared = {form for said, forms in _CLEARS.items() if said in tags for form in forms}
    return tuple(text for tag, text in _FORMS if tag in FORMS and tag in tags - cleared)


def _target(seen: Seen) -> str:
    place = seen.hit.place
    path = f"/{place.endpoint}" + (f"/{seen.subject or 'id'}" if place.identifier else "")
    asked = []
    wanted = looked_for(place)
    if wanted is not None:
        attribute = _ATTRIBUTES.get(wanted[0].lower(), "(an attribute)")
        asked.append(f'filter={attribute} eq "{seen.subject or "…"}"')
    elif place.asked("filter") is not None:
        asked.append("filter=(another filter)")
    for name in _NUMBERS:
        value = place.asked(name)
        if value is not None and value.isdecimal() and len(value) < 10:
            asked.append(f"{name}={value}")
    return path + (f"?{'&'.join(asked)}" if asked else "")


def event_line(event: Event, who: str) -> str:
    """Return one event of an IdP's own log as a line."""
    at = shown(event.when)
    begin = f"entry {event.number}{f', {at}' if at else ''}"
    return f"{begin}: {in_words(event.move, who or 'somebody')} -> {event.result}"
