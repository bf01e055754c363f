"""Probes of `deviations/attribute_schemas.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import GROUP
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk


def _named(t: Talk, urn: str) -> list[str]:
    return [each["name"] for each in t.send("GET", f"/Schemas/{urn}").json["attributes"]]


PROBES: dict[str, tuple[Look, object, object]] = {
    "schemas-nest-complex": (
        lambda t: "complex" in [a["type"] for a in t.attribute("name")["subAttributes"]],
        False,
        True,
    ),
    "schemas-simple-with-parts": (lambda t: "subAttributes" in t.attribute("title"), False, True),
    "schemas-names-with-blanks": (
        lambda t: "nick name" in _named(t, "urn:ietf:params:scim:schemas:core:2.0:User"),
        False,
        True,
    ),
    "schemas-unknown-mutability": (
        lambda t: t.attribute("displayName")["mutability"],
        "readWrite",
        "editable",
    ),
    "schemas-booleans-with-case": (
        lambda t: t.attribute("active").get("caseExact") is True,
        False,
        True,
    ),
    "schemas-complex-unique": (
        lambda t: t.attribute("name").get("uniqueness") == "server",
        False,
        True,
    ),
    "schemas-dates-unique": (lambda t: "hired" in _named(t, ENTERPRISE), False, True),
    "schemas-overlook-case": (lambda t: t.attribute("profileUrl")["caseExact"], True, False),
    "schemas-without-reference-types": (
        lambda t: "referenceTypes" in t.attribute("profileUrl"),
        True,
        False,
    ),
    "schemas-extension-redefines": (lambda t: "displayName" in _named(t, ENTERPRISE), False, True),
    "schemas-case-exact-wrong": (lambda t: t.attribute("userName")["caseExact"], False, True),
    "schemas-display-name-read-only": (
        lambda t: t.attribute("displayName")["mutability"],
        "readWrite",
        "readOnly",
    ),
    "schemas-primary-as-text": (
        lambda t: "boolean" in [a["type"] for a in t.attribute("emails")["subAttributes"]],
        True,
        False,
    ),
    "schemas-title-write-only": (
        lambda t: t.attribute("title")["mutability"],
        "readWrite",
        "writeOnly",
    ),
    "schemas-title-required": (lambda t: t.attribute("title")["required"], False, True),
    "schemas-title-always-returned": (
        lambda t: t.attribute("title")["returned"],
        "default",
        "always",
    ),
    "schemas-title-never-returned": (
        lambda t: t.attribute("title")["returned"],
        "default",
        "never",
    ),
    "schemas-title-multi-valued": (lambda t: t.attribute("title")["multiValued"], False, True),
    "schemas-display-name-unique": (
        lambda t: t.attribute("displayName")["uniqueness"],
        "none",
        "server",
    ),
    "schemas-complex-without-parts": (
        lambda t: "subAttributes" in t.attribute("addresses"),
        True,
        False,
    ),
    "schemas-reference-types-unknown": (
        lambda t: t.attribute("profileUrl")["referenceTypes"],
        ["external"],
        ["Page"],
    ),
    "schemas-reference-types-on-texts": (
        lambda t: "referenceTypes" in t.attribute("title"),
        False,
        True,
    ),
    "schemas-canonical-values-as-text": (
        lambda t: (
            "work,home,other"
            in [a.get("canonicalValues") for a in t.attribute("emails")["subAttributes"]]
        ),
        False,
        True,
    ),
    "schemas-without-groups": (lambda t: t.status("GET", f"/Schemas/{GROUP}"), 200, 404),
}
