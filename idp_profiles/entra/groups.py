"""What Entra sends about groups: match, create, members, rename, delete."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.wire import Part
from idp_profiles.wire import equals
from idp_profiles.wire import member
from idp_profiles.wire import segment

from .console import ANCHOR
from .console import INCOMPATIBLE
from .console import NOT_FOUND_AGAIN
from .console import Complaint
from .exchange import ask
from .exchange import body_of
from .exchange import id_in
from .exchange import only_match
from .names import DEFAULT
from .names import GROUP
from .names import LEGACY_GROUP
from .names import PATCH_OP
from .operations import Shape
from .steps import step
from .tenant import Tenant
from .tenant import group_key

_WITHOUT_MEMBERS = {"excludedAttributes": "members"}


class Groups:
    """The verbs about groups; all state lives in the tenant.

    Members never stand in the POST, are never read, and are people who have an account.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def provision(self, group: Group, scenario: str, shape: Shape | None = None) -> Script:
        """Create the group, or link the one of that name and complete it."""
        shape = shape or self._tenant.shape()
        found = yield from self.find(group, scenario)
        if found is None:
            yield from self._create(group, scenario)
            return
        self._link(group, str(member(found, "id")))
        linking = "match-existing-group" if scenario == "create-group" else scenario
        yield from self._patch(
            group, _differences(group, found, shape), linking, "update the group"
        )

    def find(self, group: Group, scenario: str) -> Part[dict[str, Json] | None]:
        """Ask for a group by the matching attribute, without its members."""
        tenant = self._tenant
        by_id = tenant.switches["group_matching"] == "externalId"
        wanted = equals("externalId", group.idp_id) if by_id else equals("displayName", group.name)
        target = tenant.listing("/Groups", {**_WITHOUT_MEMBERS, "filter": wanted})
        request = tenant.request("GET", target, step(scenario, "look up the group"))
        complaint = Complaint(f"matching the group {group.name}", INCOMPATIBLE)
        reply = yield from ask(tenant, request, complaint)
        return only_match(request, reply, complaint)

    def match(self, group: Group, scenario: str) -> Script:
        """Look a group up that is in the app, and link it without changing it."""
        found = yield from self.find(group, scenario)
        if found is None:
            because = f"no filter finds the group {group.name!r}, which is in the app"
            raise Complaint(f"matching {group.name}").stopped(NOT_FOUND_AGAIN, because)
        self._link(group, str(member(found, "id")))

    def read(self, group: Group, scenario: str) -> Part[dict[str, Json]]:
        """Read a linked group without its members."""
        tenant = self._tenant
        path = f"/Groups/{segment(tenant.group_id(group))}"
        target = tenant.listing(path, _WITHOUT_MEMBERS)
        request = tenant.request("GET", target, step(scenario, "read the group"))
        complaint = Complaint(f"reading the group {group.name}", ANCHOR)
        reply = yield from ask(tenant, request, complaint)
        return body_of(request, reply, complaint)

    def look_at(self, group: Group) -> Script:
        """Read a linked group and do nothing about it."""
        yield from self.read(group, "read-group")

    def rename(self, group: Group, new_name: str) -> Script:
        """Read a linked group and send its new name."""
        tenant = self._tenant
        yield from self.read(group, "rename-group")
        operation = tenant.shape().operation("Replace", "displayName", new_name)
        yield from self._patch(group, [operation], "rename-group", "rename the group")

    def delete(self, group: Group) -> Script:
        """Delete a linked group: it was deleted, or it is unassigned."""
        tenant = self._tenant
        target = f"/Groups/{segment(tenant.group_id(group))}"
        request = tenant.request("DELETE", target, step("delete-group", "delete the group"))
        yield from ask(tenant, request, Complaint(f"deleting the group {group.name}"))
        tenant.groups.pop(group_key(group), None)

    def make_foreign(self, group: Group) -> Script:
        """Create a group of that name as somebody else would, without an externalId."""
        body: Json = {"schemas": [GROUP], "displayName": group.name}
        needed = step("create-group", "create the group")
        request = self._tenant.request("POST", "/Groups", needed, body)
        yield from ask(self._tenant, request, Complaint(f"creating the group {group.name}"))

    # -- members

    def add(self, group: Group, people: Sequence[Person]) -> Script:
        """Read a linked group and add members to it, in batches."""
        tenant = self._tenant
        scenario = "group-add-members-flag"
        if tenant.dialect == DEFAULT:
            scenario = "group-add-member-default"
        yield from self.read(group, scenario)
        for batch in self._batches(people, tenant.batch):
            new = yield from self._strangers(group, batch, scenario)
            if new:
                yield from self._add(group, new, scenario, tenant.shape())

    def remove(self, group: Group, people: Sequence[Person]) -> Script:
        """Read a linked group and take members out of it, in batches."""
        tenant = self._tenant
        scenario = f"group-remove-member-{tenant.dialect}"
        yield from self.read(group, scenario)
        for batch in self._batches(people, tenant.batch):
            yield from self._patch(group, self._removals(batch), scenario, "remove members")

    def add_now(self, group: Group, people: Sequence[Person], scenario: str) -> Script:
        """Add members on demand, one by one; the compliant flag has no effect here."""
        shape = self._tenant.shape().without_flag()
        for batch in self._batches(people, 1):
            yield from self._add(group, batch, scenario, shape)

    def _removals(self, user_ids: list[str]) -> list[Json]:
        shape = self._tenant.shape()
        if shape.flagged:
            return [
                {"op": "remove", "path": f"members[{equals('value', user_id)}]"}
                for user_id in user_ids
            ]
        with_ref = self._tenant.switches["removal_ref"] == "null"
        # Only these go; read by the RFC alone the value would count for nothing.
        return [shape.operation("Remove", "members", _elements(user_ids, with_ref=with_ref))]

    def _add(self, group: Group, user_ids: list[str], scenario: str, shape: Shape) -> Script:
        with_ref = not shape.flagged and self._tenant.switches["member_ref"] == "null"
        operation = shape.operation("Add", "members", _elements(user_ids, with_ref=with_ref))
        yield from self._patch(group, [operation], scenario, "add members")

    def _strangers(self, group: Group, batch: list[str], scenario: str) -> Part[list[str]]:
        """Return those of a batch who are not in the group yet, as far as Entra asks."""
        new = []
        for user_id in batch:
            known = yield from self._is_member(group, user_id, scenario)
            if not known:
                new.append(user_id)
        return new

    def _is_member(self, group: Group, user_id: str, scenario: str) -> Part[bool]:
        tenant = self._tenant
        if tenant.switches["reference_check"] == "off" or tenant.dialect != DEFAULT:
            return False
        both = f"{equals('id', tenant.group_id(group))} and {equals('members', user_id)}"
        target = tenant.listing("/Groups", {"filter": both, "attributes": "id"})
        request = tenant.request("GET", target, step(scenario, "check the member"))
        complaint = Complaint(f"checking a member of {group.name}", INCOMPATIBLE)
        reply = yield from ask(tenant, request, complaint)
        return only_match(request, reply, complaint) is not None

    def _batches(self, people: Sequence[Person], size: int) -> Iterator[list[str]]:
        accounts = [self._tenant.account(person) for person in people]
        ids = [account.user_id for account in accounts if account is not None]
        for start in range(0, len(ids), size):
            yield ids[start : start + size]

    # -- the requests

    def _create(self, group: Group, scenario: str) -> Script:
        tenant = self._tenant
        schemas: list[Json] = [GROUP]
        if tenant.switches["group_schemas"] == "legacy":
            schemas.append(LEGACY_GROUP)
        body: dict[str, Json] = {
            "schemas": schemas,
            "externalId": group.idp_id or group.name,
            "displayName": group.name,
            "meta": {"resourceType": "Group"},
        }
        if tenant.switches["group_post_members"] == "empty-array":
            body["members"] = []
        request = tenant.request("POST", "/Groups", step(scenario, "create the group"), body)
        complaint = Complaint(f"creating the group {group.name}")
        reply = yield from ask(tenant, request, complaint)
        created = body_of(request, reply, complaint)
        self._link(group, id_in(request, created, complaint))

    def _patch(self, group: Group, listed: list[Json], scenario: str, said: str) -> Script:
        if not listed:
            return
        tenant = self._tenant
        body: dict[str, Json] = {"schemas": [PATCH_OP], "Operations": listed}
        target = f"/Groups/{segment(tenant.group_id(group))}"
        request = tenant.request("PATCH", target, step(scenario, said), body)
        complaint = Complaint(f"updating the group {group.name}", ANCHOR)
        reply = yield from ask(tenant, request, complaint)
        if reply.status == 200 and reply.body.strip():
            body_of(request, reply, complaint)

    def _link(self, group: Group, group_id: str) -> None:
        self._tenant.groups[group_key(group)] = group_id


def _differences(group: Group, found: dict[str, Json], shape: Shape) -> list[Json]:
    wanted = {"displayName": group.name, "externalId": group.idp_id or group.name}
    listed: list[Json] = []
    for path, value in wanted.items():
        present = member(found, path)
        if present != value:
            listed.append(shape.operation("Add" if present is None else "Replace", path, value))
    return listed


def _elements(user_ids: list[str], *, with_ref: bool) -> list[Json]:
    if with_ref:
        return [{"$ref": None, "value": user_id} for user_id in user_ids]
    return [{"value": user_id} for user_id in user_ids]
