"""RFC 7644 section 3.4.2.2: logical operators, brackets and their precedence (table 4, figure 1).

Title and userType of the world's users make the truth table: both, either and neither.
"""

from __future__ import annotations

import pytest

from suites.expect import expect
from suites.making.world import World
from suites.querying.conftest import Ask
from suites.requirements import requirement
from suites.values import quoted

EMPLOYEE = 'userType eq "Employee"'
INTERN = 'userType eq "Intern"'


def _is(world: World, kind: str) -> set[str]:
    return {each.key for each in world.equal("userType", kind)}


def _titled(world: World) -> set[str]:
    return {each.key for each in world.having("title")}


def _typed(world: World) -> set[str]:
    return {each.key for each in world.having("userType")}


@requirement("RFC7644-3.4.2.2-27", proof=("filter-and-as-or",))
def test_and_finds_those_of_whom_both_are_true(ask: Ask, world: World) -> None:
    """`and` finds only those who match both expressions."""
    wanted = _titled(world) & _is(world, "Employee")
    expect(ask(f"title pr and {EMPLOYEE}")).finds(*world.keys(wanted), among=world.users)


@requirement("RFC7644-3.4.2.2-28", proof=("filter-or-as-and",))
def test_or_finds_those_of_whom_either_is_true(ask: Ask, world: World) -> None:
    """`or` finds all who match one expression or both, and nobody else."""
    wanted = _titled(world) | _is(world, "Employee")
    expect(ask(f"title pr or {EMPLOYEE}")).finds(*world.keys(wanted), among=world.users)


@requirement("RFC7644-3.4.2.2-29", proof=("filter-not-ignored",))
def test_not_finds_the_others(ask: Ask, world: World) -> None:
    """`not (…)` finds those of whom the expression is false."""
    name = world["ada"].value("userName")
    others = world.where(lambda each: each.key != "ada")
    expect(ask(f"not (userName eq {quoted(name)})")).finds(*others, among=world.users)


@requirement("RFC7644-3.4.2.2-30", proof=("filter-groups-ignored",))
def test_brackets_change_the_order_of_evaluation(ask: Ask, world: World) -> None:
    """`a and (b or c)` is not the same as `a and b or c`."""
    wanted = _titled(world) & (_is(world, "Employee") | _is(world, "Intern"))
    reply = ask(f"title pr and ({EMPLOYEE} or {INTERN})")
    expect(reply).finds(*world.keys(wanted), among=world.users)


@requirement("RFC7644-3.4.2.2-40", proof=("filter-groups-ignored",))
def test_what_is_grouped_is_evaluated_first(ask: Ask, world: World) -> None:
    """`(a or b) and c` finds those of whom c and one of the others are true."""
    wanted = _titled(world) & (_is(world, "Employee") | _is(world, "Intern"))
    reply = ask(f"({INTERN} or {EMPLOYEE}) and title pr")
    expect(reply).finds(*world.keys(wanted), among=world.users)


@requirement("RFC7644-3.4.2.2-41", proof=("filter-from-left-to-right",))
def test_and_binds_more_strongly_than_or(ask: Ask, world: World) -> None:
    """`a or b and c` is `a or (b and c)`."""
    wanted = _is(world, "Intern") | (_is(world, "Employee") & _titled(world))
    reply = ask(f"{INTERN} or {EMPLOYEE} and title pr")
    expect(reply).finds(*world.keys(wanted), among=world.users)


@requirement("RFC7644-3.4.2.2-41", proof=("filter-not-binds-all", "filter-not-ignored"))
def test_not_binds_more_strongly_than_and(ask: Ask, world: World) -> None:
    """`not (a) and b` is `(not a) and b`."""
    wanted = _typed(world) - _titled(world)
    reply = ask("not (title pr) and userType pr")
    expect(reply).finds(*world.keys(wanted), among=world.users)


