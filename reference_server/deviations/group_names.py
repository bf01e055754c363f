"""Deviations of groups: schemas and names that are missing, members that are something else."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import CORE_GROUP
from .documents import CORE_USER
from .documents import Document
from .documents import drop
from .documents import has
from .documents import keep_resources
from .documents import objects
from .documents import parse
from .documents import put
from .documents import resources
from .documents import text_of
from .documents import value_of
from .queries import quoted
from .queries import with_parameter
from .registry import deviation
from .shaping import ask
from .shaping import edit_lists
from .shaping import edit_requests
from .shaping import edit_resources
from .shaping import on
from .shaping import place
from .shaping import read
from .shaping import refuse
from .shaping import with_document

_GROUPS = on("GET POST PUT PATCH", "Groups")
_NEW = on("POST", "Groups", one=False)


@deviation("users-of-own-schema", area="users")
def users_of_own_schema(handle: Handler) -> Handler:
    """Call the schema of users by a URN of the server's own in `schemas`."""
    return _renamed_schema(handle, "Users", CORE_USER)


@deviation("groups-of-own-schema", area="groups")
def groups_of_own_schema(handle: Handler) -> Handler:
    """Call the schema of groups by a URN of the server's own in `schemas`."""
    return _renamed_schema(handle, "Groups", CORE_GROUP)


@deviation("schemas-without-users", area="metadata")
def schemas_without_users(handle: Handler) -> Handler:
    """Leave the schema of users out of Schemas."""

    def hide(found: Document) -> None:
        keep_resources(found, lambda each: each.get("id") != CORE_USER)

    return edit_lists(handle, on("GET", "Schemas", one=False), hide)


@deviation("group-name-missing-500", area="groups")
def group_name_missing_500(handle: Handler) -> Handler:
    """Answer 500 to a new group without a displayName."""
    when = on("POST", "Groups", one=False, body=lambda group: not has(group, "displayName"))
    return refuse(handle, when, 500, "Column name cannot be null.")


@deviation("group-name-made-up", area="groups")
def group_name_made_up(handle: Handler) -> Handler:
    """Make up a displayName for a new group without one, though Schemas calls it required."""

    def name(group: Document) -> None:
        if not has(group, "displayName"):
            put(group, "displayName", "New group")

    return edit_requests(handle, _NEW, name)


@deviation("group-names-unique", area="groups")
def group_names_unique(handle: Handler) -> Handler:
    """Refuse a new group with the displayName of another, with 409, as the RFC allows."""

    def taken(request: Request) -> bool:
        name = text_of(parse(request.body) or {}, "displayName") if _NEW(request) else ""
        asked = with_parameter(request, "filter", f"displayName eq {quoted(name)}")
        reply = ask(handle, request, "GET", "/Groups", query=asked.query) if name else None
        return reply is not None and bool(resources(parse(reply.body) or {}))

    return refuse(handle, taken, 409, "There is a group of this name.", "uniqueness")


@deviation("group-put-loses-name", area="groups")
def group_put_loses_name(handle: Handler) -> Handler:
    """Lose the displayName of a group for which a PUT names none."""
    nameless: set[str] = set()

    def wrapped(request: Request) -> Response:
        body = parse(request.body) if on("PUT", "Groups", one=True)(request) else None
        if body is None:
            return handle(request)
        known = place(request).id
        nameless.discard(known)
        if not has(body, "displayName"):
            put(body, "displayName", read(handle, request, "Groups", known).get("displayName"))
            nameless.add(known)
        return handle(with_document(request, body))

    def show(group: Document) -> None:
        if group.get("id") in nameless:
            drop(group, "displayName")

    return edit_resources(wrapped, _GROUPS, show)


@deviation("groups-without-name", area="groups")
def groups_without_name(handle: Handler) -> Handler:
    """Leave the displayName out of groups."""
    return edit_resources(handle, _GROUPS, lambda group: drop(group, "displayName"))


@deviation("members-by-name", area="groups")
def members_by_name(handle: Handler) -> Handler:
    """Give the name of a member as its `value`."""
    return _members(handle, lambda each: {**each, "value": each.get("display")})


@deviation("nested-groups-as-users", area="groups")
def nested_groups_as_users(handle: Handler) -> Handler:
    """Call each member of a group a user, also a group."""
    return _members(handle, lambda each: {**each, "type": "User"})


@deviation("members-all-groups", area="groups")
def members_all_groups(handle: Handler) -> Handler:
    """Call each member of a group a group, also a user."""
    return _members(handle, lambda each: {**each, "type": "Group"})


@deviation("member-without-value-kept", area="groups")
def member_without_value_kept(handle: Handler) -> Handler:
    """Take a new group with a member without `value`, and overlook the member."""

    def forget(group: Document) -> None:
        kept = [each for each in objects(value_of(group, "members")) if has(each, "value")]
        put(group, "members", [*kept])

    return edit_requests(handle, _NEW, forget)


@deviation("deleted-members-stay", area="groups")
def deleted_members_stay(handle: Handler) -> Handler:
    """Go on showing a member that was deleted."""
    gone: set[str] = set()
    shown: dict[str, dict[str, Document]] = {}

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if on("DELETE", "Users Groups", one=True)(request) and reply.status == 204:
            gone.add(place(request).id)
        return reply

    def show(group: Document) -> None:
        known = shown.setdefault(str(group.get("id")), {})
        now: list[Json] = [*objects(group.get("members"))]
        known.update({str(each.get("value")): each for each in objects(now)})
        left = [known[each] for each in gone.intersection(known)]
        if left:
            group["members"] = [*now, *left]

    return edit_resources(wrapped, _GROUPS, show)


def _renamed_schema(handle: Handler, endpoint: str, urn: str) -> Handler:
    own = urn.replace("urn:ietf:params:scim:schemas:core:2.0:", "urn:scimproof:own:")

    def rename(resource: Document) -> None:
        schemas = resource.get("schemas")
        if isinstance(schemas, list):
            resource["schemas"] = [own if each == urn else each for each in schemas]

    return edit_resources(handle, on("GET POST PUT PATCH", endpoint), rename)


def _members(handle: Handler, form: Callable[[Document], Document]) -> Handler:
    def change(group: Document) -> None:
        if "members" in group:
            group["members"] = [form(each) for each in objects(group["members"])]

    return edit_resources(handle, _GROUPS, change)
