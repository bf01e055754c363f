"""What the cases about groups share: acts made once, a crowd, and who is in a group."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from idp_profiles.model import Outcome
from suites.client import ScimClient
from suites.client import Seen
from suites.conftest import Bench
from suites.expect import expect
from suites.expect import value_at
from suites.idp.accounts import Account
from suites.idp.accounts import Team
from suites.making.people import Registry
from suites.replay import Replay
from suites.values import values_at
from suites.verdicts import Blocked

from .conftest import formed
from .conftest import hire
from .conftest import team_of

T = TypeVar("T")

CROWD = 6  # people: enough for a batch of five and one that is not full
PARTS = "attributes=members,displayName,externalId"

# Who judges the PATCH that links a group which is there already: `push_group` itself creates one.
_LINKING = {"default": "ENTRA-GROUP-9", "flag": "ENTRA-GROUP-10"}
# The verb of which the requests before the PATCH are all there is.
_BEFORE = {
    "push_group": "adopt_group",
    "rename_group": "read_group",
    "add_members": "read_group",
    "remove_members": "read_group",
    "provision_group_on_demand": "push_group",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One act of Entra on a group, and the group after it; None when Entra had stopped."""

    team: Team
    outcome: Outcome
    after: Seen | None


def tried(look: ScimClient, team: Team, outcome: Outcome) -> Tried:
    """Return what came of an act, with the group as it is after it."""
    return Tried(team, outcome, read(look, team.id) if outcome.ok else None)


def once(
    entra: Replay, bench: Bench, key: str, make: Callable[[Replay, ScimClient], T], *, each: bool
) -> T:
    """Return what `make` returns, made once for all cases; `each` dialect has its own."""

    def run() -> T:
        journal = bench.shared.journal
        return make(entra.on(journal), bench.client(journal))

    suffix = f"-{entra.setup.dialect}" if each else ""
    return bench.shared.once(f"entra-group-{key}{suffix}", bench.log, run)


def met(outcome: Outcome) -> None:
    """Make sure that Entra met a group that was there; raises Blocked when it made another one."""
    if any(exchange.request.method == "POST" for exchange in outcome.exchanges):
        raise Blocked("the look-up did not find the group that was there", by="ENTRA-GROUP-6")


def judged(entra: Replay, outcome: Outcome, verb: str) -> None:
    """Judge the PATCH of an act on a group; raises Mismatch.

    What stopped Entra before the PATCH is judged elsewhere: raises Blocked, naming that judge.
    """
    __tracebackhide__ = True
    if not _came_to_patch(outcome):
        entra.worked(outcome, _BEFORE[verb])
    entra.judged(outcome)


def done(entra: Replay, outcome: Outcome, verb: str, *, by: str | None = None) -> None:
    """Take an outcome whose effect is judged; raises Blocked, naming the judge of the dialect.

    `by` names the judge of an act that is not the plain one of its verb.
    """
    if not _came_to_patch(outcome):
        entra.worked(outcome, _BEFORE[verb])
    try:
        entra.worked(outcome, verb)
    except Blocked as blocked:
        linking = _LINKING[entra.setup.dialect] if verb == "push_group" else None
        blocked.by = blocked.by and (by or linking or blocked.by)
        raise


def _came_to_patch(outcome: Outcome) -> bool:
    return any(exchange.request.method == "PATCH" for exchange in outcome.exchanges)


def crowd_of(
    entra: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]
) -> tuple[Account, ...]:
    """Return six people with accounts, whom Entra knows; shared, neither changed nor removed."""

    def make(maker: Replay, client: ScimClient) -> tuple[Account, ...]:
        return tuple(hire(maker, client, person) for person in people.people(CROWD - len(crew)))

    crowd = (*crew, *once(entra, bench, "crowd", make, each=False))
    acquaint(entra, crowd)
    return crowd


def gathered(entra: Replay, look: ScimClient, people: Registry, *staff: Account) -> Team:
    """Create a group with these people in it, and let Entra know it; raises Blocked.

    Directly where the server takes members with the group, which Entra itself never sends; else
    Entra adds them.
    """
    team = strange(entra, look, people, *staff)
    entra.idp.link_group(team.group, team.id)
    return team


def strange(entra: Replay, look: ScimClient, people: Registry, *staff: Account) -> Team:
    """Create a group with these people in it, of which Entra does not know; raises Blocked."""
    group = team_of(people, *(each.person for each in staff))
    reply = look.create_group(group.name, tuple(each.id for each in staff))
    given = value_at(reply.object(), "id") if reply.status in (200, 201) else None
    group_id = given if isinstance(given, str) else formed(look, group.name)
    team = Team(group, group_id, staff)
    if not _are_in(reply, team) and not _are_in(read(look, group_id), team):
        _fill(entra.again(switches={"members_per_patch": "20"}), look, team)
    return team


def _fill(entra: Replay, look: ScimClient, team: Team) -> None:
    acquaint(entra, team.staff, team)
    people = [each.person for each in team.staff]
    done(entra, entra.mock.add_members(team.group, people), "add_members")
    seen = read(look, team.id)
    if not _are_in(seen, team):
        raise Blocked("added members are not shown", by="ENTRA-MEMBER-4", entry=seen.entry)


def _are_in(seen: Seen, team: Team) -> bool:
    listed = values_at(seen.object(), "members.value")
    return set(team.member_ids) <= {str(each) for each in listed}


def acquaint(entra: Replay, accounts: Sequence[Account], team: Team | None = None) -> None:
    """Let a mock Entra know the accounts of people, and a group."""
    for account in accounts:
        entra.idp.link(account.person, account.id)
    if team is not None:
        entra.idp.link_group(team.group, team.id)


def read(look: ScimClient, group_id: str) -> Seen:
    """Read a group; one that shows no members is asked for them by name.

    A server that shows members on request only is no worse for Entra, which never reads them.
    """
    seen = look.group(group_id)
    if seen.status == 200 and not value_at(seen.object(), "members"):
        again = look.send("GET", f"/Groups/{quote(group_id, safe='')}?{PARTS}")
        if again.status == 200 and value_at(again.object(), "members"):
            return again
    return seen


def holds(seen: Seen | None, *staff: Account) -> None:
    """Expect exactly these people in a group."""
    __tracebackhide__ = True
    if seen is None:
        raise Blocked("the group was not read, because Entra had stopped")
    expect(seen).status(200).members([each.id for each in staff])
