"""RFC 7643 section 4.2: groups, their names and their members."""

from __future__ import annotations

from urllib.parse import urljoin
from urllib.parse import urlsplit

from suites.attributes.showing import shows
from suites.bench import Discovery
from suites.client import GROUP_URN
from suites.expect import expect
from suites.groups.memberships import Memberships
from suites.groups.naming import Group
from suites.groups.naming import is_fixed
from suites.groups.naming import may_be_empty
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.schemas.listed import listing
from suites.scim_fixtures import Reading
from suites.target.model import Target
from suites.values import is_empty
from suites.values import items
from suites.values import member
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verdicts import NotOffered


@requirement("RFC7643-4.2-1", proof=("groups-of-own-schema",))
def test_a_group_says_which_schema_it_has(calm_group: Made) -> None:
    """`schemas` of a group holds the URI of the schema of groups."""
    found = [str(urn).lower() for urn in calm_group.values("schemas")]
    shows(calm_group.reply, holds=GROUP_URN.lower() in found, wanted=GROUP_URN, came=[*found])


@requirement("RFC7643-4.2-1", proof=("schemas-without-groups",))
def test_the_schema_of_groups_is_published(discovery: Discovery) -> None:
    """The URI of the schema of groups is the id of an entry of /Schemas."""
    if discovery.schemas.status != 200:
        raise NotOffered("the server does not publish its schemas")
    found = [str(value_at(each, "id")).lower() for each in listing(discovery.schemas)]
    shows(discovery.schemas, holds=GROUP_URN.lower() in found, wanted=GROUP_URN, came=[*found])


@requirement("RFC7643-4.2-2", proof=("group-name-missing-500", "group-name-made-up"))
def test_a_group_needs_a_name(lone: Group, definitions: Definitions, reading: Reading) -> None:
    """A group without displayName is refused, if the server's own schema asks for it."""
    reply = lone.creates["nameless"]
    reading(f"a group without displayName is answered with {reply.status}")
    expect(reply).no_server_error()
    found = definitions.attribute("displayName", "Group")
    if found is not None and found.required:
        expect(reply).refused()


@requirement("RFC7643-4.2-2", proof=("group-put-loses-name",))
def test_a_group_keeps_a_name(lone: Group, definitions: Definitions) -> None:
    """A group has a displayName also after a PUT that does not name one, if it is required."""
    write = lone.write("nameless")
    found = definitions.attribute("displayName", "Group")
    if found is None or not found.required:
        raise NotOffered("the server's schema does not say that a group needs a displayName")
    expect(write.reply).no_server_error()
    if write.done:
        expect(write.after).status(200).filled("displayName")


@requirement(
    "RFC7643-4.2-2",
    proof=("group-name-ascii", "group-name-truncated", "groups-without-name"),
)
def test_the_name_of_a_group_is_kept(lone: Group) -> None:
    """The displayName of a group with letters of many scripts comes back as it was sent."""
    lone.write("put")
    expect(lone.first).status(200).has("displayName", lone.body["displayName"])


@requirement(
    "RFC7643-4.2-2",
    proof=("group-rename-ignored", "group-rename-refused", "group-rename-creates-another"),
)
def test_a_group_gets_another_name(lone: Group, definitions: Definitions) -> None:
    """A group that a PUT renames has the new name, and is the same group."""
    _can_be_renamed(definitions)
    write = lone.write("put")
    expect(write.reply).success()
    after = expect(write.after).status(200).has("displayName", write.sent["displayName"])
    after.has("id", lone.made.id if lone.made else None)


@requirement(
    "RFC7643-4.2-2",
    proof=(
        "group-patch-drops-members",
        "group-rename-ignored",
        "group-rename-refused",
        "group-rename-creates-another",
    ),
    needs=("groups", "patch"),
)
def test_a_group_gets_another_name_by_patch(lone: Group, definitions: Definitions) -> None:
    """A group that a PATCH renames has the new name, and its members."""
    _can_be_renamed(definitions)
    write = lone.write("patch")
    expect(write.reply).success()
    after = expect(write.after).status(200).has("displayName", write.sent["value"])
    after.members([str(each) for each in values_at({**write.before}, "members.value")])


@requirement(
    "RFC7643-4.2-3",
    proof=("put-immutable-members", "group-put-ignores-members", "group-put-requires-id"),
)
def test_members_are_exchanged(belonging: Memberships, staff: tuple[Made, ...]) -> None:
    """A PUT of a group with another member exchanges the members."""
    expect(belonging.replies["left"]).success()
    expect(belonging.reads["inner left"]).status(200).members({staff[0].id})


@requirement(
    "RFC7643-4.2-3",
    proof=(
        "group-put-refuses-id",
        "group-put-refuses-own-representation",
        "group-rename-drops-members",
    ),
)
def test_members_are_added_to_what_was_read(lone: Group, staff: tuple[Made, ...]) -> None:
    """A PUT of a group as it was read, with members added, succeeds, and they are members."""
    write = lone.write("put")
    expect(write.reply).success()
    expect(write.after).status(200).members({each.id for each in staff[:2]})


