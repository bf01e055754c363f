"""Engines of IdPs that push each change at once: what fails waits for an admin's retry.

An IdP says by which of its verbs a person is created, changed, switched off and on, and what it
does about groups; what has to be done follows from the directory and from what was done before.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from functools import partial
from typing import Any
from typing import TypeVar

from idp_profiles.model import Exchange
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.transport import Send

from .arrival import may_have_arrived
from .clock import Clock
from .directory import Directory
from .directory import State
from .engine import Engine
from .engine import Handled
from .engine import Pending
from .engine import Turn
from .moves import Move

IdpT = TypeVar("IdpT")
CREATE, UPDATE, DELETE = "create", "update", "delete"
SWITCH_OFF, SWITCH_ON = "deactivate", "reactivate"


@dataclass(slots=True)
class Pushed:
    """What the IdP believes of the app beyond its links.

    `sent` holds people as they were sent last, `off` who is switched off; `names` and `members`
    are of the groups that were pushed. Nobody knows whether a request that failed has arrived:
    `unsure` are people about whom one was, `tried` who was to come into a group.
    """

    sent: dict[str, Person] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    tried: dict[str, set[str]] = field(default_factory=dict)


class PushEngine(Engine[IdpT]):
    """An IdP that sends each change when it is made."""

    def __init__(
        self,
        idp: IdpT,
        directory: Directory,
        send: Send,
        clock: Clock,
        *,
        after: Callable[[Exchange], None] | None = None,
    ) -> None:
        super().__init__(idp, directory, send, clock, after=after)
        self.app = Pushed()
        self.watermark = 0
        self._failed: dict[tuple[str, str], Pending] = {}

    # -- the verbs of the IdP

    @abstractmethod
    def has_account(self, person: Person) -> bool:
        """Tell whether the IdP has a link to an account of the person."""

    @abstractmethod
    def create(self, person: Person) -> Script:
        """Give a person an account: it may be created or linked."""

    @abstractmethod
    def update(self, person: Person, changes: Mapping[str, Json]) -> Script:
        """Send what changed of a person, by field or attribute."""

    @abstractmethod
    def switch_off(self, person: Person) -> Script:
        """Deactivate an account."""

    @abstractmethod
    def switch_on(self, person: Person) -> Script:
        """Activate an account again."""

    def remove(self, person: Person) -> Script | None:
        """Delete the account of somebody who is gone; None when the IdP leaves it alone."""
        del person
        return None

    @abstractmethod
    def forget(self, person: Person) -> None:
        """Drop the link to the account of somebody who is gone."""

    def group_moves(self, key: str) -> Iterator[Move]:
        """Yield what has to be done about a group; an IdP without groups does nothing."""
        del key
        yield from ()

    # -- what it does

    def turn(self) -> Turn:
        """Send what changed since the last turn, and what is due by now."""
        changes = self.directory.changes_since(self.watermark)
        self.watermark = self.directory.watermark
        people = [change.key for change in changes if change.kind == "person"]
        people += [key for change in changes for key in self._of_group(change.key, change.people)]
        touched = {(change.kind, change.key) for change in changes}
        for each in (*touched, *(("person", key) for key in people)):
            self._failed.pop(each, None)
        return self._turn("push", [*self._bring_up(dict.fromkeys(people))], self._status())

    def retry(self) -> Turn:
        """Try everything that failed once more, as an admin does with the failed tasks."""
        people = [key for kind, key in self._failed if kind == "person"]
        self._failed.clear()
        return self._turn("retry", [*self._bring_up(people)], self._status())

    @property
    def pending(self) -> tuple[Pending, ...]:
        """The tasks that failed."""
        return tuple(replace(each, due=self.again()) for each in self._failed.values())

    def got_through(self, handled: Handled) -> bool:
        """Tell whether the IdP takes something for done."""
        return handled.ok

    def note(self, handled: Handled) -> None:
        """Take note of what was done: for engines that look at the exchanges."""

    def again(self) -> float | None:
        """Return when failed tasks run again by themselves; None when that takes an admin."""
        return None

    def take_up(self, failed: Iterable[Pending]) -> None:
        """Take over tasks that failed before the engine was kept."""
        self._failed = {(each.kind, each.key): each for each in failed}

    def unlink(self, key: str) -> None:
        """Forget somebody's account, as an admin does whose app has lost it; a retry makes one."""
        self._forget(key)
        name = self._name_of("person", key)
        why = "the account was unlinked"
        self._failed["person", key] = Pending(kind="person", key=key, name=name, why=why)

    def wants(self, key: str) -> bool:
        """Tell whether a person should have an active account now."""
        enabled = self.directory.state(key) is State.ENABLED
        return enabled and self.directory.is_in_scope(key)

    # -- inside

    def _bring_up(self, people: Iterable[str]) -> Iterator[Handled]:
        return self.carry_out(self.moves(people))

    def carry_out(self, moves: Iterable[Move]) -> Iterator[Handled]:
        """Do one move after the other; a group that failed is left alone until it is retried."""
        for move in moves:
            if move.kind == "person" or ("group", move.key) not in self._failed:
                yield from self._do(move)

    def moves(self, people: Iterable[str]) -> Iterator[Move]:
        """Yield what has to be done about these people, then about all groups."""
        for key in people:
            yield from self.person_moves(key)
        for key in self.known_groups():
            yield from self.group_moves(key)

    def known_groups(self) -> Iterable[str]:
        """Return the groups of the directory and those that were pushed."""
        return dict.fromkeys([*(each.idp_id for each in self.directory.groups), *self.app.names])

    def person_moves(self, key: str) -> Iterator[Move]:
        """Yield what has to be done about a person."""
        person, off = self.directory.person(key), self.app.off
        if not self.has_account(person):
            if self.wants(key):
                sent = partial(self._sent, key)
                yield Move("person", key, CREATE, partial(self.create, person), sent)
        elif self.directory.state(key) is State.GONE:
            yield from self._gone(key, person)
        elif not self.wants(key):
            if key not in off:
                leave = partial(self.switch_off, person)
                yield Move("person", key, SWITCH_OFF, leave, partial(off.add, key))
        else:
            if key in off:
                back = partial(self.switch_on, person)
                yield Move("person", key, SWITCH_ON, back, partial(off.discard, key))
                if key in off:
                    # What changed goes out with the retry: the app has nobody active to change.
                    return
            changes = changed_fields(self.app.sent.get(key), person)
            if changes:
                push = partial(self.update, person, changes)
                yield Move("person", key, UPDATE, push, partial(self._sent, key))

    def _gone(self, key: str, person: Person) -> Iterator[Move]:
        script = self.remove(person)
        if script is None and key not in self.app.off:
            leave = partial(self.switch_off, person)
            yield Move("person", key, SWITCH_OFF, leave, partial(self._forget, key))
        elif script is None:
            self._forget(key)
        else:
            gone = partial(self._forget, key)
            yield Move("person", key, DELETE, lambda: script, gone)

    def _do(self, move: Move) -> Iterator[Handled]:
        kind = "person" if move.kind == "person" else "group"
        handled = self._act(kind, move.key, move.action, move.script())
        self.note(handled)
        if self.got_through(handled):
            move.done()
        else:
            move.failed()
            if kind == "person" and may_have_arrived(handled):
                self.app.unsure.add(move.key)
            self._failed[kind, move.key] = Pending(
                kind=kind, key=move.key, name=handled.name, why=handled.outcome.console
            )
        if handled.outcome.exchanges:
            yield handled

    def _of_group(self, key: str, people: Sequence[str]) -> tuple[str, ...]:
        """Return the people whose scope a change of a group may have changed."""
        if people or not self.directory.has_group(key):
            return tuple(people)
        return tuple(each.idp_id for each in self.directory.group(key).members)

    def _sent(self, key: str) -> None:
        self.app.sent[key] = self.directory.person(key)
        self.app.off.discard(key)
        self.app.unsure.discard(key)

    def _forget(self, key: str) -> None:
        self.forget(self.directory.person(key))
        self.app.sent.pop(key, None)
        self.app.off.discard(key)
        self.app.unsure.discard(key)
        for members in (*self.app.members.values(), *self.app.tried.values()):
            members.discard(key)

    def _status(self) -> str:
        return f"{len(self._failed)} failed tasks." if self._failed else "No failed tasks."

    # -- for engines with groups

    def named(self, key: str) -> Group:
        """Return a group as the directory has it, or by the name that was pushed last."""
        if self.directory.has_group(key):
            return self.directory.group(key)
        return Group(self.app.names.get(key, key), (), key)

    def with_accounts(self, people: Iterable[Person]) -> tuple[Person, ...]:
        """Return those who have accounts, as the directory has them now."""
        return tuple(each for each in people if self.has_account(each))

    def member_changes(self, key: str) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
        """Return who has to come into a pushed group and who has to leave it."""
        known = self.app.members.get(key, set())
        now = {each.idp_id: each for each in self.with_accounts(self.named(key).members)}
        came = tuple(person for one, person in now.items() if one not in known)
        there = known | self.app.tried.get(key, set())
        left = [self.directory.person(one) for one in sorted(there - now.keys())]
        return came, self.with_accounts(left)

    def group_pushed(self, key: str) -> None:
        """Note that the app has a group with its present name and members."""
        group = self.named(key)
        self.app.names[key] = group.name
        self.app.members[key] = {each.idp_id for each in self.with_accounts(group.members)}
        self.app.tried.pop(key, None)

    def group_dropped(self, key: str) -> None:
        """Note that the app has a group no more."""
        self.app.names.pop(key, None)
        self.app.members.pop(key, None)
        self.app.tried.pop(key, None)

    def join_move(self, key: str, script: Callable[[], Script], people: Iterable[Person]) -> Move:
        """Return the move that brings people into a pushed group."""
        keys = {each.idp_id for each in people}
        known = self.app.members.setdefault(key, set())
        tried = self.app.tried.setdefault(key, set())

        def done() -> None:
            known.update(keys)
            tried.difference_update(keys)

        return Move("group", key, UPDATE, script, done, partial(tried.update, keys))

    def leave_move(self, key: str, script: Callable[[], Script], people: Iterable[Person]) -> Move:
        """Return the move that takes people out of a pushed group."""
        keys = {each.idp_id for each in people}
        known = self.app.members.setdefault(key, set())
        tried = self.app.tried.setdefault(key, set())

        def done() -> None:
            known.difference_update(keys)
            tried.difference_update(keys)

        return Move("group", key, UPDATE, script, done)


