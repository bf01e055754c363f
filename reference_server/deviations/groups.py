"""Deviations of groups: creating, naming, replacing and deleting them."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import CORE_GROUP
from .documents import Document
from .documents import ascii_only
from .documents import change_strings
from .documents import drop
from .documents import objects
from .documents import parse
from .documents import put
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import answer_json
from .shaping import ask
from .shaping import change_replies
from .shaping import edit_replies
from .shaping import edit_requests
from .shaping import empty
from .shaping import error
from .shaping import instead
from .shaping import on
from .shaping import refuse
from .shaping import resource_path
from .shaping import stored
from .shaping import values_of
from .shaping import with_header
from .shaping import with_status
from .writes import any_operation
from .writes import edit_against
from .writes import give
from .writes import given
from .writes import gives
from .writes import operations
from .writes import pathless
from .writes import refuse_against
from .writes import renames

_CREATE = on("POST", "Groups", one=False)
_PUT = on("PUT", "Groups", one=True)
_DELETE = on("DELETE", "Groups", one=True)
_GET = on("GET", "Groups", one=True)
_NAME = on("POST PUT PATCH", "Groups", body=gives("displayName"))
_RENAME = on("PUT PATCH", "Groups", one=True, body=gives("displayName"))


@deviation("group-create-501", area="groups")
def group_create_501(handle: Handler) -> Handler:
    """Answer 501 when a group is created."""
    return refuse(handle, _CREATE, 501, "Groups cannot be created.")


@deviation("group-create-refuses-members", area="groups")
def group_create_refuses_members(handle: Handler) -> Handler:
    """Refuse a new group with members with 400."""
    when = on("POST", "Groups", body=lambda group: value_of(group, "members"))
    return refuse(handle, when, 400, "A new group has no members.", "invalidValue")


@deviation("group-create-ignores-members", area="groups")
def group_create_ignores_members(handle: Handler) -> Handler:
    """Lose the members of a new group."""
    return edit_requests(handle, _CREATE, lambda group: drop(group, "members"))


@deviation("group-create-answers-200", area="groups")
def group_create_answers_200(handle: Handler) -> Handler:
    """Answer 200 in place of 201 when a group is created."""
    return change_replies(handle, _CREATE, lambda reply: with_status(reply, 200))


@deviation("group-create-empty-body", area="groups")
def group_create_empty_body(handle: Handler) -> Handler:
    """Answer 201 without a body when a group is created."""
    return change_replies(handle, _CREATE, lambda reply: empty(reply, 201))


@deviation("group-create-without-id", area="groups")
def group_create_without_id(handle: Handler) -> Handler:
    """Leave the id out of the reply when a group is created."""
    return edit_replies(handle, _CREATE, lambda group: drop(group, "id"))


@deviation("group-create-id-differs", area="groups")
def group_create_id_differs(handle: Handler) -> Handler:
    """Answer with an id that leads nowhere when a group is created."""
    return edit_replies(handle, _CREATE, lambda group: group.update(id=f"new-{group.get('id')}"))


@deviation("group-create-refuses-external-id", area="groups")
def group_create_refuses_external_id(handle: Handler) -> Handler:
    """Refuse a new group with an externalId with 400."""
    when = on("POST", "Groups", body=gives("externalId"))
    return refuse(handle, when, 400, "An externalId cannot be set.", "invalidValue")


@deviation("empty-group-refused", area="groups")
def empty_group_refused(handle: Handler) -> Handler:
    """Refuse a POST or PUT of a group without members with 400."""
    when = on("POST PUT", "Groups", body=lambda group: not value_of(group, "members"))
    return refuse(handle, when, 400, "A group needs a member.", "invalidValue")


@deviation("group-patch-501", area="groups")
def group_patch_501(handle: Handler) -> Handler:
    """Answer 501 to PATCH on a group."""
    return refuse(handle, on("PATCH", "Groups"), 501, "Groups cannot be patched.")


@deviation("group-put-501", area="groups")
def group_put_501(handle: Handler) -> Handler:
    """Answer 501 to PUT on a group."""
    return refuse(handle, _PUT, 501, "Groups cannot be replaced.")


@deviation("group-put-answers-204", area="groups")
def group_put_answers_204(handle: Handler) -> Handler:
    """Answer 204 without a body to PUT on a group."""
    return change_replies(handle, _PUT, lambda reply: empty(reply, 204))


@deviation("group-put-refuses-id", area="groups")
def group_put_refuses_id(handle: Handler) -> Handler:
    """Refuse a PUT on a group with 400 if the body holds the id."""
    when = on("PUT", "Groups", body=gives("id"))
    return refuse(handle, when, 400, "The attribute id is read-only.", "mutability")


@deviation("group-put-requires-id", area="groups")
def group_put_requires_id(handle: Handler) -> Handler:
    """Refuse a PUT on a group with 400 if the body lacks the id."""
    when = on("PUT", "Groups", body=lambda group: not text_of(group, "id"))
    return refuse(handle, when, 400, "The id is required.", "invalidValue")


@deviation("group-put-refuses-own-representation", area="groups")
def group_put_refuses_own_representation(handle: Handler) -> Handler:
    """Refuse a PUT on a group with 400 if the body holds `meta`, as the replies do."""
    when = on("PUT", "Groups", body=gives("meta"))
    return refuse(handle, when, 400, "The attribute meta is read-only.", "mutability")


@deviation("group-id-in-value-refused", area="groups")
def group_id_in_value_refused(handle: Handler) -> Handler:
    """Refuse a PATCH on a group with 400 if a value without a path holds the id."""

    def holds_id(operation: Document) -> bool:
        return pathless(operation) and gives("id")(operation)

    when = on("PATCH", "Groups", body=any_operation(holds_id))
    return refuse(handle, when, 400, "The attribute id is read-only.", "mutability")


@deviation("group-rename-ignored", area="groups")
def group_rename_ignored(handle: Handler) -> Handler:
    """Answer the renaming of a group as if done, and keep the name."""
    return edit_against(
        handle,
        _RENAME,
        lambda write, before: give(write, "displayName", before.get("displayName")),
    )


@deviation("group-rename-refused", area="groups")
def group_rename_refused(handle: Handler) -> Handler:
    """Refuse to rename a group, with 400."""
    return refuse_against(handle, _RENAME, _renamed, 400, "A group keeps its name.", "mutability")


@deviation("group-rename-drops-members", area="groups")
def group_rename_drops_members(handle: Handler) -> Handler:
    """Lose the members of a group that is renamed."""

    def lose(write: Document, before: Document) -> None:
        if not _renamed(write, before):
            return
        if operations(write):
            first: Document = {"op": "replace", "path": "members", "value": []}
            put(write, "Operations", [first, *operations(write)])
        else:
            put(write, "members", [])

    return edit_against(handle, _RENAME, lose)


@deviation("group-rename-creates-another", area="groups")
def group_rename_creates_another(handle: Handler) -> Handler:
    """Create another group in place of renaming one."""

    def wrapped(request: Request) -> Response:
        write = parse(request.body) if _RENAME(request) else None
        before = stored(handle, request) if write is not None else {}
        if write is None or not before or not _renamed(write, before):
            return handle(request)
        body: Document = {
            "schemas": [CORE_GROUP],
            "displayName": given(write, "displayName")[-1],
            "members": before.get("members"),
        }
        return with_status(ask(handle, request, "POST", "/Groups", body=body), 200)

    return wrapped


@deviation("group-delete-refused", area="groups")
def group_delete_refused(handle: Handler) -> Handler:
    """Answer 405 when a group is deleted."""
    refusal = with_header(error(405, "Groups cannot be deleted."), "Allow", "GET, PUT, PATCH")
    return instead(handle, _DELETE, lambda _request: refusal)


@deviation("group-delete-ignored", area="groups")
def group_delete_ignored(handle: Handler) -> Handler:
    """Answer the deletion of a group with 204, and keep the group."""

    def unchanged(request: Request) -> Response:
        return Response(204) if stored(handle, request) else handle(request)

    return instead(handle, _DELETE, unchanged)


@deviation("group-delete-answers-200", area="groups")
def group_delete_answers_200(handle: Handler) -> Handler:
    """Answer the deletion of a group with 200 and an empty object."""
    return change_replies(handle, _DELETE, lambda _reply: answer_json(200, {}))


@deviation("group-delete-deletes-users", area="groups")
def group_delete_deletes_users(handle: Handler) -> Handler:
    """Delete the members of a group that is deleted."""

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if _DELETE(request) else {}
        reply = handle(request)
        if reply.status == 204:
            for identifier in values_of(before.get("members")):
                ask(handle, request, "DELETE", resource_path("Users", identifier))
        return reply

    return wrapped


@deviation("group-get-hides-members", area="groups")
def group_get_hides_members(handle: Handler) -> Handler:
    """Leave the members out of a group that is read by id."""
    return edit_replies(handle, _GET, lambda group: drop(group, "members"))


@deviation("group-get-null-members", area="groups")
def group_get_null_members(handle: Handler) -> Handler:
    """Show the members of a group that is read by id as null."""
    return edit_replies(handle, _GET, lambda group: group.update(members=None))


@deviation("group-get-caps-members", area="groups")
def group_get_caps_members(handle: Handler) -> Handler:
    """Show only the first fifty members of a group that is read by id."""

    def cap(group: Document) -> None:
        if "members" in group:
            group["members"] = [*objects(group["members"])[:50]]

    return edit_replies(handle, _GET, cap)


@deviation("group-get-404", area="groups")
def group_get_404(handle: Handler) -> Handler:
    """Answer 404 when a group is read by id."""
    return refuse(handle, _GET, 404, "There is no such group.")


@deviation("group-name-ascii", area="groups")
def group_name_ascii(handle: Handler) -> Handler:
    """Turn each letter outside ASCII in a group's name into a question mark."""
    return edit_requests(handle, _NAME, lambda write: _rewrite(write, ascii_only))


@deviation("group-name-truncated", area="groups")
def group_name_truncated(handle: Handler) -> Handler:
    """Cut a group's name after twenty characters."""
    return edit_requests(handle, _NAME, lambda write: _rewrite(write, lambda name: name[:20]))


def _rewrite(write: Document, change: Callable[[str], str]) -> None:
    for value in given(write, "displayName"):
        give(write, "displayName", change_strings(value, change))


def _renamed(write: Document, before: Document) -> bool:
    return renames(write, before, "displayName")
