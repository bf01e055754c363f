from __future__ import annotations

from pathlib import Path

import pytest

from idp_profiles.model import Credential
from reports import Report
from reports import Result
from reports import Verdict
from suites.outcome import outline
from suites.outcome.waiver_states import Standing
from suites.outcome.waiver_states import State
from suites.outcome.waivers import Waiver
from suites.preflight.look import Look
from suites.run import finish
from suites.run.state import Options
from suites.run.state import RunState
from suites.target.model import Target

TESTS_FAILED = 1


def result(verdict: Verdict, requirement: str = "X-1", **more: str) -> Result:
    return Result(
        case=f"case::{requirement}-{verdict}",
        requirement=requirement,
        level="MUST",
        suite="idp",
        title="It answers",
        verdict=verdict,
        **more,  # type: ignore[arg-type]  # texts only
    )


def target() -> Target:
    credential = Credential(kind="bearer", secret="secret-of-test")  # noqa: S106 - made up
    return Target(url="http://127.0.0.1:1", credential=credential)


def status(
    *results: Result, before: int = 0, waivers: tuple[Standing, ...] = (), **options: bool
) -> int:
    state = RunState(Options(**options), target(), None, owner="main")  # type: ignore[arg-type]  # flags only
    run = finish.Ended(state, results, Look(), interrupted=False, waivers=waivers)
    return finish.exit_status(run, before)


@pytest.mark.parametrize(
    ("verdicts", "plain", "strict", "lenient"),
    [
        ((Verdict.PASS,), 0, 0, 0),
        ((Verdict.PASS, Verdict.SKIP), 0, 0, 0),
        ((Verdict.PASS, Verdict.WARN), 0, 1, 0),
        ((Verdict.WARN,), 0, 1, 0),
        ((Verdict.WAIVED,), 0, 0, 0),
        ((Verdict.PASS, Verdict.FAIL), 1, 1, 1),
        ((Verdict.PASS, Verdict.ERROR), 1, 1, 1),
        ((Verdict.PASS, Verdict.INCONCLUSIVE), 1, 1, 0),
        ((Verdict.INCONCLUSIVE,), 1, 1, 1),
        ((Verdict.INCONCLUSIVE, Verdict.SKIP), 1, 1, 1),
        ((Verdict.SKIP,), 1, 1, 1),
        ((), 1, 1, 1),
    ],
)
def test_the_verdicts_decide_the_exit_status(
    verdicts: tuple[Verdict, ...], plain: int, strict: int, lenient: int
) -> None:
    results = [result(verdict, f"X-{number}") for number, verdict in enumerate(verdicts)]
    assert status(*results) == plain
    assert status(*results, strict=True) == strict
    assert status(*results, allow_inconclusive=True) == lenient


def test_what_pytest_found_wrong_stays_wrong() -> None:
    assert status(result(Verdict.PASS), before=TESTS_FAILED) == TESTS_FAILED


def test_no_tests_beside_our_cases_is_nothing_wrong() -> None:
    assert status(result(Verdict.PASS), before=pytest.ExitCode.NO_TESTS_COLLECTED) == 0


def standing(state: State) -> Standing:
    return Standing(waiver=Waiver(requirement="X-1", reason="on purpose"), state=state)


@pytest.mark.parametrize("state", State)
def test_a_waiver_that_is_needless_or_over_fails_the_run(state: State) -> None:
    bad = state in (State.NEEDLESS, State.EXPIRED)
    assert status(result(Verdict.PASS), waivers=(standing(state),)) == int(bad)


def test_the_report_lists_every_waiver_with_what_became_of_it(tmp_path: Path) -> None:
    run = RunState(Options(report=tmp_path), target(), tmp_path, owner="main")
    waivers = (standing(State.USED), standing(State.NEEDLESS))
    ended = finish.Ended(run, (result(Verdict.PASS),), Look(), interrupted=False, waivers=waivers)
    listed = [each for each in finish._report(ended, 0, ()).waivers if isinstance(each, dict)]
    assert [(each["requirement"], each["state"]) for each in listed] == [
        ("X-1", "used"),
        ("X-1", "needless"),
    ]


