"""Probes of `deviations/url_versions.py`."""

from __future__ import annotations

from reference_server import Request
from tests.reference_server.deviation_talk import RIGHT
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk


def _at(t: Talk, path: str) -> int:
    return t.handle(Request("GET", path, "", (("Authorization", RIGHT),))).status


def _location(t: Talk) -> str:
    return str(t.get(t.anna)["meta"]["location"]).partition("/Users/")[0]


PROBES: dict[str, tuple[Look, object, object]] = {
    "any-version-served": (
        lambda t: 200 <= _at(t, "/scim/v99/Users") < 300,
        False,
        True,
    ),
    "unversioned-as-1-1": (lambda t: _at(t, "/scim/Users"), 404, 200),
    "location-version-first": (_location, "/scim/v2", "/v2/scim"),
    "location-version-spelled-out": (_location, "/scim/v2", "/scim/v2.0"),
    "if-match-current-refused": (
        lambda t: t.conditional("PUT", t.versions()[0] or "").status,
        200,
        412,
    ),
}
