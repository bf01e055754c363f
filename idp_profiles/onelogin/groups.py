"""What OneLogin sends about groups: read them, make missing ones, move members one by one."""

from __future__ import annotations

from collections.abc import Iterable

from idp_profiles.asking import ask
from idp_profiles.asking import object_of
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Script
from idp_profiles.one_by_one import one_by_one
from idp_profiles.wire import equals
from idp_profiles.wire import member
from idp_profiles.wire import query

from .console import GROUP
from .console import GROUPS
from .console import MEMBERSHIP
from .console import Complaint
from .names import GROUP as GROUP_URN
from .names import PATCH_OP
from .org import Account
from .org import Org
from .steps import step


class Groups:
    """The verbs about groups; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def read(self) -> Script:
        """Refresh Entitlements: read the groups of the app."""
        target, read, ids = "/Groups", 0, set[str]()
        while True:
            request = self._org.request("GET", target, step("group-read", "read the groups"))
            complaint = Complaint(GROUPS)
            reply = yield from ask(request, complaint)
            body = object_of(request, reply, complaint)
            found, total = member(body, "Resources"), member(body, "totalResults")
            groups = found if isinstance(found, list) else []
            new = self._noted(groups) - ids
            ids |= new
            read += len(groups)
            if not new or not isinstance(total, int) or read >= total:
                return
            # Inferred: where the app says that there are more, OneLogin asks for them.
            target = f"/Groups?{query({'startIndex': str(read + 1)})}"

    def make(self, group: Group) -> Script:
        """Create a group that the app does not have."""
        if group.name in self._org.group_ids:
            return
        body: dict[str, Json] = {"schemas": [GROUP_URN], "displayName": group.name}
        needed = step("group-create", "create the group")
        request = self._org.request("POST", "/Groups", needed, body)
        complaint = Complaint(GROUP, group.name)
        reply = yield from ask(request, complaint)
        created = member(object_of(request, reply, complaint), "id")
        if created in (None, ""):
            raise complaint.refused(reply, "the reply to POST /Groups has no id")
        self._org.group_ids[group.name] = str(created)

    def add(self, account: Account, groups: Iterable[Group]) -> Script:
        """Put a user into groups: one PATCH per group, and one refused stops no other."""
        value: list[Json] = [{"value": account.user_id}]
        operation: dict[str, Json] = {"op": "add", "path": "members", "value": value}
        return one_by_one(
            self._patch(account, group, "group-member-add", "add the member", operation)
            for group in groups
        )

    def remove(self, account: Account, groups: Iterable[Group], form: str) -> Script:
        """Take a user out of groups, in the form of a list or of a filter."""
        value: list[Json] = [{"value": account.user_id}]
        scenario = "group-member-remove"
        operation: dict[str, Json] = {"op": "remove", "path": "members", "value": value}
        if form == "filter":
            scenario = "group-member-remove-filter"
            operation = {"op": "remove", "path": f"members[{equals('value', account.user_id)}]"}
        return one_by_one(
            self._patch(account, group, scenario, "remove the member", operation)
            for group in groups
        )

    def _noted(self, groups: list[Json]) -> set[str]:
        ids = set[str]()
        for group in groups:
            if isinstance(group, dict) and member(group, "id"):
                name, group_id = member(group, "displayName"), str(member(group, "id"))
                self._org.group_ids[str(name)] = group_id
                ids.add(group_id)
        return ids

    def _patch(
        self, account: Account, group: Group, scenario: str, name: str, operation: dict[str, Json]
    ) -> Script:
        if not account.user_id:
            return
        org = self._org
        body: dict[str, Json] = {"schemas": [PATCH_OP], "Operations": [operation]}
        target = org.group(org.group_id(group))
        request = org.request("PATCH", target, step(scenario, name), body)
        yield from ask(request, Complaint(MEMBERSHIP, account.person.user_name))
