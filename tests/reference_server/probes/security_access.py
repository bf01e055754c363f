"""Probes of `deviations/security_access.py` and `deviations/security_tenants.py`."""

from __future__ import annotations

from dataclasses import replace

from reference_server import Credential
from reference_server import Request
from reference_server import Response
from reference_server import create_app
from tests.reference_server.deviation_talk import BASE
from tests.reference_server.deviation_talk import GROUP
from tests.reference_server.deviation_talk import RIGHT
from tests.reference_server.deviation_talk import WRONG
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Reply
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import members
from tests.reference_server.deviation_talk import operating
from tests.reference_server.deviation_talk import person
from tests.reference_server.deviation_talk import replacing


def _knocked(t: Talk, method: str, path: str = "", body: object = None, **more: str) -> Reply:
    """Send a request about Anna without a token, after one with it."""
    where = path or f"/Users/{t.anna}"
    return t.send(method, where, body, Authorization=None, **more)


def _wrong(t: Talk, method: str, path: str = "", body: object = None, query: str = "") -> int:
    where = path or f"/Users/{t.anna}"
    assert t.anna
    return t.send(method, where, body, query, Authorization=WRONG).status


def _expired(t: Talk) -> Response:
    """Come with a credential that is over, after one that is not."""
    over = Credential(kind="bearer", secret="over", expires=t.now)  # noqa: S106 - of this test
    app = create_app(credentials=[t.credential, over], deviations=t.deviations, clock=lambda: t.now)
    asked = Request("GET", f"{BASE}/Users", "", (("Authorization", RIGHT),))
    assert app.handle(asked).status == 200
    return app.handle(replace(asked, headers=(("Authorization", "Bearer over"),)))


def _challenge(reply: Reply) -> bool:
    return reply.response.header("WWW-Authenticate") is not None


def _as(t: Talk, value: str) -> int:
    """Return the status of a list for another Authorization value, after the right one."""
    assert t.anna
    return t.send("GET", "/Users", Authorization=value).status


def _other(t: Talk) -> Talk:
    """Return the other tenant of the same server, with a user of its own, ben."""
    t.make("anna")
    other = Talk(t.deviations)
    other.make("zoe", id="x")
    # Both count their ids from one.
    other.make("ben")
    return other


def _mixed_group(t: Talk) -> tuple[Talk, Reply]:
    other = _other(t)
    body = {"schemas": [GROUP], "displayName": "Mixed", "members": members(other.ids["ben"])}
    return other, t.send("POST", "/Groups", body)


def _names_shown(t: Talk) -> object:
    """Return the display of a member that belongs to the other tenant."""
    _, reply = _mixed_group(t)
    return [each.get("display") for each in reply.json.get("members", [])]


def _groups_shown(t: Talk) -> int:
    """Return how many groups the user of the other tenant shows."""
    other, _ = _mixed_group(t)
    return len(other.get("ben").get("groups", []))


PROBES: dict[str, tuple[Look, object, object]] = {
    "groups-open": (lambda t: _knocked(t.crew("anna"), "GET", "/Groups").status, 401, 200),
    "search-by-post-open": (
        lambda t: _knocked(t.people(1), "POST", "/Users/.search", {"schemas": []}).status == 401,
        True,
        False,
    ),
    "patch-open": (
        lambda t: _knocked(t, "PATCH", body=operating(replacing(title="Boss"))).status,
        401,
        200,
    ),
    "delete-open": (lambda t: _knocked(t, "DELETE").status, 401, 204),
    "post-open": (
        lambda t: _knocked(t.people(1), "POST", "/Users", person("ben")).status,
        401,
        201,
    ),
    "head-open": (lambda t: _knocked(t, "HEAD").status, 401, 200),
    "unknown-methods-open": (lambda t: _knocked(t, "LOOK").status, 401, 200),
    "any-token-reads-by-id": (lambda t: _wrong(t, "GET"), 401, 200),
    "any-token-patches": (
        lambda t: _wrong(t, "PATCH", body=operating(replacing(title="Boss"))),
        401,
        200,
    ),
    "any-token-filters": (
        lambda t: _wrong(t, "GET", "/Users", query="filter=userName%20pr"),
        401,
        200,
    ),
    "expired-token-accepted": (lambda t: _expired(t).status, 401, 200),
    "expired-not-explained": (
        lambda t: "invalid_token" in (_expired(t).header("WWW-Authenticate") or ""),
        True,
        False,
    ),
    "scheme-has-case": (lambda t: _as(t, RIGHT.replace("B", "b")), 200, 401),
    "token-in-query-accepted": (
        lambda t: t.send("GET", "/Users", query="access_token=right", Authorization=None).status,
        401,
        200,
    ),
    "token-prefix-accepted": (lambda t: _as(t, RIGHT[:-1]), 401, 200),
    "token-case-overlooked": (lambda t: _as(t, "Bearer RIGHT"), 401, 200),
    "empty-authorization-500": (lambda t: (_as(t, ""), _as(t, "Bearer")), (401, 401), (500, 500)),
    "unauthenticated-404-for-nobody": (
        lambda t: (_knocked(t, "GET").status, _knocked(t, "GET", "/Users/nobody").status),
        (401, 401),
        (401, 404),
    ),
    "writes-without-challenge": (
        lambda t: (_challenge(_knocked(t, "DELETE")), _challenge(_knocked(t, "GET"))),
        (True, True),
        (False, True),
    ),
    "groups-unchallenged": (
        lambda t: (_challenge(_knocked(t, "GET", "/Groups")), _challenge(_knocked(t, "GET"))),
        (True, True),
        (False, True),
    ),
    "ids-of-every-tenant": (
        lambda t: t.status("GET", f"/Users/{_other(t).ids['ben']}"),
        404,
        200,
    ),
    "searches-over-all-tenants": (lambda t: (_other(t), t.found("ben"))[1], [], ["ben"]),
    "members-of-every-tenant": (_names_shown, [], ["ben@example.com"]),
    "groups-of-every-tenant": (_groups_shown, 0, 1),
}
