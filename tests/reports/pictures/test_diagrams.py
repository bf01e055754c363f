from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reports import IdpSummary
from reports import Json
from reports import Report
from reports import Result
from reports import Verdict
from reports.pictures.diagram_rows import Kind
from reports.pictures.diagram_rows import path_template
from reports.pictures.diagram_rows import rows_of
from reports.pictures.diagrams import diagram_of
from reports.pictures.diagrams import scenario_diagrams
from tests.reports.picture_rules import HOSTILE
from tests.reports.picture_rules import description
from tests.reports.picture_rules import lowest
from tests.reports.picture_rules import picture_in
from tests.reports.picture_rules import rows
from tests.reports.picture_rules import texts

Make = Callable[..., Any]
SUMMARY = IdpSummary(
    idp="okta", title="Okta", dialect="oin", dialect_title="Catalog apps", verdict=Verdict.FAIL
)


def sent(step: str | None, method: str = "GET", target: str = "/Users", **given: Json) -> Json:
    """One exchange of the scenario `create-user`, or of scimproof's own."""
    scenario = "create-user" if step else None
    request: Json = {
        "method": method,
        "target": target,
        "headers": [],
        "body": given.pop("b", None),
    }
    response: Json = {"status": given.pop("status", 200), "headers": [], "body": None}
    exchange: dict[str, Json] = {"request": request, "response": response, "shows": False}
    return exchange | {"scenario": scenario, "step": step} | given


@pytest.fixture
def replay(result: Make) -> Make:
    def made(*evidence: Json, verdict: Verdict = Verdict.PASS, **given: object) -> Result:
        told: dict[str, object] = {"idp": "okta", "dialect": "oin", "scenario": "create-user"}
        found: Result = result(verdict, evidence=evidence, **(told | given))
        return found

    return made


def test_a_diagram_has_the_idp_the_server_each_step_and_each_reply(replay: Make) -> None:
    result = replay(sent("look up the user"), sent("create the user", "POST", status=201))

    svg = picture_in(diagram_of(result, "Okta"))

    assert texts(svg, "who") == ["Okta", "the server"]
    assert texts(svg, "name") == ["1. look up the user", "2. create the user"]
    assert texts(svg, "wire") == ["GET /Users", "POST /Users"]
    assert texts(svg, "reply") == ["200 OK", "201 Created"]
    assert not rows(svg, "marked")


def test_the_failing_step_is_marked_once_in_sign_word_and_text_alternative(replay: Make) -> None:
    result = replay(
        sent("look up the user", shows=True),
        sent("create the user", "POST", status=400, shows=True),
        verdict=Verdict.FAIL,
        expected="a user",
        actual="nobody",
    )

    svg = picture_in(diagram_of(result, "Okta"))

    assert texts(svg, "mark") == ["✗ stops here"]
    (row,) = rows(svg, "marked")
    assert "1. look up the user" in [each.text for each in row]
    assert texts(svg, "remark") == ["expected a user, got nobody"]
    assert description(svg).count("✗ stops here. expected a user, got nobody") == 1


@pytest.mark.parametrize(
    ("verdict", "step", "mark"),
    [
        (Verdict.FAIL, None, "✗ it shows here"),
        (Verdict.WARN, "create the user", "! warns here"),
        (Verdict.INCONCLUSIVE, "create the user", "? not judged from here"),
        (Verdict.ERROR, "create the user", "✗ error of scimproof here"),
    ],
)
def test_a_mark_says_what_kind_of_finding_it_is(
    replay: Make, verdict: Verdict, step: str | None, mark: str
) -> None:
    result = replay(sent("look up the user"), sent(step, shows=True), verdict=verdict)

    assert texts(picture_in(diagram_of(result, "Okta")), "mark") == [mark]


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.SKIP, Verdict.WAIVED])
def test_what_is_no_finding_has_no_mark(replay: Make, verdict: Verdict) -> None:
    result = replay(sent("look up the user", shows=True), verdict=verdict)

    assert not texts(picture_in(diagram_of(result, "Okta")), "mark")


def test_requests_of_scimproof_itself_differ_from_those_of_the_idp(replay: Make) -> None:
    result = replay(sent(None, "POST"), sent("look up the user"), sent(None))

    svg = picture_in(diagram_of(result, "Okta"))

    assert [len(rows(svg, each)) for each in ("prepares", "own", "looks")] == [1, 1, 1]
    assert texts(svg, "name")[::2] == ["1. scimproof prepares", "3. scimproof looks"]


def test_a_case_without_idp_is_between_scimproof_and_the_server(result: Make) -> None:
    found = result(Verdict.PASS, evidence=(sent(None, "DELETE", "/Users/4711", status=204),))

    svg = picture_in(diagram_of(found))

    assert texts(svg, "who") == ["scimproof", "the server"]
    assert texts(svg, "wire") == ["DELETE /Users/{id}"]
    assert len(rows(svg, "own")) == 1


