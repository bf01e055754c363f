"""Lists of the world's users page by page by cursor (RFC 9865), each walk made once per worker."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pytest

from idp_profiles.model import Json
from suites.bench import Discovery
from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.querying.pages import MOST
from suites.querying.pages import Walk
from suites.querying.pages import listed
from suites.scim_fixtures import Experiment
from suites.values import is_empty
from suites.values import member
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

SIZE = 3  # of the pages that a walk asks for
TIES = 2  # of those of a walk in which equal values stand next to each other
LARGE = 100_000
INVENTED = "scimproof-invented-cursor"

# Walks through the users of the world from an empty cursor on, with these parameters.
ByCursor: TypeAlias = Callable[..., Walk]
Replies: TypeAlias = Mapping[str, Seen]


def cursor_of(reply: Seen, name: str = "nextCursor") -> str | None:
    """Return a cursor that a page hands out; null and an empty text are none."""
    found = value_at(reply.object(), name)
    return None if is_empty(found) else str(found)


def follow(ask: Callable[[str], Seen], cursor: str = "", name: str = "nextCursor") -> Walk:
    """Read page after page from a cursor on, until one hands out no other."""
    pages = [ask(cursor)]
    while len(pages) < MOST:
        further = cursor_of(pages[-1], name)
        if further is None:
            break
        pages.append(ask(further))
    return Walk(tuple(pages))


def ended(walk: Walk) -> bool:
    """Return whether a walk came to a page that hands out no nextCursor."""
    return cursor_of(walk.last) is None


def expect_all(walk: Walk, wanted: tuple[Made, ...]) -> None:
    """Expect that the pages of a walk hold each of these once, and nothing else of ours."""
    names = {each.id: each.key for each in wanted}
    expect(walk.last).status(200).holds(
        lambda: ended(walk) and sorted(walk.ids()) == sorted(names),
        f"{', '.join(names.values())}, each on one page, and an end",
        lambda: _came(walk, names),
    )


def _came(walk: Walk, names: Mapping[str, str]) -> str:
    pages = [", ".join(names.get(each, "another") for each in listed(page)) for page in walk.pages]
    end = "" if ended(walk) else f", and no end after {len(pages)} pages"
    return f"{' | '.join(pages)}{end}"


@pytest.fixture
def by_cursor(alone: str, experiment: Experiment) -> ByCursor:
    """Walks through the users of the world, each walk once per worker."""

    def walk(text: str = alone, **query: Json) -> Walk:
        def run(lab: Lab) -> Walk:
            return follow(
                lambda cursor: lab.scim.get(
                    "/Users", headers=None, filter=text, **query, cursor=cursor
                )
            )

        return experiment(run, key=f"walk by cursor {text} {query}")

    return walk


@dataclass(frozen=True, slots=True)
class ThereAndBack:
    """A walk to the last page, and back from there by previousCursor."""

    there: Walk
    back: Walk | None

    @property
    def first(self) -> Seen:
        """The first page."""
        return self.there.pages[0]


@pytest.fixture
def there_and_back(alone: str, experiment: Experiment) -> ThereAndBack:
    """The users of the world by pages of three, from the first to the last and back."""

    def run(lab: Lab) -> ThereAndBack:
        def ask(cursor: str) -> Seen:
            return lab.scim.get("/Users", headers=None, filter=alone, count=SIZE, cursor=cursor)

        there = follow(ask)
        behind = cursor_of(there.last, "previousCursor")
        back = None if behind is None else follow(ask, behind, "previousCursor")
        return ThereAndBack(there, back)

    return experiment(run, key="there and back by cursor")


@pytest.fixture
def posted_walk(alone: str, experiment: Experiment) -> Walk:
    """The users of the world by pages of three, asked for by POST."""
    return experiment(
        lambda lab: follow(
            lambda cursor: lab.scim.search("/Users", filter=alone, count=SIZE, cursor=cursor)
        ),
        key="walk by cursor and POST",
    )


@pytest.fixture
def misused(alone: str, experiment: Experiment) -> Replies:
    """What is answered to cursors and counts that are wrong, by what is wrong with them."""

    def run(lab: Lab) -> Replies:
        def ask(cursor: str, *, text: str = alone, count: Json = SIZE) -> Seen:
            return lab.scim.get("/Users", headers=None, filter=text, count=count, cursor=cursor)

        found = {
            "first": ask(""),
            "invented": ask(INVENTED),
            "no number": ask("", count="abc"),
            "too large": ask("", count=LARGE),
        }
        cursor = cursor_of(found["first"])
        if cursor is not None:
            found["altered"] = ask(altered(cursor))
            found["other query"] = ask(cursor, text=f"{alone} and title pr")
            found["other count"] = ask(cursor, count=TIES)
        return found

    return experiment(run, key="cursors and counts that are wrong")


def misuse(misused: Replies, what: str) -> Seen:
    """Return the answer to a wrong use of a cursor; Blocked where no cursor was handed out."""
    if what not in misused:
        raise Blocked(
            "the first page hands out no cursor", by="RFC9865-2-8", entry=misused["first"].entry
        )
    return misused[what]


def altered(cursor: str) -> str:
    """Return a cursor with a letter or digit in its middle changed to one of another value."""
    middle = len(cursor) // 2
    at = next((n for n in range(middle, len(cursor)) if cursor[n].isalnum()), middle)
    old = cursor[at]
    new = str((int(old) + 1) % 10) if old.isdecimal() else "b" if old in "aA" else "a"
    return cursor[:at] + new + cursor[at + 1 :]


@pytest.fixture
def pagination(discovery: Discovery) -> dict[str, Json]:
    """What ServiceProviderConfig says of paging; skips where it says nothing, as it may."""
    found = member(discovery.config.object(), "pagination")
    if not isinstance(found, dict):
        raise NotOffered("ServiceProviderConfig has no `pagination`")
    return found
