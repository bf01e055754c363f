"""RFC 7644 section 3.4.2.2: each of several clauses counts, whatever its value and its place."""

from __future__ import annotations

import pytest

from suites.expect import expect
from suites.making.world import World
from suites.querying.conftest import Ask
from suites.requirements import requirement
from suites.values import quoted

BLANKS = "filter-clauses-with-blanks-ignored"
THIRD = "filter-third-clause-ignored"
TURNED = pytest.mark.parametrize("turned", [False, True], ids=["last", "first"])


def _joined(word: str, *clauses: str, turned: bool) -> str:
    return f" {word} ".join(reversed(clauses) if turned else clauses)


@TURNED
@requirement("RFC7644-3.4.2.2-27", proof=(BLANKS, "filter-and-as-or"))
def test_a_value_with_blanks_counts_beside_and(*, turned: bool, ask: Ask, world: World) -> None:
    """`and` with a comparison whose value has blanks, first or last, finds who matches both."""
    name = world["cyd"].kept("displayName").value("displayName")
    mine = f"displayName eq {quoted(name)}"
    reply = ask(_joined("and", world.alone, mine, turned=turned))
    expect(reply).finds(*world.equal("displayName", name), among=world.users)


@TURNED
@requirement("RFC7644-3.4.2.2-28", proof=(BLANKS, "filter-or-as-and"))
def test_a_value_with_blanks_counts_beside_or(*, turned: bool, ask: Ask, world: World) -> None:
    """`or` with a comparison whose value has blanks, first or last, finds who matches either."""
    name = world["cyd"].kept("displayName").value("displayName")
    clauses = (
        f"userName eq {quoted(world['dot'].value('userName'))}",
        f"displayName eq {quoted(name)}",
    )
    reply = ask(_joined("or", *clauses, turned=turned))
    wanted = {"dot", *(each.key for each in world.equal("displayName", name))}
    expect(reply).finds(*world.keys(wanted), among=world.users)


@requirement("RFC7644-3.4.2.2-27", proof=(THIRD, "filter-and-as-or"))
def test_the_third_of_three_expressions_counts_beside_and(ask: Ask, world: World) -> None:
    """Of three expressions joined by `and` the third one alone tells a user from the others."""
    dot = world["dot"].kept("displayName")
    third = f"userName eq {quoted(dot.value('userName'))}"
    reply = ask(f"{world.alone} and displayName co {quoted(world.mark)} and {third}")
    expect(reply).finds(dot, among=world.users)


@requirement("RFC7644-3.4.2.2-28", proof=(THIRD, "filter-or-as-and"))
def test_the_third_of_three_expressions_counts_beside_or(ask: Ask, world: World) -> None:
    """Three expressions joined by `or` find whom the third one alone is true of."""
    three = [world[key] for key in ("ben", "eve", "dot")]
    reply = ask(" or ".join(f"userName eq {quoted(each.value('userName'))}" for each in three))
    expect(reply).finds(*three, among=world.users)
