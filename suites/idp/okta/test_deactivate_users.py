"""Okta's Deactivate Users: active goes to false and back, on one and the same user."""

from __future__ import annotations

from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Mismatch

from .conftest import Account
from .conftest import Acted
from .conftest import hire


@requirement("OKTA-DEACT-1", proof=("deactivate-ignored", "active-as-string"))
def test_a_deactivated_user_is_inactive(okta: Replay, leaver: Acted, look: ScimClient) -> None:
    """Unassigning sets `active` to false on the same user."""
    okta.judged(leaver.outcome)
    expect(look.user(leaver.id)).status(200).has("id", leaver.id).has("active", False)


@requirement(
    "OKTA-DEACT-2",
    proof=("patch-refused-501", "patch-user-refused-501", "patch-user-pathless-refused"),
)
def test_the_pathless_patch_is_accepted(okta: Replay, leaver: Acted) -> None:
    """A replace without path that sets `active` is accepted."""
    okta.judged(leaver.outcome)


@requirement(
    "OKTA-DEACT-3", proof=("filter-hides-inactive", "deactivate-deletes", "active-always-true")
)
def test_an_inactive_user_is_found(okta: Replay, leaver: Acted, look: ScimClient) -> None:
    """A deactivated user is the one match of `userName eq`."""
    okta.worked(leaver.outcome, "deactivate")
    found = expect(look.users_named(leaver.person.user_name)).matches(leaver.id)
    if found.at("Resources[0].active") is True:
        raise Mismatch(
            expected="`active` not true in the match", actual="true", entry=okta.last_entry()
        )


@requirement("OKTA-DEACT-4", proof=("inactive-hidden-by-id", "deactivate-deletes"))
def test_an_inactive_user_is_read(okta: Replay, leaver: Acted, look: ScimClient) -> None:
    """A deactivated user is still read by id."""
    okta.worked(leaver.outcome, "deactivate")
    expect(look.user(leaver.id)).status(200).has("userName", leaver.person.user_name)


@requirement("OKTA-DEACT-5", proof=("deactivate-clears-profile",))
def test_deactivation_keeps_the_profile(okta: Replay, leaver: Acted, look: ScimClient) -> None:
    """Names and e-mail are as before the deactivation."""
    okta.worked(leaver.outcome, "deactivate")
    person = leaver.person
    after = expect(look.user(leaver.id)).status(200).email(person.email)
    after.has("name.givenName", person.given_name).has("name.familyName", person.family_name)
    after.keeps(leaver.before, paths=("displayName",))


@requirement("OKTA-DEACT-6", proof=("deactivate-twice-refused",))
def test_a_repeated_deactivation_succeeds(okta: Replay, assigned: Account) -> None:
    """Deactivating an inactive user again is no error."""
    okta.given.deactivate(assigned.person)
    retry = okta.again()
    retry.idp.link(assigned.person, assigned.id)
    retry.act.deactivate(assigned.person)


@requirement("OKTA-DEACT-7", proof=("deactivate-deletes", "inactive-hidden-by-id"))
def test_a_person_deleted_in_okta_stays_a_user(
    okta: Replay, leaver: Acted, look: ScimClient
) -> None:
    """After the deletion in Okta the user is there, inactive."""
    okta.worked(leaver.outcome, "deactivate")
    okta.act.delete_in_idp(leaver.person)
    expect(look.user(leaver.id)).status(200).has("active", False)


@requirement(
    "OKTA-REACT-1", proof=("reactivate-ignored", "reactivate-refused", "reactivate-new-id")
)
def test_reactivation_wakes_the_same_user(okta: Replay, look: ScimClient, people: Registry) -> None:
    """After re-assignment the same id is active."""

    def check(form: Replay) -> None:
        made = hire(form, look, people.person())
        form.given.deactivate(made.person)
        form.act.reactivate(made.person)
        user = expect(look.user(made.id)).status(200).has("id", made.id).not_inactive()
        user.has("name.familyName", made.person.family_name).email(made.person.email)

    every_form(okta, f"reactivate-user-{okta.setup.dialect}", check)
