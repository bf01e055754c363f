"""RFC 7644 section 3.4.2.2: what each operator finds (table 3), compared by result set."""

from __future__ import annotations

import pytest

from suites.expect import expect
from suites.making.world import World
from suites.querying.conftest import Ask
from suites.querying.conftest import Order
from suites.querying.conftest import Texts
from suites.requirements import requirement
from suites.scim_fixtures import Needs
from suites.values import moment
from suites.values import quoted
from suites.verbs import Scim


@requirement("RFC7644-3.4.2.2-4", proof=("filter-ignored", "list-repeats-users-with-addresses"))
def test_only_those_who_match_are_returned(ask: Ask, world: World) -> None:
    """A filter on one userName finds that user and nobody else."""
    ada = world["ada"]
    expect(ask(f"userName eq {quoted(ada.value('userName'))}")).finds(ada, among=world.users)


@pytest.mark.parametrize("path", ["title", "active", "name.familyName", "emails.type", "id"])
@requirement("RFC7644-3.4.2.2-5", proof=("filter-by-user-name-only", "filter-finds-nothing"))
def test_every_attribute_can_be_filtered_on(path: str, ask: Ask, world: World) -> None:
    """Filters understand attributes of every kind, not userName alone."""
    value = world["eve"].kept(path).values(path)[0]
    shown = str(value).lower() if isinstance(value, bool) else quoted(value)
    expect(ask(f"{path} eq {shown}")).finds(*world.equal(path, value), among=world.users)


@requirement(
    "RFC7644-3.4.2.2-5",
    proof=("group-filter-by-member-finds-nothing", "group-filter-ignored"),
    needs=("filter", "groups"),
)
def test_groups_can_be_filtered_by_member(scim: Scim, world: World) -> None:
    """`members.value eq` finds the groups that a user is a member of, and no other."""
    ada = world["ada"]
    world["crew"].kept("members")
    found = [each for each in world.groups if ada.id in each.values("members.value")]
    reply = scim.find(f"members.value eq {quoted(ada.id)}", endpoint="/Groups")
    told = expect(reply)
    if reply.status == 400:  # whatever scimType says; a server may find groups by name alone
        told.warn_at_most()
    told.finds(*found, among=world.groups)


@requirement("RFC7644-3.4.2.2-12", proof=("filter-prefix", "filter-finds-nothing"))
def test_eq_finds_equal_texts(ask: Ask, world: World) -> None:
    """`eq` finds the text that is equal, and none that only begins with it."""
    name = world["ada"].value("userName")
    expect(ask(f"userName eq {quoted(name)}")).finds(world["ada"], among=world.users)


@requirement("RFC7644-3.4.2.2-12", proof=("filter-boolean-finds-nothing", "filter-hides-inactive"))
def test_eq_finds_equal_booleans(ask: Ask, world: World) -> None:
    """`active eq false` finds those who are not active."""
    expect(ask("active eq false")).finds(*world.equal("active", False), among=world.users)


@requirement("RFC7644-3.4.2.2-12", proof=("filter-dates-as-text",))
def test_eq_finds_equal_moments(ask: Ask, world: World) -> None:
    """`meta.created eq` finds a moment also when it is written in another time zone."""
    made = world.having("meta.created")[0]
    shown = quoted(made.value("meta.created"))
    at = moment(made.value("meta.created"))
    same = [each for each in world.users if moment(each.value("meta.created")) == at]
    told = expect(ask(f"meta.created eq {shown}")).warn_at_most()
    told.finds(among=world.users, perhaps=same)
    # A server may keep more digits of a second than it shows: then nothing shown is equal.
    told.note_at_most().finds(made, among=world.users, perhaps=same)
    told = expect(ask(f"meta.created eq {shown}".replace("Z", "+00:00"))).warn_at_most()
    told.finds(made, among=world.users, perhaps=same)


@requirement("RFC7644-3.4.2.2-13", proof=("filter-ne-ignored",))
def test_ne_finds_the_others(ask: Ask, world: World) -> None:
    """`ne` finds those with another value; whether those without any is left open."""
    others = world.whose("userType", lambda value: value != "employee")
    reply = ask('userType ne "Employee"')
    expect(reply).finds(*others, among=world.users, perhaps=world.lacking("userType"))


@requirement("RFC7644-3.4.2.2-14", proof=("filter-co-as-eq", "filter-ignored", "filter-by-eq-only"))
def test_co_finds_what_contains_the_value(ask: Ask, world: World) -> None:
    """`co` finds the value at the beginning, in the middle and at the end."""
    texts = Texts(world, str.__contains__)
    reply = ask(f"displayName co {quoted(texts.part)}")
    expect(reply).finds(*texts.sure, among=world.users, perhaps=texts.by_case)


@requirement("RFC7644-3.4.2.2-15", proof=("filter-sw-as-co",))
def test_sw_finds_what_begins_with_the_value(ask: Ask, world: World) -> None:
    """`sw` finds what begins with the value or equals it, and not what has it further on."""
    texts = Texts(world, str.startswith)
    reply = ask(f"displayName sw {quoted(texts.part)}")
    expect(reply).finds(*texts.sure, among=world.users, perhaps=texts.by_case)


@requirement("RFC7644-3.4.2.2-16", proof=("filter-ew-as-co",))
def test_ew_finds_what_ends_with_the_value(ask: Ask, world: World) -> None:
    """`ew` finds what ends with the value or equals it, and not what has it before."""
    texts = Texts(world, str.endswith)
    reply = ask(f"displayName ew {quoted(texts.part)}")
    expect(reply).finds(*texts.sure, among=world.users, perhaps=texts.by_case)


