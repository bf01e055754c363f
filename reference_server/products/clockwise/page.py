"""What the server's page shows of the product: seats, the directory, and its set-up."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from threading import RLock
from typing import Protocol
from typing import TypeVar

from reference_server.messages import Json
from reference_server.page import views as page
from reference_server.products.product import SCIM_PATH
from reference_server.products.routes import Refused

from . import views
from .organisation import TYPES
from .organisation import Organisation
from .state import ADMIN
from .state import PENDING
from .state import Connected
from .state import Listed
from .state import Member
from .state import PushedGroup

_NAMES = 12  # of members beside a group
_Row = TypeVar("_Row")


class Running(Protocol):
    """The product as the page needs it."""

    lock: RLock
    organisation: Organisation

    def update(self) -> None:
        """Let SCIM be as the organisation has it now."""


@dataclass(frozen=True, slots=True)
class ClockwiseView:
    """The page of one organisation, for whoever has the API key of an admin."""

    running: Running
    title: str = "Clockwise"
    subtitle: str = "simulated by scimproof; no real product"
    secret_label: str = "API key"  # noqa: S105 - the word on the form

    @property
    def _organisation(self) -> Organisation:
        return self.running.organisation

    def sign_in(self, secret: str) -> page.Member | None:
        """Let an admin of the plan in."""
        with self.running.lock:
            found = self._organisation.holder(secret)
        if found is None or found.role != ADMIN:
            return None
        return page.Member(id=found.id, name=found.name, role="admin of the plan")

    def is_in(self, member: page.Member) -> bool:
        """Tell whether there still is such an admin."""
        with self.running.lock:
            found = self._account(member)
        return found is not None and found.role == ADMIN

    def secrets(self) -> Iterable[str]:
        """Return the API keys and the token in use."""
        state = self._organisation.state
        tokens = (state.connected.token,) if state.connected else ()
        return (*(each.key for each in state.members if each.key), *tokens)

    def people(self, _member: page.Member, start: int, count: int) -> page.Listing[page.Person]:
        """Return accounts and waiting addresses, the latest first."""
        with self.running.lock:
            listed = {each.email: each for each in self._organisation.waiting()}
            rows = [
                *(_person(each, each.plan) for each in self._organisation.state.members),
                *(_waiting(each) for each in listed.values()),
            ]
        return _newest(rows, start, count)

    def groups(self, _member: page.Member, start: int, count: int) -> page.Listing[page.Group]:
        """Return the groups that were pushed, the latest first."""
        state = self._organisation.state
        return _newest([_group(each, state.listed) for each in state.groups.values()], start, count)

    def record(self, _member: page.Member, identifier: str) -> Json:
        """Return what the admin API shows of an account, a waiting address or a group."""
        with self.running.lock:
            state = self._organisation.state
            for each in state.members:
                if each.id == identifier:
                    return views.member_view(each)
            for entry in state.listed.values():
                if entry.id == identifier:
                    return views.listed_view(entry, list(state.groups.values()))
            group = state.groups.get(identifier)
            return views.group_view(group, self._organisation) if group else None

    def settings(self, member: page.Member, origin: str) -> Sequence[page.Section]:
        """Return how the directory is connected, and what the documentation leaves open."""
        with self.running.lock:
            connected, who = self._organisation.state.connected, self._account(member)
            why_not = self._organisation.no_set_up_by(who) if who else "Your account is gone."
            chosen = self._organisation.settings.to_json()
        fields = tuple(page.Field(label=name, value=str(each)) for name, each in chosen.items())
        note = "What the documentation leaves open; PUT /simulation/v1/settings changes it."
        return (
            _set_up(connected, f"{origin}{SCIM_PATH}", why_not),
            page.Section(title="Readings", note=note, fields=fields),
        )

    def act(self, member: page.Member, action: str, origin: str) -> page.Outcome:
        """Connect, rotate or disconnect, as in the set-up portal."""
        with self.running.lock:
            who = self._account(member)
            if who is None:
                raise page.Refusal("Your account is gone.")
            try:
                return self._act(who, action, origin)
            except Refused as refused:
                raise page.Refusal(refused.message) from refused

    def _act(self, who: Member, action: str, origin: str) -> page.Outcome:
        verb, _, kind = action.partition(" ")
        if verb == "connect" and kind in TYPES:
            return self._shown(self._organisation.connect(who, kind), origin)
        if action == "rotate":
            return self._shown(self._organisation.rotate(who), origin)
        if action == "disconnect":
            self._organisation.disconnect(who)
            self.running.update()
            return page.Outcome(message="The directory is disconnected.")
        raise page.Refusal(f"There is no action {action!r:.100} here.")

    def _shown(self, connected: Connected, origin: str) -> page.Outcome:
        self.running.update()
        return page.Outcome(
            message=f"The directory ({connected.type}) is connected; its token is shown once.",
            shown_once=(
                page.Field(label="Base URL", value=f"{origin}{SCIM_PATH}", copy=True),
                page.Field(label="OAuth Bearer Token", value=connected.token, copy=True),
            ),
        )

    def _account(self, member: page.Member) -> Member | None:
        members = self._organisation.state.members
        return next((each for each in members if each.id == member.id), None)


def _set_up(connected: Connected | None, url: str, why_not: str) -> page.Section:
    """Show how the directory is connected; `why_not` says why this admin cannot change that."""
    fields: tuple[page.Field, ...] = ()
    if connected is not None:
        fields = (
            page.Field(label="Directory", value=connected.type),
            page.Field(label="Base URL", value=url, copy=True),
            page.Field(label="Token", value="shown once, when it was made"),
        )
    note = why_not or ("" if connected else "Nothing is connected.")
    actions = () if why_not else _actions(connected)
    return page.Section(title="Identity provider", note=note, fields=fields, actions=actions)


def _actions(connected: Connected | None) -> tuple[page.Action, ...]:
    if connected is None:
        return tuple(page.Action(name=f"connect {each}", label=f"Connect {each}") for each in TYPES)
    question = "All users and groups of the directory are removed."
    return (
        page.Action(name="rotate", label="New token", question="The present token stops working."),
        page.Action(name="disconnect", label="Disconnect", question=question, danger=True),
    )


def _person(member: Member, plan: str) -> page.Person:
    facts = (("plan", plan), ("role", member.role), ("blocked", "yes" if member.blocked else "no"))
    status = page.Status.INACTIVE if member.blocked else page.Status.ACTIVE
    return page.Person(
        id=member.id,
        name=member.email,
        display=member.name,
        email=member.email,
        status=status,
        facts=facts,
    )


def _waiting(listed: Listed) -> page.Person:
    name = listed.email or listed.username
    return page.Person(
        id=listed.id,
        name=name,
        email=listed.email,
        status=page.Status.PENDING,
        facts=(("plan", PENDING),),
    )


def _group(group: PushedGroup, listed: Mapping[str, Listed]) -> page.Group:
    people = [listed[each].email for each in sorted(group.people) if each in listed]
    return page.Group(
        id=group.idp_id, name=group.name, size=len(people), members=tuple(islice(people, _NAMES))
    )


def _newest(rows: Sequence[_Row], start: int, count: int) -> page.Listing[_Row]:
    newest = rows[::-1]
    return page.Listing(len(rows), newest[start : start + count])