def test_a_change_shows_what_it_changes(replay: Make) -> None:
    body: Json = {
        "Operations": [{"op": "Replace", "path": "active", "value": "False"}, {"op": "x"}]
    }

    svg = picture_in(diagram_of(replay(sent("disable", "PATCH", "/Users/1", b=body)), "Okta"))

    assert texts(svg, "body") == ['Replace active = "False", and 1 more']


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/Users/2819c223-7f76-453a-919d-413861904646", "/Users/{id}"),
        ("/Users/anna", "/Users/{id}"),
        ("/Users/.search", "/Users/.search"),
        ("/v2/Groups/81?attributes=id", "/v2/Groups/{id}?attributes=id"),
        ("/Users?filter=userName+eq+%22a%22", '/Users?filter=userName eq "a"'),
        ("/ServiceProviderConfig", "/ServiceProviderConfig"),
        ("", ""),
    ],
)
def test_a_target_is_shortened_for_a_reader(target: str, shown: str) -> None:
    assert path_template(target) == shown


def test_a_long_sequence_is_folded_but_for_its_mark(replay: Make) -> None:
    lookups = [sent("look up the user") for _ in range(40)]
    result = replay(
        *lookups[:25], sent("look up the user", shows=True), *lookups[25:], verdict=Verdict.FAIL
    )

    svg = picture_in(diagram_of(result, "Okta"))

    assert texts(rows(svg, "folded")[0], "name") == ["… 24 more like this"]
    assert texts(rows(svg, "folded")[1], "name") == ["… 14 more like this"]
    assert len(texts(svg, "mark")) == 1
    assert [each.split(".")[0] for each in texts(svg, "name") if each[0].isdigit()] == [
        "1",
        "26",
        "27",
    ]


def test_every_request_of_a_very_long_sequence_is_drawn_or_counted(replay: Make) -> None:
    many = [sent(f"step {n}", shows=n == 150) for n in range(300)]

    drawn = rows_of(replay(*many, verdict=Verdict.FAIL))

    assert len(drawn) < 50
    assert sum(row.requests for row in drawn) == 300
    assert sum(bool(row.mark) for row in drawn) == 1


def test_steps_that_were_not_reached_are_those_of_a_case_that_passed(
    replay: Make, report: Make
) -> None:
    whole = replay(
        sent("look up"), sent("create"), sent("set the password"), dialect="aiw", case="whole"
    )
    stopped = replay(sent("look up"), sent("create", shows=True), verdict=Verdict.FAIL)

    diagrams = scenario_diagrams(report(whole, stopped, idps=(SUMMARY,)))

    first, second = (picture_in(each.svg) for each in diagrams)
    assert texts(rows(second, "unreached")[0]) == ["not reached: set the password"]
    assert not rows(first, "unreached")


@pytest.mark.parametrize(
    "steps",
    [
        ("other", "create", "set the password"),
        ("look up", "create", "look up", "create"),
    ],
)
def test_a_case_that_went_another_way_or_around_again_tells_no_step(
    replay: Make, report: Make, steps: tuple[str, ...]
) -> None:
    other = replay(*(sent(each) for each in steps), dialect="aiw")
    stopped = replay(sent("look up"), sent("create", shows=True), verdict=Verdict.FAIL)

    diagrams = scenario_diagrams(report(other, stopped))

    assert not any(rows(picture_in(each.svg), "unreached") for each in diagrams)


def test_what_only_scimproof_noticed_stopped_no_step(replay: Make, report: Make) -> None:
    whole = replay(sent("look up"), sent("create"), dialect="aiw")
    found = replay(sent("look up"), sent(None, shows=True), verdict=Verdict.FAIL)

    diagrams = scenario_diagrams(report(whole, found))

    assert not any(rows(picture_in(each.svg), "unreached") for each in diagrams)


def test_a_scenario_is_shown_by_its_failure_else_by_its_longest_case(
    replay: Make, report: Make
) -> None:
    short = replay(sent("look up"), case="short")
    long = replay(sent("look up"), sent("create"), case="long")
    failed = replay(sent("look up", shows=True), verdict=Verdict.FAIL, case="failed")

    (passing,) = scenario_diagrams(report(short, long, idps=(SUMMARY,)))
    (failing,) = scenario_diagrams(report(short, long, failed, idps=(SUMMARY,)))

    assert (passing.case, passing.failed, passing.title) == (
        "long",
        False,
        "Okta, Catalog apps: create-user",
    )
    assert (failing.case, failing.failed, failing.position) == ("failed", True, 2)


