"""The simulated web application: what the real product offers in its web pages only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from reference_server.messages import Json
from reference_server.messages import Response
from reference_server.products.product import SIMULATION_PATH
from reference_server.products.routes import Call
from reference_server.products.routes import Refused
from reference_server.products.routes import Routes
from reference_server.products.routes import json_reply
from reference_server.router import origin

from . import shapes
from . import team
from .service import DENIED
from .service import Clockify
from .service import denied
from .workspace import PLANS
from .workspace import Member
from .workspace import Role
from .workspace import Status

_Answer: TypeAlias = Callable[[Clockify, Member, Call], Response]
_OpenAnswer: TypeAlias = Callable[[Clockify, Call], Response]

_TYPES = {"LIMITED": True, "REGULAR": False}


def _what(clockify: Clockify, call: Call) -> Response:
    return json_reply(
        200,
        {
            "simulation": "clockify",
            "by": "scimproof",
            "note": "A simulation of documented behaviour; the real product was not asked.",
            "workspace": clockify.workspace.id,
        },
    )


def _join(clockify: Clockify, call: Call) -> Response:
    member = team.join(clockify, call.text("email"))
    return json_reply(201, shapes.user(clockify.workspace, member, ("WORKSPACE",)))


def _scim(clockify: Clockify, member: Member, call: Call) -> Response:
    team.expect_manager(member)
    state: dict[str, Json] = {"enabled": clockify.scim_on}
    if clockify.scim_on:
        state["baseUrl"] = clockify.base_url(origin(call.request))
        if not clockify.rules.token_shown_once:
            state["token"] = clockify.tokens[-1]
    return json_reply(200, state)


def _switch_on(clockify: Clockify, member: Member, call: Call) -> Response:
    token = clockify.switch_on(member)
    return json_reply(201, {"baseUrl": clockify.base_url(origin(call.request)), "token": token})


def _switch_off(clockify: Clockify, member: Member, call: Call) -> Response:
    clockify.switch_off(member)
    return json_reply(204, None)


def _rotate(clockify: Clockify, member: Member, call: Call) -> Response:
    return json_reply(200, {"token": clockify.rotate(member)})


def _plan(clockify: Clockify, member: Member, call: Call) -> Response:
    plan = call.text("plan")
    if plan not in PLANS:
        raise Refused(400, f"plan: expected one of {', '.join(PLANS)}.", DENIED)
    clockify.set_plan(member, plan)
    return json_reply(200, {"plan": plan})


def _leave(clockify: Clockify, member: Member, call: Call) -> Response:
    team.leave(clockify, member)
    return json_reply(204, None)


def _invitations(clockify: Clockify, member: Member, call: Call) -> Response:
    team.expect_manager(member)
    people = clockify.workspace.members.values()
    return json_reply(200, [_invitation(each) for each in people if each.status is Status.PENDING])


def _invite(clockify: Clockify, member: Member, call: Call) -> Response:
    invited = team.invite(clockify, member, call.text("email"), by_page=True)
    return json_reply(201, _invitation(invited))


def _revoke(clockify: Clockify, member: Member, call: Call) -> Response:
    team.revoke(clockify, member, call.parts["invitationId"])
    return json_reply(204, None)


def _invitation(member: Member) -> dict[str, Json]:
    """Return an invitation, whose id is the one that the person invited will have."""
    return {"id": member.id, "email": member.email, "status": member.status.value}


def _type(clockify: Clockify, member: Member, call: Call) -> Response:
    kind = call.text("type")
    if kind not in _TYPES:
        raise Refused(400, "type: expected LIMITED or REGULAR.", DENIED)
    shown = team.found(clockify, call.parts["userId"])
    team.set_limited(clockify, member, shown, _TYPES[kind])
    return json_reply(200, {"id": shown.id, "type": kind})


def _role(clockify: Clockify, member: Member, call: Call) -> Response:
    role = call.text("role")
    if role not in tuple(Role):
        raise Refused(400, f"role: expected one of {', '.join(Role)}.", DENIED)
    shown = team.found(clockify, call.parts["userId"])
    team.set_role(clockify, member, shown, Role(role))
    return json_reply(200, {"id": shown.id, "role": role})


def _settings(clockify: Clockify, member: Member, call: Call) -> Response:
    team.set_time_zone(clockify, member, call.text("timeZone"))
    return json_reply(200, {"timeZone": member.time_zone})


def _key(clockify: Clockify, member: Member, call: Call) -> Response:
    if member.role is not Role.OWNER:
        raise denied()
    shown = team.found(clockify, call.parts["userId"])
    return json_reply(200, {"id": shown.id, "key": shown.key})


_ONE = f"{SIMULATION_PATH}/workspaces/{{workspaceId}}"

# Nobody has a key before they have joined.
OPEN: Routes[_OpenAnswer] = Routes({f"GET {SIMULATION_PATH}": _what, f"POST {_ONE}/join": _join})
ROUTES: Routes[_Answer] = Routes(
    {
        f"GET {_ONE}/scim": _scim,
        f"POST {_ONE}/scim": _switch_on,
        f"DELETE {_ONE}/scim": _switch_off,
        f"POST {_ONE}/scim/token": _rotate,
        f"PUT {_ONE}/plan": _plan,
        f"POST {_ONE}/leave": _leave,
        f"GET {_ONE}/invitations": _invitations,
        f"POST {_ONE}/invitations": _invite,
        f"DELETE {_ONE}/invitations/{{invitationId}}": _revoke,
        f"PUT {_ONE}/users/{{userId}}/type": _type,
        f"PUT {_ONE}/users/{{userId}}/role": _role,
        f"GET {_ONE}/users/{{userId}}/key": _key,
        f"PUT {SIMULATION_PATH}/user/settings": _settings,
    }
)
