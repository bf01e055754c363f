"""Deviations of what /Schemas says of attributes, which is not what the server does with them."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request

from .documents import CORE_GROUP
from .documents import ENTERPRISE
from .documents import Document
from .documents import drop
from .documents import keep_resources
from .documents import objects
from .registry import deviation
from .shaping import edit_lists
from .shaping import edit_resources
from .shaping import on
from .shaping import place
from .shaping import refuse

_SCHEMAS = on("GET", "Schemas")


@deviation("schemas-nest-complex", area="discovery")
def schemas_nest_complex(handle: Handler) -> Handler:
    """Say in Schemas that the familyName in a name is complex."""
    return _saying(handle, {"familyName": {"type": "complex"}})


@deviation("schemas-simple-with-parts", area="discovery")
def schemas_simple_with_parts(handle: Handler) -> Handler:
    """Give the title sub-attributes in Schemas, though it is a string."""
    return _saying(handle, {"title": {"subAttributes": [{"name": "short", "type": "string"}]}})


@deviation("schemas-names-with-blanks", area="discovery")
def schemas_names_with_blanks(handle: Handler) -> Handler:
    """Write the name of the nickName with a blank in Schemas."""
    return _saying(handle, {"nickName": {"name": "nick name"}})


@deviation("schemas-unknown-mutability", area="discovery")
def schemas_unknown_mutability(handle: Handler) -> Handler:
    """Give attributes that can be written the mutability `editable` in Schemas."""
    return _saying(handle, {"displayName": {"mutability": "editable"}})


@deviation("schemas-booleans-with-case", area="discovery")
def schemas_booleans_with_case(handle: Handler) -> Handler:
    """Say in Schemas that `active` has case and is unique."""
    said: Document = {"caseExact": True, "uniqueness": "server"}
    return _saying(handle, {"active": said})


@deviation("schemas-complex-unique", area="discovery")
def schemas_complex_unique(handle: Handler) -> Handler:
    """Say in Schemas that the name of a user is unique."""
    return _saying(handle, {"name": {"uniqueness": "server", "caseExact": True}})


@deviation("schemas-dates-unique", area="discovery")
def schemas_dates_unique(handle: Handler) -> Handler:
    """Give users a date of hiring in Schemas that is unique."""
    hired: Document = {"name": "hired", "type": "dateTime", "uniqueness": "server"}
    hired["multiValued"] = False

    def add(schema: Document) -> None:
        if schema.get("id") == ENTERPRISE:
            schema["attributes"] = [*objects(schema.get("attributes")), hired]

    return edit_resources(handle, _SCHEMAS, add)


@deviation("schemas-overlook-case", area="discovery")
def schemas_overlook_case(handle: Handler) -> Handler:
    """Say in Schemas that references and binaries have no case, as an example of the RFC does."""

    def loosen(attribute: Document) -> None:
        if attribute.get("type") in ("reference", "binary"):
            attribute["caseExact"] = False

    return _editing(handle, loosen)


@deviation("schemas-without-reference-types", area="discovery")
def schemas_without_reference_types(handle: Handler) -> Handler:
    """Leave the referenceTypes out of Schemas."""
    return _editing(handle, lambda attribute: drop(attribute, "referenceTypes"))


@deviation("schemas-extension-redefines", area="discovery")
def schemas_extension_redefines(handle: Handler) -> Handler:
    """Call the department in the extension displayName in Schemas, like a core attribute."""
    return _saying(handle, {"department": {"name": "displayName"}})


@deviation("schemas-case-exact-wrong", area="discovery")
def schemas_case_exact_wrong(handle: Handler) -> Handler:
    """Say in Schemas that userName and displayName are case exact, though filters overlook case."""
    exact: Document = {"caseExact": True}
    return _saying(handle, {"userName": exact, "displayName": exact})


@deviation("schemas-display-name-read-only", area="discovery")
def schemas_display_name_read_only(handle: Handler) -> Handler:
    """Say in Schemas that displayName is read-only, though clients change it."""
    return _saying(handle, {"displayName": {"mutability": "readOnly"}})


@deviation("schemas-primary-as-text", area="discovery")
def schemas_primary_as_text(handle: Handler) -> Handler:
    """Say in Schemas that `primary` is a string."""
    return _saying(handle, {"primary": {"type": "string"}})


@deviation("schemas-title-write-only", area="discovery")
def schemas_title_write_only(handle: Handler) -> Handler:
    """Say in Schemas that the title of a user can only be written, though it is shown."""
    return _saying(handle, {"title": {"mutability": "writeOnly"}})


@deviation("schemas-title-required", area="discovery")
def schemas_title_required(handle: Handler) -> Handler:
    """Say in Schemas that the title of a user is required, though it is not asked for."""
    return _saying(handle, {"title": {"required": True}})


@deviation("schemas-title-always-returned", area="discovery")
def schemas_title_always_returned(handle: Handler) -> Handler:
    """Say in Schemas that the title of a user is always returned, though it can be left out."""
    return _saying(handle, {"title": {"returned": "always"}})


@deviation("schemas-title-never-returned", area="discovery")
def schemas_title_never_returned(handle: Handler) -> Handler:
    """Say in Schemas that the title of a user is never returned, though it is."""
    return _saying(handle, {"title": {"returned": "never"}})


@deviation("schemas-title-multi-valued", area="discovery")
def schemas_title_multi_valued(handle: Handler) -> Handler:
    """Say in Schemas that the title of a user is multi-valued, though it is a text."""
    return _saying(handle, {"title": {"multiValued": True}})


@deviation("schemas-display-name-unique", area="discovery")
def schemas_display_name_unique(handle: Handler) -> Handler:
    """Say in Schemas that displayNames are unique, though two users may have the same."""
    return _saying(handle, {"displayName": {"uniqueness": "server"}})


@deviation("schemas-complex-without-parts", area="discovery")
def schemas_complex_without_parts(handle: Handler) -> Handler:
    """Leave the sub-attributes of addresses out of Schemas."""

    def cut(attribute: Document) -> None:
        if attribute.get("name") == "addresses":
            drop(attribute, "subAttributes")

    return _editing(handle, cut)


@deviation("schemas-reference-types-unknown", area="discovery")
def schemas_reference_types_unknown(handle: Handler) -> Handler:
    """Say in Schemas that the profileUrl refers to a type that there is not."""
    return _saying(handle, {"profileUrl": {"referenceTypes": ["Page"]}})


@deviation("schemas-reference-types-on-texts", area="discovery")
def schemas_reference_types_on_texts(handle: Handler) -> Handler:
    """Give the title referenceTypes in Schemas, though it is a string."""
    return _saying(handle, {"title": {"referenceTypes": ["external"]}})


@deviation("schemas-canonical-values-as-text", area="discovery")
def schemas_canonical_values_as_text(handle: Handler) -> Handler:
    """Give the canonicalValues in Schemas as one text with commas."""
    return _saying(handle, {"type": {"canonicalValues": "work,home,other"}})


@deviation("schemas-without-groups", area="discovery")
def schemas_without_groups(handle: Handler) -> Handler:
    """Leave the schema of groups out of Schemas."""

    def other(found: Document) -> bool:
        return found.get("id") != CORE_GROUP

    listed = edit_lists(handle, _SCHEMAS, lambda found: keep_resources(found, other))

    def when(request: Request) -> bool:
        return _SCHEMAS(request) and place(request).id == CORE_GROUP

    return refuse(listed, when, 404, "There is no such schema.")


def _saying(handle: Handler, words: dict[str, Document]) -> Handler:
    """Say something else of attributes in Schemas, by their names."""

    def edit(attribute: Document) -> None:
        name: Json = attribute.get("name")
        if isinstance(name, str) and name in words:
            attribute.update(words[name])

    return _editing(handle, edit)


def _editing(handle: Handler, edit: Callable[[Document], object]) -> Handler:
    def walk(document: Document) -> None:
        for key in ("attributes", "subAttributes"):
            for each in objects(document.get(key)):
                edit(each)
                walk(each)

    return edit_resources(handle, _SCHEMAS, walk)
