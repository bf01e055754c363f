"""The team page and the settings: what people do with people and groups in the product itself.

Each function is one thing that a member does, whichever way they reach it. First comes what SCIM
locks, for everybody alike, and then whether this member may do it at all.
"""

from __future__ import annotations

import re

from reference_server.products.routes import Refused

from .rules import Lock
from .service import DENIED
from .service import Clockify
from .service import denied
from .service import stranger
from .workspace import Member
from .workspace import Role
from .workspace import Status

LONGEST_NAME = 100

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}")
_TIME_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")


def found(clockify: Clockify, identifier: str) -> Member:
    """Return somebody in the workspace, or refuse."""
    member = clockify.workspace.members.get(identifier)
    if member is None:
        raise stranger("User")
    return member


def expect_manager(actor: Member) -> None:
    """Refuse whoever is neither owner nor admin."""
    if not actor.manages:
        raise denied()


def rename(clockify: Clockify, actor: Member, member: Member, name: str) -> None:
    """Change a name: one's own, or as owner or admin anybody's."""
    own = actor.id == member.id
    clockify.check(Lock.OWN_NAME if own else Lock.UPDATING_USERS, actor)
    if not own:
        expect_manager(actor)
    if not name.strip() or len(name) > LONGEST_NAME:
        raise Refused(400, f"name: expected a text of 1 to {LONGEST_NAME} characters.", DENIED)
    member.name = name.strip()


def set_time_zone(clockify: Clockify, actor: Member, zone: str) -> None:
    """Choose one's own time zone; from then on it is the person's, whatever SCIM says."""
    if clockify.scim_on and not clockify.rules.time_zone_free:
        raise denied(Lock.UPDATING_USERS.reason)
    if not _TIME_ZONE.fullmatch(zone):
        raise Refused(400, "timeZone: expected a name such as Europe/Paris.", DENIED)
    actor.time_zone, actor.by_hand = zone, True


def leave(clockify: Clockify, actor: Member) -> None:
    """Leave the workspace; its owner cannot."""
    clockify.check(Lock.LEAVING, actor)
    if actor.role is Role.OWNER:
        raise denied("The owner cannot leave the workspace.")
    clockify.workspace.remove(actor.id)


def join(clockify: Clockify, email: str) -> Member:
    """Join automatically, as whoever has an address of the workspace's domain may."""
    clockify.check(Lock.JOINING, None)
    domain = clockify.workspace.join_domain
    if not domain or not _email(email).lower().endswith(f"@{domain.lower()}"):
        raise denied("The workspace lets nobody join automatically with this address.")
    return _new(clockify, email, Status.ACTIVE)


def invite(clockify: Clockify, actor: Member, email: str, *, by_page: bool = False) -> Member:
    """Invite somebody, through the interface or on the team page, who is pending until then."""
    if not by_page or clockify.rules.inviting_locked:
        clockify.check(Lock.ADDING_USERS, actor)
    expect_manager(actor)
    return _new(clockify, _email(email), Status.PENDING)


def revoke(clockify: Clockify, actor: Member, identifier: str) -> None:
    """Take an invitation back."""
    clockify.check(Lock.REVOKING_INVITATIONS, actor)
    expect_manager(actor)
    if found(clockify, identifier).status is not Status.PENDING:
        raise stranger("Invitation")
    clockify.workspace.remove(identifier)


def set_status(clockify: Clockify, actor: Member, member: Member, status: Status) -> None:
    """Activate or deactivate somebody."""
    if status is Status.INACTIVE or clockify.rules.reactivating_locked:
        clockify.check(Lock.UPDATING_USERS, actor)
    expect_manager(actor)
    if member.role is Role.OWNER:
        raise denied("The owner's status cannot be changed.")
    member.status, member.next_status = status, None


def remove(clockify: Clockify, actor: Member, member: Member) -> None:
    """Take somebody out of the workspace."""
    if member.status is not Status.PENDING or clockify.rules.invited_people_locked:
        clockify.check(Lock.DELETING_USERS, actor)
    expect_manager(actor)
    if member.role is Role.OWNER:
        raise denied("The owner cannot be removed.")
    clockify.workspace.remove(member.id)


def set_limited(clockify: Clockify, actor: Member, member: Member, limited: bool) -> None:
    """Make somebody a limited user, or a regular one."""
    if _done_all_the_same(clockify, actor):
        member.limited = limited
    clockify.check(Lock.CHANGING_TYPES, actor)
    expect_manager(actor)
    if limited and member.manages:
        raise denied("Owners and admins cannot be limited users.")
    member.limited = limited


def set_role(clockify: Clockify, actor: Member, member: Member, role: Role) -> None:
    """Make somebody an admin, or no longer one; there is one owner."""
    if _done_all_the_same(clockify, actor):
        member.role = role
    if role is not Role.USER or clockify.rules.demoting_locked:
        clockify.check(Lock.CHANGING_ROLES, actor)
    expect_manager(actor)
    if Role.OWNER in (role, member.role):
        raise denied("The owner's role cannot be given away here.")
    if member.limited and role is Role.ADMIN:
        raise denied("Limited users cannot be admins.")
    member.role = role


def _done_all_the_same(clockify: Clockify, actor: Member) -> bool:
    """Tell whether what is refused is done, as the product must not."""
    return clockify.scim_on and actor.manages and not clockify.rules.refused_is_not_done


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise Refused(400, "email: expected an e-mail address.", DENIED)
    return text


def _new(clockify: Clockify, email: str, status: Status) -> Member:
    if clockify.workspace.of_email(email) is not None:
        raise Refused(400, "There is a user with this e-mail address already.", DENIED)
    name = email.partition("@")[0]
    return clockify.workspace.add(
        Member(id=clockify.new_id(), email=email, name=name, status=status)
    )
