"""JumpCloud's update: a PUT of the whole profile, and what it may not cost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.client import ScimClient
from suites.expect import expect
from suites.expect import value_at
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import Team
from .conftest import Trial
from .conftest import hire
from .outcomes import judged
from .outcomes import passed
from .outcomes import through

READ, REPLACE = "read the user", "replace the user"
OTHER = "Barbara-Changed"  # a given name that nobody is made up with
NUMBER: dict[str, Json] = {"value": "tel:+1-555-555-0100", "type": "work", "primary": True}
SALES: dict[str, Json] = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    ENTERPRISE_URN: {"department": "Sales"},
}
PHOTO = "https://example.com/photos/barbara.png"


def _does_no_harm(name: str, jc: Replay, changed: Trial) -> None:
    """Judge the PUT by one peculiarity: to blame only if the same PUT without it succeeds."""
    if changed.culprit == name:
        jc.note("the same request is accepted without it")
        judged(jc, changed)
    through(jc, changed)


@requirement(
    "JUMPCLOUD-UPDATE-1",
    proof=(
        *("put-refused-501", "put-ignored", "put-name-ignored"),
        *("put-answers-204", "put-empty-body"),
    ),
)
def test_a_changed_name_is_there(
    jc: Replay, changed: Trial, look: ScimClient, people: Registry
) -> None:
    """A given name changed in JumpCloud is changed in the application, read before or not."""
    if changed.culprit is not None:
        through(jc, changed)
    passed(jc, changed, READ, REPLACE)
    expect(look.user(changed.id)).status(200).has("name.givenName", OTHER)

    def check(form: Replay) -> None:
        account = hire(form, look, people.person())
        passed(form, form.mock.update(account.person, given_name=OTHER), REPLACE)
        expect(look.user(account.id)).status(200).has("name.givenName", OTHER)

    every_form(jc, "update", check, only=lambda name: name != "default")


@requirement("JUMPCLOUD-UPDATE-2", proof=("put-refuses-id",))
def test_the_id_in_a_put_is_accepted(jc: Replay, changed: Trial) -> None:
    """The id in the body of a PUT does no harm."""
    _does_no_harm("id", jc, changed)


@requirement("JUMPCLOUD-UPDATE-3", proof=("put-schemas-order-matters",))
def test_the_extension_first_is_accepted(jc: Replay, changed: Trial) -> None:
    """The enterprise URN in front of the core one does no harm."""
    _does_no_harm("order", jc, changed)


@requirement("JUMPCLOUD-UPDATE-4", proof=("put-refuses-empty-arrays",))
def test_empty_arrays_are_accepted(jc: Replay, changed: Trial) -> None:
    """Empty arrays of addresses and phoneNumbers do no harm."""
    _does_no_harm("arrays", jc, changed)


@requirement("JUMPCLOUD-UPDATE-5", proof=("put-empty-array-keeps",))
def test_a_cleared_number_is_gone(
    jc: Replay, look: ScimClient, people: Registry, needs: Callable[..., None]
) -> None:
    """A telephone number that JumpCloud has no more is gone in the application."""
    needs("phoneNumbers.value")
    account = hire(jc, look, people.person(), {"phoneNumbers": [NUMBER]})
    expect(look.user(account.id)).status(200)
    through(jc, jc.mock.update(account.person, given_name=OTHER))
    expect(look.user(account.id)).status(200).absent("phoneNumbers")


@requirement("JUMPCLOUD-UPDATE-6", proof=("put-merges-emails", "put-emails-lost"))
def test_a_changed_address_replaces_the_old(
    jc: Replay, bound: Account, look: ScimClient, people: Registry
) -> None:
    """A changed e-mail address is there, and the old one is not."""
    new = people.person().email
    through(jc, jc.mock.update(bound.person, email=new))
    user = expect(look.user(bound.id)).status(200).email(new)
    user.holds_no_value("emails", value=bound.person.email)


@requirement("JUMPCLOUD-UPDATE-7", proof=("put-deactivates",))
def test_an_update_leaves_the_user_active(jc: Replay, changed: Trial, look: ScimClient) -> None:
    """An active user is active after an update."""
    through(jc, changed)
    expect(look.user(changed.id)).status(200).not_inactive()


@requirement("JUMPCLOUD-UPDATE-8", proof=("put-clears-memberships", "put-refuses-members"))
def test_an_update_leaves_the_groups(jc: Replay, team: Team, look: ScimClient) -> None:
    """After an update of a member of a group the group has the members it had."""
    expect(look.group(team.id)).status(200).members(team.member_ids)
    outcome = jc.mock.update(team.staff[0].person, title="Guide")
    passed(jc, outcome, REPLACE)
    expect(look.group(team.id)).status(200).members(team.member_ids)


@requirement("JUMPCLOUD-UPDATE-9", proof=("put-drops-photos",))
def test_photos_that_come_back_are_kept(
    jc: Replay, look: ScimClient, people: Registry, needs: Callable[..., None]
) -> None:
    """A photo that the application showed and the PUT returns is still there."""
    needs("photos.value")
    account = hire(jc, look, people.person(), {"photos": [{"value": PHOTO, "type": "photo"}]})
    if not value_at(look.user(account.id).object(), "photos[0].value"):
        raise NotOffered("the server keeps no photos")
    through(jc, jc.mock.update(account.person, given_name=OTHER))
    expect(look.user(account.id)).status(200).filled("photos[0].value")


@requirement("JUMPCLOUD-UPDATE-10", proof=("put-drops-extension", "enterprise-dropped"))
@pytest.mark.usefixtures("enterprise_offered")
def test_a_changed_department_is_there(jc: Replay, look: ScimClient, people: Registry) -> None:
    """A department changed in JumpCloud is changed in the application."""
    account = hire(jc, look, people.person(), SALES)
    through(jc, jc.mock.update(account.person, department="Tours"))
    expect(look.user(account.id)).status(200).has(f"{ENTERPRISE_URN}:department", "Tours")


@requirement("JUMPCLOUD-UPDATE-11", proof=("put-drops-external-id",))
def test_an_update_keeps_the_external_id(jc: Replay, look: ScimClient, people: Registry) -> None:
    """The externalId, which the PUT repeats, is there after an update."""
    person = people.person()
    account = hire(jc, look, person, {"externalId": jc.idp.person(person).idp_id})
    if not value_at(look.user(account.id).object(), "externalId"):
        raise NotOffered("the server keeps no externalId")
    through(jc, jc.mock.update(person, given_name=OTHER))
    expect(look.user(account.id)).status(200).has("externalId", jc.idp.person(person).idp_id)


@requirement("JUMPCLOUD-UPDATE-12", proof=("reactivate-refused",))
def test_a_user_disabled_elsewhere_is_updated(
    jc: Replay, look: ScimClient, people: Registry
) -> None:
    """The PUT of a user who was disabled in the application is accepted."""
    account = hire(jc, look, people.person(), {"active": False})
    passed(jc, jc.mock.update(account.person, given_name=OTHER), REPLACE)
    expect(look.user(account.id)).status(200).has("name.givenName", OTHER)
