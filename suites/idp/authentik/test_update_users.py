"""authentik's Sync users: PUT of the whole user, activation, deletion, and creating again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.idp.accounts import Acted
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import known_team


@requirement(
    "AUTHENTIK-UPD-1",
    proof=(
        *("put-refused-501", "put-ignored", "put-empty-body", "put-refuses-id"),
        *("put-name-ignored", "put-refuses-empty-arrays"),
    ),
    dialects=(),
)
def test_a_changed_name_is_seen(
    authentik: Replay, account: Account, look: ScimClient, people: Registry
) -> None:
    """A name changed in authentik is changed on the server."""
    given, family = account.person.given_name, people.family_name() + "-Changed"
    authentik.act.update(account.person, display_name=f"{given} {family}")
    user = expect(look.user(account.id)).status(200).has("name.familyName", family)
    user.has("name.givenName", given).has("userName", account.person.user_name)


@requirement(
    "AUTHENTIK-UPD-2",
    proof=("put-merges-emails", "put-emails-lost"),
    dialects=(),
)
def test_a_changed_email_replaces_the_old(
    authentik: Replay, account: Account, look: ScimClient, people: Registry
) -> None:
    """An e-mail changed in authentik is there, and the old one is not."""
    new, old = people.person().email, account.person.email
    authentik.worked(authentik.mock.update(account.person, email=new), "update")
    user = expect(look.user(account.id)).status(200).email(new)
    user.holds_no_value("emails", value=old)


@requirement(
    "AUTHENTIK-UPD-3",
    proof=("rename-refused", "rename-ignored", "rename-creates-another", "rename-changes-email"),
    dialects=(),
)
def test_a_changed_login_keeps_the_id(
    authentik: Replay, account: Account, look: ScimClient, people: Registry
) -> None:
    """A renamed user has the new userName, the same id and the same e-mail address."""
    new = people.person().user_name
    authentik.act.update(account.person, user_name=new)
    user = expect(look.user(account.id)).status(200).has("userName", new)
    user.email(account.person.email)


@requirement(
    "AUTHENTIK-UPD-3",
    proof=("rename-in-capitals-refused",),
    dialects=(),
)
def test_a_login_in_capitals_is_no_conflict(
    authentik: Replay, account: Account, look: ScimClient
) -> None:
    """A user whose userName gets capitals in authentik is the same user."""
    new = account.person.user_name.upper()
    authentik.act.update(account.person, user_name=new)
    expect(look.user(account.id)).status(200).has("userName", new)


@pytest.mark.usefixtures("groups_offered")
@requirement(
    "AUTHENTIK-UPD-4", proof=("put-clears-memberships", "put-refuses-members"), dialects=()
)
def test_an_update_leaves_the_groups(
    authentik: Replay, account: Account, look: ScimClient, people: Registry
) -> None:
    """Whose name is changed by PUT is still a member of the group."""
    known = known_team(authentik, look, people.group(), account)
    authentik.act.update(account.person, display_name="Ann Changed")
    expect(look.group(known.id)).status(200).members([account.id])


@requirement("AUTHENTIK-UPD-5", proof=("put-missing-as-500", "deleted-name-taken"), dialects=())
def test_who_is_gone_is_created_again(
    authentik: Replay, account: Account, look: ScimClient
) -> None:
    """A PUT on a user who was deleted is answered 404, and the POST after it makes a new one."""
    _deleted_elsewhere(look, account)
    authentik.act.update(account.person, display_name="Ann Changed")
    new_id = str(authentik.idp.user_id(account.person))
    if new_id == account.id:
        raise Mismatch(
            expected="404 for a user who was deleted, and a new account",
            actual=f"no new account beside {account.id}",
            entry=authentik.last_entry(),
        )
    expect(look.user(new_id)).status(200).has("userName", account.person.user_name)


# -- state


@requirement(
    "AUTHENTIK-STATE-1",
    proof=("deactivate-ignored", "deactivate-refused", "active-as-string"),
    dialects=(),
)
def test_a_deactivated_person_is_inactive(
    authentik: Replay, leaver: Acted, look: ScimClient
) -> None:
    """Deactivating sets `active` to false on the same user."""
    authentik.judged(leaver.outcome)
    expect(look.user(leaver.id)).status(200).has("id", leaver.id).has("active", False)


@requirement("AUTHENTIK-STATE-2", proof=("deactivate-clears-profile",), dialects=())
def test_deactivation_keeps_the_profile(authentik: Replay, leaver: Acted, look: ScimClient) -> None:
    """Names and e-mail are as the PUT that deactivates has them."""
    authentik.worked(leaver.outcome, "deactivate")
    person = leaver.person
    after = expect(look.user(leaver.id)).status(200).email(person.email)
    after.has("name.givenName", person.given_name).has("name.familyName", person.family_name)


@requirement(
    "AUTHENTIK-STATE-3",
    proof=("reactivate-ignored", "reactivate-refused", "reactivate-new-id", "deactivate-deletes"),
    dialects=(),
)
def test_an_activated_person_is_the_same_user(
    authentik: Replay, account: Account, look: ScimClient
) -> None:
    """After deactivation and activation the same id is active."""
    authentik.given.deactivate(account.person)
    authentik.act.reactivate(account.person)
    expect(look.user(account.id)).status(200).has("id", account.id).not_inactive()


# -- deletion


@requirement(
    "AUTHENTIK-GONE-1",
    proof=("delete-refused", "delete-ignored", "delete-deactivates"),
    dialects=(),
)
def test_a_deleted_person_is_gone(authentik: Replay, account: Account, look: ScimClient) -> None:
    """Who is deleted in authentik is not on the server any more."""
    authentik.act.delete(account.person)
    expect(look.user(account.id)).status(404, 410)


@requirement("AUTHENTIK-GONE-2", proof=("delete-twice-500",), dialects=())
def test_who_is_gone_already_can_be_deleted(
    authentik: Replay, account: Account, look: ScimClient
) -> None:
    """The deletion of a user whom somebody else deleted is answered 404."""
    _deleted_elsewhere(look, account)
    authentik.act.delete(account.person)


@requirement("AUTHENTIK-GONE-3", proof=("deleted-name-taken",), dialects=())
def test_who_comes_back_has_an_account_again(
    authentik: Replay, account: Account, look: ScimClient
) -> None:
    """Who was deleted and comes into scope again gets an account."""
    authentik.given.delete(account.person)
    authentik.act.assign(account.person)
    user = expect(look.user(str(authentik.idp.user_id(account.person)))).status(200)
    user.has("userName", account.person.user_name).not_inactive()


@pytest.mark.usefixtures("groups_offered")
@requirement(
    "AUTHENTIK-GONE-4",
    proof=("delete-of-member-refused", "delete-takes-groups-along"),
    dialects=(),
)
def test_a_member_can_be_deleted(
    authentik: Replay,
    account: Account,
    crew: tuple[Account, ...],
    look: ScimClient,
    people: Registry,
) -> None:
    """A member of a group can be deleted; the group stays, with the others."""
    known = known_team(authentik, look, people.group(), crew[0], account)
    authentik.act.delete(account.person)
    expect(look.group(known.id)).status(200).holds_value("members", value=crew[0].id)


def _deleted_elsewhere(look: ScimClient, account: Account) -> None:
    gone = look.delete("Users", account.id)
    if not 200 <= gone.status < 300:
        raise NotOffered(f"DELETE /Users answered {gone.status}, so nobody is ever gone")


@requirement("AUTHENTIK-STATE-1", proof=("deactivate-twice-activates",), dialects=())
def test_a_change_leaves_an_inactive_user_inactive(
    authentik: Replay, account: Account, look: ScimClient
) -> None:
    """Who is inactive and gets another name, in a PUT with `active` false, is still inactive."""
    authentik.given.deactivate(account.person)
    authentik.worked(authentik.mock.update(account.person, display_name="Ann Else"), "update")
    expect(look.user(account.id)).status(200).has("active", False)


@pytest.mark.usefixtures("groups_offered")
@requirement("AUTHENTIK-GONE-4", proof=("group-of-deleted-member-500",), dialects=())
def test_the_group_of_a_deleted_member_takes_others(
    authentik: Replay,
    account: Account,
    crew: tuple[Account, ...],
    look: ScimClient,
    people: Registry,
) -> None:
    """A group of which authentik deleted a member can still be given another."""
    known = known_team(authentik, look, people.group(), crew[0], account)
    authentik.worked(authentik.mock.add_members(known.group, crew[1].person), "add_members")
    authentik.given.delete(account.person)
    group = replace(known.group, members=(crew[0].person, crew[1].person))
    authentik.idp.link_group(group, known.id)
    authentik.act.add_members(group, crew[2].person)
    expect(look.group(known.id)).status(200).holds_value("members", value=crew[2].id)
