"""The plan: who has a paid seat, as the number of pushed users decides (CWS-PLAN-1, CWS-PLAN-2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace

from .rules import Rules
from .settings import Settings
from .state import ADMIN
from .state import FREE
from .state import PAID
from .state import Listed
from .state import Member
from .state import State
from .state import folded


@dataclass(frozen=True, slots=True)
class Plan:
    """How seats follow from who is listed."""

    rules: Rules
    settings: Settings
    new_member: Callable[[Listed], Member]

    def settled(self, state: State) -> State:
        """Return the state with everybody's seat as the directory has it now."""
        if state.connected is None:
            return replace(state, switched=False)
        entitled = self._entitled(state)
        state = self._with_accounts(state, entitled)
        keys = {self._key_of(each) for each in entitled}
        switched = self.is_switched(len(entitled))
        members = tuple(
            self._seated(each, self._key(each) in keys, switched=switched) for each in state.members
        )
        if switched and state.switched and not self.rules.switch_pays_late_comers:
            members = tuple(map(_as_free_as_before, state.members, members))
        members = tuple(self._barred(each, state, keys) for each in members)
        return replace(state, members=members, switched=switched)

    def is_switched(self, pushed: int) -> bool:
        """Tell whether so many users are enough to move everybody."""
        first = self.settings.threshold + (self.settings.at_threshold == "trial")
        return pushed >= first + self.rules.threshold_shift

    def waiting(self, state: State) -> tuple[Listed, ...]:
        """Return who is entitled to a seat and has no account yet."""
        accounts = {self._key(each) for each in state.members}
        return tuple(each for each in self._entitled(state) if self._key_of(each) not in accounts)

    def member_of(self, state: State, listed: Listed) -> Member | None:
        """Return the account that an entry of the directory means."""
        key = self._key_of(listed)
        return next((each for each in state.members if self._key(each) == key), None)

    def _entitled(self, state: State) -> tuple[Listed, ...]:
        """Return the active users of the directory, in the order in which they came."""
        active = tuple(each for each in state.listed.values() if each.active)
        if self.rules.seats_need_no_group:
            return active
        grouped = {one for group in state.groups.values() for one in group.people}
        return tuple(each for each in active if each.idp_id in grouped)

    def _with_accounts(self, state: State, entitled: tuple[Listed, ...]) -> State:
        """Give everybody who is pushed an account, where that is how accounts come."""
        if self.settings.edition != "accounts":
            return state
        known = {self._key(each) for each in state.members}
        new = [
            self.new_member(each)
            for each in entitled
            if each.email and self._key_of(each) not in known
        ]
        return replace(state, members=(*state.members, *new)) if new else state

    def _seated(self, member: Member, listed: bool, *, switched: bool) -> Member:
        if switched:
            return self._after_switch(member, listed)
        if listed:
            if member.plan == PAID or not self.rules.trial_adds_the_pushed:
                return member
            return replace(member, plan=PAID, granted=True)
        if member.granted:
            return self._without_seat(member)
        if not self.rules.trial_keeps_paid_members and member.plan == PAID:
            return replace(member, plan=FREE)
        return member

    def _after_switch(self, member: Member, listed: bool) -> Member:
        if listed:
            seat = PAID if self.rules.switch_pays_the_listed else FREE
            return replace(member, plan=seat, granted=True)
        if member.granted:
            return self._without_seat(member)
        if member.role == ADMIN and not self.rules.switch_frees_admins:
            return member
        if self.rules.switch_frees_the_others:
            return replace(member, plan=FREE)
        return member

    def _without_seat(self, member: Member) -> Member:
        if not self.rules.leaving_ends_the_seat:
            return member
        return replace(member, plan=FREE, granted=False)

    def _barred(self, member: Member, state: State, listed: set[str]) -> Member:
        """Block whoever is not listed, where that is asked for; never who runs the plan."""
        if member.blocked and state.blocking_group and not self.rules.listed_get_in_again:
            return member
        asked = state.blocking_group in state.groups and self.rules.unlisted_are_blocked
        blocked = asked and self._key(member) not in listed and member.role != ADMIN
        return member if member.blocked == blocked else replace(member, blocked=blocked)

    def _key(self, member: Member) -> str:
        return member.email if self.rules.matches_by == "exact-email" else folded(member.email)

    def _key_of(self, listed: Listed) -> str:
        if self.rules.matches_by == "username":
            return folded(listed.username)
        return listed.email if self.rules.matches_by == "exact-email" else folded(listed.email)


def _as_free_as_before(before: Member, now: Member) -> Member:
    """Return somebody without a seat that came late: what the product must not do."""
    return replace(now, plan=FREE) if before.plan == FREE else now
