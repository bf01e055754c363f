"""Shapes: how the public interface shows people, groups and the workspace.

The names and types are those of the public reference. Where that leaves open how a value looks
(`features` of a workspace, `workingDays` of a profile: lists that it describes as one word), the
optional field is left out. An enumeration such as an account's status is a word on the wire, as
the reference's own examples show it.
"""

from __future__ import annotations

from collections.abc import Iterable

from reference_server.messages import Json

from .workspace import Group
from .workspace import Member
from .workspace import Status
from .workspace import Workspace

_WEEK_START = "MONDAY"


def account_status(member: Member) -> str:
    """Return the status of somebody's account, which is not that of their membership."""
    if member.status is Status.PENDING:
        return "NOT_REGISTERED"
    return "LIMITED" if member.limited else "ACTIVE"


def user(workspace: Workspace, member: Member, kinds: Iterable[str] = ()) -> dict[str, Json]:
    """Return somebody with their memberships of some kinds."""
    return {
        "id": member.id,
        "email": member.email,
        "name": member.name,
        "memberships": [*memberships(workspace, member, kinds)],
        "profilePicture": "",
        "activeWorkspace": workspace.id,
        "defaultWorkspace": workspace.id,
        "settings": _settings(member),
        "status": account_status(member),
        "customFields": [],
    }


def _settings(member: Member) -> dict[str, Json]:
    return {
        "weekStart": member.profile.get("weekStart", _WEEK_START),
        "timeZone": member.time_zone,
        "timeFormat": "HOUR24",
        "dateFormat": "DD/MM/YYYY",
        "lang": "en",
        "theme": "DEFAULT",
        "multiFactorEnabled": False,
        "summaryReportSettings": {"group": "PROJECT", "subgroup": "CLIENT"},
    }


def memberships(
    workspace: Workspace, member: Member, kinds: Iterable[str]
) -> Iterable[dict[str, Json]]:
    """Yield the memberships of somebody, of the kinds that are asked for."""
    wanted = set(kinds)
    if wanted & {"ALL", "WORKSPACE"}:
        yield _membership(member, "WORKSPACE", workspace.id, member.status)
    if wanted & {"ALL", "USERGROUP"}:
        for group in workspace.groups_of(member.id):
            yield _membership(member, "USERGROUP", group.id, Status.ACTIVE)


def _membership(member: Member, kind: str, target: str, status: Status) -> dict[str, Json]:
    return {
        "userId": member.id,
        "targetId": target,
        "membershipType": kind,
        "membershipStatus": status.value,
    }


def group(workspace: Workspace, shown: Group, *, with_managers: bool = False) -> dict[str, Json]:
    """Return a group with the ids of its members."""
    result: dict[str, Json] = {
        "id": shown.id,
        "name": shown.name,
        "workspaceId": workspace.id,
        "userIds": [*shown.members],
    }
    if with_managers:
        result["teamManagers"] = []
    return result


def whole(workspace: Workspace, viewer: Member) -> dict[str, Json]:
    """Return the workspace; whoever manages it sees everybody's membership, others their own."""
    seen = workspace.members.values() if viewer.manages else (viewer,)
    rate: Json = {"amount": 0, "currency": "USD"}
    return {
        "id": workspace.id,
        "name": workspace.name,
        "imageUrl": "",
        "hourlyRate": rate,
        "costRate": rate,
        "currencies": [{"id": workspace.id, "code": "USD", "isDefault": True}],
        "featureSubscriptionType": workspace.plan,
        "memberships": [m for each in seen for m in memberships(workspace, each, ("WORKSPACE",))],
        "subdomain": {"enabled": False, "name": ""},
        "workspaceSettings": {"multiFactorEnabled": False, "timeTrackingMode": "DEFAULT"},
    }


def profile(member: Member) -> dict[str, Json]:
    """Return the profile of a member."""
    return {
        "name": member.name,
        "email": member.email,
        "imageUrl": member.profile.get("imageUrl", ""),
        "hasPassword": not member.limited,
        "hasPendingApprovalRequest": False,
        "userCustomFieldValues": [],
        "weekStart": member.profile.get("weekStart", _WEEK_START),
        "workCapacity": member.profile.get("workCapacity", "PT8H"),
        "workspaceNumber": 1,
    }
