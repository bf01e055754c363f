"""What Okta sends about pushed groups: create, members, name, link, delete."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.model import Stopped
from idp_profiles.wire import Part
from idp_profiles.wire import equals
from idp_profiles.wire import member
from idp_profiles.wire import segment

from .console import GROUP_CREATE
from .console import GROUP_DELETE
from .console import GROUP_LOOKUP
from .console import GROUP_MEMBERS
from .console import GROUP_UPDATE
from .console import Text
from .exchange import body_of
from .exchange import patiently
from .facts import LIMITS
from .names import AIW
from .names import GROUP
from .names import PATCH_OP
from .org import Org
from .org import PushedGroup
from .org import key_of
from .steps import step


class Groups:
    """The verbs about groups; all state lives in the org.

    Sent are only members who are assigned to the app and active.
    """

    def __init__(self, org: Org) -> None:
        self._org = org
        self._put_template = org.dialect == AIW

    def push(self, group: Group) -> Script:
        """Create the group in the app, or take the one of that name, and send its members."""
        mapping = self._org.pushed_group(group)
        if mapping is not None:
            mapping.group = replace(mapping.group, members=group.members)
            yield from self.push_all(mapping)
            return
        scenario = "push-group-create-put" if self._put_template else "push-group-create-patch"
        at_once = self._org.toggles["push_memberships_immediately"]
        members = group.members if at_once else ()
        found = yield from self._look_up(group, scenario)
        if found is None:
            group_id = yield from self._create(group, members, scenario)
        else:
            group_id = str(member(found, "id"))
        mapping = self._mapped(group, group_id)
        if self._put_template:
            yield from self._put(mapping, group.name, members, scenario)
            return
        if self._org.switches["name_patch"] != "never":
            yield from self._name(mapping, group.name, scenario, "send the group's name")
        yield from self._add(mapping, members, scenario, "add members")

    def adopt(self, group: Group) -> Script:
        """Look the group up and map it to what is found, with the members that the app has."""
        scenario = "push-group-create-put" if self._put_template else "push-group-create-patch"
        found = yield from self._look_up(group, scenario)
        if found is None:
            because = f"the app has no group {group.name!r}; push the group first"
            raise Stopped(because=because, console="")
        present = [self._org.owner(*one) for one in _displays(found).items()]
        others = [person for person in present if person not in group.members]
        self._mapped(replace(group, members=(*group.members, *others)), str(member(found, "id")))

    def change_members(
        self, mapping: PushedGroup, added: Sequence[Person], removed: Sequence[Person]
    ) -> Script:
        """Send who came and who left: removals first, then one addition, in chunks."""
        group = mapping.group
        gone = {key_of(person) for person in (*removed, *added)}
        stay = [person for person in group.members if key_of(person) not in gone]
        mapping.group = replace(group, members=(*stay, *added))
        if not mapping.push:
            return
        if self._put_template:
            yield from self._put(mapping, group.name, mapping.group.members, "group-change-put")
            return
        if self._org.switches["name_patch"] == "every-change":
            yield from self._name(
                mapping, group.name, "group-members-change-patch", "send the group's name"
            )
        yield from self._send_changes(mapping, added, removed)

    def push_all(self, mapping: PushedGroup) -> Script:
        """Send the complete list of members (Push Now), also when it is empty."""
        members = mapping.group.members
        if self._put_template:
            yield from self._put(mapping, mapping.group.name, members, "group-change-put")
            return
        listed = self._members(members)
        operation: dict[str, Json] = {"op": "replace", "path": "members", "value": listed}
        if self._org.switches["full_replace"] == "pathless":
            # The two reports of this form show members without display.
            bare: list[Json] = [{"value": user_id} for _, user_id in self._pushable(members)]
            operation = {"op": "replace", "value": {"members": bare}}
        yield from self._patch(
            mapping,
            [operation],
            "group-members-replace-patch",
            "replace members",
            GROUP_MEMBERS,
        )

    def rename(self, mapping: PushedGroup, name: str) -> Script:
        """Send the group's new name."""
        if mapping.push and self._org.toggles["rename_app_groups"]:
            if self._put_template:
                yield from self._put(mapping, name, mapping.group.members, "group-change-put")
            else:
                yield from self._name(mapping, name, "group-rename-patch", "rename the group")
        mapping.group = replace(mapping.group, name=name)

    def link(self, group: Group, group_id: str, current: Sequence[Json]) -> Script:
        """Link an existing group of the app: its members stay, Okta's are added."""
        mapping = self._mapped(group, group_id)
        scenario = "group-link-existing"
        rename = self._org.toggles["rename_app_groups"]
        if self._put_template:
            yield from self._put(
                mapping,
                group.name if rename else None,
                group.members,
                "group-link-existing-put",
                keep=current,
            )
            return
        if rename:
            yield from self._name(mapping, group.name, scenario, "send the group's name")
        yield from self._add(mapping, group.members, scenario, "add members")

    def delete(self, mapping: PushedGroup) -> Script:
        """Delete the group in the app; its people stay."""
        org = self._org
        needed = step("group-delete", "delete the group")
        request = org.request("DELETE", f"/Groups/{segment(mapping.group_id)}", needed)
        yield from patiently(request, org.complaint(GROUP_DELETE, group=mapping.group.name))

    # -- the requests

    def _look_up(self, group: Group, scenario: str) -> Part[dict[str, Json] | None]:
        org = self._org
        if org.switches["group_lookup"] == "off":
            return None
        count = LIMITS["page_size"].value
        wanted = equals("displayName", group.name)
        target = org.listing("/Groups", {"filter": wanted, "startIndex": 1, "count": count})
        request = org.request("GET", target, step(scenario, "look up the group"))
        complaint = org.complaint(GROUP_LOOKUP, group=group.name)
        reply = yield from patiently(request, complaint)
        body = body_of(request, reply, complaint)
        found = member(body, "Resources")
        if not found and not member(body, "totalResults"):
            return None
        first = found[0] if isinstance(found, list) and found else None
        if isinstance(first, dict) and isinstance(member(first, "id"), str) and member(first, "id"):
            # What Okta does here is not documented; it keeps the id, as it does with people.
            return first
        raise complaint.refused(reply, "the lookup names a match but no resource with an id")

    def _create(self, group: Group, members: Sequence[Person], scenario: str) -> Part[str]:
        org = self._org
        full = org.switches["members_in_post"] == "full"
        listed = self._members(members if full else ())
        body: dict[str, Json] = {"schemas": [GROUP], "displayName": group.name, "members": listed}
        request = org.request("POST", "/Groups", step(scenario, "create the group"), body)
        complaint = org.complaint(GROUP_CREATE, group=group.name)
        reply = yield from patiently(request, complaint)
        created = member(body_of(request, reply, complaint), "id")
        if not isinstance(created, str) or not created:
            raise complaint.refused(reply, f"the new group's id is {created!r}")
        return created

    def _put(
        self,
        mapping: PushedGroup,
        name: str | None,
        members: Sequence[Person],
        scenario: str,
        keep: Sequence[Json] = (),
    ) -> Script:
        """GET the group, then PUT it whole; `name` None keeps the app's name."""
        org = self._org
        target = f"/Groups/{segment(mapping.group_id)}"
        complaint = org.complaint(GROUP_UPDATE, group=mapping.group.name)
        read = org.request("GET", target, step(scenario, "read the group"))
        reply = yield from patiently(read, complaint)
        current = body_of(read, reply, complaint)
        own = self._members(members, shown=_displays(current))
        body: dict[str, Json] = {
            "schemas": [GROUP],
            "id": mapping.group_id,
            "displayName": name if name is not None else member(current, "displayName"),
            "members": [*_others(keep, own), *own],
        }
        put = org.request("PUT", target, step(scenario, "replace the group"), body)
        reply = yield from patiently(put, complaint)
        body_of(put, reply, complaint)

    def _name(self, mapping: PushedGroup, name: str, scenario: str, said: str) -> Script:
        # The id inside the value repeats the resource's own.
        value: dict[str, Json] = {"id": mapping.group_id, "displayName": name}
        operation: dict[str, Json] = {"op": "replace", "value": value}
        yield from self._patch(mapping, [operation], scenario, said, GROUP_UPDATE)

    def _add(
        self, mapping: PushedGroup, members: Sequence[Person], scenario: str, said: str
    ) -> Script:
        for chunk in self._chunks(self._members(members)):
            operation: dict[str, Json] = {"op": "add", "path": "members", "value": chunk}
            yield from self._patch(mapping, [operation], scenario, said, GROUP_MEMBERS)

    def _send_changes(
        self, mapping: PushedGroup, added: Sequence[Person], removed: Sequence[Person]
    ) -> Script:
        leavers: list[Json] = [
            {"op": "remove", "path": f"members[{equals('value', user_id)}]"}
            for user_id in self._ids(removed)
        ]
        changes = [*leavers, *self._members(added)]
        large = len(changes) > self._chunk_size()
        scenario = "group-members-large" if large else "group-members-change-patch"
        said = "add members" if large else "change members"
        for chunk in self._chunks(changes):
            operations = [change for change in chunk if _is_operation(change)]
            newcomers = [change for change in chunk if not _is_operation(change)]
            if newcomers:
                operations.append({"op": "add", "path": "members", "value": newcomers})
            yield from self._patch(mapping, operations, scenario, said, GROUP_MEMBERS)

    def _patch(
        self, mapping: PushedGroup, operations: list[Json], scenario: str, said: str, text: Text
    ) -> Script:
        org = self._org
        body: dict[str, Json] = {"schemas": [PATCH_OP], "Operations": operations}
        target = f"/Groups/{segment(mapping.group_id)}"
        request: Request = org.request("PATCH", target, step(scenario, said), body)
        complaint = org.complaint(text, group=mapping.group.name)
        reply = yield from patiently(request, complaint)
        if reply.body.strip():
            body_of(request, reply, complaint)

    # -- members

    def _pushable(self, people: Iterable[Person]) -> list[tuple[Person, str]]:
        return self._org.pushable(people)

    def _ids(self, people: Iterable[Person]) -> list[str]:
        """Return the ids of those who have an account, active or not: leavers may be inactive."""
        links = (self._org.link(person) for person in people)
        return [link.user_id for link in links if link is not None]

    def _members(
        self, people: Iterable[Person], shown: dict[str, Json] | None = None
    ) -> list[Json]:
        """Return members as value and display; `shown` holds what the app displays for some."""
        known = shown or {}
        return [
            {"value": user_id, "display": known.get(user_id, person.user_name)}
            for person, user_id in self._pushable(people)
        ]

    def _chunk_size(self) -> int:
        return int(self._org.switches["member_chunk"])

    def _chunks(self, changes: list[Json]) -> Iterator[list[Json]]:
        size = self._chunk_size()
        for start in range(0, len(changes), size):
            yield changes[start : start + size]

    def _mapped(self, group: Group, group_id: str) -> PushedGroup:
        mapping = PushedGroup(group, group_id)
        self._org.groups[group.idp_id or group.name] = mapping
        return mapping


def _is_operation(change: Json) -> bool:
    return isinstance(change, dict) and "op" in change


def _displays(group: dict[str, Json]) -> dict[str, Json]:
    """Return what the app shows for each member: null where it gave no display."""
    members = member(group, "members")
    listed = members if isinstance(members, list) else []
    return {
        str(member(item, "value")): member(item, "display")
        for item in listed
        if isinstance(item, dict) and member(item, "value") is not None
    }


def _others(keep: Sequence[Json], own: list[Json]) -> list[Json]:
    """Return the members to keep that are not among Okta's own."""
    ours = {item["value"] for item in own if isinstance(item, dict)}
    return [item for item in keep if isinstance(item, dict) and item.get("value") not in ours]
