"""Okta's Update User Attributes: GET, then PUT of the server's own representation."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from idp_profiles.model import Person
from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import Team

OTHER = "Barbara-Changed"  # a given name that nobody is made up with
# What other clients maintain and Okta's default mapping does not hold.
FOREIGN: dict[str, Json] = {
    "title": "Tour Guide",
    "nickName": "Babs",
    "phoneNumbers": [{"value": "+1-555-0100", "type": "work"}],
}


KEPT = ("userName", "name.familyName", "displayName", f"{ENTERPRISE_URN}:department")
EXTENDED: dict[str, Json] = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    ENTERPRISE_URN: {"department": "Tours"},
}


def _with_foreign_attributes(look: ScimClient, person: Person) -> dict[str, Json]:
    """Create a user as another client would, with the extension where the server takes it."""
    for attributes in ({**FOREIGN, **EXTENDED}, FOREIGN):
        reply = look.create_user(person, **attributes)
        if reply.status in (200, 201):
            return reply.object()
    raise Blocked(f"POST /Users answered {reply.status}", by="OKTA-CREATE-1", entry=reply.entry)


@requirement(
    "OKTA-UPD-1",
    proof=(
        *("put-refused-501", "put-ignored", "put-refuses-own-representation", "put-refuses-id"),
        *("put-answers-204", "put-empty-body"),
    ),
    dialects=(),
)
def test_a_changed_name_is_seen(
    okta: Replay, assigned: Account, look: ScimClient, people: Registry
) -> None:
    """A family name changed in Okta is changed on the server."""
    name = people.family_name() + "-Changed"
    okta.act.update(assigned.person, family_name=name)
    expect(look.user(assigned.id)).status(200).has("name.familyName", name)


@requirement(
    "OKTA-UPD-2",
    proof=("put-drops-unmapped", "put-drops-extension", "get-hides-emails"),
    dialects=(),
)
def test_a_profile_push_loses_nothing(okta: Replay, look: ScimClient, people: Registry) -> None:
    """After a profile push everything that the server knew is still there."""
    person = people.person()
    before = _with_foreign_attributes(look, person)
    okta.given.assign(person)
    user_id = str(okta.idp.user_id(person))
    okta.worked(okta.mock.update(person, given_name=OTHER), "update")
    after = expect(look.user(user_id)).status(200).email(person.email)
    pushed = {path.lower() for path in okta.setup.wishes or ()}
    after.keeps(before, paths=[p for p in (*KEPT, *FOREIGN) if p.lower() not in pushed])


@pytest.mark.usefixtures("groups_offered")
@requirement("OKTA-UPD-2", proof=("put-clears-memberships", "put-refuses-members"), dialects=())
def test_a_profile_push_leaves_the_groups(okta: Replay, pushed: Team, look: ScimClient) -> None:
    """After a profile push of a member of a group the group has the members it had."""
    okta.act.update(pushed.staff[0].person, given_name=OTHER)
    expect(look.group(pushed.id)).status(200).members(pushed.member_ids)


@requirement("OKTA-UPD-3", proof=("put-deactivates",), dialects=())
def test_a_profile_push_leaves_active(okta: Replay, assigned: Account, look: ScimClient) -> None:
    """An active user is active after a profile push."""
    okta.worked(okta.mock.update(assigned.person, given_name=OTHER), "update")
    expect(look.user(assigned.id)).status(200).not_inactive()


@requirement(
    "OKTA-UPD-4",
    proof=("rename-refused", "rename-creates-another", "rename-old-name-still-found"),
    dialects=(),
)
def test_a_changed_login_keeps_the_id(
    okta: Replay, assigned: Account, look: ScimClient, people: Registry
) -> None:
    """A renamed user keeps the id, is found under the new name and not under the old."""
    new = people.person().user_name
    okta.act.rename(assigned.person, user_name=new)
    expect(look.user(assigned.id)).status(200).has("userName", new)
    expect(look.users_named(new)).matches(assigned.id)
    expect(look.users_named(assigned.person.user_name)).nobody()


@requirement("OKTA-UPD-5", proof=("put-merges-emails", "put-emails-lost"), dialects=())
def test_a_changed_email_replaces_the_old(
    okta: Replay, assigned: Account, look: ScimClient, people: Registry
) -> None:
    """A changed e-mail is there, and the old one is not."""
    new = people.person().email
    okta.act.rename(assigned.person, email=new)
    user = expect(look.user(assigned.id)).status(200).email(new)
    if assigned.person.email in str(user.at("emails")):
        raise Mismatch(
            expected="the old e-mail gone",
            actual=f"emails {user.at('emails')!r}",
            entry=okta.last_entry(),
        )


@requirement(
    "OKTA-UPD-6", proof=("put-refused-501", "empty-string-refused", "null-refused"), dialects=()
)
def test_a_cleared_attribute_is_accepted(okta: Replay, assigned: Account, look: ScimClient) -> None:
    """An attribute cleared in Okta does no harm, as empty string, null or missing key."""
    person = assigned.person

    def check(form: Replay) -> None:
        form.idp.link(person, assigned.id)
        form.act.clear(person, "nickName")
        user = expect(look.user(assigned.id)).status(200).has("userName", person.user_name)
        user.has("name.familyName", person.family_name)

    every_form(okta, "push-empty-values", check)


@requirement("OKTA-UPD-7", proof=("get-missing-as-200-empty", "get-missing-as-500"), dialects=())
def test_a_user_deleted_elsewhere_is_404(okta: Replay, assigned: Account, look: ScimClient) -> None:
    """The GET before the push is answered 404 when the user is gone."""
    gone = look.delete("Users", assigned.id)
    if not 200 <= gone.status < 300:
        raise NotOffered(f"DELETE /Users answered {gone.status}; Okta itself never sends it")
    outcome = okta.watched(okta.mock.update(assigned.person, given_name=OTHER))
    first = outcome.exchanges[0].reply
    if first is None or first.status != 404:
        raise Mismatch(
            expected="404 for a user who was deleted",
            actual=str(first.status if first else "no reply"),
            entry=okta.last_entry(),
        )
