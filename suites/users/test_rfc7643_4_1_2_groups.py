"""RFC 7643 section 4.1.2: the groups of a user, as the user shows them."""

from __future__ import annotations

from suites.attributes.showing import shows
from suites.expect import expect
from suites.groups.memberships import Memberships
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Reading
from suites.values import is_empty
from suites.values import value_at
from suites.verdicts import NotOffered


@requirement("RFC7643-4.1.2-25", proof=("user-groups-empty",))
def test_a_member_shows_the_group(belonging: Memberships, definitions: Definitions) -> None:
    """A user who is made a member of a new group shows it in `groups`."""
    _tells(definitions)
    belonging.is_in("inner")
    seen = belonging.reads["joined"]
    shown = expect(seen).status(200)
    if is_empty(value_at(seen.object(), "groups")):
        shown.warn_at_most()  # no sentence obliges a server to fill what its schema has
    shown.holds_value("groups", value=belonging.inner.id)


@requirement("RFC7643-4.1.2-25", proof=("user-groups-stay",))
def test_who_leaves_shows_it_no_more(belonging: Memberships, definitions: Definitions) -> None:
    """A user who is left out of a group by a PUT does not show it any more."""
    _tells(definitions)
    belonging.shown()
    belonging.done("left")
    belonging.has_left()
    seen = belonging.reads["left"]
    expect(seen).status(200).holds_no_value("groups", value=belonging.inner.id)


@requirement("RFC7643-4.1.2-25", proof=("user-groups-shown-once",))
def test_who_is_back_shows_it_again(belonging: Memberships, definitions: Definitions) -> None:
    """A user who is put into a group again shows it again."""
    _tells(definitions)
    belonging.shown()
    belonging.done("back")
    seen = belonging.reads["back"]
    expect(seen).status(200).holds_value("groups", value=belonging.inner.id)


@requirement("RFC7643-4.1.2-25", proof=("user-groups-stay",))
def test_a_deleted_group_is_shown_no_more(belonging: Memberships, definitions: Definitions) -> None:
    """A user does not show a group that was deleted."""
    _tells(definitions)
    belonging.shown("back")
    belonging.done("group deleted")
    seen = belonging.reads["without group"]
    left = expect(seen).status(200).warn_at_most()
    left.holds_no_value("groups", value=belonging.inner.id)


@requirement("RFC7643-4.1.2-26", proof=("user-groups-of-own-types",))
def test_a_group_is_direct(belonging: Memberships, definitions: Definitions) -> None:
    """The type of a group whose member a user is says `direct`, if there is one."""
    _tells(definitions)
    kind = belonging.shown().get("type")
    seen = belonging.reads["joined"]
    shows(seen, holds=kind in (None, "direct"), wanted="direct, or no type", came=kind)


@requirement("RFC7643-4.1.2-26", proof=("user-groups-all-direct",))
def test_a_group_around_a_group_is_indirect(belonging: Memberships, reading: Reading) -> None:
    """The type of a group that holds the user's group says `indirect`, if it is shown."""
    found = belonging.entry("nested", belonging.around)
    if not found:
        reading("a user does not show groups that hold its groups")
        raise NotOffered("the server shows no indirect groups of a user")
    reading("a user shows groups that hold its groups")
    kind, seen = found.get("type"), belonging.reads["nested"]
    shows(seen, holds=kind in (None, "indirect"), wanted="indirect, or no type", came=kind)


@requirement(
    "RFC7643-4.1.2-27",
    proof=("group-put-keeps-old-members", "put-immutable-members", "group-put-deletes-leavers"),
)
def test_a_direct_membership_can_be_ended(belonging: Memberships, definitions: Definitions) -> None:
    """A user who shows a group as direct can be taken out of it by a PUT of the group."""
    _tells(definitions)
    if belonging.shown().get("type") not in (None, "direct"):
        raise NotOffered("the user shows the group as something else than direct")
    expect(belonging.replies["left"]).success()
    gone = expect(belonging.reads["left"]).status(200)
    gone.holds_no_value("groups", value=belonging.inner.id)


@requirement("RFC7643-4.1.2-29", proof=("user-groups-by-name",))
def test_a_group_is_shown_by_its_id(belonging: Memberships, definitions: Definitions) -> None:
    """`value` in the groups of a user is the id of the group."""
    _tells(definitions)
    seen = belonging.reads["joined"]
    if not value_at(seen.object(), "groups"):
        raise NotOffered("the user shows no groups")
    expect(seen).status(200).holds_value("groups", value=belonging.inner.id)


@requirement("RFC7643-4.1.2-30", proof=("user-groups-refs-broken",))
def test_the_reference_of_a_group_leads_there(belonging: Memberships) -> None:
    """`$ref` in the groups of a user is the URI of the group."""
    told = belonging.entry("joined", belonging.inner).get("$ref")
    if not isinstance(told, str):
        raise NotOffered("the groups of a user have no $ref")
    seen = belonging.reads["joined"]
    leads = belonging.leads_to(told, belonging.inner)
    shows(seen, holds=leads, wanted=f"a URI that ends in {belonging.inner.path}", came=told)


@requirement("RFC7643-4.1.2-31", proof=("put-clears-memberships", "put-refuses-members"))
def test_a_put_of_the_user_ends_no_membership(belonging: Memberships) -> None:
    """A PUT of a user with other `groups` succeeds, and the user stays in the group."""
    belonging.is_in("inner")
    expect(belonging.replies["user replaced"]).success()
    after = expect(belonging.reads["inner after replace"]).status(200)
    after.holds_value("members", value=belonging.ann.id)


@requirement("RFC7643-4.1.2-31", proof=("groups-set-by-user",))
def test_a_put_of_the_user_begins_no_membership(belonging: Memberships) -> None:
    """A PUT of a user with `groups` makes the user no member of a group that it names."""
    outer = belonging.around
    after = expect(belonging.reads["outer after replace"]).status(200).has("id", outer.id)
    after.holds_no_value("members", value=belonging.ann.id)


def _tells(definitions: Definitions) -> None:
    """Skip the case unless the server's schema says that a user shows groups."""
    told = definitions.attribute("groups")
    if told is None or told.returned not in ("always", "default"):
        raise NotOffered("the server's schema of User has no groups")
