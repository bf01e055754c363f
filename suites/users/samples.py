"""Values for users: of every format that RFC 7643 section 4.1 names, unusual and wrong ones."""

from __future__ import annotations

import base64

from idp_profiles.model import Json
from suites.attributes.creating import CERTIFICATE
from suites.making.lab import Lab
from suites.users.wishes import Changes

Values = dict[str, Changes]

MAILS = ("work", "home", "other")
PHONES = ("work", "home", "mobile", "fax", "pager", "other")
LINES = "100 Universal City Plaza\nHollywood, CA 91608 US"
STREET = "100 Universal City Plaza\nBuilding 7"
NO_BASE64 = "this is no base64 text!"
# Each text is one that servers are known to lose letters of.
TEXTS = {
    "plus": "A+B %2B & C=D #1 /?",
    "quotes": "Dot \"D\" 'O' `x` \\ \\n <b>&amp;</b>",
    "unicode": "Zoë Łukasz 李小龙 Ольга Ñandú",
    "emoji": "🦉 owl 👩‍👩‍👧 é",
    "right to left": "مريم דוד ‏(العمل)",
    "inner blanks": "Anna  Maria von  X",
    "long": ("Thousand letters " * 60)[:999] + "!",
}
# Where the texts are put: the first in the first place, and so on; then each one place further.
PLACES = (
    "displayName",
    "title",
    "nickName",
    "name.familyName",
    "name.givenName",
    "name.middleName",
    "userType",
)


def of_profile(lab: Lab) -> Values:
    """Return values for what is single, each in the format of its paragraph."""
    word, domain = lab.people.unique("handle"), lab.people.domain
    return {
        "title": {"title": "Vice President"},
        "user type": {"userType": "Scimproof Guest"},
        "languages": {"preferredLanguage": "fr-CA,fr;q=0.8,en;q=0.5"},
        "locale": {"locale": "es-419"},
        "time zone": {"timezone": "America/Los_Angeles"},
        "profile": {"profileUrl": f"https://{domain}/people/{word}?tab=1&lang=en#top"},
        "handle": {"displayName": word},
    }


def of_contacts(lab: Lab) -> Values:
    """Return values for emails, phone numbers, chats, photos and addresses, in all their types."""
    word, domain = lab.people.unique("contact"), lab.people.domain
    mails = (f"{word}+tag@{domain}", f"o'hara.{word}@{domain}", f"Third.{word}@{domain.upper()}")
    numbers = ("tel:+1-201-555-0123", "tel:+1-201-555-0124", "+1 201 555 0125", "201-555-0126")
    picture = f"https://{domain}/people/{word}/photo.jpg"
    return {
        "emails": {"emails": _typed(mails, MAILS)},
        "phones": {"phoneNumbers": _typed((*numbers, "2015550127", "201.555.0128"), PHONES)},
        "chats": {"ims": _typed((f"{word} Chat@Example.com", f"{word}.x"), ("xmpp", "other"))},
        "photos": {"photos": _typed((picture, f"{picture}?size=small"), ("photo", "thumbnail"))},
        "addresses": {"addresses": _addresses()},
    }


def of_rights() -> Values:
    """Return values for entitlements, roles and certificates."""
    return {
        "entitlements": {"entitlements": [{"value": "scimproof:disk=10GB"}]},
        "roles": {"roles": [{"value": "scimproof Student"}]},
        "certificate": {"x509Certificates": [{"value": CERTIFICATE}]},
    }


def of_other_rights() -> Values:
    """Return other values for entitlements and roles."""
    return {
        "entitlements": {"entitlements": [{"value": "scimproof:disk=20GB"}]},
        "roles": {"roles": [{"value": "scimproof Faculty"}]},
    }


def of_other_types(lab: Lab) -> Values:
    """Return values whose types no list names, and what may be written otherwise."""
    word, domain = lab.people.unique("school"), lab.people.domain
    return {
        "emails": {"emails": _typed((f"{word}@{domain}",), ("school",))},
        "phones": {"phoneNumbers": _typed(("tel:+1-201-555-0199",), ("satellite",))},
        "chats": {"ims": _typed((f"{word}.chat",), ("matrix",))},
        "underscore": {"locale": "en_US"},
        "nameless": {"displayName": None},
        "external": {"externalId": lab.people.unique("X")},
    }


def of_wrong() -> Values:
    """Return values that the paragraphs rule out."""
    twice = base64.b64encode(base64.b64decode(CERTIFICATE) * 2).decode()
    return {
        "blank in locale": {"locale": "en US"},
        "blank in profile": {"profileUrl": "http://scimproof example/a b"},
        "no base64": {"x509Certificates": [{"value": NO_BASE64}]},
        "two certificates": {"x509Certificates": [{"value": twice}]},
    }


def of_texts(shift: int) -> Values:
    """Return every text in a place of its own; each value of `shift` has them elsewhere."""
    names = [*TEXTS]
    turned = names[shift:] + names[:shift]
    return {text: _at(place, TEXTS[text]) for place, text in zip(PLACES, turned, strict=True)}


def _at(place: str, text: str) -> dict[str, Json]:
    outer, _, inner = place.partition(".")
    return {outer: {inner: text}} if inner else {outer: text}


def _typed(values: tuple[str, ...], types: tuple[str, ...]) -> list[Json]:
    pairs = zip(values, types, strict=True)
    return [{"value": value, "type": kind} for value, kind in pairs]


def _addresses() -> list[Json]:
    whole = {"locality": "Hollywood", "region": "CA", "postalCode": "91608", "country": "US"}
    return [
        {"type": "work", "formatted": LINES, "streetAddress": STREET, **whole},
        {"type": "home", "locality": "Gränna"},
        {"type": "other", "streetAddress": "1 Main Street", "country": "SE"},
    ]