@requirement("RFC7643-4.2-4", proof=("member-value-changed",))
def test_a_member_is_not_made_another(lone: Group, staff: tuple[Made, ...]) -> None:
    """A PATCH that gives a member another `value` leaves the group with the member it had."""
    write = lone.write("part")
    before = {str(each) for each in values_at({**write.before}, "members.value")}
    if staff[0].id not in before:
        raise NotOffered("the group does not have the member")
    expect(write.after).status(200).members(before)


@requirement(
    "RFC7643-4.2-5",
    proof=("group-create-refuses-members", "member-type-required"),
)
def test_a_group_is_made_with_members(belonging: Memberships) -> None:
    """A group can be created with members, given by the `value` alone."""
    expect(belonging.replies["created"]).success()


@requirement(
    "RFC7643-4.2-5",
    proof=(
        *("group-create-ignores-members", "members-without-value", "members-as-bare-ids"),
        *("group-get-hides-members", "group-get-null-members", "members-by-name"),
    ),
)
def test_a_member_is_shown_by_its_id(belonging: Memberships) -> None:
    """`value` of the members of a group is the id of the user."""
    read = belonging.reads["inner"]
    after = expect(read).status(200)
    if is_empty(value_at(read.object(), "members")):
        after.warn_at_most()  # RFC 7644 section 3.3 lets a server ignore what is posted
    after.members({belonging.ann.id, belonging.ben.id})


@requirement("RFC7643-4.2-6", proof=("member-refs-of-another-host", "member-refs-broken"))
def test_the_reference_of_a_member_leads_there(belonging: Memberships, target: Target) -> None:
    """`$ref` of a member is the URI of the user."""
    entries = items(value_at(belonging.reads["inner"].object(), "members"))
    told = {member(each, "value"): member(each, "$ref") for each in entries}
    found = told.get(belonging.ann.id)
    if not isinstance(found, str):
        raise NotOffered("the members of groups have no $ref")
    seen = belonging.reads["inner"]
    leads = belonging.leads_to(found, belonging.ann)
    shows(seen, holds=leads, wanted=f"a URI that ends in {belonging.ann.path}", came=found)
    host = urlsplit(urljoin(target.url, found)).hostname
    expect(seen).warn_at_most().holds(
        lambda: host == urlsplit(target.url).hostname, "this server's host", lambda: str(host)
    )


@requirement("RFC7643-4.2-7", proof=("nested-groups-as-users",))
def test_a_group_in_a_group_is_a_group(belonging: Memberships) -> None:
    """A group that is a member of a group is shown as a member of the type Group."""
    outer = belonging.around
    seen = belonging.reads["outer"]
    found = expect(seen).status(200).has("id", outer.id)
    found.holds_value("members", value=belonging.inner.id, type="Group")


@requirement("RFC7643-4.2-7", proof=("members-all-groups",))
def test_a_user_in_a_group_is_a_user(belonging: Memberships) -> None:
    """A user who is a member of a group is shown as one of the type User, if types are shown."""
    belonging.is_in("inner")
    for each in items(value_at(belonging.reads["inner"].object(), "members")):
        kind = member(each, "type")
        seen = belonging.reads["inner"]
        shows(seen, holds=kind in (None, "User"), wanted="User, or no type", came=kind)


@requirement("RFC7643-4.2-8", proof=("member-without-value-kept",))
def test_a_member_needs_a_value_where_the_schema_says_so(
    lone: Group, definitions: Definitions, reading: Reading
) -> None:
    """A member without `value` is refused where the server's schema requires it."""
    reply = lone.creates["hollow"]
    reading(f"a member without value is answered with {reply.status}")
    found = definitions.attribute("members.value", "Group")
    if found is None or not found.required:
        raise NotOffered("the server's schema does not require the value of a member")
    expect(reply).refused()


@requirement("RFC7643-4.2-9", proof=("empty-group-refused", "group-create-501"))
def test_a_group_may_be_empty(lone: Group, definitions: Definitions) -> None:
    """A group without members is created."""
    may_be_empty(definitions)
    expect(lone.reply).success()


@requirement("RFC7643-4.2-10", proof=("group-delete-deletes-users",))
def test_the_members_outlive_their_group(belonging: Memberships, reading: Reading) -> None:
    """A user whose group is deleted is still there."""
    belonging.done("group deleted")
    if belonging.outer is not None:
        left = values_at(belonging.reads["outer without group"].object(), "members.value")
        reading(f"a deleted group is {'still' if belonging.inner.id in left else 'no'} member")
    expect(belonging.reads["without group"]).status(200).has("id", belonging.ann.id)


def _can_be_renamed(definitions: Definitions) -> None:
    """Skip the case where the server's schema says that the name of a group never changes."""
    if is_fixed(definitions):
        raise NotOffered("a displayName of groups cannot be changed, as /Schemas says")
