"""Deviations of what a server says about itself: its configuration, types and schemas."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import CORE_USER
from .documents import ENTERPRISE
from .documents import Document
from .documents import drop
from .documents import keep_resources
from .documents import listing
from .documents import objects
from .documents import parse
from .documents import resources
from .queries import number
from .queries import parameter
from .queries import without_parameters
from .registry import deviation
from .shaping import answer_json
from .shaping import change_replies
from .shaping import edit_lists
from .shaping import edit_replies
from .shaping import edit_resources
from .shaping import instead
from .shaping import on
from .shaping import refuse

_CONFIG = on("GET", "ServiceProviderConfig")
_TYPES = on("GET", "ResourceTypes")
_SCHEMAS = on("GET", "Schemas")
_ABOUT = on("GET", "ResourceTypes Schemas")
_LISTS = on("GET", "ResourceTypes Schemas", one=False)
_WRITE = on("POST PUT PATCH DELETE", "ServiceProviderConfig ResourceTypes Schemas")
_FEATURES = ("patch", "bulk", "filter", "changePassword", "sort", "etag")
_FORBIDDEN = range(403, 404)


@deviation("config-without-etag", area="discovery")
def config_without_etag(handle: Handler) -> Handler:
    """Leave etag out of ServiceProviderConfig."""
    return edit_replies(handle, _CONFIG, lambda found: drop(found, "etag"))


@deviation("config-without-authentication-schemes", area="discovery")
def config_without_authentication_schemes(handle: Handler) -> Handler:
    """Leave authenticationSchemes out of ServiceProviderConfig."""
    return edit_replies(handle, _CONFIG, lambda found: drop(found, "authenticationSchemes"))


@deviation("config-without-schemas", area="discovery")
def config_without_schemas(handle: Handler) -> Handler:
    """Leave the schemas out of ServiceProviderConfig."""
    return edit_replies(handle, _CONFIG, lambda found: drop(found, "schemas"))


@deviation("config-without-limits", area="discovery")
def config_without_limits(handle: Handler) -> Handler:
    """Leave the limits of bulk and filter out of ServiceProviderConfig."""

    def edit(found: Document) -> None:
        for name in ("bulk", "filter"):
            for each in objects(found.get(name)):
                drop(each, "maxOperations", "maxPayloadSize", "maxResults")

    return edit_replies(handle, _CONFIG, edit)


@deviation("config-booleans-as-text", area="discovery")
def config_booleans_as_text(handle: Handler) -> Handler:
    """Say in ServiceProviderConfig by the word "true" or "false" what is supported."""

    def edit(found: Document) -> None:
        for each in [one for name in _FEATURES for one in objects(found.get(name))]:
            each["supported"] = str(each.get("supported")).lower()

    return edit_replies(handle, _CONFIG, edit)


@deviation("config-as-list", area="discovery")
def config_as_list(handle: Handler) -> Handler:
    """Answer ServiceProviderConfig with a list that has it as its one resource."""

    def wrap(reply: Response) -> Response:
        return answer_json(200, {**listing([parse(reply.body) or {}])})

    return change_replies(handle, _CONFIG, wrap)


@deviation("config-announces-too-much", area="discovery")
def config_announces_too_much(handle: Handler) -> Handler:
    """Announce sorting, and answer 501 to it."""

    def edit(found: Document) -> None:
        for each in objects(found.get("sort")):
            each["supported"] = True

    def sorting(request: Request) -> bool:
        wanted = parameter(request, "sortBy") is not None
        return on("GET", "Users Groups")(request) and wanted

    unsorted = refuse(handle, sorting, 501, "Sorting is not supported.")
    return edit_replies(unsorted, _CONFIG, edit)


@deviation("discovery-writable", area="discovery")
def discovery_writable(handle: Handler) -> Handler:
    """Answer a write on ServiceProviderConfig, ResourceTypes or Schemas as if done."""

    def done(request: Request) -> Response:
        return Response(204) if request.method == "DELETE" else answer_json(200, {})

    return instead(handle, _WRITE, done)


@deviation("discovery-paged", area="discovery")
def discovery_paged(handle: Handler) -> Handler:
    """Page ResourceTypes and Schemas by `count`."""

    def wrapped(request: Request) -> Response:
        most = number(request, "count", 1000)

        def shorten(found: Document) -> None:
            found["Resources"] = [*resources(found)[:most]]
            found["itemsPerPage"] = len(resources(found))

        return edit_lists(handle, _LISTS, shorten)(request)

    return wrapped


@deviation("discovery-filtered", area="discovery")
def discovery_filtered(handle: Handler) -> Handler:
    """Take a filter on ResourceTypes and Schemas for the name of the one to show."""

    def wrapped(request: Request) -> Response:
        text = parameter(request, "filter") if _LISTS(request) else None
        if text is None:
            return handle(request)
        every = without_parameters(request, "filter")
        return edit_lists(
            handle,
            _LISTS,
            lambda found: keep_resources(found, lambda one: str(one["name"]) in text),
        )(every)

    return wrapped


@deviation("discovery-filter-answered", area="discovery")
def discovery_filter_answered(handle: Handler) -> Handler:
    """Answer a filter on ResourceTypes and Schemas with everything in place of 403."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        refused = reply.status in _FORBIDDEN and _ABOUT(request)
        return handle(without_parameters(request, "filter")) if refused else reply

    return wrapped


