"""Takes the target of a request apart: base path, endpoint, id and query."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl
from urllib.parse import unquote

from .model import Place

_ENDPOINTS = {
    name.lower(): name
    for name in (
        *("Users", "Groups", "Me", "Bulk", "Schemas", "ResourceTypes", "ServiceProviderConfig"),
        *("Roles", "Entitlements"),
    )
}
_PATH = re.compile(
    rf"^(?P<base>.*?)/(?P<endpoint>{'|'.join(_ENDPOINTS)})(?:/(?P<id>[^/]*))?/?$",
    re.IGNORECASE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\x([0-9A-Fa-f]{2})")


def place_of(target: str) -> Place | None:
    """Return what a target is about, or None where it is none of a SCIM server.

    A web application has pages called `users` too: small letters count only below a path that
    speaks of SCIM.
    """
    plain = _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), target)
    path, asked, raw = plain.partition("?")
    if "://" in path:
        path = "/" + path.partition("://")[2].partition("/")[2]
    found = _PATH.match(path)
    if found is None:
        return None
    base, spelled = found.group("base"), found.group("endpoint")
    endpoint = _ENDPOINTS[spelled.lower()]
    if spelled != endpoint and "scim" not in base.lower():
        return None
    return Place(
        base=base,
        endpoint=endpoint,
        identifier=unquote(found.group("id") or ""),
        query=tuple(parse_qsl(raw, keep_blank_values=True, max_num_fields=None)),
        # A question mark with nothing behind it gives a sender away.
        raw_query=raw or asked,
    )


_FILTER = re.compile(
    r'^\s*(?P<attribute>[A-Za-z][\w:.$\-\[\]" ]*?)\s+eq\s+"?(?P<value>.*?)"?\s*$', re.IGNORECASE
)


def looked_for(place: Place) -> tuple[str, str] | None:
    """Return attribute and value of a plain `eq` filter, or None."""
    text = place.asked("filter")
    found = _FILTER.match(text) if text else None
    if found is None or " and " in found.group("value"):
        return None
    return found.group("attribute"), found.group("value").replace('\\"', '"')
