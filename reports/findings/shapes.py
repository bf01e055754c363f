"""The shape of a request: what it wants and of what, without anything that belongs to one run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl
from urllib.parse import unquote

from reports import view
from reports.reading import Json

Exchange = Mapping[str, Json]

WRITES = ("POST", "PUT", "PATCH", "DELETE")
_ENDPOINTS = {
    name.lower(): name
    for name in (
        *("Users", "Groups", "Me", "Bulk"),
        *("ServiceProviderConfig", "ResourceTypes", "Schemas"),
    )
}
_KINDS = {"Users": "user", "Me": "user", "Groups": "group"}
_PLAIN_PART = re.compile(r"[A-Za-z.\-]{1,24}")
_PLAIN_PATH = re.compile(r"[\w.$\[\]…]{1,60}", re.ASCII)
_QUERIES = ("sortBy", "attributes", "excludedAttributes", "count", "startIndex", "cursor", "filter")
_COMPARISON = re.compile(
    r"([A-Za-z][\w.:]{0,80})\s{1,9}(eq|ne|co|sw|ew|gt|ge|lt|le|pr)\b", re.IGNORECASE
)
_MEMBER_ACTS = {"add": "add-member", "remove": "remove-member"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A request by its shape.

    `line` is such as `PATCH /Users/{id}`; `op` the operation of a PATCH or the comparisons of a
    search; `detail` that with the path; `act` and `kind` say in a word what is wanted of whom.
    """

    line: str
    act: str
    kind: str
    op: str = ""
    detail: str = ""


def shape(exchange: Exchange) -> Shape:
    """Return the shape of the request of an exchange."""
    act, op, detail = _wanted(exchange)
    return Shape(
        line=f"{method(exchange)} {template(exchange)}",
        act=act,
        kind=_KINDS.get(endpoint(exchange), ""),
        op=op,
        detail=detail,
    )


def method(exchange: Exchange) -> str:
    """Return the method of a request."""
    said = str(view.part(exchange, "request").get("method") or "").upper()
    return said if said.isalpha() and said.isascii() and len(said) < 10 else "?"


def path(exchange: Exchange) -> str:
    """Return the path of a request, without its query."""
    return unquote(_target(exchange).partition("?")[0])


def query(exchange: Exchange) -> dict[str, str]:
    """Return the parameters of a request."""
    return dict(parse_qsl(_target(exchange).partition("?")[2], keep_blank_values=True))


def status(exchange: Exchange) -> int | None:
    """Return the status of a reply; None when none came."""
    found = view.part(exchange, "response").get("status")
    return found if isinstance(found, int) else None


def done(exchange: Exchange) -> bool:
    """Tell whether a request was answered as done."""
    return (status(exchange) or 999) < 400


def is_write(exchange: Exchange) -> bool:
    """Tell whether a request wants to change something."""
    return method(exchange) in WRITES and not path(exchange).endswith(".search")


def is_search(exchange: Exchange) -> bool:
    """Tell whether a request asks for a list."""
    parts = _parts(exchange)
    return len(parts) <= 1 or parts[-1] == ".search"


def only_resource(exchange: Exchange) -> Mapping[str, Json] | None:
    """Return the one resource that a reply shows; None where it is not one."""
    body = view.part(exchange, "response").get("body")
    if not is_search(exchange):
        return body if isinstance(body, dict) else None
    listed = body.get("Resources") if isinstance(body, dict) else None
    only = listed[0] if isinstance(listed, list) and len(listed) == 1 else None
    return only if isinstance(only, dict) else None


def endpoint(exchange: Exchange) -> str:
    """Return the endpoint as the RFC writes it; nothing for one that it does not have."""
    parts = _parts(exchange)
    return _ENDPOINTS.get(parts[0].lower(), "") if parts else ""


