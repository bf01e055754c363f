"""RFC 7644 section 3.5.1 on groups: a PUT that names one member in the place of another."""

from __future__ import annotations

from suites.expect import expect
from suites.groups.memberships import Memberships
from suites.requirements import requirement
from suites.values import values_at
from suites.verbs import Made
from suites.verdicts import Blocked


@requirement("RFC7644-3.5.1-4", proof=("group-put-compares-sizes",), needs=("groups",))
def test_one_member_takes_the_place_of_another(
    belonging: Memberships, staff: tuple[Made, ...]
) -> None:
    """A PUT of a group with another member, and as many as before, exchanges the members."""
    before = values_at(belonging.reads["inner after user"].object(), "members.value")
    if belonging.ann.id not in before:
        raise Blocked("the group lacks the member", by="RFC7643-4.2-5")
    expect(belonging.replies["left"]).success()
    expect(belonging.reads["inner left"]).status(200).members({staff[0].id})
