"""RFC 7643 section 7: the form of what the server publishes of its attributes."""

from __future__ import annotations

from suites.attributes.published import Published
from suites.attributes.published import each_is
from suites.bench import Discovery
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.values import items
from suites.values import strings

# The schemas of RFC 7643 name users and groups, also where a server has but one of the two.
_EVERYWHERE = frozenset({"external", "uri", "User", "Group"})
_SIMPLE = frozenset({"string", "boolean", "decimal", "integer", "dateTime", "binary", "complex"})


@requirement("RFC7643-7-7", proof=("schemas-without-multi-valued",))
def test_every_attribute_is_described(discovery: Discovery) -> None:
    """Each attribute in /Schemas has a name, a type and `multiValued`."""

    def good(each: Published) -> bool:
        named = bool(each.said("name")) and bool(each.said("type"))
        return named and isinstance(each.said("multiValued"), bool)

    each_is(discovery, good, "name, type and multiValued")


@requirement("RFC7643-7-13", proof=("schemas-complex-without-parts",))
def test_a_complex_attribute_has_parts(discovery: Discovery) -> None:
    """Each complex attribute in /Schemas has subAttributes."""
    each_is(discovery, lambda a: bool(a.said("subAttributes")), "parts", types=("complex",))


@requirement("RFC7643-7-18", proof=("schemas-canonical-values-as-text",))
def test_canonical_values_are_an_array(discovery: Discovery) -> None:
    """The canonicalValues of an attribute in /Schemas are an array of texts, if any."""

    def good(each: Published) -> bool:
        said = each.said("canonicalValues")
        return said is None or (isinstance(said, list) and strings(said) == said)

    each_is(discovery, good, "arrays of texts")


@requirement("RFC7643-7-41", proof=("schemas-reference-types-unknown",))
def test_reference_types_are_known(discovery: Discovery, definitions: Definitions) -> None:
    """The referenceTypes of an attribute are resource types of the server, external or uri."""
    known = {each.name for each in definitions.types} | _EVERYWHERE

    def good(each: Published) -> bool:
        return set(strings(items(each.said("referenceTypes")))) <= known

    each_is(discovery, good, "resource types, external or uri", types=("reference",))


@requirement("RFC7643-7-42", proof=("schemas-reference-types-on-texts",))
def test_only_references_have_reference_types(discovery: Discovery) -> None:
    """No attribute but a reference has referenceTypes in /Schemas."""
    each_is(discovery, lambda a: not a.said("referenceTypes"), "none", types=_SIMPLE)
