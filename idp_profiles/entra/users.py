"""What Entra sends about people: match, create, update, disable, enable, delete, managers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.model import Step
from idp_profiles.model import Stopped
from idp_profiles.wire import Part
from idp_profiles.wire import equals
from idp_profiles.wire import member
from idp_profiles.wire import segment

from .console import ANCHOR
from .console import INCOMPATIBLE
from .console import NOT_FOUND_AGAIN
from .console import Complaint
from .create_body import user_body
from .exchange import ask
from .exchange import body_of
from .exchange import id_in
from .exchange import only_match
from .exchange import readable
from .mappings import directory_value
from .mappings import in_directory
from .mappings import matchings
from .names import PATCH_OP
from .operations import Shape
from .operations import active_operation
from .operations import as_found
from .operations import changes
from .operations import operations
from .roles import role_operations
from .roles import roles_on_create
from .steps import step
from .tenant import Account
from .tenant import Tenant
from .tenant import key_of

_Object: TypeAlias = dict[str, Json]


class Users:
    """The verbs about people; all state lives in the tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    # -- coming into scope

    def assign(self, person: Person, scenario: str) -> Script:
        """Look the person up; create the account, or link and update the one that is there."""
        person = self._remember(person)
        found = yield from self.find(person, scenario)
        if found is None:
            yield from self._create(person, scenario)
            return
        account = self._linked(person, found)
        linking = "match-existing-then-patch" if scenario == "create-user" else scenario
        yield from self._bring_up(person, account, found, step(linking, "update the user"), "link")

    def enable(self, person: Person) -> Script:
        """Look the person up again and switch the old account on: no POST when it is found."""
        tenant = self._tenant
        scenario = f"enable-user-{tenant.dialect}"
        person = tenant.person(person)
        found = yield from self.find(person, scenario)
        if found is None:
            # Whoever hides disabled users gets a POST, which then meets the hidden one.
            yield from self._create(person, "create-user")
            return
        account = self._linked(person, found)
        yield from self._bring_up(person, account, found, step(scenario, "enable the user"), "link")

    def find(self, person: Person, scenario: str) -> Part[_Object | None]:
        """Ask by one matching attribute after the other, never by two at once."""
        tenant = self._tenant
        for one in matchings(tenant.mapping, tenant.switches["matching"]):
            value = directory_value(person, one.source)
            if value is None:
                continue
            wanted = equals(one.path, str(value))
            target = tenant.listing("/Users", {"filter": wanted})
            request = tenant.request("GET", target, step(scenario, "look up the user"))
            complaint = Complaint(f"matching {person.user_name}", INCOMPATIBLE)
            reply = yield from ask(tenant, request, complaint)
            found = only_match(request, reply, complaint)
            if found is not None:
                return found
        return None

    def match(self, person: Person, scenario: str) -> Part[None]:
        """Look a person up who is in the app, and link the account without changing it."""
        found = yield from self.find(person, scenario)
        if found is None:
            because = f"no filter finds {person.user_name!r}, who is in the app"
            raise Complaint(f"matching {person.user_name}").stopped(NOT_FOUND_AGAIN, because)
        self._linked(self._remember(person), found)

    def adopt(self, person: Person) -> Script:
        """Link what is found, with the person's attributes as the app has them."""
        found = yield from self.find(person, "create-user")
        if found is None:
            because = f"the app has no user {person.user_name!r}; assign the person first"
            raise Stopped(because=because, console="")
        mapping = self._tenant.mapping
        self._linked(self._remember(as_found(mapping, person, found)), found)

    # -- staying in scope

    def update(self, person: Person, scenario: str) -> Script:
        """Read a linked account and send what differs from the directory."""
        account = self._tenant.account(person)
        if account is None or not account.in_scope:
            return
        current = yield from self._read(person, account, scenario)
        needed = step(scenario, "update the user")
        yield from self._bring_up(person, account, current, needed, "update")

    def remove_value(self, person: Person, path: str, value: Json) -> Script:
        """Take one value out of a multi-valued attribute."""
        account = self._tenant.account(person)
        if account is None:
            return
        shape = self._tenant.shape()
        operation = shape.operation("Remove", path, value)
        needed = step("remove-multivalued", "remove a value of the user")
        yield from self._patch(person, account, [operation], needed)

    # -- leaving

    def disable(self, person: Person) -> Script:
        """Read a linked account and switch it off."""
        tenant = self._tenant
        account = tenant.account(person)
        if account is None:
            return
        scenario = f"disable-user-{tenant.dialect}"
        current = yield from self._read(person, account, scenario)
        found = self._active(current, tenant.shape(), active=False)
        yield from self._patch(person, account, found, step(scenario, "disable the user"))

    def delete(self, person: Person) -> Script:
        """Delete a linked account."""
        tenant = self._tenant
        account = tenant.account(person)
        if account is None:
            return
        target = f"/Users/{segment(account.user_id)}"
        request = tenant.request("DELETE", target, step("hard-delete-user", "delete the user"))
        yield from ask(tenant, request, Complaint(f"deleting {person.user_name}"))
        tenant.accounts.pop(key_of(person), None)

    # -- references

    def set_manager(self, person: Person, manager: Person) -> Script:
        """Tell an account who its manager is, once both accounts are known."""
        tenant = self._tenant
        account, above = tenant.account(person), tenant.account(manager)
        if account is None or above is None:
            return
        scenario = f"manager-set-{tenant.dialect}"
        if tenant.switches["reference_check"] == "on" and tenant.dialect == "default":
            known = yield from self._is_manager(person, account, above, scenario)
            if known:
                account.manager_id = above.user_id
                return
        operation = _manager_operation(
            above, tenant.shape(), tenant.switches["manager_form"], account.manager_id
        )
        yield from self._patch(person, account, [operation], step(scenario, "set the manager"))
        account.manager_id = above.user_id

    def remove_manager(self, person: Person) -> Script:
        """Take an account's manager away."""
        tenant = self._tenant
        account = tenant.account(person)
        if account is None or account.manager_id is None:
            return
        shape = tenant.shape()
        path = f"manager[{equals('value', account.manager_id)}]"
        operation: _Object = {"op": shape.op("Remove"), "path": path}
        how = tenant.switches["manager_removal"]
        if how != "filter":
            value: Json = "" if how == "empty-text" else {"value": ""}
            operation = shape.operation("Replace", _MANAGER, value)
        needed = step("manager-remove", "remove the manager")
        yield from self._patch(person, account, [operation], needed)
        account.manager_id = None

    def _is_manager(
        self, person: Person, account: Account, above: Account, scenario: str
    ) -> Part[bool]:
        tenant = self._tenant
        both = f"{equals('id', account.user_id)} and {equals('manager', above.user_id)}"
        target = tenant.listing("/Users", {"filter": both, "attributes": "id"})
        request = tenant.request("GET", target, step(scenario, "check the manager"))
        complaint = Complaint(f"checking the manager of {person.user_name}", INCOMPATIBLE)
        reply = yield from ask(tenant, request, complaint)
        return only_match(request, reply, complaint) is not None

    # -- on demand

    def provision_now(self, person: Person, scenario: str) -> Script:
        """Match and act at once; the compliant flag has no effect here."""
        tenant = self._tenant
        person = self._remember(person)
        found = yield from self.find(person, scenario)
        if found is None:
            yield from self._create(person, scenario, with_roles=False)
            return
        before = tenant.account(person)
        account = self._linked(person, found)
        shape = tenant.shape().without_flag()
        needed = step(scenario, "update the user")
        if before is not None and not before.in_scope:
            # Someone who is not assigned can be disabled here; nobody can be restored.
            account.in_scope = False
            wanted = self._active(found, shape, active=False)
            yield from self._patch(person, account, wanted, needed)
            return
        listed = operations(changes(tenant.mapping, person, found, "link"), shape)
        yield from self._patch(person, account, listed, needed)

    # -- the requests

    def _create(self, person: Person, scenario: str, *, with_roles: bool = True) -> Script:
        tenant = self._tenant
        granted = tenant.roles.get(key_of(person), ()) if with_roles else ()
        body = user_body(
            tenant.mapping,
            person,
            roles=roles_on_create(tenant.switches["roles"], granted),
            manager_id=self._manager_in_post(person),
            nulls=tenant.switches["unset_attributes"] == "null",
        )
        request = tenant.request("POST", "/Users", step(scenario, "create the user"), body)
        complaint = Complaint(f"creating {person.user_name}")
        reply = yield from ask(tenant, request, complaint)
        created = body_of(request, reply, complaint)
        id_in(request, created, complaint)
        readable(created, complaint)
        self._linked(person, created)

    def _read(self, person: Person, account: Account, scenario: str) -> Part[_Object]:
        tenant = self._tenant
        target = f"/Users/{segment(account.user_id)}"
        request = tenant.request("GET", target, step(scenario, "read the user"))
        complaint = Complaint(f"reading {person.user_name}", ANCHOR)
        reply = yield from ask(tenant, request, complaint)
        current = body_of(request, reply, complaint)
        readable(current, complaint)
        return current

    def _bring_up(
        self, person: Person, account: Account, current: _Object, needed: Step, occasion: str
    ) -> Script:
        """Send one PATCH with all that differs, none when nothing does."""
        tenant = self._tenant
        shape = tenant.shape()
        granted = tenant.roles.get(key_of(person), ())
        listed = [
            *self._active(current, shape, active=True),
            *operations(changes(tenant.mapping, person, current, occasion), shape),
            *role_operations(tenant.switches["roles"], granted, current, shape),
        ]
        yield from self._patch(person, account, listed, needed)

    def _active(self, current: _Object, shape: Shape, *, active: bool) -> list[Json]:
        """Return what switches an account on or off; nothing when `active` is not mapped."""
        mapped = any(entry.path == "active" for entry in self._tenant.mapping.entries)
        return active_operation(current, shape, active=active) if mapped else []

    def _patch(self, person: Person, account: Account, listed: list[Json], needed: Step) -> Script:
        if not listed:
            return
        tenant = self._tenant
        body: Mapping[str, Json] = {"schemas": [PATCH_OP], "Operations": listed}
        target = f"/Users/{segment(account.user_id)}"
        request = tenant.request("PATCH", target, needed, dict(body))
        complaint = Complaint(f"updating {person.user_name}", ANCHOR)
        reply = yield from ask(tenant, request, complaint)
        if reply.status == 200 and reply.body.strip():
            readable(body_of(request, reply, complaint), complaint)

    # -- what it keeps

    def _remember(self, person: Person) -> Person:
        person = in_directory(person)
        self._tenant.people[key_of(person)] = person
        return person

    def _linked(self, person: Person, resource: _Object) -> Account:
        meta = member(resource, "meta")
        location = member(meta, "location") if isinstance(meta, dict) else None
        account = Account(
            str(member(resource, "id")), location=location if isinstance(location, str) else ""
        )
        before = self._tenant.account(person)
        if before is not None and before.user_id == account.user_id:
            account.manager_id = before.manager_id
        self._tenant.accounts[key_of(person)] = account
        return account

    def _manager_in_post(self, person: Person) -> str | None:
        manager = self._tenant.managers.get(key_of(person))
        if manager is None or self._tenant.switches["manager_in_post"] == "no":
            return None
        above = self._tenant.account(manager)
        return None if above is None else above.user_id


_MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"


def _manager_operation(
    above: Account, shape: Shape, how: str, before: str | None
) -> dict[str, Json]:
    name = "Add" if before is None else "Replace"
    if how == "array-with-ref":
        reference = above.location or f"Users/{above.user_id}"
        return shape.operation(name, "manager", [{"$ref": reference, "value": above.user_id}])
    value: Json = {"value": above.user_id} if how == "object" else above.user_id
    return shape.operation(name, _MANAGER, value)
