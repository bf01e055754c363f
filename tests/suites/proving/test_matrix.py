"""Every deviation is caught by whom it should be caught, and a legal one by nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reference_server import deviations
from reference_server.deviations import registry
from suites.proving import matrix
from suites.proving import matrix_cases
from suites.proving.case_list import Case
from suites.proving.case_list import area_of
from suites.proving.matrix_cases import Catch
from suites.proving.matrix_cases import Job
from suites.proving.matrix_cases import Seen
from suites.proving.matrix_cases import Wanted
from tests.sizes import sized

NAMES = deviations.names()
ALL = [deviations.get(name) for name in NAMES]
SAMPLE = NAMES[:: sized(max(1, len(NAMES) // 6), 1)]
FIGURES = {"deviations": len(SAMPLE)}
FAULT = "create-answers-200"
LEGAL = "page-capped-at-two"
OKTAS = "create-escapes-html"
CATCH = Catch(
    case="crud/x.py::x", requirement="RFC7644-3.3-7", area="crud", verdict="fail", own=True
)
OF_OKTA = replace(CATCH, case="idp/okta/x.py::x", requirement="OKTA-CREATE-1", area="idp/okta")


@pytest.fixture(scope="module")
def cases(known_cases: tuple[Case, ...]) -> list[Case]:
    return [*known_cases]


def test_each_deviation_is_caught_by_whom_it_should_be() -> None:
    rows = matrix.run(SAMPLE)
    assert [row.deviation for row in rows] == list(SAMPLE)
    assert {row.deviation: row.problems for row in rows if row.problems} == {}


def test_each_fault_of_the_protocol_is_the_proof_of_a_case_that_replays_nobody(
    cases: list[Case],
) -> None:
    named = matrix.named_by(case for case in cases if not area_of(case.name).startswith("idp/"))
    faults = [each.name for each in ALL if matrix.breaks_the_protocol(each)]
    assert [name for name in faults if name not in named] == []


def test_each_deviation_is_the_proof_of_some_case(cases: list[Case]) -> None:
    named = matrix.named_by(cases)
    assert [each.name for each in ALL if not each.legal and each.name not in named] == []


def judged(name: str, *catches: Catch, idp: bool = False, **more: object) -> Seen:
    return Seen(deviation=name, idp=idp, caught=catches, **more)  # type: ignore[arg-type]  # fields of Seen


def test_what_nobody_notices_has_survived() -> None:
    row = matrix.row_of([judged(FAULT), judged(FAULT, idp=True)])
    assert row.outcome == matrix.SURVIVED
    stopped = matrix.stopped_idps(deviations.get(FAULT))
    unnoticed = ["no case of the protocol, security and consistency suites notices"]
    unnoticed += [f"no replay of {name} notices" for name in stopped]
    assert row.problems == tuple(unnoticed)


def test_replays_alone_are_not_enough_for_a_fault_of_the_protocol() -> None:
    row = matrix.row_of([judged(FAULT), judged(FAULT, OF_OKTA, idp=True)])
    assert row.outcome == matrix.IDP_ONLY
    assert row.problems[0] == "no case of the protocol, security and consistency suites notices"


def test_each_identity_provider_that_is_stopped_has_to_notice_by_itself() -> None:
    row = matrix.row_of([judged(FAULT, CATCH), judged(FAULT, OF_OKTA, idp=True)])
    others = [name for name in matrix.stopped_idps(deviations.get(FAULT)) if name != "okta"]
    assert row.problems == tuple(f"no replay of {name} notices" for name in others)


def test_the_suites_alone_are_not_enough_for_what_stops_an_identity_provider() -> None:
    row = matrix.row_of([judged(OKTAS, CATCH), judged(OKTAS, idp=True)])
    assert row.outcome == matrix.OWN
    assert "no replay of okta notices" in row.problems


def test_who_caught_a_deviation_is_told() -> None:
    stranger = Catch(case="a", requirement="b", area="c", verdict="warn", own=False)
    assert matrix.row_of([judged(FAULT, CATCH)]).outcome == matrix.OWN
    assert matrix.row_of([judged(FAULT, stranger)]).outcome == matrix.OTHERS
    assert matrix.row_of([judged(FAULT, trouble="401")]).outcome == matrix.STOPPED


def test_a_failure_on_a_legal_server_is_a_false_alarm_and_a_warning_is_none() -> None:
    accused = matrix.row_of([judged(LEGAL, CATCH)])
    warned = Catch(case="a", requirement="b", area="c", verdict="warn", own=False)
    assert (accused.outcome, accused.problems) == (
        matrix.ACCUSED,
        ("a false alarm by crud/x.py::x",),
    )
    let_pass = matrix.row_of([judged(LEGAL, warned), judged(LEGAL, CATCH, idp=True)])
    assert (let_pass.outcome, let_pass.problems) == (matrix.LEGAL, ())


def test_a_case_that_falls_over_is_a_problem_of_ours() -> None:
    row = matrix.row_of([judged(FAULT, CATCH, errors=("x: KeyError",))])
    assert row.problems == ("x: KeyError",)


def test_the_summary_counts_and_names_the_problems() -> None:
    rows = [matrix.row_of([judged(FAULT, CATCH)]), matrix.row_of([judged(OKTAS)])]
    lines = list(matrix.summary(rows))
    assert lines[:2] == [f"    1  {matrix.OWN}", f"    1  {matrix.SURVIVED}"]
    assert lines[2] == "caught by area: crud 1"
    assert lines[3].startswith(f"{OKTAS}: no case ")


def test_a_case_that_fails_on_the_correct_server_as_well_catches_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    servers = matrix_cases._Servers
    monkeypatch.setattr(
        matrix_cases, "_Servers", lambda job: servers(replace(job, deviation=FAULT))
    )
    found: list[Seen] = []
    wanted = Wanted(suites=("protocol",), limit=0.5)
    matrix_cases.run_cases(
        [Job(deviation=FAULT, violates=("RFC7644-3.3-7",))], wanted, found.append
    )
    assert [(seen.caught, seen.cut) for seen in found] == [((), True)]
    assert found[0].cases


def test_cases_that_cannot_be_run_are_no_empty_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    with pytest.raises(RuntimeError, match="cannot be run"):
        matrix_cases.run_cases([], Wanted(suites=("protocol",)), lambda seen: None)


def test_a_legal_deviation_breaks_and_stops_nothing() -> None:
    legal = [each for each in ALL if each.legal]
    assert legal
    assert not any(map(matrix.breaks_the_protocol, legal))
    assert not any(map(matrix.stopped_idps, legal))


def test_what_breaks_only_an_identity_provider_is_no_fault_of_the_protocol() -> None:
    only = registry.Deviation("x", "x", "X.", lambda handle: handle, ("OKTA-CREATE-1",), ("okta",))
    assert not matrix.breaks_the_protocol(only)
    assert matrix.stopped_idps(only) == ("okta",)
