"""Probes of `deviations/configuration.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import last

CORE = "urn:ietf:params:scim:schemas:core:2.0:"


def _scheme(t: Talk) -> Json:
    found: Json = t.config()["authenticationSchemes"][0]
    return found


def _renamed(t: Talk) -> object:
    """Return what a PUT of the configuration leaves as its documentationUri."""
    body = {**t.config(), "documentationUri": "https://example.com/help"}
    return last(
        t.send("PUT", "/ServiceProviderConfig", body).status, t.config().get("documentationUri")
    )


PROBES: dict[str, tuple[Look, object, object]] = {
    "config-needs-token": (
        lambda t: t.status("GET", "/ServiceProviderConfig", Authorization=None),
        200,
        401,
    ),
    "config-features-as-booleans": (lambda t: t.config()["patch"], {"supported": True}, True),
    "config-without-features": (
        lambda t: sorted({"patch", "sort", "etag"} & set(t.config())),
        ["etag", "patch", "sort"],
        [],
    ),
    "config-limits-as-text": (lambda t: t.config()["filter"]["maxResults"], 1000, "1000"),
    "config-max-results-exceeded": (
        lambda t: (len(t.people(3).users("count=3")), t.config()["filter"]["maxResults"]),
        (3, 1000),
        (3, 2),
    ),
    "config-limits-zero": (lambda t: t.config()["filter"]["maxResults"], 1000, 0),
    "config-of-scim-1": (
        lambda t: t.config()["schemas"],
        [f"{CORE}ServiceProviderConfig"],
        ["urn:scim:schemas:core:1.0"],
    ),
    "config-id-as-number": (lambda t: t.config().get("id"), None, 1),
    "config-documentation-no-address": (
        lambda t: t.config().get("documentationUri"),
        None,
        "See the wiki.",
    ),
    "config-schemes-empty": (lambda t: len(t.config()["authenticationSchemes"]), 1, 0),
    "config-schemes-as-names": (
        lambda t: isinstance(t.config()["authenticationSchemes"][0], str),
        False,
        True,
    ),
    "config-schemes-without-type": (lambda t: "type" in _scheme(t), True, False),
    "config-schemes-without-name": (lambda t: "name" in _scheme(t), True, False),
    "config-schemes-without-description": (lambda t: "description" in _scheme(t), True, False),
    "config-schemes-spec-no-address": (
        lambda t: _scheme(t).get("specUri"),
        "https://www.rfc-editor.org/info/rfc6750",
        "RFC 6750",
    ),
    "config-schemes-help-no-address": (
        lambda t: _scheme(t).get("documentationUri"),
        None,
        "C:\\help\\token.pdf",
    ),
    "config-changed-by-put": (_renamed, None, "https://example.com/help"),
}
