"""Okta meets a user who exists: it links, never creates."""

from __future__ import annotations

from dataclasses import replace

from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement

from .conftest import created


@requirement("OKTA-LINK-1", proof=("filter-finds-nothing", "put-refused-501", "put-ignored"))
def test_an_existing_user_is_linked(okta: Replay, look: ScimClient, people: Registry) -> None:
    """An existing user keeps the id, stays the only one, and gets Okta's profile."""
    person = people.person()
    user_id = created(look, person)
    renamed = replace(person, given_name=f"{person.given_name}-Linked")
    okta.act.assign(renamed)
    expect(look.users_named(person.user_name)).matches(user_id)
    expect(look.user(user_id)).status(200).has("name.givenName", renamed.given_name)


@requirement("OKTA-LINK-2", proof=("reactivate-ignored", "reactivate-refused"))
def test_an_inactive_user_is_activated(okta: Replay, look: ScimClient, people: Registry) -> None:
    """An existing inactive user is active once linked."""
    person = people.person()
    user_id = created(look, person, active=False)
    okta.act.assign(person)
    expect(look.user(user_id)).status(200).not_inactive()
