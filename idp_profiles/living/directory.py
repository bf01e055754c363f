"""The directory of one organisation: people, groups, who is assigned to the app, what changed.

It knows nothing of SCIM and of no vendor. Engines read its changes and turn them into requests.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from enum import StrEnum
from typing import Any

from idp_profiles.changed_person import changed_person
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person


class State(StrEnum):
    """What the directory says of a person."""

    ENABLED = "enabled"
    BLOCKED = "blocked"
    DELETED = "deleted"  # in the recycle bin: it can be restored
    GONE = "gone"


class What(StrEnum):
    """What happened to a person, a group or the scope of the app."""

    HIRED = "hired"
    CHANGED = "changed"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    DELETED = "deleted"
    RESTORED = "restored"
    PURGED = "purged"
    FORMED = "formed"
    RENAMED = "renamed"
    JOINED = "joined"
    LEFT = "left"
    DISSOLVED = "dissolved"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: its number, when it was made (seconds since 1970), to whom, and what it was.

    `people` are the keys of those who joined or left a group, or were in it at its end.
    """

    number: int
    at: float
    kind: str  # "person" or "group"
    key: str
    what: What
    people: tuple[str, ...] = ()


@dataclass(slots=True)
class _Record:
    person: Person
    state: State = State.ENABLED
    state_since: float = 0.0


@dataclass(slots=True)
class _Team:
    name: str
    people: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)


