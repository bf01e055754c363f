from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from reports import Json
from reports import Report
from reports import Result
from reports import Verdict
from reports import view
from reports.evidence.differences import Marked
from reports.evidence.differences import legend
from reports.evidence.differences import marked
from reports.evidence.scim_values import located
from reports.evidence.scim_values import same
from tests.reports.picture_rules import HOSTILE

Make = Callable[..., Any]
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
LACKS = "\N{MINUS SIGN}"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def exchange(
    method: str, target: str, body: Json, status: int | None, came: Json, *, shows: bool = False
) -> Json:
    request: Json = {"method": method, "target": target, "headers": [], "body": body}
    response: Json = {"status": status, "headers": [], "body": came}
    return {"request": request, "response": response, "shows": shows}


def patch(*operations: Json) -> Json:
    body: Json = {"Operations": list(operations)}
    return exchange("PATCH", "/Users/1", body, 204, None)


def read(came: Json, target: str = "/Users/1", status: int = 200) -> Json:
    return exchange("GET", target, None, status, came, shows=True)


@pytest.fixture
def look(result: Make) -> Make:
    """Show the last exchange of a finding, or another one."""

    def shown(*evidence: Json, at: int = -1, expected: str = "", actual: str = "") -> Marked:
        found: Result = result(
            Verdict.FAIL, evidence=evidence, expected=expected, actual=actual, title="A case"
        )
        return marked(found, view.exchanges(found)[at])

    return shown


def lines(markup: str) -> list[tuple[str, str]]:
    """Return the marked lines: the class, and the text with what is said about it."""
    found = re.findall(
        r'<mark class="(\w+)">(.*?)</mark>(?: <span class="was">(.*?)</span>)?', markup
    )
    return [
        (kind, html.unescape(re.sub(r"\s+", " ", f"{text} {was}")).strip())
        for kind, text, was in found
    ]


def bare(markup: str) -> Json:
    """Return the JSON under the marks, without what was added for the reader."""
    text = re.sub(
        r'<mark class="missing">.*?</mark>( <span class="was">.*?</span>)?\n?', "", markup
    )
    text = re.sub(r' <span class="was">.*?</span>', "", text)
    text = re.sub(r'<mark class="\w+">(?:\S) (.*?)</mark>', r"\1", text)
    found: Json = json.loads(html.unescape(text))
    return found


def test_what_was_changed_and_comes_back_unchanged_is_marked_on_both_sides(look: Make) -> None:
    change = patch({"op": "Replace", "path": "active", "value": "False"})
    user: Json = {"id": "1", "userName": "ada", "active": True}

    after = look(change, read(user), expected="an inactive user", actual="active True")
    before = look(change, read(user), at=0, expected="an inactive user", actual="active True")

    assert lines(after.response) == [("differs", '≠ "active": true (sent: "False")')]
    assert bare(after.response) == user
    assert after.note == "Came otherwise: active."
    assert lines(before.request) == [
        ("differs", '≠ "value": "False" (a later read shows it otherwise)')
    ]
    assert before.note == "Sent here, and shown otherwise later: active."


def test_a_status_is_the_telling_part_when_a_status_was_expected(look: Make) -> None:
    group: Json = {"id": "1", "displayName": "Sales"}
    shown = look(read(group, "/Groups/1"), expected="status 404 or 410", actual="200")

    assert lines(shown.status) == [("differs", "≠ 200")]
    assert not lines(shown.response)
    assert shown.note == "The status tells it; expected: status 404 or 410."


