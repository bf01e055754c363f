"""What JumpCloud's cases arrange: a bound person, a test run, a bound group."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace

import pytest

from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Person
from suites.client import ENTERPRISE_URN
from suites.client import ScimClient
from suites.client import Seen
from suites.conftest import Bench
from suites.evidence import CaseLog
from suites.expect import value_at
from suites.idp.accounts import Account as Account
from suites.idp.accounts import Acted as Acted
from suites.idp.accounts import Team as Team
from suites.idp.accounts import create_group
from suites.idp.accounts import create_user
from suites.making.people import Registry
from suites.replay import Replay
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

from .outcomes import NULL_EMAILS
from .outcomes import PECULIAR_CREATE
from .outcomes import PECULIAR_PUT
from .outcomes import LeaveOut
from .outcomes import Trial as Trial
from .outcomes import blocked
from .outcomes import find_culprit
from .outcomes import id_from
from .outcomes import last_step

PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def created(look: ScimClient, person: Person, **attributes: Json) -> str:
    """Create a person directly, as another client would, and return the id; raises Blocked."""
    return create_user(look, person, by="JUMPCLOUD-CREATE-3", **attributes)


def formed(look: ScimClient, name: str, member_ids: tuple[str, ...] = ()) -> str:
    """Create a group directly, as another client would, and return the id; raises Blocked."""
    return create_group(look, name, member_ids, by="JUMPCLOUD-GROUP-2", adds="JUMPCLOUD-MEMBER-2")


def hire(
    jc: Replay,
    look: ScimClient,
    person: Person,
    attributes: Mapping[str, Json] | None = None,
    *,
    bound: bool = True,
) -> Account:
    """Create a person directly, and let JumpCloud know the account.

    No case about something else is blocked by how a server takes JumpCloud's way of creating.
    """
    user_id = created(look, person, **(attributes or {}))
    jc.idp.link(person, user_id, bound=bound)
    return Account(person, user_id)


def _culprit(bench: Bench, outcome: Outcome, peculiar: Mapping[str, LeaveOut]) -> str | None:
    """Return what a write was refused for, tried out behind the case's back.

    The refusal stays the last exchange of the case, and is what its result shows.
    """
    key = f"jumpcloud-refused-{last_step(outcome)}"

    def try_out(log: CaseLog) -> str | None:
        return find_culprit(bench.client(bench.shared.journal, log), outcome, peculiar)

    return bench.shared.quietly(key, bench.log, try_out)


def _finds_strangers(found: Seen) -> bool:
    return bool(value_at(found.object(), "Resources"))


@pytest.fixture
def selective(bench: Bench, people: Registry) -> None:
    """Block the case on a server whose look-up names strangers: JumpCloud would overwrite one."""

    def probe() -> None:
        client = bench.client(bench.shared.journal)
        client.create_user(people.person())
        found = client.users_named(people.unique("nobody"))
        if _finds_strangers(found):
            reason = "the look-up of a userName that nobody has finds somebody"
            raise Blocked(reason, by="JUMPCLOUD-CREATE-2", entry=found.entry)

    bench.shared.once("jumpcloud-selective", bench.log, probe)


@pytest.fixture
def selective_groups(bench: Bench, people: Registry, groups_offered: None) -> None:
    """Block the case on a server whose look-up names groups of strangers."""

    def probe() -> None:
        client = bench.client(bench.shared.journal)
        client.create_group(people.unique("other"))
        found = client.groups_named(people.unique("nothing"))
        if _finds_strangers(found):
            reason = "the look-up of a displayName that no group has finds one"
            raise Blocked(reason, by="JUMPCLOUD-GROUP-5", entry=found.entry)

    bench.shared.once("jumpcloud-selective-groups", bench.log, probe)


@pytest.fixture
def jc(idp: Replay) -> Replay:
    """The mock JumpCloud."""
    return idp


@pytest.fixture
def trial_run(idp: Replay, bench: Bench, people: Registry) -> Trial:
    """A test run without groups; shared, for cases that only read."""

    def make() -> Trial:
        maker, client = idp.on(bench.shared.journal), bench.client(bench.shared.journal)
        client.create_user(people.person())  # whom a look-up that ignores its filter would find
        person = people.person()
        outcome, last = maker.mock.make_test_user(person.email), maker.last_entry()
        made = id_from(outcome, "create the test user")
        known = Trial(outcome, person, made, last, _culprit(bench, outcome, NULL_EMAILS))
        if last_step(outcome) not in ("", "replace the test user"):
            return known
        client.settle()
        seen = client.user(made)
        # Where the PUT was refused it would not come to this, and yet there is more to be known.
        before, shown = seen.object(), seen.entry
        removal = maker.mock.remove_test_user()
        return replace(known, before=before, shown=shown, removal=removal, left=client.user(made))

    return bench.shared.once("jumpcloud-test-run", bench.log, make)


@pytest.fixture
def group_run(idp: Replay, bench: Bench, people: Registry, selective_groups: None) -> Trial:
    """The group part of a test run; shared, for cases that only read."""

    def make() -> Trial:
        maker, person = idp.on(bench.shared.journal), people.person()
        first = maker.mock.make_test_user(person.email)
        if not id_from(first, "create the test user"):
            raise blocked(idp, first)
        outcome = maker.mock.try_test_group(people.group().name)
        return Trial(outcome, person, id_from(outcome, "create the test group"))

    return bench.shared.once("jumpcloud-group-run", bench.log, make)


@pytest.fixture
def newcomer(jc: Replay, bench: Bench, people: Registry, selective: None) -> Trial:
    """A person whom JumpCloud has just bound; shared, for cases that only read."""

    def make() -> Trial:
        maker, person = jc.on(bench.shared.journal), people.employee()
        outcome = maker.mock.bind(person)
        refused_for = _culprit(bench, outcome, PECULIAR_CREATE)
        made = str(maker.idp.user_id(person) or id_from(outcome, "create the user"))
        return Trial(outcome, maker.idp.person(person), made, culprit=refused_for)

    return bench.shared.once("jumpcloud-newcomer", bench.log, make)


@pytest.fixture
def changed(jc: Replay, bench: Bench, people: Registry) -> Trial:
    """A person without telephone and address whose given name has just changed; shared."""

    def make() -> Trial:
        maker, client = jc.on(bench.shared.journal), bench.client(bench.shared.journal)
        account = hire(maker, client, people.person(title="Programme Manager"))
        outcome = maker.mock.update(account.person, given_name="Barbara-Changed")
        refused_for = _culprit(bench, outcome, PECULIAR_PUT)
        now = maker.idp.person(account.person)
        return Trial(outcome, now, account.id, culprit=refused_for)

    return bench.shared.once("jumpcloud-changed", bench.log, make)


@pytest.fixture
def leaver(jc: Replay, bench: Bench, people: Registry) -> Acted:
    """A person who has just lost the application; shared, for cases that only read."""

    def make() -> Acted:
        maker, client = jc.on(bench.shared.journal), bench.client(bench.shared.journal)
        account = hire(maker, client, people.person())
        return Acted(account.person, account.id, maker.mock.unbind(account.person))

    return bench.shared.once("jumpcloud-leaver", bench.log, make)


@pytest.fixture
def bound(jc: Replay, look: ScimClient, people: Registry) -> Account:
    """One person with an account of the case's own."""
    return hire(jc, look, people.person())


@pytest.fixture
def crew(jc: Replay, bench: Bench, people: Registry) -> tuple[Account, ...]:
    """Three people with accounts; shared, for cases that neither change nor remove them."""

    def make() -> tuple[Account, ...]:
        maker, client = jc.on(bench.shared.journal), bench.client(bench.shared.journal)
        return tuple(hire(maker, client, person) for person in people.people(3))

    made = bench.shared.once("jumpcloud-crew", bench.log, make)
    for each in made:
        jc.idp.link(each.person, each.id)
    return made


@pytest.fixture
def team(
    jc: Replay,
    look: ScimClient,
    people: Registry,
    crew: tuple[Account, ...],
    groups_offered: None,
) -> Team:
    """A group of two of the crew that JumpCloud has bound before."""
    staff = crew[:2]
    group = people.group(*(each.person for each in staff))
    group_id = formed(look, group.name, tuple(each.id for each in staff))
    jc.idp.link_group(group, group_id)
    return Team(group, group_id, staff)


@pytest.fixture
def enterprise_offered(announces: Callable[[str, str], bool]) -> None:
    """Skip the case on a server that does not announce the enterprise extension."""
    if not announces("schemas", ENTERPRISE_URN):
        raise NotOffered("the server does not announce the enterprise extension")
