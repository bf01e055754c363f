"""What the page shows of Clockify: the team, the groups, and the settings of SCIM."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TypeVar

from reference_server.messages import Json
from reference_server.page import views
from reference_server.products.routes import Refused

from . import shapes
from .rules import Lock
from .service import Clockify
from .workspace import ENTERPRISE
from .workspace import Group
from .workspace import Member
from .workspace import Status

_NAMES = 12  # of groups beside a person, and of members beside a group
_STATUSES = {
    Status.ACTIVE: views.Status.ACTIVE,
    Status.INACTIVE: views.Status.INACTIVE,
    Status.PENDING: views.Status.PENDING,
}
_ON = views.Action(
    name="switch-on",
    label="Enable SCIM",
    question="Enable SCIM? The groups that exist in the workspace will be deleted.",
    danger=True,
)
_ROTATE = views.Action(
    name="rotate",
    label="New token",
    question="Make a new token? The present one stops working at once.",
    danger=True,
)
_OFF = views.Action(
    name="switch-off",
    label="Disable SCIM",
    question="Disable SCIM? The token stops working at once.",
    danger=True,
)

_T = TypeVar("_T")


class ClockifyView:
    """The page of one workspace, for whoever has an API key of it."""

    secret_label = "API key"  # noqa: S105 - the word on the form

    def __init__(self, clockify: Clockify) -> None:
        self._clockify = clockify

    @property
    def title(self) -> str:
        """The workspace's name."""
        return self._clockify.workspace.name

    @property
    def subtitle(self) -> str:
        """That nothing here is the real product."""
        return "Clockify, simulated by scimproof from its public documentation"

    def sign_in(self, secret: str) -> views.Member | None:
        """Return whose API key it is, if it still opens the product."""
        with self._clockify.lock:
            try:
                member = self._clockify.holder(secret)
            except Refused:
                return None
            return views.Member(
                id=member.id,
                name=member.name,
                role=_role(member),
                may_watch=member.manages,
            )

    def is_in(self, member: views.Member) -> bool:
        """Tell whether somebody's key still opens the product, and means what it meant."""
        with self._clockify.lock:
            found = self._clockify.workspace.members.get(member.id)
            if found is None:
                return False
            self._clockify.workspace.settle(self._clockify.clock())
            return self._clockify.has_access(found) and found.manages is member.may_watch

    def secrets(self) -> Iterable[str]:
        """Return the keys of the members and the tokens of SCIM."""
        with self._clockify.lock:
            keys = [each.key for each in self._clockify.workspace.members.values()]
            return [*keys, *self._clockify.tokens]

    def people(self, member: views.Member, start: int, count: int) -> views.Listing[views.Person]:
        """Return the team, the last who came first; who does not manage it sees themselves."""
        with self._clockify.lock:
            everybody = self._clockify.workspace.members
            return _listing(_seen(member, everybody), start, count, self._person)

    def groups(self, member: views.Member, start: int, count: int) -> views.Listing[views.Group]:
        """Return the groups, the last made first."""
        with self._clockify.lock:
            every = self._clockify.workspace.groups.values()
            seen = [each for each in every if member.may_watch or member.id in each.members]
            return _listing(seen, start, count, self._group)

    def record(self, member: views.Member, identifier: str) -> Json:
        """Return somebody or a group as the public interface shows them."""
        with self._clockify.lock:
            workspace = self._clockify.workspace
            found = workspace.members.get(identifier)
            if found is not None and (member.may_watch or member.id == identifier):
                return shapes.user(workspace, found, ("ALL",))
            group = workspace.groups.get(identifier)
            if group is not None and (member.may_watch or member.id in group.members):
                return shapes.group(workspace, group)
            return None

    def settings(self, member: views.Member, origin: str) -> Sequence[views.Section]:
        """Return the settings of SCIM, and what the member may do with them."""
        with self._clockify.lock:
            workspace = self._clockify.workspace
            plan = views.Field(label="Plan", value=workspace.plan)
            identifier = views.Field(label="Workspace ID", value=workspace.id, copy=True)
            about = views.Section(title="Workspace", fields=(plan, identifier))
            return (about, self._scim(member, origin))

    def act(self, member: views.Member, action: str, origin: str) -> views.Outcome:
        """Switch SCIM on or off, or make a new token."""
        with self._clockify.lock:
            found = self._clockify.workspace.members.get(member.id)
            if found is None or not self.is_in(member):
                raise views.Refusal("You are not in this workspace any more.")
            known: dict[str, Callable[[Member, str], views.Outcome]] = {
                _ON.name: self._switch_on,
                _ROTATE.name: self._rotate,
                _OFF.name: self._switch_off,
            }
            if action not in known:
                raise views.Refusal(f"There is no action {action!r:.100} here.")
            try:
                return known[action](found, origin)
            except Refused as refusal:
                raise views.Refusal(refusal.message) from refusal

    def _switch_on(self, member: Member, origin: str) -> views.Outcome:
        token = self._clockify.switch_on(member)
        url = views.Field(label="Base URL", value=self._clockify.base_url(origin), copy=True)
        return views.Outcome(
            message="SCIM is on. Copy the token now: it is not shown again.",
            shown_once=(url, _token(token)),
        )

    def _rotate(self, member: Member, _origin: str) -> views.Outcome:
        token = self._clockify.rotate(member)
        return views.Outcome(
            message="The token before is good for nothing any more. Copy the new one now.",
            shown_once=(_token(token),),
        )

    def _switch_off(self, member: Member, _origin: str) -> views.Outcome:
        self._clockify.switch_off(member)
        return views.Outcome(message="SCIM is off. People and groups stay as they are.")

    def _scim(self, member: views.Member, origin: str) -> views.Section:
        clockify = self._clockify
        found = clockify.workspace.members.get(member.id)
        state = views.Field(label="SCIM", value="on" if clockify.scim_on else "off")
        fields: tuple[views.Field, ...] = (state,)
        if clockify.scim_on:
            url = clockify.base_url(origin)
            locked = f"{len(clockify.rules.locks & set(Lock))} kinds of changes are locked here"
            fields += (views.Field(label="Base URL", value=url, copy=True, note=locked),)
        if found is None or not clockify.may_switch(found):
            note = "Only an owner of the workspace can set SCIM up."
            return views.Section(title="SCIM", note=note, fields=fields)
        if clockify.scim_on:
            return views.Section(title="SCIM", fields=fields, actions=(_ROTATE, _OFF))
        if clockify.rules.enterprise_only and clockify.workspace.plan not in ENTERPRISE:
            return views.Section(
                title="SCIM", note="SCIM needs the Enterprise plan.", fields=fields
            )
        return views.Section(title="SCIM", fields=fields, actions=(_ON,))

    def _person(self, member: Member) -> views.Person:
        workspace = self._clockify.workspace
        return views.Person(
            id=member.id,
            name=member.email,
            display=member.name,
            email=member.email,
            status=_STATUSES[member.status],
            groups=tuple(each.name for each in workspace.groups_of(member.id))[:_NAMES],
            facts=(("role", _role(member)), ("time zone", member.time_zone)),
        )

    def _group(self, group: Group) -> views.Group:
        people = self._clockify.workspace.members
        first = [people[each].name for each in list(group.members)[:_NAMES] if each in people]
        return views.Group(
            id=group.id, name=group.name, size=len(group.members), members=tuple(first)
        )


def _role(member: Member) -> str:
    if member.limited:
        return "limited user"
    return member.role.value.replace("WORKSPACE_", "").lower()


def _token(token: str) -> views.Field:
    return views.Field(label="Bearer token", value=token, copy=True)


def _seen(viewer: views.Member, everybody: Mapping[str, Member]) -> Sequence[Member]:
    if viewer.may_watch:
        return tuple(everybody.values())
    return tuple(each for each in everybody.values() if each.id == viewer.id)


_Row = TypeVar("_Row")


def _listing(
    items: Sequence[_T], start: int, count: int, row: Callable[[_T], _Row]
) -> views.Listing[_Row]:
    chosen = items[::-1][start : start + count]
    return views.Listing(len(items), tuple(row(each) for each in chosen))
