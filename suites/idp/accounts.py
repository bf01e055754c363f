"""What the cases of several IdPs arrange: people with accounts, and groups, made directly.

One request of the suite's own client instead of the two or three of an IdP; and no case about
something else is blocked by how a server takes that IdP's way of creating people.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Person
from suites.client import ScimClient
from suites.expect import value_at
from suites.verdicts import Blocked


@dataclass(frozen=True, slots=True)
class Account:
    """A person whom the IdP knows to have an account, and the id that the server gave."""

    person: Person
    id: str


@dataclass(frozen=True, slots=True)
class Acted:
    """A person after one act of the IdP, with what the act came to."""

    person: Person
    id: str
    outcome: Outcome
    before: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Team:
    """A group that the IdP knows to be on the server, with the accounts of those in it."""

    group: Group
    id: str
    staff: tuple[Account, ...] = ()

    @property
    def member_ids(self) -> list[str]:
        """The ids of the people in the group."""
        return [each.id for each in self.staff]


def create_user(look: ScimClient, person: Person, *, by: str | None, **attributes: Json) -> str:
    """Create a person directly, as another client would, and return the id.

    Raises Blocked, pointing at `by`: the requirement whose case judges such a create.
    """
    reply = look.create_user(person, **attributes)
    user_id = value_at(reply.object(), "id")
    if reply.status not in (200, 201) or not isinstance(user_id, str):
        came = f"POST /Users answered {reply.status} with the id {user_id!r}"
        raise Blocked(came, by=by, entry=reply.entry)
    return user_id


def create_group(
    look: ScimClient, name: str, member_ids: tuple[str, ...] = (), *, by: str | None
) -> str:
    """Create a group directly, as another client would, and return the id.

    Raises Blocked, pointing at `by`: the requirement whose case judges such a create.
    """
    reply = look.create_group(name, member_ids)
    group_id = value_at(reply.object(), "id")
    if reply.status not in (200, 201) or not isinstance(group_id, str):
        came = f"POST /Groups answered {reply.status} with the id {group_id!r}"
        raise Blocked(came, by=by, entry=reply.entry)
    return group_id
