from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Redactor
from reports import Report
from reports import Run
from reports import Target
from reports import Verdict
from reports import write_report
from reports.__main__ import main
from reports.side_by_side.trend import RunFacts
from reports.side_by_side.trend import Trend
from reports.side_by_side.trend import facts_of
from reports.side_by_side.trend import trends
from reports.side_by_side.trend_forms import render_trend_json
from reports.side_by_side.trend_forms import render_trend_markdown
from reports.side_by_side.trend_forms import render_trend_page
from tests.browser import Browser
from tests.reports.picture_rules import HOSTILE
from tests.reports.picture_rules import picture_in

Make = Callable[..., Any]
EVIDENCE: Json = {
    "request": {"method": "GET", "target": "/Users/1", "headers": []},
    "response": {"status": 200, "headers": []},
    "milliseconds": 2.5,
}


def outline(*verdicts: Verdict) -> IdpSummary:
    features = (
        Feature(name=f"f{n}", verdict=each, label="works") for n, each in enumerate(verdicts)
    )
    return IdpSummary(
        idp="okta",
        title="Okta",
        dialect="oin",
        dialect_title="Catalog apps",
        verdict=None,
        features=tuple(features),
    )


@pytest.fixture
def on(report: Make, result: Make) -> Make:
    """A report of a day, with the verdict of each requirement that it tried."""

    def made(day: int, verdicts: dict[str, Verdict], **options: Json) -> Report:
        run = Run(
            id=f"run-{day}",
            version="0.1.0",
            started=f"2026-11-{day:02}T06:00:00Z",
            seconds=1,
            seed=1,
            options={"idp": ["okta"], **options},
        )
        results = (
            result(verdict, requirement=each, title=f"What {each} asks", evidence=(EVIDENCE,))
            for each, verdict in verdicts.items()
        )
        found: Report = report(*results, run=run, idps=(outline(*verdicts.values()),))
        return replace(found, target=Target(url="https://scim.example.com/v2", software="Acme"))

    return made


def trend_of(*reports: Report) -> Trend:
    (found,) = trends(facts_of(each, f"{each.run.id}/report.json") for each in reports)
    return found


GOOD, BAD, WARN, WAIVED = Verdict.PASS, Verdict.FAIL, Verdict.WARN, Verdict.WAIVED


def test_runs_are_in_the_order_of_their_start_and_each_is_there_once(on: Make) -> None:
    found = trend_of(on(3, {}), on(1, {}), on(2, {}), on(1, {}))

    assert [each.facts.id for each in found.steps] == ["run-1", "run-2", "run-3"]
    assert found.steps[0].facts.name == "2026-11-01 06:00"


def test_the_run_that_broke_a_requirement_is_named_and_the_one_that_repaired_it(on: Make) -> None:
    found = trend_of(
        on(1, {"A": GOOD, "B": BAD, "C": WARN}),
        on(2, {"A": BAD, "B": BAD, "C": BAD}),
        on(3, {"A": GOOD, "B": BAD, "C": BAD}),
    )

    told = {each.requirement: (each.run, each.repaired) for each in found.breaks}
    assert told == {"A": ("run-2", "2026-11-03 06:00"), "C": ("run-2", None)}
    assert [(each.broke, each.repaired) for each in found.steps] == [(0, 0), (2, 0), (0, 1)]


def test_a_run_that_did_not_try_a_requirement_says_nothing_about_it(on: Make) -> None:
    found = trend_of(
        on(1, {"A": GOOD, "B": GOOD}),
        on(2, {"A": Verdict.INCONCLUSIVE, "B": WAIVED}),
        on(3, {}),
        on(4, {"A": BAD, "B": GOOD}),
    )

    assert [(each.requirement, each.run) for each in found.breaks] == [("A", "run-4")]


def test_what_breaks_twice_is_told_twice(on: Make) -> None:
    found = trend_of(*(on(n, {"A": BAD if n % 2 else GOOD}) for n in range(2, 8)))

    assert [each.repaired for each in found.breaks] == [
        "2026-11-04 06:00",
        "2026-11-06 06:00",
        None,
    ]


def test_the_worst_case_of_a_requirement_decides(on: Make, result: Make) -> None:
    first = on(1, {"A": GOOD})
    both = replace(first, results=(*first.results, replace(first.results[0], verdict=BAD)))

    assert facts_of(both, "").judged["A"][0] is BAD


