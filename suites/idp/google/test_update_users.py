"""Google's updates: what changed goes out with the next sync, by PUT or by PATCH."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from idp_profiles.model import Outcome
from idp_profiles.model import Person
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import hire


@dataclass(frozen=True, slots=True)
class Updated:
    """A person with another given name since the last sync, and the form that brought it."""

    id: str
    form: str
    outcome: Outcome
    inactive: bool  # before the update


@dataclass(frozen=True, slots=True)
class Renamed:
    """A person whose primary address has changed from `old` to `new`."""

    old: str
    new: str
    id: str
    outcome: Outcome


@pytest.fixture
def updated(google: Replay, bench: Bench, people: Registry) -> Updated:
    """A person whom an update has reached, by PUT or else by PATCH; shared, to be read only."""

    def make() -> Updated:
        maker, client = google.on(bench.shared.journal), bench.client(bench.shared.journal)
        made = hire(maker, client, people.person())
        inactive = client.user(made.id).object().get("active") is False
        outcome = maker.mock.update_as("put", made.person, {"given_name": "Barbara-Four"})
        if outcome.ok:
            return Updated(made.id, "put", outcome, inactive)
        outcome = maker.mock.update_as("patch", made.person, {"given_name": "Barbara-Five"})
        return Updated(made.id, "patch", outcome, inactive)

    return bench.shared.once("google-updated", bench.log, make)


@pytest.fixture
def renamed(google: Replay, bench: Bench, people: Registry, updated: Updated) -> Renamed:
    """A person with another primary address since the last sync; shared, to be read only."""

    def make() -> Renamed:
        google.arranged(updated.outcome, "update")
        maker, client = google.on(bench.shared.journal), bench.client(bench.shared.journal)
        made, new = hire(maker, client, people.person()), people.person().email
        outcome = maker.mock.update_as(updated.form, made.person, {"email": new})
        return Renamed(made.person.email, new, made.id, outcome)

    return bench.shared.once("google-renamed", bench.log, make)


@requirement(
    "GOOGLE-UPDATE-1",
    proof=(
        *("put-ignored", "put-refuses-id", "put-refused-501+patch-refused-501"),
        *("patch-replace-ignored", "patch-part-path-refused"),
    ),
)
def test_a_changed_name_arrives(google: Replay, account: Account, look: ScimClient) -> None:
    """A given name changed in Google is changed on the server, by PUT and by PATCH."""
    person: Person = account.person
    names = iter(("Barbara-One", "Barbara-Two", "Barbara-Three"))

    def check(form: Replay) -> None:
        form.idp.link(person, account.id)
        name = next(names)
        form.act.update(person, given_name=name)
        user = expect(look.user(account.id)).status(200).has("name.givenName", name)
        user.has("name.familyName", person.family_name).email(person.email)

    every_form(google, "update", check)


@requirement("GOOGLE-UPDATE-2", proof=("put-deactivates",))
def test_an_update_leaves_id_and_state(google: Replay, updated: Updated, look: ScimClient) -> None:
    """After an update the user has the id it had and is active."""
    google.worked(updated.outcome, "update")
    user = expect(look.user(updated.id)).status(200).has("id", updated.id)
    if updated.inactive:
        raise NotOffered("the server creates inactive users")
    user.not_inactive()


@requirement(
    "GOOGLE-UPDATE-3",
    proof=(
        *("rename-refused", "rename-ignored", "rename-creates-another", "rename-changes-id"),
        "rename-old-name-still-found",
    ),
)
def test_a_changed_address_is_the_same_user(
    google: Replay, renamed: Renamed, look: ScimClient
) -> None:
    """A changed primary address belongs to the same user, who is not found by the old one."""
    google.judged(renamed.outcome)
    expect(look.user(renamed.id)).status(200).has("userName", renamed.new)
    expect(look.users_named(renamed.new)).matches(renamed.id)
    expect(look.users_named(renamed.old)).nobody()


@requirement("GOOGLE-UPDATE-4", proof=("put-merges-emails",))
def test_the_old_address_is_gone(google: Replay, renamed: Renamed, look: ScimClient) -> None:
    """After an update with another e-mail address the old one is not there."""
    google.worked(renamed.outcome, "update")
    user = expect(look.user(renamed.id)).status(200).email(renamed.new)
    user.holds_no_value("emails", value=renamed.old)
