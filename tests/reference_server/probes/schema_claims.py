"""Probes of `deviations/schema_claims.py`."""

from __future__ import annotations

from collections.abc import Callable

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import GROUP
from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving
from tests.reference_server.deviation_talk import operating
from tests.reference_server.deviation_talk import replacing

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
DISPLAY = giving('emails[type eq "work"].display', "Work")


def _attribute(t: Talk, urn: str, path: str) -> Json:
    """Return an attribute of a schema by its path, an empty one where there is none."""
    found = t.send("GET", f"/Schemas/{urn}").json
    for name in path.split("."):
        inner = [*found.get("attributes", []), *found.get("subAttributes", [])]
        found = next((each for each in inner if each["name"] == name), {})
    return found


def _said(urn: str, path: str, name: str) -> Callable[[Talk], object]:
    return lambda t: _attribute(t, urn, path).get(name)


def _certified(t: Talk, value: str) -> int:
    return t.create("ben", x509Certificates=[{"value": value}]).status


def _conditional(t: Talk) -> tuple[int, int]:
    """Return the statuses of changes on a version in the other case, and on another version."""
    where = f"/Users/{t.anna}"
    t.crew("anna")
    tag = t.send("GET", where).response.header("ETag") or ""
    other = f"W/{tag.removeprefix('W/').upper()}"
    body = operating(replacing(title="Boss"))
    assert other != tag
    stale = t.send("PATCH", where, body, If_Match='W/"stale"').status
    return stale, t.send("PATCH", where, body, If_Match=other).status


PROBES: dict[str, tuple[Look, object, object]] = {
    "schemas-title-on-request": (_said(USER, "title", "returned"), "default", "request"),
    "schemas-nick-name-immutable": (
        _said(USER, "nickName", "mutability"),
        "readWrite",
        "immutable",
    ),
    "schemas-emails-singular": (_said(USER, "emails", "multiValued"), True, False),
    "schemas-groups-writable": (_said(USER, "groups", "mutability"), "readOnly", "readWrite"),
    "schemas-members-as-texts": (_said(GROUP, "members", "type"), "complex", "string"),
    "schemas-members-read-only": (_said(GROUP, "members", "mutability"), "readWrite", "readOnly"),
    "schemas-member-values-editable": (
        _said(GROUP, "members.value", "mutability"),
        "immutable",
        "readWrite",
    ),
    "schemas-manager-as-text": (_said(ENTERPRISE, "manager", "type"), "complex", "string"),
    "schemas-manager-name-editable": (
        _said(ENTERPRISE, "manager.displayName", "mutability"),
        "readOnly",
        "readWrite",
    ),
    "schemas-parts-case-exact": (_said(USER, "emails.value", "caseExact"), False, True),
    "schemas-without-canonical-values": (
        lambda t: "canonicalValues" in _attribute(t, USER, "emails.type"),
        True,
        False,
    ),
    "schemas-config-of-other-types": (
        _said(f"{CORE}ServiceProviderConfig", "patch.supported", "type"),
        "boolean",
        "string",
    ),
    "schemas-type-of-other-types": (
        lambda t: _attribute(t, f"{CORE}ResourceType", "endpoint")["type"] == "complex",
        False,
        True,
    ),
    "schemas-schema-of-other-types": (
        _said(f"{CORE}Schema", "attributes", "type"),
        "complex",
        "string",
    ),
    "schemas-list-id-writable": (_said(USER, "id", "mutability"), None, "readWrite"),
    "schemas-badges-without-parts": (_said(ENTERPRISE, "badges", "type"), None, "complex"),
    "urns-in-lower-case": (lambda t: t.get(t.anna)["schemas"][0], USER, USER.lower()),
    "urns-without-kind": (
        lambda t: t.get(t.anna)["schemas"][0],
        USER,
        "urn:ietf:params:scim:core:2.0:User",
    ),
    "create-urn-in-capitals-500": (
        lambda t: (
            t.create("ben", schemas=[USER.replace("urn", "URN", 1)]).status == 500,
            t.create("anna").status,
        ),
        (False, 201),
        (True, 201),
    ),
    "create-unpadded-certificate-500": (
        lambda t: (_certified(t, "QUJD") == 500, _certified(t, "QUI") == 500),
        (False, False),
        (False, True),
    ),
    "create-group-with-stranger-500": (
        lambda t: t.create_group("Staff", "nobody").status == 500,
        False,
        True,
    ),
    "patch-display-of-value-500": (
        lambda t: t.patch(DISPLAY, name="anna" if t.anna else "").status == 500,
        False,
        True,
    ),
    "if-match-overlooks-case": (_conditional, (412, 412), (412, 200)),
    "member-refs-not-normal": (
        lambda t: "/./Users/" in t.crew("anna").group()["members"][0]["$ref"],
        False,
        True,
    ),
}
