"""The workspace: its people and groups, as the product itself keeps them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from enum import StrEnum

NewId = Callable[[], str]

ENTERPRISE = frozenset({"ENTERPRISE", "ENTERPRISE_YEAR", "ENTERPRISE_2021", "ENTERPRISE_YEAR_2021"})
PLANS = (
    *("FREE", "TRIAL", "PREMIUM", "PREMIUM_YEAR", "SPECIAL", "SPECIAL_YEAR", "SELF_HOSTED"),
    *("BASIC_2021", "BASIC_YEAR_2021", "STANDARD_2021", "STANDARD_YEAR_2021", "PRO_2021"),
    *("PRO_YEAR_2021", "BUNDLE_2024", "BUNDLE_YEAR_2024", *sorted(ENTERPRISE)),
)
DEFAULT_TIME_ZONE = "UTC"


class Role(StrEnum):
    """What somebody may do in the workspace; the words are those of the public interface."""

    OWNER = "OWNER"
    ADMIN = "WORKSPACE_ADMIN"
    USER = "USER"


class Status(StrEnum):
    """Whether somebody is in the workspace; the words are those of the public interface."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


def new_key() -> str:
    """Return an API key that nobody can guess."""
    return secrets.token_urlsafe(36)


@dataclass(slots=True, kw_only=True)
class Member:
    """Somebody in the workspace, or invited to it.

    `status` becomes `next_status` once it is due. `by_hand` tells that the person chose the time
    zone in the product, `provisioned` that SCIM wrote to them, and `returned` that SCIM activated
    them again.
    """

    id: str
    email: str
    name: str
    key: str = field(default_factory=new_key, repr=False)
    role: Role = Role.USER
    limited: bool = False
    status: Status = Status.ACTIVE
    next_status: tuple[datetime, Status] | None = None
    time_zone: str = DEFAULT_TIME_ZONE
    by_hand: bool = False
    provisioned: bool = False
    returned: bool = False
    profile: dict[str, str] = field(default_factory=dict)

    @property
    def manages(self) -> bool:
        """Tell whether this is an owner or an admin."""
        return self.role is not Role.USER


@dataclass(slots=True, kw_only=True)
class Group:
    """A group with the ids of its members, in the order in which they came."""

    id: str
    name: str
    members: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Workspace:
    """One workspace and everybody in it; whoever reads or writes holds the product's lock."""

    id: str
    name: str
    plan: str
    join_domain: str
    members: dict[str, Member] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    keeps_former: bool = False  # for a product whose keys outlive the membership
    former: dict[str, Member] = field(default_factory=dict)
    _keys: dict[bytes, str] = field(default_factory=dict)

    def add(self, member: Member) -> Member:
        """Let somebody in."""
        self.members[member.id] = member
        self._keys[_digest(member.key)] = member.id
        return member

    def remove(self, identifier: str) -> None:
        """Take somebody out of the workspace and of its groups."""
        member = self.members.pop(identifier)
        if self.keeps_former:
            self.former[identifier] = member
        else:
            del self._keys[_digest(member.key)]
        for group in self.groups.values():
            group.members.pop(identifier, None)

    def holder(self, key: str) -> Member | None:
        """Return whose key it is."""
        # Looked up by a digest: how long it takes tells nothing about the keys.
        identifier = self._keys.get(_digest(key), "")
        return self.members.get(identifier) or self.former.get(identifier)

    def add_group(self, group: Group) -> Group:
        """Put a group into the workspace."""
        self.groups[group.id] = group
        return group

    def of_email(self, email: str) -> Member | None:
        """Find somebody by e-mail address."""
        wanted = email.lower()
        return next((each for each in self.members.values() if each.email.lower() == wanted), None)

    def groups_of(self, identifier: str) -> Iterator[Group]:
        """Yield the groups that somebody is in."""
        return (each for each in self.groups.values() if identifier in each.members)

    def settle(self, now: datetime) -> None:
        """Let each status that is due by now take the place of the one before."""
        for member in self.members.values():
            if member.next_status is not None and member.next_status[0] <= now:
                member.status = member.next_status[1]
                member.next_status = None


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
