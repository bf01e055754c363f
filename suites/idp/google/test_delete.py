"""Google's hard deletion, where the settings of the app offer it."""

from __future__ import annotations

from suites.client import ScimClient
from suites.expect import expect
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Mismatch

from .conftest import CREATE
from .conftest import Account
from .conftest import Newcomer
from .conftest import blame


@requirement("GOOGLE-DELETE-1", proof=("delete-refused", "delete-ignored", "delete-answers-200"))
def test_a_deleted_account_is_gone(google: Replay, account: Account, look: ScimClient) -> None:
    """An account that Google deletes is not there any more."""
    google.act.delete_in_idp(account.person, hard=True)
    expect(look.user(account.id)).status(404, 410)


@requirement("GOOGLE-DELETE-2", proof=("deleted-still-found", "deleted-name-taken"))
def test_who_was_deleted_can_come_back(
    google: Replay, newcomer: Newcomer, account: Account, look: ScimClient
) -> None:
    """Somebody with the address of a deleted account gets a new one."""
    blame(google, newcomer, CREATE)
    google.worked(google.mock.delete_in_idp(account.person, hard=True), "delete_in_idp")
    again = google.again()
    again.act.turn_on(account.person)
    new = str(again.idp.user_id(account.person))
    if new == account.id:
        raise Mismatch(
            expected="an account of its own", actual="the old id", entry=google.last_entry()
        )
    expect(look.users_named(account.person.email)).matches(new)
