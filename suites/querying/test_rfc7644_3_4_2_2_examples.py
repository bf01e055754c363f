"""RFC 7644 section 3.4.2.2: the examples of figure 2, with values of the seeded users."""

from __future__ import annotations

from typing import Any

import pytest

from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.expect import expect
from suites.making.world import World
from suites.querying.conftest import Ask
from suites.requirements import requirement
from suites.values import moment
from suites.values import quoted
from suites.verbs import Made
from suites.verdicts import NotOffered

EMPLOYEE = 'userType eq "Employee"'


def _kind(world: World, *kinds: str) -> set[str]:
    return {each.key for each in world.equal("userType", *kinds)}


def _at(world: World, *ends: str) -> set[str]:
    found = world.whose("emails.value", lambda value: any(end.lower() in value for end in ends))
    return {each.key for each in found}


@requirement("RFC7644-3.4.2.2-53", proof=("filter-ignored", "filter-finds-nothing"))
def test_by_user_name(ask: Ask, world: World) -> None:
    """`userName eq "bjensen"` finds one user."""
    name = world["dot"].value("userName")
    expect(ask(f"userName eq {quoted(name)}")).finds(world["dot"], among=world.users)


@requirement("RFC7644-3.4.2.2-54", proof=("filter-apostrophe-500", "filter-co-as-eq"))
def test_by_a_name_with_an_apostrophe(ask: Ask, world: World) -> None:
    """`name.familyName co "O'Malley"` finds the name and what contains it."""
    found = world.whose("name.familyName", lambda value: "o'malley" in value)
    expect(ask('name.familyName co "O\'Malley"')).finds(*found, among=world.users)


def _beginning(world: World) -> tuple[str, tuple[Made, ...]]:
    """Return how two of the names begin, and whose."""
    start = str(world["ada"].value("userName")).partition("@")[0]
    return start, world.whose("userName", lambda name: name.startswith(start.casefold()))


@requirement("RFC7644-3.4.2.2-55", proof=("filter-texts-have-case", "filter-finds-nothing"))
def test_by_the_beginning_of_a_name(ask: Ask, world: World) -> None:
    """`userName sw "J"` finds the names that begin so, in any case."""
    start, found = _beginning(world)
    expect(ask(f"userName sw {quoted(start.upper())}")).finds(*found, among=world.users)


@requirement("RFC7644-3.4.2.2-56", proof=("filter-urn-refused", "filter-finds-nothing"))
def test_by_the_beginning_of_a_qualified_name(ask: Ask, world: World) -> None:
    """The same with the URN of the schema before userName finds the same."""
    start, found = _beginning(world)
    expect(ask(f"{USER_URN}:userName sw {quoted(start)}")).finds(*found, among=world.users)


@requirement("RFC7644-3.4.2.2-57", proof=("filter-pr-ignored", "filter-finds-nothing"))
def test_by_having_a_title(ask: Ask, world: World) -> None:
    """`title pr` finds those who have a title."""
    expect(ask("title pr")).finds(*world.having("title"), among=world.users)


@pytest.mark.parametrize("operator", ["gt", "ge", "lt", "le"])
@requirement("RFC7644-3.4.2.2-58", proof=("filter-dates-reversed", "filter-ignored"))
def test_by_the_time_of_the_last_change(operator: str, ask: Ask, world: World) -> None:
    """`meta.lastModified gt`, `ge`, `lt` and `le` find who was changed then."""
    middle = world.having("meta.lastModified")[3].value("meta.lastModified")
    at: Any = moment(middle)
    times: dict[str, Any] = {
        each.key: moment(each.value("meta.lastModified"))
        for each in world.having("meta.lastModified")
    }
    if None in (at, *times.values()):
        raise NotOffered("meta.lastModified is no dateTime, which RFC7643-2.3.5-1 judges")
    later = operator in ("gt", "ge")
    wanted = {key for key, time in times.items() if (time > at if later else time < at)}
    # A server may keep more digits of a second than it shows.
    open_ = {key for key, time in times.items() if time == at}
    expect(ask(f"meta.lastModified {operator} {quoted(middle)}")).finds(
        *world.keys(wanted), among=world.users, perhaps=world.keys(open_)
    )


@requirement("RFC7644-3.4.2.2-59", proof=("filter-and-as-or", "filter-finds-nothing"))
def test_by_a_title_and_a_kind(ask: Ask, world: World) -> None:
    """`title pr and userType eq "Employee"` finds employees with a title."""
    wanted = {each.key for each in world.having("title")} & _kind(world, "Employee")
    expect(ask(f"title pr and {EMPLOYEE}")).finds(*world.keys(wanted), among=world.users)


