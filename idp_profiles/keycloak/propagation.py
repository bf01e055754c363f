"""What the extension sends when something changes: POST once, then PUT or PATCH, then DELETE."""

from __future__ import annotations

from idp_profiles.model import Json
from idp_profiles.model import Script

from .console import Complaint
from .mappings import replaced
from .mappings import source_person
from .names import GROUP
from .names import USER
from .org import Account
from .org import Org
from .org import Team
from .org import created
from .org import send
from .steps import step


class Propagation:
    """The requests; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org

    # -- users

    def create_user(self, account: Account) -> Script:
        """Create the account; a user who has a link already sends nothing."""
        if account.remote_id or not account.counts:
            return
        complaint = Complaint(account.person.user_name)
        needed = step("user-create", "create the user")
        request = self._org.request("POST", "/Users", needed, self._user(account))
        shown = ("userName", "displayName", "active")
        account.remote_id = yield from created(request, complaint, shown)

    def user(self, account: Account) -> Script:
        """Send the user, if there is a link."""
        if not account.counts:
            return
        complaint = Complaint(account.person.user_name)
        if not account.remote_id:
            raise complaint.unmapped()
        needed, method, body = step("user-update", "send the user"), "PUT", self._user(account)
        if self._org.switches["user_update"] == "patch":
            active = "true" if account.enabled else "false"
            names = [(name, body.get(name)) for name in ("userName", "displayName")]
            method, body = "PATCH", replaced([("active", active), *names])
        yield from send(self._org.request(method, account.target, needed, body), complaint)

    def delete_user(self, account: Account) -> Script:
        """Delete the account; the link goes in any case."""
        if not account.remote_id or not account.counts:
            return
        needed = step("user-delete", "delete the user")
        request = self._org.request("DELETE", account.target, needed)
        account.remote_id = ""
        yield from send(request, Complaint(account.person.user_name))

    # -- groups

    def create_group(self, team: Team) -> Script:
        """Create the group; one that has a link already sends nothing."""
        if team.remote_id:
            return
        needed = step("group-create", "create the group")
        request = self._org.request("POST", "/Groups", needed, self._group(team))
        team.remote_id = yield from created(request, Complaint(team.name), ("displayName",))

    def group(self, team: Team) -> Script:
        """Send the group, if there is a link."""
        complaint = Complaint(team.name)
        if not team.remote_id:
            raise complaint.unmapped()
        needed, method, body = step("group-update", "send the group"), "PUT", self._group(team)
        if self._org.switches["group_update"] == "patch":
            names: list[tuple[str, Json]] = [
                ("displayName", team.name),
                ("externalId", team.local_id),
            ]
            method, body = "PATCH", replaced([("members", body.get("members")), *names])
        yield from send(self._org.request(method, team.target, needed, body), complaint)

    def delete_group(self, team: Team) -> Script:
        """Delete the group; the link goes in any case."""
        if not team.remote_id:
            return
        request = self._org.request("DELETE", team.target, step("group-delete", "delete the group"))
        team.remote_id = ""
        yield from send(request, Complaint(team.name))

    # -- bodies

    def _user(self, account: Account) -> dict[str, Json]:
        person = source_person(account.person, remote_id=account.remote_id, active=account.enabled)
        mapped = self._org.mapping.body(person, "update")
        return {"schemas": [USER], "externalId": account.person.idp_id, **mapped}

    def _group(self, team: Team) -> dict[str, Json]:
        body: dict[str, Json] = {"schemas": [GROUP]}
        if team.remote_id:
            body["id"] = team.remote_id
        members: list[Json] = [self._member(one.remote_id) for one in team.members if one.remote_id]
        body |= {"externalId": team.local_id, "displayName": team.name}
        return {**body, "members": members} if members else body

    def _member(self, user_id: str) -> Json:
        switches, ref = self._org.switches, f"Users/{user_id}"
        if switches["members"] == "ref":
            return {"value": user_id, "$ref": ref}
        typed: dict[str, Json] = {"value": user_id, "type": "User"}
        return typed if switches["group_update"] == "patch" else {**typed, "$ref": ref}
