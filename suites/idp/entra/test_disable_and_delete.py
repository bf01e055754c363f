"""Entra's Disable and Delete Users: off and on again on one and the same user, at last gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import Expectation
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import judge_of
from suites.requirements import requirement
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

from .conftest import Account
from .conftest import Acted
from .conftest import Team
from .conftest import hire
from .conftest import object_id
from .narrow import mapping_only
from .teams import gathered
from .teams import read

_NO_PATCH = ("patch-refused-501", "patch-user-refused-501")
_LEFT_ON = ("deactivate-ignored", "deactivate-refused", "patch-replace-ignored", *_NO_PATCH)
_LEFT_OFF = ("reactivate-ignored", "reactivate-refused", "reactivate-new-id")


@pytest.fixture
def leaver(entra: Replay, bench: Bench, people: Registry) -> Acted:
    """A person who was just deleted in the directory; shared, for cases that only read."""

    def make() -> Acted:
        maker, client = entra.on(bench.shared.journal), bench.client(bench.shared.journal)
        made = hire(maker, client, people.person(), title="Engineer")
        before = client.user(made.id).object()
        outcome = maker.mock.soft_delete(made.person)
        return Acted(made.person, made.id, outcome, before)

    return bench.shared.once(f"entra-disabled-{entra.setup.dialect}", bench.log, make)


@pytest.fixture
def away(entra: Replay, bench: Bench, people: Registry, leaver: Acted) -> Account:
    """An inactive person: the leaver, or somebody created so where nobody can be disabled."""
    if leaver.outcome.ok:
        entra.watched(leaver.outcome)
        return Account(leaver.person, leaver.id)

    def make() -> Account:
        maker, client = entra.on(bench.shared.journal), bench.client(bench.shared.journal)
        return hire(maker, client, people.person(), active=False)

    return bench.shared.once("entra-inactive", bench.log, make)


@pytest.fixture
def purged(entra: Replay, bench: Bench, people: Registry) -> Acted:
    """A disabled person who was just purged; shared, for cases that only read."""

    def make() -> Acted:
        maker, client = entra.on(bench.shared.journal), bench.client(bench.shared.journal)
        made = hire(maker, client, people.person(), active=False)
        return Acted(made.person, made.id, maker.mock.purge(made.person))

    return bench.shared.once("entra-purged", bench.log, make)


@pytest.fixture
def joined(entra: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]) -> Team:
    """A group of the case's own person and one of the crew."""
    own = hire(entra, look, people.person())
    return gathered(entra, look, people, own, crew[0])


def _gone(entra: Replay, leaver: Acted) -> Acted:
    """Return who has left; raises Blocked where the server did not take the disabling."""
    outcome = entra.watched(leaver.outcome)
    if not outcome.ok:
        reason = outcome.stopped.because if outcome.stopped else outcome.console
        by = judge_of("entra", "unassign", entra.setup.dialect)
        raise Blocked(f"nobody could be disabled: {reason}", by=by, entry=entra.entry_of(outcome))
    return leaver


def _inactive(entra: Replay, user: Expectation) -> Expectation:
    """Expect that a user is not shown as active; a text says it as well as a boolean."""
    if user.at("active") is None:
        entra.note("the server does not show `active`: whether the user is off cannot be seen")
        return user
    return user.holds(
        lambda: str(user.at("active")).lower() == "false",
        "an inactive user",
        lambda: f"active {user.at('active')!r}",
    )


def _disabled(entra: Replay, look: ScimClient, account: Account) -> None:
    entra.act.unassign(account.person)
    _inactive(entra, expect(look.user(account.id)).status(200).has("id", account.id))


@requirement(
    "ENTRA-DISABLE-1",
    proof=(
        *("active-text-refused", "active-text-as-true", "patch-op-must-be-lower-case"),
        *("patch-capital-op-ignored", *_LEFT_ON),
    ),
)
def test_the_text_false_disables_a_user(entra: Replay, leaver: Acted, look: ScimClient) -> None:
    """`Replace` of `active` by the text "False" makes the user inactive."""
    entra.judged(leaver.outcome)
    _inactive(entra, expect(look.user(leaver.id)).status(200).has("id", leaver.id))


