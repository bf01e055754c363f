"""Google's deprovisioning: an account is suspended when the delay that the admin chose is over."""

from __future__ import annotations

import pytest

from idp_profiles.model import Person
from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Mismatch

from .conftest import Account
from .conftest import Acted
from .conftest import created
from .conftest import found
from .conftest import hire

SYNCS_A_DAY = 8
KEPT = ("userName", "name.givenName", "name.familyName", "displayName")


@pytest.fixture
def leaving(google: Replay, leaver: Acted) -> Replay:
    """The mock Google with the verb by which this server lets accounts be suspended."""
    google.arranged(leaver.outcome, "turn_off")
    put = leaver.outcome.exchanges[-1].request.method == "PUT"
    return google.again(switches={"lifecycle": "put" if put else "patch"})


def suspended(google: Replay, look: ScimClient, person: Person) -> Account:
    """Create an inactive person directly; a server that creates only active ones is told later."""
    user_id = created(look, person, active=False)
    if look.user(user_id).object().get("active") is not False:
        google.idp.link(person, user_id)
        google.given.turn_off(person)
    return Account(person, user_id)


@requirement(
    "GOOGLE-SUSPEND-1",
    proof=("deactivate-ignored", "deactivate-refused", "put-refused-501+patch-refused-501"),
)
def test_a_suspended_account_is_inactive(
    google: Replay, look: ScimClient, people: Registry
) -> None:
    """An account from which the app was taken is inactive, by PATCH and by PUT."""

    def check(form: Replay) -> None:
        made = hire(form, look, people.person())
        form.act.turn_off(made.person)
        expect(look.user(made.id)).status(200).has("id", made.id).has("active", False)

    every_form(google, "suspend", check)


@pytest.mark.parametrize(
    ("verb", "switch", "days"),
    [
        pytest.param("turn_off", "app_off_after", 7, id="app-off-for-7-days"),
        pytest.param("suspend", "suspended_after", 1, id="suspended-for-1-day"),
        pytest.param("delete_in_idp", "deleted_after", 30, id="deleted-for-30-days"),
    ],
)
@requirement("GOOGLE-SUSPEND-2", proof=("deactivate-ignored",))
def test_an_account_is_active_until_the_delay_is_over(
    leaving: Replay, look: ScimClient, people: Registry, verb: str, switch: str, days: int
) -> None:
    """An account is active while the chosen delay runs, and inactive after the last sync of it."""
    form = leaving.again(switches={**(leaving.setup.switches or {}), switch: f"{days}d"})
    made = hire(form, look, people.person())
    inactive = look.user(made.id).object().get("active") is False  # until somebody accepts, say
    getattr(form.idp, verb)(made.person)
    for number in range(days * SYNCS_A_DAY):
        if number == days * SYNCS_A_DAY - 1 and not inactive:
            expect(look.user(made.id)).status(200).not_inactive()
        form.worked(form.mock.sync(), "suspend")
    expect(look.user(made.id)).status(200).has("active", False)


@requirement("GOOGLE-SUSPEND-3", proof=("filter-hides-inactive", "deactivate-deletes"))
def test_a_suspended_account_is_found(google: Replay, leaver: Acted, look: ScimClient) -> None:
    """A suspended account is the one match of its userName, and not shown as active."""
    google.worked(leaver.outcome, "turn_off")
    seen = expect(look.users_named(leaver.person.email)).matches(leaver.id)
    if seen.at("Resources[0].active") is True:
        raise Mismatch(
            expected="`active` not true in the match", actual="true", entry=google.last_entry()
        )


@requirement("GOOGLE-SUSPEND-4", proof=("deactivate-clears-profile",))
def test_a_suspension_keeps_the_profile(google: Replay, leaver: Acted, look: ScimClient) -> None:
    """Names and address are as they were before the suspension."""
    google.worked(leaver.outcome, "turn_off")
    expect(look.user(leaver.id)).status(200).keeps(leaver.before, paths=(*KEPT, "emails[0].value"))


@requirement(
    "GOOGLE-SUSPEND-5", proof=("reactivate-ignored", "reactivate-refused", "reactivate-new-id")
)
def test_who_comes_back_has_the_same_account(
    google: Replay, leaving: Replay, look: ScimClient, people: Registry
) -> None:
    """Who is in scope again has the account of before, active."""

    def check(form: Replay) -> None:
        made = suspended(leaving, look, people.person())
        form.idp.link(made.person, made.id, active=False)
        found(form, form.mock.turn_on(made.person), by="GOOGLE-SUSPEND-3")
        user = expect(look.user(made.id)).status(200).not_inactive()
        user.has("name.familyName", made.person.family_name).email(made.person.email)

    every_form(google, "reactivate", check)