def test_only_what_was_judged_counts_as_covered() -> None:
    found = outline.coverage(
        [
            result(Verdict.PASS, "A-1"),
            result(Verdict.FAIL, "A-2"),
            result(Verdict.WARN, "A-3"),
            result(Verdict.WAIVED, "A-4"),
            result(Verdict.SKIP, "B-1", actual="no groups"),
            result(Verdict.INCONCLUSIVE, "B-2", actual="nothing listens"),
            result(Verdict.ERROR, "B-3", actual="KeyError"),
            result(Verdict.SKIP, "A-1", actual="not in this dialect"),
        ]
    )
    assert found["checked"] == ["A-1", "A-2", "A-3", "A-4"]
    assert found["skipped"] == {
        "B-1": "no groups",
        "B-2": "inconclusive: nothing listens",
        "B-3": "error: KeyError",
    }
    assert found["not_checkable"] == {}


def test_what_cannot_be_checked_is_named_for_the_documents_that_were_looked_at() -> None:
    found = outline.coverage([result(Verdict.PASS, "RFC7644-3.6-1")])["not_checkable"]
    assert isinstance(found, dict)
    assert found
    assert all(key.startswith("RFC7644-") and reason for key, reason in found.items())


def test_the_promises_of_a_product_are_named_with_what_an_idp_cannot_achieve() -> None:
    found = outline.coverage([result(Verdict.PASS, "CLK-USER-8", idp="entra", product="clockify")])
    promises, out_of_reach = found["promises"], found["not_achievable"]
    assert isinstance(promises, dict)
    assert isinstance(out_of_reach, dict)
    assert {each.partition("-")[0] for each in promises} == {"CLK"}
    assert isinstance(out_of_reach["CLK-USER-8"], dict)
    assert "okta" in out_of_reach["CLK-USER-8"]
    assert "promises" not in outline.coverage([result(Verdict.PASS, "RFC7644-3.6-1")])


def test_one_trouble_speaks_for_all_workers() -> None:
    fine = {"trouble": None, "capabilities": {"patch": True}, "software": "Acme"}
    bad: dict[str, object] = {"trouble": "nothing listens", "capabilities": {}, "software": None}
    assert finish.one_look([{}, fine]).software == "Acme"
    assert finish.one_look([fine, bad]).trouble == "nothing listens"
    assert finish.one_look([{}, {}]) == Look()


def test_one_worker_that_met_a_simulation_is_enough() -> None:
    plain: dict[str, object] = dict.fromkeys(("trouble", "software", "simulated"))
    plain["capabilities"] = {}
    assert finish.one_look([{}, plain, {**plain, "simulated": True}]).simulated
    assert not finish.one_look([{}, plain]).simulated


def test_a_target_that_is_a_simulation_makes_every_result_a_simulated_one(tmp_path: Path) -> None:
    def written(look: Look, *results: Result) -> Report:
        state = RunState(Options(report=tmp_path), target(), tmp_path, owner="main")
        return finish._report(finish.Ended(state, results, look, interrupted=False), 0, ())

    replay = result(Verdict.PASS, "OKTA-CONN-1", idp="okta", dialect="oin", feature="Import")
    promise = result(Verdict.PASS, "CLK-USER-4", idp="entra", product="clockify")
    simulated = written(Look(simulated=True), replay, promise)
    assert simulated.target.simulated
    assert all(each.simulated for each in simulated.results)
    labels = {each.label for summary in simulated.idps for each in summary.features if each.verdict}
    assert labels == {"works, simulated"}
    real = written(Look(), replay, promise)
    assert not real.target.simulated
    assert not any(each.simulated for each in real.results)
    assert {summary.idp for summary in real.idps} == {"okta"}  # entra was not replayed
    assert {each.product for each in real.contradictions} == {"clockify"}


def test_a_simulation_that_nothing_was_tried_on_is_one_all_the_same(tmp_path: Path) -> None:
    options = Options(report=tmp_path, suites=("product",), products=("clockify",))
    for named, simulated in ((None, True), (target(), False)):
        state = RunState(options, named, tmp_path, owner="main")
        ended = finish.Ended(state, (), Look(), interrupted=True)
        assert finish._report(ended, 0, ()).target.simulated is simulated


def test_latest_points_to_the_newest_folder(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        finish._point_latest(tmp_path / name)
    assert (tmp_path / "latest").resolve() == tmp_path / "two"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["latest", "one", "two"]


def test_a_folder_called_latest_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "mine").touch()
    (tmp_path / "one").mkdir()
    finish._point_latest(tmp_path / "one")
    assert (tmp_path / "latest" / "mine").exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["latest", "one"]
