"""Whatever the quick check lets through, the schema would let through as well."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reports import Result
from reports import Verdict
from reports import schema
from reports.quick_check import is_sound
from reports.quick_check import is_sound_result
from reports.quick_check import without_sound_results

SOUND: dict[str, Any] = {
    **{"n": 1, "of": 2, "shows": False, "scenario": None, "step": "read", "error": None},
    "milliseconds": 1.5,
    "request": {"method": "GET", "target": "/Users", "headers": [["A", "b"]], "body": None},
    "response": {"status": 200, "headers": [["A", "b"]], "body": {"id": "1"}},
}
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.0,
    "text",
    [],
    {},
    [["A"]],
    [["A", 1]],
    [["A", "b"]],
    {"status": "200"},
)
PLACES = (
    *((name,) for name in SOUND),
    *(("request", name) for name in SOUND["request"]),
    *(("response", name) for name in SOUND["response"]),
)


RESULT: dict[str, Any] = {
    **{"case": "a", "requirement": "R-1", "level": "MUST", "suite": "protocol", "title": "A"},
    **{"verdict": "fail", "idp": "okta", "dialect": "oin", "scenario": None, "certainty": "doc"},
    **{"feature": "Import", "rfc": "asks", "rests_on": ["R-2"], "notes": ["note"]},
    **{"expected": "200", "actual": "400", "consequence": None, "hint": None, "reproduce": None},
    **{"evidence": [SOUND], "links": ["https://x/"], "blocked_by": None, "seconds": 0.1},
    **{"product": None, "simulated": False, "scope": "job", "waiver": None},
}
ODD_OF_RESULTS = (*ODD, "", ["text"], [1], "pass", "waived", [{**SOUND, "n": "one"}], -0.5)


def fits(value: object, definition: str = "exchange") -> bool:
    definitions = schema()["$defs"]
    return Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": definitions}).is_valid(
        value
    )


def changed(place: tuple[str, ...], value: object) -> dict[str, Any]:
    exchange: dict[str, Any] = json.loads(json.dumps(SOUND))
    inner = exchange if len(place) == 1 else exchange[place[0]]
    inner[place[-1]] = value
    return exchange


def test_an_exchange_as_runs_write_it_is_sound() -> None:
    assert is_sound(SOUND)
    assert is_sound({**SOUND, "response": None, "error": "no reply in time"})


@pytest.mark.parametrize("place", PLACES, ids="/".join)
def test_no_odd_value_passes_that_the_schema_refuses(place: tuple[str, ...]) -> None:
    for value in ODD:
        exchange = changed(place, value)
        assert fits(exchange) or not is_sound(exchange), value


@pytest.mark.parametrize("place", PLACES, ids="/".join)
def test_nothing_that_is_required_may_be_missing(place: tuple[str, ...]) -> None:
    exchange = changed(place, None)
    inner = exchange if len(place) == 1 else exchange[place[0]]
    del inner[place[-1]]
    assert fits(exchange) or not is_sound(exchange)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_what_is_no_exchange_is_not_sound(value: Any) -> None:  # noqa: ANN401 - anything at all
    assert fits(value) or not is_sound(value)


def test_a_result_as_runs_write_it_is_sound(result: Callable[..., Result]) -> None:
    assert is_sound_result(RESULT)
    assert all(is_sound_result(result(verdict).to_json()) for verdict in Verdict)


@pytest.mark.parametrize("name", RESULT)
def test_no_odd_member_passes_that_the_schema_refuses_in_a_result(name: str) -> None:
    for value in ODD_OF_RESULTS:
        odd = {**RESULT, name: value}
        assert fits(odd, "result") or not is_sound_result(odd), value


@pytest.mark.parametrize("name", RESULT)
def test_nothing_that_a_result_needs_may_be_missing(name: str) -> None:
    lacking = {key: value for key, value in RESULT.items() if key != name}
    assert fits(lacking, "result") or not is_sound_result(lacking)


def test_every_word_of_the_schema_is_sound() -> None:
    definitions: dict[str, Any] = schema()["$defs"]  # type: ignore[assignment]  # an object
    words = {"verdict": definitions["verdict"], **definitions["result"]["properties"]}
    for name in ("verdict", "certainty", "rfc", "scope"):
        known = {**definitions["verdict"], **words[name]}["enum"]
        assert all(is_sound_result({**RESULT, name: word}) for word in known), name


def test_a_member_that_nobody_knows_is_not_sound() -> None:
    assert not is_sound_result({**RESULT, "unknown": 1})


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_what_is_no_result_is_not_sound(value: Any) -> None:  # noqa: ANN401 - anything at all
    assert not is_sound_result(value)


def test_only_what_needs_a_closer_look_is_left() -> None:
    odd = {**RESULT, "evidence": [SOUND, changed(("n",), "one")]}
    waived = {**RESULT, "waiver": {"reason": "known"}}
    report: dict[str, Any] = {"results": [RESULT, odd, waived, RESULT], "format": "x"}
    assert without_sound_results(report) == {"results": [odd, waived], "format": "x"}
    assert without_sound_results({"results": None}) == {"results": None}
