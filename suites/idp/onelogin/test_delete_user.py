"""OneLogin's deletion of users, where the admin chose it."""

from __future__ import annotations

from suites.client import ScimClient
from suites.expect import expect
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Mismatch

from .conftest import CREATE
from .conftest import Account
from .conftest import Tried
from .conftest import blame


@requirement("ONELOGIN-DELETE-1", proof=("delete-refused", "delete-ignored", "delete-deactivates"))
def test_a_deleted_user_is_gone(onelogin: Replay, account: Account, look: ScimClient) -> None:
    """A user whom OneLogin deletes is not there any more."""
    onelogin.act.delete(account.person)
    expect(look.user(account.id)).status(404, 410)


@requirement("ONELOGIN-DELETE-2", proof=("deleted-still-found", "deleted-name-taken"))
def test_who_was_deleted_gets_a_new_account(
    onelogin: Replay, newcomer: Tried, account: Account, look: ScimClient
) -> None:
    """Who was deleted and gets access again has a new account."""
    blame(onelogin, newcomer, CREATE)
    onelogin.worked(onelogin.mock.delete(account.person), "delete")
    again = onelogin.again()
    again.act.assign(account.person)
    new = str(again.idp.user_id(account.person))
    if new == account.id:
        raise Mismatch(
            expected="an account of its own", actual="the old id", entry=onelogin.last_entry()
        )
    expect(look.users_named(account.person.user_name)).matches(new)
