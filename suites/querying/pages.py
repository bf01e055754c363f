"""Lists of the world's users page by page, each page asked for once per worker.

A filter on what every userName of the run holds keeps the users of others away, so that totals and
pages stay the same whatever other clients write meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import pytest

from idp_profiles.model import Json
from suites.bench import Discovery
from suites.client import Seen
from suites.making.lab import Lab
from suites.making.lab import refusal
from suites.making.world import World
from suites.preflight.capabilities import Capabilities
from suites.scim_fixtures import Experiment
from suites.values import items
from suites.values import value_at
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

# Asks for the users of the world, with these parameters beside the filter.
Page: TypeAlias = Callable[..., Seen]
MOST = 20  # requests of one walk
COUNTS = "RFC7644-3.4.2.4-6"


def listed(reply: Seen) -> list[str]:
    """Return the ids that a list shows, in its order."""
    return [str(value_at(each, "id")) for each in items(value_at(reply.object(), "Resources"))]


@pytest.fixture
def alone(world: World, features: Capabilities, experiment: Experiment) -> str:
    """The filter that finds the users of the world alone; skips where it finds others."""
    return _alone(world, features, experiment)


def _alone(world: World, features: Capabilities, experiment: Experiment) -> str:
    features.check(("filter",))
    text = world.alone
    every = experiment(lambda lab: lab.scim.get("/Users", filter=text), key="the world alone")
    ours = {each.id for each in world.users}
    strangers = [each for each in listed(every) if each not in ours and each != "None"]
    if every.status != 200:
        raise NotOffered(refusal(f"{text} cannot be asked for: GET /Users", every))
    if strangers:
        raise NotOffered(f"{text} does not find the run's own users alone")
    return text


@pytest.fixture
def indexed(discovery: Discovery) -> None:
    """Skips where the server says that it pages by cursor alone (RFC 9865 section 2.3)."""
    _check_indexed(discovery)


def _check_indexed(discovery: Discovery) -> None:
    if value_at(discovery.config.object(), "pagination.index") is False:
        raise NotOffered("the server pages by cursor alone, as it says")


@pytest.fixture
def page(alone: str, experiment: Experiment, discovery: Discovery) -> Page:
    """Asks for the users of the world alone: for one page, or for all where none is named."""
    return _pages(alone, experiment, discovery)


@pytest.fixture
def any_page(
    world: World, features: Capabilities, experiment: Experiment, discovery: Discovery
) -> Page:
    """Asks for a page as `page` does, or of everybody where no filter finds the world alone.

    Others come and go there: for what is true of each single page, whoever is on it.
    """
    try:
        text = _alone(world, features, experiment)
    except NotOffered:
        text = ""
    return _pages(text, experiment, discovery)


def _pages(text: str, experiment: Experiment, discovery: Discovery) -> Page:
    filters: dict[str, Json] = {"filter": text} if text else {}

    def ask(**query: Json) -> Seen:
        if "startIndex" in query:
            _check_indexed(discovery)

        def read(lab: Lab) -> Seen:
            if query.keys() & {"count", "startIndex"} or not text:
                return lab.scim.get("/Users", headers=None, **filters, **query)
            return lab.scim.find(text, "/Users", **query)

        return experiment(read, key=f"page {query}")

    return ask


@dataclass(frozen=True, slots=True)
class Walk:
    """The pages of a list, from the first to the one that is the last by totalResults."""

    pages: tuple[Seen, ...]

    @property
    def last(self) -> Seen:
        """The page by which a report shows the walk."""
        return self.pages[-1]

    def complete(self) -> Walk:
        """Return itself; raises Blocked where a page was refused, which says nothing of others."""
        for reply in self.pages:
            if reply.status != 200:
                reason = refusal("a page", reply)
                raise Blocked(reason, by=COUNTS, entry=reply.entry)
        return self

    def ids(self) -> list[str]:
        """Return the ids on all pages, in their order."""
        return [each for reply in self.pages for each in listed(reply)]


def walk(lab: Lab, *, between: Callable[[], object] | None = None, **query: Json) -> Walk:
    """Read page after page, each behind as many resources as were read (section 3.4.2.4)."""
    pages: list[Seen] = []
    read = 0
    while len(pages) < MOST:
        reply = lab.scim.get("/Users", headers=None, **query, startIndex=read + 1)
        pages.append(reply)
        total, found = value_at(reply.object(), "totalResults"), len(listed(reply))
        read += found
        if not found or not isinstance(total, int) or read >= total:
            break
        if between is not None:
            between()
    return Walk(tuple(pages))


@pytest.fixture
def walked(indexed: None, alone: str, experiment: Experiment) -> Walk:
    """The users of the world by pages of three, while others are created between the pages."""

    def go(lab: Lab) -> Walk:
        return walk(lab, between=lambda: lab.plain_user(key="somebody else"), filter=alone, count=3)

    return experiment(go, key="walk by pages of three")


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of the whole list, read in two ways while nobody wrote."""

    two: Seen
    first: Seen
    second: Seen


@pytest.fixture
def start(world: World, experiment: Experiment) -> Start:
    """The first two users of all: on one page, and on a page each.

    Where other clients write, the list is read again until its beginning stands still.
    """
    if len(world.users) < 2:
        raise NotOffered("the server took fewer than two users")

    def read(lab: Lab) -> Start:
        for _ in range(3):
            two = lab.scim.get("/Users", count=2)
            first = lab.scim.get("/Users", startIndex=1, count=1)
            second = lab.scim.get("/Users", startIndex=2, count=1)
            if listed(lab.scim.get("/Users", count=2)) == listed(two):
                return Start(two, first, second)
        raise NotOffered("other clients change the list of users all the time")

    return experiment(read, key="start of the list")
