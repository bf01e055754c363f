"""In a run that is read-only: the resources that are there already, in place of ones it makes.

A case that only reads is given an existing user or group. What the run did not make it knows only
as the server shows it: what was sent, and how the create was answered, nobody can say, so a case
that asks for that is skipped. So is one that wants a resource with values of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any
from typing import NoReturn

from idp_profiles.model import Json
from suites.client import Seen
from suites.manners.guard import READ_ONLY
from suites.target import existing
from suites.values import is_empty
from suites.values import items
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered

from .world import KEYS
from .world import World

_USERS, _GROUPS = 8, 4  # read at most, each by its id
_PAGE = 20


def _unknown() -> NoReturn:
    raise NotOffered(f"{READ_ONLY}, and this needs to know how a resource was made")


class _NotSent(Mapping[str, Json]):
    """What was sent to make a resource that somebody else made."""

    def __getitem__(self, name: str) -> Json:
        _unknown()

    def __iter__(self) -> Iterator[str]:
        _unknown()

    def __len__(self) -> int:
        _unknown()


class _NotSeen(Seen):
    """The reply to a create that somebody else sent."""

    def __init__(self) -> None:
        """Know nothing."""

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 - whatever is asked for
        if name.startswith("__"):
            return super().__getattribute__(name)
        _unknown()


class FoundWorld(World):
    """Existing users and groups under the keys of the world; there are no decoys among them."""

    __slots__ = ()

    def __init__(self, made: Mapping[str, Made]) -> None:
        for name, value in (("made", made), ("missing", {})):
            object.__setattr__(self, name, value)

    def __getitem__(self, key: str) -> Made:
        """Return a user; raises NotOffered where there are too few, and for groups by name."""
        if key not in self.made:
            raise NotOffered(f"{READ_ONLY}, and the server has nobody in the place of {key!r}")
        return self.made[key]

    @property
    def alone(self) -> str:
        """A filter that finds these users alone."""
        names = [each.value("userName") for each in self.users]
        quoted = (str(name).replace("\\", "\\\\").replace('"', '\\"') for name in names)
        each_one = " or ".join(f'userName eq "{name}"' for name in quoted)
        return f"({each_one})"

    @property
    def mark(self) -> str:
        """Nothing: no value was chosen for a filter."""
        raise NotOffered(f"{READ_ONLY}, and this needs users made for a filter")

    tag = domain = mark


@dataclass(frozen=True, slots=True)
class Stock:
    """The users and groups that a run found, those with the most to show first."""

    users: tuple[Made, ...]
    groups: tuple[Made, ...] = ()

    def world(self) -> World:
        """Return them as the seeded world of the cases that only read."""
        if not self.users:
            raise NotOffered(f"{READ_ONLY}, and the server shows no user")
        found = {key: replace(each, key=key) for key, each in zip(KEYS, self.users, strict=False)}
        return FoundWorld(found | {each.key: each for each in self.groups})

    def group_of(self, members: Sequence[Made]) -> Made:
        """Return a group with these members and no other; any group for none."""
        wanted = {each.id for each in members}
        for group in self.groups:
            if not wanted or wanted == set(group.values("members.value")):
                return group
        raise NotOffered(f"{READ_ONLY}, and the server has no group that fits")

    def staff(self, count: int) -> tuple[Made, ...]:
        """Return so many users, those of a group of two first if there is one."""
        known = {each.id: each for each in self.users}
        pairs = [set(group.values("members.value")) for group in self.groups]
        first = next((pair for pair in pairs if len(pair) == 2 and pair <= known.keys()), set())
        chosen = [*(known[each] for each in sorted(map(str, first)))]
        chosen += [each for each in self.users if each.id not in first]
        if len(chosen) < count:
            raise NotOffered(f"{READ_ONLY}, and the server has fewer than {count} users")
        return tuple(chosen[:count])


@dataclass(slots=True)
class Hand:
    """Gives one case the resources of the stock, each of them once."""

    find: Callable[[], Stock]
    _given: int = field(default=0)

    def user(self, changes: Mapping[str, Json]) -> Made:
        """Return the next user; raises NotOffered for one with values of the case's own."""
        if changes:
            raise NotOffered(f"{READ_ONLY}, and this needs a user with values of its own")
        users = self.find().users
        if self._given >= len(users):
            raise NotOffered(f"{READ_ONLY}, and the server shows no further user")
        self._given += 1
        return users[self._given - 1]

    def group(self, members: Sequence[Made], changes: Mapping[str, Json]) -> Made:
        """Return a group with these members; raises NotOffered for one with a name of its own."""
        if changes:
            raise NotOffered(f"{READ_ONLY}, and this needs a group with values of its own")
        return self.find().group_of(members)


def take(scim: Scim, names: Sequence[str]) -> Stock:
    """Read what is there: the users that the target file names, else the first of the list."""
    named = [each.id for each in existing.find(scim.client, names)]
    ids = named if names else _ids(scim, "/Users")
    users = _read(scim, "Users", ids[:_USERS], needed="userName")
    groups = _read(scim, "Groups", _ids(scim, "/Groups")[:_GROUPS], needed="displayName")
    return Stock(tuple(sorted(users, key=_riches, reverse=True)), tuple(groups))


def _ids(scim: Scim, endpoint: str) -> list[str]:
    reply = scim.get(endpoint, startIndex=1, count=_PAGE)
    listed = items(value_at(reply.object(), "Resources")) if reply.status == 200 else []
    found = [value_at(each, "id") for each in listed]
    return [each for each in dict.fromkeys(found) if isinstance(each, str) and each]


def _read(scim: Scim, kind: str, ids: Sequence[str], *, needed: str) -> list[Made]:
    """Return these resources as a read by id shows them, without those that it does not show."""
    found = []
    for number, resource_id in enumerate(ids):
        key = f"existing {kind.lower()} {number}"
        made = Made(
            kind=kind, id=resource_id, key=key, sent=_NotSent(), stored={}, reply=_NotSeen()
        )
        reply = scim.get(made)
        shown = reply.object() if reply.status == 200 else {}
        if value_at(shown, "id") == resource_id and values_at(shown, needed):
            found.append(
                Made(kind=kind, id=made.id, key=key, sent=made.sent, stored=shown, reply=made.reply)
            )
    return found


def _riches(made: Made) -> int:
    """Return how many attributes a resource has a value of."""
    return sum(not is_empty(value) for value in made.stored.values())
