"""Okta's CRUD and entitlements tests: what they read from the server after each step in Okta."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

import pytest

from idp_profiles.model import Person
from idp_profiles.okta.official import CRUD
from idp_profiles.okta.official import ENTITLEMENTS
from idp_profiles.okta.official import ENTITLEMENTS_CRUD
from suites.conftest import Bench
from suites.expect import value_at
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import Acted
from .official_file import OfficialFile
from .official_file import drawn

UPDATED = "Runscope-Updated"


@dataclass(frozen=True, slots=True)
class Live:
    """A person of the live org of the test, with the file that reads the server about them."""

    file: OfficialFile
    person: Person


def _live(okta: Replay, bench: Bench, people: Registry, person: Person, user_id: str) -> Live:
    variables = replace(
        drawn(bench, people),
        user_email=person.user_name,
        user_first_name=person.given_name,
        user_last_name=person.family_name,
        user_first_name_update=UPDATED,
        scim_id=user_id,
    )
    return Live(OfficialFile(okta, bench, variables), person)


@pytest.fixture
def live(okta: Replay, bench: Bench, people: Registry, assigned: Account) -> Live:
    """A person assigned to the app, whom the file knows."""
    return _live(okta, bench, people, assigned.person, assigned.id)


@requirement("OKTA-CRUD-4", proof=("search-hides-names", "filter-finds-nothing"), dialects=())
def test_the_assigned_user_is_found(
    okta: Replay, newcomer: Acted, bench: Bench, people: Registry
) -> None:
    """Step 4: the assigned user is found with login, e-mail and names."""
    okta.arranged(newcomer.outcome, "assign")
    _live(okta, bench, people, newcomer.person, newcomer.id).file.passes(CRUD[0])


@requirement("OKTA-CRUD-6", proof=("put-ignored", "put-name-ignored"), dialects=())
def test_the_changed_name_is_read(okta: Replay, live: Live) -> None:
    """Step 6: the first name changed in Okta is read by id."""
    okta.given.update(live.person, given_name=UPDATED)
    live.file.passes(CRUD[1])


@requirement("OKTA-CRUD-8", proof=("deactivate-ignored", "inactive-hidden-by-id"))
def test_the_deactivated_user_is_inactive(
    okta: Replay, leaver: Acted, bench: Bench, people: Registry
) -> None:
    """Step 8: the deactivated user is read by id with active false."""
    okta.arranged(leaver.outcome, "deactivate")
    _live(okta, bench, people, leaver.person, leaver.id).file.passes(CRUD[2])


@requirement("OKTA-CRUD-11", proof=("reactivate-ignored", "reactivate-new-id"))
def test_the_activated_user_is_active(okta: Replay, live: Live) -> None:
    """Step 11: after activation and assignment the same id is active."""
    okta.given.deactivate(live.person)
    okta.given.reactivate(live.person)
    live.file.passes(CRUD[3])


@requirement("OKTA-CRUD-13", proof=("deactivate-ignored",))
def test_the_removed_assignment_deactivates(okta: Replay, live: Live) -> None:
    """Step 13: after the assignment is removed the same id is inactive."""
    okta.given.deactivate(live.person)
    okta.given.reactivate(live.person)
    okta.given.deactivate(live.person)
    live.file.passes(CRUD[4])


@requirement(
    "OKTA-ENTTEST-1",
    proof=("entitlement-list-404", "entitlement-list-empty", "entitlement-items-per-page-100"),
)
@pytest.mark.usefixtures("entitlements_offered")
def test_each_entitlement_endpoint_lists_one(okta: Replay, bench: Bench, people: Registry) -> None:
    """Every endpoint of roles and entitlements lists one at a time, with counts."""
    file = OfficialFile(okta, bench, drawn(bench, people))
    for endpoint in _endpoints(okta):
        file.variables = replace(file.variables, entitlement_endpoint=endpoint)
        file.passes(ENTITLEMENTS[0])


@requirement("OKTA-ENTTEST-2", proof=("search-hides-names", "filter-finds-nothing"))
@pytest.mark.usefixtures("entitlements_offered")
def test_the_granted_user_is_found(okta: Replay, live: Live) -> None:
    """An assigned and granted user is found with login, e-mail and names."""
    okta.given.discover_entitlements()
    if okta.idp.discovered.roles:
        first = dict(okta.idp.discovered.roles[0])
        role = {"value": value_at(first, "id"), "display": value_at(first, "displayName")}
        okta.given.grant(live.person, roles=[role])
    live.file.passes(ENTITLEMENTS_CRUD[0])


def _endpoints(okta: Replay) -> list[str]:
    """Return the endpoints that Okta's discovery reads, relative to the base URL."""
    outcome = okta.watched(okta.mock.discover_entitlements())
    known = ("/ResourceTypes", "/Schemas")
    targets = [exchange.request.target.partition("?")[0] for exchange in outcome.exchanges]
    found = [target for target in dict.fromkeys(targets) if target not in known]
    if not found:
        raise NotOffered("discovery names no endpoint of roles or entitlements")
    return found
