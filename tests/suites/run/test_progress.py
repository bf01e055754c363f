"""What a run says while it goes on: on a terminal, in a log, and where it has to be silent."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from types import SimpleNamespace
from typing import Any

import pytest

from suites.outcome.results import CaseRecord
from suites.run.progress import NAME
from suites.run.progress import Mode
from suites.run.progress import Progress
from suites.run.progress import Tally
from suites.run.progress import mode_of
from suites.run.progress import register

CASE = pytest.StashKey[CaseRecord]()
ESCAPE = "\x1b"


# -- a reporter that keeps what is written, and a clock that stands still ------------------------


@dataclass
class Written:
    """The part of pytest's reporter that is used."""

    isatty: bool
    text: str = ""
    currentfspath: object = None
    showfspath: bool = True
    _show_progress_info: str | bool = "progress"
    broken: bool = False

    def write(self, text: str, **_: object) -> None:
        if self.broken:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        self.text += text

    def write_line(self, text: str, **_: object) -> None:
        self.write(f"{text}\n")

    def flush(self) -> None:
        """Nothing is held back."""

    @property
    def lines(self) -> list[str]:
        """What a terminal shows in the end: a carriage return begins the line anew."""
        shown = []
        for line in self.text.split("\n"):
            screen = ""
            for part in line.split("\r"):
                screen = part + screen[len(part) :]
            shown.append(screen.rstrip())
        return shown


@dataclass
class Session:
    """A progress with its surroundings."""

    progress: Progress
    reporter: Written
    now: list[float] = field(default_factory=lambda: [0.0])

    def result(
        self, number: int, *, seconds: float = 1.0, requests: int = 2, **data: str | None
    ) -> None:
        """Let a case end, and its teardown after it."""
        self.now[0] += seconds
        known = {"idp": "okta", "product": None, "suite": "idp", "feature": "Import"}
        found = {**known, "verdict": "pass", **data}
        outcome = "failed" if found["verdict"] == "fail" else "passed"
        for report in (
            SimpleNamespace(nodeid=f"a::{number}", scimproof=found, outcome=outcome),
            SimpleNamespace(scimproof_requests=requests, when="teardown", passed=True),
        ):
            list(self.progress.pytest_runtest_logreport(report))  # type: ignore[arg-type]  # all it reads


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Session]:
    def make(*, terminal: bool, cases: int = 100, columns: int = 80, **options: object) -> Session:
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", str(columns))
        asked = {"verbose": -1, "capture": "fd", **options}
        reporter = Written(isatty=terminal)
        plugins = SimpleNamespace(get_plugin={"terminalreporter": reporter}.get)
        config: Any = SimpleNamespace(option=SimpleNamespace(**asked), pluginmanager=plugins)
        now = [0.0]
        session = Session(Progress(config, CASE, lambda: now[0]), reporter, now)
        session.progress.pytest_sessionstart()
        session.progress.pytest_xdist_node_collection_finished(
            None, [f"a::{n}" for n in range(cases)]
        )
        return session

    return make


Begin = Callable[..., Session]


# -- what is counted ----------------------------------------------------------------------------


def test_a_line_says_how_far_a_run_has_come() -> None:
    tally = Tally(expected=1036, place="Okta", requests=2410)
    tally.done = {str(number) for number in range(312)}
    tally.failed = {"1", "2"}
    assert tally.words(125.9) == "Okta: 312 of 1,036 cases, 2,410 requests, 2 failed, 2 min 5 s"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"idp": "entra", "product": None, "suite": "idp"}, "Microsoft Entra ID"),
        ({"idp": "okta", "product": "clockify", "suite": "product"}, "Clockify"),
        ({"idp": None, "product": None, "suite": "protocol"}, "protocol"),
    ],
)
def test_a_line_names_what_is_tried(data: dict[str, str | None], place: str) -> None:
    tally = Tally()
    tally.add("a", {**data, "feature": None, "verdict": "pass"}, failed=False)
    assert tally.place == place


def test_a_result_that_is_sent_twice_counts_once(begin: Begin) -> None:
    session = begin(terminal=False)
    for _ in range(2):
        session.result(1, verdict="fail")
    assert (len(session.progress.tally.done), len(session.progress.tally.failed)) == (1, 1)


def test_the_requests_of_a_case_come_with_its_last_report(begin: Begin) -> None:
    session = begin(terminal=False)
    session.result(1, requests=3)
    session.result(2, requests=4)
    assert session.progress.tally.requests == 7


# -- on a terminal ------------------------------------------------------------------------------


def test_on_a_terminal_one_line_is_written_anew_and_gone_at_the_end(begin: Begin) -> None:
    session = begin(terminal=True)
    for number in range(40):
        session.result(number)
    assert session.reporter.lines == ["Okta: 40 of 100 cases, 78 requests, 0 failed, 40 s"]
    session.progress.clear()
    assert session.reporter.lines == [""]
    assert session.reporter.text.endswith("\r")
    assert "\n" not in session.reporter.text
    assert ESCAPE not in session.reporter.text


def test_the_line_is_not_painted_for_every_case_of_a_fast_run(begin: Begin) -> None:
    session = begin(terminal=True, cases=1000)
    for number in range(1000):
        session.result(number, seconds=0.001)
    assert 5 < session.reporter.text.count("\r") < 25


@pytest.mark.parametrize("columns", [10, 40, 60, 200])
def test_the_line_never_fills_the_terminal(begin: Begin, columns: int) -> None:
    session = begin(terminal=True, columns=columns)
    session.result(1)
    session.result(2, idp="entra")
    session.progress.clear()
    assert max(map(len, re.split(r"[\r\n]", session.reporter.text))) < columns