@pytest.mark.parametrize("path", ["title", "name", "name.middleName", "emails"])
@requirement("RFC7644-3.4.2.2-17", proof=("filter-pr-ignored", "filter-finds-nothing"))
def test_pr_finds_those_with_a_value(path: str, ask: Ask, world: World) -> None:
    """`pr` finds who has a value, for simple, complex and multi-valued attributes."""
    expect(ask(f"{path} pr")).finds(*world.having(path), among=world.users)


@requirement("RFC7644-3.4.2.2-18", proof=("filter-gt-as-ge",))
def test_gt_finds_what_comes_later_in_order(ask: Ask, world: World) -> None:
    """`userName gt` finds the names behind the value, without the value itself."""
    order = Order(world, "cyd")
    expect(ask(f"userName gt {order.bound}")).finds(
        *order.after, among=world.users, perhaps=order.unsure
    )


@requirement("RFC7644-3.4.2.2-21", proof=("filter-ge-as-gt",))
def test_ge_finds_the_value_and_what_comes_later(ask: Ask, world: World) -> None:
    """`userName ge` finds the value itself and the names behind it."""
    order = Order(world, "cyd")
    expect(ask(f"userName ge {order.bound}")).finds(
        world["cyd"], *order.after, among=world.users, perhaps=order.unsure
    )


@requirement("RFC7644-3.4.2.2-23", proof=("filter-lt-as-le",))
def test_lt_finds_what_comes_earlier_in_order(ask: Ask, world: World) -> None:
    """`userName lt` finds the names before the value, without the value itself."""
    order = Order(world, "cyd")
    expect(ask(f"userName lt {order.bound}")).finds(
        *order.before, among=world.users, perhaps=order.unsure
    )


@requirement("RFC7644-3.4.2.2-25", proof=("filter-le-as-lt",))
def test_le_finds_the_value_and_what_comes_earlier(ask: Ask, world: World) -> None:
    """`userName le` finds the value itself and the names before it."""
    order = Order(world, "cyd")
    expect(ask(f"userName le {order.bound}")).finds(
        world["cyd"], *order.before, among=world.users, perhaps=order.unsure
    )


@pytest.mark.parametrize(
    ("asked", "finds_all"),
    [
        pytest.param('gt "2000-01-01T00:00:00Z"', True, id="gt-the-past"),
        pytest.param('gt "2199-12-31T23:59:59Z"', False, id="gt-the-future"),
        pytest.param('lt "2199-12-31T23:59:59+02:00"', True, id="lt-the-future"),
        pytest.param('lt "2000-01-01T00:00:00-05:00"', False, id="lt-the-past"),
    ],
)
@requirement("RFC7644-3.4.2.2-18", proof=("filter-dates-reversed",))
def test_dates_are_ordered_by_time(asked: str, *, finds_all: bool, ask: Ask, world: World) -> None:
    """`gt` and `lt` on meta.lastModified follow the calendar, in any time zone."""
    dated = world.having("meta.lastModified")
    expect(ask(f"meta.lastModified {asked}")).finds(
        *(dated if finds_all else ()), among=world.users
    )


def _boolean(operator: str, ask: Ask) -> None:
    expect(ask(f"active {operator} true")).scim_error(400, scim_type="invalidFilter")


def _binary(operator: str, ask: Ask) -> None:
    reply = ask(f'x509Certificates.value {operator} "QQ=="')
    expect(reply).scim_error(400, scim_type="invalidFilter")


@requirement("RFC7644-3.4.2.2-19", proof=("filter-order-of-booleans",))
def test_gt_on_a_boolean_is_refused(ask: Ask) -> None:
    """`active gt true` gives 400 with scimType invalidFilter."""
    _boolean("gt", ask)


@requirement("RFC7644-3.4.2.2-20", proof=("filter-order-of-binaries",))
def test_gt_on_a_binary_is_refused(ask: Ask, needs: Needs) -> None:
    """`x509Certificates.value gt` gives 400 with scimType invalidFilter."""
    needs("x509Certificates.value")
    _binary("gt", ask)


@requirement("RFC7644-3.4.2.2-22", proof=("filter-order-of-booleans",))
def test_ge_on_a_boolean_is_refused(ask: Ask) -> None:
    """`active ge true` gives 400 with scimType invalidFilter."""
    _boolean("ge", ask)


@requirement("RFC7644-3.4.2.2-22", proof=("filter-order-of-binaries",))
def test_ge_on_a_binary_is_refused(ask: Ask, needs: Needs) -> None:
    """`x509Certificates.value ge` gives 400 with scimType invalidFilter."""
    needs("x509Certificates.value")
    _binary("ge", ask)


@requirement("RFC7644-3.4.2.2-24", proof=("filter-order-of-booleans",))
def test_lt_on_a_boolean_is_refused(ask: Ask) -> None:
    """`active lt true` gives 400 with scimType invalidFilter."""
    _boolean("lt", ask)


@requirement("RFC7644-3.4.2.2-24", proof=("filter-order-of-binaries",))
def test_lt_on_a_binary_is_refused(ask: Ask, needs: Needs) -> None:
    """`x509Certificates.value lt` gives 400 with scimType invalidFilter."""
    needs("x509Certificates.value")
    _binary("lt", ask)


@requirement("RFC7644-3.4.2.2-26", proof=("filter-order-of-booleans",))
def test_le_on_a_boolean_is_refused(ask: Ask) -> None:
    """`active le true` gives 400 with scimType invalidFilter."""
    _boolean("le", ask)


@requirement("RFC7644-3.4.2.2-26", proof=("filter-order-of-binaries",))
def test_le_on_a_binary_is_refused(ask: Ask, needs: Needs) -> None:
    """`x509Certificates.value le` gives 400 with scimType invalidFilter."""
    needs("x509Certificates.value")
    _binary("le", ask)
