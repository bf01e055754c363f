"""Probes of `deviations/bulk_*.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import GROUP
from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Reply
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving
from tests.reference_server.deviation_talk import members
from tests.reference_server.deviation_talk import operating
from tests.reference_server.deviation_talk import person
from tests.reference_server.deviation_talk import replacing

REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
NOBODY = "/Users/nobody"
GONE: Json = {"method": "DELETE", "path": NOBODY}


def posting(name: str, /, bulk_id: str | None = None, **over: object) -> Json:
    """Return an operation that creates a user."""
    body = person(name, **over)
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id or name, "data": body}


def grouping(bulk_id: str, *names: str) -> Json:
    """Return an operation that creates a group of these bulkIds."""
    inside = members(*(f"bulkId:{each}" for each in names))
    body = {"schemas": [GROUP], "displayName": bulk_id, "members": inside}
    return {"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": body}


def bulk(t: Talk, *operations: Json, **more: object) -> Reply:
    """Send a bulk request."""
    body = {"schemas": [REQUEST], "Operations": list(operations), **more}
    return t.send("POST", "/Bulk", body)


def results(t: Talk, *operations: Json, **more: object) -> list[Any]:
    """Return the results of a bulk request."""
    found: list[Any] = bulk(t, *operations, **more).json["Operations"]
    return found


def statuses(t: Talk, *operations: Json, **more: object) -> list[str]:
    """Return the statuses of the results of a bulk request."""
    return [each.get("status") for each in results(t, *operations, **more)]


def good(key: str) -> Callable[[Talk], object]:
    """Look at a part of the result of a create."""
    return lambda t: results(t, posting("ben"))[0].get(key)


def bad(key: str) -> Callable[[Talk], object]:
    """Look at a part of the result of a delete that fails."""
    return lambda t: results(t, GONE)[0].get(key)


def fault(key: str) -> Callable[[Talk], object]:
    """Look at a part of the error in the result of a delete that fails."""
    return lambda t: results(t, GONE)[0]["response"].get(key)


def titled(t: Talk, *operations: Callable[[str], Json]) -> tuple[object, object]:
    """Return the status of the first of some operations on Anna, and her title after them."""
    path = f"/Users/{t.anna}"
    return statuses(t, *(each(path) for each in operations))[0], t.get("anna").get("title")


def _instead(t: Talk) -> list[str]:
    """Return the statuses of a job that deletes Anna and creates her anew."""
    return statuses(t, {"method": "DELETE", "path": f"/Users/{t.anna}"}, posting("anna"))


def _put(path: str, **more: object) -> Json:
    return {"method": "PUT", "path": path, "data": person("anna", title="Boss"), **more}


def _patch(path: str, *more: Json) -> Json:
    data = operating(replacing(title="Boss"), *more)
    return {"method": "PATCH", "path": path, "data": data}


def _deleted(t: Talk, **more: object) -> tuple[list[str], int]:
    """Delete Anna by bulk; return the statuses, and that of a read after it."""
    path = f"/Users/{t.anna}"
    found = statuses(t, {"method": "DELETE", "path": path, **more})
    return found, t.status("GET", path)


def _stopped(limit: int | None) -> Callable[[Talk], object]:
    """Return the statuses of a job of two failures and a create."""
    more = {} if limit is None else {"failOnErrors": limit}
    return lambda t: statuses(t, GONE, GONE, posting("ben"), **more)


def _members(t: Talk, *operations: Json, name: str = "team") -> object:
    """Return the members of a group after a job, each by name."""
    found = results(t, *operations)
    ids = {each.get("location", "").rpartition("/")[2]: each.get("bulkId") for each in found}
    group = next((i for i, each in ids.items() if each == name), "nobody")
    shown = t.send("GET", f"/Groups/{group}").json
    return [ids.get(each["value"], each["value"]) for each in shown.get("members") or []]


def _joined(t: Talk) -> object:
    """Return the names of those in a group whom a PATCH by bulk added."""
    t.crew("anna")
    data = operating({"op": "add", "path": "members", "value": members("bulkId:ben")})
    join = {"method": "PATCH", "path": f"/Groups/{t.ids['Staff']}", "data": data}
    t.ids["ben"] = results(t, posting("ben"), join)[0]["location"].rpartition("/")[2]
    return t.inside()


def _managed(t: Talk) -> object:
    """Return the manager of a user, by name."""
    clerk = posting("carl")
    clerk["data"][ENTERPRISE] = {"manager": {"value": "bulkId:ben"}}
    ids = [e["location"].rpartition("/")[2] for e in results(t, posting("ben"), clerk)]
    shown = t.send("GET", f"/Users/{ids[1]}").json[ENTERPRISE]["manager"]["value"]
    return "ben" if shown == ids[0] else shown


def _renamed(t: Talk) -> object:
    """Return the title of a user whom a path with a bulkId names."""
    found = results(t, posting("ben"), _patch("/Users/bulkId:ben"))
    return found[1]["status"], t.send("GET", f"/Users/{_id(found[0])}").json.get("title")


def _id(result: Json) -> str:
    return str(result["location"]).rpartition("/")[2]


def _names(t: Talk, *operations: Json, **more: object) -> tuple[list[str], list[str]]:
    """Return the statuses of a job, and who is there after it."""
    return statuses(t, *operations, **more), t.names()


def _swapped(t: Talk) -> object:
    """Return the bulkIds of two creates."""
    return [each["bulkId"] for each in results(t, posting("ben"), posting("carl"))]


def _stale(t: Talk) -> object:
    return titled(t, lambda path: _put(path, version='W/"9"'))


def _current(t: Talk) -> object:
    version = t.get(t.anna)["meta"]["version"]
    return titled(t, lambda path: _put(path, version=version))


def _many(t: Talk) -> Reply:
    return bulk(t, posting("ben"), *[GONE] * 1000)


def _limits(t: Talk) -> tuple[object, object]:
    found = t.config()["bulk"]
    return found["maxOperations"], found["maxPayloadSize"]


def _shown_version(t: Talk) -> bool:
    """Tell whether the version of a result is that of the resource."""
    result = results(t, posting("ben"))[0]
    return bool(t.send("GET", f"/Users/{_id(result)}").json["meta"]["version"] == result["version"])


NAMELESS: Json = {**posting("ben"), "data": {"schemas": [USER], "title": "Boss"}}
CIRCLE = (grouping("team", "crew"), grouping("crew", "team"))
AHEAD = (grouping("team", "ben"), posting("ben"))
BACK = (posting("ben"), grouping("team", "ben"))
OTHERS = (posting("carl"), grouping("two", "carl"))
DATALESS: Json = {"method": "PUT", "path": NOBODY}
PATHLESS: Json = {"method": "PUT", "data": {"schemas": [USER]}}
METHODLESS: Json = {"path": NOBODY, "data": {"schemas": [USER]}}
EVERYBODY: Json = {"method": "PUT", "path": "/Users", "data": {"schemas": [USER]}}
UNNAMED: Json = {key: value for key, value in posting("ben").items() if key != "bulkId"}

PROBES: dict[str, tuple[Look, object, object]] = {
    # The reply as a whole
    "bulk-answers-207": (lambda t: bulk(t, posting("ben")).status, 200, 207),
    "bulk-answers-202": (lambda t: bulk(t, posting("ben")).status, 200, 202),
    "bulk-partial-failure-207": (
        lambda t: (bulk(t, GONE).status, bulk(t, posting("ben")).status),
        (200, 200),
        (207, 200),
    ),
    "bulk-partial-failure-400": (
        lambda t: (bulk(t, GONE, posting("ben")).status, t.names()),
        (200, ["ben"]),
        (400, ["ben"]),
    ),
    "bulk-as-list-response": (
        lambda t: bulk(t, GONE).json["schemas"][0].rpartition(":")[2],
        "BulkResponse",
        "ListResponse",
    ),
    "bulk-without-schemas": (lambda t: "schemas" in bulk(t, GONE).json, True, False),
    "bulk-results-misnamed": (lambda t: "Results" in bulk(t, GONE).json, False, True),
    "bulk-results-as-object": (
        lambda t: type(bulk(t, GONE).json["Operations"]).__name__,
        "list",
        "dict",
    ),
    "bulk-results-of-failures-only": (
        lambda t: statuses(t, posting("ben"), GONE),
        ["201", "404"],
        ["404"],
    ),
    "bulk-results-of-successes-only": (
        lambda t: statuses(t, posting("ben"), GONE),
        ["201", "404"],
        ["201"],
    ),
    "bulk-echoes-fail-on-errors": (
        lambda t: (
            bulk(t, GONE, failOnErrors=2).json.get("failOnErrors"),
            "failOnErrors" in bulk(t, GONE).json,
        ),
        (None, False),
        (2, False),
    ),
    "bulk-lists-what-it-left": (
        lambda t: statuses(t, GONE, posting("ben"), failOnErrors=1),
        ["404"],
        ["404", "424"],
    ),
    "bulk-broken-json-500": (lambda t: bulk(t).status, 400, 500),
    "bulk-broken-json-200": (lambda t: bulk(t).status, 400, 200),
    # One result
    "bulk-method-left-out": (good("method"), "POST", None),
    "bulk-location-left-out": (lambda t: "location" in results(t, posting("b"))[0], True, False),
    "bulk-location-left-out-of-errors": (lambda t: "location" in results(t, GONE)[0], True, False),
    "bulk-location-is-endpoint": (
        lambda t: results(t, GONE)[0]["location"].rpartition("/")[2],
        "nobody",
        "Users",
    ),
    "bulk-failed-post-with-location": (
        lambda t: "location" in results(t, NAMELESS)[0],
        False,
        True,
    ),
    "bulk-id-left-out": (good("bulkId"), "ben", None),
    "bulk-id-made-anew": (good("bulkId"), "ben", "bulk-1"),
    "bulk-ids-swapped": (_swapped, ["ben", "carl"], ["carl", "ben"]),
    "bulk-version-outdated": (_shown_version, True, False),
    "bulk-status-left-out": (good("status"), "201", None),
    "bulk-status-as-number": (bad("status"), "404", 404),
    "bulk-status-in-words": (bad("status"), "404", "failed"),
    "bulk-statuses-simplified": (
        lambda t: statuses(t, posting("ben"), GONE),
        ["201", "404"],
        ["200", "400"],
    ),
    "bulk-failures-500": (
        lambda t: (bad("status")(t), fault("status")(t)),
        ("404", "404"),
        ("500", "500"),
    ),
    "bulk-response-left-out-of-errors": (lambda t: "response" in results(t, GONE)[0], True, False),
    "bulk-error-as-text": (lambda t: type(bad("response")(t)).__name__, "dict", "str"),
    "bulk-error-without-schemas": (lambda t: fault("schemas")(t) is None, False, True),
    "bulk-error-with-other-status": (fault("status"), "404", "500"),
    "bulk-error-without-detail": (lambda t: fault("detail")(t) is None, False, True),
    "bulk-error-as-response-of-success": (
        lambda t: "response" in results(t, posting("ben"))[0],
        False,
        True,
    ),
    # What is done
    "bulk-not-announced-404": (
        lambda t: (t.config()["bulk"]["supported"], bulk(t, GONE).status),
        (True, 200),
        (False, 404),
    ),
    "bulk-post-not-done": (lambda t: _names(t, posting("ben")), (["201"], ["ben"]), (["201"], [])),
    "bulk-post-refused": (lambda t: _names(t, posting("ben")), (["201"], ["ben"]), (["501"], [])),
    "bulk-put-ignored": (lambda t: titled(t, _put), ("200", "Boss"), ("200", "Engineer")),
    "bulk-patch-ignored": (lambda t: titled(t, _patch), ("200", "Boss"), ("200", "Engineer")),
    "bulk-patch-refused": (lambda t: titled(t, _patch), ("200", "Boss"), ("501", "Engineer")),
    "bulk-delete-ignored": (_deleted, (["204"], 404), (["204"], 200)),
    "bulk-patch-half-done": (
        lambda t: titled(t, lambda path: _patch(path, {"op": "remove"})),
        ("400", "Engineer"),
        ("400", "Boss"),
    ),
    "bulk-stops-at-first-error": (_stopped(None), ["404", "404", "201"], ["404"]),
    "bulk-fail-on-errors-ignored": (_stopped(1), ["404"], ["404", "404", "201"]),
    "bulk-fail-on-errors-one-late": (_stopped(1), ["404"], ["404", "404"]),
    "bulk-all-or-nothing": (
        lambda t: _names(t, posting("ben"), GONE),
        (["201", "404"], ["ben"]),
        (["201", "404"], []),
    ),
    "bulk-in-reverse": (
        lambda t: titled(t, _put, lambda path: _patch(path, giving("title", "Chief"))),
        ("200", "Chief"),
        ("200", "Boss"),
    ),
    "bulk-creates-first": (_instead, ["204", "201"], ["409", "204"]),
    "bulk-deletes-last": (_instead, ["204", "201"], ["409", "204"]),
    "bulk-version-ignored": (_stale, ("412", "Engineer"), ("200", "Boss")),
    "bulk-version-ignored-by-delete": (
        lambda t: _deleted(t, version='W/"9"'),
        (["412"], 200),
        (["204"], 404),
    ),
    "bulk-version-always-refused": (_current, ("200", "Boss"), ("412", "Engineer")),
    # Limits
    "bulk-limits-zero": (_limits, (1000, 1048576), (0, 0)),
    "bulk-takes-more-operations": (_limits, (1000, 1048576), (100, 1048576)),
    "bulk-takes-larger-payloads": (_limits, (1000, 1048576), (1000, 100_000)),
    "bulk-limit-as-400": (lambda t: _many(t).status, 413, 400),
    "bulk-limit-not-named": (lambda t: "1000" in _many(t).json["detail"], True, False),
    "bulk-limit-as-text": (lambda t: _many(t).kind, "dict", "text/plain"),
    "bulk-limit-met-late": (
        lambda t: (_many(t).status, t.names()),
        (413, []),
        (413, ["ben"]),
    ),
    # Requests that are wrong
    "bulk-any-schema-accepted": (lambda t: bulk(t, GONE, schemas=[USER]).status, 400, 200),
    "bulk-without-operations-accepted": (lambda t: bulk(t).status, 400, 200),
    "bulk-without-method-accepted": (lambda t: statuses(t, METHODLESS), ["400"], ["200"]),
    "bulk-get-accepted": (lambda t: statuses(t, {**GONE, "method": "GET"}), ["400"], ["200"]),
    "bulk-without-path-accepted": (lambda t: statuses(t, PATHLESS), ["400"], ["200"]),
    "bulk-without-data-accepted": (lambda t: statuses(t, DATALESS), ["400"], ["200"]),
    "bulk-post-to-resource-accepted": (
        lambda t: statuses(t, {**posting("ben"), "path": NOBODY}),
        ["400"],
        ["201"],
    ),
    "bulk-put-to-endpoint-accepted": (lambda t: statuses(t, EVERYBODY, GONE)[0], "400", "200"),
    "bulk-post-without-id-accepted": (
        lambda t: (statuses(t, UNNAMED), t.names()),
        (["400"], []),
        (["201"], ["ben"]),
    ),
    "bulk-same-id-accepted": (
        lambda t: (bulk(t, posting("ben", "x"), posting("carl", "x")).status, t.names()),
        (400, []),
        (200, ["ben", "carl"]),
    ),
    # References
    "bulk-references-dropped": (lambda t: _members(t, *BACK), ["ben"], []),
    "bulk-forward-lost": (
        lambda t: (
            _members(t, *AHEAD),
            _members(t, posting("carl"), grouping("two", "carl"), name="two"),
        ),
        (["ben"], ["carl"]),
        ([], ["carl"]),
    ),
    "bulk-circle-left-open": (lambda t: _members(t, *CIRCLE), ["crew"], []),
    "bulk-unknown-id-accepted": (
        lambda t: statuses(t, grouping("team", "nobody")),
        ["400"],
        ["201"],
    ),
    "bulk-failed-id-accepted": (
        lambda t: statuses(t, NAMELESS, grouping("team", "ben")),
        ["400", "409"],
        ["400", "201"],
    ),
    "bulk-forward-reference-refused": (lambda t: statuses(t, *AHEAD), ["201"] * 2, ["409", "201"]),
    "bulk-forward-reference-500": (lambda t: statuses(t, *AHEAD), ["201"] * 2, ["500", "201"]),
    "bulk-circle-as-400": (lambda t: statuses(t, *CIRCLE), ["201"] * 2, ["400"] * 2),
    "bulk-circle-500": (
        lambda t: (bulk(t, *CIRCLE).status, bulk(t, *BACK).status),
        (200, 200),
        (500, 200),
    ),
    "bulk-id-in-path-refused": (_renamed, ("200", "Boss"), ("404", "Engineer")),
    "bulk-id-in-path-ignored": (_renamed, ("200", "Boss"), ("200", "Engineer")),
    "bulk-id-not-replaced": (lambda t: _members(t, *BACK), ["ben"], ["bulkId:ben"]),
    "bulk-last-id-replaced-only": (
        lambda t: _members(t, posting("carl"), posting("ben"), grouping("team", "carl", "ben")),
        ["carl", "ben"],
        ["bulkId:carl", "ben"],
    ),
    "bulk-id-not-replaced-in-patch": (_joined, ["anna", "ben"], ["anna", "bulkId:ben"]),
    "bulk-id-not-replaced-in-manager": (_managed, "ben", "bulkId:ben"),
}
