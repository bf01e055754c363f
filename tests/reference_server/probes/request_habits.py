"""Probes of `deviations/request_habits.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import Look

PROBES: dict[str, tuple[Look, object, object]] = {
    "plain-json-get-refused": (
        lambda t: (
            t.status("GET", "/Users", Content_Type="application/json"),
            t.status("GET", "/Users", Content_Type="application/scim+json"),
            t.status("GET", "/Users"),
        ),
        (200, 200, 200),
        (406, 200, 200),
    ),
    "user-agent-empty-refused": (
        lambda t: (
            t.status("GET", "/Users", User_Agent=""),
            t.status("GET", "/Users", User_Agent="x"),
        ),
        (200, 200),
        (403, 200),
    ),
    "user-agent-missing-refused": (
        lambda t: (
            t.search(t.anna).status,
            t.send("GET", "/Users", query="filter=title+pr", User_Agent="x").status,
            t.status("GET", "/Users"),
        ),
        (200, 200, 200),
        (403, 200, 200),
    ),
    "query-ending-in-ampersand-refused": (
        lambda t: (
            t.send("GET", "/Users", query="count=2&").status,
            t.send("GET", "/Users", query="count=2").status,
        ),
        (200, 200),
        (400, 200),
    ),
}
