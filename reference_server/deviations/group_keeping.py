"""Deviations of what a server keeps of a group: its externalId, its members, its name when gone."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import CORE_GROUP
from .documents import Document
from .documents import drop
from .documents import parse
from .documents import put
from .documents import text_of
from .documents import value_of
from .queries import parameter
from .registry import deviation
from .shaping import edit_requests
from .shaping import on
from .shaping import refuse
from .shaping import stored
from .writes import edit_against
from .writes import gives
from .writes import operations
from .writes import path
from .writes import skip_operations

_CREATE = on("POST", "Groups", one=False)
_DELETE = on("DELETE", "Groups", one=True)
_PATCH = on("PATCH", "Groups", one=True)
_FILTERED = on("GET", "Groups", one=False, filtered=True)


@deviation("group-external-id-lost", area="groups")
def group_external_id_lost(handle: Handler) -> Handler:
    """Keep no externalId of groups."""
    whole = on("POST PUT", "Groups")
    without = edit_requests(handle, whole, lambda group: drop(group, "externalId"))
    return skip_operations(without, _PATCH, gives("externalId"))


@deviation("group-deleted-name-taken", area="groups")
def group_deleted_name_taken(handle: Handler) -> Handler:
    """Refuse a new group with the displayName of one that was deleted, with 409."""
    gone: set[str] = set()

    def remembering(request: Request) -> Response:
        before = stored(handle, request) if _DELETE(request) else {}
        reply = handle(request)
        if before and reply.status == 204:
            gone.add(text_of(before, "displayName").lower())
        return reply

    def taken(group: Document) -> bool:
        return text_of(group, "displayName").lower() in gone

    when = on("POST", "Groups", one=False, body=taken)
    return refuse(remembering, when, 409, "The displayName is taken.", "uniqueness")


@deviation("group-schemas-foreign-refused", area="groups")
def group_schemas_foreign_refused(handle: Handler) -> Handler:
    """Refuse a new group with 400 if its schemas list a URI beside the core one."""

    def foreign(request: Request) -> bool:
        listed = value_of(parse(request.body) or {}, "schemas") if _CREATE(request) else None
        return isinstance(listed, list) and any(each != CORE_GROUP for each in listed)

    return refuse(handle, foreign, 400, "There is no such schema.", "invalidValue")


@deviation("group-patch-drops-members", area="groups")
def group_patch_drops_members(handle: Handler) -> Handler:
    """Lose the members of a group when a PATCH sets other attributes alone."""

    def lose(write: Document, _before: Document) -> None:
        listed = operations(write)
        if not any(gives("members")(each) or path(each).startswith("members") for each in listed):
            first: Document = {"op": "replace", "path": "members", "value": []}
            put(write, "Operations", [first, *listed])

    return edit_against(handle, _PATCH, lose)


@deviation("group-filter-by-member-refused", area="searches")
def group_filter_by_member_refused(handle: Handler) -> Handler:
    """Refuse a filter on the members of groups with 400 invalidFilter."""

    def by_member(request: Request) -> bool:
        return _FILTERED(request) and "members" in (parameter(request, "filter") or "").lower()

    return refuse(handle, by_member, 400, "The filter is not supported.", "invalidFilter")
