"""RFC 7644 section 3.6 on groups: what is left of a group when a member is deleted."""

from __future__ import annotations

from suites.expect import expect
from suites.groups.memberships import Memberships
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import values_at
from suites.verbs import deletable


@requirement("RFC7644-3.6-9", proof=("delete-of-member-refused", "delete-takes-groups-along"))
def test_a_group_outlives_its_members(belonging: Memberships, reading: Reading) -> None:
    """A user who is a member can be deleted, and the group keeps its other members."""
    belonging.is_in("inner")
    expect(deletable(belonging.replies["user deleted"])).success()
    seen = belonging.reads["inner after user"]
    left = values_at(seen.object(), "members.value")
    # The texts do not say whether a deleted user goes on being shown (section 2.3.7 of RFC 7643).
    reading(f"a deleted user is {'still' if belonging.ben.id in left else 'no'} member of a group")
    expect(seen).status(200).has("id", belonging.inner.id)
