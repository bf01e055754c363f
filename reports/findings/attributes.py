"""Which attribute a text is about, and what an error message blames, in SCIM's own names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reports import view
from reports.model import Result
from reports.reading import Json

from .shapes import Exchange
from .shapes import done

_NAMED = re.compile(r"(^|[`'\".\[/])?\b([A-Za-z][A-Za-z0-9]*)")
# Attributes by the JSON type that they have in a reply; None where that tells nothing.
JSON_TYPES: Mapping[str, type | None] = {
    **dict.fromkeys(("active",), bool),
    **dict.fromkeys(("totalResults", "itemsPerPage", "startIndex"), int),
    **dict.fromkeys(("userName", "displayName", "externalId", "nickName", "userType"), str),
    **dict.fromkeys(("preferredLanguage", "locale", "timezone", "profileUrl"), str),
    **dict.fromkeys(("emails", "phoneNumbers", "photos", "addresses", "schemas"), list),
    **dict.fromkeys(("entitlements", "x509Certificates", "ims"), list),
    **dict.fromkeys(("givenName", "familyName", "employeeNumber", "costCenter"), None),
    **dict.fromkeys(("organization", "password", "nextCursor", "lastModified", "scimType"), None),
    **dict.fromkeys(("meta", "resourceType", "bulkId", "location"), None),
}
# Attributes that are words as well: they count where a text begins with one or marks it as code.
_WORDS_TOO = (
    *("name", "title", "id", "roles", "groups", "members", "manager", "department", "division"),
    *("version", "created", "detail"),
)
_NAMES = {name.lower(): name for name in (*JSON_TYPES, *_WORDS_TOO)}
ALWAYS_THERE = ("active", "userName", "id", "meta", "schemas")
_OF_PEOPLE = ("active", "userName", "password", "emails", "name", "title", "roles", "manager")
_TYPES = (
    *("invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax", "invalidPath"),
    *("noTarget", "invalidValue", "invalidVers", "sensitive"),
)
_NOTHING = re.compile(
    r"^(null|none|nothing|nobody|no |0\b|\[\]|\{\}|\"\")|\b(None|null|missing|without|absent)\b"
)


def known(name: str) -> str:
    """Return the name of an attribute as SCIM writes it; nothing for one that it does not have."""
    return _NAMES.get(name.lower(), "")


def attribute_of(result: Result, kind: str = "") -> str:
    """Return the attribute that a finding is about, as far as its texts name one.

    What came of a request of the RFC's names whatever there is; an IdP names what it looks at.
    Of a group it is none that people alone have.
    """
    texts = (result.expected, result.actual, result.title)
    for text in texts if result.idp else texts[:1]:
        named = [name for name in _named(text or "") if kind != "group" or name not in _OF_PEOPLE]
        if named:
            return "+".join(named[:3])
    return ""


def is_nothing(result: Result) -> bool:
    """Tell whether nothing came where something has to be."""
    return bool(_NOTHING.search((result.actual or "")[:300]))


def _named(text: str) -> list[str]:
    found = set()
    for mark, word in _NAMED.findall(text[:400].replace("e-mail", "emails")):
        name = _NAMES.get(word.lower())
        if name and (name not in _WORDS_TOO or mark or text.startswith(word)):
            found.add(name)
    return sorted(found)


def complaint_of(shown: Exchange) -> str:
    """Return what a server says is wrong, as far as SCIM has a name for it."""
    body = view.part(shown, "response").get("body")
    kind = body.get("scimType") if isinstance(body, dict) else None
    return " ".join((*([kind] if isinstance(kind, str) and kind in _TYPES else []), *blamed(shown)))


def blamed(shown: Exchange) -> list[str]:
    """Return the attributes that an error message names."""
    body = view.part(shown, "response").get("body")
    return (
        [] if done(shown) or not isinstance(body, dict) else _named(_unquoted(body.get("detail")))
    )


def _unquoted(detail: Json) -> str:
    """Return a message without what it quotes, which is what a request of this run said."""
    text = detail[:1000] if isinstance(detail, str) else ""
    return re.sub(r"'[^']*'|\"[^\"]*\"|`[^`]*`", " ", text)
