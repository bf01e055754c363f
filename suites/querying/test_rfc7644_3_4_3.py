"""RFC 7644 section 3.4.3: searches by POST, compared with the same ones by GET."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from idp_profiles.model import Json
from suites.client import USER_URN
from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.making.lab import refusal
from suites.making.world import World
from suites.preflight.capabilities import Capabilities
from suites.querying.orders import in_some_order
from suites.querying.pages import listed
from suites.querying.views import Always
from suites.querying.views import shown
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import alike
from suites.values import caseless
from suites.values import items
from suites.values import member
from suites.values import value_at
from suites.verbs import SEARCH_URN
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

FAMILY = "name.familyName"
SORT = "search-by-post-ignores-sort"
PAGE = 2
PROJECTED: dict[str, dict[str, Json]] = {
    "attributes": {"attributes": ["userName"]},
    "excludedAttributes": {"excludedAttributes": ["name"]},
}
SORTED: dict[str, dict[str, Json]] = {
    "order": {"sortBy": "userName", "sortOrder": "descending"},
    "page": {"sortBy": "userName", "startIndex": 3, "count": PAGE},
    "part": {"sortBy": FAMILY},
}
BY_POST: dict[str, dict[str, Json]] = {
    "qualified": {"attributes": [f"{USER_URN}:userName"]},
    "qualified exclusion": {"excludedAttributes": [f"{USER_URN}:name"]},
    "without id": {"excludedAttributes": ["id"]},
}


@dataclass(frozen=True, slots=True)
class Both:
    """The same query by GET, where it was asked so, and by POST."""

    post: Seen
    get: Seen | None = None


Searches = dict[str, Both]


@pytest.fixture
def searches(world: World, experiment: Experiment, features: Capabilities) -> Searches:
    """Queries for the users of the world, by POST and by GET."""
    mine = world.alone
    ada = f"userName eq {json.dumps(world['ada'].value('userName'), ensure_ascii=False)}"
    twice: dict[str, dict[str, Json]] = {
        "filter": {"filter": ada},
        **{name: {"filter": mine, **query} for name, query in PROJECTED.items()},
    }
    once: dict[str, dict[str, Json]] = {
        name: {"filter": mine, **query} for name, query in BY_POST.items()
    }
    if features.has("sort"):
        twice |= {name: {"filter": mine, **query} for name, query in SORTED.items()}
        once["qualified part"] = {"filter": mine, "sortBy": f"{USER_URN}:{FAMILY}"}

    def run(lab: Lab) -> Searches:
        found = {name: Both(lab.scim.search("/Users", **query)) for name, query in once.items()}
        for name, query in twice.items():
            by_get = lab.scim.get("/Users", headers=None, **query)
            found[name] = Both(lab.scim.search("/Users", **query), by_get)
        return found

    return experiment(run, key="searches by POST")


@requirement("RFC7644-3.4.3-2", needs=("search", "filter"), proof=("search-by-post-201",))
def test_a_search_by_post_is_a_query(searches: Searches) -> None:
    """POST to /Users/.search creates nothing and answers 200 with a list."""
    _by_get(searches["filter"])
    expect(searches["filter"].post).status(200).list_response("totalResults")


@requirement("RFC7644-3.4.3-4", proof=("search-by-post-without-urn-500",))
def test_a_search_without_its_uri_is_refused_or_read(
    experiment: Experiment, reading: Reading
) -> None:
    """A search that does not say that it is one is refused with 400, or read all the same."""
    reply = experiment(
        lambda lab: lab.scim.post("/Users/.search", {"count": 0}), key="a search without its URI"
    )
    reading(f"a search without {SEARCH_URN} is {'read' if reply.status == 200 else 'refused'}")
    expect(reply).status(200, 400)


@requirement("RFC7644-3.4.3-6", needs=("search", "filter"), proof=("search-by-post-urn-unknown",))
def test_attributes_are_named_with_their_schema(searches: Searches) -> None:
    """A qualified name in `attributes` of a search shows what the short one shows."""
    _same(searches["qualified"].post, searches["attributes"].post)


@requirement("RFC7644-3.4.3-8", needs=("search", "filter"), proof=("search-by-post-hides-id",))
def test_an_id_cannot_be_excluded(searches: Searches) -> None:
    """A search that excludes the id shows it nevertheless."""
    _by_get(searches["attributes"])
    reply = searches["without id"].post
    expect(reply).status(200).holds(
        lambda: all(isinstance(member(each, "id"), str) for each in _found(reply)),
        "an id in each resource",
        lambda: str([member(each, "id") for each in _found(reply)]),
    )


@requirement("RFC7644-3.4.3-9", needs=("search", "filter"), proof=("search-by-post-urn-unknown",))
def test_excluded_attributes_are_named_with_their_schema(searches: Searches) -> None:
    """A qualified name in `excludedAttributes` of a search hides what the short one hides."""
    _same(searches["qualified exclusion"].post, searches["excludedAttributes"].post)


@requirement("RFC7644-3.4.3-10", proof=("search-by-post-ignores-filter",))
def test_a_search_by_post_applies_its_filter(searches: Searches, world: World) -> None:
    """A search with a filter finds those who match it, and nobody else."""
    expect(searches["filter"].post).finds(world["ada"], among=world.users)


@requirement("RFC7644-3.4.3-10", proof=("search-by-post-broken-filter-ignored",))
def test_a_search_by_post_refuses_a_broken_filter(experiment: Experiment) -> None:
    """A search whose filter is no valid expression is refused with 400."""
    reply = experiment(
        lambda lab: lab.scim.search(filter="userName eq"), key="a search with half a filter"
    )
    expect(reply).scim_error(400)


@requirement("RFC7644-3.4.3-12", needs=("search", "sort", "filter"), proof=(SORT,))
def test_a_search_by_post_is_sorted(searches: Searches, world: World) -> None:
    """A search with sortBy and sortOrder gives the order that GET gives."""
    _same_order("order", searches["order"], world)


@requirement(
    "RFC7644-3.4.3-13",
    needs=("search", "sort", "filter"),
    proof=(SORT, "search-by-post-urn-unknown"),
)
def test_a_search_is_sorted_by_a_name_with_its_schema(searches: Searches, world: World) -> None:
    """A search is sorted by a sub-attribute that is named with its schema."""
    by_get = searches["part"].get
    _same_order("part", Both(searches["qualified part"].post, by_get), world)


@pytest.mark.parametrize("parameter", [*PROJECTED])
@requirement(
    "RFC7644-3.4.3-18",
    needs=("search", "filter"),
    proof=("search-by-post-ignores-attributes",),
)
def test_a_search_by_post_shows_what_get_shows(
    parameter: str, searches: Searches, always: Always
) -> None:
    """A search by POST that names attributes shows the resources as GET does."""
    both = searches[parameter]
    if both.get is not None and not _same_resources(both.post, both.get):
        _shows_what_is_asked(both.get, parameter, always)
    _same(both.post, both.get)


@requirement("RFC7644-3.4.3-18", needs=("search", "filter"), proof=("search-by-post-201",))
def test_a_search_by_post_answers_as_get_does(searches: Searches) -> None:
    """A search by POST with a filter finds what GET finds, with the same status."""
    both = searches["filter"]
    _same(both.post, both.get)


@requirement(
    "RFC7644-3.4.3-18",
    needs=("search", "sort", "filter"),
    proof=("search-by-post-ignores-page",),
)
def test_a_search_by_post_gives_the_page_that_get_gives(
    indexed: None, searches: Searches, world: World
) -> None:
    """A search by POST with startIndex and count gives the same page as GET."""
    both = searches["page"]
    _same_order("page", both, world)
    expect(both.post).holds(
        lambda: len(_found(both.post)) <= PAGE, f"{PAGE} at most", lambda: str(_found(both.post))
    )


@requirement(
    "RFC7644-3.4.3-19",
    needs=("filter", "groups"),
    proof=("root-search-users-only",),
)
def test_a_search_at_the_root_finds_users_and_groups(world: World, experiment: Experiment) -> None:
    """A search by POST at the root finds resources of several types."""
    names = [str(world[key].value("displayName")) for key in ("ada", "crew")]
    folded = [caseless(name) for name in names]
    every = (*world.users, *world.groups)
    similar = [each for each in every if caseless(each.value("displayName")) in folded]
    wanted = [each for each in similar if each.value("displayName") in names]
    text = " or ".join(f"displayName eq {json.dumps(n, ensure_ascii=False)}" for n in names)
    reply = experiment(lambda lab: lab.scim.find_by_post(text), key="a search at the root")
    _at_the_root(reply)
    expect(reply).finds(*wanted, among=every, perhaps=similar)


@requirement("RFC7644-3.4.3-18", needs=(), proof=("search-by-post-ignores-page",))
def test_a_search_at_the_root_gives_no_more_than_is_asked(
    world: World, experiment: Experiment
) -> None:
    """A search by POST at the root gives no more resources than its `count`."""
    if len(world.users) <= PAGE:
        raise NotOffered(f"the server took no more than {PAGE} users")
    reply = experiment(lambda lab: lab.scim.search("/", count=PAGE), key="a page at the root")
    _at_the_root(reply)
    expect(reply).status(200).holds(
        lambda: len(_found(reply)) <= PAGE,
        f"{PAGE} resources at most",
        lambda: f"{len(_found(reply))} resources",
    )


def _at_the_root(reply: Seen) -> None:
    """Skip the case where there is no search at the root, or not for so many."""
    if reply.status in (403, 404, 405, 501) or value_at(reply.object(), "scimType") == "tooMany":
        raise NotOffered(refusal("the server searches not at its root: POST /.search", reply))


def _found(reply: Seen) -> list[Json]:
    return items(value_at(reply.object(), "Resources"))


def _shown(reply: Seen, ids: set[str] | None) -> list[Json]:
    """Return the resources without `schemas`, which examples of the RFC leave out of lists."""
    found = [each for each in _found(reply) if isinstance(each, dict)]
    if ids is not None:
        found = [each for each in found if value_at(each, "id") in ids]
    return [{name: each[name] for name in each if name.lower() != "schemas"} for each in found]


def _on_both(one: Seen, other: Seen) -> set[str] | None:
    """Return who is on both pages where one of them is no whole list; None where both are."""
    if not _is_part(one) and not _is_part(other):
        return None
    return set(listed(one)) & set(listed(other))


def _is_part(reply: Seen) -> bool:
    """Return whether a page ends before the list does; how long pages are is for the server."""
    total = value_at(reply.object(), "totalResults")
    return isinstance(total, int) and len(_found(reply)) < total


def _by_get(both: Both) -> Seen:
    if both.get is None or both.get.status != 200:
        raise NotOffered("the server does not answer this query by GET either")
    return both.get


def _same(reply: Seen, other: Seen | None) -> None:
    """Expect the resources of another reply, each with the same attributes, in any order."""
    known = _by_get(Both(reply, other))
    if not _found(known):
        raise Blocked("the query to compare with finds nobody", entry=known.entry)
    expect(reply).status(200).holds(
        lambda: _same_resources(reply, known),
        "the resources of the query to compare with",
        lambda: f"{json.dumps(_found(reply)[:1])} where {json.dumps(_found(known)[:1])} was shown",
    )


def _same_resources(reply: Seen, known: Seen) -> bool:
    both = _on_both(reply, known)
    return alike(_shown(reply, both), _shown(known, both))


def _shows_what_is_asked(by_get: Seen, parameter: str, always: Always) -> None:
    """Raise Blocked where GET, with which a search is compared, shows what it should not."""
    names = {name.lower() for each in _found(by_get) for name in shown(each)}
    wrong = names - always - {"username"} if parameter == "attributes" else names & {"name"}
    if wrong:
        reason = f"GET with {parameter} shows {', '.join(sorted(wrong))}"
        by = "RFC7644-3.9-4" if parameter == "attributes" else "RFC7644-3.9-9"
        raise Blocked(reason, by=by, entry=by_get.entry)


def _same_order(query: str, both: Both, world: World) -> None:
    """Expect the values at a path in the order in which GET gives them, as far as pages go.

    Raises Blocked where they differ and GET itself gives another order than was asked for.
    """
    asked, known = SORTED[query], _by_get(both)
    path = str(asked["sortBy"])
    by_get = [value_at(each, path) for each in _found(known)]
    by_post = [value_at(each, path) for each in _found(both.post)]
    partial = _is_part(both.post) or _is_part(known)
    ends = min(len(by_get), len(by_post)) if partial and by_post else None
    if by_post[:ends] != by_get[:ends] and not _in_order(by_get, asked, world):
        reason = f"GET sorted by {path} gives {by_get}"
        raise Blocked(reason, by="RFC7644-3.4.2.3-3", entry=known.entry)
    expect(both.post).status(200).holds(
        lambda: by_post[:ends] == by_get[:ends], f"the order {by_get}", lambda: str(by_post)
    )


def _in_order(values: list[Json], asked: dict[str, Json], world: World) -> bool:
    path, start = str(asked["sortBy"]), asked.get("startIndex", 1)
    return in_some_order(
        [str(value) for value in values if value is not None],
        [str(each.value(path)) for each in world.users if each.has(path)],
        first=start - 1 if isinstance(start, int) else 0,
        down=asked.get("sortOrder") == "descending",
    )
