"""Test Connection and Activate: the run with a test user and, with groups, a test group.

That both are made and removed again is documented. The order of the calls is not: this is the
most probable one. Every later change of an active configuration repeats the run.
"""

from __future__ import annotations

from idp_profiles.asking import ask
from idp_profiles.model import Json
from idp_profiles.model import Script
from idp_profiles.wire import equals
from idp_profiles.wire import segment

from .bodies import minimal_user
from .bodies import new_group
from .bodies import patch
from .bodies import test_user
from .console import ACTIVATION
from .console import Complaint
from .org import Org
from .org import object_id
from .shapes import first_of
from .shapes import id_of
from .shapes import resource_of
from .steps import step

_REFUSED = (404, 405, 501)


class Activation:
    """One test run; the ids of the test user and the test group stay here between its parts."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._complaint = Complaint(ACTIVATION)
        self._email = ""
        self._user_id = ""
        self._group_id = ""

    def run(self, email: str, group_name: str = "") -> Script:
        """Do the whole run; an empty group name means that group management is off."""
        yield from self.make_user(email)
        if group_name:
            yield from self.try_group(group_name)
        yield from self.remove_user("test-connection")

    def make_user(self, email: str) -> Script:
        """Create, read and update the test user, whose address must be new to the app."""
        org, complaint = self._org, self._complaint
        self._email, scenario = email, "test-connection"
        target = org.listing("/Users", {"filter": equals("userName", email)})
        request = org.request("GET", target, step(scenario, "look up the test user"))
        reply = yield from ask(request, complaint)
        if first_of(request, reply, complaint) is not None:
            because = f"the app has a user {email!r}; the address of the test user must be new"
            raise complaint.refused(reply, because)
        body = test_user(email, object_id(f"{org.seed}/{email}"))
        request = org.request("POST", "/Users", step(scenario, "create the test user"), body)
        reply = yield from ask(request, complaint)
        self._user_id = id_of(resource_of(request, reply, complaint))
        if org.switches["read_created"] == "on":
            request = org.request("GET", self._user, step(scenario, "read the test user"))
            reply = yield from ask(request, complaint)
            resource_of(request, reply, complaint)
        yield from self._put_user(scenario, "replace the test user", active=True)

    def try_group(self, name: str) -> Script:
        """Create, update and delete the test group: one refusal and the activation fails."""
        org, complaint, scenario = self._org, self._complaint, "test-connection-groups"
        target = org.listing("/Groups", {"filter": equals("displayName", name)})
        request = org.request("GET", target, step(scenario, "look up the test group"))
        reply = yield from ask(request, complaint)
        found = first_of(request, reply, complaint)
        if found is None:
            needed = step(scenario, "create the test group")
            request = org.request("POST", "/Groups", needed, new_group(name, []))
            reply = yield from ask(request, complaint)
            found = resource_of(request, reply, complaint)
        self._group_id = id_of(found)
        target = f"/Groups/{segment(self._group_id)}"
        body = patch(self._group_update(name))
        update = org.request("PATCH", target, step(scenario, "update the test group"), body)
        yield from ask(update, complaint)
        delete = org.request("DELETE", target, step(scenario, "delete the test group"))
        yield from ask(delete, complaint)

    def remove_user(self, scenario: str) -> Script:
        """Delete the test user, or deactivate it when the app does not delete."""
        needed = step(scenario, "delete the test user")
        request = self._org.request("DELETE", self._user, needed)
        reply = yield from ask(request, self._complaint, also=_REFUSED)
        if reply.status in _REFUSED:
            fallback = "test-connection-no-delete"
            yield from self._put_user(fallback, "deactivate the test user", active=False)

    @property
    def _user(self) -> str:
        return f"/Users/{segment(self._user_id)}"

    def _put_user(self, scenario: str, name: str, *, active: bool) -> Script:
        body = minimal_user(self._email, self._user_id, active=active)
        request = self._org.request("PUT", self._user, step(scenario, name), body)
        reply = yield from ask(request, self._complaint)
        resource_of(request, reply, self._complaint)

    def _group_update(self, name: str) -> dict[str, Json]:
        if self._org.switches["test_group_update"] == "rename":
            return {"op": "replace", "path": "displayName", "value": f"{name} renamed"}
        return {"op": "add", "path": "members", "value": [{"value": self._user_id}]}
