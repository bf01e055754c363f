"""What the cases of several IdPs arrange: people with accounts, and groups, made directly.

One request of the suite's own client instead of the two or three of an IdP; and no case about
something else is blocked by how a server takes that IdP's way of creating people.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from urllib.parse import quote

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Person
from suites.client import ScimClient
from suites.client import Seen
from suites.expect import value_at
from suites.values import values_at
from suites.verbs import PATCH_URN
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
        came = f"POST /Users answered {reply.status}{_lacking(reply.status)}"
        raise Blocked(came, by=by, entry=reply.entry)
    return user_id


def create_group(
    look: ScimClient,
    name: str,
    member_ids: tuple[str, ...] = (),
    *,
    by: str | None,
    adds: str | None = None,
) -> str:
    """Create a group directly, as another client would, and return the id.

    A server may refuse or pass over members in a POST (RFC 7644 section 3.3): then they are added,
    so that no case about something else blames a write for people who were never in the group.
    Raises Blocked, pointing at `by`, the requirement whose case judges such a create, or at `adds`,
    the one whose case judges such an add.
    """
    reply = look.create_group(name, member_ids)
    if member_ids and reply.status not in (200, 201):
        reply = look.create_group(name)
    group_id = value_at(reply.object(), "id")
    if reply.status not in (200, 201) or not isinstance(group_id, str):
        came = f"POST /Groups answered {reply.status}{_lacking(reply.status)}"
        raise Blocked(came, by=by, entry=reply.entry)
    if not _are_in(reply, member_ids):
        _fill(look, group_id, member_ids, adds or by)
    return group_id


def with_names(seen: Seen, *, by: str) -> Seen:
    """Return a user who was read; raises Blocked, pointing at `by`, for one without any name."""
    parts = ("name.givenName", "name.familyName")
    if seen.status == 200 and not any(value_at(seen.object(), part) for part in parts):
        raise Blocked("the server keeps neither name of a user", by=by, entry=seen.entry)
    return seen


def _fill(look: ScimClient, group_id: str, member_ids: tuple[str, ...], by: str | None) -> None:
    look.settle()
    if _are_in(look.group(group_id), member_ids):
        return
    value: list[Json] = [{"value": each} for each in member_ids]
    operation: Json = {"op": "add", "path": "members", "value": value}
    body: Json = {"schemas": [PATCH_URN], "Operations": [operation]}
    reply = look.send("PATCH", f"/Groups/{quote(group_id, safe='')}", body=body)
    look.settle()
    if not _are_in(look.group(group_id), member_ids):
        reason = "a group could not be given the members that the case needs"
        raise Blocked(reason, by=by, entry=reply.entry)


def _are_in(seen: Seen, member_ids: tuple[str, ...]) -> bool:
    listed = {str(each) for each in values_at(seen.object(), "members.value")}
    return listed >= set(member_ids)


def _lacking(status: int) -> str:
    """Return what is wrong with a reply to a create that is a success."""
    return " without an id" if status in (200, 201) else ""
