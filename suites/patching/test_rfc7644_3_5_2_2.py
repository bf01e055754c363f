"""RFC 7644 section 3.5.2.2: the PATCH operation `remove`."""

from __future__ import annotations

import pytest

from suites.client import ENTERPRISE_URN
from suites.expect import expect
from suites.groups.naming import may_be_empty
from suites.patching.changes import Change
from suites.patching.conftest import Changed
from suites.patching.keeping import keeps_entries
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Needs
from suites.scim_fixtures import Reading
from suites.values import values_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import Blocked

Staff = tuple[Made, ...]

IGNORED = "patch-remove-ignored"


@requirement("RFC7644-3.5.2.2-1", proof=("patch-pathless-remove-ignored",))
def test_remove_without_path_is_refused(scim: Scim, calm_user: Made) -> None:
    """PATCH `remove` without `path` fails with 400 `noTarget`."""
    reply = scim.patch(calm_user, {"op": "remove"})
    expect(reply).scim_error(400).warn_at_most().scim_type("noTarget")


@requirement("RFC7644-3.5.2.2-1", proof=("patch-pathless-remove-clears",))
def test_remove_without_path_changes_nothing(scim: Scim, user: Made) -> None:
    """PATCH `remove` without `path` leaves the user as it was."""
    scim.patch(user, {"op": "remove"})
    expect(scim.get(user)).unchanged(user.stored)


@requirement("RFC7644-3.5.2.2-2", proof=(IGNORED,))
def test_a_removed_value_is_unassigned(removed: Changed) -> None:
    """A single-valued attribute that is removed has no value any more."""
    path = str(removed["single"].sent("[0].path"))
    change = removed["single"].on(path)
    expect(change.reply).success()
    after = expect(change.after).status(200)
    if path == "displayName":  # which a server may make where there is none
        after.note_at_most()
    after.absent(path)


@requirement(
    "RFC7644-3.5.2.2-2",
    proof=("patch-extension-removed-whole", IGNORED),
    needs=("patch", "enterprise"),
)
def test_one_attribute_of_an_extension_is_removed(extended: Changed) -> None:
    """An attribute of an extension that is removed has no value any more; another one stays."""
    number, other = (f"{ENTERPRISE_URN}:{name}" for name in ("employeeNumber", "costCenter"))
    change = extended["less"].on(number, other)
    expect(change.reply).success()
    expect(change.after).status(200).absent(number).keeps(change.before, paths=[other])


@requirement("RFC7644-3.5.2.2-3", proof=("patch-remove-keeps-arrays",))
def test_a_removed_array_is_unassigned(removed: Changed) -> None:
    """A multi-valued attribute that is removed without a filter loses all its values."""
    change = removed["many"].on("phoneNumbers")
    expect(change.reply).success()
    expect(change.after).status(200).absent("phoneNumbers")


@requirement("RFC7644-3.5.2.2-4", proof=("member-remove-ignored", "member-remove-removes-all"))
def test_a_member_is_removed_by_value(left: Changed, staff: Staff) -> None:
    """A remove with a filter on `value` takes that member away and leaves the others."""
    change = left["one"].on("members")
    expect(change.reply).success()
    expect(change.after).status(200).members(change.members() - {staff[0].id})


@requirement("RFC7644-3.5.2.2-4", proof=("member-remove-ignored",))
def test_members_are_unassigned_with_the_last(
    left: Changed, staff: Staff, definitions: Definitions
) -> None:
    """A group whose last member is removed has no `members` any more."""
    may_be_empty(definitions)
    change = left["last"].on("members")
    expect(change.reply).success()
    expect(change.after).status(200).absent("members")


@requirement(
    "RFC7644-3.5.2.2-5",
    proof=(
        *("patch-remove-drops-all-values", "patch-remove-first-condition"),
        "patch-remove-strips-others",
    ),
)
def test_entries_are_removed_by_their_parts(removed: Changed) -> None:
    """A filter on two sub-attributes takes away the entry that fits both, and nothing else."""
    change = removed["some"].on("emails[2].value", "emails[0].type")
    # As they were sent: a server may show them in any order.
    first, *_ = values_at(dict(change.made.sent), "emails.value")
    expect(change.reply).success()
    expect(change.after).status(200).holds_no_value("emails", value=first)
    keeps_entries(change, "emails", but=[first])


@requirement("RFC7644-3.5.2.2-6", proof=("patch-remove-drops-whole-complex", IGNORED))
def test_a_removed_part_is_unassigned(removed: Changed) -> None:
    """A removed sub-attribute is unassigned, and the others stay."""
    change = removed["part"].on("name.middleName", "name.familyName")
    expect(change.reply).success()
    expect(change.after).status(200).absent("name.middleName").keeps(
        change.before, paths=("name.familyName", "name.givenName")
    )