def template(exchange: Exchange) -> str:
    """Return the path with everything of this run replaced by what it stands for."""
    parts = _parts(exchange)
    if known := endpoint(exchange):
        rest = [part if part == ".search" else "{id}" for part in parts[1:3]]
        return "/" + "/".join((known, *rest))
    return "/" + "/".join(part if _PLAIN_PART.fullmatch(part) else "{…}" for part in parts[:6])


def _parts(exchange: Exchange) -> list[str]:
    return [part for part in path(exchange).split("/") if part]


def _target(exchange: Exchange) -> str:
    return str(view.part(exchange, "request").get("target") or "")


def _wanted(exchange: Exchange) -> tuple[str, str, str]:
    """Return what a request wants in a word, its operation, and what of it matters."""
    verb, body = method(exchange), view.part(exchange, "request").get("body")
    if verb == "PATCH":
        return _change(body)
    if verb == "PUT" and isinstance(body, dict) and _is_false(body.get("active")):
        return "deactivate", "", f"active {_literal(body.get('active'))}"
    if verb == "GET" or not is_write(exchange):
        return _question(exchange)
    if endpoint(exchange) == "Bulk":
        return "bulk", "", ""
    return {"PUT": "replace", "POST": "create"}.get(verb, verb.lower()), "", ""


def _change(body: Json) -> tuple[str, str, str]:
    """Return what a PATCH wants, by its first operation: a reader has to see it at a glance."""
    operations = body.get("Operations") if isinstance(body, dict) else None
    first = operations[0] if isinstance(operations, list) and operations else None
    if not isinstance(first, dict):
        return "change", "", ""
    op, value = str(first.get("op", "")).lower()[:10], first.get("value")
    plain = plain_path(first.get("path"))
    names = plain
    if not plain and isinstance(value, dict):
        names = "+".join(sorted({plain_path(name) for name in value})[:4])
    detail = f"{op} {plain}" if plain else f"{op} {names} without a path".replace("  ", " ")
    if re.search(r"\bactive\b", names):
        state = value.get("active") if isinstance(value, dict) else value
        word = "deactivate" if _is_false(state) else "activate"
        return word, op, f"{detail} {_literal(state)}"
    if names.startswith("members"):
        every = _verbs(operations)
        if len(every) > 1:
            return "set-members", "+".join(every), f"{'+'.join(every)} members"
        return _MEMBER_ACTS.get(op, "set-members"), op, detail
    return "change", op, detail


def _verbs(operations: Json) -> list[str]:
    """Return what the operations of a PATCH do, each word once."""
    given = operations if isinstance(operations, list) else []
    return sorted(
        {str(each.get("op", "")).lower()[:10] for each in given if isinstance(each, dict)}
    )


def plain_path(given: Json) -> str:
    """Return a path without what stands in its brackets, which may be of this run."""
    if not isinstance(given, str):
        return ""
    bare = re.sub(r"\[[^\]]*\]", "[…]", given[:400]).rpartition(":")[2]
    return bare if _PLAIN_PATH.fullmatch(bare) else "{path}"


def _is_false(value: Json) -> bool:
    return value is False or (isinstance(value, str) and value.lower() == "false")


def _literal(value: Json) -> str:
    """Return a state as it stands on the wire; any other value by its type alone."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return f'"{value}"'
    return type(value).__name__


def _question(exchange: Exchange) -> tuple[str, str, str]:
    """Return what a request asks, without the values that it asks for."""
    given = query(exchange)
    body = view.part(exchange, "request").get("body")
    if isinstance(body, dict):
        given |= {name: value for name, value in body.items() if isinstance(value, str)}
    asked = " ".join(name for name in _QUERIES if name in given and name != "filter")
    found = [
        f"{name.rpartition(':')[2]} {op}"
        for name, op in _COMPARISON.findall(given.get("filter", "")[:2000])
    ]
    detail = " ".join(part for part in (asked, *(["filter"] if found else []), *found) if part)
    return "search" if is_search(exchange) else "read", " ".join(found), detail
