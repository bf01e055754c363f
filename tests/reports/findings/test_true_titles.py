"""What a cause is called is what the server did, and nothing else that it may have done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reports import Json
from reports import Report
from reports import Result
from reports import Verdict
from reports import causes

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]
Titled = Callable[..., str]
OFF: Json = {"Operations": [{"op": "replace", "path": "active", "value": False}]}
ANA: dict[str, Json] = {"schemas": [], "id": "1", "userName": "ana"}
IDP = {"idp": "okta", "level": "NEEDS"}


def exchange(
    method: str, target: str, status: int, sent: Json = None, came: Json = None
) -> dict[str, Json]:
    request: Json = {"method": method, "target": target, "headers": [], "body": sent}
    reply: Json = {"status": status, "headers": [], "body": came}
    return {"shows": False, "request": request, "response": reply}


@pytest.fixture
def called(result: MakeResult, report: MakeReport) -> Titled:
    def make(*exchanges: dict[str, Json], **given: Any) -> str:  # noqa: ANN401 - any field
        evidence = (*exchanges[:-1], exchanges[-1] | {"shows": True})
        (cause,) = causes(report(result(Verdict.FAIL, evidence=evidence, **given)))
        return cause.title

    return make


MADE = exchange("POST", "/Users", 201, {"userName": "ana"}, ANA)
MISSED = exchange("GET", "/Users/1", 404)
SEEN = exchange("GET", "/Users/1", 200, None, ANA)


def test_who_is_gone_after_a_change_was_created_all_the_same(called: Titled) -> None:
    asked = IDP | {"expected": "status 200", "actual": "404"}
    assert called(MADE, MISSED, **asked) == (
        "Creating a person is answered as done, but the person is not there afterwards"
    )
    off = exchange("PATCH", "/Users/1", 200, OFF, ANA)
    assert called(MADE, off, MISSED, **asked) == (
        "Setting a person inactive is answered as done, but the person is not there at all "
        "afterwards"
    )
    group = exchange("DELETE", "/Groups/9", 204)
    assert called(MADE, SEEN, group, MISSED, **asked) == (
        "Deleting a group is answered as done, but afterwards somebody or something else is not "
        "there either"
    )


NOT_FOUND = "Creating a person is answered as done, but the person is not there afterwards"


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        pytest.param("Content-Type application/scim+json", "'text/html'", id="media-type"),
        pytest.param("a JSON object", "<h1>Not Found</h1>", id="body"),
        pytest.param("status 404 with an error in JSON", "404 in HTML", id="status-told"),
    ],
)
def test_nobody_is_gone_where_a_404_is_right(called: Titled, expected: str, actual: str) -> None:
    nobody = exchange("GET", "/Users/scimproof-nobody-has-this-id", 404, None, "<h1>404</h1>")
    asked = {"expected": expected, "actual": actual}
    # With somebody else made before, with one who is asked for where no tenant may, and alone.
    for evidence in ((nobody,), (MADE, nobody), (MADE, MISSED)):
        assert called(*evidence, **asked).startswith("Reading a person gets another answer")


def test_nobody_is_gone_whom_nobody_made(called: Titled) -> None:
    asked = {"expected": "status 200", "actual": "status 404"}
    other = exchange("POST", "/Users", 201, None, ANA | {"id": "2"})
    refused = exchange("POST", "/Users", 409, None, ANA)
    for evidence in ((MISSED,), (other, MISSED), (refused, MISSED)):
        assert called(*evidence, **asked) == "Reading a person is refused with status 404"
    assert called(MADE, MISSED, **asked) == NOT_FOUND


def test_a_404_that_is_right_is_no_part_of_a_fault(result: MakeResult, report: MakeReport) -> None:
    gone = result(
        Verdict.FAIL, evidence=(MADE, MISSED | {"shows": True}), expected="status 200", actual="404"
    )
    html = result(
        Verdict.FAIL,
        requirement="RFC7644-3.12-1",
        evidence=(exchange("GET", "/Users/none", 404) | {"shows": True},),
        expected="a JSON object",
        actual="<h1>Not Found</h1>",
    )
    assert {cause.title for cause in causes(report(gone, html))} > {NOT_FOUND}


def test_people_who_vanish_by_being_set_inactive_are_one_cause(
    result: MakeResult, report: MakeReport
) -> None:
    pathless: Json = {"Operations": [{"op": "replace", "value": {"active": False}}]}
    back: Json = {"Operations": [{"op": "replace", "path": "active", "value": True}]}
    refused = exchange("PATCH", "/Users/1", 404, back)
    found = [
        result(Verdict.FAIL, case=str(case), evidence=(MADE, *rest), expected="status 200", **IDP)
        for case, rest in enumerate(
            (
                (exchange("PATCH", "/Users/1", 200, OFF), MISSED | {"shows": True}),
                (exchange("PATCH", "/Users/1", 200, pathless), MISSED | {"shows": True}),
                (exchange("PATCH", "/Users/1", 200, OFF), refused | {"shows": True}),
            )
        )
    ]
    (cause,) = causes(report(*found))
    assert cause.harm.kind == "missing"


@pytest.mark.parametrize(
    ("expected", "actual"),
    [("no stack trace", "at parse (json.js:92)"), ("scimType invalidFilter", '"invalidValue"')],
)
def test_a_right_refusal_with_a_wrong_text_is_not_called_a_refusal(
    called: Titled, expected: str, actual: str
) -> None:
    given = {"title": "It is so", "expected": expected, "actual": actual}
    title = called(exchange("POST", "/Users", 400), **given)
    assert title == "Creating a person gets another answer than it has to. Right would be: It is so"
    shut = called(exchange("GET", "/Users", 401), **given | {"expected": "a header"})
    assert "does not let the identity provider in" not in shut


def test_an_empty_answer_is_no_proof_that_somebody_is_still_there(called: Titled) -> None:
    gone, empty = exchange("DELETE", "/Users/1", 204), exchange("GET", "/Users/1", 200, None, {})
    asked = IDP | {"expected": "status 404", "actual": "200"}
    assert called(MADE, gone, SEEN, **asked).endswith("the person is still there")
    assert called(MADE, gone, empty, **asked).startswith("Reading a person is accepted")


def test_an_attribute_is_called_lost_only_if_it_was_sent_and_the_finding_names_it(
    called: Titled,
) -> None:
    sent = {"userName": "ana", "active": True, "emails": [{"value": "a@b.c"}]}
    made = exchange("POST", "/Users", 201, sent, ANA)
    mail = IDP | {"title": "A new user is active", "expected": "an e-mail 'a@b.c'"}
    assert called(made, SEEN, actual="null", **mail).endswith("there is no `emails`")
    group = exchange("POST", "/Groups", 201, {"displayName": "x"}, {"id": "9"})
    crew = IDP | {"title": "Who has a new password is in the group", "expected": "1 member(s)"}
    read = exchange("GET", "/Groups/9", 200, None, {"id": "9", "schemas": []})
    assert "password" not in called(group, read, actual="0 member(s)", **crew).partition("Right")[0]
    taken = exchange("PUT", "/Users/1", 200, {"userName": "bob"}, ANA | {"userName": "bob"})
    bob = exchange("GET", "/Users/1", 200, None, ANA | {"userName": "bob"})
    title = called(taken, bob, idp=None, expected="userName 'ana'", actual="'bob'", title="Not so")
    assert title.endswith("Right would be: Not so")


def test_a_password_that_is_shown_is_not_called_one_that_is_lost(called: Titled) -> None:
    put = exchange("PUT", "/Users/1", 200, {"password": "x"}, ANA)
    given = {"requirement": "SEC-SECRET-2", "suite": "security", "title": "It is hidden"}
    title = called(put, SEEN, expected="no password", actual="a password", **given)
    assert (
        title == "Reading a person gets another answer than it has to. Right would be: It is hidden"
    )


def test_a_history_does_not_blame_its_last_request(called: Titled) -> None:
    add: Json = {"Operations": [{"op": "add", "path": "members", "value": [{"value": "1"}]}]}
    last = exchange("PATCH", "/Groups/9", 204, add)
    read = exchange("GET", "/Groups/9", 200, None, {"id": "9", "schemas": []})
    lost = {"expected": "everybody in the group", "actual": "1 person lost", "title": "In step"}
    assert called(last, read, requirement="OKTA-HIST-9", **IDP, **lost) == (
        "Not as it has to be here: In step"
    )


def test_what_comes_between_is_told_of_a_group_that_lost_a_member(called: Titled) -> None:
    group = exchange("POST", "/Groups", 201, {"members": [{"value": "1"}]}, {"id": "9"})
    off = exchange("PATCH", "/Users/1", 200, OFF, ANA)
    read = exchange("GET", "/Groups/9", 200, None, {"id": "9", "schemas": []})
    crew = IDP | {"expected": "1 member(s)", "actual": "0 member(s)"}
    assert called(group, off, read, **crew) == (
        "After somebody is set inactive, a group has not the members that it should have"
    )


def test_a_patch_that_adds_and_removes_members_is_called_neither(called: Titled) -> None:
    both: Json = {
        "Operations": [
            {"op": "remove", "path": 'members[value eq "1"]'},
            {"op": "add", "path": "members", "value": [{"value": "2"}]},
        ]
    }
    read = exchange("GET", "/Groups/9", 200, None, {"id": "9", "schemas": []})
    crew = IDP | {"expected": "1 member(s)", "actual": "0 member(s)"}
    assert called(exchange("PATCH", "/Groups/9", 204, both), read, **crew) == (
        "Setting the members of a group is answered as done, but afterwards the group has other "
        "members"
    )


def test_who_reads_somebody_else_does_not_see_the_deleted(called: Titled) -> None:
    boss = exchange("POST", "/Users", 201, {}, ANA | {"id": "77"})
    other = ANA | {"manager": {"value": "77"}, "active": False}
    gone, read = exchange("DELETE", "/Users/77", 204), exchange("GET", "/Users/1", 200, None, other)
    asked = IDP | {"title": "Who reported is there", "expected": "a user who is active"}
    title = called(boss, MADE, gone, read, actual="active false", **asked)
    assert "Deleting" not in title
    assert "still there" not in title


def test_who_is_only_listed_after_the_deletion_is_not_called_still_there(called: Titled) -> None:
    listed = exchange("GET", "/Users", 200, None, {"Resources": [ANA]})
    asked = {"expected": "a list without /Users/1", "actual": "/Users/1 in the list"}
    assert called(MADE, exchange("DELETE", "/Users/1", 204), listed, **asked) == (
        "Deleting a person is answered as done, but a list or search still shows the person"
    )
