"""RFC 7644 section 3.10: how attributes are named, wherever a query names one."""

from __future__ import annotations

import pytest

from suites.client import USER_URN
from suites.expect import expect
from suites.making.world import World
from suites.querying.orders import expect_order
from suites.querying.pages import Page
from suites.querying.views import Always
from suites.querying.views import View
from suites.querying.views import expect_only
from suites.requirements import requirement
from suites.values import quoted
from suites.verbs import Scim

LOUD = USER_URN.upper()


def _finds_ada(scim: Scim, world: World, name: str, path: str = "userName") -> None:
    """Expect a filter that names an attribute so to find those who have Ada's value."""
    value = world["ada"].kept(path).value(path)
    wanted = world.equal(path, value)
    expect(scim.find(f"{name} eq {quoted(value)}")).finds(*wanted, among=world.users)


@requirement("RFC7644-3.10-1", proof=("filter-urn-refused",))
def test_a_filter_takes_a_qualified_name(scim: Scim, world: World) -> None:
    """A filter knows userName by the URN of its schema, a colon and the name."""
    _finds_ada(scim, world, f"{USER_URN}:userName")


@requirement("RFC7644-3.10-1", needs=(), proof=("attributes-urn-unknown",))
def test_attributes_takes_a_qualified_name(view: View, always: Always) -> None:
    """`attributes` knows userName by the URN of its schema, a colon and the name."""
    expect_only(view(attributes=f"{USER_URN}:userName"), always, "userName")


@requirement("RFC7644-3.10-1", needs=("filter", "sort"), proof=("sort-urn-unknown",))
def test_an_order_takes_a_qualified_name(page: Page, world: World) -> None:
    """SortBy knows userName by the URN of its schema, a colon and the name."""
    expect_order(page(sortBy=f"{USER_URN}:userName"), "userName", world.users)


@pytest.mark.parametrize("name", ["name.familyName", f"{USER_URN}:name.familyName"])
@requirement("RFC7644-3.10-4", proof=("filter-paths-find-nobody", "filter-finds-nothing"))
def test_a_part_is_named_by_a_dot(name: str, scim: Scim, world: World) -> None:
    """A filter knows the part of an attribute by a dot, with the schema and without."""
    _finds_ada(scim, world, name, "name.familyName")


@pytest.mark.parametrize("name", [f"{LOUD}:USERNAME", "USERNAME"])
@requirement("RFC7644-3.10-5", proof=("filter-names-have-case",))
def test_capitals_do_not_matter_in_a_filter(name: str, scim: Scim, world: World) -> None:
    """A filter knows an attribute whatever capitals its name and URN are written with."""
    _finds_ada(scim, world, name)


@pytest.mark.parametrize("name", ["USERNAME", f"{LOUD}:USERNAME"])
@requirement(
    "RFC7644-3.10-5", needs=(), proof=("attributes-names-have-case+attributes-urn-has-case",)
)
def test_capitals_do_not_matter_in_attributes(name: str, view: View, always: Always) -> None:
    """`attributes` knows an attribute whatever capitals its name and URN are written with."""
    expect_only(view(attributes=name), always, "userName")


@requirement("RFC7644-3.10-5", needs=(), proof=("attributes-paths-have-case",))
def test_capitals_do_not_matter_in_parts(view: View, world: World, always: Always) -> None:
    """`attributes` knows a part whatever capitals it is written with."""
    value = world["ada"].kept("name.familyName").value("name.familyName")
    reply = view(attributes="NAME.FAMILYNAME")
    expect_only(reply, always, "name")
    expect(reply).exactly("name.familyName", value)
