"""What Microsoft's test tools write: values by their PATCH paths, and the bodies made of them.

A server whose schema has only a part of the attributes is sent that part: the Validator reads the
schemas first, and the gallery's tests go by the mapping of the application.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from collections.abc import Mapping
from typing import TypeAlias

from idp_profiles.mapping import nested
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.wire import merge

from .names import ENTERPRISE
from .names import GROUP
from .names import USER

Values: TypeAlias = dict[str, Json]
Knows: TypeAlias = Callable[[str], bool]

MANAGER = f"{ENTERPRISE}:manager"
_TYPED = re.compile(r'(\w+)\[type eq "(\w+)"\]\.(\w+)')
_PARTS = ("employeeNumber", "department", "costCenter", "organization", "division")
_WORDS = (
    *("title", "userType", "nickName"),
    *(f"name.{part}" for part in ("givenName", "familyName", "middleName")),
    *(f"name.{part}" for part in ("honorificPrefix", "honorificSuffix")),
    *(f'addresses[type eq "work"].{part}' for part in ("formatted", "streetAddress")),
    *(f'addresses[type eq "work"].{part}' for part in ("locality", "region", "postalCode")),
    *(f"{ENTERPRISE}:{part}" for part in _PARTS),
)
_COUNTRY = 'addresses[type eq "work"].country'
# What the RFCs give a form: the Validator fills it with letters, which a server may refuse.
_FORMED: tuple[tuple[str, str, str], ...] = (
    ("preferredLanguage", "en-GB", "sk-SK"),
    ("locale", "en-GB", "sk-SK"),
    ("timezone", "Europe/Bratislava", "Africa/Harare"),
    ("profileUrl", "https://www.example.com/one", "https://www.example.com/two"),
    (_COUNTRY, "SK", "GB"),
    *(
        (f'phoneNumbers[type eq "{kind}"].value', f"+421-2-5550-100{n}", f"+421-2-5550-200{n}")
        for n, kind in enumerate(("work", "mobile", "fax"))
    ),
)
_LITERAL: Values = {_COUNTRY: "Sierra Leone"}


def everything(path: str) -> bool:
    """Know every attribute, as in the mode that asks for no schemas."""
    del path
    return True


def letters(person: Person, path: str, turn: str) -> str:
    """Return twelve capitals, equal for the same person, attribute and turn."""
    digest = hashlib.sha256(f"{person.user_name}/{path}/{turn}".encode()).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:12])


def first_values(person: Person, knows: Knows = everything, *, literal: bool = False) -> Values:
    """Return what a new user is given.

    `literal` has the values of the published results: a country by its name, and letters where the
    RFCs want a language tag or a URL.
    """
    formed: Values = {path: first for path, first, _ in _FORMED}
    if literal:
        formed |= {path: letters(person, path, "first") for path in ("locale", "profileUrl")}
        formed |= _LITERAL
    return _known(person, formed, "first", knows) | {
        path: value
        for path, value in (("userName", person.user_name), ("active", True))
        if knows(path)
    }


def later_values(person: Person, knows: Knows = everything) -> Values:
    """Return what a user is given later, other than at first in every attribute."""
    return _known(person, {path: later for path, _, later in _FORMED}, "later", knows)


def _known(person: Person, formed: Values, turn: str, knows: Knows) -> Values:
    words: Values = {path: letters(person, path, turn) for path in _WORDS}
    name = f"{words['name.givenName']} {words['name.familyName']}"
    user, _, domain = person.email.partition("@")
    mail = person.email if turn == "first" else f"{user}-{turn}@{domain}"
    others: Values = {"displayName": name, 'emails[type eq "work"].value': mail}
    return {path: value for path, value in {**others, **words, **formed}.items() if knows(path)}


def user_body(values: Mapping[str, Json]) -> Values:
    """Return the body of a POST with these values."""
    body: Values = {}
    for path, value in values.items():
        typed = _TYPED.fullmatch(path)
        if typed is None:
            body = merge(body, nested(path, value))
        else:
            _entry(body, typed[1], typed[2])[typed[3]] = value
    body["schemas"] = [USER, *([ENTERPRISE] if ENTERPRISE in body else [])]
    return body


def _entry(body: Values, name: str, kind: str) -> Values:
    """Return the element of that type, which is made when it is not there yet."""
    listed = body.setdefault(name, [])
    elements = listed if isinstance(listed, list) else []
    for element in elements:
        if isinstance(element, dict) and element["type"] == kind:
            return element
    made: Values = {"type": kind, "primary": True} if kind == "work" else {"type": kind}
    elements.append(made)
    return made


def role_value(person: Person, turn: str, *, literal: bool = False) -> Values:
    """Return the one role of a user.

    `literal` is the role of the published results: `primary` is a text here alone, and `type` is
    letters, which a server may refuse that has types of its own.
    """
    parts = ("display", "value", "type") if literal else ("display", "value")
    words: Values = {part: letters(person, f"roles.{part}", turn) for part in parts}
    return {"primary": "True" if literal else True, **words}


def role_changes(person: Person, turn: str) -> Values:
    """Return values for the primary role; the paths compare a boolean with a text."""
    wanted = role_value(person, turn)
    return {f'roles[primary eq "True"].{part}': wanted[part] for part in ("display", "value")}


def group_body(name: str, external_id: str) -> Values:
    """Return the body of a POST of a group, which has no members."""
    return {"displayName": name, "externalId": external_id, "schemas": [GROUP]}


def one_by_one(op: str, values: Mapping[str, Json]) -> list[Json]:
    """Return one operation with a path for each value: the form that is called verbose."""
    return [{"op": op, "path": path, "value": value} for path, value in values.items()]


def folded(op: str, values: Mapping[str, Json]) -> list[Json]:
    """Return one operation without a path whose keys are paths, beside those that select."""
    selecting = {path: value for path, value in values.items() if "[" in path}
    others: Values = {path: value for path, value in values.items() if "[" not in path}
    operations = one_by_one(op, selecting)
    if others:
        operations.append({"op": op, "value": others})
    return operations


def selected(path: str) -> tuple[str, str, str] | None:
    """Return attribute, type and part of a path that selects by type, None for another."""
    typed = _TYPED.fullmatch(path)
    return None if typed is None else (typed[1], typed[2], typed[3])
