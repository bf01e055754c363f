"""Probes of `deviations/own_account.py`."""

from __future__ import annotations

from reference_server import Credential
from tests.reference_server.deviation_talk import BARE
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Reply
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import last
from tests.reference_server.deviation_talk import operating
from tests.reference_server.deviation_talk import replacing


def _me(t: Talk) -> Reply:
    """Ask for the user of a credential that stands for Anna."""
    t.credential = Credential(kind="bearer", secret=BARE, account="anna@example.com")
    return t.people(1).send("GET", "/Me")


def _retitled(t: Talk) -> object:
    """Return Anna's title after a PATCH of /Me."""
    _me(t)
    t.send("PATCH", "/Me", operating(replacing(title="Boss")))
    return t.get().get("title")


def _replaced(t: Talk) -> object:
    """Return Anna's title after a PUT of /Me."""
    t.send("PUT", "/Me", {**_me(t).json, "title": "Boss"})
    return t.get().get("title")


def _deleted(t: Talk) -> tuple[int, int]:
    """Return the status of a DELETE of /Me, and that of a read after it."""
    _me(t)
    return t.send("DELETE", "/Me").status, t.status("GET", f"/Users/{t.anna}")


def _told(t: Talk) -> bool:
    """Tell whether a PATCH of /Me says where the user is."""
    _me(t)
    reply = t.send("PATCH", "/Me", operating(replacing(title="Boss")))
    return reply.response.header("Location") is not None


def _leads_to(t: Talk) -> str:
    place = _me(t).response.header("Location") or ""
    return place.rpartition("/")[2].replace(t.anna, "anna")


PROBES: dict[str, tuple[Look, object, object]] = {
    "me-404": (lambda t: _me(t).status, 200, 404),
    "me-as-list": (lambda t: "Resources" in _me(t).json, False, True),
    "me-redirects-astray": (_leads_to, "anna", "anna-moved"),
    "me-without-location": (_leads_to, "anna", ""),
    "me-location-is-alias": (_leads_to, "anna", "Me"),
    "me-put-ignored": (_replaced, "Boss", "Engineer"),
    "me-delete-ignored": (_deleted, (204, 404), (204, 200)),
    "me-post-500": (lambda t: last(_me(t), t.send("POST", "/Me", {}).status), 409, 500),
    "me-writes-without-location": (_told, True, False),
    "me-patch-ignored": (_retitled, "Boss", "Engineer"),
}
