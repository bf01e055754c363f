"""What authentik sends about groups: create, PATCH or PUT, compare, one operation per member."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from idp_profiles.model import Json
from idp_profiles.model import Script
from idp_profiles.model import Stopped
from idp_profiles.wire import Part
from idp_profiles.wire import query

from .config import configuration
from .console import Complaint
from .console import Exists
from .console import Missing
from .console import Refused
from .exchange import brings_news
from .exchange import send
from .names import AWS
from .names import GROUP
from .names import PATCH_OP
from .org import Org
from .org import Team
from .service_config import ServiceConfig
from .steps import step
from .users import checked_id
from .users import first_of


class Groups:
    """The requests about groups; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def write(self, team: Team) -> Script:
        """Create the group, or update it; one that is gone is created again."""
        complaint = Complaint(team.name)
        config = yield from configuration(self._org, complaint)
        if team.group_id:
            try:
                yield from self._update(team, complaint, config)
                return
            except Missing:
                team.group_id = ""
        yield from self._create(team, complaint, config)

    def delete(self, team: Team) -> Script:
        """Delete the group, if there is one; one that is gone already is no error."""
        complaint = Complaint(team.name)
        yield from configuration(self._org, complaint)
        if not team.group_id:
            return
        needed = step("group-delete", "delete the group")
        request = self._org.request("DELETE", team.target, needed)
        team.group_id = ""
        try:
            yield from send(request, complaint)
        except Missing:
            return

    def move(self, team: Team, op: str, user_ids: list[str]) -> Script:
        """Add or remove members: by PATCH, or by writing the whole group."""
        complaint = Complaint(team.name)
        config = yield from configuration(self._org, complaint)
        if not team.group_id:
            return
        operations = [_member(op, user_id) for user_id in user_ids]
        if config.patch:
            yield from self._patch(team, operations, _moving(op), complaint)
            return
        try:
            yield from self.write(team)
        except Refused:
            if not config.fallback:
                raise
            yield from self._patch(team, operations, _moving(op), complaint)

    # -- inside

    def _payload(self, team: Team, config: ServiceConfig) -> dict[str, Json]:
        body: dict[str, Json] = {"id": team.group_id} if team.group_id else {}
        body["displayName"] = team.name
        members: list[Json] = [{"value": user_id} for user_id in team.member_ids]
        if members and not config.patch:
            body["members"] = members
        return {**body, "schemas": [GROUP], "externalId": team.pk}

    def _create(self, team: Team, complaint: Complaint, config: ServiceConfig) -> Script:
        needed = step("group-create", "create the group")
        request = self._org.request("POST", "/Groups", needed, self._payload(team, config))
        try:
            created = yield from send(request, complaint)
        except Exists as exists:
            if not config.filter:
                raise
            created = yield from self._look_up(team, complaint, exists)
        team.group_id, team.known = checked_id(created, complaint), created
        # Even where the POST held the members and the server has no PATCH.
        operations = [_member("add", user_id) for user_id in team.member_ids]
        yield from self._patch(team, operations, "add the members", complaint)

    def _look_up(self, team: Team, complaint: Complaint, exists: Stopped) -> Part[dict[str, Json]]:
        wanted = query({"filter": f'displayName eq "{team.name}"'}, plus_for_blanks=True)
        needed = step("group-create-conflict", "look up the group")
        request = self._org.request("GET", f"/Groups?{wanted}", needed)
        listed = yield from send(request, complaint)
        return first_of(listed, exists)

    def _update(self, team: Team, complaint: Complaint, config: ServiceConfig) -> Script:
        body = self._payload(team, config)
        if brings_news(team.known, body):
            if config.patch:
                yield from self._replace_by_patch(team, body, complaint)
            else:
                yield from self._put(team, body, complaint)
        yield from self._compare(team, complaint)

    def _put(self, team: Team, body: dict[str, Json], complaint: Complaint) -> Script:
        needed = step("group-update-put", "replace the group")
        try:
            yield from send(self._org.request("PUT", team.target, needed, body), complaint)
        except (Refused, Exists):
            yield from self._replace_by_patch(team, body, complaint)

    def _replace_by_patch(self, team: Team, body: dict[str, Json], complaint: Complaint) -> Script:
        org = self._org
        if org.dialect == AWS:
            operations: list[Json] = [
                {"op": "replace", "path": path, "value": body[path]}
                for path in ("displayName", "externalId")
            ]
            name = "replace name and external id"
            yield from self._patch(team, operations, name, complaint, "group-update-put")
            return
        patch: dict[str, Json] = {"Operations": [{"op": "replace", "value": body}]}
        # What was not set is not dumped, and `schemas` has a default.
        if org.switches["patch_schemas"] == "sent":
            patch["schemas"] = [PATCH_OP]
        needed = step("group-update", "change the group")
        yield from send(org.request("PATCH", team.target, needed, patch), complaint)

    def _compare(self, team: Team, complaint: Complaint) -> Script:
        needed = step("group-update", "read the group")
        shown = yield from send(self._org.request("GET", team.target, needed), complaint)
        current, wanted = shown.get("members"), team.member_ids
        there = [str(one.get("value")) for one in _objects(current)]
        # A group that is shown without members gets none: nothing is known then.
        added = [] if current is None else [user_id for user_id in wanted if user_id not in there]
        operations = [_member("add", user_id) for user_id in added]
        operations += [_member("remove", user_id) for user_id in there if user_id not in wanted]
        yield from self._patch(team, operations, "mend the members", complaint, "group-compare")

    def _patch(
        self,
        team: Team,
        operations: list[Json],
        name: str,
        complaint: Complaint,
        scenario: str = "",
    ) -> Script:
        org = self._org
        chunk = org.config.chunk if org.config else 0
        needed = step(scenario or _SCENARIOS[name], name)
        rest = iter(operations)
        while part := list(islice(rest, chunk if chunk >= 1 else None)):
            body: dict[str, Json] = {"Operations": part, "schemas": [PATCH_OP]}
            yield from send(org.request("PATCH", team.target, needed, body), complaint)


_SCENARIOS = {
    "add the members": "group-create",
    "add the member": "group-member-add",
    "remove the member": "group-member-remove",
}


def _moving(op: str) -> str:
    return "add the member" if op == "add" else "remove the member"


def _member(op: str, user_id: str) -> Json:
    # Removing has the same form: the path has no filter.
    return {"op": op, "path": "members", "value": [{"value": user_id}]}


def _objects(value: Json) -> Iterable[dict[str, Json]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
