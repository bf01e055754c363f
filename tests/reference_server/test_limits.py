"""Limits: what is too large, too deep or too many is refused, in words, and soon."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from reference_server import Request
from reference_server.errors import ScimError
from reference_server.filters import MAX_DEPTH as FILTER_DEPTH
from reference_server.filters import MAX_LENGTH
from reference_server.http_rules import MAX_BODY
from reference_server.json_places import MAX_DEPTH
from reference_server.json_text import parse

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


def said(content: bytes) -> str:
    with pytest.raises(ScimError) as refusal:
        parse(content)
    assert (refusal.value.status, refusal.value.scim_type) == (400, "invalidSyntax")
    return refusal.value.detail


NOT_JSON = [
    (b'{"a":1,\n "a":2}', "'a' appears twice in one object at line 2, column 2"),
    (b'{"b":[{"a":1},\n\n{"c":1, "c":2}]}', "'c' appears twice in one object at line 3, column 9"),
    (b'{"a":1,"\\u0061":2}', "'a' appears twice in one object at line 1, column 8"),
    (b'{"x":"a","y":["x","x"],"x":1}', "'x' appears twice in one object at line 1, column 24"),
    (b"[1,\nNaN]", "NaN is no JSON value at line 2, column 1"),
    (b"[1, -Infinity]", "-Infinity is no JSON value at line 1, column 5"),
    (b'{"a":1e999999}', "the number 1e999999 is too large at line 1, column 6"),
    (b'{"a":\n-1.5E+400}', "the number -1.5E+400 is too large at line 2, column 1"),
    (b'{"a":' + b"9" * 5000 + b"}", "too many digits at line 1, column 6"),
    (b'["ok",\n "\\ud83d"]', "half of a surrogate pair in a \\u escape at line 2, column 2"),
    (b'{"\\udc00":1}', "half of a surrogate pair in a \\u escape at line 1, column 2"),
    (b'{"a":\n\xff}', "not UTF-8 at byte 6, line 2, column 1"),
    (b'"\xc3\xa4\xed\xa0\x80"', "not UTF-8 at byte 3, line 1, column 3"),
    (b'{"a":"\x00"}', "line 1, column 7"),
    (b"\xef\xbb\xbf{}", "line 1, column 1"),
    (b'{"a":1,,}', "line 1, column 8"),
    (b'{"a":1} {', "line 1, column 9"),
    (b'{"a":01}', "line 1, column 7"),
    (b"{'a':1}", "line 1, column 2"),
    (b'{"a":0x10}', "line 1, column 7"),
    (b'{"a":+1}', "line 1, column 6"),
]


@pytest.mark.parametrize(("content", "detail"), NOT_JSON)
def test_what_is_no_json_is_refused_with_its_place(content: bytes, detail: str) -> None:
    assert detail in said(content)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"a":"\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        (b'"\\\\ud800"', "\\ud800"),
        (b'{"a":{"b":1},"b":1,"c":[{"b":1},{"b":1}]}', None),
        (b"9" * 4000, int("9" * 4000)),
        (b'"' + b"[{" * 200 + b'"', "[{" * 200),
        (b"[[],{}]" * 1, [[], {}]),
        (b"-0.0", -0.0),
    ],
)
def test_what_only_looks_wrong_is_read(content: bytes, value: Json) -> None:
    assert parse(content) == (json.loads(content) if value is None else value)


NESTINGS = [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]")]


@pytest.mark.parametrize(("start", "end"), NESTINGS)
def test_depth_is_limited_and_its_place_is_told(start: bytes, end: bytes) -> None:
    width = len(start) - start.count(b'"a":') * 4  # how many levels one of these is
    levels = MAX_DEPTH // width
    parse(start * levels + b"1" + end * levels)
    one_more = start * (levels + 1) + b"1" + end * (levels + 1)
    column = len(start) * levels + 1
    assert f"more than {MAX_DEPTH} levels at line 1, column {column}" in said(one_more)


@pytest.mark.parametrize(("start", "end"), NESTINGS)
@pytest.mark.parametrize("closed", [True, False])
def test_no_depth_overflows_the_stack(start: bytes, end: bytes, closed: bool) -> None:
    deep = start * 100_000 + (b"1" + end * 100_000 if closed else b"")
    assert "nested too deeply" in said(deep)


# -- lists and filters


def searched(scim: Scim, text: str) -> Reply:
    return scim.post("/Users/.search", {"schemas": [SEARCH], "filter": text})


def test_the_length_of_a_filter_is_limited(scim: Scim) -> None:
    fits = 'userName eq "{}"'
    longest = fits.format("x" * (MAX_LENGTH - len(fits) + 2))
    assert searched(scim, longest).status == 200
    reply = searched(scim, longest.replace("x", "xx", 1))
    assert reply.fault == (400, "invalidFilter")
    assert f"longer than {MAX_LENGTH} characters" in reply.body["detail"]


@pytest.mark.parametrize("opening", ["(", "not ("])
def test_the_depth_of_a_filter_is_limited(scim: Scim, opening: str) -> None:
    within = opening * (FILTER_DEPTH - 1) + "title pr" + ")" * (FILTER_DEPTH - 1)
    assert searched(scim, within).status == 200
    reply = searched(scim, opening * FILTER_DEPTH + "title pr" + ")" * FILTER_DEPTH)
    assert reply.fault == (400, "invalidFilter")
    assert f"nested more than {FILTER_DEPTH} deep" in reply.body["detail"]
    assert "at character" in reply.body["detail"]


def test_the_number_of_query_parameters_is_limited(scim: Scim) -> None:
    several = {f"x{number}": number for number in range(50)}
    assert scim.get("/Users", **several).status == 200
    reply = scim.get("/Users", **several, another=1)
    assert (reply.status, "more than 50" in reply.body["detail"]) == (400, True)


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("startIndex", "9" * 999, 200),
        ("startIndex", "-" + "9" * 999, 200),
        ("startIndex", "9" * 1001, 400),
        ("count", "9" * 999, 200),
        ("count", "9" * 5000, 400),
        ("count", "1e3", 400),
        ("count", "\u0661", 400),
        ("startIndex", "0x10", 400),
        ("startIndex", "1_0", 400),
    ],
)
def test_numbers_in_a_query_are_digits_and_may_be_large(
    scim: Scim, name: str, value: str, status: int
) -> None:
    scim.user()
    reply = scim.get("/Users", **{name: value})
    assert reply.status == status
    if status == 400:
        assert name in reply.body["detail"]


def test_values_of_any_size_do_not_break_the_order(scim: Scim) -> None:
    schema = {"schemas": [USER], "userName": "x"}
    for number, title in enumerate(["\x00", "\uffff", "\U0010ffff", "a" * 100_000, " "]):
        reply = scim.post("/Users", {**schema, "userName": f"u{number}", "title": title})
        assert reply.status == 201
    assert scim.get("/Users", sortBy="title").body["totalResults"] == 5


# -- writes


def test_a_body_beyond_the_limit_is_refused(scim: Scim) -> None:
    body = json.dumps({"schemas": [USER], "userName": "x"}).encode()
    assert scim.call("POST", "/Users", body.ljust(MAX_BODY)).status == 201
    reply = scim.call("POST", "/Users", body.ljust(MAX_BODY + 1))
    assert (reply.status, str(MAX_BODY) in reply.body["detail"]) == (413, True)


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("x" * (MAX_LENGTH + 1), f"longer than {MAX_LENGTH} characters"),
        (f"emails[{'(' * 60}value pr{')' * 60}]", f"nested more than {FILTER_DEPTH} deep"),
        ("emails[value pr][value pr]", "at character"),
    ],
)
def test_the_path_of_an_operation_is_limited(scim: Scim, path: str, detail: str) -> None:
    user = scim.user(emails=[{"value": "a@example.com"}])
    before = scim.get(user).body
    replace_title = {"op": "replace", "path": "title", "value": "new"}
    reply = scim.patch(user, replace_title, {"op": "replace", "path": path, "value": "x"})
    assert (reply.status, detail in reply.body["detail"]) == (400, True)
    assert scim.get(user).body == before


def test_operations_that_go_through_too_much_are_refused_whole(scim: Scim) -> None:
    user = scim.user(emails=[{"value": f"{number}@example.com"} for number in range(1000)])
    before = scim.get(user).body
    reply = scim.patch(user, *[{"op": "add", "path": "emails", "value": [{"value": "x"}]}] * 2000)
    assert (reply.status, "Operations[" in reply.body["detail"]) == (413, True)
    assert scim.get(user).body == before


def test_null_characters_are_characters(scim: Scim) -> None:
    name = "a\x00b"
    user = scim.user(name)
    assert scim.get(user).body["userName"] == name
    assert searched(scim, f'userName eq "{json.dumps(name)[1:-1]}"').body["totalResults"] == 1
    assert searched(scim, 'userName eq "a"').body["totalResults"] == 0
    assert scim.get("/Users/%00").status == 404


# -- time

MANY = 20_000
EXPENSIVE: dict[str, Callable[[str], tuple[str, str, Json]]] = {
    "a long name": lambda user: (
        "POST", "/Users", {"schemas": [USER], "userName": "x" * 4_000_000},
    ),
    "a long address": lambda user: (
        "POST", "/Users", {"schemas": [USER], "userName": "u", "profileUrl": "%41" * 1_000_000},
    ),
    "a long address that is wrong at its end": lambda user: (
        "POST", "/Users", {"schemas": [USER], "userName": "u", "profileUrl": "a" * 4_000_000 + " "},
    ),
    "a long certificate": lambda user: (
        "POST", "/Users",
        {"schemas": [USER], "userName": "u", "x509Certificates": [{"value": "MAA=" * 200_000}]},
    ),
    "many e-mails": lambda user: (
        "POST", "/Users",
        {"schemas": [USER], "userName": "u", "emails": [{"value": f"e{n}"} for n in range(MANY)]},
    ),
    "many members who are nobody": lambda user: (
        "POST", "/Groups",
        {"schemas": [GROUP], "displayName": "g",
         "members": [{"value": f"{n}"} for n in range(MANY)]},
    ),
    "many members who are one": lambda user: (
        "POST", "/Groups",
        {"schemas": [GROUP], "displayName": "g", "members": [{"value": user[7:]}] * MANY},
    ),
    "many unknown attributes": lambda user: (
        "POST", "/Users", {"schemas": [USER], "userName": "u", **{f"k{n}": 1 for n in range(MANY)}},
    ),
    "a long filter of alternatives": lambda user: (
        "POST", "/Users/.search",
        {"schemas": [SEARCH], "filter": " or ".join(f'title eq "{n}"' for n in range(1000))},
    ),
    "a long filter of nothing": lambda user: (
        "POST", "/Users/.search", {"schemas": [SEARCH], "filter": " " * MAX_LENGTH},
    ),
    "a long string in a filter": lambda user: (
        "POST", "/Users/.search",
        {"schemas": [SEARCH], "filter": f'userName co "{"a" * (MAX_LENGTH - 100)}"'},
    ),
    "a long list of attributes": lambda user: (
        "POST", "/Users/.search", {"schemas": [SEARCH], "attributes": ["title"] * MANY},
    ),
    "a chain of bulk references": lambda user: (
        "POST", "/Bulk",
        {
            "schemas": [BULK],
            "Operations": [
                {
                    "method": "POST", "path": "/Groups", "bulkId": f"b{n}",
                    "data": {
                        "schemas": [GROUP], "displayName": f"g{n}",
                        "members": [{"value": f"bulkId:b{(n + 1) % 1000}"}],
                    },
                }
                for n in range(1000)
            ],
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPENSIVE)
def test_no_request_takes_long(scim: Scim, name: str) -> None:
    user = scim.user()
    method, path, body = EXPENSIVE[name](user)
    content = json.dumps(body).encode()
    headers = (("Host", scim.host), ("Authorization", scim.authorization))
    started = time.process_time()
    response = scim.app.handle(Request(method, scim.app.base_path + path, "", headers, content))
    assert response.status in (200, 201, 400, 413)
    # The longest of these takes a third of a second on a slow machine; square time would show.
    assert time.process_time() - started < 3
