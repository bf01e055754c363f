"""OneLogin's suspensions, by PUT or by PATCH, and the way back."""

from __future__ import annotations

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Mismatch

from .conftest import UPDATE
from .conftest import Account
from .conftest import Acted
from .conftest import found
from .conftest import hire
from .conftest import put_fault

KEPT = ("userName", "name.givenName", "name.familyName", "emails[0].value")


@pytest.mark.parametrize("verb", ["suspend", "remove_access"])
@requirement(
    "ONELOGIN-SUSPEND-1",
    proof=("deactivate-ignored", "deactivate-refused", "put-refused-501+patch-refused-501"),
)
def test_a_suspended_user_is_inactive(
    onelogin: Replay, look: ScimClient, people: Registry, verb: str
) -> None:
    """Who is suspended or loses access is inactive, by PUT and by PATCH."""

    def check(form: Replay) -> None:
        made = hire(form, look, people.person())
        getattr(form.act, verb)(made.person)
        expect(look.user(made.id)).status(200).has("id", made.id).has("active", False)

    every_form(onelogin, "suspend-put", check)


@requirement("ONELOGIN-SUSPEND-2", proof=("filter-hides-inactive", "deactivate-deletes"))
def test_a_suspended_user_is_found(onelogin: Replay, leaver: Acted, look: ScimClient) -> None:
    """Who was suspended is the one match of the look-up, and not shown as active."""
    onelogin.worked(leaver.outcome, "suspend")
    look.settle()
    seen = expect(look.users_named(leaver.person.user_name)).matches(leaver.id)
    if seen.at("Resources[0].active") is True:
        raise Mismatch(
            expected="`active` not true in the match", actual="true", entry=onelogin.last_entry()
        )


@requirement("ONELOGIN-SUSPEND-3", proof=("deactivate-clears-profile",))
def test_a_suspended_user_keeps_the_names(
    onelogin: Replay, leaver: Acted, look: ScimClient
) -> None:
    """Names and address are as they were before OneLogin's suspension."""
    if put_fault(onelogin.watched(leaver.outcome)) == UPDATE:
        onelogin.arranged(leaver.outcome, "suspend")
    expect(look.user(leaver.id)).status(200).keeps(leaver.before, paths=KEPT)


@requirement(
    "ONELOGIN-SUSPEND-4", proof=("reactivate-ignored", "reactivate-refused", "reactivate-new-id")
)
def test_who_is_reactivated_has_the_same_account(
    onelogin: Replay, account: Account, look: ScimClient
) -> None:
    """Who is reactivated has the account of before, active."""
    onelogin.given.suspend(account.person)
    back = onelogin.mock.reactivate(account.person)
    found(onelogin, back, by="ONELOGIN-SUSPEND-2")
    user = expect(look.user(account.id)).status(200).not_inactive()
    user.has("name.familyName", account.person.family_name).email(account.person.email)
