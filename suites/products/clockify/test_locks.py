"""What SCIM locks in the product, for owner, admin and user, and what the IdP does instead."""

from __future__ import annotations

from suites.client import Seen
from suites.products.company import Company
from suites.products.probe import Probe
from suites.products.promises import done
from suites.products.promises import refused
from suites.products.workspace import Workspace
from suites.requirements import requirement
from suites.verdicts import Blocked

from .arranging import at_work
from .arranging import eyes_of
from .arranging import started_by

MANAGERS = ("owner", "admin")
EVERYBODY = (*MANAGERS, "user")
_SILENT = "locks-without-reason"
_OWNER = "owners-not-locked"
_UNSENT = "unsent-people-not-locked"
_DONE = "refused-changes-made"
_OWNER_ALONE = "tried as the owner alone; by hand: try it as an admin and as a user"
# What SCIM has no request for, whatever the IdP.
_NOT_CARRIED = "no request of SCIM revokes an invitation or makes a limited user a regular one"
_OF_IDP = {
    "okta": "Okta sends no DELETE for a user: who leaves is deactivated",
    "entra": "Entra deletes an account only once the person is purged from its recycle bin",
    "jumpcloud": "JumpCloud deactivates who leaves; what makes it delete is not established",
}


def _by(workspace: Workspace, who: str) -> Probe:
    return workspace.owner if who == "owner" else workspace.acting(who)


@requirement("CLK-LOCK-1", proof=("own-name-unlocked", _UNSENT, _SILENT))
def test_a_user_cannot_change_the_own_name(company: Company) -> None:
    """Whoever tries to change the own name is refused with a reason, provisioned or not."""
    key = at_work(company)
    seen = eyes_of(company, key).rename_self("Somebody Else")
    _not_renamed(company, key, seen, "changing the own name")
    for who in _others(company.workspace):
        seen = company.workspace.acting(who).rename_self("Somebody Else")
        refused(seen, f"changing the own name ({who})")
    company.shows_member(key, name=company.person(key).display_name)


@requirement("CLK-LOCK-2", proof=("leaving-unlocked", _UNSENT, _SILENT))
def test_a_user_cannot_leave(company: Company) -> None:
    """Whoever tries to leave the workspace is refused with a reason, provisioned or not."""
    key = at_work(company)
    refused(eyes_of(company, key).leave(), "leaving the workspace")
    for who in _others(company.workspace):
        refused(company.workspace.acting(who).leave(), f"leaving the workspace ({who})")
    company.shows_member(key)


@requirement("CLK-LOCK-3", proof=("joining-unlocked", _SILENT))
def test_nobody_joins_automatically(workspace: Workspace) -> None:
    """Who could join automatically before SCIM was on is refused with a reason afterwards."""
    early, late = (workspace.people.person().email for _ in range(2))
    _works_before(workspace.before_scim().owner.join(early), "joining automatically")
    workspace.switch_on()
    refused(workspace.owner.join(late), "joining automatically")
    workspace.shown(
        lambda: workspace.owner.member(late),
        lambda member: member is None,
        f"nobody with the address {late}",
        lambda _: "a new member",
    )


@requirement("CLK-LOCK-4", proof=("adding-users-unlocked", "inviting-unlocked", _SILENT, _OWNER))
def test_owners_cannot_add_users(company: Company) -> None:
    """Neither owner, admin nor user adds anybody in the product."""
    workspace = company.workspace
    for who in reversed(_present(workspace)):
        email = workspace.people.person().email
        refused(workspace.add_user(_by(workspace, who), email), f"adding a user ({who})")
        company.shows_nobody(email)
    if workspace.named is None:  # what a run invites by hand it could not take back
        email = workspace.people.person().email
        refused(started_by(workspace).invite(email), "inviting somebody")


