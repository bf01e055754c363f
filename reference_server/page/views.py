"""Views: what a server shows on its page, and what somebody signed in may do there.

The page asks and renders; a view answers. The plain server has a view of its own (`plain`), and a
product gives one by `page_view()`. A view renders nothing and escapes nothing: whatever it hands
over reaches the browser as text.

Every question that costs something comes with `start` and `count`, newest first, so that a page
over fifty thousand people stays as quick as one over five.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from enum import StrEnum
from typing import Generic
from typing import Protocol
from typing import TypeVar

from reference_server.messages import Json

Facts = tuple[tuple[str, str], ...]  # what there is to say besides, as pairs of label and value


class Refusal(Exception):
    """An action that is not done; the message says why, for whoever clicked."""


class Status(StrEnum):
    """What somebody is to the server; the page gives each a colour of its own."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who is signed in. `may_watch`: whether the requests of others are theirs to see."""

    id: str
    name: str
    role: str = ""
    may_watch: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One row of people: `name` is what they sign in with, `display` what they are called."""

    id: str
    name: str
    display: str = ""
    email: str = ""
    status: Status = Status.ACTIVE
    groups: tuple[str, ...] = ()  # names of the first few
    facts: Facts = ()  # such as ("role", "owner"), ("time zone", "Europe/Paris")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One row of groups; `members` are the names of the first few of `size`, or of more."""

    id: str
    name: str
    size: int
    or_more: bool = False  # whether counting stopped at `size`
    members: tuple[str, ...] = ()
    facts: Facts = ()


_Row = TypeVar("_Row", covariant=True)


@dataclass(frozen=True, slots=True)
class Listing(Generic[_Row]):
    """Some rows out of `total`, newest first."""

    total: int
    rows: Sequence[_Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting as it is. `copy` puts a button beside it that copies the value."""

    label: str
    value: str
    copy: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that the member may do now.

    `question` is asked before it is done; `danger` marks what cannot be undone.
    """

    name: str
    label: str
    question: str = ""
    danger: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Settings that belong together; without actions, `note` says why there are none."""

    title: str
    note: str = ""
    fields: tuple[Field, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an action did; `shown_once` holds what no later page shows again, such as a token."""

    message: str
    shown_once: tuple[Field, ...] = field(default=(), repr=False)


class View(Protocol):
    """What the page asks a server. Calls come from several threads, one after the other or not."""

    @property
    def title(self) -> str:
        """The heading of the page, such as the name of a tenant or a workspace."""

    @property
    def subtitle(self) -> str:
        """One line under it; a simulated product says here that it is one."""

    @property
    def secret_label(self) -> str:
        """What to sign in with, such as `Token` or `API key`."""

    def sign_in(self, secret: str) -> Member | None:
        """Return who has a secret, compared in constant time, or None."""

    def is_in(self, member: Member) -> bool:
        """Tell whether somebody signed in may still look: asked at each request of theirs."""

    def secrets(self) -> Iterable[str]:
        """Return the secrets in use, to be hidden wherever a request or a reply quotes them."""

    def people(self, member: Member, start: int, count: int) -> Listing[Person]:
        """Return some of the people."""

    def groups(self, member: Member, start: int, count: int) -> Listing[Group]:
        """Return some of the groups."""

    def record(self, member: Member, identifier: str) -> Json:
        """Return everything about one person or group, without secrets, or None."""

    def settings(self, member: Member, origin: str) -> Sequence[Section]:
        """Return the settings; `origin` is such as `https://example.com`, for URLs to copy."""

    def act(self, member: Member, action: str, origin: str) -> Outcome:
        """Do one of the actions, or raise `Refusal`: also for a name that it never offered."""
