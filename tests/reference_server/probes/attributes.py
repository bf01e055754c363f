"""Probes of `deviations/attribute_ids.py`, `attribute_meta.py` and `attribute_values.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import person

OLD = {"created": "2001-01-01T00:00:00Z"}
DATA = "AAECAwQFBgcICQ=="
MAIL = "anna@example.com"
TWICE = [{"value": MAIL, "type": "work"}, {"value": MAIL, "type": "work"}]
TYPES = [{"value": MAIL, "type": "work"}, {"value": MAIL, "type": "home"}]
TWO = [{"value": "a@example.com", "type": "work"}, {"value": "b@example.com", "type": "home"}]


def _reused(t: Talk) -> bool:
    """Tell whether Ben gets the id of Anna, who was deleted."""
    gone = t.anna
    t.status("DELETE", f"/Users/{gone}")
    return t.make("ben") == gone


def _named(t: Talk) -> bool:
    """Tell whether a second Anna gets the id of the first, who was deleted."""
    gone = t.anna
    t.status("DELETE", f"/Users/{gone}")
    return t.make("anna", displayName="Somebody else") == gone


def _certificate(t: Talk) -> object:
    t.make("anna", x509Certificates=[{"value": DATA}])
    return t.get()["x509Certificates"][0]["value"]


def _reordered(**first: object) -> Json:
    """Return Anna with other attributes in front."""
    return {**first, **{key: value for key, value in person("anna").items() if key not in first}}


def _renamed() -> Json:
    body = person("anna")
    return {("USERNAME" if key == "userName" else key): value for key, value in body.items()}


PROBES: dict[str, tuple[Look, object, object]] = {
    "create-takes-id": (lambda t: t.create("anna", id="mine").json["id"] == "mine", False, True),
    "group-ids-repeat-user-ids": (
        lambda t: t.crew("anna").group()["id"] == t.ids["anna"],
        False,
        True,
    ),
    "ids-reused": (_reused, False, True),
    "ids-are-user-names": (_named, False, True),
    "ids-overlook-case": (lambda t: t.status("GET", f"/Users/{t.anna.upper()}"), 404, 200),
    "external-ids-in-lower-case": (
        lambda t: t.create("anna", externalId="HR-1").json["externalId"],
        "HR-1",
        "hr-1",
    ),
    "external-id-unique": (
        lambda t: t.people(1).create("ben", externalId="hr-anna").status,
        201,
        409,
    ),
    "display-names-unique": (
        lambda t: t.people(1).create("ben", displayName="Anna Example").status,
        201,
        409,
    ),
    "member-refs-broken": (
        lambda t: t.crew("anna").group()["members"][0]["$ref"].endswith("/profile"),
        False,
        True,
    ),
    "member-refs-as-urns": (
        lambda t: t.crew("anna").group()["members"][0]["$ref"].startswith("urn:"),
        False,
        True,
    ),
    "filter-by-password-500": (lambda t: t.filtered('password eq "x"').status == 500, False, True),
    "create-takes-meta": (
        lambda t: t.create("anna", meta=OLD).json["meta"]["created"] == OLD["created"],
        False,
        True,
    ),
    "put-takes-meta": (
        lambda t: t.people(1).put(meta=OLD).json["meta"]["created"] == OLD["created"],
        False,
        True,
    ),
    "create-refuses-meta": (lambda t: t.create("anna", meta=OLD).status, 201, 400),
    "created-in-1970": (lambda t: t.get(t.anna)["meta"]["created"][:4], "2026", "1970"),
    "meta-location-broken": (
        lambda t: t.get(t.anna)["meta"]["location"].endswith("/profile"),
        False,
        True,
    ),
    "content-location-differs": (
        lambda t: (
            t.send("GET", f"/Users/{t.anna}").response.header("Content-Location")
            == "/internal/accounts/7"
        ),
        False,
        True,
    ),
    "resource-types-in-quotes": (
        lambda t: t.get(t.anna)["meta"]["resourceType"],
        "User",
        '"User"',
    ),
    "filter-resource-type-overlooks-case": (
        lambda t: t.people(1).sought('meta.resourceType eq "uSER"'),
        [],
        ["anna"],
    ),
    "create-takes-arrays-for-text": (
        lambda t: t.create("anna", displayName=["A", "B"]).status,
        400,
        201,
    ),
    "create-takes-objects-for-text": (
        lambda t: t.create("anna", name={"familyName": {"value": "A"}}).status,
        400,
        201,
    ),
    "create-names-have-case": (lambda t: t.send("POST", "/Users", _renamed()).status, 201, 400),
    "create-needs-schemas-first": (
        lambda t: t.send("POST", "/Users", _reordered(userName=MAIL)).status,
        201,
        400,
    ),
    "schemas-order-matters": (
        lambda t: t.create("anna", schemas=[ENTERPRISE, USER]).status,
        201,
        400,
    ),
    "email-type-off-list-500": (
        lambda t: t.create("anna", emails=[{"value": MAIL, "type": "x"}]).status,
        201,
        500,
    ),
    "emails-first-only": (lambda t: len(t.create("anna", emails=TWO).json["emails"]), 2, 1),
    "email-value-once": (lambda t: len(t.create("anna", emails=TYPES).json["emails"]), 2, 1),
    "email-pairs-kept": (lambda t: len(t.create("anna", emails=TWICE).json["emails"]), 1, 2),
    "primary-assumed": (
        lambda t: t.create("anna", emails=TWO).json["emails"][1].get("primary") is True,
        False,
        True,
    ),
    "certificates-in-hex": (_certificate, DATA, "00:01:02:03:04:05:06:07:08:09"),
    "certificates-as-bytes": (_certificate, DATA, [*range(10)]),
    "references-with-blanks": (lambda t: " " in t.get(t.anna)["meta"]["location"], False, True),
    "config-numbers-with-fraction": (
        lambda t: isinstance(t.config()["filter"]["maxResults"], float),
        False,
        True,
    ),
    "core-attributes-nested": (lambda t: "userName" in t.get(t.anna), True, False),
}