@requirement("ENTRA-DISABLE-2", proof=_LEFT_ON)
def test_the_boolean_false_disables_a_user(entra: Replay, leaver: Acted, look: ScimClient) -> None:
    """`replace` of `active` by the boolean false makes the user inactive."""
    entra.judged(leaver.outcome)
    _inactive(entra, expect(look.user(leaver.id)).status(200).has("id", leaver.id))


@requirement(
    "ENTRA-DISABLE-3",
    proof=("active-add-refused", "deactivate-ignored", "patch-add-ignored", "deactivate-refused"),
)
def test_other_forms_disable_a_user_too(entra: Replay, look: ScimClient, people: Registry) -> None:
    """An `Add` of `active`, and a `Replace` by a boolean, make the user inactive."""
    every_form(
        entra,
        "disable-user-default",
        lambda form: _disabled(form, look, hire(form, look, people.person())),
        only=lambda name: name in {"add-op", "boolean"},
    )


@requirement("ENTRA-DISABLE-4", proof=("filter-hides-inactive", "deactivate-deletes"))
def test_a_disabled_user_is_found(entra: Replay, away: Account, look: ScimClient) -> None:
    """A disabled user is the one match of `userName eq`, and not shown as active."""
    found = expect(look.users_named(away.person.user_name)).matches(away.id)
    if found.at("Resources[0].active") is True:
        raise Mismatch(
            expected="`active` not true in the match", actual="true", entry=entra.last_entry()
        )


@requirement("ENTRA-DISABLE-4", proof=("filter-hides-inactive", "deactivate-deletes"))
def test_who_comes_back_gets_no_second_user(entra: Replay, away: Account) -> None:
    """Entra looks somebody up who was disabled, and links the account that is there."""
    entra.act.match(away.person, "create-user")
    if entra.idp.user_id(away.person) != away.id:
        raise Mismatch(
            expected=f"the user {away.id}",
            actual=f"{entra.idp.user_id(away.person)}",
            entry=entra.last_entry(),
        )


@requirement("ENTRA-DISABLE-5", proof=("inactive-hidden-by-id", "deactivate-deletes"))
def test_a_disabled_user_is_read(away: Account, look: ScimClient) -> None:
    """A disabled user is still read by id."""
    expect(look.user(away.id)).status(200).has("userName", away.person.user_name)


@requirement("ENTRA-DISABLE-6", proof=("deactivate-clears-profile",))
def test_disabling_changes_nothing_else(entra: Replay, leaver: Acted, look: ScimClient) -> None:
    """Names, e-mail, title and externalId are as before the person left."""
    person = _gone(entra, leaver).person
    after = expect(look.user(leaver.id)).status(200)
    after.keeps(leaver.before, paths=("name.givenName", "name.familyName", "displayName"))
    after.keeps(leaver.before, paths=("userName", "externalId", "title"))
    if leaver.before.get("emails"):
        after.email(person.email)


@requirement("ENTRA-DISABLE-7", proof=("deactivate-drops-memberships",), needs=("groups",))
def test_memberships_outlast_a_leave(entra: Replay, look: ScimClient, joined: Team) -> None:
    """Who is disabled and enabled again is in the same group as before."""
    own = joined.staff[0]
    job = mapping_only(entra, "userName", "active")
    job.idp.link(own.person, own.id)
    job.given.soft_delete(own.person)
    job.given.reassign(own.person)
    expect(read(look, joined.id)).status(200).members(joined.member_ids)


@requirement(
    "ENTRA-DISABLE-8", proof=("inactive-hidden-by-id", "deactivate-twice-refused+active-omitted")
)
def test_disabling_somebody_again_succeeds(entra: Replay, assigned: Account) -> None:
    """Somebody who was deleted and then leaves the scope is disabled without an error."""
    entra.given.soft_delete(assigned.person)
    entra.act.unassign(assigned.person)


@requirement("ENTRA-DISABLE-9", proof=("active-omitted",))
def test_a_disabled_user_shows_its_state(away: Account, look: ScimClient) -> None:
    """The disabled user is returned with `active`."""
    expect(look.user(away.id)).status(200).filled("active")


def _left(form: Replay, look: ScimClient, people: Registry) -> Account:
    """Return somebody inactive: disabled by Entra, or created so where that is refused."""
    made = hire(form, look, people.person())
    if form.mock.soft_delete(made.person).ok:
        return made
    return hire(form, look, people.person(), active=False)


