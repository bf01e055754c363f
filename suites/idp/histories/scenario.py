"""A history as data: a list of directory changes and faults that can be played again.

A file is JSON: `{"idp": …, "dialect": …, "steps": [{"do": "hire", "who": "a"}, …]}`. People and
groups go by labels, which stand for made-up names.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import TypeAlias

from idp_profiles.model import Json

from .line import Fault
from .office import Office

Step: TypeAlias = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A history for one IdP, or (without) for any; `deviations` are of the embedded server."""

    steps: tuple[Step, ...]
    idp: str = ""
    dialect: str = ""
    deviations: tuple[str, ...] = ()

    def text(self) -> str:
        """Return what a file holds, a line for each step."""
        head = {"idp": self.idp, "dialect": self.dialect, "deviations": [*self.deviations]}
        lines = ",\n".join(f"  {json.dumps(step)}" for step in self.steps)
        return f'{json.dumps(head)[:-1]}, "steps": [\n{lines}\n]}}\n'


def parse(text: str) -> Scenario:
    """Return the scenario of a file; raises ValueError saying what is wrong."""
    try:
        found = json.loads(text)
        steps = tuple(dict(step) for step in found["steps"])
        deviations = tuple(map(str, found.get("deviations", ())))
        scenario = Scenario(
            steps, str(found.get("idp", "")), str(found.get("dialect", "")), deviations
        )
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise ValueError(f"this is no scenario: {problem!r}") from None
    unknown = [step.get("do") for step in scenario.steps if step.get("do") not in DOINGS]
    if unknown:
        raise ValueError(f"unknown step {unknown[0]!r}: there are {', '.join(DOINGS)}")
    return scenario


class Player:
    """Plays steps in an office; labels stand for the keys of people and groups."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.people: dict[str, str] = {}
        self.groups: dict[str, str] = {}
        self.names: dict[str, str] = {}  # of groups that were dissolved

    def play(self, step: Step) -> None:
        """Do one thing; raises ValueError for a step that does not fit, Mismatch for the server."""
        __tracebackhide__ = True
        given = {key: value for key, value in step.items() if key != "do"}
        doing: Callable[..., None] = getattr(self, str(step["do"]))
        try:
            doing(**given)
        except (KeyError, TypeError) as problem:  # a label or a field that is not there
            raise ValueError(f"the step {json.dumps(step)} does not fit: {problem}") from None

    def play_all(self, steps: Sequence[Step]) -> None:
        """Play every step, and let the office settle at the end; raises like `play`."""
        __tracebackhide__ = True
        for step in steps:
            self.play(step)
        self.settle()

    # -- people

    def hire(self, who: str) -> None:
        """Take somebody in and assign the app."""
        (self.people[who],) = self.office.hire()

    def follow(self, who: str, of: str) -> None:
        """Take somebody in under the first user name of another, who is gone or renamed."""
        (name, *_) = self.office.memory.people[self.people[of]]
        person = replace(self.office.site.people.person(), user_name=name, email=name)
        self.people[who] = self.office.take_in(person)
        self.office.directory.assign(self.people[who])

    def change(self, who: str) -> None:
        """Change somebody's names."""
        new = self.office.site.people.person()
        self.office.directory.change(
            self.people[who],
            given_name=new.given_name,
            family_name=new.family_name,
            display_name=new.display_name,
        )

    def rename(self, who: str) -> None:
        """Change somebody's user name, address and names."""
        self.office.rename(self.people[who])

    def block(self, who: str) -> None:
        """Block somebody's sign-in."""
        self.office.directory.block(self.people[who])

    def unblock(self, who: str) -> None:
        """Let somebody in again."""
        self.office.directory.unblock(self.people[who])

    def unassign(self, who: str) -> None:
        """Take the app away from somebody."""
        self.office.directory.unassign(self.people[who])

    def assign(self, who: str) -> None:
        """Assign the app to somebody again."""
        self.office.directory.assign(self.people[who])

    def purge(self, who: str) -> None:
        """Remove somebody for good."""
        self.office.directory.purge(self.people[who])

    def vanish(self, who: str) -> None:
        """Delete somebody's account in the application, behind the IdP's back, and get over it."""
        self.office.delete_account(self.people[who])
        self.change(who)
        self.office.turn()
        self.office.forget_account(self.people[who])
        self.settle()

    # -- groups

    def form(self, group: str, people: Sequence[str] = (), of: str = "") -> None:
        """Form a group; `of` gives it the name of one that was dissolved."""
        keys = [self.people[who] for who in people]
        self.groups[group] = self.office.form(*keys, name=self.names[of] if of else "")

    def retitle(self, group: str) -> None:
        """Give a group another name."""
        self.office.directory.rename(self.groups[group], self.office.new_group_name())

    def join(self, group: str, who: str) -> None:
        """Put somebody into a group."""
        self.office.directory.join(self.groups[group], self.people[who])

    def leave(self, group: str, who: str) -> None:
        """Take somebody out of a group."""
        self.office.directory.leave(self.groups[group], self.people[who])

    def dissolve(self, group: str) -> None:
        """End a group."""
        self.names[group] = self.office.directory.group(self.groups[group]).name
        self.office.directory.dissolve(self.groups[group])

    # -- what happens

    def fault(self, kind: str, times: int = 1) -> None:
        """Let a fault hit the next requests."""
        fault = Fault(kind)
        self.office.line.breaks(fault, times=times, methods=self.office.methods_of(fault))

    def turn(self) -> None:
        """Let the IdP do what it does next by itself."""
        self.office.turn()

    def settle(self) -> None:
        """Mend the line, let the IdP settle, and compare."""
        __tracebackhide__ = True
        self.office.line.mend()
        self.office.in_step()
        self.office.end()


DOINGS = (
    *("hire", "follow", "change", "rename", "block", "unblock", "unassign", "assign", "purge"),
    *("vanish", "form", "retitle", "join", "leave", "dissolve", "fault", "turn", "settle"),
)
