"""Probes of `deviations/afterlives.py` and `half_refused.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import OFF
from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import person

BOTH = [{"value": f"{name}@example.com", "primary": True} for name in ("one", "two")]


def _revived(t: Talk) -> tuple[int, int]:
    """Return how a PUT on a deleted user is answered, and the read after it."""
    where = f"/Users/{t.anna}"
    t.status("DELETE", where)
    return t.send("PUT", where, person("anna")).status, t.status("GET", where)


def _inherited(t: Talk) -> bool:
    """Tell whether a new user has the title of a deleted one of that name."""
    t.people(1).deleted()
    t.ids["anna"] = t.create("anna", title=...).json["id"]
    return "title" in t.get()


def _left(t: Talk) -> object:
    """Return what a user has of the extension whose manager was deleted."""
    boss = t.make("ben")
    t.make("anna", **{ENTERPRISE: {"department": "Research", "manager": {"value": boss}}})
    t.deleted("ben")
    return t.get().get(ENTERPRISE, {}).get("department")


def _half(t: Talk) -> tuple[int, object]:
    """Return how a PUT to a taken name is answered, and the title after it."""
    status = t.people(2).put(userName="ben@example.com", title="Boss").status
    return status, t.get()["title"]


def _kept(t: Talk) -> tuple[int, list[str]]:
    """Return how a wrong new user is answered, and who is there after it."""
    body = {"schemas": [USER], "userName": "anna@example.com", "emails": "text"}
    return t.send("POST", "/Users", body).status, t.names()


def _capitals(t: Talk) -> object:
    """Return the name of a user who was given another's in capitals."""
    t.people(2).put(userName="BEN@example.com")
    return t.get()["userName"]


def _primaries(t: Talk) -> int:
    """Return how many addresses are primary after a PUT with two."""
    t.people(1).put(emails=BOTH)
    return sum(each.get("primary") is True for each in t.get()["emails"])


PROBES: dict[str, tuple[Look, object, object]] = {
    "put-revives-deleted": (_revived, (404, 404), (200, 200)),
    "recreated-with-former-profile": (_inherited, False, True),
    "manager-deletion-drops-extension": (_left, "Research", None),
    "deactivation-loses-external-id": (
        lambda t: "externalId" in t.after_patch(OFF),
        True,
        False,
    ),
    "put-conflict-half-done": (_half, (409, "Engineer"), (409, "Boss")),
    "create-refused-and-kept": (_kept, (400, []), (400, ["anna"])),
    "update-takes-name-in-capitals": (_capitals, "anna@example.com", "BEN@example.com"),
    "update-keeps-two-primaries": (lambda t: _primaries(t) > 1, False, True),
}
