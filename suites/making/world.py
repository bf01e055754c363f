"""A small world of users and groups with decoys, made once per worker, for cases that only read.

Each value is there for a filter, an order or a page: for every operator some match and some nearly
do. What a case expects is worked out from what the server shows of these users, never from what
was sent, so that a server which alters or drops a value is judged for that elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from idp_profiles.model import Json
from idp_profiles.model import Person
from suites.client import USER_URN
from suites.values import caseless
from suites.values import is_empty
from suites.values import items
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

from . import bodies
from .lab import Lab

KEYS = ("ada", "ben", "cyd", "dot", "eve", "fay", "gus", "hal")
_CREW = {"crew": ("ada", "ben", "cyd"), "nest": ("crew", "dot"), "void": ()}


@dataclass(frozen=True, slots=True)
class World:
    """The users and groups by their keys; what could not be made is named in `missing`."""

    mark: str  # in every value of ours that a filter compares
    tag: str  # in every userName and e-mail address, which some servers make the userName
    domain: str
    made: Mapping[str, Made]
    missing: Mapping[str, Blocked]

    @property
    def alone(self) -> str:
        """A filter that finds the users alone."""
        return f'userName co "{self.tag}"'

    def __getitem__(self, key: str) -> Made:
        """Return a user or group; raises Blocked where it could not be made."""
        if key in self.missing:
            problem = self.missing[key]
            raise Blocked(problem.reason, by=problem.by, entry=problem.entry)
        if key not in self.made:
            raise NotOffered("the server has no groups")
        return self.made[key]

    @property
    def users(self) -> tuple[Made, ...]:
        """The users, in the order of their creation; raises Blocked where nobody was made."""
        found = tuple(each for each in self.made.values() if each.kind == "Users")
        if not found:
            for problem in self.missing.values():
                raise type(problem)(problem.reason, by=problem.by, entry=problem.entry)
        return found

    @property
    def groups(self) -> tuple[Made, ...]:
        """The groups, in the order of their creation."""
        return tuple(each for each in self.made.values() if each.kind == "Groups")

    def where(self, holds: Callable[[Made], bool]) -> tuple[Made, ...]:
        """Return the users of whom a condition holds; there may be none."""
        return tuple(each for each in self.users if holds(each))

    def having(self, *paths: str) -> tuple[Made, ...]:
        """Return the users of whom the server shows a value at each of these paths.

        Raises NotOffered where it shows none: it does not keep the attribute.
        """
        found = self.where(lambda each: all(each.has(path) for path in paths))
        if not found:
            why = f"the server keeps no {' and no '.join(paths)} of a user"
            raise NotOffered(self.users[0].unless_refused(why, *paths))
        return found

    def lacking(self, path: str) -> tuple[Made, ...]:
        """Return the users of whom the server shows no value at a path."""
        return self.where(lambda each: is_empty(each.value(path)))

    def whose(
        self, path: str, holds: Callable[[Any], bool], *, folded: bool = True
    ) -> tuple[Made, ...]:
        """Return the users of whom a condition holds for any value at a path.

        Texts are folded, so that case does not count, unless `folded` is false. Raises NotOffered
        where the server keeps the attribute of nobody.
        """
        self.having(path.partition(".")[0] if not path.startswith("urn:") else path)

        def fits(each: Made) -> bool:
            values = values_at(dict(each.stored), path)
            return any(map(holds, items(caseless(values)) if folded else values))

        return self.where(fits)

    def where_value(
        self, path: str, holds: Callable[[Mapping[str, Any]], bool]
    ) -> tuple[Made, ...]:
        """Return the users of whom a condition holds for one value of a multi-valued attribute.

        The condition sees the value's parts, texts folded; one without a type or a value fails.
        """

        def fits(value: Json) -> bool:
            whole = isinstance(value, dict) and {"type", "value"} <= value.keys()
            return isinstance(value, dict) and whole and holds(value)

        return self.whose(path, fits)

    def keys(self, names: Collection[str]) -> tuple[Made, ...]:
        """Return the users with these keys."""
        return self.where(lambda each: each.key in names)

    def equal(self, path: str, *values: Json) -> tuple[Made, ...]:
        """Return the users with one of these values at a path, in any case."""
        wanted = [caseless(value) for value in values]
        return self.whose(path, lambda value: value in wanted)


def seed(lab: Lab, *, with_groups: bool) -> World:
    """Make the world: eight users, and three groups where the server has them; 22 requests."""
    tag = lab.people.tag
    mark = tag.removeprefix("scimproof-").replace("-", "")
    made: dict[str, Made] = {}
    missing: dict[str, Blocked] = {}
    for key, body in _people(tag, mark, lab.people.domain):
        _try(key, made, missing, lambda key=key, body=body: _user(lab, key, body))  # type: ignore[misc]  # a lambda with a default has no type of its own
    for key, names in _CREW.items() if with_groups else ():
        members = tuple(made[name] for name in names if name in made)
        _try(key, made, missing, lambda key=key, of=members: _group(lab, key, mark, of))  # type: ignore[misc]  # as above
    for key, each in [*made.items()]:
        _try(key, made, missing, lambda each=each: lab.reread(each))  # type: ignore[misc]  # as above
    return World(mark, tag, lab.people.domain, made, missing)


def _try(
    key: str, made: dict[str, Made], missing: dict[str, Blocked], make: Callable[[], Made]
) -> None:
    try:
        made[key] = make()
    except Blocked as problem:
        made.pop(key, None)
        missing[key] = problem


def _user(lab: Lab, key: str, body: bodies.Body) -> Made:
    """Create one; a server that refuses an unusual value is given the plain part of the user."""
    login = str(body["userName"])
    person = Person(
        user_name=login,
        given_name=key.title(),
        family_name="Malley",
        email=login,
        display_name=f"{key.title()} Malley",
        idp_id=login,
        password="",
    )
    plain = bodies.plain_user(person)
    kept = {name: value for name, value in body.items() if name in plain}
    less = {**plain, **kept}
    return lab.make("Users", key, lab.user_bodies(body, bodies.single(body), less))


def _group(lab: Lab, key: str, mark: str, members: tuple[Made, ...]) -> Made:
    """Create one; a server that refuses a group in a group, or none in it, is given another."""
    words = {"crew": "Crew", "nest": "Crew", "void": "Void"}
    name = f"{words[key]} {mark} {lab.people.unique(key)}"
    users = [each for each in members if each.kind == "Users"]
    wanted = [bodies.plain_group(name, lab.entries(*each)) for each in (members, users)]
    return lab.make("Groups", key, wanted if wanted[0] != wanted[1] else wanted[:1])


def _people(tag: str, mark: str, domain: str) -> Iterator[tuple[str, bodies.Body]]:
    """Yield the users of `world.json`, which says what each is for."""
    words = {"tag": tag, "mark": mark, "domain": domain}
    everybody = bodies.filled(bodies.template("world.json"), words)
    for key, entry in everybody.items() if isinstance(everybody, dict) else ():
        user = value_at(entry, "user")
        if isinstance(user, dict):
            yield key, {"schemas": [USER_URN], **user}
