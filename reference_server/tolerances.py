"""What the server accepts beyond the RFCs because identity providers need it, named in one place.

All are on by default. With one switched off the server answers as the RFC's plain text says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Tolerance(StrEnum):
    """One thing accepted beyond the RFCs: its name, and what it is in one sentence."""

    sentence: str

    def __new__(cls, name: str, sentence: str) -> Tolerance:
        """Keep the sentence beside the name, which is the value."""
        self = str.__new__(cls, name)
        self._value_ = name
        self.sentence = sentence
        return self

    ADD_CREATES_VALUE = (
        "add-creates-value",
        "PATCH add with a filter that matches nothing makes the value that the filter describes; "
        "off: 400 noTarget.",
    )
    ARRAY_FOR_SINGLE_VALUE = (
        "array-for-single-value",
        "PATCH takes an array of one object for an attribute with a single complex value, such as "
        "manager; off: 400 invalidValue.",
    )
    BARE_STRING_MANAGER = (
        "bare-string-manager",
        'A text in place of the enterprise manager is read as {"value": text}; off: 400 '
        "invalidValue.",
    )
    BARE_VALUE_FOR_ARRAY = (
        "bare-value-for-array",
        "PATCH takes a single value where a multi-valued attribute wants an array; off: 400 "
        "invalidValue.",
    )
    BOOLEAN_DIGITS = (
        "boolean-digits",
        '"1" and "0" as text are read as booleans in bodies; off: 400 invalidValue.',
    )
    BOOLEAN_TEXT = (
        "boolean-text",
        '"True" and "False" as text, in any capitals, are read as booleans, in bodies and in '
        "filters; off: 400 invalidValue or invalidFilter.",
    )
    CAPITALISED_LITERALS = (
        "capitalised-literals",
        "True, False and Null in filters may have capitals; off: 400 invalidFilter.",
    )
    CAPITALISED_OPERATIONS = (
        "capitalised-operations",
        "The op of a PATCH operation may have capitals, such as Add; off: 400 invalidSyntax.",
    )
    CLIENT_CREDENTIALS_TWICE = (
        "client-credentials-twice",
        "A token request may carry the client's credentials in the header and in the body; off: "
        "400 invalid_request (RFC 6749 section 2.3).",
    )
    DOTTED_KEYS = (
        "dotted-keys",
        "A key of a path-less PATCH value may name a sub-attribute, such as name.givenName; off: "
        "400 invalidPath.",
    )
    EMPTY_PATH = (
        "empty-path",
        "An empty text as the path of a PATCH operation counts as no path; off: 400 invalidPath.",
    )
    EMPTY_MANAGER = (
        "empty-manager",
        "A manager whose value is an empty text counts as no manager; off: the empty text is kept.",
    )
    FILTER_AFTER_BRACKETS = (
        "filter-after-brackets",
        'A filter may go on after square brackets, as in emails[type eq "work"].value eq "x"; off: '
        "400 invalidFilter.",
    )
    FILTER_ON_SINGLE_VALUE = (
        "filter-on-single-value",
        'A PATCH path may select a single complex value, as in manager[value eq "1"]; off: 400 '
        "invalidPath.",
    )
    FOREIGN_SCHEMAS = (
        "foreign-schemas",
        "The schemas of a body may list URIs that its resource type does not have; off: 400 "
        "invalidValue.",
    )
    FORMER_CORE_SCHEMA = (
        "former-core-schema",
        "A URI of SCIM 1.0 or of a draft, urn:scim:schemas:core:1.0 or 2.0, in the schemas of a "
        "user or group stands for the core schema where that is not listed; off: 400 invalidValue.",
    )
    NULL_MULTI_VALUED = (
        "null-multi-valued",
        "null stands for no values of a multi-valued attribute (RFC 7643 section 2.5, read "
        "broadly), and null among values is passed over; off: 400 invalidValue, only the empty "
        "array says that there are none.",
    )
    OBJECT_FOR_ARRAY = (
        "object-for-array",
        "POST and PUT take one object where a multi-valued attribute wants an array; off: 400 "
        "invalidValue.",
    )
    PATCH_WITHOUT_SCHEMAS = (
        "patch-without-schemas",
        "A PATCH whose body has no schemas is read as the message it can only be; off: 400 "
        "invalidSyntax.",
    )
    QUALIFIED_KEYS = (
        "qualified-keys",
        "A key of a path-less PATCH value may be an attribute name behind its schema URI; off: "
        "400 invalidPath.",
    )
    REMOVE_MEMBERS_BY_VALUE = (
        "remove-members-by-value",
        "PATCH remove on members with a value array removes those members only; off: the value is "
        "ignored and all members go (RFC 7644 section 3.5.2.2).",
    )
    REMOVE_VALUES_BY_VALUE = (
        "remove-values-by-value",
        "PATCH remove on any other multi-valued attribute with a value removes those values only; "
        "off: the value is ignored and all values go.",
    )
    REPEATED_BEARER = (
        "repeated-bearer",
        "The word Bearer may stand more than once before the token; off: 401.",
    )
    SCHEMA_URI_CASE = (
        "schema-uri-case",
        "URIs in the schemas of a body are compared without regard to case; off: 400 invalidValue "
        "or invalidSyntax.",
    )
    TRAILING_SLASH = (
        "trailing-slash",
        "One slash at the end of a path makes no difference; off: 404.",
    )
    UNCHANGED_READ_ONLY = (
        "unchanged-read-only",
        "PATCH may repeat the present value of a readOnly attribute; off: 400 mutability.",
    )
    UNDECLARED_EXTENSION = (
        "undeclared-extension",
        "A body may hold an extension whose URI its schemas do not list; off: 400 invalidValue.",
    )
    UNQUALIFIED_EXTENSIONS = (
        "unqualified-extensions",
        "A filter, a PATCH path or sortBy may name an attribute of an extension without its URI, "
        "if no other attribute has the name; off: 400 invalidFilter, invalidPath or invalidValue.",
    )
    UNQUOTED_VALUE = (
        "unquoted-value",
        "A query filter that is one eq comparison may hold its text without quotes, as in "
        "userName eq bjensen; off: 400 invalidFilter.",
    )


@dataclass(frozen=True, slots=True)
class Tolerances:
    """What one server tolerates: everything but what is switched off."""

    off: frozenset[Tolerance] = frozenset()

    def allow(self, tolerance: Tolerance) -> bool:
        """Tell whether something is accepted beyond the RFCs."""
        # An enumeration's hash is worked out anew each time, and hardly ever is anything off.
        return not self.off or tolerance not in self.off

    @classmethod
    def without(cls, names: Iterable[str]) -> Tolerances:
        """Switch tolerances off by name, or raise ValueError for a name that there is not."""
        return cls(frozenset(_named(name) for name in names))


def names() -> tuple[str, ...]:
    """Return the names of all tolerances, in alphabetical order."""
    return tuple(sorted(each.value for each in Tolerance))


def describe(name: str) -> str:
    """Return the sentence that explains a tolerance."""
    return _named(name).sentence


def _named(name: str) -> Tolerance:
    try:
        return Tolerance(name)  # type: ignore[call-arg]  # a look-up, which mypy takes for __new__
    except ValueError as fault:
        known = ", ".join(names())
        raise ValueError(f"there is no tolerance {name!r}; known: {known}") from fault
