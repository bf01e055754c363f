"""What is about the connection and not about anybody: probes, schemas, the test tools of Microsoft.

The sequences of the SCIM Validator and of the gallery test are reconstructed from reports and from
the published test description; neither tool shows its requests.
"""

from __future__ import annotations

from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.wire import equals
from idp_profiles.wire import member
from idp_profiles.wire import segment

from .console import INCOMPATIBLE
from .console import VALIDATION
from .console import Complaint
from .exchange import ask
from .exchange import body_of
from .exchange import matches_of
from .limits import LIMITS
from .mappings import matchings
from .names import PATCH_OP
from .steps import step
from .tenant import Tenant

_CONNECTION = Complaint("the connection test failed", INCOMPATIBLE, probe=True)


class Probes:
    """The verbs that need nobody in the directory."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def test_connection(self) -> Script:
        """Ask for a user and for a group that cannot be there."""
        yield from self.probe_users("test-connection")
        if self._tenant.switches["probe_groups"] == "off":
            return
        wanted = equals("displayName", self._tenant.guid())
        parameters = {"excludedAttributes": "members", "filter": wanted}
        target = self._tenant.listing("/Groups", parameters)
        yield from self._probe(target, "test-connection", "probe groups")

    def probe_users(self, scenario: str) -> Script:
        """Ask for a user by the first matching attribute and a random GUID."""
        tenant = self._tenant
        first = matchings(tenant.mapping, tenant.switches["matching"])[0]
        wanted = equals(first.path, tenant.guid())
        target = tenant.listing("/Users", {"filter": wanted})
        yield from self._probe(target, scenario, "probe users")

    def schemas(self) -> Script:
        """Read the schemas, as the mapping screen does."""
        request = self._tenant.request(
            "GET", "/Schemas", step("schema-discovery", "read the schemas")
        )
        complaint = Complaint("the attributes of the application cannot be offered", INCOMPATIBLE)
        reply = yield from ask(self._tenant, request, complaint)
        matches_of(request, reply, complaint)

    # -- Microsoft's test tools

    def validator_attributes(self, user_id: str, person: Person) -> Script:
        """Replace the names in one operation without a path, as the Validator does."""
        value: Json = {"name.givenName": person.given_name, "name.familyName": person.family_name}
        operation: Json = {"op": "replace", "value": value}
        target = f"/Users/{segment(user_id)}"
        yield from self._validate(
            target, operation, "validator-replace-attributes", "replace attributes"
        )

    def validator_member(self, group_id: str, user_id: str) -> Script:
        """Put a member into a group with a replace, as the Validator does."""
        operation: Json = {"op": "replace", "path": "members", "value": [{"value": user_id}]}
        target = f"/Groups/{segment(group_id)}"
        yield from self._validate(
            target, operation, "validator-group-add-member", "replace members"
        )

    def pages(self) -> Script:
        """Read two pages of users and compare the startIndex of each, as the gallery test does."""
        size = LIMITS["gallery_page"].value
        complaint = Complaint("SCIM_User_Pagination_Test", VALIDATION)
        for start in (1, 1 + size):
            target = f"/Users?startIndex={start}&count={size}"
            request = self._tenant.gallery_request(
                target, step("gallery-pagination", "read a page")
            )
            reply = yield from ask(self._tenant, request, complaint)
            said = member(body_of(request, reply, complaint), "startIndex")
            if said != start:
                because = f"the page that starts at {start} says startIndex {said!r}"
                raise complaint.stopped(VALIDATION, because)

    def _validate(self, target: str, operation: Json, scenario: str, said: str) -> Script:
        body: Json = {"schemas": [PATCH_OP], "Operations": [operation]}
        request = self._tenant.validator_request(target, step(scenario, said), body)
        yield from ask(self._tenant, request, Complaint("the Validator", VALIDATION))

    def _probe(self, target: str, scenario: str, said: str) -> Script:
        tenant = self._tenant
        request: Request = tenant.request("GET", target, step(scenario, said))
        reply = yield from ask(tenant, request, _CONNECTION)
        matches_of(request, reply, _CONNECTION)
