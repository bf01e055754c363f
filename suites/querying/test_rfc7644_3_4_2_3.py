"""RFC 7644 section 3.4.2.3: the order of results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from idp_profiles.model import Json
from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.making.world import World
from suites.querying.orders import expect_ends
from suites.querying.orders import expect_order
from suites.querying.pages import Page
from suites.querying.pages import Walk
from suites.querying.pages import listed
from suites.querying.pages import walk
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import moment
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered

BOTH = ("sort", "filter")


@dataclass(frozen=True, slots=True)
class Trio:
    """Three users whose order depends on which of several addresses counts, and on capitals."""

    users: tuple[Made, ...]
    by_mail: Seen
    by_external_id: Seen


# Address (an asterisk marks the primary one) and externalId, in the order of creation.
_TRIO: Mapping[str, tuple[tuple[str, ...], str]] = {
    "third by address": (("c*", "0"), "c3"),
    "first by address": (("a", "z"), "a1"),
    "second by address": (("x", "b*"), "B2"),
}


def _addresses(words: tuple[str, ...], tag: str, domain: str) -> list[Json]:
    """Return addresses that begin with these words, each of its own type."""
    made: list[Json] = []
    for word, kind in zip(words, ("home", "work"), strict=True):
        value: Json = f"{word.rstrip('*')}.{tag}.{kind}@{domain}"
        made.append({"value": value, "type": kind, **({"primary": True} if "*" in word else {})})
    return made


@pytest.fixture
def trio(alone: str, experiment: Experiment) -> Trio:
    """Three users sorted by their addresses and by their externalId, found as `alone` finds."""

    def make(lab: Lab) -> Trio:
        tag, domain = lab.people.tag, lab.people.domain
        made = [
            lab.plain_user(
                key=key, emails=_addresses(mails, tag, domain), externalId=f"{word}-{tag}"
            )
            for key, (mails, word) in _TRIO.items()
        ]
        users = tuple(lab.reread(each) for each in made)
        text = alone.replace(alone.split('"')[1], tag)
        return Trio(
            users,
            lab.scim.find(text, sortBy="emails.value"),
            lab.scim.find(text, sortBy="externalId"),
        )

    return experiment(make, key="three to be sorted")


@pytest.fixture
def sorted_walk(indexed: None, alone: str, experiment: Experiment) -> Walk:
    """The users of the world by userName, in pages of three."""
    return experiment(
        lambda lab: walk(lab, filter=alone, sortBy="userName", count=3), key="walk in order"
    )


@requirement("RFC7644-3.4.2.3-1", needs=(), proof=("sort-fails-500",))
def test_sorting_is_answered_or_refused(scim: Scim, world: World) -> None:
    """A query with sortBy is answered, with an order or without, or refused."""
    expect(scim.get("/Users", sortBy="userName", count=1)).no_server_error()


@requirement("RFC7644-3.4.2.3-3", needs=BOTH, proof=("sort-ignored",))
def test_results_are_ordered(page: Page, world: World) -> None:
    """A list with sortBy=userName is ordered by userName."""
    expect_order(page(sortBy="userName"), "userName", world.users)


@requirement("RFC7644-3.4.2.3-4", needs=BOTH, proof=("sort-ignored",))
def test_a_single_value_is_the_order(page: Page, world: World) -> None:
    """A list with sortBy=displayName is ordered by its value."""
    world.having("displayName")
    expect_order(page(sortBy="displayName"), "displayName", world.users)


@requirement(
    "RFC7644-3.4.2.3-5",
    needs=BOTH,
    proof=("sort-by-first-value", "sort-primary-missing-last", "sort-ignored"),
)
def test_the_primary_value_is_the_order(trio: Trio) -> None:
    """A list by emails.value is ordered by the primary address, or by the first without one."""
    for each in trio.users:
        each.kept("emails.value")
    expect_order(trio.by_mail, "emails.value", trio.users)


@requirement("RFC7644-3.4.2.3-6", needs=BOTH, proof=("sort-paths-ignored",))
def test_a_part_is_the_order(page: Page, world: World) -> None:
    """A list with sortBy=name.familyName is ordered by that part of the name."""
    world.having("name.familyName")
    expect_order(page(sortBy="name.familyName"), "name.familyName", world.users)


@requirement("RFC7644-3.4.2.3-7", needs=BOTH, proof=("sort-missing-first",))
def test_without_a_value_is_last_when_ascending(page: Page, world: World) -> None:
    """Users without a title come behind all others when the order ascends."""
    world.having("title")
    reply = page(sortBy="title", sortOrder="ascending")
    expect_ends(reply, world.lacking("title"), world.users, first=False)


@requirement("RFC7644-3.4.2.3-7", needs=BOTH, proof=("sort-missing-first",))
def test_without_a_value_is_first_when_descending(page: Page, world: World) -> None:
    """Users without a title come before all others when the order descends."""
    world.having("title")
    reply = page(sortBy="title", sortOrder="descending")
    expect_ends(reply, world.lacking("title"), world.users, first=True)


@requirement("RFC7644-3.4.2.3-8", needs=BOTH, proof=("sort-ignored", "sort-ascending-unknown"))
def test_the_order_ascends(page: Page, world: World) -> None:
    """sortOrder=ascending begins with the lowest value."""
    expect_order(page(sortBy="userName", sortOrder="ascending"), "userName", world.users)


@requirement("RFC7644-3.4.2.3-8", needs=BOTH, proof=("sort-order-ignored",))
def test_the_order_descends(page: Page, world: World) -> None:
    """sortOrder=descending begins with the highest value."""
    reply = page(sortBy="userName", sortOrder="descending")
    expect_order(reply, "userName", world.users, down=True)


@requirement("RFC7644-3.4.2.3-9", needs=BOTH, proof=("sort-descending-by-default",))
def test_the_order_ascends_by_default(page: Page, world: World) -> None:
    """A list with sortBy and no sortOrder ascends."""
    expect_order(page(sortBy="userName"), "userName", world.users)


@requirement("RFC7644-3.4.2.3-10", needs=BOTH, proof=("sort-by-code-point",))
def test_capitals_do_not_come_first(page: Page, world: World) -> None:
    """Names with a capital and without stand where their letters do."""
    expect_order(page(sortBy="userName"), "userName", world.users)


@requirement("RFC7644-3.4.2.3-11", needs=BOTH, proof=("sort-ignored",))
def test_capitals_may_count_where_they_matter(trio: Trio, reading: Reading) -> None:
    """A list by externalId follows code points, or puts capitals beside small letters."""
    values = {each.id: str(each.kept("externalId").value("externalId")) for each in trio.users}
    reply = trio.by_external_id
    legal = [sorted(values.values()), sorted(values.values(), key=str.casefold)]
    found = [values[each] for each in listed(reply) if each in values]
    expect(reply).status(200).holds(
        lambda: found in legal, " or ".join(map(str, legal)), lambda: f"{found}"
    )
    reading(f"{'capitals come first' if found == legal[0] else 'letters count'} in externalId")


@requirement("RFC7644-3.4.2.3-11", needs=BOTH, proof=("sort-order-ignored", "sort-ignored"))
def test_moments_come_in_their_order(page: Page, world: World) -> None:
    """A list by meta.created that descends begins with the latest."""
    times = {each.id: moment(each.value("meta.created")) for each in world.having("meta.created")}
    reply = page(sortBy="meta.created", sortOrder="descending")
    found = [at for each in listed(reply) if (at := times.get(each)) is not None]
    if len(set(found)) < 2:
        raise NotOffered("the users of the run have all the same meta.created")
    expect(reply).status(200).holds(
        lambda: found == sorted(found, reverse=True),
        "the latest first",
        lambda: str([at.isoformat() for at in found]),
    )


@requirement("RFC7644-3.4.2.3-12", needs=BOTH, proof=("sort-ties-differ-by-page",))
def test_pages_of_equal_values_lose_nobody(
    indexed: None, alone: str, world: World, experiment: Experiment
) -> None:
    """The pages of a list sorted by what many share, or lack, hold each user once."""
    world.having("userType")
    found = experiment(
        lambda lab: walk(lab, filter=alone, sortBy="userType", count=3), key="walk in order of kind"
    )
    wanted = sorted(each.id for each in world.users)
    expect(found.last).status(200).holds(
        lambda: sorted(found.ids()) == wanted, f"{wanted}", lambda: f"{sorted(found.ids())}"
    )


@requirement("RFC7644-3.4.2.3-12", needs=BOTH, proof=("sort-within-page",))
def test_pages_follow_the_order(sorted_walk: Walk, world: World) -> None:
    """The pages of an ordered list are in order together, each user on one."""
    _follows(sorted_walk, world)


@requirement("RFC7644-3.4.2.3-12", needs=BOTH, proof=("sort-descending-turns-pages",))
def test_pages_follow_a_descending_order(
    indexed: None, alone: str, world: World, experiment: Experiment
) -> None:
    """The pages of a list that descends are in that order together, each user on one."""
    found = experiment(
        lambda lab: walk(lab, filter=alone, sortBy="userName", sortOrder="descending", count=3),
        key="walk in falling order",
    )
    _follows(found, world, down=True)


def _follows(found: Walk, world: World, *, down: bool = False) -> None:
    """Expect the users of the world in their order by userName on all pages together."""
    __tracebackhide__ = True
    names = {each.id: str(each.value("userName")).casefold() for each in world.users}
    came = [names[each] for each in found.ids() if each in names]
    wanted = sorted(names.values(), reverse=down)
    expect(found.last).status(200).holds(lambda: came == wanted, f"{wanted}", lambda: f"{came}")
