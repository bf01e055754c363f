"""RFC 7644 section 3.4 on users: a list shows of a user what a read shows."""

from __future__ import annotations

from suites.expect import expect
from suites.making.world import World
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.values import alike
from suites.values import items
from suites.values import member
from suites.values import quoted
from suites.values import text
from suites.values import value_at
from suites.verbs import Scim
from suites.verdicts import NotOffered

HIDDEN = ("list-hides-active", "list-hides-user-names", "list-hides-emails", "list-loses-primary")


@requirement(
    "RFC7644-3.4-3",
    proof=(*HIDDEN, "list-hides-names", "email-primary-lost", "get-hides-names"),
    needs=("filter",),
)
def test_a_list_shows_of_a_user_what_a_read_shows(
    scim: Scim, world: World, definitions: Definitions
) -> None:
    """A user in a list has the attributes that are returned by default, as when read by id."""
    ada = world["ada"]
    found = scim.find(f"userName eq {quoted(ada.value('userName'))}")
    listed = [
        each
        for each in items(value_at(found.object(), "Resources"))
        if value_at(each, "id") == ada.id
    ]
    if not listed:
        raise NotOffered("the user is not found by its userName")
    usual = ("userName", "name", "displayName", "emails", "active")
    told = {name: definitions.attribute(name) for name in usual}
    asked = [name for name, each in told.items() if each is None or each.returned == "default"]
    pairs = {name: (member(listed[0], name), ada.value(name)) for name in asked}
    odd = [name for name, (one, other) in pairs.items() if not alike(one, other)]
    expect(found).holds(
        lambda: not odd,
        "the same as a read by id shows",
        lambda: "; ".join(f"{name} {text(pairs[name][0])}" for name in odd),
    )
