"""Deviations of the entries of ResourceTypes and Schemas, and of resources beyond users."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import CORE_USER
from .documents import ENTERPRISE
from .documents import Document
from .documents import Edit
from .documents import drop
from .documents import edit_each
from .documents import has
from .documents import objects
from .documents import parse
from .documents import resources
from .registry import deviation
from .shaping import answer_json
from .shaping import change_replies
from .shaping import edit_lists
from .shaping import edit_replies
from .shaping import edit_resources
from .shaping import instead
from .shaping import on
from .shaping import place
from .shaping import refuse

_TYPES = on("GET", "ResourceTypes")
_SCHEMAS = on("GET", "Schemas")
_ABOUT = on("GET", "ResourceTypes Schemas")
_CORE = on("GET", "Users Groups ResourceTypes Schemas ServiceProviderConfig")


@deviation("schemas-bare-array", area="discovery")
def schemas_bare_array(handle: Handler) -> Handler:
    """Answer Schemas with a JSON array without the ListResponse around it."""

    def bare(reply: Response) -> Response:
        found = parse(reply.body) or {}
        return answer_json(200, found["Resources"]) if "Resources" in found else reply

    return change_replies(handle, _SCHEMAS, bare)


@deviation("resource-types-without-schemas", area="discovery")
def resource_types_without_schemas(handle: Handler) -> Handler:
    """Leave out of the entries of ResourceTypes that they are resource types."""
    return edit_resources(handle, _TYPES, _without_schemas)


@deviation("resource-types-without-name", area="discovery")
def resource_types_without_name(handle: Handler) -> Handler:
    """Leave the name out of the entries of ResourceTypes, which have an id."""
    return edit_resources(handle, _TYPES, lambda found: drop(found, "name"))


@deviation("resource-types-endpoint-absolute", area="discovery")
def resource_types_endpoint_absolute(handle: Handler) -> Handler:
    """Give endpoints in ResourceTypes with host and base path."""

    def edit(found: Document) -> None:
        if "endpoint" in found:
            found["endpoint"] = f"https://scim.example.com/scim/v2{found['endpoint']}"

    return edit_resources(handle, _TYPES, edit)


@deviation("resource-types-endpoint-with-base", area="discovery")
def resource_types_endpoint_with_base(handle: Handler) -> Handler:
    """Give endpoints in ResourceTypes with the path of the server in front."""

    def edit(found: Document) -> None:
        if "endpoint" in found:
            found["endpoint"] = f"/scim/v2{found['endpoint']}"

    return edit_resources(handle, _TYPES, edit)


@deviation("resource-types-schema-by-name", area="discovery")
def resource_types_schema_by_name(handle: Handler) -> Handler:
    """Name the schema of a resource type by its name in place of its URI."""

    def edit(found: Document) -> None:
        if "endpoint" in found:
            found["schema"] = found.get("name")

    return edit_resources(handle, _TYPES, edit)


@deviation("resource-types-extension-by-name", area="discovery")
def resource_types_extension_by_name(handle: Handler) -> Handler:
    """Name the extension of a resource type by its name in place of its URI."""
    return _edit_extensions(handle, lambda each: each.update(schema="EnterpriseUser"))


@deviation("resource-types-extension-required", area="discovery")
def resource_types_extension_required(handle: Handler) -> Handler:
    """Say in ResourceTypes that an extension is required, which it is not."""
    return _edit_extensions(handle, lambda each: each.update(required=True))


@deviation("resource-types-extension-flag-left-out", area="discovery")
def resource_types_extension_flag_left_out(handle: Handler) -> Handler:
    """Leave out of ResourceTypes whether an extension is required."""
    return _edit_extensions(handle, lambda each: drop(each, "required"))


@deviation("resource-types-extension-flag-as-text", area="discovery")
def resource_types_extension_flag_as_text(handle: Handler) -> Handler:
    """Say in ResourceTypes by the word "false" that an extension is not required."""
    return _edit_extensions(handle, lambda each: each.update(required="false"))


@deviation("resource-types-extensions-as-object", area="discovery")
def resource_types_extensions_as_object(handle: Handler) -> Handler:
    """Give the one extension of a resource type without the array around it."""

    def edit(found: Document) -> None:
        for each in objects(found.get("schemaExtensions"))[:1]:
            found["schemaExtensions"] = each

    return edit_resources(handle, _TYPES, edit)


@deviation("create-requires-extension", area="metadata")
def create_requires_extension(handle: Handler) -> Handler:
    """Refuse a new user without the extension, which ResourceTypes calls optional."""

    def lacking(body: Document) -> bool:
        return not has(body, ENTERPRISE)

    when = on("POST", "Users", one=False, body=lacking)
    return refuse(handle, when, 400, "The employee data are missing.", "invalidValue")


@deviation("schemas-without-schemas", area="discovery")
def schemas_without_schemas(handle: Handler) -> Handler:
    """Leave out of the entries of Schemas that they are schemas."""
    return edit_resources(handle, _SCHEMAS, _without_schemas)


@deviation("schemas-name-as-array", area="discovery")
def schemas_name_as_array(handle: Handler) -> Handler:
    """Give the name of each schema as an array."""

    def edit(found: Document) -> None:
        if _entry(found):
            found["name"] = [found.get("name")]

    return edit_resources(handle, _SCHEMAS, edit)


@deviation("descriptions-by-language", area="discovery")
def descriptions_by_language(handle: Handler) -> Handler:
    """Give descriptions in ResourceTypes and Schemas as objects with a text for each language."""

    def walk(found: Document) -> None:
        if isinstance(found.get("description"), str):
            found["description"] = {"en": found["description"]}
        for key in ("attributes", "subAttributes"):
            edit_each(objects(found.get(key)), walk)

    return edit_resources(handle, _ABOUT, walk)


@deviation("discovery-locations-of-another-path", area="discovery")
def discovery_locations_of_another_path(handle: Handler) -> Handler:
    """Give locations of resource types that are at another path, where nothing answers."""

    def edit(found: Document) -> None:
        for meta in objects(found.get("meta")):
            place_ = str(meta.get("location"))
            meta["location"] = place_.replace("/ResourceTypes/", "/v1/ResourceType/")

    return edit_resources(handle, _TYPES, edit)


@deviation("schema-ids-in-lower-case", area="discovery")
def schema_ids_in_lower_case(handle: Handler) -> Handler:
    """Give the ids of Schemas in lower case."""

    def edit(found: Document) -> None:
        if _entry(found):
            found["id"] = str(found.get("id")).lower()

    return edit_resources(handle, _SCHEMAS, edit)


@deviation("schema-by-id-shorter", area="discovery")
def schema_by_id_shorter(handle: Handler) -> Handler:
    """Show one schema by its URN without half of the attributes that the list shows."""

    def cut(found: Document) -> None:
        attributes = objects(found.get("attributes"))
        found["attributes"] = [*attributes[: len(attributes) // 2]]

    return edit_replies(handle, on("GET", "Schemas", one=True), cut)


@deviation("extension-by-id-404", area="discovery")
def extension_by_id_404(handle: Handler) -> Handler:
    """Answer 404 for an extension by its URN, though Schemas lists it."""

    def when(request: Request) -> bool:
        return _SCHEMAS(request) and place(request).id == ENTERPRISE

    return refuse(handle, when, 404, "There is no such schema.")


@deviation("discovery-deletable", area="discovery")
def discovery_deletable(handle: Handler) -> Handler:
    """Answer 204 to the deletion of a schema or resource type."""
    when = on("DELETE", "Schemas ResourceTypes", one=True)
    return instead(handle, when, lambda _request: Response(204))


@deviation("schemas-listed-twice", area="discovery")
def schemas_listed_twice(handle: Handler) -> Handler:
    """List the schema of users in Schemas a second time."""

    def double(found: Document) -> None:
        listed = resources(found)
        twins = [each for each in listed if each.get("id") == CORE_USER]
        found["Resources"] = [*listed, *twins]
        found["totalResults"] = len(listed) + len(twins)

    return edit_lists(handle, _SCHEMAS, double)


@deviation("resource-type-by-id-differs", area="discovery")
def resource_type_by_id_differs(handle: Handler) -> Handler:
    """Show one resource type by its id with another endpoint than the list shows."""

    def change(found: Document) -> None:
        found["endpoint"] = f"/v1{found.get('endpoint')}"

    return edit_replies(handle, on("GET", "ResourceTypes", one=True), change)


@deviation("entitlement-list-as-array", area="discovery")
def entitlement_list_as_array(handle: Handler) -> Handler:
    """Answer lists beyond users and groups with a JSON array."""

    def bare(reply: Response) -> Response:
        found = parse(reply.body) or {}
        return answer_json(200, found["Resources"]) if "Resources" in found else reply

    return change_replies(handle, _custom, bare)


@deviation("entitlement-names-as-objects", area="discovery")
def entitlement_names_as_objects(handle: Handler) -> Handler:
    """Give the displayName of resources beyond users and groups as an object."""
    return _edit_custom(handle, lambda each: each.update(displayName={"en": "Name"}))


@deviation("entitlement-without-schemas", area="discovery")
def entitlement_without_schemas(handle: Handler) -> Handler:
    """Leave the schemas out of resources beyond users and groups."""
    return _edit_custom(handle, lambda each: drop(each, "schemas"))


@deviation("entitlement-resource-type-wrong", area="discovery")
def entitlement_resource_type_wrong(handle: Handler) -> Handler:
    """Say in `meta` of resources beyond users and groups that they are users."""

    def edit(each: Document) -> None:
        for meta in objects(each.get("meta")):
            meta["resourceType"] = "User"

    return _edit_custom(handle, edit)


@deviation("entitlement-location-broken", area="discovery")
def entitlement_location_broken(handle: Handler) -> Handler:
    """Give locations of resources beyond users and groups that lead nowhere."""

    def edit(each: Document) -> None:
        for meta in objects(each.get("meta")):
            meta["location"] = f"{meta.get('location')}/details"

    return _edit_custom(handle, edit)


@deviation("undefined-attributes-shown", area="metadata")
def undefined_attributes_shown(handle: Handler) -> Handler:
    """Show an attribute of users that no schema defines."""
    state: Json = {"syncState": 3}

    def edit(found: Document) -> None:
        if CORE_USER in str(found.get("schemas")):
            found["internalState"] = state

    return edit_resources(handle, on("GET POST PUT PATCH", "Users"), edit)


def _entry(found: Document) -> bool:
    """Tell whether a document is one entry and not the list of them."""
    return "Resources" not in found


def _without_schemas(found: Document) -> None:
    if _entry(found):
        drop(found, "schemas")


def _custom(request: Request) -> bool:
    return request.method == "GET" and bool(place(request).endpoint) and not _CORE(request)


def _edit_custom(handle: Handler, edit: Edit) -> Handler:
    def listed(found: Document) -> None:
        edit_each(resources(found) if "Resources" in found else [], edit)

    return edit_replies(handle, _custom, listed)


def _edit_extensions(handle: Handler, edit: Edit) -> Handler:
    return edit_resources(
        handle, _TYPES, lambda found: edit_each(objects(found.get("schemaExtensions")), edit)
    )