@requirement("RFC7644-3.4.2.2-42", proof=("filter-and-as-or", "filter-finds-nothing"))
def test_each_comparison_is_taken_as_a_unit(ask: Ask, world: World) -> None:
    """Comparisons joined by `and` need no brackets of their own."""
    ada = world["ada"]
    reply = ask(f"title pr and userName eq {quoted(ada.value('userName'))}")
    expect(reply).finds(*world.keys(_titled(world) & {"ada"}), among=world.users)


# -- square brackets


@requirement("RFC7644-3.4.2.2-31", proof=("filter-brackets-refused",))
def test_square_brackets_are_answered_or_refused(ask: Ask) -> None:
    """A filter with square brackets is answered, or refused as invalidFilter."""
    reply = ask('emails[type eq "work"]')
    if reply.status != 200:
        expect(reply).scim_error(400, scim_type="invalidFilter")


@requirement("RFC7644-3.4.2.2-32", proof=("filter-brackets-mix-values",))
def test_brackets_speak_of_one_value(ask: Ask, world: World) -> None:
    """`emails[type … and value …]` does not match when two addresses have one part each."""
    at = f".{world.tag}@"
    found = world.where_value("emails", lambda mail: mail["type"] == "work" and at in mail["value"])
    reply = ask(f'emails[type eq "work" and value co {quoted(at)}]')
    expect(reply).finds(*found, among=world.users)


@requirement("RFC7644-3.4.2.2-32", proof=("filter-first-value-only", "filter-ignored"))
def test_without_brackets_each_part_may_be_of_another_value(ask: Ask, world: World) -> None:
    """`emails.type … and emails.value …` matches across the addresses of a user."""
    mail = world["ada"].kept("emails[1].value", "emails.type").value("emails[1].value")
    reply = ask(f'emails.type eq "work" and emails.value eq {quoted(mail)}')
    wanted = world.where(lambda each: mail in each.values("emails.value"))
    expect(reply).finds(*wanted, among=world.users)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('emails[userName eq "x"]', id="attribute-of-the-user"),
        pytest.param("emails[]", id="empty"),
        pytest.param("emails[type eq]", id="without-value"),
    ],
)
@requirement("RFC7644-3.4.2.2-33", proof=("filter-broken-finds-everybody", "filter-broken-500"))
def test_brackets_hold_a_filter_on_the_parts(text: str, ask: Ask) -> None:
    """Square brackets without a valid filter on sub-attributes give 400 invalidFilter."""
    # Table 9 has this scimType for it, but section 3.12 calls scimType optional.
    expect(ask(text)).scim_error(400).warn_at_most().scim_type("invalidFilter")


@requirement("RFC7644-3.4.2.2-34", proof=("filter-brackets-ignored",))
def test_brackets_may_hold_logic(ask: Ask, world: World) -> None:
    """Logic and round brackets within square brackets are understood (erratum 7322)."""
    ben = world["ben"].kept("emails.value")
    one = ben.values("emails.value")[0]
    found = world.where_value("emails", lambda mail: mail["value"] == str(one).lower())
    reply = ask(f'emails[type pr and (value eq {quoted(one)} or value eq "nobody")]')
    expect(reply).finds(*found, among=world.users)


@requirement("RFC7644-3.4.2.2-39", proof=("filter-brackets-ignored",))
def test_brackets_may_be_the_whole_filter(ask: Ask, world: World) -> None:
    """`emails[type eq "work"]` finds those who have such an address."""
    found = world.where_value("emails", lambda mail: mail["type"] == "work")
    expect(ask('emails[type eq "work"]')).finds(*found, among=world.users)


@requirement("RFC7644-3.4.2.2-43", proof=("filter-first-value-only",))
def test_any_of_several_values_is_enough(ask: Ask, world: World) -> None:
    """`emails.value eq` finds a user by the second address as well."""
    mail = world["ada"].kept("emails[1].value").value("emails[1].value")
    wanted = world.equal("emails.value", mail)
    expect(ask(f"emails.value eq {quoted(mail)}")).finds(*wanted, among=world.users)