def changed_fields(before: Person | None, now: Person) -> dict[str, Json]:
    """Return the fields and attributes of a person that differ; what went away is empty."""
    if before is None:
        return {}
    names = ("user_name", "given_name", "family_name", "email", "display_name")
    changes: dict[str, Json] = {
        name: getattr(now, name) for name in names if getattr(now, name) != getattr(before, name)
    }
    for name in {**before.attributes, **now.attributes}:
        if now.attributes.get(name) != before.attributes.get(name):
            changes[name] = now.attributes.get(name, "")
    return changes


def save_pushed(engine: PushEngine[Any], links: Json) -> dict[str, Json]:
    """Return directory, `links` and what was pushed as JSON types, without secrets."""
    app = engine.app
    directory = Directory(engine.clock)
    for person in app.sent.values():
        directory.hire(replace(person, password=""))
    return {
        "directory": engine.directory.to_json(),
        "links": links,
        "sent": directory.to_json()["people"],
        "off": [*sorted(app.off)],
        "names": {**app.names},
        "members": {key: [*sorted(people)] for key, people in app.members.items()},
        "unsure": [*sorted(app.unsure)],
        "tried": {key: [*sorted(people)] for key, people in app.tried.items() if people},
        "watermark": engine.watermark,
        "now": engine.clock.now,
        "failed": [
            {"kind": each.kind, "key": each.key, "name": each.name, "why": each.why}
            for each in engine.pending
        ],
    }


def load_pushed(engine: PushEngine[Any], kept: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Take up what `save_pushed` returned and return the links; raises ValueError."""
    directory = Directory.from_json(kept.get("directory"), engine.clock)
    try:
        engine.app = Pushed(
            sent={row["person"]["idp_id"]: Person(**row["person"]) for row in kept["sent"]},
            off=set(kept["off"]),
            names=dict(kept["names"]),
            members={key: set(people) for key, people in kept["members"].items()},
            unsure=set(kept["unsure"]),
            tried={key: set(people) for key, people in kept["tried"].items()},
        )
        engine.watermark = int(kept["watermark"])
        engine.clock.now = max(engine.clock.now, float(kept["now"]))
        engine.take_up([Pending(**row) for row in kept["failed"]])
        links = kept["links"]
    except (KeyError, TypeError, ValueError) as problem:
        raise ValueError(f"this is no kept engine: {problem!r}") from None
    engine.directory = directory
    return links
