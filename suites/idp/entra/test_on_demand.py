"""Entra's Provision on Demand for one person: at once, and in the form without the flag."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.expect import value_at
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import Acted
from .conftest import hire
from .conftest import somebody
from .conftest import team_of

CREATES = ("create-empty-body", "create-without-id", "create-keeps-nothing", "empty-search-404")
NO_PATCH = ("patch-op-must-be-lower-case", "patch-refused-501", "patch-replace-ignored")


@pytest.fixture
def urgent(entra: Replay, bench: Bench, people: Registry) -> Acted:
    """A person whom Entra has just provisioned on demand; shared, for cases that only read."""

    def make() -> Acted:
        maker, person = entra.on(bench.shared.journal), somebody(people)
        outcome = maker.mock.provision_on_demand(person)
        return Acted(person, str(maker.idp.user_id(person)), outcome)

    return bench.shared.once("entra-setup-on-demand", bench.log, make)


@requirement("ENTRA-POD-1", proof=CREATES, dialects=())
def test_a_person_is_created_on_demand(entra: Replay, urgent: Acted, look: ScimClient) -> None:
    """A person provisioned on demand is there, active and under the right name."""
    entra.judged(urgent.outcome)
    person = urgent.person
    user = look.user(urgent.id)
    expect(user).status(200).has("userName", person.user_name).not_inactive()
    expect(user).has("name.familyName", person.family_name).email(person.email)


@requirement("ENTRA-POD-2", proof=NO_PATCH)
def test_a_change_arrives_on_demand(entra: Replay, assigned: Account, look: ScimClient) -> None:
    """An existing user gets the new displayName on demand, in either kind of job."""
    look.settle()
    if value_at(look.user(assigned.id).object(), "displayName") is None:
        raise NotOffered("the server keeps no displayName of a user")
    changed = replace(assigned.person, display_name=f"{assigned.person.given_name} Urgent")
    entra.act.provision_on_demand(changed)
    expect(look.user(assigned.id)).status(200).has("displayName", changed.display_name)


@requirement(
    "ENTRA-POD-3",
    proof=("active-text-refused", "active-text-as-true", "deactivate-ignored"),
)
def test_who_left_is_disabled_on_demand(entra: Replay, look: ScimClient, people: Registry) -> None:
    """Somebody who is not assigned any more becomes inactive on demand."""
    skipping = entra.again(toggles={"skip_out_of_scope_deletions": True})
    leaver = hire(skipping, look, people.person())
    skipping.given.unassign(leaver.person)
    skipping.act.provision_on_demand(leaver.person)
    user = look.user(leaver.id)
    if value_at(user.object(), "active") is None and user.status == 200:
        raise NotOffered("the server shows no `active`")
    expect(user).status(200).has("active", False)


@requirement("ENTRA-POD-4", proof=("filter-finds-nothing",), dialects=())
def test_the_second_attempt_finds_the_first(entra: Replay, urgent: Acted, look: ScimClient) -> None:
    """Who is provisioned on demand twice has one account."""
    entra.worked(urgent.outcome, "provision_on_demand")
    second = entra.watched(entra.again().mock.provision_on_demand(urgent.person))
    if second.stopped is not None and second.exchanges[-1].request.method == "PATCH":
        reason = f"the account was found, but not brought up to date: {second.stopped.because}"
        raise Blocked(reason, by="ENTRA-POD-2", entry=entra.last_entry())
    entra.judged(second)
    expect(look.users_named(urgent.person.user_name)).matches(urgent.id)


@requirement("ENTRA-POD-5", proof=CREATES, dialects=())
def test_the_basic_plan_provisions_people(
    entra: Replay, look: ScimClient, people: Registry
) -> None:
    """Without a licence for groups a person arrives, and no group is asked for."""
    basic = entra.again(switches={"licence": "none"})
    person = people.person()
    basic.act.provision_on_demand(person)
    outcome = basic.mock.push_group(team_of(people, person))
    if outcome.exchanges:
        raise Mismatch(
            expected="no request about a group",
            actual=f"{len(outcome.exchanges)} request(s)",
            entry=basic.last_entry(),
        )
    expect(look.users_named(person.user_name)).matches(str(basic.idp.user_id(person)))
