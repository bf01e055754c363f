"""Probes of the deviations of users: texts, formats, contacts and secrets."""

from __future__ import annotations

from tests.reference_server.deviation_talk import WORD
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import listed
from tests.reference_server.deviation_talk import replacing

HOUSE = {"type": "work", "formatted": "1 Elm\nGränna", "country": "SE"}
TWO_PHOTOS = [{"value": "https://example.com/a.png", "type": each} for each in ("photo", "thumb")]
CERTIFICATE = "MAA="


def _shown(name: str, value: object, part: str = "") -> Look:
    """Return how a new Anna shows a value that she was given."""

    def look(t: Talk) -> object:
        shown = t.create("anna", **{name: value}).json[name]
        return shown[0].get(part) if part else shown

    return look


def _status(name: str, value: object) -> Look:
    """Return with what status a new Anna with a value is answered."""
    return lambda t: t.create("anna", **{name: value}).status


def _put_after(t: Talk, **changes: object) -> tuple[int, Json]:
    """Return the status of a PUT on Anna, and Anna after it."""
    t.make("anna")
    return t.put(**changes).status, t.get()


def _twins(t: Talk) -> list[str]:
    t.make("anna")
    t.create("ANNA", userName="ANNA@example.com")
    return sorted(each["userName"] for each in t.users())


def _taken(t: Talk, way: str) -> tuple[int, str]:
    """Return the status of giving Ben the name of Anna, and Ben's name after it."""
    name = t.people(2).get("anna")["userName"]
    write = t.put("ben", userName=name) if way == "PUT" else None
    reply = write or t.patch(replacing(userName=name), name="ben")
    return reply.status // 100, t.get("ben")["userName"]


def _secret(t: Talk, view: str) -> bool:
    """Tell whether a view of Anna, who has a password, shows one."""
    reply = t.create("anna", password=WORD)
    t.ids["anna"] = reply.json["id"]
    if view == "write":
        return "password" in reply.json
    if view == "list":
        return "password" in listed(t.page())[0]
    return "password" in (t.viewed("attributes=password") if view == "asked" else t.get())


def _found(t: Talk) -> int:
    t.make("anna", password=WORD)
    reply = t.filtered('userName eq "anna@example.com" and password eq "wrong"')
    return len(listed(reply.json)) if reply.status == 200 else reply.status


