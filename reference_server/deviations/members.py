"""Deviations of memberships: adding, removing and replacing the members of a group."""

from __future__ import annotations

from collections import defaultdict

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import edit_each
from .documents import has
from .documents import objects
from .documents import parse
from .documents import put
from .registry import deviation
from .shaping import ask
from .shaping import edit_requests
from .shaping import edit_resources
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import resource_path
from .shaping import stored
from .shaping import values_of
from .writes import added
from .writes import adds_members
from .writes import after_change
from .writes import any_operation
from .writes import edit_against
from .writes import edit_operations
from .writes import members
from .writes import path
from .writes import pathless
from .writes import refuse_against
from .writes import removed
from .writes import removes_members
from .writes import replaces_members
from .writes import skip_operations
from .writes import slots

_PATCH = on("PATCH", "Groups", one=True)
_PUT = on("PUT", "Groups", one=True)
_ANY = on("GET POST PUT PATCH", "Groups")
_WRITE = "POST PUT PATCH"
_MANY = 50


@deviation("members-duplicated", area="members")
def members_duplicated(handle: Handler) -> Handler:
    """List a member twice who is added while there already."""
    twice: defaultdict[str, set[str]] = defaultdict(set)

    def show(group: Document) -> None:
        shown = objects(group.get("members"))
        again = [each for each in shown if each.get("value") in twice[str(group.get("id"))]]
        if again:
            group["members"] = [*shown, *again]

    def wrapped(request: Request) -> Response:
        if _PATCH(request):
            present = set(values_of(stored(handle, request).get("members")))
            repeated = present.intersection(added(parse(request.body) or {}))
            kept = twice[place(request).id] & present
            twice[place(request).id] = kept | repeated
        return handle(request)

    return edit_resources(wrapped, _ANY, show)


@deviation("member-add-replaces", area="members")
def member_add_replaces(handle: Handler) -> Handler:
    """Drop the other members when members are added."""

    def replace(operation: Document) -> None:
        if adds_members(operation):
            put(operation, "op", "replace")

    return edit_requests(handle, _PATCH, edit_operations(replace))


@deviation("member-add-ignored", area="members")
def member_add_ignored(handle: Handler) -> Handler:
    """Answer the adding of members as if done, and add nobody."""
    return skip_operations(handle, _PATCH, adds_members)


@deviation("member-add-refuses-existing", area="members")
def member_add_refuses_existing(handle: Handler) -> Handler:
    """Refuse to add a member who is there already, with 409."""

    def present(write: Document, before: Document) -> bool:
        return not set(added(write)).isdisjoint(values_of(before.get("members")))

    return refuse_against(handle, _PATCH, present, 409, "A member is there already.", "uniqueness")


@deviation("member-add-one-only", area="members")
def member_add_one_only(handle: Handler) -> Handler:
    """Add only the first of several members that are added at once."""

    def first(operation: Document) -> None:
        if adds_members(operation):
            _cut(operation, 1)

    return edit_requests(handle, _PATCH, edit_operations(first))


@deviation("member-remove-removes-all", area="members")
def member_remove_removes_all(handle: Handler) -> Handler:
    """Remove all members when one is removed."""

    def remove(operation: Document) -> None:
        if removes_members(operation):
            put(operation, "path", "members")
            drop(operation, "value")

    return edit_requests(handle, _PATCH, edit_operations(remove))


@deviation("member-remove-ignored", area="members")
def member_remove_ignored(handle: Handler) -> Handler:
    """Answer the removal of members as if done, and keep them."""
    return skip_operations(handle, _PATCH, removes_members)


@deviation("member-remove-path-refused", area="members")
def member_remove_path_refused(handle: Handler) -> Handler:
    """Refuse a path such as `members[value eq "id"]` with 400."""
    when = on("PATCH", "Groups", body=any_operation(lambda each: path(each).startswith("members[")))
    return refuse(handle, when, 400, "The path is not supported.", "invalidPath")


@deviation("member-remove-missing-refused", area="members")
def member_remove_missing_refused(handle: Handler) -> Handler:
    """Refuse to remove somebody who is no member, with 404."""

    def absent(write: Document, before: Document) -> bool:
        return not set(removed(write)).issubset(values_of(before.get("members")))

    return refuse_against(handle, _PATCH, absent, 404, "There is no such member.")


@deviation("member-remove-deletes-user", area="members")
def member_remove_deletes_user(handle: Handler) -> Handler:
    """Delete a user who is removed from a group."""

    def delete(request: Request, _before: Document, _after: Document) -> None:
        for identifier in removed(parse(request.body) or {}):
            ask(handle, request, "DELETE", resource_path("Users", identifier))

    return after_change(handle, _PATCH, delete)


@deviation("group-put-deletes-leavers", area="members")
def group_put_deletes_leavers(handle: Handler) -> Handler:
    """Delete a user whom a PUT leaves out of a group."""

    def delete(request: Request, before: Document, after: Document) -> None:
        stay = values_of(after.get("members"))
        for identifier in values_of(before.get("members")):
            if identifier not in stay:
                ask(handle, request, "DELETE", resource_path("Users", identifier))

    return after_change(handle, _PUT, delete)


@deviation("members-without-display", area="members")
def members_without_display(handle: Handler) -> Handler:
    """Leave `display` out of the members of a group."""
    return edit_resources(
        handle,
        _ANY,
        lambda group: edit_each(objects(group.get("members")), lambda one: drop(one, "display")),
    )


@deviation("members-replace-appends", area="members")
def members_replace_appends(handle: Handler) -> Handler:
    """Keep the old members beside the new when PATCH replaces them."""

    def append(operation: Document) -> None:
        if replaces_members(operation):
            put(operation, "op", "add")

    return edit_requests(handle, _PATCH, edit_operations(append))


