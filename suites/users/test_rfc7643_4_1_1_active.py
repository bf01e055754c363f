"""RFC 7643 section 4.1.1: the administrative status of a user."""

from __future__ import annotations

import pytest

from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Needs
from suites.users.activity import Turns
from suites.users.secrets import Secret

OFF = ("deactivate-ignored", "deactivate-refused", "deactivate-deletes", "active-always-true")
ON = ("reactivate-ignored", "reactivate-refused", "reactivate-new-id")


@requirement("RFC7643-4.1.1-25", proof=("create-inactive", "active-omitted"))
def test_a_new_user_is_as_active_as_it_is_told(turned: Turns, needs: Needs) -> None:
    """A user who is created with `active` true is shown with it."""
    needs("active")
    expect(turned.first).status(200).has("active", True)


@pytest.mark.parametrize("way", ["patched off", "put off"])
@requirement("RFC7643-4.1.1-25", proof=(*OFF, "inactive-hidden-by-id"))
def test_a_user_is_switched_off(way: str, turned: Turns) -> None:
    """A user to whom a PATCH or PUT gives `active` false is shown with it."""
    turn = turned.on(way)
    expect(turn.reply).success()
    expect(turn.after).status(200).has("active", False)


@pytest.mark.parametrize("way", ["patched on", "put on"])
@requirement("RFC7643-4.1.1-25", proof=ON)
def test_a_user_is_switched_on_again(way: str, turned: Turns) -> None:
    """A user to whom a PATCH or PUT gives `active` true again is shown with it."""
    turn = turned.on(way)
    expect(turn.reply).success()
    expect(turn.after).status(200).has("active", True).has("id", turned.made.id)


@requirement("RFC7643-4.1.1-25", proof=("put-reactivates", "deactivate-twice-refused"))
def test_a_user_stays_off(turned: Turns) -> None:
    """A user who is off already stays it when a PUT with `active` false changes another value."""
    turn = turned.on("put off again")
    expect(turn.reply).success()
    expect(turn.after).status(200).has("active", False)


@pytest.mark.parametrize("way", ["patched off", "put off"])
@requirement("RFC7643-4.1.1-25", proof=("deactivate-clears-profile",))
def test_a_user_who_is_off_keeps_the_rest(way: str, turned: Turns) -> None:
    """A user who is switched off keeps name and addresses."""
    turn = turned.on(way)
    first = turned.first.object()
    expect(turn.after).status(200).keeps(first, paths=("userName", "name", "emails"))


@requirement("RFC7643-4.1.1-25", proof=("password-change-deactivates",), needs=("changePassword",))
def test_a_new_password_switches_nobody_off(secret: Secret) -> None:
    """A user whose password changes stays active."""
    expect(secret.last).status(200).not_inactive()
