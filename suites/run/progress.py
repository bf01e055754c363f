"""What a run says on the terminal while it goes on: one line on a screen, a few in a log.

On a terminal one line is written anew in place, with a carriage return and spaces alone, so that
nothing has to be put back in order when the run ends early. Elsewhere, as in the log of a CI job,
a plain line appears now and then. The letters that pytest prints for each test are not printed.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from enum import Enum
from enum import auto
from functools import cache
from typing import Any

import pytest

import idp_profiles
from reports import Json
from reports import Verdict
from suites.outcome.results import CaseRecord

from .selection import is_pure_run

NAME = "scimproof-progress"
_OFTEN = 0.1  # seconds between two paintings of the line
_SELDOM = 10.0  # seconds after which a log gets a line in any case
_SOON = 2.0  # seconds between two lines of a log, however fast the cases go
_MOST_STOPS = 12
_STEP = 10  # per cent of the cases after which a log gets a line


class Mode(Enum):
    """How much a run says while it goes on, and in which form."""

    SILENT = auto()
    LETTERS = auto()  # pytest's own lines, which the user asked for with -v
    LIVE = auto()
    PLAIN = auto()


@dataclass(slots=True)
class Tally:
    """How far a run has come."""

    expected: int = 0
    place: str = ""
    requests: int = 0
    done: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    stopped: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, case: str, data: Mapping[str, Any], *, failed: bool) -> str:
        """Count a result; return what stops with it, if that is the first to say so."""
        self.done.add(case)
        if failed:
            self.failed.add(case)
        self.place = _place(data["idp"], data["product"], data["suite"])
        key = (data["idp"] or "", data["feature"] or "")
        if data["verdict"] != Verdict.FAIL or data["product"] or not all(key):
            return ""
        if key in self.stopped:
            return ""
        self.stopped[key] = f"stops: {self.place}, {data['feature']}"
        return self.stopped[key]

    @property
    def percent(self) -> int:
        """How many per cent of the cases have ended."""
        return min(100, len(self.done) * 100 // max(self.expected, 1))

    def words(self, seconds: float) -> str:
        """Return how far the run has come, in ASCII, which every terminal can write."""
        where = f"{self.place}: " if self.place else ""
        of = max(self.expected, len(self.done))
        minutes, rest = divmod(int(seconds), 60)
        return (
            f"{where}{len(self.done):,} of {of:,} cases, {self.requests:,} requests, "
            f"{len(self.failed):,} failed, {f'{minutes} min ' if minutes else ''}{rest} s"
        )


@cache
def _title(idp: str) -> str:
    return idp_profiles.load(idp).title


def _place(idp: Json, product: Json, suite: Json) -> str:
    """Return what is tried: an identity provider, a product, or a suite of its own."""
    if isinstance(product, str):
        return product.capitalize()
    return _title(idp) if isinstance(idp, str) else str(suite)


def count_requests(report: pytest.TestReport, record: CaseRecord | None) -> None:
    """Let the number of requests of a case travel with its last report, also from a worker."""
    if record is not None and record.log is not None and report.when == "teardown":
        report.scimproof_requests = record.log.sent  # type: ignore[attr-defined]  # as the result


def register(config: pytest.Config, case: pytest.StashKey[CaseRecord]) -> None:
    """Show progress where a session is nothing but a run, and this process speaks for it.

    `case` is the key under which a test has its record.
    """
    option = config.option
    listed = option.scim_proofs or option.collectonly
    if is_pure_run(config) and not listed and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(config, case), NAME)


def mode_of(option: Any, *, is_terminal: bool) -> Mode:  # noqa: ANN401 - pytest's own namespace
    """Return how to speak, by what the user asked for and by what listens."""
    if option.verbose < -1:
        return Mode.SILENT
    if option.verbose > 0:
        return Mode.LETTERS
    # With -s whatever a case prints would land in the middle of the line.
    if is_terminal and option.capture != "no" and os.environ.get("TERM") != "dumb":
        return Mode.LIVE
    return Mode.PLAIN


class Progress:
    """The hooks of the process that prints."""

    def __init__(
        self,
        config: pytest.Config,
        case: pytest.StashKey[CaseRecord],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config = config
        self._case = case
        self._clock = clock
        self._begun = self._told = self._painted = clock()
        self._told_percent = 0
        self._width = 0  # of what stands in the line
        self._places: dict[str, str] = {}
        self._reporter: Any = None
        self.mode = Mode.SILENT
        self.tally = Tally()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self) -> None:
        """Take over from pytest's letters, when there is anything to print on."""
        self._reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if self._reporter is None:
            return
        if getattr(self._config.option, "numprocesses", None):
            # Now, while the workers start: later it would hold up their results.
            for name in idp_profiles.PROFILES:
                _title(name)
        is_terminal = bool(self._reporter.isatty)
        self.mode = mode_of(self._config.option, is_terminal=is_terminal)
        if self.mode is not Mode.LETTERS:
            self._reporter.showfspath = False
            self._reporter._show_progress_info = False  # the per cent of the letters

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Learn which cases there are."""
        records = {item.nodeid: item.stash.get(self._case, None) for item in session.items}
        known = {key: record for key, record in records.items() if record is not None}
        self.tally.expected = len(known)
        self._places = {key: _of_case(record) for key, record in known.items()}

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:  # noqa: ANN401 - xdist's own class
        """Learn how many cases there are: with workers only they collect."""
        self.tally.expected = len(ids)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Name the identity provider whose case begins."""
        self.tally.place = self._places.get(nodeid, self.tally.place)
        self._show()

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(
        self, report: pytest.TestReport
    ) -> Generator[None, tuple[str, str, Any], tuple[str, str, Any]]:
        """Count as pytest does, and leave out its letter."""
        category, letter, word = yield
        if self.mode is Mode.LETTERS or not hasattr(report, "scimproof"):
            return category, letter, word
        return category, "", ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None, None, None]:
        """Count a result when it is kept for the report, and say at once when a feature stops."""
        data = getattr(report, "scimproof", None)
        if data is None and (report.when == "call" or not report.passed):
            self.clear()  # pytest is about to print its letter
        yield
        self.tally.requests += getattr(report, "scimproof_requests", 0)
        if data is None:
            return
        said = self.tally.add(report.nodeid, data, failed=report.outcome == "failed")
        if said and self.mode is not Mode.SILENT:
            self._warn(said)
        self._show()

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self) -> None:
        """Make room for what pytest has to say."""
        self.clear()

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self) -> Generator[None, None, None]:
        """Say what the end of the run is busy with, and take the line away."""
        if self.mode is Mode.LIVE and self.tally.done:
            self._paint("deleting what is left and writing the report")
        try:
            yield
        finally:
            self.clear()

    # -- how it is said ----------------------------------------------------------------------

    def _show(self) -> None:
        now = self._clock()
        if self.mode is Mode.LIVE and (now - self._painted >= _OFTEN or not self._width):
            self._painted = now
            self._paint(self.tally.words(now - self._begun))
        elif self.mode is Mode.PLAIN and self._is_due(now):
            self._told, self._told_percent = now, self.tally.percent
            self._line(f"{self.tally.percent} %, {self.tally.words(now - self._begun)}")

    def _is_due(self, now: float) -> bool:
        """Tell whether a log is to get a line; at the end the summary speaks."""
        passed = now - self._told
        far = self.tally.percent // _STEP > self._told_percent // _STEP
        return passed >= _SELDOM or (far and passed >= _SOON and self.tally.percent < 100)

    def _warn(self, text: str) -> None:
        count = len(self.tally.stopped)
        if count > _MOST_STOPS:
            return
        self.clear()
        self._line(text, red=True)
        if count == _MOST_STOPS:
            self._line("what else stops is said at the end")

    def _paint(self, text: str) -> None:
        # The last column stays free: some terminals go to the next line when it is written.
        room = max(shutil.get_terminal_size().columns - 1, 1)
        shown = text[:room]
        line = shown.ljust(min(self._width, room))
        self._width = len(line)  # before it is written: a Ctrl-C may come right after
        self._write(f"\r{line}")
        self._width = len(shown)
        # Whoever prints a whole line next begins a new one.
        self._reporter.currentfspath = -2

    def clear(self) -> None:
        """Take the line away; the cursor stands at the beginning of an empty one."""
        if self.mode is Mode.LIVE and self._width:
            # Two more, for the ^C that a terminal shows.
            room = min(self._width + 2, shutil.get_terminal_size().columns - 1)
            self._write(f"\r{' ' * room}\r")
            self._width = 0
            self._reporter.currentfspath = None

    def _line(self, text: str, **markup: bool) -> None:
        def write() -> None:
            self._reporter.write_line(text, **markup)
            self._reporter.flush()

        self._attempt(write)

    def _write(self, text: str) -> None:
        self._attempt(lambda: self._reporter.write(text, flush=True))

    def _attempt(self, write: Callable[[], None]) -> None:
        """Print; whoever closed the terminal loses the progress, and the run goes on."""
        try:
            write()
        except OSError:
            self.mode = Mode.SILENT


def _of_case(record: CaseRecord) -> str:
    requirement = record.requirement
    return _place(requirement.idp, requirement.product, record.suite)
