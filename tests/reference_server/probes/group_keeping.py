"""Probes of `deviations/group_keeping.py` and `member_removals.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import GROUP
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving
from tests.reference_server.deviation_talk import listed
from tests.reference_server.deviation_talk import members
from tests.reference_server.deviation_talk import removing


def _listing(t: Talk, *names: str) -> Json:
    """Return the removal of people by a list of values."""
    return {"op": "remove", "path": "members", "value": members(*(t.ids[each] for each in names))}


def _external_ids(t: Talk) -> tuple[object, object]:
    """Return the externalId of a new group, and the one that a PATCH gives it after that."""
    t.ids["Staff"] = t.create_group(externalId="one").json["id"]
    before = t.group().get("externalId")
    t.patch_group(giving("externalId", "two"))
    return before, t.group().get("externalId")


def _again(t: Talk) -> int:
    """Return how the creation of a group is answered whose name a deleted one had."""
    t.crew().delete_group()
    return t.create_group().status


def _emptied(t: Talk) -> tuple[int, int]:
    """Return how a removal of the last member is answered, and a read of the group then."""
    t.crew("anna")
    status = t.patch_group(removing(t.ids["anna"])).status
    return status, t.status("GET", f"/Groups/{t.ids['Staff']}")


def _renamed(t: Talk) -> list[str]:
    t.crew("anna").patch_group(giving("displayName", "Crew"))
    return t.inside()


def _of_anna(t: Talk) -> tuple[int, str | None, int]:
    """Return how a filter by a member is answered, and how many a filter by the name finds."""
    t.crew("anna")
    asked = f"filter=members.value%20eq%20%22{t.ids['anna']}%22"
    reply = t.send("GET", "/Groups", query=asked)
    return *reply.refusal, len(listed(t.search_group("Staff").json))


def _foreign(t: Talk) -> tuple[int, int]:
    """Return how groups are answered with a foreign schema and without one."""
    foreign = t.create_group("Crew", schemas=[GROUP, "urn:example:Crew"])
    return foreign.status, t.create_group().status


def _two(t: Talk) -> list[str]:
    t.crew("anna", "ben", "carl")
    return t.inside_after(_listing(t, "anna", "ben"))


def _one(t: Talk) -> tuple[int, list[str], list[str]]:
    """Return how a removal by a list is answered, who is left, and who after one by a path."""
    t.crew("anna", "ben")
    status = t.patch_group(_listing(t, "anna")).status
    return status, t.inside(), t.inside_after(removing(t.ids["ben"]))


PROBES: dict[str, tuple[Look, object, object]] = {
    "group-external-id-lost": (_external_ids, ("one", "two"), (None, None)),
    "group-deleted-name-taken": (_again, 201, 409),
    "group-schemas-foreign-refused": (_foreign, (201, 201), (400, 201)),
    "group-patch-drops-members": (_renamed, ["anna"], []),
    "group-filter-by-member-refused": (_of_anna, (200, None, 1), (400, "invalidFilter", 1)),
    "members-remove-value-refused": (_one, (204, ["ben"], []), (400, ["anna", "ben"], ["anna"])),
    "members-remove-value-first-only": (_two, ["carl"], ["ben", "carl"]),
    "group-vanishes-when-empty": (_emptied, (204, 200), (204, 404)),
}
