"""RFC 9865 section 5: cursors that somebody forges, and those of somebody else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.making.world import World
from suites.querying.cursors import INVENTED
from suites.querying.cursors import SIZE
from suites.querying.cursors import Replies
from suites.querying.cursors import cursor_of
from suites.querying.cursors import misuse
from suites.reach.connection import authorization
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.values import value_at
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

TENANTS = ("cursor", "filter", "tenants")


@dataclass(frozen=True, slots=True)
class Foreign:
    """What another tenant is answered to a cursor of ours, and to one that nobody has."""

    cursor: str
    ours: Seen
    nobodys: Seen

    def told(self, reply: Seen) -> tuple[object, ...]:
        """Return what a reply says, without the cursor that it may repeat."""
        body = reply.object()
        detail = str(value_at(body, "detail")).replace(self.cursor, "").replace(INVENTED, "")
        return reply.status, value_at(body, "scimType"), detail


@pytest.fixture
def foreign(alone: str, experiment: Experiment) -> Foreign:
    """The second tenant asks for the page behind our first one."""

    def run(lab: Lab) -> Foreign:
        other = lab.target.other_tenant
        if other is None:
            raise NotOffered("the target has no second tenant")
        headers = {"Authorization": authorization(other.credential)}
        first = lab.scim.get("/Users", headers=None, filter=alone, count=SIZE, cursor="")
        cursor = cursor_of(first)
        if cursor is None:
            raise Blocked("no cursor is handed out", by="RFC9865-2-8", entry=first.entry)

        def ask(text: str) -> Seen:
            place = f"{other.url}/Users"
            return lab.scim.get(place, headers=headers, filter=alone, count=SIZE, cursor=text)

        return Foreign(cursor, ask(cursor), ask(INVENTED))

    return experiment(run, key="a cursor of another tenant")


@requirement("RFC9865-5-1", needs=TENANTS, proof=("cursor-of-another-tenant",))
def test_a_cursor_opens_no_list_of_another_tenant(foreign: Foreign, world: World) -> None:
    """A cursor of one tenant shows another tenant nobody of the first."""
    text = foreign.ours.content.decode(errors="replace")
    expect(foreign.ours).holds(
        lambda: not any(each.id in text for each in world.users),
        "nobody of the other tenant",
        lambda: f"users of the other tenant with status {foreign.ours.status}",
    )


@requirement("RFC9865-5-5", needs=TENANTS, proof=("cursor-of-another-tenant-told",))
def test_a_cursor_of_another_tenant_is_like_an_invented_one(foreign: Foreign) -> None:
    """A cursor of another tenant is refused in the words in which an invented one is."""
    wanted = foreign.told(foreign.nobodys)
    expect(foreign.ours).warn_at_most().holds(
        lambda: foreign.told(foreign.ours) == wanted,
        f"{wanted}",
        lambda: f"{foreign.told(foreign.ours)}",
    )


@requirement("RFC9865-5-4", proof=("cursor-as-offset", "cursor-unknown-first-page"))
def test_an_altered_cursor_is_noticed(misused: Replies) -> None:
    """A cursor of which one character was changed gives 400 with scimType invalidCursor."""
    reply = misuse(misused, "altered")
    expect(reply).scim_error(400).scim_type("invalidCursor", "expiredCursor")
