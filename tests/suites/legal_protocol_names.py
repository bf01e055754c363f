"""Servers with views of their own on names, and on the lists that tell them."""

from __future__ import annotations

from legal_protocol import but_for
from legal_protocol import change_attribute
from legal_protocol import legal

from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import CORE_GROUP
from reference_server.deviations.documents import parse
from reference_server.deviations.documents import value_of
from reference_server.messages import Handler
from reference_server.messages import Request


@legal
def group_names_for_ever(handle: Handler) -> Handler:
    """Refuse to change the displayName of a group, which /Schemas calls immutable."""

    def renames(request: Request) -> bool:
        body = parse(request.body) or {}
        if shaping.on("PUT", "Groups")(request):
            old = str(shaping.stored(handle, request).get("displayName", ""))
            return bool(old) and str(value_of(body, "displayName") or old) != old
        operations = str(body.get("Operations")).lower()
        return shaping.on("PATCH", "Groups")(request) and "displayname" in operations

    refused = shaping.refuse(handle, renames, 400, "displayName is immutable.", "mutability")
    return change_attribute(
        refused, "displayName", lambda each: each.update(mutability="immutable"), of=CORE_GROUP
    )


@but_for("RFC7644-4-8", worst="fail")
def discovery_as_arrays(handle: Handler) -> Handler:
    """List resource types and schemas without the ListResponse around them."""
    handle = registry.find("schemas-bare-array").wrap(handle)
    return registry.find("resource-types-bare-array").wrap(handle)
