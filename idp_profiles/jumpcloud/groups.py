"""What JumpCloud sends about bound groups: create, members, rename, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from idp_profiles.asking import ask
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.model import Stopped
from idp_profiles.wire import Part
from idp_profiles.wire import equals
from idp_profiles.wire import segment

from .bodies import new_group
from .bodies import patch
from .bodies import whole_group
from .console import GROUP_CREATE
from .console import GROUP_DELETE
from .console import GROUP_UPDATE
from .console import Complaint
from .org import BoundGroup
from .org import Org
from .shapes import first_of
from .shapes import id_of
from .shapes import resource_of
from .steps import step

# Which scenario, step and form of the body each known removal has.
_REMOVALS = {
    "value-list": ("group-member-remove", "remove members"),
    "path-filter": ("group-member-remove-p2", "remove members"),
    "full-put": ("group-put-p3", "replace the group"),
}


class Groups:
    """The verbs about groups; all state lives in the org, and all need group management on."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def push(self, bound: BoundGroup) -> Script:
        """Create the group or take the one of that name over; one without members is not sent."""
        members = self._members(bound.group.members)
        if not self._managed or not members:
            return
        if not bound.group_id:
            found = yield from self._look_up(bound.group.name)
            bound.group_id = id_of(found) if found else (yield from self._create(bound))
        yield from self._add(bound, "group-create", members)

    def adopt(self, bound: BoundGroup) -> Script:
        """Look the group up and take its id, without any change."""
        found = yield from self._look_up(bound.group.name)
        if found is None:
            because = f"the app has no group {bound.group.name!r}; bind the group first"
            raise Stopped(because=because, console="")
        bound.group_id = id_of(found)

    def add(self, bound: BoundGroup, people: Sequence[Person]) -> Script:
        """Send who came into the group; the first members create it."""
        if not bound.group_id:
            yield from self.push(bound)
            return
        members = self._members(people)
        if self._managed and members:
            for _ in range(2 if self._org.switches["member_add"] == "twice" else 1):
                yield from self._add(bound, "group-member-add", members)

    def remove(self, bound: BoundGroup, people: Sequence[Person], form: str) -> Script:
        """Send who left the group, in the form P1, P2 or P3."""
        leavers = self._members(people)
        if not self._managed or not bound.group_id or not leavers:
            return
        if form == "full-put":
            yield from self._replace(bound)
            return
        operations: list[dict[str, Json]] = [
            {"op": "remove", "path": "members", "value": list[Json](leavers)}
        ]
        if form == "path-filter":
            operations = [
                {"op": "remove", "path": f"members[{equals('value', str(one['value']))}]"}
                for one in leavers
            ]
        for operation in operations:
            yield from self._patch(bound, *_REMOVALS[form], operation)

    def rename(self, bound: BoundGroup, name: str) -> Script:
        """Send the group's new name."""
        bound.group = replace(bound.group, name=name)
        if not self._managed or not bound.group_id:
            return
        operation: dict[str, Json] = {"op": "replace", "path": "displayName", "value": name}
        if self._org.switches["rename"] == "pathless":
            value: dict[str, Json] = {"id": bound.group_id, "displayName": name}
            operation = {"op": "replace", "value": value}
        yield from self._patch(bound, "group-rename", "rename the group", operation)

    def delete(self, bound: BoundGroup) -> Script:
        """Delete the group in the app."""
        if not self._managed or not bound.group_id:
            return
        needed = step("group-delete", "delete the group")
        request = self._org.request("DELETE", self._target(bound), needed)
        yield from ask(request, Complaint(GROUP_DELETE, bound.group.name))

    # -- the requests

    @property
    def _managed(self) -> bool:
        return self._org.is_on and self._org.toggles["manage_groups"]

    def _target(self, bound: BoundGroup) -> str:
        return f"/Groups/{segment(bound.group_id)}"

    def _look_up(self, name: str) -> Part[dict[str, Json] | None]:
        target = self._org.listing("/Groups", {"filter": equals("displayName", name)})
        request = self._org.request("GET", target, step("group-create", "look up the group"))
        complaint = Complaint(GROUP_CREATE, name)
        reply = yield from ask(request, complaint)
        return first_of(request, reply, complaint)

    def _create(self, bound: BoundGroup) -> Part[str]:
        group = bound.group
        listed = self._org.switches["members_in_post"] == "listed"
        body = new_group(group.name, self._displayed(group) if listed else [])
        needed = step("group-create", "create the group")
        request = self._org.request("POST", "/Groups", needed, body)
        complaint = Complaint(GROUP_CREATE, group.name)
        reply = yield from ask(request, complaint)
        return id_of(resource_of(request, reply, complaint))

    def _add(self, bound: BoundGroup, scenario: str, members: list[dict[str, Json]]) -> Script:
        operation: dict[str, Json] = {"op": "add", "path": "members", "value": [*members]}
        yield from self._patch(bound, scenario, "add members", operation)

    def _patch(
        self, bound: BoundGroup, scenario: str, name: str, operation: dict[str, Json]
    ) -> Script:
        needed = step(scenario, name)
        request = self._org.request("PATCH", self._target(bound), needed, patch(operation))
        yield from ask(request, Complaint(GROUP_UPDATE, bound.group.name))

    def _replace(self, bound: BoundGroup) -> Script:
        group = bound.group
        shown = self._org.switches["put_display"] == "on"
        members: list[Json] = [*self._members(group.members)]
        body = whole_group(group.name, bound.group_id, self._displayed(group) if shown else members)
        needed = step("group-put-p3", "replace the group")
        request = self._org.request("PUT", self._target(bound), needed, body)
        complaint = Complaint(GROUP_UPDATE, group.name)
        reply = yield from ask(request, complaint)
        resource_of(request, reply, complaint)

    # -- members

    def _members(self, people: Sequence[Person]) -> list[dict[str, Json]]:
        """Return those who have an account, as JumpCloud writes a member."""
        ids = (self._org.account(person).user_id for person in people)
        return [{"value": user_id} for user_id in ids if user_id]

    def _displayed(self, group: Group) -> list[Json]:
        accounts = (self._org.account(person) for person in group.members)
        return [
            {"display": one.person.display_name, "value": one.user_id}
            for one in accounts
            if one.user_id
        ]
