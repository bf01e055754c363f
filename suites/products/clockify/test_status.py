"""Leaving: the status, the access, and the order in which personal data go away."""

from __future__ import annotations

from suites.products.company import Company
from suites.requirements import by_id
from suites.requirements import requirement
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .arranging import assume
from .arranging import at_work
from .arranging import eyes_of
from .arranging import without

INACTIVE = "INACTIVE"
_LEAVING = ("deactivation-ignored", "deactivation-removes", "status-changes-late")


@requirement("CLK-USER-4", proof=_LEAVING)
def test_deactivating_changes_the_status_at_once(company: Company) -> None:
    """Who loses the app in the IdP is inactive in the product, right after the request."""
    key = at_work(company)
    company.directory.unassign(key)
    company.sync()
    company.shows_member(key, status=INACTIVE)


@requirement("CLK-USER-4", proof=("reactivation-ignored", "second-deactivation-ignored"))
def test_activating_changes_the_status_at_once(company: Company) -> None:
    """Who gets the app again is active in the product, and inactive once it is taken again."""
    key = at_work(company)
    company.directory.unassign(key)
    company.arrange()
    company.directory.assign(key)
    company.sync()
    company.shows_member(key)
    company.directory.unassign(key)
    company.sync()
    company.shows_member(key, status=INACTIVE)


@requirement(
    "CLK-USER-10",
    proof=(
        *("inactive-keys-work-on", "inactive-keys-open-the-workspace"),
        *("status-changes-late", "deactivation-ignored"),
    ),
)
def test_a_deprovisioned_user_has_no_access(company: Company) -> None:
    """The key of somebody who loses the app opens nothing, right after the request."""
    key = at_work(company)
    eyes = eyes_of(company, key)
    workspace = company.workspace
    workspace.shown(eyes.has_access, bool, "access before", lambda _: "none")
    company.directory.unassign(key)
    company.sync()
    workspace.shown(eyes.has_access, lambda there: not there, "no access", lambda _: "access")


@requirement("CLK-USER-10", proof=("removed-keys-work-on",), idps=("entra",))
def test_a_removed_user_has_no_access(company: Company) -> None:
    """The key of somebody whom the IdP deletes opens nothing, right after the request."""
    key = at_work(company)
    eyes = eyes_of(company, key)
    company.directory.delete(key)
    company.arrange()
    company.directory.purge(key)
    company.sync()
    workspace = company.workspace
    workspace.shown(eyes.has_access, lambda there: not there, "no access", lambda _: "access")


@requirement(
    "CLK-USER-8",
    proof=("inactive-users-frozen", "removal-ignored", "deactivation-removes", *_LEAVING[:1]),
)
def test_personal_data_go_away_in_the_documented_order(company: Company) -> None:
    """Deactivated in the IdP, then anonymised while still assigned, then removed."""
    assume(company, "active follows accountEnabled")
    entra, person = company.replay(), company.workspace.people.person()
    entra.given.assign(person)
    entra.act.soft_delete(person)
    company.shows(person.email, status=INACTIVE)
    # Blocked and assigned: from then on Entra sends what changes, and nothing about `active`.
    blocked = company.set_up(mapping=without(company, "active")).replay()
    blocked.idp.link(person, entra.idp.user_id(person))
    erased = _erased(company)
    blocked.act.update(person, **erased)
    company.shows(erased["email"], status=INACTIVE, name=erased["display_name"])
    company.shows_nobody(person.email)
    entra.act.purge(person)
    company.shows_nobody(erased["email"])


@requirement(
    "CLK-USER-8",
    proof=("deactivation-ignored", "deactivation-removes"),
    idps=("entra", "okta", "jumpcloud"),
)
def test_who_is_unassigned_first_is_never_anonymised(company: Company) -> None:
    """Once the app is taken away the anonymising update never comes, and the old data stay."""
    key = at_work(company)
    person = company.person(key)
    company.directory.unassign(key)
    company.arrange()
    sent = company.writes()
    company.directory.change(key, **_erased(company))
    company.sync()
    if company.writes() > sent:
        raise Mismatch(
            expected=f"{company.profile.title} sends nothing about somebody who is not assigned",
            actual="another request",
            entry=company.workspace.log.last(),
        )
    found = company.probe.member(person.email)
    if found.value is None or found.value.status != INACTIVE:
        came = "nobody" if found.value is None else f"status {found.value.status}"
        expected = f"{person.email} as inactive, with the old data"
        raise Mismatch(expected=expected, actual=came, entry=found.entry)
    reason = by_id("CLK-USER-8").not_achievable.get(company.provider)
    if reason:
        raise NotOffered(f"not achievable: {reason}")


def _erased(company: Company) -> dict[str, str]:
    """Return what an admin puts in place of name and address to delete personal data."""
    people = company.workspace.people
    address = f"{people.unique('erased')}@{people.domain}"
    return {
        "given_name": "Former",
        "family_name": "Colleague",
        "display_name": "Former Colleague",
        "email": address,
        "user_name": address,
    }