@pytest.mark.parametrize(
    ("changed", "apart"),
    [
        ({"idp": ["entra", "okta"]}, "it selected something else (idp)"),
        ({"suite": ["idp"], "strict": True}, "it selected something else (suite, strict)"),
        ({"deviation": ["group-delete-ignored"], "allow_inconclusive": True}, ""),
        ({"suite": [], "only": None, "strict": False}, ""),
    ],
)
def test_runs_that_selected_something_else_are_not_compared(
    on: Make, changed: dict[str, Json], apart: str
) -> None:
    found = trend_of(on(1, {"A": GOOD}), on(2, {"A": GOOD}, **changed))

    assert [each.apart for each in found.steps] == ["", apart]


def test_the_order_in_which_idps_were_named_does_not_matter(on: Make) -> None:
    first = on(1, {}, idp=["okta", "entra"])
    second = on(2, {}, idp=["entra", "okta"])

    assert trend_of(first, second).steps[1].apart == ""


def test_a_run_that_ended_early_and_the_one_after_it_are_not_compared(on: Make) -> None:
    stopped, unreachable = on(2, {}), on(4, {})
    stopped = replace(stopped, run=replace(stopped.run, interrupted=True))
    unreachable = replace(unreachable, target=replace(unreachable.target, trouble="no route"))

    found = trend_of(on(1, {}), stopped, on(3, {}), unreachable)

    assert [each.apart for each in found.steps] == [
        "",
        "it ended early",
        "the run before it ended early",
        "it ended early",
    ]


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (Target(url="https://a.example/scim"), "https://a.example/scim"),
        (Target(url="https://a.example/scim", software="Acme"), "https://a.example/scim"),
        (Target(url="http://127.0.0.1:4711/scim", software="Acme"), "Acme"),
        (Target(url="http://localhost:1/scim"), "a server on the machine of the run"),
        (Target(url=None), "a server on the machine of the run"),
        (Target(url=None, software="Acme", simulated=True), "Acme, simulated"),
    ],
)
def test_a_target_has_a_name_that_is_the_same_tomorrow(
    report: Make, target: Target, name: str
) -> None:
    assert facts_of(report(target=target), "").target == name


def test_targets_are_kept_apart(on: Make) -> None:
    other = replace(on(2, {"A": BAD}), target=Target(url="https://b.example"))

    first, second = trends(facts_of(each, "") for each in (on(1, {"A": GOOD}), other))

    assert (first.target, second.target) == (
        "https://b.example",
        "https://scim.example.com/v2",
    )
    assert not first.breaks


def test_the_markdown_has_every_figure(on: Make) -> None:
    found = trend_of(on(1, {"A": GOOD, "B": WARN}), on(2, {"A": BAD, "B": GOOD}))

    text = render_trend_markdown([found])

    assert "| 2026-11-02 06:00 | 0\\.1.0 | 1 | 0 | 1 | 0 | 1 | 1 | 0 | \N{EN DASH} |" in text
    assert "| A | What A asks | 2026-11-02 06:00 | still fails |" in text
    assert "| Okta, Catalog apps | 2 of 2 | 1 of 2 |" in text
    assert "| read a user | 2\\.5 / 2.5 ms | 2\\.5 / 2.5 ms |" in text


def test_the_json_is_whole_and_says_its_format(on: Make) -> None:
    found = trend_of(on(1, {"A": GOOD}), on(2, {"A": BAD}, suite=["idp"]))

    data = json.loads(render_trend_json([found], [("x/report.json", "it is empty")]))

    assert data["format"] == "scimproof-trend/1"
    (target,) = data["targets"]
    assert [each["not_comparable"] for each in target["runs"]] == [
        "",
        "it selected something else (suite)",
    ]
    assert target["breaks"][0]["requirement"] == "A"
    assert target["runs"][1]["operations"][0]["p95"] == 2.5
    assert data["skipped"] == [{"path": "x/report.json", "reason": "it is empty"}]


def test_a_page_has_a_sound_picture_for_each_curve_and_no_script(on: Make) -> None:
    page = render_trend_page([trend_of(on(1, {"A": GOOD}), on(2, {"A": BAD}))])

    pieces = page.split("<svg")[1:]
    assert len(pieces) == 5
    for each in pieces:
        picture_in("<svg" + each.partition("</svg>")[0] + "</svg>")
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_a_page_of_one_run_draws_no_curve_and_nothing_broke(on: Make) -> None:
    page = render_trend_page([trend_of(on(1, {"A": GOOD}))])

    assert "<svg" not in page
    assert "Nothing that once worked fails in a later run." in page


