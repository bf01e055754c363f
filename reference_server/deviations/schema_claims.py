"""Deviations of what schemas claim, of the URIs by which they are named, and of odd values."""

from __future__ import annotations

from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import CORE_GROUP
from .documents import CORE_USER
from .documents import ENTERPRISE
from .documents import Document
from .documents import drop
from .documents import edit_each
from .documents import objects
from .documents import parse
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import edit_resources
from .shaping import on
from .shaping import refuse
from .shaping import stored
from .shaping import values_of
from .shaping import without_sent
from .writes import members
from .writes import operations
from .writes import path

_SCHEMAS = on("GET", "Schemas")
_USERS = on("GET POST PUT PATCH", "Users")
_GROUPS = on("GET POST PUT PATCH", "Groups")
_SERVICE = "urn:ietf:params:scim:schemas:core:2.0:"


@deviation("schemas-title-on-request", area="discovery")
def schemas_title_on_request(handle: Handler) -> Handler:
    """Say in Schemas that the title of a user is returned on request, though it always is."""
    return _claim(handle, CORE_USER, "title", returned="request")


@deviation("schemas-nick-name-immutable", area="discovery")
def schemas_nick_name_immutable(handle: Handler) -> Handler:
    """Say in Schemas that the nickName of a user is immutable, though clients change it."""
    return _claim(handle, CORE_USER, "nickName", mutability="immutable")


@deviation("schemas-emails-singular", area="discovery")
def schemas_emails_singular(handle: Handler) -> Handler:
    """Say in Schemas that a user has one e-mail at most, though they come in an array."""
    return _claim(handle, CORE_USER, "emails", multiValued=False)


@deviation("schemas-groups-writable", area="discovery")
def schemas_groups_writable(handle: Handler) -> Handler:
    """Say in Schemas that the groups of a user can be written."""
    return _claim(handle, CORE_USER, "groups", mutability="readWrite")


@deviation("schemas-members-as-texts", area="discovery")
def schemas_members_as_texts(handle: Handler) -> Handler:
    """Say in Schemas that the members of a group are texts."""
    return _claim(handle, CORE_GROUP, "members", type="string", subAttributes=[])


@deviation("schemas-members-read-only", area="discovery")
def schemas_members_read_only(handle: Handler) -> Handler:
    """Say in Schemas that the members of a group are read-only."""
    return _claim(handle, CORE_GROUP, "members", mutability="readOnly")


@deviation("schemas-member-values-editable", area="discovery")
def schemas_member_values_editable(handle: Handler) -> Handler:
    """Say in Schemas that the value of a member can be changed in place."""
    return _claim(handle, CORE_GROUP, "members.value", mutability="readWrite")


@deviation("schemas-manager-as-text", area="discovery")
def schemas_manager_as_text(handle: Handler) -> Handler:
    """Say in Schemas that the manager of a user is a text."""
    return _claim(handle, ENTERPRISE, "manager", type="string", subAttributes=[])


@deviation("schemas-manager-name-editable", area="discovery")
def schemas_manager_name_editable(handle: Handler) -> Handler:
    """Say in Schemas that the displayName of a manager can be written."""
    return _claim(handle, ENTERPRISE, "manager.displayName", mutability="readWrite")


@deviation("schemas-parts-case-exact", area="discovery")
def schemas_parts_case_exact(handle: Handler) -> Handler:
    """Say in Schemas that parts and extensions have case, which filters overlook."""
    handle = _claim(handle, ENTERPRISE, "department", caseExact=True)
    handle = _claim(handle, CORE_USER, "name.familyName", caseExact=True)
    return _claim(handle, CORE_USER, "emails.value", caseExact=True)


@deviation("schemas-without-canonical-values", area="discovery")
def schemas_without_canonical_values(handle: Handler) -> Handler:
    """Leave the canonicalValues out of Schemas."""

    def walk(found: Document) -> None:
        drop(found, "canonicalValues")
        for key in ("attributes", "subAttributes"):
            edit_each(objects(found.get(key)), walk)

    return edit_resources(handle, _SCHEMAS, walk)


@deviation("schemas-config-of-other-types", area="discovery")
def schemas_config_of_other_types(handle: Handler) -> Handler:
    """Say in the schema of ServiceProviderConfig that `supported` is a text."""
    name = f"{_SERVICE}ServiceProviderConfig"
    for feature in ("patch", "bulk", "filter"):
        handle = _claim(handle, name, f"{feature}.supported", type="string")
    return handle


@deviation("schemas-type-of-other-types", area="discovery")
def schemas_type_of_other_types(handle: Handler) -> Handler:
    """Say in the schema of ResourceTypes that the endpoint is complex."""
    return _claim(handle, f"{_SERVICE}ResourceType", "endpoint", type="complex")


@deviation("schemas-schema-of-other-types", area="discovery")
def schemas_schema_of_other_types(handle: Handler) -> Handler:
    """Say in the schema of Schemas that `attributes` is one text."""
    claim = _claim(handle, f"{_SERVICE}Schema", "attributes", type="string", multiValued=False)
    return _claim(claim, f"{_SERVICE}Schema", "name", type="integer")


