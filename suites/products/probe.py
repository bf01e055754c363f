"""What a product shows, and what its members can do in it: one interface for every product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic
from typing import TypeVar

from suites.client import Seen
from suites.evidence import Entry
from suites.verdicts import NotOffered

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown(Generic[T]):
    """Something that the product shows, and the exchange that shows it."""

    value: T
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person as the product shows them; `status` is that of the membership."""

    id: str
    name: str
    email: str
    status: str
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """One group as the product shows it."""

    id: str
    name: str
    people: frozenset[str] = frozenset()


def by_hand(how: str) -> NotOffered:
    """Return the skip of what a run cannot do itself."""
    return NotOffered(f"by hand: {how}")


class Probe:
    """The product, seen with the key of one member.

    A product overrides what it offers. The rest is done by hand, and the skip says how.
    """

    # -- what it shows

    def users(self) -> Shown[tuple[Member, ...]]:
        """Return everybody in the workspace, the inactive included."""
        raise by_hand("look at the list of people")

    def member(self, email: str) -> Shown[Member | None]:
        """Return the member with an e-mail address, None when there is nobody."""
        seen = self.users()
        wanted = email.lower()
        found = (each for each in seen.value if each.email.lower() == wanted)
        return Shown(next(found, None), seen.entry)

    def by_id(self, user_id: str) -> Shown[Member | None]:
        """Return the member with an id, None when there is nobody."""
        seen = self.users()
        found = (each for each in seen.value if each.id == user_id)
        return Shown(next(found, None), seen.entry)

    def member_status(self, email: str) -> Shown[str | None]:
        """Return the status of a member, None when there is nobody."""
        seen = self.member(email)
        return Shown(seen.value.status if seen.value else None, seen.entry)

    def groups(self) -> Shown[tuple[Team, ...]]:
        """Return every group."""
        raise by_hand("look at the list of groups")

    def group(self, name: str) -> Shown[Team | None]:
        """Return the group of a name, None when there is none."""
        seen = self.groups()
        return Shown(next((each for each in seen.value if each.name == name), None), seen.entry)

    def has_access(self) -> Shown[bool]:
        """Tell whether the member of this key gets in."""
        raise by_hand("sign in as this person")

    def me(self) -> Shown[str]:
        """Return the id of the member of this key."""
        raise by_hand("sign in as this person")

    # -- what a member does about themselves

    def rename_self(self, name: str) -> Seen:
        """Give oneself another name."""
        raise by_hand("sign in as a provisioned user and try to change the own name")

    def leave(self) -> Seen:
        """Leave the workspace."""
        raise by_hand("sign in as a provisioned user and try to leave the workspace")

    def set_time_zone(self, zone: str) -> Seen:
        """Choose another time zone."""
        raise by_hand(f"sign in as a provisioned user and set the time zone, to {zone} say")

    def join(self, email: str) -> Seen:
        """Join the workspace as somebody new, without an invitation."""
        raise by_hand("sign up with a new address that may join automatically")

    # -- what those do who run the workspace

    def add_user(self, email: str) -> Seen:
        """Add somebody to the workspace."""
        raise by_hand("try to add somebody on the team page")

    def set_status(self, user_id: str, status: str) -> Seen:
        """Activate or deactivate somebody."""
        raise by_hand(f"try to make a provisioned user {status.lower()} on the team page")

    def rename_user(self, user_id: str, name: str) -> Seen:
        """Give somebody else another name."""
        raise by_hand("try to rename a provisioned user on the team page")

    def remove_user(self, user_id: str) -> Seen:
        """Remove somebody from the workspace."""
        raise by_hand("try to remove a provisioned user on the team page")

    def set_type(self, user_id: str, kind: str) -> Seen:
        """Make a limited user a regular one, or the other way round."""
        raise by_hand(f"try to make a user {kind.lower()} on the team page")

    def set_role(self, user_id: str, role: str) -> Seen:
        """Give somebody another role."""
        raise by_hand(f"try to give a provisioned user the role {role} on the team page")

    def invitations(self) -> Shown[tuple[str, ...]]:
        """Return the ids of the open invitations."""
        raise by_hand("look at the open invitations on the team page")

    def revoke_invitation(self, invitation: str) -> Seen:
        """Take an invitation back."""
        raise by_hand("try to revoke an open invitation on the team page")

    def create_group(self, name: str) -> Seen:
        """Make a group."""
        raise by_hand("try to make a group on the team page")

    def rename_group(self, group_id: str, name: str) -> Seen:
        """Give a group another name."""
        raise by_hand("try to rename a pushed group on the team page")

    def delete_group(self, group_id: str) -> Seen:
        """Delete a group."""
        raise by_hand("try to delete a pushed group on the team page")

    def add_to_group(self, group_id: str, user_id: str) -> Seen:
        """Put somebody into a group."""
        raise by_hand("try to put somebody into a pushed group on the team page")

    def take_from_group(self, group_id: str, user_id: str) -> Seen:
        """Take somebody out of a group."""
        raise by_hand("try to take somebody out of a pushed group on the team page")

    # -- SCIM itself

    def switch_on(self) -> Seen:
        """Switch SCIM on; the reply has the base URL and the token."""
        raise by_hand("an owner switches SCIM on in the settings of the workspace")

    def rotate(self) -> Seen:
        """Ask for another token; the old one is over."""
        raise by_hand("an owner asks for another token in the settings of the workspace")

    def switch_off(self) -> Seen:
        """Switch SCIM off."""
        raise by_hand("an owner switches SCIM off in the settings of the workspace")

    def key_of(self, user_id: str) -> str:
        """Return the key of another member, for a look with their eyes."""
        raise by_hand("sign in as a provisioned user and make a key to the API")
