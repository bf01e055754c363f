"""The part of pytest that a run needs: which cases run, what they came to, and the end of the run.

Registered only when a run is wanted; `scimproof.py` (the front door) stays light.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports import ReportError
from reports import Result
from reports import Verdict
from suites.ahead import hooks as ahead
from suites.cleanup.tidying import with_late_notes
from suites.manners.watchdog import Watchdog
from suites.outcome import baseline
from suites.outcome import waivers
from suites.outcome.results import CaseRecord
from suites.outcome.results import finding_of
from suites.outcome.results import message
from suites.outcome.results import result_of
from suites.outcome.waiver_states import Standing
from suites.outcome.waiver_states import standings
from suites.reach import lag
from suites.reach.lanes import lanes
from suites.target.model import Target
from suites.target.model import TargetError

from . import ci
from . import discretion
from . import ending
from . import finish
from . import progress
from . import seen
from . import selection
from . import unfit
from .options import read_options
from .options import read_target
from .sendable import Receiver
from .sendable import Sender
from .sendable import sendable
from .state import Options
from .state import RunState

STATE = pytest.StashKey[RunState]()
CASE = pytest.StashKey[CaseRecord]()
RESULT = pytest.StashKey[Result]()
NAME = "scimproof-run"
_BAD = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE)


def ensure_plugin(config: pytest.Config) -> None:
    """Register the run with pytest, once; raises pytest.UsageError on a bad option or target."""
    if config.pluginmanager.has_plugin(NAME):
        return
    shared = getattr(config, "workerinput", {}).get("scimproof", {})
    try:
        target = read_target(config)
        options = read_options(config, target)
        if target is not None and target.product is not None and not shared:
            _check_product(target, options)
        known = baseline.read(config)
        directory, lock = finish.run_directory(config, options, shared)
    except TargetError as problem:
        raise pytest.UsageError(f"scimproof: {problem}") from None
    owner = getattr(config, "workerinput", {}).get("workerid", "main")
    began = shared.get("began")
    state = config.stash[STATE] = RunState(options, target, directory, owner=owner, began=began)
    state.lock, state.baseline = lock, known
    discretion.register(config, state.masking)
    config.pluginmanager.register(RunPlugin(config), NAME)
    config.pluginmanager.register(Sender() if hasattr(config, "workerinput") else Receiver())
    progress.register(config, CASE)
    if getattr(config.option, "allure_report_dir", None) and not options.proofs:
        from suites.outcome import (
            allure_labels,  # only now: a run without --alluredir never loads Allure
        )

        allure_labels.register(config, CASE, RESULT, strict=options.strict)
    ci.watch(config)
    unfit.watch(config)
    seen.watch(config, target, options)
    ahead.register(config, state, CASE)


def _check_product(target: Target, options: Options) -> None:
    from suites.products import guard  # only where there is a product

    if not options.suites or selection.PRODUCT in options.suites:
        guard.check(target, options)


class RunPlugin:
    """The hooks of one process of a run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._state = config.stash[STATE]
        self._results: dict[str, Result] = {}
        self._looks: list[dict[str, Any]] = []
        self._interrupted = False
        self._expected = 0
        self._watchdog = Watchdog()
        self._is_worker = hasattr(config, "workerinput")
        self._report: finish.Written | None = None
        self._trouble = ""
        self._failed_elsewhere = False
        self._waivers: tuple[Standing, ...] = ()
        if selection.is_pure_run(config) and not self._state.options.proofs:
            _leave_the_summary_to_us(config)
            if not self._is_worker and threading.current_thread() is threading.main_thread():
                # A cancelled job is ended as by Ctrl-C: with a report, and nothing left behind.
                signal.signal(signal.SIGTERM, signal.default_int_handler)
                config.pluginmanager.register(ending.Ending())
                self._watchdog.watch(self._state.clock)

    @property
    def options(self) -> Options:
        """What the user asked for."""
        return self._state.options

    # -- which cases run ---------------------------------------------------------------------

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give each case its dialects and, in a proof, its deviations."""
        selection.parametrise(metafunc, self.options)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the cases that were asked for."""
        kept: list[pytest.Item] = []
        dropped: list[pytest.Item] = []
        for item in items:
            record = selection.record_of(item)
            if record is not None:
                item.stash[CASE] = record
            wanted = selection.wants(item, record, self.options)
            (kept if wanted else dropped).append(item)
        items[:] = kept
        self._expected = sum(CASE in item.stash for item in kept)
        if dropped:
            self._config.hook.pytest_deselected(items=dropped)

    # -- what they came to -------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn what ended a case into its verdict."""
        report = yield
        record = item.stash.get(CASE, None)
        progress.count_requests(report, record)
        if record is None or not _ends(call, report):
            _add_late_notes(report, item)
            return report
        problem = call.excinfo.value if call.excinfo else None
        finding = finding_of(record, problem)
        result = result_of(item.nodeid, record, finding, max(report.duration, record.took))
        if self._state.target is not None:
            today = self._state.started.date()
            result = waivers.applied(result, self._state.target.waivers, today)
        item.stash[RESULT] = result
        if result.verdict is Verdict.ERROR:
            # Our own bug: pytest's traceback says where.
            report.sections.append(("scimproof", message(result)))
        self._shape(report, result, item)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Let go of a case's exchanges once it is over: a server may answer with megabytes."""
        told = yield
        if CASE in item.stash:
            item.stash[CASE].log = None
        return told

    def _shape(self, report: pytest.TestReport, result: Result, item: pytest.Item) -> None:
        report.scimproof = result.to_json()  # type: ignore[attr-defined]  # travels under xdist
        if self.options.proofs:
            killed = is_killed(result, item.stash[CASE])
            report.outcome = "passed" if killed else "failed"
            report.longrepr = None if killed else f"SURVIVED: {message(result)}"
            if killed and report.when == "setup":
                _skip(report, item, "killed while it was being set up")
        elif result.verdict is Verdict.ERROR:
            report.outcome = "failed"
        elif result.verdict is Verdict.WAIVED:
            report.outcome, report.wasxfail = "skipped", "; ".join(result.notes)
        elif result.verdict is Verdict.SKIP:
            _skip(report, item, f"Skipped: {result.actual}")
        elif self._counts_as_failed(result):
            report.outcome, report.longrepr = "failed", message(result)
        elif report.when == "setup":
            # "passed" would make pytest go on with a case whose fixtures are not there.
            _skip(report, item, message(result))
        else:
            report.outcome, report.longrepr = "passed", None

    def _counts_as_failed(self, result: Result) -> bool:
        if result.verdict is Verdict.WARN:
            return self.options.strict
        if result.verdict is Verdict.INCONCLUSIVE:
            return not self.options.allow_inconclusive
        return result.verdict in _BAD

    def pytest_report_teststatus(
        self, report: pytest.TestReport
    ) -> tuple[str, str, str | tuple[str, dict[str, bool]]] | None:
        """Name the verdict on the terminal; pytest knows neither warn nor inconclusive."""
        data = getattr(report, "scimproof", None)
        if data is None or self.options.proofs or report.when == "teardown":
            return None
        if data["verdict"] == Verdict.WARN and report.outcome != "failed":
            return "passed", "w", ("WARN", {"yellow": True})
        if data["verdict"] == Verdict.PASS and report.outcome == "skipped":
            return "passed", ".", "PASSED"
        if data["verdict"] == Verdict.INCONCLUSIVE:
            kind = "failed" if report.outcome == "failed" else "passed"
            return kind, "I", ("INCONCLUSIVE", {"red": True})
        return None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect results where the report is written: not in an xdist worker."""
        self._watchdog.heard()
        data = getattr(report, "scimproof", None)
        if data is not None and not self._is_worker:
            self._results[report.nodeid] = Result.from_json(data)
        if report.failed and (data is None or report.when == "teardown"):
            self._failed_elsewhere = True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember a file that could not be read: no verdict of ours speaks for it."""
        self._failed_elsewhere = self._failed_elsewhere or report.failed

    # -- the end -----------------------------------------------------------------------------

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401 - xdist's own class
        """Tell an xdist worker where the run writes."""
        node.workerinput["scimproof"] = {
            "directory": str(self._state.directory) if self._state.directory else None,
            "run_id": self.options.run_id,
            "seed": self.options.seed,
            "began": self._state.clock.began,
        }

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:  # noqa: ANN401
        """Learn how many cases there are: with workers only they collect."""
        cases = [each for each in ids if "suites/" in each and "tests/suites/" not in each]
        self._expected = len(cases)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:  # noqa: ANN401 - as above
        """Take over what a worker learned about the target."""
        with suppress(AttributeError, KeyError):
            self._looks.append(node.workeroutput["scimproof"])

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Remember that the report holds only a part."""
        self._interrupted = True
        # A signal may come at an instruction that belongs to no line; pytest 9 falls over that.
        excinfo.traceback = excinfo.traceback.filter(_has_line)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the report and set the exit status (design section 4.4)."""
        with ending.interruptible():  # what is left then is named by the journal
            lanes().finish()
            self._state.delete_shared()
        if self._is_worker:
            seen = sendable(finish.look_json(self._state))
            self._config.workeroutput["scimproof"] = seen  # type: ignore[attr-defined]
        elif not self.options.proofs and not self._config.option.collectonly:
            self._finish(session)
        self._watchdog.rest()
        self._state.close()
        self._state.release_folder()

    def _finish(self, session: pytest.Session) -> None:
        looks = self._looks or [finish.look_json(self._state)]
        # Counted, since a second Ctrl-C, -x or a lost worker ends a run without a word to us.
        early = self._interrupted or len(self._results) < self._expected
        late = [look.get("late", {}) for look in looks]
        results = with_late_notes(tuple(self._results.values()), late)
        self._waivers = self._standings(results, early=early)
        run = finish.Ended(
            state=self._state,
            results=results,
            look=finish.one_look(looks),
            interrupted=early,
            partial=early or self._is_narrowed() or self._state.is_read_only,
            waivers=self._waivers,
            failed_elsewhere=self._failed_elsewhere,
            url=next((look["url"] for look in looks if look), None),
            lag=lag.told(looks, self._state.target),
        )
        self._watchdog.rest()  # a long report is slow to write, and does not hang
        self._write(run)
        if self._trouble:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            return
        if self._interrupted or session.exitstatus == pytest.ExitCode.INTERNAL_ERROR:
            return
        if self._results or selection.is_pure_run(self._config):
            comparison = self._report.comparison if self._report is not None else None
            session.exitstatus = finish.exit_status(run, session.exitstatus, comparison)

    def _write(self, run: finish.Ended) -> None:
        try:
            self._report = finish.write(run)
        except (ReportError, OSError) as problem:  # such as a full disk
            self._trouble = f"scimproof: the report is not written: {problem}"
            return
        if self._report is not None:
            self._config.stash[ci.WRITTEN] = self._report

    def _standings(self, results: tuple[Result, ...], *, early: bool) -> tuple[Standing, ...]:
        target = self._state.target
        if target is None or not target.waivers:
            return ()
        looked_at = seen.seen(self._config, self.options, results, early=early)
        return standings(target.waivers, looked_at, self._state.started.date())

    def _is_narrowed(self) -> bool:
        """Return whether only a part of the cases of the IdP was asked for."""
        option = self._config.option
        named = self._config.args_source is pytest.Config.ArgsSource.ARGS
        files = named and not all(Path(each).is_dir() for each in self._config.args)
        return bool(self.options.only or option.keyword or option.markexpr or files)

    def pytest_terminal_summary(self, terminalreporter: Any) -> Iterator[None] | None:  # noqa: ANN401
        """Print the summary and the path of the report."""
        if self._watchdog.bit:
            terminalreporter.write_line(
                "The run hung beyond its time-out and was ended; see run_timeout.", red=True
            )
        if self._trouble:
            terminalreporter.write_line(self._trouble, red=True)
        if self._report is not None:
            finish.show(self._report, terminalreporter)
        elif self._config.option.collectonly:
            return None
        elif not self._results and selection.is_pure_run(self._config):
            terminalreporter.write_line(
                "scimproof: not one case was judged: no case fits these options together."
            )
        for waiver in self._waivers:
            if waiver.fails_the_run:
                told = self._state.redactor.text(waiver.message)
                terminalreporter.write_line(told, red=True)
        return None