@deviation("schemas-list-id-writable", area="discovery")
def schemas_list_id_writable(handle: Handler) -> Handler:
    """List the id among the attributes of a user in Schemas, and say that it can be written."""
    given: Document = {"name": "id", "type": "string", "multiValued": False, "required": True}
    given.update(mutability="readWrite", returned="always", uniqueness="none", caseExact=False)

    def add(schema: Document) -> None:
        if schema.get("id") == CORE_USER:
            schema["attributes"] = [given, *objects(schema.get("attributes"))]

    return edit_resources(handle, _SCHEMAS, add)


@deviation("schemas-badges-without-parts", area="discovery")
def schemas_badges_without_parts(handle: Handler) -> Handler:
    """List badges in the extension in Schemas, complex without parts, and keep none."""
    badges: Document = {"name": "badges", "type": "complex", "multiValued": True}

    def add(schema: Document) -> None:
        if schema.get("id") == ENTERPRISE:
            schema["attributes"] = [*objects(schema.get("attributes")), badges]

    return edit_resources(handle, _SCHEMAS, add)


@deviation("urns-in-lower-case", area="metadata")
def urns_in_lower_case(handle: Handler) -> Handler:
    """Name the schemas of users in lower case."""

    def edit(found: Document) -> None:
        if CORE_USER in str(found.get("schemas")):
            found["schemas"] = [str(each).lower() for each in _texts(found.get("schemas"))]

    return edit_resources(handle, _USERS, edit)


@deviation("urns-without-kind", area="metadata")
def urns_without_kind(handle: Handler) -> Handler:
    """Leave the word `schemas` out of the URIs of the schemas of users."""

    def edit(found: Document) -> None:
        if CORE_USER in str(found.get("schemas")):
            named = [str(each) for each in _texts(found.get("schemas"))]
            found["schemas"] = [each.replace("scim:schemas:", "scim:") for each in named]

    return edit_resources(handle, _USERS, edit)


@deviation("create-urn-in-capitals-500", area="metadata")
def create_urn_in_capitals_500(handle: Handler) -> Handler:
    """Answer 500 to a new user whose schemas begin with URN in capitals."""

    def capital(body: Document) -> bool:
        return any(str(each).startswith("URN") for each in _texts(value_of(body, "schemas")))

    return refuse(handle, on("POST", "Users", one=False, body=capital), 500, "Unknown schema.")


@deviation("create-unpadded-certificate-500", area="metadata")
def create_unpadded_certificate_500(handle: Handler) -> Handler:
    """Answer 500 to a new user with a certificate in base64 without padding."""

    def unpadded(body: Document) -> bool:
        return any(len(each) % 4 for each in values_of(value_of(body, "x509Certificates")))

    return refuse(handle, on("POST", "Users", one=False, body=unpadded), 500, "Bad padding.")


@deviation("create-group-with-stranger-500", area="groups")
def create_group_with_stranger_500(handle: Handler) -> Handler:
    """Answer 500 to a new group with a member who does not exist."""

    def wrapped(request: Request) -> Response:
        body = parse(request.body) if on("POST", "Groups", one=False)(request) else None
        strangers = [one for each in members(body or {}) if "nobody" in (one := _named(each))]
        broken = refuse(handle, lambda _request: bool(strangers), 500, "Foreign key.")
        return broken(request)

    return wrapped


@deviation("patch-display-of-value-500", area="patching")
def patch_display_of_value_500(handle: Handler) -> Handler:
    """Answer 500 to a PATCH of the display of an e-mail."""

    def aims(body: Document) -> bool:
        return any("].display" in path(each) for each in operations(body))

    return refuse(handle, on("PATCH", "Users", body=aims), 500, "The update failed.")


@deviation("if-match-overlooks-case", area="versions")
def if_match_overlooks_case(handle: Handler) -> Handler:
    """Take an If-Match for the current version that differs from it in capitals."""

    def wrapped(request: Request) -> Response:
        tag = request.header("If-Match")
        if tag is None or not on("PUT PATCH DELETE", "Users Groups", one=True)(request):
            return handle(request)
        current = [
            text_of(each, "version") for each in objects(stored(handle, request).get("meta"))
        ]
        if [tag.lower()] != [each.lower() for each in current]:
            return handle(request)
        bare = without_sent(request, "If-Match")
        return handle(replace(bare, headers=(*bare.headers, ("If-Match", current[0]))))

    return wrapped


@deviation("member-refs-not-normal", area="metadata")
def member_refs_not_normal(handle: Handler) -> Handler:
    """Write the references of members with a scheme in capitals and a path with dots."""

    def edit(found: Document) -> None:
        for each in objects(found.get("members")):
            told = text_of(each, "$ref")
            if told:
                each["$ref"] = told.replace("http", "HTTP", 1).replace("/Users/", "/./Users/")

    return edit_resources(handle, _GROUPS, edit)


def _named(member: Document) -> str:
    return text_of(member, "value")


def _texts(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _claim(handle: Handler, urn: str, where: str, **said: Json) -> Handler:
    """Say something else in Schemas of the attribute at a path of one schema."""

    def walk(found: Document, names: list[str], key: str) -> None:
        for each in objects(found.get(key)):
            if each.get("name") == names[0] and names[1:]:
                walk(each, names[1:], "subAttributes")
            elif each.get("name") == names[0]:
                each.update(said)

    def edit(schema: Document) -> None:
        if schema.get("id") == urn:
            walk(schema, where.split("."), "attributes")

    return edit_resources(handle, _SCHEMAS, edit)
