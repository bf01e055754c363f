"""RFC 7644 section 3.3: the reply to the creation of a group, and ids that last."""

from __future__ import annotations

from suites.expect import expect
from suites.groups.memberships import Memberships
from suites.groups.naming import Group
from suites.requirements import requirement


@requirement("RFC7644-3.3-8", proof=("group-create-empty-body",), needs=("groups",))
def test_the_reply_shows_the_new_group(belonging: Memberships) -> None:
    """The reply to the creation of a group shows the group."""
    reply = expect(belonging.created)
    reply.has("displayName", belonging.inner.sent["displayName"])


@requirement("RFC7643-3.1-6", proof=("group-create-without-id",), needs=("groups",))
def test_a_new_group_has_an_id(belonging: Memberships) -> None:
    """The reply to the creation of a group has its id."""
    reply = belonging.created
    told = expect(reply)
    if not reply.content:
        told.warn_at_most()  # a reply to a create SHOULD show what was created
    told.filled("id")


@requirement("RFC7643-3.1-8", proof=("group-create-id-differs",), needs=("groups",))
def test_a_group_is_read_by_its_id(belonging: Memberships) -> None:
    """A group can be read by the id that the reply to its creation gave."""
    expect(belonging.reads["inner"]).status(200).has("id", belonging.inner.id)


@requirement("RFC7643-3.1-22", proof=("group-create-refuses-external-id",), needs=("groups",))
def test_a_group_may_have_an_external_id(lone: Group) -> None:
    """A group is created with an externalId of the client's."""
    lone.plain()
    expect(lone.creates["external"]).warn_at_most().success()