@pytest.mark.parametrize(
    ("expected", "actual", "body", "marks"),
    [
        (
            "active false",
            "true",
            {"active": True},
            [("differs", '≠ "active": true (expected: false)')],
        ),
        (
            'name.givenName "Ada"',
            "null",
            {"name": {"familyName": "L"}},
            [("missing", f'{LACKS} "givenName": "Ada" (expected: "Ada")')],
        ),
        (
            'emails[1].value "b@x"',
            '"c@x"',
            {"emails": [{"value": "a@x"}, {"value": "c@x"}]},
            [("differs", '≠ "value": "c@x" (expected: "b@x")')],
        ),
        (
            "no value in title",
            '"Boss"',
            {"title": "Boss"},
            [("extra", '+ "title": "Boss" (not expected)')],
        ),
        (
            "title unassigned",
            '"Boss"',
            {"title": "Boss"},
            [("extra", '+ "title": "Boss" (not expected)')],
        ),
        ("a value in title", "null", {"a": 1}, [("missing", f'{LACKS} "title": null (not shown)')]),
        (
            'a value with {"value": "7"} in groups',
            "null",
            {"id": "1"},
            [("missing", f'{LACKS} "groups": {{ "value": "7" }} (not shown)')],
        ),
        (
            'no value with {"value": "7"} in groups',
            '[{"value": "7"}]',
            {"groups": [{"value": "6"}, {"value": "7"}]},
            [("extra", "+ { (not expected)"), ("extra", '+ "value": "7"'), ("extra", "+ }")],
        ),
        (
            "2 member(s) ['1', '2']",
            "2 member(s), missing ['2'], not wanted ['3']",
            {"members": [{"value": "1"}, {"value": "3"}]},
            [
                ("extra", "+ { (not expected)"),
                ("extra", '+ "value": "3"'),
                ("extra", "+ }"),
                ("missing", f'{LACKS} {{ "value": "2" }} (not shown)'),
            ],
        ),
        (
            f'{ENTERPRISE}:department "IT"',
            '"HR"',
            {ENTERPRISE: {"department": "HR"}},
            [("differs", '≠ "department": "HR" (expected: "IT")')],
        ),
    ],
)
def test_what_the_words_of_a_finding_name_is_marked(
    look: Make, expected: str, actual: str, body: Json, marks: list[tuple[str, str]]
) -> None:
    shown = look(read(body), expected=expected, actual=actual)

    assert lines(shown.response) == marks


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("ada found", "ada, ben"),
        ("nobody", "somebody"),
        ("active true", "true"),
        ("Okta gets in step with the directory", "2 left to do"),
        ("emails.value x", "y"),
        ("title {broken", "null"),
        ("", ""),
    ],
)
def test_words_that_name_nothing_in_the_reply_mark_nothing(
    look: Make, expected: str, actual: str
) -> None:
    user: Json = {"userName": "ada", "active": True, "emails": [{"value": "a@x"}]}
    shown = look(read(user), expected=expected, actual=actual)

    assert "<mark" not in shown.response
    assert shown.note == ""
    assert bare(shown.response) == user


def test_a_deleted_resource_in_a_list_is_marked_where_it_stands(look: Make) -> None:
    gone = exchange("DELETE", "/Groups/2", None, 204, None)
    groups: list[Json] = [{"id": "1", "displayName": "A"}, {"id": "2", "displayName": "B"}]
    found: Json = {"schemas": [LIST], "totalResults": 2, "Resources": groups}

    shown = look(gone, read(found, "/Groups"), expected="totalResults 1", actual="2")

    assert [kind for kind, _ in lines(shown.response)] == ["differs", *["extra"] * 4]
    assert '+ "displayName": "B",' not in str(lines(shown.response))
    assert ("extra", '+ "id": "2",') in lines(shown.response)
    assert shown.note == "Came otherwise: totalResults. Not expected: a resource that was deleted."


def test_a_delete_that_was_refused_makes_nothing_unexpected(look: Make) -> None:
    kept = exchange("DELETE", "/Groups/2", None, 403, None)
    found: Json = {"schemas": [LIST], "Resources": [{"id": "2"}]}

    assert not lines(look(kept, read(found, "/Groups"), expected="x", actual="y").response)


