"""The public interface: people, groups and the workspace, for whoever has an API key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from reference_server.messages import Json
from reference_server.messages import Response
from reference_server.products.routes import Call
from reference_server.products.routes import Refused
from reference_server.products.routes import Routes
from reference_server.products.routes import json_reply

from . import group_page
from . import listing
from . import shapes
from . import team
from .service import DENIED
from .service import Clockify
from .workspace import Member
from .workspace import Status

PATH = "/api"

_Answer: TypeAlias = Callable[[Clockify, Member, Call], Response]

_PROFILE_TEXTS = ("imageUrl", "weekStart", "workCapacity")


def _me(clockify: Clockify, member: Member, call: Call) -> Response:
    kinds = ("ALL",) if listing.flag(call.query, "include-memberships") else ()
    return json_reply(200, shapes.user(clockify.workspace, member, kinds))


def _workspaces(clockify: Clockify, member: Member, call: Call) -> Response:
    roles = listing.roles_of(call.query)
    found: list[Json] = [shapes.whole(clockify.workspace, member)]
    return json_reply(200, found if not roles or member.role in roles else [])


def _workspace(clockify: Clockify, member: Member, call: Call) -> Response:
    return json_reply(200, shapes.whole(clockify.workspace, member))


def _profile(clockify: Clockify, member: Member, call: Call) -> Response:
    shown = team.found(clockify, call.parts["userId"])
    if shown.id != member.id:
        team.expect_manager(member)
    return json_reply(200, shapes.profile(shown))


def _change_profile(clockify: Clockify, member: Member, call: Call) -> Response:
    shown = team.found(clockify, call.parts["userId"])
    if shown.id != member.id:
        team.expect_manager(member)
    if "name" in call.body:
        team.rename(clockify, member, shown, call.text("name"))
    for name in _PROFILE_TEXTS:
        if name in call.body:
            shown.profile[name] = call.text(name)
    return json_reply(200, shapes.profile(shown))


def _users(clockify: Clockify, member: Member, call: Call) -> Response:
    return _found_users(clockify, member, listing.user_query(call.query))


def _search_users(clockify: Clockify, member: Member, call: Call) -> Response:
    return _found_users(clockify, member, listing.user_query_of_body(call.body))


def _found_users(clockify: Clockify, member: Member, query: listing.UserQuery) -> Response:
    team.expect_manager(member)
    workspace, kinds = clockify.workspace, (query.memberships,)
    found = query.found(workspace)
    return json_reply(200, [shapes.user(workspace, each, kinds) for each in found])


def _add_user(clockify: Clockify, member: Member, call: Call) -> Response:
    team.invite(clockify, member, call.text("email"))
    return json_reply(200, shapes.whole(clockify.workspace, member))


def _set_status(clockify: Clockify, member: Member, call: Call) -> Response:
    status = call.text("status")
    if status not in (Status.ACTIVE, Status.INACTIVE):
        raise Refused(400, "status: expected ACTIVE or INACTIVE.", DENIED)
    shown = team.found(clockify, call.parts["userId"])
    team.set_status(clockify, member, shown, Status(status))
    return json_reply(200, shapes.whole(clockify.workspace, member))


def _remove_user(clockify: Clockify, member: Member, call: Call) -> Response:
    team.remove(clockify, member, team.found(clockify, call.parts["userId"]))
    return json_reply(200, shapes.whole(clockify.workspace, member))


def _groups(clockify: Clockify, member: Member, call: Call) -> Response:
    managers = listing.flag(call.query, "includeTeamManagers")
    workspace = clockify.workspace
    found = listing.found_groups(workspace, call.query)
    shown: list[Json] = [shapes.group(workspace, each, with_managers=managers) for each in found]
    return json_reply(200, shown)


def _create_group(clockify: Clockify, member: Member, call: Call) -> Response:
    group = group_page.create(clockify, member, call.text("name"))
    return json_reply(201, shapes.group(clockify.workspace, group))


def _rename_group(clockify: Clockify, member: Member, call: Call) -> Response:
    group = group_page.group_of(clockify, call.parts["id"])
    group_page.rename(clockify, member, group, call.text("name"))
    return json_reply(200, shapes.group(clockify.workspace, group))


def _delete_group(clockify: Clockify, member: Member, call: Call) -> Response:
    group = group_page.group_of(clockify, call.parts["id"])
    group_page.delete(clockify, member, group)
    return json_reply(200, shapes.group(clockify.workspace, group))


def _put_in(clockify: Clockify, member: Member, call: Call) -> Response:
    group = group_page.group_of(clockify, call.parts["userGroupId"])
    group_page.put_in(clockify, member, group, call.text("userId"))
    return json_reply(200, shapes.group(clockify.workspace, group))


def _take_out(clockify: Clockify, member: Member, call: Call) -> Response:
    group = group_page.group_of(clockify, call.parts["userGroupId"])
    group_page.take_out(clockify, member, group, call.parts["userId"])
    return json_reply(200, shapes.group(clockify.workspace, group))


_ONE = "/v1/workspaces/{workspaceId}"

ROUTES: Routes[_Answer] = Routes(
    {
        "GET /v1/user": _me,
        "GET /v1/workspaces": _workspaces,
        f"GET {_ONE}": _workspace,
        f"GET {_ONE}/member-profile/{{userId}}": _profile,
        f"PATCH {_ONE}/member-profile/{{userId}}": _change_profile,
        f"GET {_ONE}/users": _users,
        f"POST {_ONE}/users": _add_user,
        f"POST {_ONE}/users/info": _search_users,
        f"PUT {_ONE}/users/{{userId}}": _set_status,
        f"DELETE {_ONE}/users/{{userId}}": _remove_user,
        f"GET {_ONE}/user-groups": _groups,
        f"POST {_ONE}/user-groups": _create_group,
        f"PUT {_ONE}/user-groups/{{id}}": _rename_group,
        f"DELETE {_ONE}/user-groups/{{id}}": _delete_group,
        f"POST {_ONE}/user-groups/{{userGroupId}}/users": _put_in,
        f"DELETE {_ONE}/user-groups/{{userGroupId}}/users/{{userId}}": _take_out,
    }
)
