"""Clockify through its public API; what its web application alone can do, on a simulation only."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote
from urllib.parse import urlencode

from idp_profiles.model import Json
from suites.client import Seen
from suites.evidence import Entry
from suites.products.api import ProductApi
from suites.products.probe import Member
from suites.products.probe import Probe
from suites.products.probe import Shown
from suites.products.probe import Team
from suites.products.probe import by_hand
from suites.values import items
from suites.values import value_at
from suites.verdicts import Blocked

PAGE = 200  # people or groups that one request asks for
USUAL_PAGE = 50  # and what the documents say that it gives unasked
MOST_PAGES = 300  # a list that is longer does not look at the number of the page
_SIMULATION = "/simulation/v1"
_MANAGERS = ("OWNER", "WORKSPACE_ADMIN")


class ClockifyProbe(Probe):
    """One workspace, seen with one member's key."""

    def __init__(self, api: ProductApi, workspace: str, simulated: bool) -> None:
        self._api = api
        self._workspace = workspace
        self._simulated = simulated

    # -- what it shows

    def users(self) -> Shown[tuple[Member, ...]]:
        """Return everybody in the workspace, the inactive included."""
        return self._members({})

    def member(self, email: str) -> Shown[Member | None]:
        """Return the member with an e-mail address, None when there is nobody."""
        seen = self._members({"email": email})  # whose address contains it
        found = (each for each in seen.value if each.email.lower() == email.lower())
        return Shown(next(found, None), seen.entry)

    def groups(self) -> Shown[tuple[Team, ...]]:
        """Return every group."""
        found, entry = self._pages("/user-groups", {})
        return Shown(tuple(map(_team, found)), entry)

    def has_access(self) -> Shown[bool]:
        """Tell whether the member of this key gets in anywhere: at the account or the workspace."""
        seen = self._api.send("GET", "/v1/user")
        if seen.status != 200:
            seen = self._send("GET", "/user-groups?page-size=1")
        return Shown(seen.status == 200, seen.entry)

    def limited(self) -> Shown[frozenset[str]]:
        """Return the ids of the limited users, whom the list of everybody leaves out."""
        seen = self._members({"account-statuses": "LIMITED"})
        return Shown(frozenset(each.id for each in seen.value), seen.entry)

    def managers(self) -> Shown[frozenset[str]]:
        """Return the ids of owners and admins."""
        wanted: Json = {"roles": [*_MANAGERS], "page": 1, "pageSize": PAGE}
        seen = self._send("POST", "/users/info", wanted)
        return Shown(frozenset(str(value_at(each, "id")) for each in _list_of(seen)), seen.entry)

    # -- what a member does about themselves

    def me(self) -> Shown[str]:
        """Return the id of the member of this key."""
        seen = self._api.send("GET", "/v1/user")
        found = value_at(seen.object(), "id") if seen.status == 200 else None
        if not isinstance(found, str):
            raise Blocked(f"GET /v1/user answered {seen.status}", entry=seen.entry)
        return Shown(found, seen.entry)

    def rename_self(self, name: str) -> Seen:
        """Change the own name on one's profile."""
        return self.rename_user(self.me().value, name)

    def leave(self) -> Seen:
        """Leave the workspace."""
        return self._web("POST", "/leave") or super().leave()

    def set_time_zone(self, zone: str) -> Seen:
        """Choose another time zone."""
        if not self._simulated:
            return super().set_time_zone(zone)
        return self._api.at_origin("PUT", f"{_SIMULATION}/user/settings", {"timeZone": zone})

    def join(self, email: str) -> Seen:
        """Join the workspace as somebody new, without an invitation."""
        return self._web("POST", "/join", {"email": email}) or super().join(email)

    # -- what those do who run the workspace

    def add_user(self, email: str) -> Seen:
        """Add somebody to the workspace, without a mail."""
        return self._send("POST", "/users?send-email=false", {"email": email})

    def set_status(self, user_id: str, status: str) -> Seen:
        """Activate or deactivate somebody."""
        return self._send("PUT", f"/users/{_part(user_id)}", {"status": status})

    def rename_user(self, user_id: str, name: str) -> Seen:
        """Give a member another name."""
        return self._send("PATCH", f"/member-profile/{_part(user_id)}", {"name": name})

    def remove_user(self, user_id: str) -> Seen:
        """Remove somebody from the workspace."""
        return self._send("DELETE", f"/users/{_part(user_id)}")

    def set_type(self, user_id: str, kind: str) -> Seen:
        """Make a limited user a regular one, or the other way round."""
        path = f"/users/{_part(user_id)}/type"
        return self._web("PUT", path, {"type": kind}) or super().set_type(user_id, kind)

    def set_role(self, user_id: str, role: str) -> Seen:
        """Give somebody another role."""
        path = f"/users/{_part(user_id)}/role"
        return self._web("PUT", path, {"role": role}) or super().set_role(user_id, role)

    def invitations(self) -> Shown[tuple[str, ...]]:
        """Return the ids of the open invitations."""
        seen = self._web("GET", "/invitations")
        if seen is None:
            return super().invitations()
        listed = seen.json()
        return Shown(tuple(str(value_at(each, "id")) for each in items(listed)), seen.entry)

    def revoke_invitation(self, invitation: str) -> Seen:
        """Take an invitation back."""
        path = f"/invitations/{_part(invitation)}"
        return self._web("DELETE", path) or super().revoke_invitation(invitation)

    def create_group(self, name: str) -> Seen:
        """Make a group."""
        return self._send("POST", "/user-groups", {"name": name})

    def rename_group(self, group_id: str, name: str) -> Seen:
        """Give a group another name."""
        return self._send("PUT", f"/user-groups/{_part(group_id)}", {"name": name})

    def delete_group(self, group_id: str) -> Seen:
        """Delete a group."""
        return self._send("DELETE", f"/user-groups/{_part(group_id)}")

    def add_to_group(self, group_id: str, user_id: str) -> Seen:
        """Put somebody into a group."""
        return self._send("POST", f"/user-groups/{_part(group_id)}/users", {"userId": user_id})

    def take_from_group(self, group_id: str, user_id: str) -> Seen:
        """Take somebody out of a group."""
        return self._send("DELETE", f"/user-groups/{_part(group_id)}/users/{_part(user_id)}")

    # -- SCIM itself

    def switch_on(self) -> Seen:
        """Switch SCIM on; the reply has the base URL and the token."""
        return self._settings("POST", "/scim") or super().switch_on()

    def scim_state(self) -> Seen:
        """Look at the settings of SCIM."""
        return self._web("GET", "/scim") or super().switch_on()

    def rotate(self) -> Seen:
        """Ask for another token; the old one is over."""
        return self._settings("POST", "/scim/token") or super().rotate()

    def set_plan(self, plan: str) -> Seen:
        """Change the plan of the workspace."""
        seen = self._settings("PUT", "/plan", {"plan": plan})
        if seen is None:
            raise by_hand(f"an owner changes the plan, to {plan} say, and tries to switch SCIM on")
        return seen

    def invite(self, email: str) -> Seen:
        """Invite somebody."""
        seen = self._web("POST", "/invitations", {"email": email})
        if seen is None:
            raise by_hand(f"invite {email} on the team page")
        return seen

    def switch_off(self) -> Seen:
        """Switch SCIM off."""
        return self._settings("DELETE", "/scim") or super().switch_off()

    def key_of(self, user_id: str) -> str:
        """Return the key of another member, for a look with their eyes."""
        seen = self._web("GET", f"/users/{_part(user_id)}/key")
        if seen is None:
            return super().key_of(user_id)
        key = value_at(seen.json(), "key")
        if not isinstance(key, str) or not key:
            raise Blocked(f"no key of the user {user_id} is handed out", entry=seen.entry)
        return key

    # -- inside

    def _send(self, method: str, path: str, body: Json = None) -> Seen:
        return self._api.send(method, f"/v1/workspaces/{_part(self._workspace)}{path}", body)

    def _web(self, method: str, path: str, body: Json = None) -> Seen | None:
        """Do what only the web application offers; None where it is no simulation of ours."""
        if not self._simulated:
            return None
        place = f"{_SIMULATION}/workspaces/{_part(self._workspace)}{path}"
        return self._api.at_origin(method, place, body)

    def _settings(self, method: str, path: str, body: Json = None) -> Seen | None:
        """Change what SCIM rests on; None in a workspace that is not the case's own."""
        return None if self._api.shared else self._web(method, path, body)

    def _members(self, narrowed: dict[str, str]) -> Shown[tuple[Member, ...]]:
        query = {**narrowed, "status": "ALL", "memberships": "WORKSPACE", "include-roles": "false"}
        found, entry = self._pages("/users", query)
        return Shown(tuple(_member(each, self._workspace) for each in found), entry)

    def _pages(self, path: str, query: dict[str, str]) -> tuple[list[Json], Entry]:
        """Return everything of a list, page by page, and the last exchange."""
        found: list[Json] = []
        full = USUAL_PAGE
        for number in range(1, MOST_PAGES + 1):
            asked = urlencode({**query, "page": number, "page-size": PAGE})
            seen = self._send("GET", f"{path}?{asked}")
            page = _list_of(seen)
            found += page
            # It may give fewer than it was asked for: the first page shows how many.
            full = max(full, len(page))
            if len(page) < full or not page:
                return found, seen.entry
        raise Blocked(f"GET {path} has no end after {MOST_PAGES} pages", entry=seen.entry)