PROBES: dict[str, tuple[Look, object, object]] = {
    "texts-with-plus-as-blank": (_shown("title", "a+b"), "a+b", "a b"),
    "texts-without-backslashes": (_shown("title", "a\\b"), "a\\b", "ab"),
    "texts-in-ascii": (_shown("title", "Zoë"), "Zoë", "Zo?"),
    "texts-without-emoji": (_shown("title", "a🦉b"), "a🦉b", "ab"),
    "texts-without-marks": (_shown("title", "a‏b"), "a‏b", "ab"),
    "texts-with-single-blanks": (_shown("title", "a  b"), "a  b", "a b"),
    "texts-cut-at-255": (_shown("title", "x" * 300), "x" * 300, "x" * 255),
    "titles-cut-at-ten": (_shown("title", "Vice President"), "Vice President", "Vice Presi"),
    "locales-with-underscore": (_shown("locale", "en-US"), "en-US", "en_US"),
    "languages-first-only": (_shown("preferredLanguage", "fr,en;q=0.5"), "fr,en;q=0.5", "fr"),
    "time-zones-as-offsets": (_shown("timezone", "Europe/Paris"), "Europe/Paris", "-08:00"),
    "profile-urls-without-scheme": (
        _shown("profileUrl", "https://a.example/b"),
        "https://a.example/b",
        "a.example/b",
    ),
    "create-takes-empty-user-name": (
        lambda t: t.create("anna", userName="").json.get("userName"),
        None,
        "",
    ),
    "put-loses-user-name": (
        lambda t: "userName" in _put_after(t, userName=...)[1],
        True,
        False,
    ),
    "duplicates-by-case-allowed": (
        _twins,
        ["anna@example.com"],
        ["ANNA@example.com", "anna@example.com"],
    ),
    "update-takes-taken-name": (
        lambda t: (_taken(t, "PUT"), t.patch(replacing(title="x"), name="ben").status),
        ((4, "ben@example.com"), 200),
        ((2, "anna@example.com"), 200),
    ),
    "update-to-taken-name-ignored": (
        lambda t: _taken(t, "PATCH"),
        (4, "ben@example.com"),
        (2, "ben@example.com"),
    ),
    "names-in-own-part": (
        lambda t: sorted(t.create("anna").json["name"]),
        ["familyName", "givenName"],
        ["fullName"],
    ),
    "names-swapped": (
        lambda t: t.create("anna").json["name"]["familyName"],
        "Example",
        "Anna",
    ),
    "display-names-from-names": (_shown("displayName", "handle"), "handle", "Anna Example"),
    "wrong-values-kept": (
        lambda t: (_put_after(t, locale="en US")[0], t.get()["locale"]),
        (400, "en-US"),
        (200, "en US"),
    ),
    "user-types-on-list-only": (_status("userType", "Guest"), 201, 400),
    "locale-underscore-500": (_status("locale", "en_US"), 201, 500),
    "time-zones-refused": (_status("timezone", "Europe/Paris"), 201, 400),
    "emails-without-apostrophes": (
        _shown("emails", [{"value": "o'hara@example.com"}], "value"),
        "o'hara@example.com",
        "ohara@example.com",
    ),
    "emails-made-small-and-bare": (
        _shown("emails", [{"value": "A.b@EXAMPLE.com"}], "value"),
        "A.b@EXAMPLE.com",
        "ab@example.com",
    ),
    "displays-repeat-types": (
        _shown("emails", [{"value": "a@example.com", "type": "work"}], "display"),
        None,
        "work address",
    ),
    "phone-uris-refused": (_status("phoneNumbers", [{"value": "tel:+1-201"}]), 201, 400),
    "phone-numbers-masked": (
        _shown("phoneNumbers", [{"value": "555-0100"}], "value"),
        "555-0100",
        "***-0100",
    ),
    "types-lost": (_shown("addresses", [HOUSE], "type"), "work", None),
    "types-off-list-500": (_status("ims", [{"value": "x", "type": "matrix"}]), 201, 500),
    "chats-cut-at-blanks": (_shown("ims", [{"value": "a b"}], "value"), "a b", "a"),
    "chat-type-other-refused": (_status("ims", [{"value": "x", "type": "other"}]), 201, 400),
    "photos-without-scheme": (
        _shown("photos", [{"value": "https://example.com/a.png"}], "value"),
        "https://example.com/a.png",
        "/a.png",
    ),
    "second-photo-refused": (_status("photos", TWO_PHOTOS), 201, 400),
    "short-addresses-refused": (_status("addresses", [{"locality": "Gränna"}]), 201, 400),
    "line-breaks-lost": (
        _shown("addresses", [HOUSE], "formatted"),
        "1 Elm\nGränna",
        "1 Elm Gränna",
    ),
    "countries-by-name": (_shown("addresses", [HOUSE], "country"), "SE", "Sweden"),
    "entitlements-refused": (_status("entitlements", [{"value": "disk"}]), 201, 400),
    "certificates-in-pem": (
        lambda t: str(_shown("x509Certificates", [{"value": CERTIFICATE}], "value")(t))[:10],
        CERTIFICATE,
        "-----BEGIN",
    ),
    "password-shown-hashed": (lambda t: _secret(t, "read"), False, True),
    "password-in-replies-to-writes": (lambda t: _secret(t, "write"), False, True),
    "password-in-lists": (lambda t: _secret(t, "list"), False, True),
    "password-shown-to-who-asks": (lambda t: _secret(t, "asked"), False, True),
    "filter-password-ignored": (_found, 400, 1),
}
