"""RFC 7643 sections 1 to 3 in what the server publishes: names, types and characteristics."""

from __future__ import annotations

import re

from suites.attributes.published import Published
from suites.attributes.published import each_is
from suites.attributes.published import published
from suites.attributes.showing import shows
from suites.bench import Discovery
from suites.requirements import requirement
from suites.schemas.definitions import Definitions

_NAME = re.compile(r"[A-Za-z][$A-Za-z0-9_-]*")
_TYPES = frozenset(
    {"string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"}
)
_WORDS = {
    "type": {each.lower() for each in _TYPES},
    "mutability": {"readonly", "readwrite", "immutable", "writeonly"},
    "returned": {"always", "never", "default", "request"},
    "uniqueness": {"none", "server", "global"},
}
_FLAGS = ("required", "caseExact", "multiValued")


@requirement("RFC7643-1.2-4", proof=("schemas-simple-with-parts",))
def test_a_simple_attribute_has_no_parts(discovery: Discovery) -> None:
    """Only complex attributes have subAttributes in /Schemas."""
    simple = _TYPES - {"complex"}
    each_is(discovery, lambda a: not a.said("subAttributes"), "no subAttributes", types=simple)


@requirement("RFC7643-2.1-3", proof=("schemas-names-with-blanks",))
def test_names_follow_the_grammar(discovery: Discovery) -> None:
    """The names of attributes are a letter and then letters, digits, `$`, `-` and `_`."""

    def good(each: Published) -> bool:
        name = each.said("name")
        return name == "$ref" or (isinstance(name, str) and _NAME.fullmatch(name) is not None)

    each_is(discovery, good, "names as section 2.1 has them")


@requirement("RFC7643-2.1-4", proof=("schemas-name-twice",))
def test_names_differ_by_more_than_case(discovery: Discovery) -> None:
    """No two attributes of a schema have the same name but for capitals."""
    names = [f"{each.schema} {each.path}".lower() for each in published(discovery)]
    twice = sorted({name for name in names if names.count(name) > 1})
    shows(discovery.schemas, holds=not twice, wanted="each name once", came=[*twice])


@requirement("RFC7643-2.2-1", proof=("schemas-unknown-mutability", "schemas-flags-as-text"))
def test_characteristics_have_values_of_the_rfc(discovery: Discovery) -> None:
    """What /Schemas says of an attribute is one of the words of the RFC, or a boolean."""

    def good(each: Published) -> bool:
        words = [(each.said(name), allowed) for name, allowed in _WORDS.items() if name != "type"]
        flags = [each.said(name) for name in _FLAGS]
        told = all(word is None or str(word).lower() in allowed for word, allowed in words)
        return told and all(flag is None or isinstance(flag, bool) for flag in flags)

    each_is(discovery, good, "characteristics as section 2.2 has them")


@requirement("RFC7643-2.3-1", proof=("schemas-of-own-types",))
def test_no_type_is_made_up(discovery: Discovery) -> None:
    """The type of each attribute is one of section 2.3."""

    def good(each: Published) -> bool:
        said = each.said("type")
        return said is None or str(said).lower() in _WORDS["type"]

    each_is(discovery, good, "types of section 2.3")


def _not_unique(each: Published) -> bool:
    return each.said("uniqueness") in (None, "none")


def _plain(each: Published) -> bool:
    return _not_unique(each) and each.said("caseExact") in (None, False)


@requirement("RFC7643-2.3.2-2", proof=("schemas-booleans-with-case",))
def test_a_boolean_has_no_case(discovery: Discovery) -> None:
    """No boolean is case exact or unique in /Schemas."""
    each_is(discovery, _plain, "neither caseExact nor uniqueness", types=("boolean",))


@requirement("RFC7643-2.3.5-4", proof=("schemas-dates-unique",))
def test_a_date_is_not_unique(discovery: Discovery) -> None:
    """No dateTime is unique in /Schemas."""
    each_is(discovery, _not_unique, "no uniqueness", types=("dateTime",))


@requirement("RFC7643-2.3.6-5", proof=("schemas-overlook-case",))
def test_a_binary_is_case_exact(discovery: Discovery) -> None:
    """Each binary is case exact in /Schemas, and none is unique."""

    def good(each: Published) -> bool:
        return each.said("caseExact") is True and _not_unique(each)

    each_is(discovery, good, "caseExact true, no uniqueness", types=("binary",))


@requirement("RFC7643-2.3.7-5", proof=("schemas-overlook-case",))
def test_a_reference_is_case_exact(discovery: Discovery) -> None:
    """Each reference is case exact in /Schemas."""
    each_is(discovery, lambda a: a.said("caseExact") is True, "caseExact", types=("reference",))


@requirement("RFC7643-2.3.7-6", proof=("schemas-without-reference-types",))
def test_a_reference_says_to_what(discovery: Discovery) -> None:
    """Each reference has referenceTypes in /Schemas."""
    each_is(discovery, lambda a: bool(a.said("referenceTypes")), "types", types=("reference",))


@requirement("RFC7643-2.3.8-3", proof=("schemas-complex-unique",))
def test_a_complex_attribute_has_no_case(discovery: Discovery) -> None:
    """No complex attribute is case exact or unique in /Schemas."""
    each_is(discovery, _plain, "neither caseExact nor uniqueness", types=("complex",))


@requirement("RFC7643-3.3-5", proof=("schemas-extension-redefines",))
def test_no_extension_redefines_an_attribute(
    discovery: Discovery, definitions: Definitions
) -> None:
    """No attribute of an extension has the name of one of its base schema."""
    wrong = []
    for kind in definitions.types:
        base = definitions.schema(kind.schema)
        known = {each.name.lower() for each in base.attributes} if base else set()
        for urn in kind.extensions:
            more = definitions.schema(urn)
            wrong += [
                each.path
                for each in (more.attributes if more else ())
                if each.name.lower() in known
            ]
    shows(discovery.schemas, holds=not wrong, wanted="other names", came=[*wrong])


_PARTS = {"primary": {"boolean"}, "type": {"string"}, "display": {"string"}, "$ref": {"reference"}}


@requirement("RFC7643-2.4-4", proof=("schemas-primary-as-text",))
def test_predefined_parts_have_their_types(discovery: Discovery) -> None:
    """`type`, `primary`, `display` and `$ref` of an array have the types of section 2.4."""
    arrays = {a.path for a in published(discovery) if a.said("multiValued") is True}

    def good(each: Published) -> bool:
        above, _, name = each.path.rpartition(".")
        said = each.said("type")
        return above not in arrays or said is None or said in _PARTS.get(name, {said})

    each_is(discovery, good, "the types of section 2.4")
