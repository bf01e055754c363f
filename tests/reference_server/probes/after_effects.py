"""Probes of `deviations/after_effects.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import OFF
from tests.reference_server.deviation_talk import ON
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving
from tests.reference_server.deviation_talk import removing
from tests.reference_server.deviation_talk import replacing


def _back(t: Talk) -> object:
    """Return how a user is called who was given another name, switched off and on again."""
    t.people(1).patch(replacing(displayName="Other"))
    for each in (OFF, ON):
        t.patch(each)
    return t.get()["displayName"]


def _again(t: Talk) -> object:
    """Return whether a user is active who is created once more after being deleted."""
    t.people(1).deleted()
    return t.create("anna").json.get("active")


def _former(t: Talk) -> int:
    """Return how a new user is answered with a name that another had before."""
    t.people(1).patch(replacing(userName="other@example.com"))
    return t.create("anna").status


def _late(t: Talk) -> tuple[list[str], int, list[str]]:
    """Return who is found after a create, how a second one is answered, and who is found then."""
    t.people(1)
    found = t.sought('userName eq "anna@example.com"')
    status = t.create("anna").status
    t.users()
    t.users()
    return found, status, t.sought('userName eq "anna@example.com"')


def _inherited(t: Talk) -> list[str]:
    """Return who is in a new group of the name that a deleted one had."""
    t.crew("anna").delete_group()
    t.ids["Staff"] = t.create_group().json["id"]
    return t.inside()


def _restored(t: Talk) -> list[str]:
    """Return who is in a group that is renamed after a member was removed."""
    t.crew("anna", "ben").patch_group(removing(t.ids["anna"]))
    t.patch_group(giving("displayName", "Crew"))
    return t.inside()


PROBES: dict[str, tuple[Look, object, object]] = {
    "reactivate-restores-first-profile": (_back, "Other", "Anna Example"),
    "recreated-inactive": (_again, True, False),
    "former-name-taken": (_former, 201, 409),
    "new-users-indexed-late": (_late, (["anna"], 409, ["anna"]), ([], 201, ["anna", "anna"])),
    "group-name-inherits-members": (_inherited, [], ["anna"]),
    "group-rename-restores-members": (_restored, ["ben"], ["ben", "anna"]),
}
