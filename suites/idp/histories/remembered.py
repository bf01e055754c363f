"""What earlier looks of a history found: where nothing can have changed, nobody looks again.

A name is looked at anew when something else is expected under it, and when a request went out that
wrote to it or to the account that was found there. The last look of a history takes in all names
again that were looked at before the last write: so whatever happened to a bystander shows there.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from suites.evidence import CaseLog
from suites.evidence import Entry
from suites.values import value_at

from .model import Crew
from .model import Place

_READS = ("GET", "HEAD")
_NAMES = {"Users": "userName", "Groups": "displayName"}


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found under a name, when so many exchanges were behind."""

    place: Place
    ids: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """A group that was looked at when so many exchanges were behind, by its id if `whole`."""

    crew: Crew
    id: str
    at: int
    whole: bool


class Remembered:
    """The looks of one office so far."""

    def __init__(self, log: CaseLog) -> None:
        self._log = log
        self._people: dict[str, _Found] = {}
        self._crews: dict[str, _Seen] = {}

    def people_due(
        self, places: Iterable[Place], *, whole: bool
    ) -> tuple[list[Place], list[Place]]:
        """Return the places to look at, and (if `whole`) the bystanders to look at as well.

        What was found at them, and at places that are no more, is forgotten.
        """
        wanted = list(places)
        due = [each for each in wanted if self._is_due(each, whole=False)]
        rest = [each for each in wanted if whole and each not in due and self._is_due(each)]
        kept = {each.name for each in wanted} - {each.name for each in (*due, *rest)}
        self._people = {name: found for name, found in self._people.items() if name in kept}
        return due, rest

    def found(self, place: Place, ids: Sequence[str]) -> None:
        """Remember what was found at a place and is as it has to be."""
        self._people[place.name] = _Found(place, tuple(ids), len(self._log.entries))

    @property
    def accounts(self) -> Mapping[str, str]:
        """The keys of people by the ids of their accounts."""
        places = ((each.place.person, each.ids) for each in self._people.values())
        return {one: person.idp_id for person, ids in places if person is not None for one in ids}

    @property
    def off(self) -> set[str]:
        """The ids of inactive accounts."""
        left = (each.ids for each in self._people.values() if each.place.person is None)
        return {one for ids in left for one in ids}

    @property
    def groups_found(self) -> set[str]:
        """The names of the groups that are there."""
        return {name for name, seen in self._crews.items() if seen.id}

    def crews_due(self, crews: Iterable[Crew], *, whole: bool) -> list[Crew]:
        """Return the groups to look at; what is no group any more is forgotten."""
        wanted = list(crews)
        accounts = {key: one for one, key in self.accounts.items()}
        due = [each for each in wanted if self._is_crew_due(each, accounts, whole=whole)]
        kept = {each.name for each in wanted}
        self._crews = {name: seen for name, seen in self._crews.items() if name in kept}
        return due

    def group_id(self, crew: Crew) -> str:
        """Return the id of a group that was found since the last write, empty without one."""
        seen = self._crews.get(crew.name)
        is_same = seen is not None and seen.crew == crew and not list(self._writes(seen.at))
        return seen.id if seen is not None and is_same else ""

    def crew_found(self, crew: Crew, group_id: str, *, whole: bool) -> None:
        """Remember that a group is as it has to be; one that need not be there has no id."""
        self._crews[crew.name] = _Seen(crew, group_id, len(self._log.entries), whole)

    def _is_crew_due(self, crew: Crew, accounts: Mapping[str, str], *, whole: bool) -> bool:
        known = self._crews.get(crew.name)
        if known is None or known.crew != crew:
            return True
        writes = list(self._writes(known.at))
        if whole:
            return bool(writes) or not known.whole
        touched = {each for entry in writes for each in _touched(entry)}
        inside = {accounts.get(each) for each in crew.people or ()}  # None: an account is new
        return bool(writes and touched & {crew.name.lower(), known.id, *inside, None})

    def _is_due(self, place: Place, *, whole: bool = True) -> bool:
        known = self._people.get(place.name)
        if known is None or known.place != place:
            return True
        writes = list(self._writes(known.at))
        touched = {each for entry in writes for each in _touched(entry)}
        names = {place.name.lower(), *known.ids}
        return bool(writes) and (whole or None in touched or bool(touched & names))

    def _writes(self, since: int) -> Iterable[Entry]:
        later = self._log.entries[max(since, 0) :]
        return (each for each in later if each.method not in _READS)


def _touched(entry: Entry) -> set[str | None]:
    """Return the id or the name that a write is about; None stands for everything."""
    place, _, last = entry.target.partition("?")[0].rpartition("/")
    endpoint = place.rpartition("/")[2]
    if endpoint in _NAMES:
        return {unquote(last), _name(entry, endpoint)}
    return {_name(entry, last)} if last in _NAMES else {None}


def _name(entry: Entry, endpoint: str) -> str:
    return str(value_at(entry.request_body, _NAMES[endpoint]) or "").lower()