@requirement(
    "CLK-LOCK-4", proof=("updating-users-unlocked", "reactivating-unlocked", _SILENT, _OWNER)
)
def test_owners_cannot_update_users(company: Company) -> None:
    """Neither owner, admin nor user activates, deactivates or renames a user in the product."""
    (key, leaver), workspace = company.hire(2), company.workspace
    company.arrange(by="CLK-USER-1")
    account, former = company.account(key), company.account(leaver)
    company.directory.unassign(leaver)
    company.arrange(by="CLK-USER-4")
    for who in reversed(_present(workspace)):
        refused(_by(workspace, who).set_status(account, "INACTIVE"), f"deactivating ({who})")
        refused(_by(workspace, who).set_status(former, "ACTIVE"), f"activating ({who})")
        seen = _by(workspace, who).rename_user(account, "Somebody Else")
        _not_renamed(company, key, seen, f"renaming ({who})")
    company.shows_member(key, name=company.person(key).display_name)
    company.shows_member(leaver, status="INACTIVE")


@requirement("CLK-LOCK-4", proof=("deleting-users-unlocked", _SILENT, _OWNER))
def test_owners_cannot_delete_users(company: Company) -> None:
    """Neither owner, admin nor user removes a user in the product."""
    key, workspace = at_work(company), company.workspace
    for who in reversed(_present(workspace)):
        refused(_by(workspace, who).remove_user(company.account(key)), f"removing a user ({who})")
    company.shows_member(key)


@requirement(
    "CLK-LOCK-5", proof=("invitations-revocable", "invited-people-deletable", _SILENT, _OWNER)
)
def test_invitations_cannot_be_revoked(workspace: Workspace) -> None:
    """An invitation that admin and owner could revoke before SCIM was on stays open afterwards."""
    owner = started_by(workspace.before_scim())
    emails = [workspace.people.person().email for _ in range(2)]
    for number, email in enumerate(emails):
        done(owner.invite(email), f"invitation {number + 1}")
    first, second = owner.invitations().value[-2:]
    _works_before(owner.revoke_invitation(first), "revoking an invitation")
    workspace.switch_on()
    for who in reversed(MANAGERS):
        refused(_by(workspace, who).revoke_invitation(second), f"revoking an invitation ({who})")
    invited = owner.member(emails[1]).value
    if invited is not None:  # not every product shows who is only invited
        refused(owner.remove_user(invited.id), "removing somebody who is invited")
    workspace.shown(
        owner.invitations,
        lambda found: second in found,
        "the invitation still open",
        lambda found: f"{len(found)} other invitations",
    )


@requirement("CLK-LOCK-6", proof=("types-unlocked", _DONE, _SILENT, _OWNER))
def test_limited_users_stay_limited(workspace: Workspace) -> None:
    """A limited user, who could be made a regular one before, cannot be while SCIM is on."""
    limited, owner = workspace.before_scim().acting("limited").me().value, workspace.owner
    _works_before(owner.set_type(limited, "REGULAR"), "making somebody a regular user")
    _works_before(owner.set_type(limited, "LIMITED"), "making somebody a limited user")
    workspace.switch_on()
    for who in reversed(MANAGERS):
        seen = _by(workspace, who).set_type(limited, "REGULAR")
        refused(seen, f"making a limited user regular ({who})")
    workspace.shown(
        started_by(workspace).limited,
        lambda found: limited in found,
        "the limited user still limited",
        lambda found: f"{len(found)} other limited users",
    )


@requirement("CLK-LOCK-7", proof=("roles-unlocked", "admins-demotable", _DONE, _SILENT, _OWNER))
def test_roles_cannot_be_changed(company: Company) -> None:
    """Neither owner, admin nor user makes a provisioned user an admin, or an admin a user."""
    key, workspace = at_work(company), company.workspace
    managers = started_by(workspace).managers().value
    for who in reversed(_present(workspace)):
        seen = _by(workspace, who).set_role(company.account(key), "WORKSPACE_ADMIN")
        refused(seen, f"changing a role ({who})")
    if workspace.named is None:
        admin = workspace.acting("admin").me().value
        refused(workspace.owner.set_role(admin, "USER"), "making an admin a user")
    workspace.shown(
        started_by(workspace).managers,
        lambda found: found == managers,
        "the same people as admins",
        lambda found: f"{len(managers - found)} fewer, {len(found - managers)} more",
    )


