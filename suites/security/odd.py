"""Requests that are odd: strings of other languages, paths that lead out, bodies beyond measure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from idp_profiles.model import Json
from suites.client import USER_URN
from suites.client import Seen
from suites.control import short_list
from suites.making.lab import Lab
from suites.making.unknown_ids import NOBODY
from suites.making.unknown_ids import nobody_like
from suites.security.visits import Replies
from suites.security.visits import newcomer
from suites.values import items
from suites.values import value_at
from suites.verbs import PATCH_URN
from suites.verdicts import Blocked

INJECTED = "X-Scimproof-Injected"
BREAK = f"x\r\n{INJECTED}: yes"
SCRIPT = "<script>alert(1)</script>"
SUM, PRODUCT = "7*191", "1337"
TEMPLATE = f"{{{{{SUM}}}}} ${{{SUM}}} #{{{SUM}}} <%= {SUM} %>"
FILE = b"root:x:0:0"
# By operator, what no userName is and what some query language takes for more than a text.
LITERALS = {
    "eq": (
        "' OR '1'='1",
        '" or userName pr or userName eq "',
        "*)(uid=*))(|(uid=*",
        '{"$ne": null}',
        "*",
    ),
    "sw": ("%", "_", ".*"),
    "co": ("%",),
}
IDS = {
    "star": "*",
    "sql": "'%20OR%20'1'='1",
    "null": "x%00",
    "break": f"x%0d%0a{INJECTED}:%20yes",
    "script": "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "dots": "../../../../../../etc/passwd",
    "encoded dots": "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "encoded slashes": "..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
}
PLAIN_IDS = ("star", "sql", "null")
DEPTH = 10_000
MEBIBYTE = 1 << 20


def sought(lab: Lab) -> dict[tuple[str, str], Seen]:
    """Filter users by each of the literals; the keys are operator and value."""
    return {
        (operator, value): lab.scim.get(
            "/Users", filter=f"userName {operator} {json.dumps(value)}", count=10
        )
        for operator, values in LITERALS.items()
        for value in values
    }


def broken_filters(lab: Lab) -> Replies:
    """Filter by texts with a line break and with U+0000, and by far too much."""
    many = " or ".join(f'userName eq "nobody-{n}"' for n in range(100))
    return {
        "break": lab.scim.get("/Users", filter=f'userName eq "{BREAK}"'),
        "null": lab.scim.get("/Users", filter='userName eq "\\u0000"'),
        "deep": lab.scim.get("/Users", filter=f'{"(" * 200}userName eq "nobody"{")" * 200}'),
        "long": lab.scim.get("/Users", filter=many),
    }


def not_literal(operator: str, value: str, reply: Seen) -> list[str]:
    """Return the userNames of users found who have not the text that was sought."""
    if reply.status != 200:
        return []
    wanted = value.lower()
    found = [str(value_at(e, "userName")) for e in items(value_at(reply.object(), "Resources"))]
    if operator == "eq":
        return [name for name in found if name.lower() != wanted]
    if operator == "sw":
        return [name for name in found if not name.lower().startswith(wanted)]
    return [name for name in found if wanted not in name.lower()]


def by_odd_ids(lab: Lab) -> Replies:
    """Ask for ids that no resource has, as they are written."""
    send = lab.scim.client.literal
    return {name: send("GET", f"/Users/{each}") for name, each in IDS.items()}


def odd_parameters(lab: Lab) -> Replies:
    """Send parameters and a PATCH that name what no schema has."""
    made = lab.plain_user()
    path: Json = {"op": "add", "path": "__proto__.admin", "value": True}
    get = partial(lab.scim.get, "/Users")
    return {
        "sortBy": short_list(partial(get, sortBy="userName; DROP TABLE users")),
        "attributes": short_list(partial(get, attributes="__proto__,../unknown")),
        "patch": lab.scim.patch(made, path),
    }


def plain_list(lab: Lab) -> Seen:
    """Ask for users with nothing odd in it."""
    return short_list(partial(lab.scim.get, "/Users"))


def plain_parameters(lab: Lab, odd: Seen) -> Seen:
    """Send the plain form of one of the requests with odd parameters."""
    if odd.entry.method == "GET":
        return plain_list(lab)
    change: Json = {"op": "replace", "path": "displayName", "value": "A plain name"}
    return lab.scim.patch(odd.entry.target, change)


def plain_filter(lab: Lab, operator: str = "eq") -> Seen:
    """Filter users by a text with nothing odd in it, with the operator of the odd one."""
    return lab.scim.get("/Users", filter=f'userName {operator} "nobody"', count=10)


def understood(lab: Lab, operator: str) -> None:
    """Raise Blocked where an operator finds others for a plain text too: that is no injection."""
    others = not_literal(operator, "nobody", plain_filter(lab, operator))
    if others:
        raise Blocked(f'userName {operator} "nobody" finds others as well', by="RFC7644-3.4.2.2-12")


def plain_body(lab: Lab) -> Seen:
    """Send the body of a user that has nothing odd, and as little as the odd ones."""
    return lab.scim.post("/Users", _with('"a"'))


def plain_newcomer(lab: Lab) -> Seen:
    """Create a user as plain as can be."""
    return lab.scim.post("/Users", newcomer(lab))


def nobody(lab: Lab) -> str:
    """Return the path of a user who is not there, with an id as the server makes them."""
    shown = items(value_at(plain_list(lab).object(), "Resources"))
    known = value_at(shown[0], "id") if shown else None
    return nobody_like(known if isinstance(known, str) else NOBODY)


def odd_bodies(lab: Lab) -> Replies:
    """Send bodies of the wrong shape, and one to nobody."""
    plain = newcomer(lab)
    operations: Json = {"schemas": [PATCH_URN], "Operations": "all"}
    unknown = nobody(lab)
    return {
        "wrong type": lab.scim.post("/Users", {**plain, "userName": {"a": 1}}),
        "broken": lab.scim.post("/Users", b'{"schemas": ['),
        "operations": lab.scim.ask("PATCH", unknown, operations),
        "nobody": lab.scim.put(unknown, {**plain}),
    }


def large(lab: Lab) -> dict[str, Seen | None]:
    """Send too much of everything, without a userName, so that nothing is created.

    None stands for a connection that was closed instead of an answer.
    """
    deep, digits = DEPTH, "9" * 5_000
    bodies = {
        "large": _with(json.dumps("a" * MEBIBYTE)),
        "deep arrays": _with("[" * deep + "]" * deep),
        "deep objects": _with('{"a":' * deep + "1" + "}" * deep),
        "numbers": _with(f"[{'9' * 400}, {digits}, 1e999, -1e-999]"),
        "not UTF-8": _with('"?"').replace(b"?", b"\xff\xfe"),
        "surrogate": _with('"\\ud800"'),
    }
    number = "9" * 25
    found: dict[str, Seen | None] = {name: _try(lab, body) for name, body in bodies.items()}
    found["paging"] = lab.scim.get("/Users", startIndex=number, count=number)
    found["null"] = lab.scim.post("/Users", {**newcomer(lab), "displayName": "a\x00b"})
    return found


def _with(value: str) -> bytes:
    return f'{{"schemas": ["{USER_URN}"], "displayName": {value}}}'.encode()


def _try(lab: Lab, body: bytes) -> Seen | None:
    try:
        return lab.scim.post("/Users", body)
    except Blocked:  # to close the connection is a way to refuse
        return None


def doubled(lab: Lab) -> tuple[Seen, str, str]:
    """Create a user whose body has two userNames; return the reply and both names."""
    body = newcomer(lab)
    second = lab.people.person().user_name
    text = json.dumps(body).removesuffix("}")
    both = f'{text}, "userName": {json.dumps(second)}}}'
    return lab.scim.post("/Users", both.encode()), str(body["userName"]), second


def all_of(*groups: object) -> Iterator[Seen]:
    """Yield every reply of several experiments."""
    for group in groups:
        for reply in group.values() if isinstance(group, dict) else ():
            if isinstance(reply, Seen):
                yield reply