def test_a_feature_that_stops_is_named_above_the_line_and_only_once(begin: Begin) -> None:
    session = begin(terminal=True)
    for number, feature in enumerate(("Import", "Push Groups: delete", "Import")):
        session.result(number, verdict="fail", feature=feature)
    assert session.reporter.lines == [
        "stops: Okta, Import",
        "stops: Okta, Push Groups: delete",
        "Okta: 3 of 100 cases, 4 requests, 3 failed, 3 s",
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"verdict": "warn"},
        {"verdict": "inconclusive"},
        {"verdict": "fail", "feature": None},
        {"verdict": "fail", "idp": None, "suite": "protocol"},
        {"verdict": "fail", "product": "clockify"},
    ],
)
def test_nothing_stops_without_a_failure_of_a_console_feature(
    begin: Begin, data: dict[str, str | None]
) -> None:
    session = begin(terminal=False)
    session.result(1, seconds=1.0, requests=0, **data)
    assert "stops" not in session.reporter.text


def test_a_server_at_which_all_stops_does_not_fill_the_terminal(begin: Begin) -> None:
    session = begin(terminal=False)
    for number in range(40):
        session.result(number, seconds=0, verdict="fail", feature=f"Feature {number}")
    assert session.reporter.text.count("stops: ") == 12
    assert session.reporter.lines[12:14] == ["what else stops is said at the end", ""]


def test_whoever_prints_next_begins_a_line_of_its_own(begin: Begin) -> None:
    session = begin(terminal=True)
    session.result(1)
    # pytest's reporter ends a line that somebody began, when this is set.
    assert session.reporter.currentfspath is not None
    session.progress.clear()
    assert session.reporter.currentfspath is None


def test_a_terminal_that_is_gone_does_not_end_the_run(begin: Begin) -> None:
    session = begin(terminal=True)
    session.reporter.broken = True
    session.result(1)
    session.reporter.broken = False
    session.result(2)
    session.progress.clear()
    assert session.reporter.text == ""
    assert len(session.progress.tally.done) == 2


# -- in a log -----------------------------------------------------------------------------------


def test_a_log_gets_a_line_at_every_tenth_of_the_cases(begin: Begin) -> None:
    session = begin(terminal=False)
    for number in range(100):
        session.result(number, seconds=0.5)
    assert [line.partition(",")[0] for line in session.reporter.lines if line] == [
        f"{percent} %" for percent in range(10, 100, 10)
    ]
    assert session.reporter.lines[0] == "10 %, Okta: 10 of 100 cases, 18 requests, 0 failed, 5 s"


def test_a_log_of_a_slow_run_gets_a_line_every_ten_seconds(begin: Begin) -> None:
    session = begin(terminal=False, cases=10_000)
    for number in range(60):
        session.result(number)
    assert len([line for line in session.reporter.lines if line]) == 6


def test_a_log_of_a_fast_run_gets_none(begin: Begin) -> None:
    session = begin(terminal=False)
    for number in range(100):
        session.result(number, seconds=0.01)
    assert session.reporter.text == ""


# -- who says what ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "terminal", "term", "mode"),
    [
        ({}, True, "xterm", Mode.LIVE),
        ({}, False, "xterm", Mode.PLAIN),
        ({}, True, "dumb", Mode.PLAIN),
        ({"capture": "no"}, True, "xterm", Mode.PLAIN),
        ({"verbose": 0}, True, "xterm", Mode.LIVE),
        ({"verbose": 1}, True, "xterm", Mode.LETTERS),
        ({"verbose": -2}, True, "xterm", Mode.SILENT),
        ({"verbose": -2}, False, "xterm", Mode.SILENT),
    ],
)
def test_the_options_and_the_terminal_decide(
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, object],
    terminal: bool,
    term: str,
    mode: Mode,
) -> None:
    monkeypatch.setenv("TERM", term)
    asked = SimpleNamespace(**{"verbose": -1, "capture": "fd", **options})
    assert mode_of(asked, is_terminal=terminal) is mode


@pytest.mark.parametrize("verbose", [-2, -1, 1])
def test_the_letters_of_pytest_are_left_out_unless_asked_for(begin: Begin, verbose: int) -> None:
    session = begin(terminal=True, verbose=verbose)
    asking = session.progress.pytest_report_teststatus(SimpleNamespace(scimproof={}))  # type: ignore[arg-type]  # all it reads
    next(asking)
    with pytest.raises(StopIteration) as ended:
        asking.send(("passed", ".", "PASSED"))
    letter = (".", "PASSED") if verbose > 0 else ("", "")
    assert ended.value.value == ("passed", *letter)
    assert session.reporter.showfspath is (verbose > 0)


@pytest.mark.parametrize(
    ("option", "worker", "shows"),
    [
        ({}, False, False),
        ({"idp": ["okta"]}, False, True),
        ({"scim_only": ["OKTA-CONN-1"]}, False, True),
        ({"idp": ["okta"]}, True, False),
        ({"idp": ["okta"], "collectonly": True}, False, False),
        ({"idp": ["all"], "scim_proofs": True}, False, False),
    ],
    ids=["tests of somebody", "an IdP", "a requirement", "a worker", "a listing", "proofs"],
)
def test_only_the_process_that_speaks_for_a_run_shows_progress(
    option: dict[str, object], worker: bool, shows: bool
) -> None:
    names = ("idp", "scim_url", "scim_target", "scim_product", "scim_suite", "scim_only")
    unset = dict.fromkeys((*names, "scim_proofs", "collectonly"), None)
    registered: list[str] = []
    plugins = SimpleNamespace(register=lambda plugin, name: registered.append(name))
    config: Any = SimpleNamespace(option=SimpleNamespace(**unset | option), pluginmanager=plugins)
    if worker:
        config.workerinput = {}
    register(config, CASE)
    assert registered == ([NAME] if shows else [])
