"""OneLogin's Sync Logins: all users are read, and who is Unknown is matched by the login."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.expect import value_at
from suites.idp.reading import each_once
from suites.idp.reading import read_until
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

from .conftest import Account
from .conftest import created

# Pages shift while others write.
pytestmark = pytest.mark.scim_undisturbed

MANY = 60  # users, from which on pages of two would take too long


def _forms(look: ScimClient) -> Callable[[str], bool]:
    """Return which forms are tried: pages of two only where there are few users."""
    total = expect(look.send("GET", "/Users?startIndex=1&count=1", settle=False)).at("totalResults")
    few = isinstance(total, int) and total <= MANY
    return lambda name: few or name != "small-pages"


def _read(form: Replay, key: str) -> list[str]:
    """Return the ids or names of everybody who was read."""
    return [str(value_at(user, key)) for user in form.idp.synced]


@requirement(
    "ONELOGIN-SYNC-1",
    proof=("list-loses-newest", "pages-zero-based", "pages-overlap", "start-index-ignored"),
)
def test_every_user_is_read_once(
    onelogin: Replay, crew: tuple[Account, ...], account: Account, look: ScimClient
) -> None:
    """Sync Logins meets every user once, whatever the size of its pages."""
    ids = [each.id for each in (*crew, account)]

    def check(form: Replay) -> None:
        read_until(form.act.sync_logins, lambda: each_once(ids, _read(form, "id")))
        counts = [_read(form, "id").count(user_id) for user_id in ids]
        if counts != [1] * len(ids):
            raise Mismatch(
                expected="each of three users once",
                actual=f"{counts} times",
                entry=form.last_entry(),
            )

    every_form(onelogin, "sync-logins", check, only=_forms(look))


@requirement("ONELOGIN-SYNC-2", proof=("list-hides-user-names", "list-without-id"))
def test_an_unknown_user_is_matched(onelogin: Replay, look: ScimClient, people: Registry) -> None:
    """A user who has an account and is Unknown is Provisioned after Sync Logins."""
    person = people.person()
    user_id = created(look, person)
    unknown = onelogin.idp.state(person)
    known = {user_id, person.user_name}
    read_until(
        lambda: onelogin.worked(onelogin.mock.sync_logins(), "sync_logins"),
        lambda: bool(known & {*_read(onelogin, "id"), *_read(onelogin, "userName")}),
    )
    if not known & {*_read(onelogin, "id"), *_read(onelogin, "userName")}:
        raise Blocked("the user was not read", by="ONELOGIN-SYNC-1", entry=onelogin.last_entry())
    if onelogin.idp.user_id(person) != user_id:
        raise Mismatch(
            expected=f"id and userName of {person.user_name!r} in the list",
            actual=f"a user who stays {unknown}",
            entry=onelogin.last_entry(),
        )