def test_an_account_in_a_list_that_should_be_inactive_is_marked_at_active(look: Make) -> None:
    users: list[Json] = [{"userName": "eve", "active": True}, {"userName": "ada", "active": True}]
    shown = look(
        read({"Resources": users}, "/Users"),
        expected="no active user 'ada' any more",
        actual="one who is active",
    )

    assert lines(shown.response) == [("differs", '≠ "active": true (not expected)')]
    assert shown.response.index("&#34;ada&#34;") < shown.response.index("<mark")


FREE: list[tuple[Json, Json]] = [
    (
        {"id": "9", "meta": {"a": 1}, "schemas": ["b", "a"]},
        {"id": "1", "meta": {}, "schemas": ["a"]},
    ),
    ({"password": "x", "groups": [{"value": "1"}]}, {}),
    (
        {"emails": [{"value": "A@X", "primary": False}]},
        {"emails": [{"value": "a@x", "type": "work"}]},
    ),
    ({"members": [{"value": "1", "$ref": "a", "display": "b"}]}, {"members": [{"value": "1"}]}),
    ({"nickName": "", "title": None, "emails": []}, {}),
    ({"active": "True"}, {"active": True}),
    (
        {"phoneNumbers": [{"value": "+1 (555) 0100"}]},
        {"phoneNumbers": [{"value": "tel:+1-555-0100"}]},
    ),
    ({"startDate": "2026-11-22T00:00:00Z"}, {"startDate": "2026-11-22T01:00:00+01:00"}),
    ({"USERNAME": "ada"}, {"userName": "ada"}),
    ({ENTERPRISE: {"manager": "7"}}, {ENTERPRISE: {"manager": {"value": "7", "displayName": "x"}}}),
]


@pytest.mark.parametrize("write", ["PUT", "PATCH"])
@pytest.mark.parametrize(("sent", "came"), FREE)
def test_what_a_server_is_free_to_change_is_never_marked(
    look: Make, write: str, sent: Json, came: Json
) -> None:
    body: Json = {"Operations": [{"op": "replace", "value": sent}]} if write == "PATCH" else sent
    written = exchange(write, "/Users/1", body, 200, None)
    everything = json.dumps(sent)

    shown = look(written, read(came), expected=everything, actual="otherwise")

    assert "<mark" not in shown.response, shown.response
    assert "<mark" not in look(written, read(came), at=0, expected=everything).request


def test_of_a_whole_resource_only_what_the_finding_names_is_marked(look: Make) -> None:
    body: Json = {"userName": "ada", "title": "Boss", "nickName": "a", "active": False}
    put = exchange("PUT", "/Users/1", body, 200, None)
    came: Json = {"userName": "ada", "title": "Clerk", "active": True}

    unnamed = look(put, read(came), expected="success", actual="something else")
    named = look(put, read(came), expected="the title kept", actual="another nickName")

    assert not lines(unnamed.response)
    assert lines(named.response) == [
        ("differs", '≠ "title": "Clerk", (sent: "Boss")'),
        ("missing", f'{LACKS} "nickName": "a" (not shown)'),
    ]


def test_a_reply_that_was_asked_for_a_part_lacks_nothing(look: Make) -> None:
    put = exchange("PUT", "/Users/1", {"userName": "ada", "title": "Boss"}, 200, None)
    shown = look(put, read({"userName": "ada"}, "/Users/1?attributes=userName"), expected="title")

    assert not lines(shown.response)


def test_a_create_is_compared_with_a_read_of_the_id_that_it_got(look: Make) -> None:
    post = exchange("POST", "/Users", {"userName": "ada", "title": "Boss"}, 201, {"id": "7"})
    shown = look(post, read({"id": "7", "title": "X"}, "/Users/7"), expected="title kept")

    assert lines(shown.response) == [("differs", '≠ "title": "X" (sent: "Boss")')]


def test_only_the_last_write_counts_and_only_one_that_was_answered_well(look: Make) -> None:
    first = patch({"op": "replace", "path": "title", "value": "A"})
    second = patch({"op": "replace", "path": "title", "value": "B"})
    refused = exchange(
        "PATCH",
        "/Users/1",
        {"Operations": [{"op": "replace", "path": "title", "value": "C"}]},
        400,
        {},
    )
    shown = look(first, second, refused, read({"title": "B"}), expected="x", actual="y")

    assert not lines(shown.response)


