from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from suites import values
from suites.evidence import Entry
from suites.expect import ERROR_URN
from suites.expect import LIST_URN
from suites.expect import Expectation
from suites.expect import expect
from suites.expect import value_at
from suites.verdicts import Mismatch

Json: TypeAlias = Any
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


class Seen:
    """A reply that changes with each refresh, until nothing newer comes."""

    def __init__(self, *states: tuple[int, Json]) -> None:
        self._states = list(states)
        self.refreshes = 0

    @property
    def status(self) -> int:
        return self._states[0][0]

    @property
    def entry(self) -> Entry:
        number = self.refreshes + 1
        return Entry(
            n=number,
            method="GET",
            target="/Users/1",
            request_headers=(),
            request_body=None,
            status=self.status,
            reply_body=self._states[0][1] if not isinstance(self._states[0][1], Exception) else "<",
        )

    def json(self) -> Json:
        body = self._states[0][1]
        if isinstance(body, Exception):
            raise body
        return body

    def refresh(self) -> bool:
        if len(self._states) == 1:
            return False
        self.refreshes += 1
        self._states.pop(0)
        return True


BODY: Json = {
    "userName": "bjensen",
    "active": False,
    "emails": [{"value": "a@example.com", "primary": True}, {"value": "b@example.com"}],
    "name": {"givenName": "Barbara", "middleName": ""},
    "grid": [[1, 2], [3, 4]],
    "nothing": None,
    ENTERPRISE: {"department": "Tours", "manager": {"value": "26"}},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("userName", "bjensen"),
        ("USERNAME", "bjensen"),
        ("name.givenName", "Barbara"),
        ("Name.GIVENNAME", "Barbara"),
        ("name.familyName", None),
        ("emails[0].value", "a@example.com"),
        ("emails[1].Value", "b@example.com"),
        ("emails[2].value", None),
        ("emails.value", None),
        ("grid[1][0]", 3),
        ("grid[1][7]", None),
        ("userName[0]", None),
        ("userName.more", None),
        ("nothing", None),
        ("nothing.at.all", None),
        (f"{ENTERPRISE}:department", "Tours"),
        (f"{ENTERPRISE.upper()}:Department", "Tours"),
        (f"{ENTERPRISE}:manager.value", "26"),
        (f"{ENTERPRISE}:division", None),
        ("urn:example:other:department", None),
    ],
)
def test_a_path_leads_to_its_value(path: str, value: Json) -> None:
    assert value_at(BODY, path) == value


@pytest.mark.parametrize("body", [None, [], "text", 1, True])
def test_a_body_that_is_no_object_has_no_values(body: Json) -> None:
    assert value_at(body, "userName") is None


