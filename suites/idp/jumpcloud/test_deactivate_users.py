"""JumpCloud's deactivation: active goes to false and back, on one and the same user."""

from __future__ import annotations

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement

from .conftest import Account
from .conftest import Acted
from .conftest import formed
from .conftest import hire
from .outcomes import passed
from .outcomes import through
from .outcomes import understood

DEACTIVATE, REACTIVATE = "deactivate the user", "reactivate the user"
CREATE = "create the user"


@requirement("JUMPCLOUD-DEACT-1", proof=("deactivate-refused", "deactivate-ignored"))
def test_who_loses_the_application_is_inactive(jc: Replay, leaver: Acted, look: ScimClient) -> None:
    """Taking the application from a person makes the same user inactive."""
    passed(jc, leaver.outcome, DEACTIVATE)
    expect(look.user(leaver.id)).status(200).has("id", leaver.id).has("active", False)


@requirement("JUMPCLOUD-DEACT-2", proof=("filter-hides-inactive", "deactivate-deletes"))
def test_an_inactive_user_is_found(jc: Replay, leaver: Acted, look: ScimClient) -> None:
    """An inactive user is the one match of its userName."""
    through(jc, leaver.outcome)
    found = look.users_named(leaver.person.user_name)
    understood(found, by="JUMPCLOUD-CREATE-1").matches(leaver.id)


@requirement("JUMPCLOUD-DEACT-3", proof=("deactivate-clears-profile",))
def test_an_inactive_user_keeps_the_profile(jc: Replay, leaver: Acted, look: ScimClient) -> None:
    """Names and e-mail of an inactive user are those that the PUT repeated."""
    through(jc, leaver.outcome)
    person = leaver.person
    user = expect(look.user(leaver.id)).status(200).email(person.email)
    user.has("name.givenName", person.given_name).has("name.familyName", person.family_name)


@requirement(
    "JUMPCLOUD-DEACT-4",
    proof=("deactivate-ignored", "reactivate-ignored", "reactivate-refused"),
)
@pytest.mark.usefixtures("selective")
def test_a_password_expiry_passes(jc: Replay, bound: Account, look: ScimClient) -> None:
    """An expired password makes the user inactive, and a new one active again."""
    passed(jc, jc.mock.expire_password(bound.person), DEACTIVATE)
    expect(look.user(bound.id)).status(200).has("active", False)
    passed(jc, jc.mock.renew_password(bound.person), REACTIVATE, CREATE)
    user = expect(look.user(bound.id)).status(200).has("id", bound.id).not_inactive()
    user.has("name.familyName", bound.person.family_name).email(bound.person.email)


@requirement("JUMPCLOUD-DEACT-5", proof=("deactivate-refused", "reactivate-refused"))
@pytest.mark.usefixtures("selective")
def test_a_suspension_passes(jc: Replay, bound: Account, look: ScimClient) -> None:
    """A suspended person is inactive, and active when the suspension ends."""
    passed(jc, jc.mock.suspend(bound.person), DEACTIVATE)
    expect(look.user(bound.id)).status(200).has("active", False)
    passed(jc, jc.mock.unsuspend(bound.person), REACTIVATE, CREATE)
    expect(look.user(bound.id)).status(200).not_inactive()


@requirement(
    "JUMPCLOUD-DEACT-6",
    proof=(
        *("reactivate-ignored", "reactivate-refused", "reactivate-new-id"),
        "filter-hides-inactive",
    ),
)
@pytest.mark.usefixtures("selective")
def test_who_comes_back_has_the_same_account(jc: Replay, bound: Account, look: ScimClient) -> None:
    """A person who is bound again is active under the same id, with names and e-mail."""
    person = bound.person
    jc.given.unbind(person)
    passed(jc, jc.mock.bind(person), REACTIVATE, CREATE)
    user = expect(look.user(bound.id)).status(200).has("id", bound.id).not_inactive()
    user.has("name.familyName", person.family_name).email(person.email)
    expect(look.users_named(person.user_name)).matches(bound.id)


@requirement("JUMPCLOUD-DEACT-7", proof=("deactivate-drops-memberships",))
@pytest.mark.usefixtures("groups_offered", "selective")
def test_an_expiry_costs_no_group(
    jc: Replay, bound: Account, look: ScimClient, people: Registry
) -> None:
    """A person whose password expired and was renewed is in the group as before."""
    group_id = formed(look, people.group().name, (bound.id,))
    expect(look.group(group_id)).status(200).members([bound.id])
    jc.given.expire_password(bound.person)
    jc.given.renew_password(bound.person)
    expect(look.group(group_id)).status(200).members([bound.id])


@requirement(
    "JUMPCLOUD-DEACT-8",
    proof=("deactivate-refused", "deactivate-ignored"),
)
@pytest.mark.usefixtures("groups_offered")
def test_an_unbound_group_stays_without_its_people(
    jc: Replay, look: ScimClient, people: Registry
) -> None:
    """An unbound group stays, who has nothing else is inactive, and who has is not."""
    alone, other = (hire(jc, look, people.person(), bound=each) for each in (False, True))
    group = people.group(alone.person, other.person)
    group_id = formed(look, group.name, (alone.id, other.id))
    jc.idp.link_group(group, group_id)
    passed(jc, jc.mock.unbind_group(group), DEACTIVATE)
    expect(look.user(alone.id)).status(200).has("active", False)
    expect(look.user(other.id)).status(200).not_inactive()
    expect(look.group(group_id)).status(200).has("displayName", group.name)
