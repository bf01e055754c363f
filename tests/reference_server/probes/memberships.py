"""Probes of `deviations/user_groups.py`, `managers.py` and `group_names.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import GROUP
from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import adding
from tests.reference_server.deviation_talk import overlay
from tests.reference_server.deviation_talk import removing

NAMELESS: Json = {"displayName": ...}


def _groups(t: Talk) -> list[str]:
    """Return the names of the groups that Anna shows."""
    return [each["display"] for each in t.get("anna").get("groups", [])]


def _left(t: Talk) -> list[str]:
    """Return the groups that Anna shows after she was seen in one and left it."""
    t.crew("anna").get("anna")
    t.patch_group(removing(t.anna))
    return _groups(t)


def _back(t: Talk) -> list[str]:
    """Return the groups that Anna shows when she is back in one that she was seen to leave."""
    _left(t)
    t.patch_group(adding(t.anna))
    return _groups(t)


def _entry(t: Talk, part: str) -> str:
    """Return a part of the first group that Anna shows."""
    shown: str = t.crew("anna").get("anna")["groups"][0][part]
    return shown


def _nested(t: Talk) -> Json:
    """Make a group with Anna in it and one around it, and return the latter."""
    made = t.crew("anna").create_group("Outer", t.ids["Staff"])
    t.ids["Outer"] = made.json["id"]
    shown: Json = made.json
    return shown


def _kinds(t: Talk) -> list[str]:
    _nested(t)
    return sorted(each["type"] for each in t.get("anna")["groups"])


def _work(t: Talk, **over: object) -> Json:
    """Return what a new Ben, whose manager is Anna, shows of the enterprise extension."""
    boss = {"value": t.anna, **over}
    made = t.create("ben", **{ENTERPRISE: {"costCenter": "4130", "manager": boss}})
    shown: Json = made.json.get(ENTERPRISE, {"status": made.status})
    return shown


def _boss(part: str, **over: object) -> Look:
    return lambda t: (_work(t, **over).get("manager") or {}).get(part)


def _end(part: str) -> Look:
    """Tell whether a part of Ben's manager ends in Anna's id."""
    return lambda t: str(_boss(part)(t)).endswith(t.anna)


def _unnamed(t: Talk) -> tuple[int, str | None]:
    """Return how a new group without a name is answered, and which name it gets."""
    reply = t.create_group(**NAMELESS)
    return reply.status, reply.json.get("displayName")


def _deleted(t: Talk) -> list[str]:
    """Return the members of a group after it was seen and one of them was deleted."""
    t.crew("anna", "ben").inside()
    t.deleted("ben")
    return t.inside()


def _without_name(t: Talk) -> bool:
    t.crew().send("PUT", f"/Groups/{t.ids['Staff']}", overlay(t.group(), NAMELESS))
    return "displayName" in t.group()


PROBES: dict[str, tuple[Look, object, object]] = {
    "user-groups-stay": (_left, [], ["Staff"]),
    "user-groups-shown-once": (_back, ["Staff"], []),
    "user-groups-of-own-types": (lambda t: _entry(t, "type"), "direct", "MEMBER"),
    "user-groups-all-direct": (_kinds, ["direct", "indirect"], ["direct", "direct"]),
    "user-groups-by-name": (lambda t: _entry(t, "value") == t.ids["Staff"], True, False),
    "user-groups-refs-broken": (lambda t: "/Groups/" in _entry(t, "$ref"), True, False),
    "enterprise-texts-as-numbers": (lambda t: _work(t)["costCenter"], "4130", 4130),
    "manager-as-text": (lambda t: isinstance(_work(t)["manager"], dict), True, False),
    "manager-without-value": (_end("value"), True, False),
    "manager-without-ref": (_end("$ref"), True, False),
    "manager-ref-broken": (_end("$ref"), True, False),
    "manager-needs-display-name": (lambda t: _work(t).get("status", 201), 201, 400),
    "manager-name-of-the-client": (
        _boss("displayName", displayName="Somebody"),
        "Anna Example",
        "Somebody",
    ),
    "users-of-own-schema": (lambda t: USER in t.create("anna").json["schemas"], True, False),
    "groups-of-own-schema": (lambda t: GROUP in t.create_group().json["schemas"], True, False),
    "schemas-without-users": (lambda t: USER in [each["id"] for each in t.schemas()], True, False),
    "group-name-missing-500": (lambda t: _unnamed(t)[0], 400, 500),
    "group-name-made-up": (_unnamed, (400, None), (201, "New group")),
    "group-put-loses-name": (_without_name, True, False),
    "groups-without-name": (lambda t: "displayName" in t.crew().group(), True, False),
    "members-by-name": (lambda t: t.crew("anna").inside(), ["anna"], ["Anna Example"]),
    "nested-groups-as-users": (lambda t: _nested(t)["members"][0]["type"], "Group", "User"),
    "members-all-groups": (lambda t: t.crew("anna").group()["members"][0]["type"], "User", "Group"),
    "member-without-value-kept": (
        lambda t: t.create_group("Staff", members=[{"display": "Nobody"}]).status,
        400,
        201,
    ),
    "deleted-members-stay": (_deleted, ["anna"], ["anna", "ben"]),
}
