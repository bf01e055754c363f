"""RFC 7643 section 4.2: a group that is a member of a group."""

from __future__ import annotations

from suites.attributes.showing import shows
from suites.groups.memberships import Memberships
from suites.requirements import requirement
from suites.values import items
from suites.values import member
from suites.values import value_at
from suites.verdicts import NotOffered


@requirement("RFC7643-4.2-6", proof=("nested-group-refs-to-users",))
def test_the_reference_of_an_inner_group_leads_there(belonging: Memberships) -> None:
    """`$ref` of a member that is a group is the URI of the group."""
    outer, inner = belonging.around, belonging.inner
    seen = belonging.reads["outer"]
    entries = items(value_at(seen.object(), "members"))
    told = {member(each, "value"): member(each, "$ref") for each in entries}
    found = told.get(inner.id)
    if not isinstance(found, str):
        raise NotOffered(f"{outer.key} shows no $ref of the group that is its member")
    leads = belonging.leads_to(found, inner)
    shows(seen, holds=leads, wanted=f"a URI that ends in {inner.path}", came=found)
