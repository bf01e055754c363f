"""RFC 7644 section 3.4.2.2, Tables 4 and 5: and, or, not, round and square brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

# Four people for the four rows of a truth table of "has a title" and "is active", in capitals
# for true; with them who has which addresses.
PEOPLE: dict[str, dict[str, Json]] = {
    "TA": {
        "title": "x",
        "active": True,
        "nickName": "q",
        "emails": [
            {"value": "ta@work.org", "type": "work", "primary": True},
            {"value": "ta@home.net", "type": "home"},
        ],
    },
    "Ta": {
        "title": "x",
        "active": False,
        "emails": [
            {"value": "x@home.net", "type": "work"},
            {"value": "x@work.org", "type": "home"},
        ],
    },
    "tA": {"active": True, "nickName": "q", "emails": [{"value": "z@work.org"}]},
    "ta": {"active": False},
}


@pytest.fixture
def people(scim: Scim) -> Scim:
    """Create them under names that differ in more than case."""
    for number, (name, attributes) in enumerate(PEOPLE.items()):
        scim.user(f"{number}", displayName=name, **attributes)
    return scim


def found(scim: Scim, text: str) -> str:
    reply = scim.get("/Users", filter=text)
    assert reply.status == 200, reply.body
    return " ".join(each["displayName"] for each in reply.body["Resources"])


def row(ids: str, text: str, who: str) -> Any:  # noqa: ANN401 - as of pytest.param
    marks = honours(*(f"RFC7644-3.4.2.2-{each}" for each in ids.split()))
    return pytest.param(text, who, marks=marks, id=text)


T, A, Q = "title pr", "active eq true", "nickName pr"
WORK = 'type eq "work"'

ROWS = [
    row("27", f"{T} and {A}", "TA"),
    row("27", f"{A} and {T}", "TA"),
    row("27", f"{T} and {A} and {Q}", "TA"),
    row("28", f"{T} or {A}", "TA Ta tA"),
    row("28", f"{A} or {T}", "TA Ta tA"),
    row("28", 'userName eq "1" or userName eq "2" or userName eq "9"', "Ta tA"),
    row("29", f"not ({T})", "tA ta"),
    row("29", f"not({T})", "tA ta"),
    row("29", f"NOT ( {T} )", "tA ta"),
    row("29", f"not (not ({T}))", "TA Ta"),
    row("29", f"not ({T} and {A})", "Ta tA ta"),
    row("29", f"not ({T} or {A})", "ta"),
    row("29", 'not (emails.type eq "work")', "tA ta"),
    # round brackets change the order, and come first
    row("30 40", f"({T} or {A}) and {Q}", "TA tA"),
    row("30", f"{T} or {A} and {Q}", "TA Ta tA"),
    row("30 40", f"{T} and ({A} or {Q})", "TA"),
    row("30", f"(({T}))", "TA Ta"),
    row("40", f"not ({T} or {A}) or {T}", "TA Ta ta"),
    row("40", f"({T} or not ({A})) and (active eq false or {Q})", "TA Ta ta"),
    # without brackets: not, then and, then or
    row("41", f"{A} or {T} and {Q}", "TA tA"),
    row("41", f"{T} and {Q} or {A}", "TA tA"),
    row("41", f"not ({T}) and {A}", "tA"),
    row("41", f"not ({T}) or {A}", "TA tA ta"),
    row("41", f"{A} and not ({Q}) or {T}", "TA Ta"),
    row("41", f"{T} or not ({Q}) and active eq false", "TA Ta ta"),
    # an expression is one unit
    row("42", 'title pr and userName eq "0"', "TA"),
    row("42", 'userName eq "0" or title pr and active eq false', "TA Ta"),
    row("42", 'userName eq "0 or title pr"', ""),
    # value paths: everything within holds of one value
    row("31 39", f"emails[{WORK}]", "TA Ta"),
    row("32", f'emails[{WORK} and value ew "work.org"]', "TA"),
    row("32", f'emails.{WORK} and emails.value ew "work.org"', "TA Ta"),
    row("32", f'emails[{WORK}] and emails[value ew "work.org"]', "TA Ta"),
    row("32", 'emails[type eq "work" and type eq "home"]', ""),
    row("32 39", "emails[primary eq true]", "TA"),
    row("32", "emails[primary eq false]", "TA Ta tA"),
    row("32", "emails[primary ne false]", "TA"),
    row("32", "emails.primary eq false", "TA Ta tA"),
    row("32", "emails.primary ne true", "TA Ta tA ta"),
    row("32", "emails.primary ne false", "TA ta"),
    row("31", 'schemas[VALUE co "core:2.0:user"]', "TA Ta tA ta"),
    row("32", 'not (emails[type eq "work" and value ew "work.org"])', "Ta tA ta"),
    row("32", 'emails[not (type eq "work")]', "TA Ta tA"),
    row("34", f'emails[{WORK} and (value co "ta" or value co "x")]', "TA Ta"),
    row("34", f'emails[{WORK} or (type eq "home" and value ew "work.org")]', "TA Ta"),
    row("34", f'emails[({WORK} or type eq "home") and value ew "work.org"]', "TA Ta"),
    row("34", 'emails[not (type pr) or (value sw "ta" and not (primary eq true))]', "TA tA"),
    row("34 41", f'emails[type eq "home" or {WORK} and value ew "work.org"]', "TA Ta"),
    row("34", "emails[not (type pr)]", "tA"),
    row("39", f"emails[{WORK}] or {A}", "TA Ta tA"),
    row("39", f"not (emails[{WORK}]) and {A}", "tA"),
    row("39", "(emails[primary eq true])", "TA"),
    row("31 36", 'emails[primary ne true and value eq "ta@home.net"]', "TA"),
]


@pytest.mark.parametrize(("text", "who"), ROWS)
def test_logic_and_brackets_mean_what_the_tables_say(people: Scim, text: str, who: str) -> None:
    assert found(people, text) == who


@pytest.mark.parametrize(
    ("text", "position"),
    [
        pytest.param('emails[userName eq "x"]', 8, id="not-a-sub-attribute"),
        pytest.param("emails[]", 8, id="nothing"),
        pytest.param('emails[emails.type eq "work"]', 8, id="the-whole-path-again"),
        pytest.param('emails[type eq "a" and ims[type eq "b"]]', 27, id="erratum-4690"),
        pytest.param('emails[type.x eq "work"]', 8, id="part-of-a-part"),
        pytest.param('emails[urn:x:type eq "work"]', 8, id="with-a-urn"),
        pytest.param('emails["work"]', 8, id="a-value-alone"),
        pytest.param("emails[type]", 12, id="no-operator"),
        pytest.param("userName[value pr]", 10, id="no-parent"),
        pytest.param("schemas[type pr]", 9, id="no-such-part-of-a-simple-value"),
        pytest.param('urn:x:emails[type eq "a"]', 1, id="no-such-parent"),
    ],
)
@honours("RFC7644-3.4.2.2-33")
def test_square_brackets_hold_a_filter_on_sub_attributes(
    people: Scim, text: str, position: int
) -> None:
    reply = people.get("/Users", filter=text)
    assert reply.fault == (400, "invalidFilter")
    assert f"character {position}:" in reply.body["detail"]


@honours("RFC7644-3.4.2.2-27", "RFC7644-3.4.2.2-28", "RFC7644-3.4.2.2-29")
def test_laws_of_logic_hold_over_the_truth_table(people: Scim) -> None:
    everybody = "TA Ta tA ta"
    assert found(people, f"{T} and not ({T})") == ""
    assert found(people, f"{T} or not ({T})") == everybody
    for left, right in (
        (f"not ({T} and {A})", f"not ({T}) or not ({A})"),
        (f"not ({T} or {A})", f"not ({T}) and not ({A})"),
        (f"{Q} and ({T} or {A})", f"{Q} and {T} or {Q} and {A}"),
    ):
        assert found(people, left) == found(people, right)
