"""The machine that drives random histories: its rules are what may happen in an organisation.

Some things are left out on purpose, as they lead every IdP astray, or this one by its habits, which
is no fault of a server: nobody is renamed whose account may not be known yet, as the one that a
lost reply hides is never found again then, and who is away keeps the user name, as some match it
again on the return.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import ClassVar
from typing import TypeVar

from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import note
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import initialize
from hypothesis.stateful import invariant
from hypothesis.stateful import precondition
from hypothesis.stateful import rule

from idp_profiles.living.directory import State
from idp_profiles.model import Json
from suites.idp.histories.embedded_office import embedded_office
from suites.idp.histories.habits import MATCHED_AGAIN
from suites.idp.histories.habits import NEVER
from suites.idp.histories.habits import NO_GROUPS
from suites.idp.histories.habits import WANTED
from suites.idp.histories.line import Fault
from suites.idp.histories.scenario import Player
from suites.idp.histories.scenario import Scenario
from suites.idp.histories.scenario import Step
from suites.verdicts import Mismatch

T = TypeVar("T")
THEN = st.sampled_from(["", "turn", "settle", "settle"])
ODDS = st.integers(min_value=0, max_value=10**6)


class History(RuleBasedStateMachine):
    """One random history; a subclass says of which IdP, and how the server deviates."""

    idp: ClassVar[str]
    dialect: ClassVar[str]
    deviations: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        office = self.stack.enter_context(embedded_office(self.idp, self.dialect, self.deviations))
        self.player = Player(office)
        self.office = office
        self.steps: list[Step] = []
        self.touched: set[str] = set()  # keys of what may not be in step

    def do(self, doing: str, **given: Json) -> None:
        step: Step = {"do": doing, **given}
        self.steps.append(step)
        try:
            self.player.play(step)
        except Mismatch as mismatch:
            scenario = Scenario(tuple(self.steps), self.idp, self.dialect, self.deviations)
            note(f"{mismatch}\n--- to be replayed:\n{scenario.text()}---")
            raise

    # -- who and what there is

    def known(self, *states: State) -> list[str]:
        """Return the labels of people who were in step before and have not changed since."""
        directory, memory = self.office.directory, self.office.memory.people
        return [
            who
            for who, key in self.player.people.items()
            if key in memory and key not in self.touched and directory.state(key) in states
        ]

    def active(self) -> list[str]:
        directory, people = self.office.directory, self.player.people
        return [who for who in self.known(State.ENABLED) if directory.is_in_scope(people[who])]

    def away(self) -> list[str]:
        """Return the labels of those who have an account that is switched off."""
        gone = {*self.active(), *self.known(State.GONE)}
        return [who for who in self.known(*State) if who not in gone]

    def here(self) -> list[str]:
        """Return the labels of people whom the directory has, or the IdP may not be rid of yet."""
        over = self.known(State.GONE)
        return [who for who in self.player.people if who not in over]

    def sends_groups(self) -> bool:
        return self.office.habits.groups != NO_GROUPS

    def groups(self) -> list[str]:
        """Return the labels of groups that were in step before and have not changed since."""
        directory, memory = self.office.directory, self.office.memory.groups
        return [
            label
            for label, key in self.player.groups.items()
            if directory.has_group(key) and key in memory and key not in self.touched
        ]

    def inside(self, label: str) -> list[str]:
        keys = {each.idp_id for each in self.office.directory.group(self.group(label)).members}
        return [who for who, key in self.player.people.items() if key in keys]

    def outsiders(self) -> list[str]:
        """Return the labels of active people and such who are away, who are in no group."""
        grouped = {each.idp_id for group in self.office.directory.groups for each in group.members}
        known = [*self.active(), *self.away()]
        return [who for who in known if self.key(who) not in grouped]

    def key(self, who: str) -> str:
        return self.player.people[who]

    def group(self, label: str) -> str:
        return self.player.groups[label]

    def calm(self) -> bool:
        return not self.touched and not self.office.line.is_broken

    def free_names(self) -> list[str]:
        """Return the labels of people with a name that nobody has by now: gone, or renamed."""
        memory = self.office.memory.people
        taken = {self.name(who) for who in self.here()}
        taken |= {memory[self.key(who)][-1] for who in self.here() if self.key(who) in memory}
        known = [*self.known(State.GONE), *self.active()]
        return [who for who in known if memory[self.key(who)][0] not in taken]

    def name(self, who: str) -> str:
        return self.office.directory.person(self.key(who)).user_name

    @initialize(begun=st.booleans())
    def begin(self, begun: bool) -> None:
        """Begin with some people and a group, or with nobody."""
        if begun:
            for who in ("p0", "p1", "p2"):
                self.do("hire", who=who)
            if self.sends_groups():
                self.do("form", group="g0", people=["p0", "p1"], of="")
            self.do("settle")

    # -- people

    @precondition(lambda self: len(self.player.people) < 8)
    @rule(then=THEN)
    def hire(self, then: str) -> None:
        who = f"p{len(self.player.people)}"
        self.do("hire", who=who)
        self.go_on(then, self.key(who))

    @precondition(lambda self: self.active() or self.away())
    @rule(odds=ODDS, then=THEN)
    def change(self, odds: int, then: str) -> None:
        who = one([*self.active(), *self.away()], odds)
        # Who is away keeps the user name: some identity providers match it on the return.
        doing = "rename" if who in self.active() and odds % 3 else "change"
        self.do(doing, who=who)
        self.go_on(then, self.key(who))

    @precondition(lambda self: self.active())
    @rule(odds=ODDS, blocked=st.booleans(), then=THEN)
    def go_away(self, odds: int, blocked: bool, then: str) -> None:
        who = one(self.active(), odds)
        blocked = blocked or self.office.habits.unassigned == WANTED  # where nobody is assigned
        self.do("block" if blocked else "unassign", who=who)
        self.go_on(then, self.key(who))

    @precondition(lambda self: self.away())
    @rule(odds=ODDS, then=THEN)
    def come_back(self, odds: int, then: str) -> None:
        who = one(self.away(), odds)
        key, directory = self.key(who), self.office.directory
        if directory.state(key) is State.BLOCKED:
            self.do("unblock", who=who)
        if not directory.is_in_scope(key):
            self.do("assign", who=who)
        self.go_on(then, key)

    @precondition(lambda self: self.outsiders())
    @rule(odds=ODDS, then=THEN)
    def purge(self, odds: int, then: str) -> None:
        who = one(self.outsiders(), odds)
        self.do("purge", who=who)
        self.go_on(then, self.key(who))

    @precondition(lambda self: self.free_names() and len(self.player.people) < 12)
    @rule(odds=ODDS, then=THEN)
    def follow(self, odds: int, then: str) -> None:
        of, who = one(self.free_names(), odds), f"p{len(self.player.people)}"
        self.do("follow", who=who, of=of)
        self.go_on(then, self.key(who))

    @precondition(lambda self: self.calm() and self.active() and self.may_vanish())
    @rule(odds=ODDS)
    def vanish(self, odds: int) -> None:
        self.do("vanish", who=one(self.active(), odds))

    def may_vanish(self) -> bool:
        """Tell whether the IdP gets over it: one that matches all again forgets who is away."""
        if self.office.habits.lost_account == NEVER:
            return False
        return self.office.habits.on_return != MATCHED_AGAIN or not self.away()

    # -- groups

    @precondition(lambda self: self.sends_groups() and len(self.player.groups) < 6)
    @rule(odds=ODDS, then=THEN)
    def form(self, odds: int, then: str) -> None:
        label, people, free = f"g{len(self.player.groups)}", self.active(), self.free_titles()
        chosen: list[Json] = [who for n, who in enumerate(people) if odds >> n & 1]
        self.do("form", group=label, people=chosen, of=free[0] if free else "")
        self.go_on(then, self.group(label))

    @precondition(lambda self: self.groups())
    @rule(odds=ODDS, then=THEN)
    def retitle(self, odds: int, then: str) -> None:
        label = one(self.groups(), odds)
        self.do("retitle", group=label)
        self.go_on(then, self.group(label))

    @precondition(lambda self: self.groups() and (self.active() or self.away()))
    @rule(odds=ODDS, other=ODDS, then=THEN)
    def join(self, odds: int, other: int, then: str) -> None:
        label, who = one(self.groups(), odds), one([*self.active(), *self.away()], other)
        self.do("join", group=label, who=who)
        self.go_on(then, self.group(label), self.key(who))

    @precondition(lambda self: self.leavers())
    @rule(odds=ODDS, then=THEN)
    def leave(self, odds: int, then: str) -> None:
        label, who = one(self.leavers(), odds)
        self.do("leave", group=label, who=who)
        self.go_on(then, self.group(label), self.key(who))

    def leavers(self) -> list[tuple[str, str]]:
        known = {*self.active(), *self.away()}
        pairs = [(label, who) for label in self.groups() for who in self.inside(label)]
        return [(label, who) for label, who in pairs if who in known]

    @precondition(lambda self: self.endable())
    @rule(odds=ODDS, then=THEN)
    def dissolve(self, odds: int, then: str) -> None:
        label = one(self.endable(), odds)
        people = [self.key(who) for who in self.inside(label)]
        self.do("dissolve", group=label)
        self.go_on(then, self.group(label), *people)

    def endable(self) -> list[str]:
        """Return the labels of groups whose people may all lose a reason to be in scope."""
        return [
            label
            for label in self.groups()
            if not self.touched & {self.key(who) for who in self.inside(label)}
        ]

    def free_titles(self) -> list[str]:
        """Return the labels of groups that ended, whose names are free and in step by now."""
        groups, memory = self.office.directory.groups, self.office.memory.groups
        taken = {group.name for group in groups}
        # A group that was given another name may still have the former one in the app.
        taken |= {memory[each.idp_id][-1] for each in groups if each.idp_id in memory}
        ended = self.player.names
        taken |= {ended[label] for label in ended if self.group(label) in self.touched}
        return [label for label, name in ended.items() if name not in taken]

    # -- what happens

    @precondition(lambda self: not self.office.line.is_broken)
    @rule(fault=st.sampled_from(list(Fault)), times=st.integers(min_value=1, max_value=3))
    def fault(self, fault: Fault, times: int) -> None:
        self.do("fault", kind=fault.value, times=times)

    @rule(then=THEN)
    def wait(self, then: str) -> None:
        self.go_on(then)

    def go_on(self, then: str, *touched: str) -> None:
        """Let the IdP go on or not; what was touched may be out of step until all is settled."""
        self.touched |= {*touched}
        if then == "settle" and self.office.line.is_broken:
            self.do("turn")  # settling mends the line
        if then:
            self.do(then)
        if then == "settle":
            self.touched.clear()

    @invariant()
    def nobody_is_in_a_group_twice(self) -> None:
        for group in self.office.directory.groups:
            keys = [each.idp_id for each in group.members]
            assert len(set(keys)) == len(keys)

    def teardown(self) -> None:
        try:
            self.do("settle")
        finally:
            self.stack.close()


def one(listed: list[T], odds: int) -> T:
    return listed[odds % len(listed)]


def machine(idp: str, dialect: str, *deviations: str) -> type[History]:
    told = {"idp": idp, "dialect": dialect, "deviations": deviations}
    return type("History", (History,), told)


def hunt(*phases: Phase, histories: int, steps: int) -> settings:
    return settings(
        max_examples=histories,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=phases or (Phase.generate,),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
    )