@requirement(
    "RFC7644-3.5.2.2-6",
    proof=("patch-selected-remove-takes-all", "patch-remove-takes-whole-entry", IGNORED),
)
def test_a_removed_part_of_an_entry_is_unassigned(removed: Changed) -> None:
    """A sub-attribute removed from one entry is unassigned there, and the entry stays."""
    change = removed["part of one"].on("addresses[1].region", "addresses[1].locality")
    expect(change.reply).success()
    expect(change.after).holds_no_value("addresses", type="work", region="CA").holds_value(
        "addresses", type="work", locality="Hollywood"
    ).holds_value("addresses", type="home", region="CA")


@requirement("RFC7644-3.5.2.2-7", proof=("patch-remove-keeps-last", IGNORED))
def test_an_array_without_entries_is_unassigned(removed: Changed) -> None:
    """A multi-valued attribute whose last entry is removed is unassigned."""
    change = removed["last"].on("ims")
    expect(change.reply).success()
    expect(change.after).status(200).absent("ims")


@requirement(
    "RFC7644-3.5.2.2-8", proof=("patch-required-remove-ignored", "errors-without-scim-type")
)
def test_removing_a_required_attribute_is_refused(scim: Scim, calm_user: Made) -> None:
    """PATCH `remove` of userName fails with 400 `mutability`."""
    reply = scim.patch(calm_user, {"op": "remove", "path": "userName"})
    expect(reply).scim_error(400, scim_type="mutability")


@pytest.mark.parametrize("path", ["id", "meta.created", "groups"])
@requirement("RFC7644-3.5.2.2-9", proof=("patch-read-only-ignored", "errors-without-scim-type"))
def test_removing_a_read_only_attribute_is_refused(
    path: str, scim: Scim, calm_user: Made, needs: Needs
) -> None:
    """PATCH `remove` of an attribute that only the server sets fails with 400 `mutability`."""
    needs(path)
    reply = scim.patch(calm_user, {"op": "remove", "path": path})
    expect(reply).scim_error(400, scim_type="mutability")


@requirement("RFC7644-3.5.2.2-10", proof=("member-remove-missing-refused",))
def test_removing_a_stranger_changes_nothing(left: Changed, reading: Reading) -> None:
    """Removing somebody who is no member succeeds, or fails with 400, and changes nobody."""
    change = left["stranger"]
    reading(f"removing a stranger is answered with {change.reply.status}")
    expect(change.reply).status(200, 204, 400)
    expect(change.after).members(change.members())


@requirement("RFC7644-3.5.2.2-12", proof=("member-remove-all-ignored", "member-remove-ignored"))
def test_all_members_are_removed(left: Changed, definitions: Definitions) -> None:
    """A remove of `members` leaves the group without any."""
    may_be_empty(definitions)
    change = left["all"].on("members")
    expect(change.reply).success()
    expect(change.after).status(200).absent("members")


@requirement(
    "RFC7644-3.5.2.2-14", proof=("patch-first-operation-only", "patch-last-operation-only")
)
def test_one_member_makes_room_for_another(left: Changed, staff: Staff) -> None:
    """A remove and an add in one request exchange a member."""
    change = _with(left["swapped"], staff[1])
    expect(change.reply).success()
    expect(change.after).status(200).members(change.members() - {staff[1].id} | {staff[3].id})


@requirement(
    "RFC7644-3.5.2.2-15", proof=("patch-first-operation-only", "patch-last-operation-only")
)
def test_all_members_make_room_for_others(
    left: Changed, staff: Staff, definitions: Definitions
) -> None:
    """A remove of all members and an add in one request leave exactly those added."""
    may_be_empty(definitions)
    change = left["replaced"].on("members")
    expect(change.reply).success()
    expect(change.after).status(200).members({staff[0].id, staff[3].id})


@requirement(
    "RFC7644-3.5.2.2-16",
    proof=(
        "member-remove-overlooks-value",
        "member-remove-removes-all",
    ),
)
def test_a_list_of_members_is_all_that_goes(left: Changed, staff: Staff, reading: Reading) -> None:
    """A remove of `members` with a list takes away those listed at most, or is refused."""
    change = left["listed"].on("members")
    reading(f"a remove of members with a list is answered with {change.reply.status}")
    others = expect(change.after).status(200).holds_value("members", value=staff[1].id)
    others.holds_value("members", value=staff[2].id)


def _with(change: Change, *members: Made) -> Change:
    """Return the change where these were members before it; an earlier change may have failed."""
    if not {each.id for each in members} <= change.members():
        raise Blocked("the group lacks members that it was given", by="RFC7644-3.5.2.2-4")
    return change