def test_what_was_removed_and_is_still_there_is_not_expected(look: Make) -> None:
    shown = look(patch({"op": "remove", "path": "title"}), read({"title": "B"}), expected="x")

    assert lines(shown.response) == [("extra", '+ "title": "B" (sent: null)')]


def test_values_that_were_replaced_as_a_whole_lack_or_have_too_many(look: Make) -> None:
    members: list[Json] = [{"value": "1"}, {"value": "2"}]
    change = exchange(
        "PATCH",
        "/Groups/1",
        {"Operations": [{"op": "replace", "path": "members", "value": members}]},
        204,
        None,
    )
    came: Json = {"members": [{"value": "2"}, {"value": "3"}]}
    shown = look(change, read(came, "/Groups/1"), expected="x", actual="y")

    assert [kind for kind, _ in lines(shown.response)] == ["extra", "extra", "extra", "missing"]
    assert shown.note == "Missing: members. Not expected: members."


def test_a_path_with_a_filter_leaves_its_attribute_open(look: Make) -> None:
    change = patch(
        {"op": "replace", "path": "emails", "value": [{"value": "a@x"}]},
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "b@x"},
    )

    assert not lines(look(change, read({"emails": [{"value": "b@x"}]}), expected="emails").response)


@pytest.mark.parametrize(
    "verdict", [Verdict.PASS, Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.ERROR]
)
def test_what_is_no_finding_about_the_server_is_not_marked(result: Make, verdict: Verdict) -> None:
    found = result(verdict, evidence=(read({"active": True}),), expected="active false")

    assert not marked(found, view.exchanges(found)[0]).note


def test_an_exchange_that_does_not_show_the_finding_is_not_marked(look: Make) -> None:
    first = exchange("GET", "/Users/1", None, 200, {"active": True})
    shown = look(first, read({"active": True}), at=0, expected="active false", actual="true")

    assert "<mark" not in shown.response


ODD: list[Json] = [None, 7, True, "", "text", HOSTILE, [], [[]], {"": {"": None}}, {"Resources": 3}]


@pytest.mark.parametrize("odd", [*ODD, {"Resources": [3, None]}, {HOSTILE: [HOSTILE]}, ODD])
def test_odd_and_hostile_bodies_stay_text(look: Make, odd: Json) -> None:
    evidence = (
        exchange("PATCH", "/Users/1", {"Operations": odd}, 200, odd),
        exchange(
            "PATCH",
            "/Users/1",
            {"Operations": [odd, {"op": odd, "path": odd, "value": odd}]},
            200,
            odd,
        ),
        exchange("PUT", "/Users/1", odd, 200, odd),
        read(odd),
    )
    for at in range(4):
        for expected in (HOSTILE, "active false", "no value in Resources", f"a value in {HOSTILE}"):
            shown = look(*evidence, at=at, expected=expected, actual=HOSTILE)
            text = shown.request + shown.response + shown.note
            assert set(re.findall(r"<[^ >]*", shown.request + shown.response)) <= {
                "<mark",
                "</mark",
                "<span",
                "</span",
            }
            assert all(ord(each) >= 32 or each == "\n" for each in text)


def test_a_megabyte_is_shown_short_with_its_mark(look: Make) -> None:
    members: list[Json] = [{"value": str(n), "display": "x" * 50} for n in range(20_000)]
    body: Json = {"displayName": "A", "members": members, "active": True}
    change = patch({"op": "replace", "path": "members", "value": members[:-1]})

    shown = look(change, read(body), expected='displayName "B"', actual='"A"')

    assert lines(shown.response)[0] == ("differs", '≠ "displayName": "A", (expected: "B")')
    assert len(shown.response) < 10_000
    assert "lines more" in shown.response
    assert len(look(read("z" * 1_000_000), expected="x").response) < 5_000


