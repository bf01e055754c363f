"""Probes of `deviations/security_errors.py`, `…_input.py`, `…_browsers.py` and `…_writes.py`."""

from __future__ import annotations

import json

from reference_server import Request
from reference_server.messages import joined
from tests.reference_server.deviation_talk import BASE
from tests.reference_server.deviation_talk import HTML
from tests.reference_server.deviation_talk import RIGHT
from tests.reference_server.deviation_talk import SCIM
from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import WORD
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Reply
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import members
from tests.reference_server.deviation_talk import operating
from tests.reference_server.deviation_talk import person
from tests.reference_server.deviation_talk import replacing

META = {"created": "1999-12-31T23:59:59Z", "resourceType": "Printer"}


def _sent(t: Talk, text: str) -> Reply:
    """Create a user from a text."""
    headers = (("Authorization", RIGHT), ("Content-Type", SCIM))
    return Reply(t.handle(Request("POST", f"{BASE}/Users", "", headers, text.encode())))


def _with(t: Talk, value: str) -> int:
    """Return the status of a user without a userName, with one value."""
    return _sent(t, f'{{"schemas": ["{USER}"], "displayName": {value}}}').status


def _holds(reply: Reply, text: str) -> bool:
    return text in joined(reply.response.body).decode()


def _header(t: Talk, name: str, method: str = "GET", **sent: str) -> str | None:
    where = f"/Users/{t.anna}"
    return t.send(method, where, None, "", **sent).response.header(name)


def _after(t: Talk, method: str, query: str = "", **headers: str) -> int:
    """Return the status of Anna after a request about her."""
    t.send(method, f"/Users/{t.anna}", None, query, **headers)
    return t.status("GET", f"/Users/{t.anna}")


def _after_large(t: Talk, value: str) -> int:
    _with(t, value)
    return t.send("GET", "/Users").status


def _put(t: Talk, **claims: object) -> dict[str, object]:
    """Tell whether Anna keeps her id in a PUT that claims another, and what she is after it."""
    one = t.anna
    t.send("PUT", f"/Users/{one}", {**person("anna"), **claims})
    after = t.send("GET", f"/Users/{one}").json
    return {"kept": after["id"] == one, "type": after["meta"]["resourceType"]}


def _patched(t: Talk) -> object:
    """Return the type of Anna after a PATCH that claims another."""
    t.send("PATCH", f"/Users/{t.anna}", operating(replacing(meta=META)))
    return t.get()["meta"]["resourceType"]


def _overwritten(t: Talk) -> object:
    """Return Anna's userName after a create with her id."""
    t.send("POST", "/Users", person("ben", id=t.anna))
    return t.get()["userName"]


def _joined(t: Talk) -> list[str]:
    """Return who is in a group after a PUT of Anna that names it."""
    t.make("anna")
    t.crew()
    t.put(groups=members(t.ids["Staff"]))
    return t.inside()


DEEP = "[" * 1_500 + "]" * 1_500
LARGE = json.dumps("a" * 600_000)

PROBES: dict[str, tuple[Look, object, object]] = {
    "errors-with-traceback": (lambda t: _holds(_sent(t, "["), "Traceback"), False, True),
    "errors-with-java-trace": (
        lambda t: _holds(t.send("GET", "/Users/x"), "UserService.java"),
        False,
        True,
    ),
    "broken-json-trace": (lambda t: _holds(_sent(t, '{"a": '), "SyntaxError"), False, True),
    "errors-with-sql": (lambda t: _holds(t.send("GET", "/Users/x"), "SQLSTATE"), False, True),
    "errors-with-paths": (lambda t: _holds(t.filtered("a b"), "parser.py"), False, True),
    "errors-with-request": (
        lambda t: _holds(t.create("anna", active="x", password=WORD), WORD),
        False,
        True,
    ),
    "duplicate-shows-request": (
        lambda t: _holds(t.people(1).create("anna", password=WORD), WORD),
        False,
        True,
    ),
    "server-version-told": (
        lambda t: t.send("GET", "/Users/x").response.header("X-Powered-By"),
        None,
        "Scimd/4.18.2",
    ),
    "not-found-reflects-html": (
        lambda t: t.send("GET", "/Users/%3Cb%3E").kind == HTML,
        False,
        True,
    ),
    "large-bodies-500": (lambda t: _with(t, LARGE), 400, 500),
    "deep-bodies-500": (lambda t: _with(t, DEEP), 400, 500),
    "large-bodies-end-it": (lambda t: _after_large(t, LARGE), 200, 503),
    "deep-bodies-end-it": (lambda t: _after_large(t, DEEP), 200, 503),
    "long-numbers-500": (lambda t: _with(t, "9" * 400), 400, 500),
    "long-pages-500": (lambda t: t.queried(f"startIndex={'9' * 25}"), 200, 500),
    "null-characters-500": (lambda t: t.create("anna", title="a\0b").status == 500, False, True),
    "broken-text-500": (lambda t: t.raw_create(b'{"userName": "\xff"}'), 400, 500),
    "doubled-names-taken": (
        lambda t: _sent(t, f'{{"schemas": ["{USER}"], "userName": "a", "userName": "b"}}').status,
        400,
        201,
    ),
    "method-override-on-get": (
        lambda t: _after(t, "GET", X_HTTP_Method_Override="DELETE"),
        200,
        404,
    ),
    "method-override-on-post": (
        lambda t: _after(t, "POST", X_HTTP_Method_Override="DELETE"),
        200,
        404,
    ),
    "method-in-query": (lambda t: _after(t, "GET", "_method=DELETE"), 200, 404),
    "trace-echoes": (lambda t: t.status("TRACE", "/Users"), 501, 200),
    "cors-reflects-origin": (
        lambda t: _header(t, "Access-Control-Allow-Origin", Origin="https://a.example"),
        None,
        "https://a.example",
    ),
    "cors-allows-null": (
        lambda t: _header(t, "Access-Control-Allow-Origin", Origin="null"),
        None,
        "null",
    ),
    "cors-in-preflight": (
        lambda t: _header(t, "Access-Control-Allow-Credentials", "OPTIONS", Origin="https://a.b"),
        None,
        "true",
    ),
    "replies-public": (lambda t: _header(t, "Cache-Control"), None, "public, max-age=3600"),
    "replies-kept-by-proxies": (
        lambda t: _header(t, "Cache-Control"),
        None,
        "max-age=0, s-maxage=600",
    ),
    "pages-for-browsers": (
        lambda t: t.send("GET", f"/Users/{t.anna}", Accept="text/html,*/*").kind == HTML,
        False,
        True,
    ),
    "session-cookie-set": (lambda t: _header(t, "Set-Cookie"), None, "session=4f2a; Path=/"),
    "create-overwrites-id": (_overwritten, "anna@example.com", "ben@example.com"),
    "id-written-by-put": (
        lambda t: _put(t, id="other")["kept"],
        True,
        False,
    ),
    "meta-written-by-put": (lambda t: _put(t, meta=META)["type"], "User", "Printer"),
    "meta-written-by-patch": (_patched, "User", "Printer"),
    "groups-written-by-users": (_joined, [], ["anna"]),
    "unknown-attributes-kept": (
        lambda t: t.create("anna", isAdmin=True).json.get("isAdmin"),
        None,
        True,
    ),
    "templates-evaluated": (
        lambda t: t.create("anna", displayName="{{7*191}}").json["displayName"],
        "{{7*191}}",
        "1337",
    ),
}
