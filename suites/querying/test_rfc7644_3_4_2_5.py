"""RFC 7644 section 3.4.2.5: queries for parts of resources."""

from __future__ import annotations

import pytest

from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.expect import expect
from suites.making.world import World
from suites.querying.pages import Page
from suites.querying.views import Always
from suites.querying.views import View
from suites.querying.views import expect_only
from suites.querying.views import expect_without
from suites.querying.views import shown
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.values import items
from suites.values import value_at
from suites.verbs import Scim
from suites.verdicts import NotOffered


@requirement("RFC7644-3.4.2.5-1", proof=("attributes-ignored",))
def test_attributes_has_an_effect_on_a_list(page: Page, always: Always, world: World) -> None:
    """Each user of a list with `attributes=displayName` has that and nothing else."""
    world.having("displayName")
    reply = page(attributes="displayName")
    allowed = always | {"displayname"}
    seen = [shown(each) for each in items(value_at(reply.object(), "Resources"))]
    expect(reply).status(200).filled("Resources").holds(
        lambda: (
            all(each <= allowed for each in seen) and any("displayname" in each for each in seen)
        ),
        "displayName and what is always returned",
        lambda: str(sorted(set().union(*seen))),
    )


@requirement("RFC7644-3.4.2.5-1", proof=("excluded-attributes-ignored",))
def test_excluded_attributes_has_an_effect_on_a_list(page: Page, world: World) -> None:
    """No user of a list with `excludedAttributes=displayName` has it, and others are there."""
    world.having("displayName", "name")
    reply = page(excludedAttributes="displayName")
    seen = [shown(each) for each in items(value_at(reply.object(), "Resources"))]
    expect(reply).status(200).filled("Resources").holds(
        lambda: {"displayname", "name"} & set().union(*seen) == {"name"},
        "name and no displayName",
        lambda: str(sorted(set().union(*seen))),
    )


@requirement("RFC7644-3.4.2.5-4", proof=("attributes-ignored",))
def test_attributes_overrides_the_default(view: View, always: Always) -> None:
    """`attributes=userName` shows the userName and what is always returned."""
    expect_only(view(attributes="userName"), always, "userName")


@requirement("RFC7644-3.4.2.5-5", proof=("attributes-paths-unknown",))
def test_attributes_takes_a_part(view: View, world: World, always: Always) -> None:
    """`attributes` takes the part of an attribute."""
    value = world["ada"].kept("name.familyName").value("name.familyName")
    reply = view(attributes="name.familyName")
    expect_only(reply, always, "name")
    expect(reply).exactly("name.familyName", value)


@pytest.mark.parametrize("path", ["displayName", "name.familyName"])
@requirement("RFC7644-3.4.2.5-5", proof=("attributes-urn-unknown",))
def test_attributes_takes_a_qualified_name(
    path: str, view: View, world: World, always: Always
) -> None:
    """`attributes` takes a name or a part with the URN of its schema before it."""
    value = world["ada"].kept(path).value(path)
    reply = view(attributes=f"{USER_URN}:{path}")
    expect_only(reply, always, path.partition(".")[0])
    expect(reply).exactly(path, value)


@requirement("RFC7644-3.4.2.5-6", proof=("excluded-attributes-ignored",))
def test_excluded_attributes_are_left_out(view: View, world: World, always: Always) -> None:
    """`excludedAttributes=emails` shows everything else."""
    ada = world["ada"].kept("emails")
    expect_without(view(excludedAttributes="emails"), ada, always, "emails")


@requirement("RFC7644-3.4.2.5-6", proof=("group-excluded-attributes-ignored",), needs=("groups",))
def test_the_members_of_groups_are_left_out(
    scim: Scim, world: World, definitions: Definitions
) -> None:
    """A group that is read with `excludedAttributes=members` shows its name and no members."""
    crew = world["crew"].kept("members", "displayName")
    known = definitions.attribute("members", "Group")
    if known is not None and known.returned == "always":
        raise NotOffered("the server's schema says that members are always returned")
    seen = expect(scim.get(crew, excludedAttributes="members")).status(200)
    seen.has("displayName", crew.value("displayName")).lacks("members")


@requirement("RFC7644-3.4.2.5-7", proof=("excluded-attributes-hide-id",))
def test_what_is_always_returned_cannot_be_excluded(view: View, world: World) -> None:
    """`excludedAttributes=id` leaves the id there."""
    expect(view(excludedAttributes="id")).status(200).exactly("id", world["ada"].id)


@pytest.mark.parametrize("path", ["emails", "name.familyName"])
@requirement("RFC7644-3.4.2.5-8", proof=("excluded-attributes-ignored",))
def test_excluded_attributes_takes_names_and_parts(path: str, view: View, world: World) -> None:
    """`excludedAttributes` takes the name of an attribute, or of a part."""
    ada = world["ada"].kept(path, "userName")
    reply = expect(view(excludedAttributes=path)).status(200)
    reply.lacks(path).exactly("userName", ada.value("userName"))


@pytest.mark.parametrize(
    ("urn", "name"),
    [
        pytest.param(USER_URN, "emails", id="of-the-core"),
        pytest.param(USER_URN, "name.familyName", id="part"),
        pytest.param(ENTERPRISE_URN, "department", id="of-an-extension"),
    ],
)
@requirement("RFC7644-3.4.2.5-8", proof=("excluded-attributes-urn-unknown",))
def test_excluded_attributes_takes_a_qualified_name(
    urn: str, name: str, view: View, world: World
) -> None:
    """`excludedAttributes` takes a name or a part with the URN of its schema before it."""
    path = name if urn == USER_URN else f"{urn}:{name}"
    ada = world["ada"].kept(path, "userName")
    reply = expect(view(excludedAttributes=f"{urn}:{name}")).status(200)
    reply.lacks(path).exactly("userName", ada.value("userName"))