def test_a_mark_far_down_is_shown_with_what_is_around_it(look: Make) -> None:
    body: Json = {f"a{n}": n for n in range(1_000)}

    shown = look(read(body), expected="a700 1", actual="700")

    assert '<mark class="differs">≠   &#34;a700&#34;: 700,</mark>' in shown.response
    assert "&#34;a698&#34;" in shown.response
    assert "&#34;a600&#34;" not in shown.response


def test_depth_is_bounded(look: Make) -> None:
    deep: Json = "x"
    for _ in range(95):
        deep = {"a": [deep]}

    assert "…" in look(read(deep), expected="a 1").response


def test_the_faults_of_a_real_report_are_marked(broken: Report) -> None:
    findings = [each for each in broken.results if each.verdict in (Verdict.FAIL, Verdict.WARN)]
    told = 0
    for result in findings:
        for each in view.exchanges(result):
            shown = marked(result, each)
            told += shown.is_marked and each.get("shows") is True
            came = view.part(each, "response").get("body")
            if isinstance(came, dict) and "lines more" not in shown.response:
                assert bare(shown.response) == came
    assert told / len(findings) > 0.8


def test_no_passing_result_of_a_real_report_is_marked(broken: Report) -> None:
    for result in broken.results:
        if result.verdict is Verdict.PASS:
            for each in view.exchanges(result)[:3]:
                assert not marked(result, each).is_marked


@pytest.mark.parametrize(
    ("sent", "shown", "expected"),
    [
        ("a", "A", True),
        ("a", "b", False),
        (True, "true", True),
        (True, False, False),
        (1, "1", True),
        ([1], [2, 1], True),
        ([1, 3], [2, 1], False),
        ({"value": "1", "x": "2"}, {"value": "1"}, False),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", False),
        ("x" * 50, "y", False),
    ],
)
def test_values_are_compared_as_scim_keeps_them(sent: Json, shown: Json, expected: bool) -> None:
    assert same(sent, shown) is expected


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("a.b", ("A", "b")),
        ("a.c", None),
        ("list[0].x", ("list", 0, "x")),
        ("list[1].x", None),
        ("a[0]", None),
        ("urn:x:2.0:User:dept", ("urn:x:2.0:User", "dept")),
    ],
)
def test_a_path_leads_to_its_place(path: str, place: tuple[str | int, ...] | None) -> None:
    body: Json = {"A": {"b": 1}, "list": [{"x": 1}], "urn:x:2.0:User": {"dept": 1}}

    assert located(body, path) == place


def test_the_signs_are_explained() -> None:
    assert all(sign in legend() for sign in ("≠", LACKS, "+"))


def test_one_member_of_a_large_group_who_is_missing_is_found_quickly(look: Make) -> None:
    members: list[Json] = [{"value": f"u{n}"} for n in range(2_000)]
    operation: Json = {"op": "replace", "path": "members", "value": members}
    change = exchange("PATCH", "/Groups/1", {"Operations": [operation]}, 204, None)
    came: Json = {"members": [*members[1:], {"value": "x"}]}

    shown = look(change, read(came, "/Groups/1"), expected="x", actual="y")

    # A line is as far down as what is looked at goes; the note names it all the same.
    assert shown.note == "Missing: members. Not expected: members."


def test_a_word_of_a_title_is_no_name_and_a_part_is_named_by_its_own_name(result: Make) -> None:
    body: Json = {"name": {"familyName": "A", "formatted": "x"}, "title": "Boss"}
    put = exchange("PUT", "/Users/1", body, 200, None)
    came = read({"name": {"familyName": "B", "formatted": "y"}, "title": "Clerk"})

    def names(title: str) -> list[str]:
        told = {"expected": "a user under another name", "actual": "nobody", "title": title}
        found = result(Verdict.FAIL, evidence=(put, came), **told)
        return [kind for kind, _ in lines(marked(found, view.exchanges(found)[1]).response)]

    assert names("The title and the name are kept") == []
    assert names("The `name.familyName` is kept") == ["differs"]