def test_a_simulation_is_called_one_and_a_products_promise_is_no_scenario(
    replay: Make, report: Make
) -> None:
    simulated = replay(sent("look up"), simulated=True)
    promise = replay(sent("look up"), product="clockify", scenario="other")

    (diagram,) = scenario_diagrams(report(simulated, promise))

    assert diagram.title.endswith("(simulated)")


def test_every_scenario_of_a_real_report_has_a_sound_picture(broken: Report) -> None:
    diagrams = scenario_diagrams(broken)

    keys = [(each.idp, each.dialect, each.scenario) for each in diagrams]
    assert len(set(keys)) == len(keys) > 60
    for each in diagrams:
        svg = picture_in(each.svg)
        marks = len(texts(svg, "mark"))
        assert marks == (1 if each.failed or each.verdict is Verdict.WARN else 0), each.title
        assert lowest(svg) < float((svg.get("viewBox") or "").split()[3])
        assert broken.results[each.position].case == each.case
    assert sum(len(each.svg) for each in diagrams) < 1_000_000


def test_the_scenario_of_a_fault_is_marked_where_the_fault_is(broken: Report) -> None:
    by_key = {(each.idp, each.dialect, each.scenario): each for each in scenario_diagrams(broken)}
    svg = picture_in(by_key["entra", "default", "disable-user-default"].svg)

    (marked,) = rows(svg, "marked")
    said = texts(marked)
    assert "GET /Users/{id}" in said
    assert 'Replace active = "False"' in texts(svg, "body")
    assert any("active" in each for each in texts(marked, "remark"))


@pytest.mark.parametrize("odd", [None, 7, True, [], {}, "", HOSTILE, ["a", {"b": HOSTILE}]])
def test_odd_and_hostile_evidence_is_drawn_as_text(replay: Make, odd: Json) -> None:
    operations: Json = {"Operations": [{"op": odd, "path": odd, "value": odd}]}
    exchanges: list[Json] = [
        {"request": odd, "response": odd, "scenario": odd, "step": odd, "shows": odd, "error": odd},
        {"request": {"method": odd, "target": odd, "body": odd}, "response": {"status": odd}},
        sent(HOSTILE, "PATCH", HOSTILE, b=operations, error=HOSTILE, status=odd, shows=True),
        odd,
    ]
    result = replay(
        *exchanges, verdict=Verdict.FAIL, expected=HOSTILE, actual=HOSTILE, scenario=HOSTILE
    )

    svg = picture_in(diagram_of(result, HOSTILE, after=(HOSTILE,)))

    assert len(texts(svg, "mark")) == 1
    assert all(ord(each) >= 32 for line in texts(svg) for each in line)


def test_a_case_without_evidence_says_so(replay: Make) -> None:
    svg = picture_in(diagram_of(replay(verdict=Verdict.FAIL), "Okta"))

    assert texts(svg, "quiet") == ["No request was sent."]


def test_a_megabyte_does_not_make_a_large_picture(replay: Make) -> None:
    huge = "x" * 1_000_000
    body: Json = {"Operations": [{"op": "add", "path": huge, "value": [huge]}]}
    result = replay(sent(huge, "PATCH", f"/Users?{huge}", b=body), actual=huge, expected=huge)

    assert len(diagram_of(result, huge)) < 20_000


def test_rows_know_what_was_refused(replay: Make) -> None:
    rows_found = rows_of(replay(sent("a", status=409), sent("b", status=799), sent("c")))

    assert [row.refused for row in rows_found] == [True, True, False]
    assert {row.kind for row in rows_found} == {Kind.OWN}


def test_what_a_whole_history_ends_with_is_no_ones_scenario(replay: Make, report: Make) -> None:
    later = sent("update the user")
    assert isinstance(later, dict)
    later["scenario"] = "update"
    seen = replay(
        sent("create"), later, sent(None, shows=True), scenario=None, verdict=Verdict.FAIL
    )
    own = replay(sent("create"), {**later, "shows": True}, scenario=None, verdict=Verdict.FAIL)

    assert scenario_diagrams(report(seen)) == ()
    assert [each.scenario for each in scenario_diagrams(report(own))] == ["update"]


def test_what_scimproof_looks_at_is_folded_whatever_it_looks_for(replay: Make) -> None:
    looks = [sent(None, target=f"/Users?filter=userName+eq+{n}") for n in range(5)]

    svg = picture_in(diagram_of(replay(sent("create"), *looks), "Okta"))

    assert texts(rows(svg, "folded")[0], "name") == ["… 4 more like this"]


def test_the_host_of_an_absolute_target_is_left_out() -> None:
    assert path_template("http://127.0.0.1:8080/scim/oauth/token") == "/scim/oauth/token"
