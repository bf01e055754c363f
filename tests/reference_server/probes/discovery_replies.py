"""Probes of `deviations/discovery_replies.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import LIST
from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Look

PROBES: dict[str, tuple[Look, object, object]] = {
    "discovery-total-too-small": (
        lambda t: t.page(endpoint="ResourceTypes")["totalResults"],
        3,
        2,
    ),
    "discovery-list-without-schemas": (
        lambda t: t.page(endpoint="Schemas").get("schemas"),
        [LIST],
        None,
    ),
    "schema-by-id-in-list": (
        lambda t: t.send("GET", f"/Schemas/{USER}").json.get("totalResults"),
        None,
        1,
    ),
    "unknown-schema-200": (lambda t: t.status("GET", "/Schemas/urn:nothing"), 404, 200),
    "unknown-resource-type-200": (lambda t: t.status("GET", "/ResourceTypes/Nothing"), 404, 200),
    "config-filter-answered": (
        lambda t: t.send("GET", "/ServiceProviderConfig", query="filter=id%20pr").status,
        403,
        200,
    ),
}