@requirement("CLK-LOCK-8", proof=("creating-groups-unlocked", _SILENT, _OWNER))
def test_owners_cannot_create_groups(company: Company) -> None:
    """Neither owner, admin nor user makes a group in the product."""
    workspace = company.workspace
    for who in reversed(_present(workspace)):
        name = workspace.people.unique("by-hand")
        refused(workspace.create_group(_by(workspace, who), name), f"making a group ({who})")
        company.shows_no_group(name)


@requirement("CLK-LOCK-8", proof=("updating-groups-unlocked", _SILENT, _OWNER))
def test_owners_cannot_update_groups(company: Company) -> None:
    """Neither owner, admin nor user renames a group or changes who is in it."""
    inside, outside = company.hire(2)
    group = company.form(inside)
    company.arrange(by="CLK-GROUP-1")
    found, workspace = company.shows_group(company.name_of(group), [inside]), company.workspace
    for who in reversed(_present(workspace)):
        hand = _by(workspace, who)
        refused(hand.rename_group(found.id, f"{found.name}-renamed"), f"renaming a group ({who})")
        added = hand.add_to_group(found.id, company.account(outside))
        refused(added, f"putting somebody into a group ({who})")
        taken = hand.take_from_group(found.id, company.account(inside))
        refused(taken, f"taking somebody out of a group ({who})")
    company.shows_group(found.name, [inside])


@requirement("CLK-LOCK-8", proof=("deleting-groups-unlocked", _SILENT, _OWNER))
def test_owners_cannot_delete_groups(company: Company) -> None:
    """Neither owner, admin nor user deletes a group."""
    people = company.hire(1)
    group = company.form(*people)
    company.arrange(by="CLK-GROUP-1")
    found, workspace = company.shows_group(company.name_of(group), people), company.workspace
    for who in reversed(_present(workspace)):
        refused(_by(workspace, who).delete_group(found.id), f"deleting a group ({who})")
    company.shows_group(found.name, people)


@requirement("CLK-LOCK-9", proof=("scim-locked-too", "groups-not-created", "names-ignored"))
def test_what_is_locked_is_done_in_the_idp(company: Company) -> None:
    """People are added, renamed and deactivated through the IdP, groups made and changed."""
    company.workspace.log.notes += [_NOT_CARRIED, _OF_IDP[company.provider]]
    key, leaver = company.hire(2)
    group = company.form(key, leaver)
    company.sync()
    other = company.workspace.people.person()
    names = {"given_name": other.given_name, "family_name": other.family_name}
    company.directory.change(key, **names, display_name=other.display_name)
    company.directory.leave(group, leaver)
    company.directory.rename(group, company.office.new_group_name())
    company.directory.unassign(leaver)
    company.sync()
    company.shows_member(key, name=other.display_name)
    company.shows_member(leaver, status="INACTIVE")
    company.shows_group(company.name_of(group), [key])


def _present(workspace: Workspace) -> tuple[str, ...]:
    """Return who can be asked: with a named target the owner alone, whose key the run has."""
    if workspace.named is None:
        return EVERYBODY
    workspace.log.notes.append(_OWNER_ALONE)
    return MANAGERS[:1]


def _not_renamed(company: Company, key: str, seen: Seen, what: str) -> None:
    """Expect a refusal; whether a reply that says done and changed nothing is a lock stays open."""
    if 200 <= seen.status < 300:
        company.shows_member(key, name=company.person(key).display_name)
        raise Blocked(f"{what} was accepted, and changed nothing", entry=seen.entry)
    refused(seen, what)


def _others(workspace: Workspace) -> tuple[str, ...]:
    """Return whose keys are known of those whom SCIM did not send."""
    return ("limited", "user") if workspace.named is None else ()


def _works_before(seen: Seen, what: str) -> None:
    """Expect as preparation that something works while SCIM is off."""
    if not 200 <= seen.status < 300:
        raise Blocked(f"{what} fails before SCIM is on (status {seen.status})", entry=seen.entry)
