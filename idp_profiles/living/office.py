"""An office: one organisation whose people and groups are called by name, and its living mock IdP.

What is changed goes to the app as the IdP does it: at once, or with the next cycle.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from idp_profiles.ledger import Ledger
from idp_profiles.ledger import plain_headers
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person

from .clock import Clock
from .directory import Directory
from .directory import State
from .engine import Engine
from .engine import Turn
from .faults import Faults
from .lengths import seconds_in
from .newcomers import details_of
from .register import PRESENT
from .register import Register

_FORMAT = "scimproof-office/1"
# What a person has to be before something can be done.
_FROM = {
    "block": (State.ENABLED,),
    "unblock": (State.BLOCKED,),
    "delete": PRESENT,
    "restore": (State.DELETED,),
    "purge": (*PRESENT, State.DELETED),
}


class Office:
    """One organisation with its mock IdP. Every verb returns a Turn: what the IdP did about it.

    People are given by user name (or as a Person), groups by name. An IdP that works in cycles
    does nothing about a change before `cycle()`. `faults` break the line to the app.
    """

    def __init__(
        self, engine: Engine[Any], ledger: Ledger, faults: Faults, heard: Sequence[Exchange]
    ) -> None:
        self.engine = engine
        self.faults = faults
        self.ledger = ledger
        self._heard = heard
        self._names = Register(engine)

    @property
    def directory(self) -> Directory:
        """The people, the groups, and who is assigned."""
        return self.engine.directory

    @property
    def clock(self) -> Clock:
        """The clock, which nobody but the test moves on."""
        return self.engine.clock

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Everything that was sent so far, oldest first."""
        return tuple(self._heard)

    @property
    def in_cycles(self) -> bool:
        """Whether the IdP waits for its next cycle before it sends what changed."""
        return self.can("cycle")

    def can(self, verb: str) -> bool:
        """Tell whether the IdP's engine has a verb of its own, such as `on_demand`."""
        return callable(getattr(self.engine, verb, None))

    # -- people

    def hire(self, user_name: str | Person, /, **details: Json) -> Turn:
        """Take a new person in; `details` are fields and source attributes."""
        if isinstance(user_name, Person):
            self.directory.hire(user_name)
            return self._changed()
        known = self._names.find_person(user_name)
        if known is not None and self.directory.state(known) in PRESENT:
            raise ValueError(f"there is somebody called {user_name!r} already")
        self._names.hire(user_name, details_of(details))
        return self._changed()

    def change(self, who: str | Person, /, **changes: Json) -> Turn:
        """Change fields and source attributes of a person; empty ones go away."""
        key, changes = self._names.person(who), details_of(changes)
        if not changes:
            raise ValueError("say what changes, as department=Sales")
        manager = changes.get("manager")
        if isinstance(manager, str) and manager:
            changes["manager"] = self._names.person(manager)
        self.directory.change(key, **changes)
        return self._changed()

    def rename(self, who: str | Person, user_name: str) -> Turn:
        """Give a person another user name; an e-mail address that was the same follows."""
        key = self._names.person(who)
        if self._names.find_person(user_name) not in (None, key):
            raise ValueError(f"there is somebody called {user_name!r} already")
        person = self.directory.person(key)
        changes: dict[str, Json] = {"user_name": user_name}
        if person.email == person.user_name:
            changes["email"] = user_name
        self.directory.change(key, **changes)
        return self._changed()

    def block(self, *people: str | Person) -> Turn:
        """Block sign-in, as on a last day at work."""
        return self._each("block", people)

    def unblock(self, *people: str | Person) -> Turn:
        """Let blocked people sign in again."""
        return self._each("unblock", people)

    def delete(self, *people: str | Person) -> Turn:
        """Put people into the recycle bin."""
        return self._each("delete", people)

    def restore(self, *people: str | Person) -> Turn:
        """Take people out of the recycle bin."""
        return self._each("restore", people)

    def purge(self, *people: str | Person) -> Turn:
        """Remove people for good."""
        return self._each("purge", people)

    # -- groups

    def group(self, name: str, *people: str | Person) -> Turn:
        """Form a group; it reaches the app when it is assigned, or when everybody is."""
        if self._names.find_group(name) is not None:
            raise ValueError(f"there is a group {name!r} already")
        members = tuple(map(self.directory.person, self._names.welcome(people)))
        self.directory.form(Group(name, members, self._names.new_key("group", name)))
        return self._changed()

    def join(self, group: str, *people: str | Person) -> Turn:
        """Put people into a group."""
        key = self._names.group(group)
        self.directory.join(key, *self._names.welcome(people))
        return self._changed()

    def leave(self, group: str, *people: str | Person) -> Turn:
        """Take people out of a group."""
        self.directory.leave(self._names.group(group), *map(self._names.person, people))
        return self._changed()

    def nest(self, group: str, inner: str) -> Turn:
        """Put a group into a group."""
        self.directory.nest(self._names.group(group), self._names.group(inner))
        return self._changed()

    def rename_group(self, group: str, name: str) -> Turn:
        """Give a group another name."""
        key = self._names.group(group)
        if self._names.find_group(name) not in (None, key):
            raise ValueError(f"there is a group {name!r} already")
        self.directory.rename(key, name)
        return self._changed()

    def dissolve(self, group: str) -> Turn:
        """Remove a group; its people stay."""
        self.directory.dissolve(self._names.group(group))
        return self._changed()

    # -- the app

    def assign(self, *names: str | Person) -> Turn:
        """Assign the app to people and groups; somebody new with an @ in the name is hired."""
        self.directory.assign(*self._names.welcome(names, groups=True))
        return self._changed()

    def unassign(self, *names: str | Person) -> Turn:
        """Take the app away from people and groups."""
        self.directory.unassign(*[self._names.either(name) for name in names])
        return self._changed()

    # -- time, and what an admin does

    def turn(self) -> Turn:
        """Let the IdP do what it does by itself at this moment."""
        return self.engine.turn()

    def wait(self, length: float | str) -> Turn:
        """Let time pass (`"40m"`, `"28d"`, or seconds), and the IdP do what is due then."""
        return self.engine.wait(seconds_in(length) if isinstance(length, str) else length)

    def retry(self) -> Turn:
        """Do what an admin does about what failed."""
        return self.engine.retry()

    def settle(self) -> Turn:
        """Wait and retry until nothing is pending, or nothing helps."""
        return self.engine.settle()

    def cycle(self) -> Turn:
        """Wait for the next cycle and run it."""
        return self._own("cycle")

    def restart(self, *, reset_links: bool = False) -> Turn:
        """Begin anew; with `reset_links` everybody is matched again by the attribute."""
        return self._own("restart", reset_links=reset_links)

    def pause(self) -> Turn:
        """Stop the cycles."""
        return self._own("pause")

    def resume(self) -> Turn:
        """Go on with the cycles."""
        return self._own("resume")

    def allow_deletions(self) -> Turn:
        """Let staged deletions pass."""
        return self._own("allow_deletions")

    def on_demand(self, name: str | Person, *people: str | Person) -> Turn:
        """Provision one person now, or one group with the people who are named."""
        key = self._names.find_group(name) if isinstance(name, str) else None
        if key is None:
            if people:
                raise ValueError(f"there is no group {name!r} to provision with people")
            return self._own("on_demand", self._names.person(name))
        return self._own("on_demand_group", key, [self._names.person(each) for each in people])

    def approve(self, *people: str | Person) -> Turn:
        """Approve what waits for that, of these people or of all."""
        return self._own("approve", *map(self._names.person, people))

    def rotate(self, credential: Credential | str) -> None:
        """Enter another credential or bearer token, as an admin does in the IdP's console."""
        if isinstance(credential, str):
            credential = Credential("bearer", credential)
        self.engine.rotate(credential)
        self.ledger.authorise(plain_headers(credential))

    def sweep(self) -> tuple[str, ...]:
        """Delete in the app what was created there; return a sentence for each thing left.

        No fault stands in the way of that. The IdP does not hear of it.
        """
        self.faults.clear()
        return self.ledger.sweep()

    # -- keeping

    def to_json(self) -> dict[str, Json]:
        """Return everything as JSON types, without secrets."""
        kept: dict[str, Json] = {"format": _FORMAT, "idp": self.engine.name}
        return {**kept, "engine": self.engine.save(), "created": self.ledger.save()}

    def take_up(self, kept: Any) -> None:  # noqa: ANN401 - JSON
        """Take up what `to_json` returned; raises ValueError, and stays as it is, otherwise."""
        if not isinstance(kept, dict) or kept.get("format") != _FORMAT:
            raise ValueError("this is no kept state of a living mock IdP")
        if kept.get("idp") != self.engine.name:
            raise ValueError(f"this is a state of {kept.get('idp')!r}, not {self.engine.name!r}")
        before = (self.engine.save(), self.ledger.save())
        try:
            self.engine.load(kept["engine"])
            self.ledger.load(kept["created"])
        except (AttributeError, KeyError, TypeError, ValueError) as problem:
            self.engine.load(before[0])
            self.ledger.load(before[1])
            raise ValueError(f"this state cannot be taken up: {problem}") from None

    def save(self, file: str | Path) -> None:
        """Keep everything in a file, without secrets."""
        text = json.dumps(self.to_json(), indent=1, ensure_ascii=False)
        Path(file).write_text(text + "\n", encoding="utf-8")

    def load(self, file: str | Path) -> None:
        """Take up what `save` wrote; raises ValueError for anything else."""
        self.take_up(json.loads(Path(file).read_text(encoding="utf-8")))

    # -- inside

    def _changed(self) -> Turn:
        if not self.in_cycles:
            return self.engine.turn()
        return Turn(title="noted", pending=self.engine.pending)

    def _own(self, verb: str, *arguments: object, **details: object) -> Turn:
        if not self.can(verb):
            raise ValueError(f"{self.engine.name} has no {verb.replace('_', '-')}")
        done = getattr(self.engine, verb)(*arguments, **details)
        # What only throws a switch returns nothing.
        return done if isinstance(done, Turn) else Turn(title=verb, pending=self.engine.pending)

    def _each(self, verb: str, people: Iterable[str | Person]) -> Turn:
        keys = [self._names.person(each) for each in people]
        for key in keys:
            state = self.directory.state(key)
            if state not in _FROM[verb]:
                name = self.directory.person(key).user_name
                raise ValueError(f"{name} is {state}: {verb} does not fit")
        for key in keys:
            getattr(self.directory, verb)(key)
        return self._changed()
