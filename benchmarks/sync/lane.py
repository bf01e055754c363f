"""One lane: a mock IdP with its share of a tenant's people, its line and its journal."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Sequence
from random import Random

from idp_profiles import load
from idp_profiles.living.clock import Clock
from idp_profiles.living.directory import Directory
from idp_profiles.living.directory import State
from idp_profiles.living.engine import start_engine
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.transport import WireSend
from suites.cleanup.journal import Journal

from . import people
from .day import Happening
from .day import What
from .plan import Tenant
from .plan import Wishes
from .wire import LaneSend
from .wire import Line

_LATER = 3  # how often what failed is tried again before the day begins
_BREATH = 200  # people after whom others in the process have their turn
_NEW_TEAM = 5


class Lane:
    """One mock IdP that provisions a share of a tenant's people, one request after the other."""

    def __init__(
        self, number: int, tenant: Tenant, wishes: Wishes, line: Line, journal: Journal
    ) -> None:
        self.number, self._tenant, self._wishes = number, tenant, wishes
        self.journal = journal
        self.wire = WireSend(tenant.place.url, timeout=wishes.timeout)
        self._clock = Clock()
        self._directory = Directory(self._clock)
        self._chosen = Random(f"{wishes.seed}/{tenant.number}/{number}/lane")  # noqa: S311 - not secret
        self._keys: dict[int, str] = {}
        self._teams: list[str] = []
        self.later = 0
        self._send = LaneSend(line, self.wire, journal)
        self._engine = start_engine(
            tenant.idp,
            directory=self._directory,
            send=self._send,
            clock=self._clock,
            credential=tenant.place.credential,
            dialect=load(tenant.idp).usual_dialect,
        )

    # -- the organisation

    def hire(self) -> None:
        """Take all people and teams of the lane in, and give them the app."""
        numbers = people.names_of(self.number, self._tenant)
        teams = people.teams_of(self.number, self._tenant)
        heads = numbers[: max(1, len(teams))]
        for at, number in enumerate(numbers):
            above = heads[at % len(heads)] if at >= len(heads) else numbers[0]
            self._hire(number, self._keys.get(above, "") if at else "")
            if at % _BREATH == 0:
                time.sleep(0)
        for at, team in enumerate(teams):
            members = [self._keys[number] for number in numbers[at :: len(teams)]]
            name = people.team_name(team, self._tenant, self._wishes)
            self._form(name, members)
        self._directory.assign(*self._keys.values(), *self._teams)

    def _hire(self, number: int, manager: str) -> str:
        new_key = self._engine.new_key
        somebody = people.person(number, self._tenant, self._wishes, new_key, manager=manager)
        self._directory.hire(somebody)
        self._keys[number] = somebody.idp_id
        return somebody.idp_id

    def _form(self, name: str, members: Sequence[str]) -> str:
        key = self._engine.new_key("group", name)
        self._directory.form(Group(name, tuple(map(self._directory.person, members)), key))
        self._teams.append(key)
        return key

    # -- what the IdP does

    def load(self) -> None:
        """Do the first load; what fails is tried again as the IdP does, a few times."""
        turn = self._engine.turn()
        while turn.pending and self.later < _LATER:
            due = [each.due for each in turn.pending if each.due is not None]
            self.later += 1
            if due:
                turn = self._engine.wait(max(0.0, min(due) - self._clock.now))
            else:
                turn = self._engine.retry()

    @property
    def users(self) -> int:
        """How many users the lane has made that its IdP has not deleted since."""
        made = sum(item.kind == "Users" and item.id is not None for item in self.journal.items)
        return made - self._send.users_deleted

    @property
    def unsure(self) -> int:
        """How many users may have been made although no reply says so."""
        users = [item for item in self.journal.items if item.kind == "Users"]
        return sum(item.id is None and not item.refused for item in users)

    @property
    def waiting(self) -> int:
        """How many people and teams are not in step with the directory."""
        return len(self._engine.pending)

    def live(
        self, happenings: Sequence[Happening], length: float, pause: Callable[[float], None]
    ) -> None:
        """Live through a day; `pause` waits until a moment of it, in the IdP's seconds, is here."""
        begin = self._clock.now
        moments = [(each.at, each) for each in happenings]
        ticks = [(each * length / _ticks(length), None) for each in range(1, _ticks(length) + 1)]
        for at, happening in sorted([*moments, *ticks], key=lambda pair: pair[0]):
            pause(at)
            # A mock IdP that waits for a rate limit moves the clock on by itself.
            self._engine.wait(max(0.0, begin + at - self._clock.now))
            if happening is not None:
                self._happen(happening)
                if not callable(getattr(self._engine, "cycle", None)):
                    self._engine.turn()
        self._engine.wait(0.0)

    # -- a day

    def _happen(self, happening: Happening) -> None:
        deeds: dict[What, Callable[[int], None]] = {
            What.JOINS: self._joins,
            What.MOVES: self._moves,
            What.IS_RENAMED: self._is_renamed,
            What.LEAVES: self._leaves,
            What.TEAM: self._forms_team,
            What.TEAM_IS_RENAMED: self._renames_team,
        }
        deeds[happening.what](happening.person)

    def _joins(self, number: int) -> None:
        key = self._hire(number, self._keys[min(self._keys)])
        self._directory.assign(key)
        if self._teams:
            self._directory.join(self._chosen.choice(self._teams), key)

    def _moves(self, number: int) -> None:
        key, changes = self._keys[number], people.placed(self._chosen)
        self._directory.change(key, **changes)
        before = [team for team in self._teams if self._is_in(key, team)][:1]
        after = [team for team in self._teams if team not in before]
        if before and after:
            self._directory.leave(before[0], key)
            self._directory.join(self._chosen.choice(after), key)

    def _is_renamed(self, number: int) -> None:
        somebody = self._directory.person(self._keys[number])
        family = people.other_family_name(somebody.family_name, self._chosen)
        changes: dict[str, Json] = {
            "family_name": family,
            "display_name": f"{somebody.given_name} {family}",
        }
        self._directory.change(somebody.idp_id, **changes)

    def _leaves(self, number: int) -> None:
        if self._directory.state(self._keys[number]) is State.ENABLED:
            self._directory.block(self._keys[number])

    def _forms_team(self, number: int) -> None:
        members = [self._keys[number]]
        members += [key for key in list(self._keys.values())[:_NEW_TEAM] if key not in members]
        name = people.team_name(self._tenant.groups + number, self._tenant, self._wishes)
        self._directory.assign(self._form(name, members))

    def _renames_team(self, number: int) -> None:
        if self._teams:
            key = self._teams[number % len(self._teams)]
            self._directory.rename(key, f"{self._directory.group(key).name} and friends")

    def _is_in(self, key: str, team: str) -> bool:
        return any(member.idp_id == key for member in self._members(team))

    def _members(self, team: str) -> tuple[Person, ...]:
        return self._directory.group(team).members


def _ticks(length: float) -> int:
    """Return in how many steps a time passes: of five minutes, so that cycles come at theirs."""
    return max(1, round(length / 300))
