"""Filters and PATCH of the small endpoint: `attribute eq value`, joined by `and`."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable
from typing import Any

from schema import ENTERPRISE
from schema import OWN
from schema import USER
from schema import Refused
from schema import same
from schema import spelled

Json = dict[str, Any]
Clause = tuple[str, str, Any]
_ATTRIBUTE = r"(?:urn:ietf:params:scim:schemas:core:2.0:User:)?([A-Za-z$][\w$-]*)(?:\.([\w$-]+))?"
_CLAUSE = rf'{_ATTRIBUTE}\s+eq\s+("(?:[^"\\]|\\.)*"|true|false|-?[\d.]+)'
CLAUSE = re.compile(_CLAUSE, re.I)
FILTER = re.compile(rf"\s*{_CLAUSE}(?:\s+and\s+{_CLAUSE})*\s*", re.I)
PATH = re.compile(
    r"(?:(?P<urn>urn:[\w.:-]+):)?(?P<name>[A-Za-z$][\w$-]*)"
    r"(?:\[(?P<where>.+)\])?(?:\.(?P<sub>[A-Za-z$][\w$-]*))?",
    re.I,
)
EXACT = ("id", "externalid", "resourcetype")


def matching(users: Iterable[Json], text: str | None) -> list[Json]:
    """Return the users that a filter finds; without one, all of them."""
    clauses = [] if text is None else read_filter(text)
    return [user for user in users if all(_holds(user, *clause) for clause in clauses)]


def read_filter(text: str) -> list[Clause]:
    """Return attribute, sub-attribute and value of each clause, or refuse."""
    try:
        if FILTER.fullmatch(text):
            return [(name, sub, json.loads(value)) for name, sub, value in CLAUSE.findall(text)]
    except ValueError:  # a control character in a text, two dots in a number
        pass
    raise Refused(400, f"Only `eq` and `and` can be asked, not {text!r}.", "invalidFilter")


def _holds(holder: Json, name: str, sub: str, wanted: Any) -> bool:  # noqa: ANN401 # any JSON value
    values = holder.get(spelled(holder, name), [])
    values = values if isinstance(values, list) else [values]
    parts = [
        one.get(spelled(one, sub or "value")) if isinstance(one, dict) else one for one in values
    ]
    if isinstance(wanted, str) and (sub or name).lower() not in EXACT:
        return same(wanted) in [same(each) for each in parts if isinstance(each, str)]
    return any(each == wanted and type(each) is type(wanted) for each in parts)


def apply(user: Json, message: Json) -> Json:
    """Return the user after a PATCH; the one that is given stays as it is (RFC 7644, 3.5.2)."""
    user = copy.deepcopy(user)
    operations = message.get(spelled(message, "Operations"))
    if not isinstance(operations, list) or not operations:
        raise Refused(400, "There are no Operations.", "invalidSyntax")
    for operation in operations:
        if not isinstance(operation, dict):
            raise Refused(400, "An operation is no object.", "invalidSyntax")
        act = str(operation.get("op")).lower()
        if act not in ("add", "replace", "remove"):
            raise Refused(400, f"There is no operation {act!r}.", "invalidSyntax")
        _operate(user, act, operation.get("path"), operation.get("value"))
    return user


def _operate(user: Json, act: str, path: Any, value: Any) -> None:  # noqa: ANN401 # JSON values
    if path is None and act == "remove":
        raise Refused(400, "A remove needs a path.", "noTarget")
    if path is None or path in (USER, ENTERPRISE):
        _whole(user, act, path or "", value)
        return
    parts = PATH.fullmatch(str(path))
    urn = (parts["urn"] or USER).lower() if parts else ""
    if parts is None or urn not in (USER.lower(), ENTERPRISE.lower()):
        raise Refused(400, f"The path {path!r} leads nowhere.", "invalidPath")
    if parts["name"].lower() in OWN:
        raise Refused(400, f"{parts['name']} is the server's own.", "mutability")
    holder = user if urn == USER.lower() else user.setdefault(ENTERPRISE, {})
    name = spelled(holder, parts["name"])
    if parts["where"]:
        _in_list(holder, act, name, parts, value)
    elif parts["sub"]:
        inner = holder.setdefault(name, {})
        for each in inner if isinstance(inner, list) else [inner]:
            _set(each, act, spelled(each, parts["sub"]), value)
    else:
        _set(holder, act, name, value)


def _whole(user: Json, act: str, urn: str, value: Any) -> None:  # noqa: ANN401 # any JSON
    """Do an operation on a whole user, or on a whole extension."""
    if act == "remove":
        user.pop(urn, None)
        return
    if not isinstance(value, dict):
        raise Refused(
            400, "Without an attribute in the path the value is an object.", "invalidValue"
        )
    for name, each in value.items():
        # What a user holds besides is passed over, as in a PUT; only a path insists on it.
        if name.lower() not in OWN:
            _operate(user, act, f"{urn}:{name}" if urn else name, each)


def _set(holder: Json, act: str, name: str, value: Any) -> None:  # noqa: ANN401 # any JSON value
    before = holder.get(name)
    if name.lower() == "username" and (act == "remove" or not value):
        raise Refused(400, "Nobody is without a userName.", "mutability")
    if act == "remove" or value is None:
        holder.pop(name, None)
    elif isinstance(before, dict) and isinstance(value, dict):
        holder[name] = before | value
    elif act == "add" and isinstance(before, list):
        sent = value if isinstance(value, list) else [value]
        new = [each for each in sent if each not in before]
        if any(isinstance(each, dict) and each.get("primary") for each in new):
            _no_primary(before)
        holder[name] = before + new
    else:
        holder[name] = value


def _in_list(
    holder: Json,
    act: str,
    name: str,
    parts: re.Match[str],
    value: Any,  # noqa: ANN401 # any JSON value
) -> None:
    clauses, rows = read_filter(parts["where"]), holder.get(name, [])
    chosen = [row for row in rows if all(_holds(row, *clause) for clause in clauses)]
    if not chosen and act == "replace":
        raise Refused(400, f"Nothing in {name} has {parts['where']}.", "noTarget")
    if not chosen and act == "add":  # Entra ID adds a first work address like this
        chosen = [{key: wanted for key, _, wanted in clauses}]
        holder[name] = rows + chosen
    if act == "remove" and not parts["sub"]:
        holder[name] = [row for row in rows if row not in chosen]
        return
    change = {parts["sub"]: value} if parts["sub"] else value
    if not isinstance(change, dict):
        raise Refused(400, f"An entry of {name} is an object.", "invalidValue")
    if change.get("primary") is True:
        _no_primary(rows)
    for row in chosen:
        for sub, each in change.items():
            _set(row, act, spelled(row, sub), each)


def _no_primary(rows: list[Json]) -> None:
    """Take the rank of the primary value away: there is one at most (RFC 7643 section 2.4)."""
    for row in rows:
        if row.get("primary"):
            row["primary"] = False
