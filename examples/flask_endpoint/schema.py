"""What the small endpoint knows of a user: names, types, and how it is announced."""

from __future__ import annotations

import unicodedata
from typing import Any

Json = dict[str, Any]
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_TEXT, _FLAG = "string", "boolean"
_MANY = {"value": _TEXT, "display": _TEXT, "type": _TEXT, "primary": _FLAG}
_NAME = ("formatted", "familyName", "givenName", "middleName")
_STREET = ("formatted", "streetAddress", "locality", "region", "postalCode", "country")
# A text is the type of an attribute, a mapping that of its parts, a mapping in a list has many.
KNOWN: dict[str, dict[str, Any]] = {
    USER: {
        **dict.fromkeys(("userName", "externalId", "displayName", "nickName", "title"), _TEXT),
        **dict.fromkeys(("userType", "preferredLanguage", "locale", "timezone"), _TEXT),
        "active": _FLAG,
        "name": dict.fromkeys(_NAME, _TEXT),
        "emails": [_MANY],
        "phoneNumbers": [_MANY],
        "roles": [_MANY],
        "addresses": [dict.fromkeys(_STREET, _TEXT) | {"type": _TEXT, "primary": _FLAG}],
    },
    ENTERPRISE: {
        **dict.fromkeys(("employeeNumber", "costCenter", "organization"), _TEXT),
        **dict.fromkeys(("division", "department"), _TEXT),
        "manager": {"value": _TEXT},
    },
}
# Only the server sets these; a password is not kept, since nobody signs in here.
OWN = ("id", "meta", "groups", "schemas", "password")


class Refused(Exception):
    """What was asked for is not done: status, reason and the SCIM name of the error."""

    def __init__(self, status: int, detail: str, kind: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind = status, detail, kind


def same(text: object) -> str:
    """Return a text so that equal ones are equal: capitals and forms of Unicode do not count."""
    return unicodedata.normalize("NFKC", str(text)).casefold()


def spelled(holder: Json, name: str) -> str:
    """Return an attribute's name as the holder spells it: names are equal in any case."""
    return next((key for key in holder if key.lower() == name.lower()), name)


def kept(sent: Json) -> Json:
    """Return what is kept of a user that was sent: known attributes of the right types."""
    known = KNOWN[USER] | {ENTERPRISE: KNOWN[ENTERPRISE]}
    return _fitting(sent, known) | {"active": _flag(sent.get(spelled(sent, "active"), True))}


def _fitting(sent: Json, known: Json) -> Json:
    fitting = {}
    for name, value in sent.items():
        name = spelled(known, name)
        if name in known and value not in (None, "", [], {}):
            fitting[name] = _typed(name, value, known[name])
    return fitting


def _typed(name: str, value: Any, kind: Any) -> Any:  # noqa: ANN401 # any JSON value
    if kind == _FLAG:
        return _flag(value)
    if isinstance(kind, list) and isinstance(value, list):
        rows = [_typed(name, row, kind[0]) for row in value]
        if sum(bool(row.get("primary")) for row in rows) > 1:
            raise Refused(400, f"Only one of the {name} can be primary.", "invalidValue")
        return rows
    if isinstance(kind, dict) and isinstance(value, dict):
        return _fitting(value, kind)
    if name == "manager" and isinstance(value, str):  # Entra ID sends the bare id
        return {"value": value}
    if kind == _TEXT and isinstance(value, str):
        return value
    raise Refused(400, f"{name} has another type.", "invalidValue")


def _flag(value: Any) -> bool:  # noqa: ANN401 # any JSON value
    # Entra ID sends "False" where it means false, unless its flag aadOptscim062020 is set.
    flag = {"true": True, "false": False}.get(str(value).lower())
    if flag is None:
        raise Refused(400, f"{value!r} is neither true nor false.", "invalidValue")
    return flag


def documents() -> list[Json]:
    """Return the schemas as /Schemas shows them (RFC 7643 section 7)."""
    return [
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": urn,
            "name": "User" if urn == USER else "EnterpriseUser",
            "attributes": [_described(*each) for each in known.items()],
        }
        for urn, known in KNOWN.items()
    ]


def _described(name: str, kind: Any) -> Json:  # noqa: ANN401 # a type of the table
    many, kind = isinstance(kind, list), kind[0] if isinstance(kind, list) else kind
    first = name == "userName"
    row = {"name": name, "type": "complex" if isinstance(kind, dict) else kind}
    row |= {"multiValued": many, "required": first, "caseExact": name == "externalId"}
    row |= {"mutability": "readWrite", "returned": "default"}
    row |= {"uniqueness": "server" if first else "none", "description": name}
    if isinstance(kind, dict):
        row["subAttributes"] = [_described(*each) for each in kind.items()]
    return row
