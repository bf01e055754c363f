"""Looks at the server with the independent client and says in words where it is out of step."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from idp_profiles.model import Json
from idp_profiles.model import Person
from reports import Verdict
from suites.client import ScimClient
from suites.client import Seen
from suites.client import search
from suites.values import items
from suites.values import value_at
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .model import Crew
from .model import Place

_AT_ONCE = 20  # names in one search
# Not displayName: a server may make its own of the names (RFC 7643 section 4.1.1 leaves it open).
_SHOWN = ("name.givenName", "name.familyName")


class Comparison:
    """One look at the server.

    `kept` holds the attributes that the server was seen to keep, over all looks of a history: what
    a server never shows is no loss. `accounts` are known beforehand: keys of people by id.
    At the first look, which is `fresh`, nobody can have been switched off but by the server.
    """

    def __init__(
        self,
        look: ScimClient,
        kept: set[str],
        accounts: Mapping[str, str] | None = None,
        *,
        off: Iterable[str] = (),
        fresh: bool = False,
    ) -> None:
        self._look = look
        self._kept = kept
        self._fresh = fresh
        self._keys = dict(accounts or {})  # who has an active account, by its id
        self._off = set(off)  # the ids of inactive accounts

    def people(self, places: Sequence[Place]) -> Iterator[tuple[Place, list[str]]]:
        """Compare names with who has to be there, and yield the ids; raises Mismatch."""
        targets = [search("/Users", "userName", place.name) for place in places]
        for place, seen in zip(places, self._look.together(targets), strict=True):
            if place.person is not None:
                self._there(_searched(seen), place.person)
            else:
                self._away(_searched(seen), place)
            yield place, [str(value_at(user, "id")) for user in found(seen)]

    def bystanders(self, places: Sequence[Place]) -> Iterator[tuple[Place, list[str]]]:
        """Do the same for people to whom nothing happened: all at once.

        Where that leaves a doubt they are looked for one by one.
        """
        found_at_once = self._at_a_glance(places) if 2 < len(places) <= _AT_ONCE else None
        yield from self.people(places) if found_at_once is None else found_at_once

    def groups(self, crews: Sequence[Crew], *, whole: bool = True) -> Iterator[tuple[Crew, str]]:
        """Compare groups with who has to be in them, and yield their ids; raises Mismatch.

        A look that is not `whole` takes a group that is in order in the list at its word.
        """
        targets = [search("/Groups", "displayName", crew.name) for crew in crews]
        for crew, seen in zip(crews, self._look.together(targets), strict=True):
            yield crew, self._group(crew, _searched(seen), whole=whole)

    def group(self, crew: Crew, group_id: str) -> None:
        """Compare a group whose id is known; raises Mismatch."""
        self._crew(self._look.group(group_id), crew.name, crew.people or frozenset())

    # -- people

    def _at_a_glance(self, places: Sequence[Place]) -> list[tuple[Place, list[str]]] | None:
        """Return whom one search finds, None unless everything is beyond doubt as it has to be."""
        seen = self._look.send("GET", search("/Users", "userName", *(p.name for p in places)))
        users = found(seen)
        if seen.status != 200 or seen.object().get("totalResults") != len(users):
            return None
        named = [(each, _named(users, each.name)) for each in places]
        if not all(self._fits(place, own) for place, own in named):
            return None
        met = [(place, [str(value_at(each, "id")) for each in own]) for place, own in named]
        for place, ids in met:
            if place.person is not None:
                self._keys[ids[0]] = place.person.idp_id
            else:
                self._off |= set(ids)
        return met

    def _fits(self, place: Place, own: list[Json]) -> bool:
        if place.person is None:
            return not own or (place.inactive and all(map(_is_off, own)))
        shown = _attributes(place.person)
        on = len(own) == 1 and str(value_at(own[0], "active")).lower() == "true"
        return on and all(self._has(own[0], path, value) for path, value in shown)

    def _there(self, seen: Seen, person: Person) -> None:
        name = person.user_name
        _hold(
            seen,
            lambda: len(found(seen)) == 1,
            f"one user {name!r}",
            lambda: "none: the person is lost" if not found(seen) else "the user twice",
        )
        while self._fresh and _is_off(found(seen)[0]):
            if not seen.refresh():
                raise NotOffered("the server keeps new users inactive, as RFC 7644 lets it")
        _hold(
            seen,
            lambda: not _is_off(found(seen)[0]),
            f"{name!r} active",
            lambda: "an account that is switched off",
        )
        for path, value in _attributes(person):
            self._shows(seen, path, value, name)
        self._keys[str(value_at(found(seen)[0], "id"))] = person.idp_id

    def _away(self, seen: Seen, place: Place) -> None:
        allowed = "no active user" if place.inactive else "no user"

        def is_away() -> bool:
            return not self._any_on(seen) if place.inactive else not found(seen)

        _hold(
            seen,
            is_away,
            f"{allowed} {place.name!r} any more",
            lambda: (
                "one who is active" if any(map(self._is_on, found(seen))) else "one who is left"
            ),
        )
        self._off |= {str(value_at(user, "id")) for user in found(seen)}

    def _any_on(self, seen: Seen) -> bool:
        return any(map(self._is_on, found(seen)))

    def _is_on(self, user: Json) -> bool:
        """Tell whether an account is shown as active, by its id where lists do not say."""
        if value_at(user, "active") is None:
            user = self._look.user(str(value_at(user, "id"))).object()
        return str(value_at(user, "active")).lower() == "true"

    def _shows(self, seen: Seen, path: str, value: str, name: str) -> None:
        _hold(
            seen,
            lambda: self._has(found(seen)[0], path, value),
            f"{path} {value!r} of {name!r}",
            lambda: f"{value_at(found(seen)[0], path)!r}",
        )

    def _has(self, user: Json, path: str, value: str) -> bool:
        """Tell whether a user shows a value, or shows none where the server keeps none."""
        shown = value_at(user, path)
        if path == "emails":
            shown = [value_at(each, "value") for each in items(shown)]
        if shown in (None, "", []):
            return path not in self._kept
        self._kept.add(path)
        listed = shown if isinstance(shown, list) else [shown]
        return value.lower() in [str(each).lower() for each in listed]

    # -- groups

    def _group(self, crew: Crew, seen: Seen, *, whole: bool) -> str:
        if crew.may_lack and not found(seen):
            return ""
        there = self._called(seen, crew.name, 0 if crew.people is None else 1)
        if crew.people is None:
            return ""
        group_id = str(value_at(there[0], "id"))
        if whole or not self._is_in_order(there[0], crew.people):
            self.group(crew, group_id)
        return group_id

    def _is_in_order(self, group: Json, people: frozenset[str]) -> bool:
        """Tell whether a group of a list shows exactly who has to be in it, each of them once."""
        ids = [str(value_at(each, "value")) for each in items(value_at(group, "members"))]
        known = [self._keys.get(each) for each in ids]
        return bool(ids) and len(known) == len(people) and set(known) == people

    def _called(self, seen: Seen, name: str, wanted: int) -> list[Json]:
        """Return the groups of a name; raises Mismatch unless there are as many as wanted."""
        __tracebackhide__ = True
        while len(found(seen)) != wanted and seen.refresh():
            pass
        there = found(seen)
        if wanted and not there:
            seen, there = self._overlooked(seen, name)
        if len(there) != wanted:
            expected = f"{_number(wanted, 'group')} called {name!r}"
            raise Mismatch(expected=expected, actual=_number(len(there), "group"), entry=seen.entry)
        return there

    def _overlooked(self, seen: Seen, name: str) -> tuple[Seen, list[Json]]:
        """Return what shows groups of a name in the list, though a search finds none, and them.

        Filters are optional, and an identity provider that never searches misses nothing.
        """
        listed: list[Json] = []
        page = self._look.send("GET", "/Groups")
        while found(page):
            listed += found(page)
            total = page.object().get("totalResults")
            if not isinstance(total, int) or len(listed) >= total:
                break
            page = self._look.send("GET", f"/Groups?startIndex={len(listed) + 1}")
        there = [each for each in listed if value_at(each, "displayName") == name]
        return (page if there else seen), there

    def _crew(self, seen: Seen, name: str, people: frozenset[str]) -> None:
        def inside() -> list[str]:
            return [str(value_at(each, "value")) for each in _members(seen)]

        def keys() -> set[str]:
            return {self._keys[each] for each in inside() if each in self._keys}

        _hold(
            seen,
            lambda: people <= keys(),
            f"everybody of the directory in the group {name!r} ({len(people)})",
            lambda: f"{_number(len(people - keys()), 'person')} lost",
        )
        _hold(
            seen,
            lambda: keys() <= people,
            f"nobody else in the group {name!r}",
            lambda: f"{_number(len(keys() - people), 'person')} who should not be there",
        )
        _hold(
            seen,
            lambda: not self._strangers(inside()),
            f"no member of {name!r} whom the directory does not know",
            lambda: f"{_number(len(self._strangers(inside())), 'stranger')}",
        )
        _hold(
            seen,
            lambda: len(set(inside())) == len(inside()),
            f"nobody twice in the group {name!r}",
            lambda: "a member who is listed twice",
            # RFC 7644 section 3.5.2.1 has a SHOULD for it, and no identity provider stops.
            at_most=Verdict.WARN,
        )

    def _strangers(self, ids: list[str]) -> list[str]:
        """Return members of whom nobody knows; that a deleted one stays listed is legal."""
        unknown = [each for each in ids if each not in self._keys and each not in self._off]
        return [each for each in unknown if self._look.user(each).status not in (404, 410)]


def found(seen: Seen) -> list[Json]:
    """Return the resources that a search found; 404 means none, as much as an empty list."""
    return items(seen.object().get("Resources"))


def _named(users: list[Json], name: str) -> list[Json]:
    return [each for each in users if str(value_at(each, "userName")).lower() == name.lower()]


def _searched(seen: Seen) -> Seen:
    """Return what a search found; raises NotOffered where it is refused, as filters are optional.

    IdPs that search stop by themselves; of the others only this look needs it.
    """
    if seen.status in (400, 501):
        raise NotOffered(f"a search by name is answered with {seen.status}, which hides them")
    return seen


def _attributes(person: Person) -> list[tuple[str, str]]:
    given = (person.given_name, person.family_name)
    return [*zip(_SHOWN, given, strict=True), ("emails", person.email)]


def _members(seen: Seen) -> list[Json]:
    return items(seen.object().get("members"))


def _is_off(user: Json) -> bool:
    return str(value_at(user, "active")).lower() == "false"


def _number(count: int, word: str) -> str:
    words = {"person": "people"}
    return f"{count or 'no'} {word if count == 1 else words.get(word, word + 's')}"


def _hold(
    seen: Seen,
    condition: Callable[[], bool],
    expected: str,
    actual: Callable[[], str],
    *,
    at_most: Verdict | None = None,
) -> None:
    __tracebackhide__ = True
    while not condition():
        if not seen.refresh():
            raise Mismatch(expected=expected, actual=actual(), entry=seen.entry, at_most=at_most)
