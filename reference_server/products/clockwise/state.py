"""The organisation as values: members, what the directory says, and how it is connected.

A state is never changed; who wants another one puts it in its place. So a request that fails half
way through is undone by keeping the state that was there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from types import MappingProxyType

from reference_server.messages import Json

PAID = "paid"
FREE = "free"
PENDING = "pending"
ADMIN = "admin"
MEMBER = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody with an account of the product.

    `granted` says that the seat came from the directory; `runs_idp` that this person is also an
    admin of the identity provider, which the set-up asks for.
    """

    id: str
    email: str
    first_name: str
    last_name: str
    title: str = ""
    role: str = MEMBER
    plan: str = FREE
    granted: bool = False
    blocked: bool = False
    runs_idp: bool = False
    key: str = field(repr=False, default="")

    @property
    def name(self) -> str:
        """First and last name, as people see it."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A user of the directory: what the product learns from what the identity provider sends.

    `idp_id` is the id of the SCIM resource, which outlives this entry where inactive users are
    deleted and come back later.
    """

    id: str
    idp_id: str
    email: str
    username: str
    first_name: str
    last_name: str
    title: str
    active: bool
    raw: Mapping[str, Json]

    @property
    def state(self) -> str:
        """The word that the directory service uses."""
        return "active" if self.active else "inactive"


@dataclass(frozen=True, slots=True)
class PushedGroup:
    """A group of the directory, with the ids of the SCIM users in it."""

    idp_id: str
    name: str
    people: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """The directory that is connected: of which kind, and the token to write to it."""

    id: str
    type: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the directory service tells the product."""

    number: int
    name: str
    subject: str


def _nothing() -> Mapping[str, Listed]:
    return MappingProxyType({})


def _no_groups() -> Mapping[str, PushedGroup]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything about one organisation; directory users and groups by the id that SCIM gave."""

    members: tuple[Member, ...] = ()
    listed: Mapping[str, Listed] = field(default_factory=_nothing)
    groups: Mapping[str, PushedGroup] = field(default_factory=_no_groups)
    connected: Connected | None = None
    blocking_group: str | None = None
    switched: bool = False
    events: tuple[Event, ...] = ()

    def member(self, email: str) -> Member | None:
        """Find an account by its address."""
        wanted = folded(email)
        return next((each for each in self.members if folded(each.email) == wanted), None)


def folded(address: str) -> str:
    """Return the form in which addresses are compared."""
    return address.strip().casefold()