@deviation("members-replace-ignored", area="members")
def members_replace_ignored(handle: Handler) -> Handler:
    """Answer a PATCH that replaces the members as if done, and keep them."""
    return skip_operations(handle, _PATCH, replaces_members)


@deviation("members-replace-refused", area="members")
def members_replace_refused(handle: Handler) -> Handler:
    """Answer 501 to a PATCH that replaces the members."""
    when = on("PATCH", "Groups", body=any_operation(replaces_members))
    return refuse(handle, when, 501, "Members cannot be replaced.")


@deviation("members-replace-empty-ignored", area="members")
def members_replace_empty_ignored(handle: Handler) -> Handler:
    """Answer a PATCH that replaces the members by none as if done, and keep them."""

    def emptied(operation: Document) -> bool:
        return replaces_members(operation) and not members(operation)

    return skip_operations(handle, _PATCH, emptied)


@deviation("members-pathless-replace-refused", area="members")
def members_pathless_replace_refused(handle: Handler) -> Handler:
    """Refuse to replace members in a value without a path, with 400."""

    def meant(operation: Document) -> bool:
        return replaces_members(operation) and pathless(operation)

    when = on("PATCH", "Groups", body=any_operation(meant))
    return refuse(handle, when, 400, "A path is needed.", "invalidPath")


@deviation("members-path-replace-refused", area="members")
def members_path_replace_refused(handle: Handler) -> Handler:
    """Refuse to replace members with the path `members`, with 400."""

    def meant(operation: Document) -> bool:
        return replaces_members(operation) and not pathless(operation)

    when = on("PATCH", "Groups", body=any_operation(meant))
    return refuse(handle, when, 400, "The path is not supported.", "invalidPath")


@deviation("member-display-refused", area="members")
def member_display_refused(handle: Handler) -> Handler:
    """Refuse a member with `display` with 400."""
    when = on(
        _WRITE, "Groups", body=lambda write: any(has(one, "display") for one in members(write))
    )
    return refuse(handle, when, 400, "The attribute display is read-only.", "mutability")


@deviation("member-display-null-refused", area="members")
def member_display_null_refused(handle: Handler) -> Handler:
    """Refuse a member whose `display` is null with 400."""

    def null(write: Document) -> bool:
        return any(member.get("display", "") is None for member in members(write))

    when = on(_WRITE, "Groups", body=null)
    return refuse(handle, when, 400, "The attribute display is null.", "invalidValue")


@deviation("member-type-required", area="members")
def member_type_required(handle: Handler) -> Handler:
    """Refuse a member without `type` with 400."""
    when = on(
        _WRITE, "Groups", body=lambda write: any(not has(one, "type") for one in members(write))
    )
    return refuse(handle, when, 400, "A member needs a type.", "invalidValue")


@deviation("member-type-refused", area="members")
def member_type_refused(handle: Handler) -> Handler:
    """Refuse a member with `type` with 400."""
    when = on(_WRITE, "Groups", body=lambda write: any(has(one, "type") for one in members(write)))
    return refuse(handle, when, 400, "A member has no type.", "invalidValue")


@deviation("members-without-value", area="members")
def members_without_value(handle: Handler) -> Handler:
    """Leave `value` out of the members of a group."""
    return edit_resources(
        handle,
        _ANY,
        lambda group: edit_each(
            objects(group.get("members")), lambda member: drop(member, "value")
        ),
    )


@deviation("members-as-bare-ids", area="members")
def members_as_bare_ids(handle: Handler) -> Handler:
    """Show the members of a group as strings in place of objects."""

    def bare(group: Document) -> None:
        if "members" in group:
            group["members"] = [*values_of(group["members"])]

    return edit_resources(handle, _ANY, bare)


@deviation("user-groups-empty", area="members")
def user_groups_empty(handle: Handler) -> Handler:
    """Leave out of users the groups that they are members of."""
    when = on("GET POST PUT PATCH", "Users")
    return edit_resources(handle, when, lambda user: drop(user, "groups"))


@deviation("large-add-truncated", area="members")
def large_add_truncated(handle: Handler) -> Handler:
    """Take only the first fifty members in one request."""
    when = on(_WRITE, "Groups")
    return edit_requests(handle, when, lambda write: _cut(write, _MANY))


@deviation("large-patch-413", area="members")
def large_patch_413(handle: Handler) -> Handler:
    """Refuse a PATCH with more than fifty members with 413."""

    def large(write: Document) -> bool:
        return len(members(write)) + len(removed(write)) > _MANY

    when = on("PATCH", "Groups", body=large)
    return refuse(handle, when, 413, "There are too many members in one request.")


@deviation("group-put-keeps-old-members", area="members")
def group_put_keeps_old_members(handle: Handler) -> Handler:
    """Keep the old members beside the new when PUT replaces a group."""

    def keep(group: Document, before: Document) -> None:
        new = members(group)
        named = values_of([*new])
        old = [one for one in objects(before.get("members")) if one.get("value") not in named]
        put(group, "members", [*new, *old])

    return edit_against(handle, _PUT, keep)


@deviation("group-put-ignores-members", area="members")
def group_put_ignores_members(handle: Handler) -> Handler:
    """Keep the members as they were when PUT replaces a group."""
    return edit_against(
        handle, _PUT, lambda group, before: put(group, "members", before.get("members"))
    )


def _cut(write: Document, size: int) -> None:
    """Shorten the member lists of a write to so many members in all."""
    for holder, key in slots(write, "members"):
        kept: list[Json] = [*objects(holder[key])[:size]]
        size -= len(kept)
        holder[key] = kept