def _list_of(seen: Seen) -> list[Json]:
    """Return the list that a reply is; raises Blocked for anything else."""
    try:
        body = seen.json() if seen.status == 200 else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, list):
        place = seen.entry.target.partition("?")[0]
        raise Blocked(f"GET {place} answered {seen.status} without a list", entry=seen.entry)
    return body


def _member(user: Json, workspace: str) -> Member:
    return Member(
        id=str(value_at(user, "id")),
        name=str(value_at(user, "name")),
        email=str(value_at(user, "email")),
        status=next(_statuses(user, workspace), str(value_at(user, "status"))),
        time_zone=str(value_at(user, "settings.timeZone") or ""),
    )


def _statuses(user: Json, workspace: str) -> Iterator[str]:
    """Yield the status of the membership in the workspace."""
    for each in items(value_at(user, "memberships")):
        here = value_at(each, "targetId") in (workspace, None)
        if here and value_at(each, "membershipType") == "WORKSPACE":
            yield str(value_at(each, "membershipStatus"))


def _team(group: Json) -> Team:
    return Team(
        id=str(value_at(group, "id")),
        name=str(value_at(group, "name")),
        people=frozenset(map(str, items(value_at(group, "userIds")))),
    )


def _part(text: str) -> str:
    return quote(text, safe="")