@requirement("RFC7644-3.4.2.2-60", proof=("filter-or-as-and", "filter-finds-nothing"))
def test_by_a_title_or_a_kind(ask: Ask, world: World) -> None:
    """`title pr or userType eq "Intern"` finds those with a title and all interns."""
    wanted = {each.key for each in world.having("title")} | _kind(world, "Intern")
    reply = ask('title pr or userType eq "Intern"')
    expect(reply).finds(*world.keys(wanted), among=world.users)


@requirement("RFC7644-3.4.2.2-61", proof=("filter-urn-value-refused", "filter-ignored"))
def test_by_a_schema(ask: Ask, world: World) -> None:
    """`schemas eq` finds those who have attributes of the enterprise extension."""
    wanted = world.equal("schemas", ENTERPRISE_URN)
    expect(ask(f"schemas eq {quoted(ENTERPRISE_URN)}")).finds(*wanted, among=world.users)


@requirement("RFC7644-3.4.2.2-62", proof=("filter-groups-ignored", "filter-sub-attribute-needed"))
def test_by_a_kind_and_one_of_two_domains(ask: Ask, world: World) -> None:
    """An expression in round brackets behind `and` is evaluated first; emails are their values."""
    ends = f"ada.{world.tag}@", f"dot.{world.tag}@"
    wanted = _kind(world, "Employee") & _at(world, *ends)
    reply = ask(
        f"{EMPLOYEE} and (emails co {quoted(ends[0])} or emails.value co {quoted(ends[1])})"
    )
    expect(reply).finds(*world.keys(wanted), among=world.users)


@requirement("RFC7644-3.4.2.2-63", proof=("filter-not-ignored", "filter-sub-attribute-needed"))
def test_by_another_kind_and_no_such_domain(ask: Ask, world: World) -> None:
    """`ne` with `not (…)` finds the others; who has no userType may be among them."""
    ends = f"ben.{world.tag}@", f"dot.{world.tag}@"
    without = {each.key for each in world.users} - _at(world, *ends)
    typed = {each.key for each in world.having("userType")} - _kind(world, "Employee")
    untyped = {each.key for each in world.lacking("userType")}
    ask_for = f'not (emails co "{ends[0]}" or emails.value co "{ends[1]}")'
    expect(ask(f'userType ne "Employee" and {ask_for}')).finds(
        *world.keys(without & typed), among=world.users, perhaps=world.keys(without & untyped)
    )


@requirement("RFC7644-3.4.2.2-64", proof=("filter-and-as-or", "filter-finds-nothing"))
def test_by_a_kind_and_the_type_of_an_address(ask: Ask, world: World) -> None:
    """`emails.type eq "work"` in round brackets finds those with such an address."""
    work = {each.key for each in world.equal("emails.type", "work")}
    reply = ask(f'{EMPLOYEE} and (emails.type eq "work")')
    expect(reply).finds(*world.keys(work & _kind(world, "Employee")), among=world.users)


@requirement("RFC7644-3.4.2.2-65", proof=("filter-brackets-ignored", "filter-finds-nothing"))
def test_by_a_kind_and_an_address_at_work(ask: Ask, world: World) -> None:
    """`emails[type … and value …]` behind `and` speaks of one address."""
    part = f"ada.{world.tag}.home@"
    home = world.where_value(
        "emails", lambda mail: mail["type"] == "home" and part in mail["value"]
    )
    wanted = {each.key for each in home} & _kind(world, "Employee")
    reply = ask(f'{EMPLOYEE} and emails[type eq "home" and value co {quoted(part)}]')
    expect(reply).finds(*world.keys(wanted), among=world.users)


@requirement("RFC7644-3.4.2.2-66", proof=("filter-brackets-ignored", "filter-or-as-and"))
def test_by_an_address_or_a_messenger(ask: Ask, world: World) -> None:
    """Two value paths joined by `or` find those of whom either is true."""
    world.having("ims")
    at = f"dot.{world.tag}@"
    mails = world.where_value("emails", lambda one: one["type"] == "work" and at in one["value"])
    chats = world.where_value(
        "ims", lambda one: one["type"] == "xmpp" and world.mark in one["value"]
    )
    reply = ask(
        f'emails[type eq "work" and value co "{at}"] '
        f'or ims[type eq "xmpp" and value co "{world.mark}"]'
    )
    wanted = {each.key for each in (*mails, *chats)}
    expect(reply).finds(*world.keys(wanted), among=world.users)
