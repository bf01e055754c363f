"""Okta's Sync Password."""

from __future__ import annotations

from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement

from .conftest import hire


def _password_is_taken(okta: Replay, scenario: str, look: ScimClient, people: Registry) -> None:
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
def test_a_patched_password_is_accepted(okta: Replay, look: ScimClient, people: Registry) -> None:
    """A PATCH of the password succeeds, and the user stays as it was."""
    _password_is_taken(okta, "sync-password-oin", look, people)


@requirement("OKTA-PWD-2", proof=("password-put-refused", "password-change-deactivates"))
def test_a_put_password_is_accepted(okta: Replay, look: ScimClient, people: Registry) -> None:
    """A PUT with the password succeeds, and the user stays as it was."""
    _password_is_taken(okta, "sync-password-aiw", look, people)
