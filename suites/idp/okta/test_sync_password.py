"""Okta's Sync Password."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.preflight.capabilities import Capabilities
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.schemas.definitions import USER
from suites.schemas.definitions import Definitions
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import hire

REFUSED = (400, 403, 405, 501)
UNKNOWN = "the server announces no changing of passwords, and its schema of users has no password"


@dataclass(frozen=True, slots=True)
class Passwords:
    """Sets a password by Okta's forms, on a server that may say that it knows none.

    Sync Password is a box that is ticked or not in Okta: nobody ticks it for a server that
    announces neither the attribute nor `changePassword`. Where such a server takes a password all
    the same, what it makes of the user is judged.
    """

    okta: Replay
    look: ScimClient
    people: Registry
    unknown: bool

    def are_taken(self, scenario: str) -> None:
        """Expect a password to be accepted, and the user to stay as it was."""
        __tracebackhide__ = True
        try:
            _is_taken(self.okta, scenario, self.look, self.people)
        except Mismatch as mismatch:
            status = mismatch.entry.status if mismatch.entry else None
            if self.unknown and status in REFUSED:
                raise NotOffered(UNKNOWN) from mismatch
            raise


@pytest.fixture
def passwords(
    okta: Replay,
    look: ScimClient,
    people: Registry,
    features: Capabilities,
    definitions: Definitions,
) -> Passwords:
    """What the server makes of a password that Okta sends."""
    lacking = definitions.known and definitions.attribute("password", USER) is None
    disclaimed = features.announced("changePassword") is False
    return Passwords(okta, look, people, unknown=lacking and disclaimed)


def _is_taken(okta: Replay, scenario: str, look: ScimClient, people: Registry) -> None:
    made = hire(okta, look, people.person())

    def check(form: Replay) -> None:
        form.idp.link(made.person, made.id)
        form.act.sync_password(made.person, people.password())
        after = expect(look.user(made.id)).status(200).not_inactive()
        after.has("name.familyName", made.person.family_name).email(made.person.email)

    every_form(okta, scenario, check)


@requirement(
    "OKTA-PWD-1",
    proof=(
        *("password-patch-refused", "password-pathless-refused", "password-path-refused"),
        "password-change-deactivates",
    ),
)
def test_a_patched_password_is_accepted(passwords: Passwords) -> None:
    """A PATCH of the password succeeds, and the user stays as it was."""
    passwords.are_taken("sync-password-oin")


@requirement("OKTA-PWD-2", proof=("password-put-refused", "password-change-deactivates"))
def test_a_put_password_is_accepted(passwords: Passwords) -> None:
    """A PUT with the password succeeds, and the user stays as it was."""
    passwords.are_taken("sync-password-aiw")
