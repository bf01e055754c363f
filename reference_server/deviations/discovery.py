"""Deviations of discovery, and of roles and entitlements: what a server offers to be granted."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Edit
from .documents import drop
from .documents import edit_each
from .documents import listing
from .documents import parse
from .documents import resources
from .registry import deviation
from .shaping import answer_json
from .shaping import change_replies
from .shaping import edit_listed
from .shaping import edit_replies
from .shaping import edit_requests
from .shaping import error
from .shaping import on
from .shaping import place
from .shaping import refuse
from .writes import gives

_TYPES = on("GET", "ResourceTypes")
_SCHEMAS = on("GET", "Schemas")
_CORE = on("GET", "Users Groups ResourceTypes Schemas ServiceProviderConfig")
_WRITE_USER = on("POST PUT PATCH", "Users", body=gives("roles"))


@deviation("service-provider-config-404", area="discovery")
def service_provider_config_404(handle: Handler) -> Handler:
    """Answer 404 for ServiceProviderConfig."""
    when = on("GET", "ServiceProviderConfig")
    return refuse(handle, when, 404, "There is no such endpoint.")


@deviation("resource-types-404", area="discovery")
def resource_types_404(handle: Handler) -> Handler:
    """Answer 404 for ResourceTypes."""
    return refuse(handle, _TYPES, 404, "There is no such endpoint.")


@deviation("resource-types-bare-array", area="discovery")
def resource_types_bare_array(handle: Handler) -> Handler:
    """Answer ResourceTypes with a JSON array without the ListResponse around it."""

    def bare(reply: Response) -> Response:
        found = parse(reply.body) or {}
        return answer_json(200, found["Resources"]) if "Resources" in found else reply

    return change_replies(handle, _TYPES, bare)


@deviation("resource-types-without-schema", area="discovery")
def resource_types_without_schema(handle: Handler) -> Handler:
    """Leave the schema out of the entries of ResourceTypes."""
    return edit_listed(handle, _TYPES, lambda entry: drop(entry, "schema"))


@deviation("resource-types-without-endpoint", area="discovery")
def resource_types_without_endpoint(handle: Handler) -> Handler:
    """Leave the endpoint out of the entries of ResourceTypes."""
    return edit_listed(handle, _TYPES, lambda entry: drop(entry, "endpoint"))


@deviation("schemas-404", area="discovery")
def schemas_404(handle: Handler) -> Handler:
    """Answer 404 for Schemas."""
    return refuse(handle, _SCHEMAS, 404, "There is no such endpoint.")


@deviation("schemas-empty", area="discovery")
def schemas_empty(handle: Handler) -> Handler:
    """Answer Schemas with an empty list."""
    when = on("GET", "Schemas", one=False)
    return change_replies(handle, when, lambda _reply: answer_json(200, {**listing([])}))


@deviation("entitlement-list-404", area="discovery")
def entitlement_list_404(handle: Handler) -> Handler:
    """Answer 404 for lists of resource types beyond users and groups."""

    def missing(reply: Response) -> Response:
        listed = "Resources" in (parse(reply.body) or {})
        return error(404, "There is no such endpoint.") if listed else reply

    return change_replies(handle, _custom, missing)


@deviation("entitlement-list-empty", area="discovery")
def entitlement_list_empty(handle: Handler) -> Handler:
    """Show no resource in lists of resource types beyond users and groups."""
    return _edit_custom_lists(
        handle, lambda found: found.update(totalResults=0, itemsPerPage=0, Resources=[])
    )


@deviation("entitlement-items-per-page-100", area="discovery")
def entitlement_items_per_page_100(handle: Handler) -> Handler:
    """Say 100 items per page in each list of a resource type beyond users and groups."""
    return _edit_custom_lists(handle, lambda found: found.update(itemsPerPage=100))


@deviation("entitlement-without-display-name", area="discovery")
def entitlement_without_display_name(handle: Handler) -> Handler:
    """Leave displayName out of listed resources beyond users and groups."""
    return _edit_custom_lists(
        handle,
        lambda found: edit_each(resources(found), lambda each: drop(each, "displayName")),
    )


@deviation("entitlement-without-id", area="discovery")
def entitlement_without_id(handle: Handler) -> Handler:
    """Leave the id out of listed resources beyond users and groups."""
    return _edit_custom_lists(
        handle, lambda found: edit_each(resources(found), lambda each: drop(each, "id"))
    )


@deviation("roles-dropped", area="discovery")
def roles_dropped(handle: Handler) -> Handler:
    """Lose the roles in a PUT on a user."""
    return edit_requests(handle, on("PUT", "Users"), lambda user: drop(user, "roles"))


@deviation("roles-refused", area="discovery")
def roles_refused(handle: Handler) -> Handler:
    """Refuse a user with roles with 400."""
    return refuse(handle, _WRITE_USER, 400, "Roles cannot be set.", "invalidValue")


@deviation("entitlements-dropped", area="discovery")
def entitlements_dropped(handle: Handler) -> Handler:
    """Lose the entitlements in a PUT on a user."""
    return edit_requests(handle, on("PUT", "Users"), lambda user: drop(user, "entitlements"))


def _custom(request: Request) -> bool:
    return request.method == "GET" and bool(place(request).endpoint) and not _CORE(request)


def _edit_custom_lists(handle: Handler, edit: Edit) -> Handler:
    return edit_replies(handle, _custom, lambda found: "Resources" in found and edit(found))
