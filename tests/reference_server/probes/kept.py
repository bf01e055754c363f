"""Probes of `deviations/kept_*.py`, `bulk_again.py` and `crossed_replies.py`."""

from __future__ import annotations

from functools import partial

from suites.consistency.parallel import at_once
from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import GROUP
from tests.reference_server.deviation_talk import HOME
from tests.reference_server.deviation_talk import STALE
from tests.reference_server.deviation_talk import WORK
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import adding
from tests.reference_server.deviation_talk import giving
from tests.reference_server.deviation_talk import members
from tests.reference_server.deviation_talk import operating
from tests.reference_server.deviation_talk import replacing
from tests.reference_server.deviation_talk import taking
from tests.reference_server.probes.bulk import bulk
from tests.reference_server.probes.bulk import posting

SPARE: Json = {"value": "spare@example.com", "type": "other"}


def _add(value: Json) -> Json:
    return {"op": "add", "path": "emails", "value": [value]}


def _types(t: Talk, operation: Json) -> list[str | None]:
    """Return the types of Anna's two addresses after an operation, one of them added or removed."""
    t.also("anna", emails=[WORK, HOME]).patch(operation)
    return [each.get("type") for each in t.get()["emails"]]


def _number(t: Talk, *operations: Json) -> int:
    """Return how many addresses Anna has after operations; she had one."""
    t.also("anna", emails=[WORK]).patch(*operations)
    return len(t.addresses())


def _renamed(t: Talk) -> str:
    """Return the name of a group after a PATCH that adds a member and names it."""
    t.people(1).crew()
    t.patch_group(adding(t.anna), giving("displayName", "Crew"))
    name: str = t.group()["displayName"]
    return name


def _either(t: Talk) -> list[str]:
    """Return who is left of three when a filter with two alternatives removes two."""
    t.crew("anna", "ben", "carl")
    both = " or ".join(f'value eq "{t.ids[name]}"' for name in ("anna", "ben"))
    return t.inside_after(taking(f"members[{both}]"))


def _moved(t: Talk) -> list[bool]:
    """Tell whether version and time of a group move with its members."""
    t.people(1).crew()
    before = t.group()["meta"]
    t.later().patch_group(adding(t.anna))
    return [t.group()["meta"][part] != before[part] for part in ("version", "lastModified")]


def _conditions(t: Talk) -> list[int]:
    """Return the statuses of a read and of changes under the version that a group shows."""
    where = f"/Groups/{t.ids['Staff']}"
    tag = str(t.send("GET", where).response.header("ETag"))
    change = operating(giving("displayName", "Crew"))
    return [
        t.status("GET", where, If_None_Match=tag),
        t.send("PATCH", where, change, If_Match=tag).status,
        t.send("PATCH", where, change, If_Match=STALE).status,
    ]


def _of_a_user(t: Talk, operation: Json) -> list[bool]:
    """Tell whether version and time of Anna move with a PATCH."""
    before = t.get(t.anna)["meta"]
    after = t.later().after_patch(operation)["meta"]
    return [before[part] != after[part] for part in ("version", "lastModified")]


def _told(t: Talk) -> bool:
    """Tell whether the reply to a PUT names the version that a read shows."""
    t.make("anna")
    return bool(t.put(title="Boss").json["meta"]["version"] == t.versions()[1])


def _stale(t: Talk) -> list[int]:
    """Return the statuses of changes of a user and of a group under a former version."""
    t.crew("anna")
    change = operating(giving("displayName", "Other"))
    places = (f"/Users/{t.anna}", f"/Groups/{t.ids['Staff']}")
    return [t.send("PATCH", each, change, If_Match=STALE).status for each in places]


def _listed(t: Talk) -> int:
    """Return the status of a change under one of two versions, of which the second is current."""
    t.make("anna")
    # A weak tag matches here, as in the RFC's example.
    return t.conditional("PATCH", f'"none", {t.versions()[0]}').status


def _unchanged(t: Talk) -> bool:
    """Tell whether a 304 has an ETag."""
    tag = str(t.send("GET", f"/Users/{t.anna}").response.header("ETag"))
    reply = t.send("GET", f"/Users/{t.anna}", If_None_Match=tag)
    return reply.status == 304 and reply.response.header("ETag") is not None