@pytest.mark.parametrize(
    ("have", "wanted", "same"),
    [
        ("a", "a", True),
        ("a", "A", False),
        (True, True, True),
        ("true", True, False),
        ("True", "true", False),
        (1, True, False),
        (True, 1, False),
        (0, False, False),
        (1, 1.0, True),
        ("1", 1, False),
        (None, None, True),
        (None, "", False),
        ({"a": 1, "more": 2}, {"a": 1}, True),
        ({"A": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ("a", {"a": 1}, False),
        ([1, 2], [1, 2], True),
        ([1], [1, 2], False),
        ([1, 2], [1], False),
        ([{"value": "x", "type": "work"}], [{"value": "x"}], True),
        ([{"value": "y"}], [{"value": "x"}], False),
        ("x", ["x"], False),
        ({"deep": [{"a": {"b": True}}]}, {"deep": [{"a": {"b": True}}]}, True),
        ({"deep": [{"a": {"b": "true"}}]}, {"deep": [{"a": {"b": True}}]}, False),
    ],
)
def test_values_are_compared_by_type_and_members(have: Json, wanted: Json, same: bool) -> None:
    assert values.same(have, wanted) is same


LIST: Json = {
    "schemas": [LIST_URN],
    "totalResults": 2,
    "startIndex": 1,
    "itemsPerPage": 2,
    "Resources": [{"id": "1"}, {"id": "2"}],
}
GROUP: Json = {"members": [{"value": "1"}, {"value": "2"}]}
REFUSAL: Json = {"schemas": [ERROR_URN], "status": "409", "detail": "taken"}

Check: TypeAlias = Callable[[Expectation], Expectation]


@pytest.mark.parametrize(
    ("status", "body", "check"),
    [
        (200, None, lambda it: it.status(200)),
        (204, None, lambda it: it.status(200, 204)),
        (409, REFUSAL, lambda it: it.scim_error(409)),
        (409, {**REFUSAL, "status": 409}, lambda it: it.scim_error(409)),
        (200, {}, lambda it: it.json_object()),
        (200, LIST, lambda it: it.list_response()),
        (200, {**LIST, "totalresults": 2}, lambda it: it.list_response()),
        (200, {"n": 0}, lambda it: it.integer("n")),
        (200, BODY, lambda it: it.has("active", False)),
        (200, BODY, lambda it: it.filled("userName")),
        (200, BODY, lambda it: it.filled("active")),
        (200, BODY, lambda it: it.lacks("name.middleName")),
        (200, BODY, lambda it: it.lacks("nothing")),
        (200, BODY, lambda it: it.email("b@example.com")),
        (200, LIST, lambda it: it.matches("2", "1")),
        (200, {"totalResults": 0}, lambda it: it.matches()),
        (200, {"totalResults": 0, "Resources": []}, lambda it: it.matches()),
        (200, {"totalResults": 0, "Resources": None}, lambda it: it.matches()),
        (404, REFUSAL, lambda it: it.nobody()),
        (200, {"Resources": []}, lambda it: it.nobody()),
        (200, LIST, lambda it: it.includes("2")),
        (200, GROUP, lambda it: it.members(["2", "1"])),
        (200, {}, lambda it: it.members([])),
        (200, {"members": None}, lambda it: it.members([])),
        (200, BODY, lambda it: it.keeps(BODY, paths=("userName", "name", "emails"))),
        (200, {"a": 1}, lambda it: it.keeps({"b": "", "c": None, "d": []}, paths=("b", "c", "d"))),
    ],
)
def test_what_holds_raises_nothing(status: int, body: Json, check: Check) -> None:
    observation = Seen((status, body))
    assert isinstance(check(expect(observation)), Expectation)


@pytest.mark.parametrize(
    ("status", "body", "check", "expected", "actual"),
    [
        (500, {"detail": "boom"}, lambda it: it.status(200), "status 200", "500 (boom)"),
        (500, None, lambda it: it.status(200, 204), "status 200 or 204", "500"),
        (500, {"detail": 7}, lambda it: it.status(200), "status 200", "500"),
        (400, REFUSAL, lambda it: it.scim_error(409), "status 409", "400 (taken)"),
        (409, {}, lambda it: it.scim_error(409), f"the schema {ERROR_URN}", "{}"),
        (
            409,
            {**REFUSAL, "status": "400"},
            lambda it: it.scim_error(409),
            '"status": "409" in the body',
            str({**REFUSAL, "status": "400"}),
        ),
        (200, [], lambda it: it.json_object(), "a JSON object", "[]"),
        (200, ValueError("no JSON"), lambda it: it.json_object(), "a JSON object", "<"),
        (200, RecursionError("deep"), lambda it: it.json_object(), "a JSON object", "<"),
        (200, [{"id": "1"}], lambda it: it.list_response(), "a JSON object", "[{'id': '1'}]"),
        (
            200,
            {**LIST, "totalResults": "2"},
            lambda it: it.list_response(),
            "an integer in totalResults",
            '"2"',
        ),
        (200, {"n": True}, lambda it: it.integer("n"), "an integer in n", "true"),
        (200, {"n": 1.5}, lambda it: it.integer("n"), "an integer in n", "1.5"),
        (200, {"active": "true"}, lambda it: it.has("active", True), "active true", '"true"'),
        (200, {}, lambda it: it.has("active", True), "active true", "null"),
        (200, BODY, lambda it: it.filled("name.middleName"), "a value in name.middleName", '""'),
        (200, BODY, lambda it: it.lacks("userName"), "no value in userName", '"bjensen"'),
        (200, BODY, lambda it: it.lacks("active"), "no value in active", "false"),
        (200, {"emails": "x"}, lambda it: it.email("x"), "an e-mail 'x'", '"x"'),
        (200, LIST, lambda it: it.matches("1"), "1 match(es) ['1']", "2 match(es) ['1', '2']"),
        (200, {**LIST, "totalResults": 9}, lambda it: it.matches("1", "2"), "totalResults 2", "9"),
        (200, LIST, lambda it: it.matches(), "no match", "2 match(es) ['1', '2']"),
        (404, REFUSAL, lambda it: it.matches(), "status 200", "404 (taken)"),
        (500, {}, lambda it: it.nobody(), "no match", "status 500, 0 match(es)"),
        (200, LIST, lambda it: it.nobody(), "no match", "status 200, 2 match(es)"),
        (
            200,
            {"Resources": [{"id": "1"}, {"id": "1"}]},
            lambda it: it.includes("1"),
            "each of the created resources once in the list",
            "{'1': 2}",
        ),
        (200, {"a": 2}, lambda it: it.keeps({"a": 1}, paths=["a"]), "a 1", "2"),
    ],
)
def test_what_does_not_hold_says_both_sides(
    status: int, body: Json, check: Check, expected: str, actual: str
) -> None:
    with pytest.raises(Mismatch) as caught:
        check(expect(Seen((status, body))))
    assert (caught.value.expected, caught.value.actual) == (expected, actual)
    assert caught.value.entry is not None


@pytest.mark.parametrize(
    ("members", "wanted", "actual"),
    [
        (["1"], ["1", "2"], "1 member(s), missing ['2']"),
        (["1", "9"], ["1"], "2 member(s), not wanted ['9']"),
        (["1", "1"], ["1", "2"], "2 member(s), missing ['2'], listed twice ['1']"),
        (["9"], ["1"], "1 member(s), missing ['1'], not wanted ['9']"),
        ([], list("abcdef"), "0 member(s), missing ['a', 'b', 'c', 'd'] and 2 more"),
    ],
)
def test_the_difference_of_members_is_told(
    members: list[str], wanted: list[str], actual: str
) -> None:
    body = {"members": [{"value": value} for value in members]}
    with pytest.raises(Mismatch) as caught:
        expect(Seen((200, body))).members(wanted)
    assert caught.value.actual == actual


def test_a_member_listed_twice_is_another_question() -> None:
    seen = Seen((200, {"members": [{"value": "1"}, {"value": "1"}]}))
    expect(seen).members(["1"])
    with pytest.raises(Mismatch, match=r"each member listed once, got 2 .* twice \['1'\]"):
        expect(seen).nobody_twice()


def test_a_long_body_is_cut_in_the_message() -> None:
    with pytest.raises(Mismatch) as caught:
        expect(Seen((200, ["x" * 500]))).json_object()
    assert len(caught.value.actual) < 250


def test_what_becomes_right_while_it_settles_passes() -> None:
    seen = Seen((404, None), (200, {"active": False}), (200, {"active": True}))
    expect(seen).status(200).has("active", True)
    assert seen.refreshes == 2


def test_what_never_becomes_right_fails_with_the_last_reply() -> None:
    seen = Seen((200, {"a": 1}), (200, {"a": 2}), (200, {"a": 3}))
    with pytest.raises(Mismatch) as caught:
        expect(seen).has("a", 4)
    assert (caught.value.actual, seen.refreshes) == ("3", 2)
    assert caught.value.entry is not None
    assert caught.value.entry.n == 3


def test_what_is_right_at_once_is_not_asked_again() -> None:
    seen = Seen((200, {"a": 1}), (200, {"a": 2}))
    expect(seen).status(200).has("a", 1)
    assert seen.refreshes == 0