def _restored(form: Replay, look: ScimClient, people: Registry) -> None:
    """Let somebody leave and come back: the same user has to be active."""
    made = _left(form, look, people)
    form.act.reassign(made.person)
    user = expect(look.user(made.id)).status(200).has("id", made.id)
    user.holds(
        lambda: str(user.at("active")).lower() in ("true", "none"),
        "an active user",
        lambda: f"active {user.at('active')!r}",
    ).has("userName", made.person.user_name)


@requirement("ENTRA-DISABLE-10", proof=("filter-hides-inactive", *_LEFT_OFF))
def test_a_job_without_the_flag_wakes_the_same_user(
    entra: Replay, look: ScimClient, people: Registry
) -> None:
    """After re-assignment the same id is active, by "True" as a text or by the boolean."""
    job = mapping_only(entra, "userName", "active")
    every_form(job, "enable-user-default", lambda form: _restored(form, look, people))


@requirement("ENTRA-DISABLE-11", proof=("filter-hides-inactive", *_LEFT_OFF))
def test_a_job_with_the_flag_wakes_the_same_user(
    entra: Replay, look: ScimClient, people: Registry
) -> None:
    """After re-assignment the same id is active by a replace with true."""
    _restored(mapping_only(entra, "userName", "active"), look, people)


@requirement("ENTRA-DELETE-1", proof=("delete-refused",), dialects=())
def test_a_purged_user_can_be_deleted(entra: Replay, purged: Acted) -> None:
    """DELETE of an inactive user is accepted."""
    entra.judged(purged.outcome)


@requirement(
    "ENTRA-DELETE-2",
    proof=("delete-ignored", "delete-deactivates", "deleted-still-read", "deleted-still-found"),
    dialects=(),
)
def test_a_purged_user_is_gone(entra: Replay, purged: Acted, look: ScimClient) -> None:
    """After the DELETE the id leads nowhere, and the userName finds nobody."""
    entra.worked(purged.outcome, "purge")
    expect(look.user(purged.id)).status(404, 410)
    expect(look.users_named(purged.person.user_name)).nobody()


@requirement("ENTRA-DELETE-3", proof=("delete-twice-500",), dialects=())
def test_a_second_delete_finds_nobody(entra: Replay, look: ScimClient, assigned: Account) -> None:
    """DELETE of a user who is gone already is answered with 404, or as done."""
    if look.delete("Users", assigned.id).status not in (200, 202, 204):
        raise Blocked("a user could not be deleted", by="ENTRA-DELETE-1", entry=entra.last_entry())
    entra.act.purge(assigned.person)


@requirement("ENTRA-DELETE-4", proof=("deleted-name-taken",), dialects=())
def test_the_name_of_a_purged_user_is_free(
    entra: Replay, look: ScimClient, assigned: Account, newcomer: Acted
) -> None:
    """Somebody new with the userName of a purged user gets an account."""
    entra.arranged(newcomer.outcome, "assign")
    entra.given.purge(assigned.person)
    namesake = replace(assigned.person, idp_id=object_id(f"{assigned.person.user_name}, the next"))
    entra.act.assign(namesake)
    expect(look.user(str(entra.idp.user_id(namesake)))).status(200)


@requirement("ENTRA-DELETE-5", proof=("deactivate-deletes", "inactive-hidden-by-id"))
def test_who_was_unassigned_before_the_purge_stays(
    entra: Replay, look: ScimClient, assigned: Account
) -> None:
    """Somebody unassigned and then purged gets no DELETE, and stays an inactive user."""
    entra.given.unassign(assigned.person)
    entra.act.purge(assigned.person)
    user = expect(look.user(assigned.id)).status(200).has("userName", assigned.person.user_name)
    _inactive(entra, user)


@requirement(
    "ENTRA-DELETE-6",
    proof=("delete-of-member-refused", "delete-takes-groups-along"),
    dialects=(),
    needs=("groups",),
)
def test_a_member_of_a_group_can_be_purged(entra: Replay, look: ScimClient, joined: Team) -> None:
    """DELETE of a member is accepted, and the group stays with the others."""
    own, other = joined.staff
    entra.act.purge(own.person)
    expect(read(look, joined.id)).status(200).holds_value("members", value=other.id)
