"""Waivers: what they cover, for how long, and when a run says that they have to go."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from typing import TypeAlias

import jsonschema
import pytest

import reports
from reports import Result
from reports import Verdict
from reports.__main__ import main as report_command
from reports.findings.causes import cause_key
from reports.scrub import scrubbed
from suites.outcome import waivers
from suites.outcome.waiver_states import Standing
from suites.outcome.waiver_states import State
from suites.outcome.waiver_states import standings
from suites.outcome.waivers import Waiver
from suites.run import seen
from suites.run.seen import Case
from suites.run.seen import Seen
from suites.run.state import Options
from suites.target.credentials import TargetError

# The fixture of the folder: runs the command.
Command: TypeAlias = Any

TODAY = date(2026, 11, 22)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
HOSTILE = '</script>\x1b[2J\u202e"; rm -rf\nsecond line'


def result(
    verdict: Verdict,
    requirement: str = "X-1",
    idp: str | None = "okta",
    dialect: str | None = "oin",
    case: str = "",
) -> Result:
    return Result(
        case=case or f"suites/test_x.py::test_{requirement}[{idp}-{dialect}]",
        requirement=requirement,
        level="MUST",
        suite="idp",
        title="It answers",
        verdict=verdict,
        idp=idp,
        dialect=dialect,
    )


def of_requirement(requirement: str = "X-1", **more: Any) -> Waiver:  # noqa: ANN401 - any field
    return Waiver(**{"requirement": requirement, "reason": "on purpose", **more})


def of_cause(found: Result, **more: Any) -> Waiver:  # noqa: ANN401 - any field
    return Waiver(**{"cause": cause_key(found), "reason": "on purpose", **more})


def after(
    waiver: Waiver,
    *results: Result,
    left_out: tuple[Result, ...] = (),
    narrowed: bool = False,
    **options: Any,  # noqa: ANN401 - any option of a run
) -> Standing:
    """What became of a waiver in a run that had found these cases."""
    cases = tuple(
        Case(each.case, each.requirement, each.idp, each.dialect) for each in (*results, *left_out)
    )
    looked_at = Seen(results=results, cases=cases, options=Options(**options), is_narrowed=narrowed)
    (standing,) = standings([waiver], looked_at, TODAY)
    return standing


# -- what a waiver covers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("waiver", "covered"),
    [
        (of_requirement(), True),
        (of_requirement("X-2"), False),
        (of_requirement(idp="okta"), True),
        (of_requirement(idp="entra"), False),
        (of_requirement(dialect="oin"), True),
        (of_requirement(dialect="aiw"), False),
        (of_requirement(idp="okta", dialect="oin"), True),
        (of_cause(result(Verdict.FAIL)), True),
        (of_cause(result(Verdict.FAIL, "X-2")), False),
        (of_cause(result(Verdict.FAIL), idp="okta"), True),
        (of_cause(result(Verdict.FAIL), idp="entra"), False),
    ],
)
@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.WARN])
def test_a_finding_is_covered_by_requirement_or_cause_where_the_waiver_holds(
    waiver: Waiver, covered: bool, verdict: Verdict
) -> None:
    found = waivers.applied(result(verdict), [waiver], TODAY)
    assert found.verdict is (Verdict.WAIVED if covered else verdict)


@pytest.mark.parametrize(
    "verdict", [Verdict.PASS, Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.ERROR]
)
def test_what_was_not_found_wrong_is_never_waived(verdict: Verdict) -> None:
    before = result(verdict)
    assert waivers.applied(before, [of_requirement(), of_cause(before)], TODAY) == before


def test_a_result_for_all_dialects_is_not_covered_by_a_waiver_of_one() -> None:
    found = result(Verdict.FAIL, dialect=None)
    assert waivers.applied(found, [of_requirement(dialect="oin")], TODAY) == found


@pytest.mark.parametrize(
    ("expires", "active"), [(None, True), (TOMORROW, True), (TODAY, True), (YESTERDAY, False)]
)
def test_a_waiver_counts_until_its_last_day(expires: date | None, active: bool) -> None:
    found = waivers.applied(result(Verdict.FAIL), [of_requirement(expires=expires)], TODAY)
    assert (found.verdict is Verdict.WAIVED) is active


def test_a_waived_result_says_why_until_when_and_by_whom() -> None:
    waiver = of_requirement(expires=TOMORROW, owner="ann", link="https://issues.example/7")
    before = replace(result(Verdict.FAIL), notes=("a note",), actual="500")
    found = waivers.applied(before, [waiver], TODAY)
    assert found.notes == ("a note", "waived until 2026-11-23 by ann: on purpose")
    assert found.waiver == {
        "requirement": "X-1",
        "reason": "on purpose",
        "owner": "ann",
        "link": "https://issues.example/7",
        "expires": "2026-11-23",
    }
    assert replace(found, verdict=Verdict.FAIL, notes=("a note",), waiver=None) == before


def test_a_finding_whose_waiver_is_over_says_so() -> None:
    waiver = of_requirement(expires=YESTERDAY, owner="ann")
    found = waivers.applied(result(Verdict.FAIL), [waiver], TODAY)
    assert (found.verdict, found.waiver) == (Verdict.FAIL, None)
    (note,) = found.notes
    assert "by ann ended on 2026-11-21" in note


def test_of_two_waivers_the_one_that_still_holds_counts() -> None:
    pair = [of_requirement(expires=YESTERDAY), of_requirement(reason="another one")]
    found = waivers.applied(result(Verdict.FAIL), pair, TODAY)
    assert found.waiver == {"requirement": "X-1", "reason": "another one"}


# -- what becomes of it: used, unused, needless, expired ------------------------------------------


def test_a_waiver_that_took_a_verdict_back_is_used() -> None:
    waiver = of_requirement()
    found = waivers.applied(result(Verdict.FAIL), [waiver], TODAY)
    assert after(waiver, found).state is State.USED
    assert after(of_cause(result(Verdict.FAIL)), found).state is State.USED


@pytest.mark.parametrize(
    ("verdicts", "needless"),
    [
        ((Verdict.PASS,), True),
        ((Verdict.PASS, Verdict.PASS), True),
        ((Verdict.PASS, Verdict.WAIVED), False),
        ((Verdict.WAIVED,), False),
        ((Verdict.SKIP,), False),
        ((Verdict.PASS, Verdict.SKIP), False),
        ((Verdict.PASS, Verdict.INCONCLUSIVE), False),
        ((Verdict.PASS, Verdict.ERROR), False),
        ((), False),
    ],
)
def test_a_waiver_is_needless_once_every_case_that_it_covers_passes(
    verdicts: tuple[Verdict, ...], needless: bool
) -> None:
    results = [result(verdict, case=f"case {number}") for number, verdict in enumerate(verdicts)]
    standing = after(of_requirement(), *results, result(Verdict.FAIL, "X-2"))
    assert (standing.state is State.NEEDLESS) is needless
    assert standing.fails_the_run is needless


def test_the_cases_of_another_idp_or_dialect_do_not_keep_a_waiver() -> None:
    passes, fails = result(Verdict.PASS), result(Verdict.FAIL, dialect="aiw")
    assert after(of_requirement(dialect="oin"), passes, fails).state is State.NEEDLESS
    assert after(of_requirement(), passes, fails).state is State.UNUSED


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        ({}, State.NEEDLESS),
        ({"narrowed": True}, State.UNUSED),
        ({"left_out": (result(Verdict.FAIL, dialect="aiw"),)}, State.UNUSED),
        ({"left_out": (result(Verdict.FAIL, "X-2"),)}, State.NEEDLESS),
        ({"dialects": ("oin",)}, State.UNUSED),
    ],
)
def test_a_run_that_did_not_look_everywhere_accuses_no_waiver_of_a_requirement(
    settings: dict[str, Any], state: State
) -> None:
    assert after(of_requirement(), result(Verdict.PASS), **settings).state is state


def test_a_run_of_one_dialect_is_whole_for_a_waiver_of_that_dialect() -> None:
    waiver = of_requirement(dialect="oin")
    assert after(waiver, result(Verdict.PASS), dialects=("oin",)).state is State.NEEDLESS


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        ({}, State.NEEDLESS),
        ({"idps": ("okta",)}, State.NEEDLESS),
        ({"narrowed": True}, State.UNUSED),
        ({"left_out": (result(Verdict.FAIL, dialect="aiw"),)}, State.UNUSED),
    ],
)
def test_a_waiver_of_a_cause_is_needless_when_all_pass_that_showed_it(
    settings: dict[str, Any], state: State
) -> None:
    waiver = of_cause(result(Verdict.FAIL), found_in=("X-1",))
    others = result(Verdict.FAIL, "X-2")
    assert after(waiver, result(Verdict.PASS), others, **settings).state is state


def test_a_cause_is_not_gone_when_its_case_fails_in_another_way() -> None:
    waiver = of_cause(result(Verdict.FAIL, "X-9"), found_in=("X-1",))
    assert after(waiver, result(Verdict.FAIL)).state is State.UNUSED


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        ({"every_idp": True, "idps": ("okta", "entra")}, State.NEEDLESS),
        ({}, State.NEEDLESS),
        ({"idps": ("okta",)}, State.UNUSED),
        ({"narrowed": True}, State.UNUSED),
        ({"suites": ("idp",)}, State.UNUSED),
        ({"only": ("X-1",)}, State.UNUSED),
        ({"dialects": ("oin",)}, State.UNUSED),
    ],
)
def test_a_cause_of_unknown_cases_is_gone_only_when_a_whole_run_lacks_it(
    settings: dict[str, Any], state: State
) -> None:
    assert after(of_cause(result(Verdict.FAIL)), result(Verdict.PASS), **settings).state is state


def test_a_cause_waived_for_one_idp_needs_a_run_of_that_idp() -> None:
    waiver = of_cause(result(Verdict.FAIL), idp="okta")
    assert after(waiver, result(Verdict.PASS), idps=("okta",)).state is State.NEEDLESS
    entra = result(Verdict.PASS, idp="entra")
    assert after(waiver, entra, idps=("entra",)).state is State.UNUSED


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.ERROR])
def test_what_may_hide_a_cause_keeps_its_waiver(verdict: Verdict) -> None:
    other = result(verdict, "X-2")
    assert after(of_cause(result(Verdict.FAIL)), result(Verdict.PASS), other).state is State.UNUSED


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.FAIL, "counts again, 1 finding(s)"),
        (Verdict.PASS, "passes now. Remove it"),
        (Verdict.INCONCLUSIVE, "did not show whether it is still needed"),
    ],
)
def test_a_waiver_past_its_day_fails_the_run_and_says_what_is_left_of_it(
    verdict: Verdict, said: str
) -> None:
    waiver = of_requirement(expires=YESTERDAY, owner="ann", link="https://issues.example/7")
    standing = after(waiver, result(verdict))
    assert (standing.state, standing.fails_the_run) == (State.EXPIRED, True)
    assert standing.message.startswith("The waiver of X-1 expired on 2026-11-21 (owner: ann; ")
    assert "https://issues.example/7" in standing.message
    assert said in standing.message


def test_a_needless_waiver_is_told_with_its_owner_its_day_and_what_to_do() -> None:
    waiver = of_requirement(idp="okta", dialect="oin", owner="ann", expires=TOMORROW)
    message = after(waiver, result(Verdict.PASS)).message
    assert message == (
        "The waiver of X-1 (okta, oin) is not needed any more (owner: ann; until 2026-11-23; "
        "reason: on purpose): every case that it covers passes. Remove it from the target file."
    )


def test_a_needless_waiver_of_a_cause_names_the_cause() -> None:
    waiver = of_cause(result(Verdict.FAIL))
    message = after(waiver, result(Verdict.PASS)).message
    assert f"The waiver of cause {waiver.cause} is not needed any more" in message


def test_a_waiver_in_order_has_nothing_to_say() -> None:
    assert after(of_requirement(), result(Verdict.SKIP)).message == ""


def test_a_hostile_reason_stays_on_its_line() -> None:
    message = after(of_requirement(reason=HOSTILE), result(Verdict.PASS)).message
    assert message.isprintable()
    assert "second line" in message


def test_a_secret_in_a_waiver_reaches_no_file() -> None:
    secret = "s3cret-of-the-customer"  # noqa: S105 - made up
    waiver = of_requirement(reason=f"see {secret}", owner=secret, link=f"https://x/{secret}")
    found = waivers.applied(result(Verdict.FAIL), [waiver], TODAY)
    run = reports.Run(id="r", version="1", started="2026-11-22T10:00:00Z", seconds=1, seed=1)
    listed = (after(waiver, found).to_json(),)
    target = reports.Target(url=None)
    report = reports.Report(run=run, target=target, results=(found,), waivers=listed)
    masked = scrubbed(report, reports.Redactor([secret]))
    assert secret not in json.dumps(masked.to_json())
    assert isinstance(masked.waivers[0], dict)
    assert masked.waivers[0]["requirement"] == "X-1"
    assert masked.waivers[0]["state"] == "used"


# -- which waivers can be used at all -------------------------------------------------------------


@pytest.mark.parametrize(
    ("waiver", "said"),
    [
        ({"requirement": "OKTA-NOPE-1"}, "OKTA-NOPE-1"),
        ({"requirement": "OKTA-UPD-1", "idp": "oktta"}, "no such idp"),
        ({"requirement": "OKTA-UPD-1", "idp": "entra"}, "the requirement is of okta"),
        ({"requirement": "RFC7644-3.6-2", "idp": "okta"}, "leave idp out"),
        ({"requirement": "OKTA-UPD-1", "dialect": "flag"}, "dialects there are: aiw"),
        ({"requirement": "RFC7644-3.6-2", "dialect": "oin"}, "dialects there are: none"),
        ({"cause": "C-00000000", "dialect": "nope"}, "dialects there are"),
        ({"cause": "C-00000000", "idp": "okta", "dialect": "flag"}, "dialects there are: aiw"),
        ({"cause": "C-00000000", "found_in": ["OKTA-NOPE-1"]}, "OKTA-NOPE-1"),
    ],
)
def test_a_waiver_that_can_cover_nothing_is_refused(waiver: dict[str, Any], said: str) -> None:
    with pytest.raises(TargetError, match=said):
        waivers.check([waivers.read({"reason": "r", **waiver})])


@pytest.mark.parametrize(
    "waiver",
    [
        {"requirement": "OKTA-UPD-1"},
        {"requirement": "OKTA-UPD-1", "idp": "okta", "dialect": "oin"},
        {"requirement": "OKTA-UPD-1", "dialect": "aiw"},
        {"requirement": "RFC7644-3.6-2"},
        {"requirement": "CLK-USER-8", "idp": "entra"},
        {"cause": "C-00000000", "idp": "okta", "dialect": "oin", "found_in": ["OKTA-UPD-1"]},
        {"cause": "C-00000000", "dialect": "flag"},
    ],
)
def test_a_waiver_that_can_cover_something_is_taken(waiver: dict[str, Any]) -> None:
    waivers.check([waivers.read({"reason": "r", **waiver})])


# -- what a run has looked at ---------------------------------------------------------------------


def config(*arguments: str, **options: Any) -> Any:  # noqa: ANN401 - stands in for pytest's own
    known = {"pyargs": False, "keyword": "", "markexpr": "", "deselect": None, "lf": False}
    finder = seen.Finder(None)  # type: ignore[arg-type]  # only a worker asks for its config
    return SimpleNamespace(
        args=list(arguments),
        option=SimpleNamespace(**{**known, **options}),
        pluginmanager=SimpleNamespace(get_plugin=lambda name: finder),
    )


@pytest.mark.parametrize(
    ("arguments", "options", "narrowed"),
    [
        ([str(seen.HOME)], {}, False),
        ([str(seen.HOME.parent)], {}, False),
        (["elsewhere", str(seen.HOME)], {}, False),
        ([str(seen.HOME / "idp")], {}, True),
        ([f"{seen.HOME}/idp/okta/test_import.py::test_x"], {}, True),
        (["suites"], {"pyargs": True}, False),
        ([], {}, True),
        ([str(seen.HOME)], {"keyword": "group"}, True),
        ([str(seen.HOME)], {"markexpr": "slow"}, True),
        ([str(seen.HOME)], {"deselect": ["x"]}, True),
        ([str(seen.HOME)], {"lf": True}, True),
    ],
)
def test_paths_and_options_of_pytest_narrow_a_run(
    arguments: list[str], options: dict[str, Any], narrowed: bool
) -> None:
    found = seen.seen(config(*arguments, **options), Options(), (), early=False)
    assert found.is_narrowed is narrowed


def test_a_run_that_ended_early_is_a_narrowed_one() -> None:
    assert seen.seen(config(str(seen.HOME)), Options(), (), early=True).is_narrowed


def test_workers_tell_the_controller_which_cases_they_found() -> None:
    worker = SimpleNamespace(workeroutput={})
    finder = seen.Finder(worker)  # type: ignore[arg-type]  # stands in for a config of xdist
    finder._cases["a"] = Case("a", "X-1", "okta", None)
    finder.pytest_sessionfinish()
    told = json.loads(json.dumps(worker.workeroutput))
    controller = seen.Finder(SimpleNamespace())  # type: ignore[arg-type]  # as above
    controller.pytest_sessionfinish()
    controller.pytest_testnodedown(SimpleNamespace(workeroutput=told), None)
    controller.pytest_testnodedown(SimpleNamespace(), None)
    assert controller.cases == (Case("a", "X-1", "okta", None),)


# -- the whole way, over a socket -----------------------------------------------------------------


def valid(report: Any) -> Any:  # noqa: ANN401 - from a JSON reader
    assert list(jsonschema.Draft202012Validator(reports.schema()).iter_errors(report)) == []
    return report


def test_what_was_accepted_fails_no_run_on_the_same_server(
    command: Command, recording: Callable[..., Any], token: str, tmp_path: Path
) -> None:
    wanted = ("--only", "OKTA-DEL-1", "--only", "OKTA-UPD-1", "-p", "no:randomly")
    deviations = ("group-delete-ignored", "put-ignored")
    broken = command.run(*wanted, "--url", recording(*deviations).url, SCIM_TOKEN=token)
    assert broken.status == 1, broken.said
    file = tmp_path / "target.toml"
    file.write_text("# mine\nsettle = 0\n", encoding="utf-8")
    accepted = [str(command.directory), "--all", "--reason", "known", "--owner", "ann"]
    assert report_command(["accept", *accepted, "--target", str(file)]) == 0

    # A group whose deletion is ignored is left behind, and its folder kept for the clean-up.
    shutil.rmtree(command.directory)
    target = ("--target", file, "--url", recording(*deviations).url)
    waived = command.run(*wanted, *target, SCIM_TOKEN=token)
    assert waived.status == 0, waived.said
    report = valid(waived.report)
    assert {each["verdict"] for each in report["results"]} == {"waived"}
    assert {each["waiver"]["cause"] for each in report["results"]} == {
        each["cause"] for each in report["waivers"]
    }
    assert {each["state"] for each in report["waivers"]} == {"used"}


def test_what_passes_now_fails_the_run_also_with_workers(
    command: Command, recording: Callable[..., Any], token: str, tmp_path: Path
) -> None:
    file = tmp_path / "target.toml"
    entry = 'cause = "C-00000000"\nreason = "was so"\nowner = "ann"'
    file.write_text(
        f'[[waivers]]\n{entry}\nfound_in = ["OKTA-DEL-1"]\n\n'
        f'[[waivers]]\n{entry}\nfound_in = ["OKTA-UPD-1"]\n',
        encoding="utf-8",
    )
    target = ("--target", file, "--url", recording().url)
    done = command.run("--only", "OKTA-DEL-1", "-n", "2", *target, SCIM_TOKEN=token)
    assert done.status == 1, done.said
    assert [each["state"] for each in valid(done.report)["waivers"]] == ["needless", "unused"]
    assert done.out.count("The waiver of cause C-00000000 is not needed any more (owner: ann") == 1
