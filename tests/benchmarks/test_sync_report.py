"""What a report says of runs that went well and of others; and what the options mean."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks.sync.figures import Figures
from benchmarks.sync.options import add_options
from benchmarks.sync.options import tenants_to_load
from benchmarks.sync.options import wishes_of
from benchmarks.sync.places import Place
from benchmarks.sync.plan import Wishes
from benchmarks.sync.plan import tenants_of
from benchmarks.sync.report import Worker
from benchmarks.sync.report import document
from benchmarks.sync.report import results_of
from benchmarks.sync.report import write
from benchmarks.sync.tenant_sync import Course
from idp_profiles.model import Credential

SECRET = "a-secret-that-nobody-may-read"  # noqa: S105 - of no server
ROOT = Path(__file__).resolve().parent.parent.parent
WELL: dict[str, Any] = {"state": "done", "synced": 100, "users": 101, "initial_seconds": 4.0}


def word(number: int, *, began: float = 1000.0, **course: Any) -> dict[str, Any]:  # noqa: ANN401 - as told
    now = [began]
    figures = Figures(clock=lambda: now[0])
    for second in range(5):
        now[0] = began + second
        for _ in range(10):
            figures.note("initial", "POST /Users", 5.0)
    told = asdict(Course(**{**WELL, "began": began, **course}))
    return {"number": number, "course": told, "figures": figures.to_json()}


def reported(*words: dict[str, Any], given: int = 2) -> dict[str, Any]:
    wishes = Wishes()
    places = [Place(f"t{each}", f"http://127.0.0.1:{each}", Credential("bearer", SECRET))
              for each in range(1, given + 1)]  # fmt: skip
    known = {int(each["number"]): each for each in words}
    results = results_of(
        tenants_of(wishes, places), wishes, known, dict.fromkeys(range(given), "w")
    )
    return document(results, wishes, [Worker("w", 97.0)], {"id": "0a1b2c"})


def test_the_time_to_full_sync_of_all_is_from_the_first_to_the_last() -> None:
    report = reported(word(0), word(1, began=1002.0, initial_seconds=5.0))
    assert report["first_load_seconds"] == 7.0
    assert report["phases"]["initial"]["count"] == 100
    assert report["phases"]["initial"]["seconds"] == pytest.approx(6.0, abs=0.01)
    assert report["phases"]["initial"]["busiest_second"] == 20
    assert report["good"]


@pytest.mark.parametrize(
    "course",
    [
        {"state": "ended", "why": "stopped"},
        {"waiting": 3},
        {"counted_first": 99},
        {"counted": 102},
        {"left_behind": ["Users 'x': DELETE answered 500"]},
    ],
)
def test_one_bad_tenant_spoils_a_run(course: dict[str, Any]) -> None:
    assert reported(word(0), word(1))["good"]
    assert not reported(word(0), word(1, **course))["good"]


def test_creates_without_an_answer_may_be_counted_or_not() -> None:
    told = {"counted_first": 102, "counted": 103, "unsure": 2}
    assert reported(word(0, **told), word(1))["tenants"][0]["verified"] is True
    assert reported(word(0, **{**told, "unsure": 1}), word(1))["tenants"][0]["verified"] is False


def test_a_tenant_of_which_nothing_is_known_is_reported_as_such() -> None:
    report = reported(word(0))
    assert report["tenants"][1]["why"] == "its worker was lost"
    assert report["first_load_seconds"] is None
    assert not report["good"]


def test_the_files_say_the_verdict_the_reasons_and_no_token(tmp_path: Path) -> None:
    report = reported(word(0), word(1, state="ended", why="a | in a\nreason"))
    text = write(tmp_path, report)
    kept = json.loads((tmp_path / "sync.json").read_text("utf-8"))
    assert kept == json.loads(json.dumps(report))
    assert text.splitlines()[2].startswith("The endpoint was seen to sustain 10 of 25 requests")
    assert "t2 was broken off: a | in a" in text
    assert "a \\| in a reason" in text
    assert "no processor time left" in text
    assert SECRET not in text + json.dumps(report)


def asked(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_options(parser)
    return parser.parse_args(arguments)


def test_options_are_wishes() -> None:
    options = asked("--people", "7", "--idp", "entra:2", "--idp", "okta", "--cycles", "3", "--keep")
    wishes = wishes_of(options, "0a1b2c")
    assert (wishes.people, wishes.cycles, wishes.keep) == (7, 3, True)
    assert wishes.idps == ("entra", "entra", "okta")
    assert wishes_of(asked(), "0a1b2c").idps == ("entra",)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--people", "0"),
        ("--people", "many"),
        ("--rate", "-1"),
        ("--day-factor", "nan"),
        ("--window", "1"),
        ("--tenants", "0"),
    ],
)
def test_a_value_that_means_nothing_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit):
        asked(*arguments)


def test_no_option_holds_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIM_TOKEN", SECRET)
    options = asked("--tenants", "2")
    assert len(tenants_to_load(options, "http://127.0.0.1:1", wishes_of(options, "0a1b2c"))) == 2
    assert SECRET not in repr(vars(options))


def test_the_guide_names_every_option_and_nothing_else() -> None:
    guide = (ROOT / "docs" / "load.md").read_text("utf-8")
    parser = argparse.ArgumentParser(add_help=False)
    add_options(parser)
    known = {name for action in parser._actions for name in action.option_strings}
    rows = {
        line.split("`")[1].split()[0] for line in guide.splitlines() if line.startswith("| `--")
    }
    assert rows == known
