"""Probes of what a server takes in the body of a user, and of where it looks for users."""

from __future__ import annotations

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import HTML
from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk

HOUSE = {"type": "work", "streetAddress": "1 Elm", "country": "SE"}
PHOTO = {"value": "https://example.com/a.png", "type": "photo"}


def _ids(t: Talk) -> list[str]:
    """Tell of what type an id is: in the reply, by that id, in a list, in the reply to a PUT."""
    first = t.people(2).get()["id"]
    found = [first, t.ids["ben"], t.users()[1]["id"], t.put("ben", title="Boss").json["id"]]
    return [type(each).__name__ for each in found]


def _put_refused(t: Talk, **changes: object) -> tuple[int, str | None]:
    t.make("anna")
    reply = t.put(**changes)
    return reply.status, reply.json.get("scimType")


def _kept_photos(t: Talk) -> object:
    t.make("anna", photos=[PHOTO])
    return t.after_put(title="Boss").get("photos")


def _slashes(t: Talk) -> tuple[int, str, int]:
    reply = t.send("GET", "//Users")
    return reply.status, reply.kind, t.status("GET", "/Users")


PROBES: dict[str, tuple[Look, object, object]] = {
    "create-refuses-addresses": (
        lambda t: (t.create("anna", addresses=[HOUSE]).status, t.create("ben").status),
        (201, 201),
        (400, 201),
    ),
    "doubled-slash-as-page": (_slashes, (404, "dict", 200), (200, HTML, 200)),
    "put-drops-photos": (_kept_photos, [PHOTO], None),
    "put-refuses-empty-arrays": (
        lambda t: _put_refused(t, phoneNumbers=[]),
        (200, None),
        (400, "invalidValue"),
    ),
    "put-schemas-order-matters": (
        lambda t: _put_refused(t, schemas=[ENTERPRISE, USER]),
        (200, None),
        (400, "invalidSyntax"),
    ),
    "user-ids-as-numbers": (_ids, ["str"] * 4, ["int"] * 4),
}
