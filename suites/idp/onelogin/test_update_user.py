"""OneLogin's updates: a PUT of the whole template."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from idp_profiles.model import Outcome
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

from .conftest import PUT_REPLY
from .conftest import UPDATE
from .conftest import Account
from .conftest import Tried
from .conftest import hire
from .conftest import put_fault
from .conftest import stop
from .conftest import team

CHANGED = "Barbara-Changed"  # a given name that nobody is made up with


@dataclass(frozen=True, slots=True)
class Renamed:
    """An account after a change of login and e-mail address."""

    before: Account
    login: str
    email: str
    outcome: Outcome


@pytest.fixture
def updated(onelogin: Replay, bench: Bench, people: Registry) -> Tried:
    """A person whose given name OneLogin has just changed; shared, to be read only."""

    def make() -> Tried:
        maker, client = onelogin.on(bench.shared.journal), bench.client(bench.shared.journal)
        made = hire(maker, client, people.person())
        inactive = client.user(made.id).object().get("active") is False
        outcome = maker.mock.update(made.person, given_name=CHANGED)
        fault, entry = put_fault(outcome), maker.last_entry()
        return Tried(made.person, made.id, made.id, outcome, fault, entry, inactive)

    return bench.shared.once("onelogin-updated", bench.log, make)


@pytest.fixture
def renamed(onelogin: Replay, bench: Bench, people: Registry) -> Renamed:
    """A person with another login and address since the last PUT; shared, to be read only."""

    def make() -> Renamed:
        maker, client = onelogin.on(bench.shared.journal), bench.client(bench.shared.journal)
        made, new = hire(maker, client, people.person()), people.person()
        changes = {"user_name": new.user_name, "email": new.email}
        outcome = maker.mock.update(made.person, **changes)
        return Renamed(made, new.user_name, new.email, outcome)

    return bench.shared.once("onelogin-renamed", bench.log, make)


def by_put(onelogin: Replay, updated: Tried, requirement: str) -> None:
    """Judge an update by one requirement; raises Mismatch, or Blocked where another explains it."""
    __tracebackhide__ = True
    onelogin.watched(updated.outcome)
    if updated.fault == requirement:
        stop(onelogin, updated.outcome, updated.entry)
    if updated.fault == UPDATE:
        raise Blocked("the PUT failed", by=UPDATE, entry=updated.entry)


@requirement(
    "ONELOGIN-UPDATE-1",
    proof=("put-refused-501", "put-ignored", "put-empty-body", "get-hides-names"),
)
def test_a_changed_name_arrives_by_put(onelogin: Replay, updated: Tried, look: ScimClient) -> None:
    """A given name changed in OneLogin is changed on the server, and nothing else is."""
    by_put(onelogin, updated, UPDATE)
    person = updated.person
    user = expect(look.user(updated.id)).status(200).has("name.givenName", CHANGED)
    user.has("name.familyName", person.family_name).email(person.email)


@requirement("ONELOGIN-UPDATE-2", proof=("write-replies-short",))
def test_the_reply_to_a_put_has_both_names(onelogin: Replay, updated: Tried) -> None:
    """The reply to OneLogin's PUT has the id and both parts of the name."""
    by_put(onelogin, updated, PUT_REPLY)


@requirement(
    "ONELOGIN-UPDATE-3",
    proof=(
        *("rename-refused", "rename-ignored", "rename-creates-another", "rename-changes-id"),
        "rename-old-name-still-found",
    ),
)
def test_a_changed_login_is_the_same_user(
    onelogin: Replay, renamed: Renamed, updated: Tried, look: ScimClient
) -> None:
    """A changed login belongs to the same user, who is not found by the old one."""
    if updated.fault is not None:
        raise Blocked("no PUT works", by=updated.fault, entry=updated.entry)
    onelogin.judged(renamed.outcome)
    expect(look.user(renamed.before.id)).status(200).has("userName", renamed.login)
    expect(look.users_named(renamed.login)).matches(renamed.before.id)
    expect(look.users_named(renamed.before.person.user_name)).nobody()


@requirement("ONELOGIN-UPDATE-4", proof=("put-merges-emails",))
def test_an_old_address_is_gone(onelogin: Replay, renamed: Renamed, look: ScimClient) -> None:
    """After OneLogin's PUT of another e-mail address the old one is not there."""
    onelogin.worked(renamed.outcome, "update")
    user = expect(look.user(renamed.before.id)).status(200).email(renamed.email)
    user.holds_no_value("emails", value=renamed.before.person.email)


@requirement("ONELOGIN-UPDATE-5", proof=("put-deactivates",))
def test_a_template_without_state_changes_none(
    onelogin: Replay, updated: Tried, look: ScimClient
) -> None:
    """After a PUT that does not mention `active` an active user is not inactive."""
    by_put(onelogin, updated, UPDATE)
    if updated.inactive:
        raise NotOffered("the server creates inactive users")
    expect(look.user(updated.id)).status(200).not_inactive()


@pytest.mark.usefixtures("groups_offered")
@requirement("ONELOGIN-UPDATE-6", proof=("put-clears-memberships", "put-refuses-members"))
def test_an_update_leaves_the_groups(
    onelogin: Replay, account: Account, look: ScimClient, people: Registry, updated: Tried
) -> None:
    """After OneLogin's PUT of a member of a group the member is still in it."""
    by_put(onelogin, updated, UPDATE)
    own = team(onelogin, look, people.group().name, account)
    onelogin.act.update(account.person, given_name=CHANGED)
    expect(look.group(own.id)).status(200).members([account.id])