def test_a_simulation_is_called_one(on: Make) -> None:
    simulated = on(1, {"A": GOOD})
    simulated = replace(simulated, target=replace(simulated.target, simulated=True))
    found = trend_of(simulated)

    assert found.target.endswith(", simulated")
    assert "simulation" in render_trend_page([found])
    assert "simulated" in render_trend_markdown([found])


@pytest.fixture
def hostile(on: Make) -> tuple[RunFacts, RunFacts]:
    """Two runs in which everything that a target or a user can name is hostile."""
    made = on(1, {"A": GOOD})
    summary = replace(made.idps[0], title=HOSTILE, dialect_title=HOSTILE)
    run = replace(made.run, id=HOSTILE, version=HOSTILE, options={"idp": [HOSTILE]})
    made = replace(made, idps=(summary,), run=run, target=Target(url=HOSTILE, software=HOSTILE))
    first = replace(facts_of(made, HOSTILE), judged={HOSTILE: (GOOD, HOSTILE)})
    later = f"2026-11-09{HOSTILE}"
    return first, replace(first, started=later, judged={HOSTILE: (BAD, HOSTILE)})


def test_what_a_target_says_cannot_become_part_of_the_page(
    hostile: tuple[RunFacts, ...], browser: Browser, tmp_path: Path
) -> None:
    found = trends(hostile)
    page, text = render_trend_page(found, [(HOSTILE, HOSTILE)]), render_trend_markdown(found)
    render_trend_json(found)
    file = tmp_path / "trend.html"
    file.write_text(page, "utf-8")

    browser.open(file.as_uri())

    assert (browser.complaints, browser.dialogs) == ([], [])
    assert browser.run("document.scripts.length") == 0
    assert browser.run("document.querySelectorAll('[onload],[onclick],img,iframe').length") == 0
    assert "\x1b" not in page + text
    assert "<script>" not in text


def test_the_page_fits_a_phone_in_light_and_dark(
    on: Make, browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "trend.html"
    days = [on(n, {"A": BAD if n > 4 else GOOD, "B": GOOD}) for n in range(1, 9)]
    file.write_text(render_trend_page([trend_of(*days)]), "utf-8")
    browser.size(390, 844, phone=True)

    inks = []
    for dark in (False, True):
        browser.colours(dark=dark)
        browser.open(file.as_uri())
        assert browser.complaints == []
        assert browser.run("document.documentElement.scrollWidth") <= 390
        inks.append(browser.run("getComputedStyle(document.querySelector('.curve')).stroke"))
    assert inks[0] != inks[1]
    # Letters in a picture stay as large as small print: a picture is as wide as the screen.
    assert browser.run("document.querySelector('.chart').getBoundingClientRect().width") > 320
    assert "What broke, and when" in browser.text()


@pytest.fixture
def folder(on: Make, tmp_path: Path) -> Path:
    for day, verdict in ((1, GOOD), (2, BAD)):
        write_report(tmp_path / f"run-{day}", on(day, {"A": verdict}), Redactor())
    (tmp_path / "latest").symlink_to(tmp_path / "run-2")
    return tmp_path


def test_the_command_reads_a_folder_of_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trend", str(folder), str(folder / "latest"), "--format", "json"]) == 0

    (target,) = json.loads(capsys.readouterr().out)["targets"]
    assert [each["id"] for each in target["runs"]] == ["run-1", "run-2"]
    assert [each["requirement"] for each in target["breaks"]] == ["A"]


def test_the_command_writes_a_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = folder / "trend.html"

    assert main(["trend", str(folder), "--output", str(page)]) == 0

    assert capsys.readouterr().out == ""
    assert "How 2 runs compare" in page.read_text("utf-8")


def test_a_file_that_is_no_report_is_named_and_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad").mkdir()
    (folder / "bad" / "report.json").write_text("{}")

    assert main(["trend", str(folder), "--format", "md"]) == 0

    out, err = capsys.readouterr()
    assert "Left out:" in err
    assert "is no scimproof report" in err
    assert "is no scimproof report" in out
    assert "How 2 runs compare" in out


def test_nothing_to_read_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trend", str(tmp_path)]) == 4
    assert "there is no report.json in" in capsys.readouterr().err

    (tmp_path / "report.json").write_text("[]")
    assert main(["trend", str(tmp_path / "report.json")]) == 4
    assert "can be read" in capsys.readouterr().err

    assert main(["trend", str(tmp_path / "nowhere")]) == 4
    assert "is no folder and no file" in capsys.readouterr().err
