"""Probes of `deviations/lifecycle.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Reply

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
NOBODY = {"method": "DELETE", "path": "/Users/nobody"}


def _leads_to_all(reply: Reply) -> bool:
    """Tell whether the Location of a reply is the endpoint of users."""
    return (reply.response.header("Location") or "").endswith("/Users")


PROBES: dict[str, tuple[Look, object, object]] = {
    "create-keeps-nothing": (lambda t: t.status("GET", f"/Users/{t.anna}"), 200, 404),
    "create-refuses-id": (lambda t: t.create("anna", id="7").status, 201, 400),
    "create-location-is-endpoint": (lambda t: _leads_to_all(t.create("anna")), False, True),
    "get-location-is-endpoint": (
        lambda t: _leads_to_all(t.send("GET", f"/Users/{t.anna}")),
        False,
        True,
    ),
    "bulk-refused-501": (
        lambda t: t.send("POST", "/Bulk", {"schemas": [BULK], "Operations": [NOBODY]}).status,
        200,
        501,
    ),
    "meta-set-by-client": (
        lambda t: t.create("anna", meta={"resourceType": "Robot"}).json["meta"]["resourceType"],
        "User",
        "Robot",
    ),
    "put-requires-all-values": (lambda t: t.people(1).put(title=...).status, 200, 400),
    "users-as-xml": (lambda t: t.create("anna").kind, "dict", "application/xml"),
}