def _read(t: Talk) -> bool:
    """Tell whether Anna's time is the same in two reads."""
    first, second = (t.get(t.anna)["meta"]["lastModified"] for _ in range(2))
    return bool(first == second)


def _exchanged(t: Talk) -> list[str]:
    """Return who is in a group of one after a PUT with somebody else."""
    t.also("ben").crew("anna")
    return t.inside_after_put(members=members(t.ids["ben"]))


def _nested(t: Talk) -> str:
    """Return where the reference of a group in a group leads."""
    made = t.crew("anna").create_group("Outer", t.ids["Staff"])
    found: str = made.json["members"][0]["$ref"].split("/")[-2]
    return found


def _filled(t: Talk) -> int:
    """Return how many members a group has after a PUT in a job that names a new one."""
    t.crew()
    data = {"schemas": [GROUP], "displayName": "Staff", "members": members("bulkId:ben")}
    bulk(t, posting("ben"), {"method": "PUT", "path": f"/Groups/{t.ids['Staff']}", "data": data})
    return len(t.inside())


def _twice(t: Talk) -> list[str]:
    """Return what Anna is after a job with two changes of her."""
    path = f"/Users/{t.anna}"
    changes = (replacing(title="Boss"), replacing(nickName="Nan"))
    bulk(t, *({"method": "PATCH", "path": path, "data": operating(each)} for each in changes))
    return [t.get(t.anna)[name] for name in ("title", "nickName")]


def _created(t: Talk) -> int:
    """Return how many different replies two creates at once have."""
    t.page()  # so that there is one server for both
    replies = at_once(*(partial(t.create, name) for name in ("anna", "ben")))
    return len({reply.json["userName"] for reply in replies})


def _in_capitals(t: Talk) -> int:
    t.make("anna")
    path, body = f"/Users/{t.anna}", t.get()
    return t.send("PUT", path, body, Content_Type="Application/SCIM+JSON").status


DEPARTMENT = giving(f"{ENTERPRISE}:department", "Sales")

PROBES: dict[str, tuple[Look, object, object]] = {
    "patch-add-strips-others": (
        lambda t: _types(t, _add(SPARE)),
        ["work", "home", "other"],
        [None, None, "other"],
    ),
    "patch-remove-strips-others": (
        lambda t: _types(t, taking('emails[type eq "home"]')),
        ["work"],
        [None],
    ),
    "patch-adds-of-one-array-lost": (lambda t: _number(t, _add(HOME), _add(SPARE)), 3, 2),
    "patch-empty-array-ignored": (lambda t: _number(t, giving("emails", [])), 0, 1),
    "patch-null-ignored": (
        lambda t: t.after_patch(replacing(title=None)).get("title"),
        None,
        "Engineer",
    ),
    "group-patch-name-lost-with-members": (_renamed, "Crew", "Staff"),
    "member-remove-first-alternative-only": (_either, ["carl"], ["ben", "carl"]),
    "patch-external-id-ignored": (
        lambda t: t.after_patch(giving("externalId", "hr-2"))["externalId"],
        "hr-2",
        "hr-anna",
    ),
    "group-version-overlooks-members": (
        lambda t: (_moved(t), _conditions(t)),
        ([True, True], [304, 204, 412]),
        ([False, True], [304, 204, 412]),
    ),
    "group-time-overlooks-members": (_moved, [True, True], [True, False]),
    "parts-unversioned": (lambda t: _of_a_user(t, DEPARTMENT), [True, True], [False, False]),
    "change-answers-former-version": (_told, True, False),
    "if-match-ignored-for-groups": (_stale, [412, 412], [412, 204]),
    "if-match-list-refused": (_listed, 200, 412),
    "not-modified-without-etag": (_unchanged, True, False),
    "reads-move-last-modified": (_read, True, False),
    "group-put-compares-sizes": (_exchanged, ["ben"], ["anna"]),
    "nested-group-refs-to-users": (_nested, "Groups", "Users"),
    "bulk-id-in-put-dropped": (_filled, 1, 0),
    "bulk-second-patch-lost": (_twice, ["Boss", "Nan"], ["Boss", "an"]),
    "create-replies-crossed": (_created, 2, 1),
    "media-type-has-case": (_in_capitals, 200, 415),
}