@deviation("schema-by-id-404", area="discovery")
def schema_by_id_404(handle: Handler) -> Handler:
    """Answer 404 for one schema by its URN."""
    return refuse(handle, on("GET", "Schemas", one=True), 404, "There is no such schema.")


@deviation("schemas-list-messages", area="discovery")
def schemas_list_messages(handle: Handler) -> Handler:
    """List the schema of the PATCH message among Schemas."""
    message: Document = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": "urn:ietf:params:scim:api:messages:2.0:PatchOp",
        "name": "PatchOp",
        "attributes": [],
    }

    def add(found: Document) -> None:
        found["Resources"] = [*resources(found), message]
        found["totalResults"] = len(resources(found))

    return edit_lists(handle, _SCHEMAS, add)


@deviation("schemas-without-enterprise", area="discovery")
def schemas_without_enterprise(handle: Handler) -> Handler:
    """Leave the enterprise extension out of Schemas."""
    return edit_lists(
        handle,
        _SCHEMAS,
        lambda found: keep_resources(found, lambda each: each.get("id") != ENTERPRISE),
    )


@deviation("schemas-of-own-types", area="discovery")
def schemas_of_own_types(handle: Handler) -> Handler:
    """Give attributes in Schemas a type of the server's own invention."""

    def rename(attribute: Document) -> None:
        if attribute.get("type") == "string":
            attribute["type"] = "text"

    return _edit_attributes(handle, rename)


@deviation("schemas-without-multi-valued", area="discovery")
def schemas_without_multi_valued(handle: Handler) -> Handler:
    """Leave multiValued out of the attributes in Schemas."""
    return _edit_attributes(handle, lambda attribute: drop(attribute, "multiValued"))


@deviation("schemas-flags-as-text", area="discovery")
def schemas_flags_as_text(handle: Handler) -> Handler:
    """Say in Schemas by the word "true" or "false" whether an attribute is required."""

    def word(attribute: Document) -> None:
        if isinstance(attribute.get("required"), bool):
            attribute["required"] = str(attribute["required"]).lower()

    return _edit_attributes(handle, word)


@deviation("schemas-show-password", area="discovery")
def schemas_show_password(handle: Handler) -> Handler:
    """Say in Schemas that a password is returned like any other attribute."""

    def show(attribute: Document) -> None:
        if attribute.get("name") == "password":
            attribute.update(mutability="readWrite", returned="default")

    return _edit_attributes(handle, show)


@deviation("schemas-user-name-optional", area="discovery")
def schemas_user_name_optional(handle: Handler) -> Handler:
    """Say in Schemas that userName is optional and need not be unique."""

    def loosen(attribute: Document) -> None:
        if attribute.get("name") == "userName":
            attribute.update(required=False, uniqueness="none")

    return _edit_attributes(handle, loosen)


@deviation("schemas-name-twice", area="discovery")
def schemas_name_twice(handle: Handler) -> Handler:
    """List userName in the schema of a user a second time, in capitals."""

    def double(schema: Document) -> None:
        given = objects(schema.get("attributes"))
        if schema.get("id") == CORE_USER:
            twins = [{**each, "name": "USERNAME"} for each in given if each["name"] == "userName"]
            schema["attributes"] = [*given, *twins]

    return edit_resources(handle, _SCHEMAS, double)


@deviation("schemas-location-broken", area="discovery")
def schemas_location_broken(handle: Handler) -> Handler:
    """Give locations of schemas that lead nowhere."""

    def break_it(schema: Document) -> None:
        for meta in objects(schema.get("meta")):
            meta["location"] = f"{meta.get('location')}/definition"

    return edit_resources(handle, _SCHEMAS, break_it)


@deviation("resource-type-by-name-404", area="discovery")
def resource_type_by_name_404(handle: Handler) -> Handler:
    """Answer 404 for one resource type by its name."""
    when = on("GET", "ResourceTypes", one=True)
    return refuse(handle, when, 404, "There is no such resource type.")


@deviation("resource-types-endpoint-wrong", area="discovery")
def resource_types_endpoint_wrong(handle: Handler) -> Handler:
    """Give endpoints in ResourceTypes in the singular, where nothing answers."""
    return _edit_types(handle, "endpoint", lambda value: str(value).removesuffix("s"))


@deviation("resource-types-name-plural", area="discovery")
def resource_types_name_plural(handle: Handler) -> Handler:
    """Give the names of ResourceTypes in the plural, unlike those in `meta`."""
    return _edit_types(handle, "name", lambda value: f"{value}s")


@deviation("resource-types-without-extension", area="discovery")
def resource_types_without_extension(handle: Handler) -> Handler:
    """Leave the schemaExtensions out of ResourceTypes, though users have them."""
    return edit_resources(handle, _TYPES, lambda found: drop(found, "schemaExtensions"))


def _edit_types(handle: Handler, name: str, change: Callable[[Json], Json]) -> Handler:
    def edit(found: Document) -> None:
        if name in found and "Resources" not in found:
            found[name] = change(found[name])

    return edit_resources(handle, _TYPES, edit)


def _edit_attributes(handle: Handler, edit: Callable[[Document], object]) -> Handler:
    """Edit every attribute of every schema, sub-attributes too."""

    def walk(document: Document) -> None:
        for key in ("attributes", "subAttributes"):
            for each in objects(document.get(key)):
                edit(each)
                walk(each)

    return edit_resources(handle, _SCHEMAS, walk)