class Directory:
    """People and groups by their key, the `idp_id`; every change is numbered and dated."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._people: dict[str, _Record] = {}
        self._teams: dict[str, _Team] = {}
        self._assigned: set[str] = set()
        self._changes: list[Change] = []

    # -- people

    def hire(self, person: Person) -> Person:
        """Take a new person in; raises ValueError when the key is taken or empty."""
        if not person.idp_id or person.idp_id in self._people:
            raise ValueError(f"the key {person.idp_id!r} is no new one")
        self._people[person.idp_id] = _Record(person, state_since=self._clock())
        self._note("person", person.idp_id, What.HIRED)
        return person

    def change(self, key: str, /, **changes: Json) -> Person:
        """Change fields or attributes of a person, and return the person; empty ones go away."""
        record = self._record(key)
        record.person = changed_person(record.person, changes)
        self._note("person", key, What.CHANGED)
        return record.person

    def block(self, key: str) -> None:
        """Block a person's sign-in, as on a last day at work."""
        self._move(key, State.BLOCKED, What.BLOCKED)

    def unblock(self, key: str) -> None:
        """Let a blocked person sign in again."""
        self._move(key, State.ENABLED, What.UNBLOCKED)

    def delete(self, key: str) -> None:
        """Put a person into the recycle bin."""
        self._move(key, State.DELETED, What.DELETED)

    def restore(self, key: str) -> None:
        """Take a person out of the recycle bin."""
        self._move(key, State.ENABLED, What.RESTORED)

    def purge(self, key: str) -> None:
        """Remove a person for good; groups and assignments lose the person."""
        self._move(key, State.GONE, What.PURGED)
        self._assigned.discard(key)
        for team in self._teams.values():
            team.people = [each for each in team.people if each != key]

    # -- groups

    def form(self, group: Group) -> Group:
        """Take a new group in, with its people; raises ValueError for a key that is no new one."""
        if not group.idp_id or group.idp_id in self._teams:
            raise ValueError(f"the key {group.idp_id!r} is no new one")
        people = [self._record(each.idp_id).person.idp_id for each in group.members]
        self._teams[group.idp_id] = _Team(group.name, people)
        self._note("group", group.idp_id, What.FORMED, people)
        return group

    def rename(self, key: str, name: str) -> None:
        """Give a group another name."""
        self._team(key).name = name
        self._note("group", key, What.RENAMED)

    def join(self, key: str, *people: str) -> None:
        """Put people into a group; who is in it stays in it once."""
        team = self._team(key)
        new = [self._record(each).person.idp_id for each in people if each not in team.people]
        team.people += new
        self._note("group", key, What.JOINED, new)

    def leave(self, key: str, *people: str) -> None:
        """Take people out of a group; who is not in it does not count."""
        team = self._team(key)
        gone = [each for each in people if each in team.people]
        team.people = [each for each in team.people if each not in gone]
        self._note("group", key, What.LEFT, gone)

    def nest(self, key: str, inner: str) -> None:
        """Put a group into a group."""
        groups = self._team(key).groups
        if self._team(inner) and inner not in groups:
            groups.append(inner)
        self._note("group", key, What.JOINED)

    def dissolve(self, key: str) -> None:
        """Remove a group; its people stay."""
        people = self._team(key).people
        del self._teams[key]
        self._assigned.discard(key)
        for team in self._teams.values():
            team.groups = [each for each in team.groups if each != key]
        self._note("group", key, What.DISSOLVED, people)

    # -- the app

    def assign(self, *keys: str) -> None:
        """Assign the app to people or groups."""
        for key in keys:
            kind = self._kind(key)
            self._assigned.add(key)
            self._note(kind, key, What.ASSIGNED)

    def unassign(self, *keys: str) -> None:
        """Take the app away from people or groups."""
        for key in keys:
            kind = self._kind(key)
            self._assigned.discard(key)
            self._note(kind, key, What.UNASSIGNED)

    def is_assigned(self, key: str) -> bool:
        """Tell whether a person or a group itself is assigned to the app."""
        return key in self._assigned

    def is_in_scope(self, key: str) -> bool:
        """Tell whether a person is assigned, or is directly in a group that is.

        Groups within groups are not expanded.
        """
        return key in self._assigned or any(
            team in self._assigned and key in self._teams[team].people for team in self._teams
        )

    # -- reading

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody but those who are gone, in the order in which they came."""
        kept = (each for each in self._people.values() if each.state is not State.GONE)
        return tuple(record.person for record in kept)

    @property
    def groups(self) -> tuple[Group, ...]:
        """Every group with the people directly in it."""
        return tuple(map(self.group, self._teams))

    @property
    def watermark(self) -> int:
        """The number of the latest change; 0 before the first."""
        return len(self._changes)

    def person(self, key: str) -> Person:
        """Return a person as the directory has it now, or had it last."""
        return self._record(key).person

    def state(self, key: str) -> State:
        """Return what the directory says of a person."""
        return self._record(key).state

    def state_since(self, key: str) -> float:
        """Return since when it says so."""
        return self._record(key).state_since

    def has_group(self, key: str) -> bool:
        """Tell whether there is such a group now."""
        return key in self._teams

    def group(self, key: str) -> Group:
        """Return a group with the people directly in it."""
        team = self._team(key)
        return Group(team.name, tuple(self.person(each) for each in team.people), key)

    def changes_since(self, number: int) -> tuple[Change, ...]:
        """Return the changes after the one with this number, oldest first."""
        return tuple(self._changes[number:])

    # -- inside

    def _move(self, key: str, state: State, what: What) -> None:
        record = self._record(key)
        record.state, record.state_since = state, self._clock()
        self._note("person", key, what)

    def _record(self, key: str) -> _Record:
        record = self._people.get(key)
        if record is None:
            raise ValueError(f"the directory knows no person {key!r}")
        return record

    def _team(self, key: str) -> _Team:
        if key not in self._teams:
            raise ValueError(f"the directory has no group {key!r}")
        return self._teams[key]

    def _kind(self, key: str) -> str:
        if key in self._teams:
            return "group"
        self._record(key)
        return "person"

    def _note(self, kind: str, key: str, what: What, people: Iterable[str] = ()) -> None:
        number = len(self._changes) + 1
        change = Change(
            number=number, at=self._clock(), kind=kind, key=key, what=what, people=tuple(people)
        )
        self._changes.append(change)

    # -- keeping

    def to_json(self) -> dict[str, Json]:
        """Return everything as JSON types; passwords are left out."""
        people: list[Json] = [_record_json(record) for record in self._people.values()]
        groups: list[Json] = [{"key": key, **asdict(team)} for key, team in self._teams.items()]
        changes: list[Json] = [asdict(change) for change in self._changes]
        assigned: list[Json] = [*sorted(self._assigned)]
        return {"people": people, "groups": groups, "assigned": assigned, "changes": changes}

    @classmethod
    def from_json(cls, kept: Any, clock: Callable[[], float]) -> Directory:  # noqa: ANN401 - JSON
        """Return the directory that `to_json` wrote; raises ValueError for anything else."""
        directory = cls(clock)
        try:
            for row in kept["people"]:
                state = (State(row["state"]), float(row["state_since"]))
                person = Person(**row["person"])
                directory._people[person.idp_id] = _Record(person, *state)
            for row in kept["groups"]:
                directory._teams[row["key"]] = _Team(row["name"], row["people"], row["groups"])
            directory._assigned = set(kept["assigned"])
            directory._changes = [_change(row) for row in kept["changes"]]
        except (KeyError, TypeError, ValueError) as problem:
            raise ValueError(f"this is no directory: {problem!r}") from None
        return directory


def _record_json(record: _Record) -> dict[str, Json]:
    person = asdict(record.person)
    person["attributes"] = dict(record.person.attributes)
    del person["password"]
    return {"person": person, "state": record.state.value, "state_since": record.state_since}


def _change(row: dict[str, Any]) -> Change:
    return Change(**{**row, "what": What(row["what"]), "people": tuple(row["people"])})