def is_killed(result: Result, record: CaseRecord) -> bool:
    """Return whether a case noticed its deviation: where it can only note, a note is enough."""
    noted = record.requirement.judgement == "note" and result.expected is not None
    return result.verdict in (Verdict.FAIL, Verdict.WARN) or noted


def _leave_the_summary_to_us(config: pytest.Config) -> None:
    """Let pytest not repeat below what our summary says, unless the user asked it to."""
    if config.option.tbstyle == "auto":
        config.option.tbstyle = "no"
    if config.option.reportchars == "fE":
        config.option.reportchars = ""


def _add_late_notes(report: pytest.TestReport, item: pytest.Item) -> None:
    """Send the result again when the deletion, which comes after it, left something to say."""
    record, result = item.stash.get(CASE, None), item.stash.get(RESULT, None)
    if report.when == "teardown" and record is not None and result is not None and record.late:
        notes = (*result.notes, *record.late)
        report.scimproof = replace(result, notes=notes).to_json()  # type: ignore[attr-defined]  # as in _shape


def _has_line(entry: Any) -> bool:  # noqa: ANN401 - pytest's own class
    return entry._rawentry.tb_lineno is not None


def _skip(report: pytest.TestReport, item: pytest.Item, reason: str) -> None:
    path, line, _ = item.location
    report.outcome = "skipped"
    report.longrepr = (str(path), (line or 0) + 1, reason)


def _ends(call: pytest.CallInfo[None], report: pytest.TestReport) -> bool:
    """Return whether this phase decides: the call, or a phase around it that raised."""
    return report.when == "call" or call.excinfo is not None
