"""RFC 7644 sections 3.5.2.1 and 3.5.2.3 on groups: PATCH of the members in its usual forms."""

from __future__ import annotations

from suites.expect import expect
from suites.groups.naming import Group
from suites.groups.naming import may_be_empty
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.values import values_at
from suites.verbs import Made

Staff = tuple[Made, ...]
NEEDS = ("groups", "patch")


@requirement("RFC7644-3.5.2.1-6", proof=("member-add-one-only",), needs=NEEDS)
def test_two_members_are_added_at_once(lone: Group, staff: Staff) -> None:
    """An add of two members at once adds both, and keeps the others."""
    write = lone.write("two")
    before = {str(each) for each in values_at({**write.before}, "members.value")}
    expect(write.reply).success()
    expect(write.after).status(200).members({*before, staff[2].id, staff[3].id})


@requirement("RFC7643-2.5-2", proof=("member-display-null-refused",), needs=NEEDS)
def test_a_part_of_a_member_may_be_null(lone: Group) -> None:
    """An add of a member whose `display` is null succeeds, as if it had none."""
    expect(lone.write("null part").reply).success()


@requirement("RFC7644-3.5.2.3-1", proof=("members-pathless-replace-refused",), needs=NEEDS)
def test_members_are_replaced_without_a_path(lone: Group, staff: Staff) -> None:
    """A replace without `path` whose value has members leaves exactly those."""
    write = lone.write("pathless")
    expect(write.reply).success()
    expect(write.after).status(200).members({staff[1].id})


@requirement(
    "RFC7644-3.5.2.3-3",
    proof=(
        *("members-replace-empty-ignored", "members-replace-refused"),
        "members-path-replace-refused",
    ),
    needs=NEEDS,
)
def test_members_are_replaced_by_nobody(lone: Group, definitions: Definitions) -> None:
    """A replace of `members` by an empty array leaves none."""
    may_be_empty(definitions)
    write = lone.write("nobody")
    expect(write.reply).success()
    expect(write.after).status(200).members(set())
