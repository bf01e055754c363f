"""The end of a run: the last deletion, the report and its renderings, the exit status."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import reports
from idp_profiles.model import Json
from reports import Result
from reports import Verdict
from reports import view
from reports.forms.printing import console_on
from reports.side_by_side.comparison import Comparison
from suites.cleanup.cleaning import clean
from suites.cleanup.cleaning import is_needed
from suites.cleanup.journal import JournalError
from suites.cleanup.journal import count_created
from suites.manners import commons
from suites.outcome import baseline
from suites.outcome import outline
from suites.outcome.contradictions import contradictions
from suites.outcome.versions import versions
from suites.outcome.waiver_states import Standing
from suites.preflight.look import Look
from suites.target.model import TargetError
from suites.values import value_at

from .options import installed_version
from .run_lock import FolderBusy
from .run_lock import RunLock
from .state import Options
from .state import RunState

ROOM = ".scim-reports"
TRANSCRIPT = "transcript.jsonl"
_BAD = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE)


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that is over: everything the report is made of."""

    state: RunState
    results: tuple[Result, ...]
    look: Look
    interrupted: bool
    url: str | None = None
    partial: bool = False
    waivers: tuple[Standing, ...] = ()
    failed_elsewhere: bool = False  # something that is no case of ours, such as a deletion
    lag: str = ""  # how late reads showed what was written, where any did


def run_directory(
    config: pytest.Config, options: Options, shared: Mapping[str, Any]
) -> tuple[Path | None, RunLock | None]:
    """Make the folder of the run and lock it; none for proofs and listings. Raises TargetError."""
    if "directory" in shared:
        named = Path(shared["directory"]) if shared["directory"] else None
        return named, None if named is None else RunLock(named, worker=True)
    if options.proofs or config.option.collectonly:
        return None, None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = options.report or Path.cwd() / ROOM / f"{stamp}-{options.run_id}"
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = RunLock(path)
        commons.remove(path)  # what a killed run left there would count as this one's
        for stale in ("journal.jsonl", TRANSCRIPT):
            _refuse_open_journal(path, stale)
    except FolderBusy as busy:
        raise TargetError(str(busy)) from None
    except OSError as error:
        raise TargetError(f"cannot write the report folder {path}: {error.strerror}") from None
    if options.report is None:
        _point_latest(path)
    return path.resolve(), lock


def _refuse_open_journal(path: Path, stale: str) -> None:
    """Start the files of a reused folder anew, unless they are still needed for a cleanup."""
    file = path / stale
    try:
        needed = stale == "journal.jsonl" and is_needed(file)
    except JournalError as fault:
        raise TargetError(f"{fault}; name another folder") from None
    if needed:
        raise TargetError(
            f"{file} lists resources of an earlier run that were never deleted: run "
            f"`scimproof cleanup {path}` first, or name another folder"
        )
    file.unlink(missing_ok=True)


def _point_latest(path: Path) -> None:
    latest = path.parent / "latest"
    fresh = path.parent / f".latest-{path.name}"
    try:
        fresh.symlink_to(path.name)
        fresh.replace(latest)
    except OSError:
        # A file system without links, or a folder called `latest`: the report does not need it.
        fresh.unlink(missing_ok=True)


def look_json(state: RunState) -> dict[str, Json]:
    """Return what a process learned about the target, in JSON types."""
    seen = state.seen()
    if seen is None:
        return {}
    return {
        "trouble": seen.trouble,
        "capabilities": {
            **seen.capabilities,
            **(state.features.to_json() if state.features else {}),
        },
        "software": seen.software,
        "simulated": seen.simulated,
        "url": state.connection().target.url,
        "lag": state.connection().lag.to_json(),
        "late": {case: [*notes] for case, notes in state.late.items()},
    }


def one_look(looks: Sequence[Mapping[str, Any]]) -> Look:
    """Return one look for the report out of what the workers saw: trouble wins."""
    known = [look for look in looks if look]
    first = next((look for look in known if look["trouble"]), known[0] if known else None)
    if first is None:
        return Look()
    simulated = any(look.get("simulated") for look in known)
    return Look(first["trouble"], _merged(known), first["software"], simulated=simulated)


def _merged(looks: Sequence[Mapping[str, Any]]) -> dict[str, Json]:
    """Return what all workers found out together: each tries only what its own cases need."""
    merged: dict[str, Json] = {}
    for look in looks:
        for name, found in look["capabilities"].items():
            if value_at(merged.get(name), "origin") in (None, "unknown"):
                merged[name] = found
    return merged


@dataclass(frozen=True, slots=True)
class Written:
    """A report as its file holds it, and its folder."""

    directory: Path
    report: reports.Report
    comparison: Comparison | None = None  # with the baseline, if one was named


def write(run: Ended) -> Written | None:
    """Delete what is left, write every form of the report, and return it."""
    directory = run.state.directory
    if directory is None or (not run.results and not run.interrupted):
        if directory is not None:
            run.state.release_folder()
            _remove_if_empty(directory)
        return None
    created, left = _last_deletion(run.state, directory)
    # Nothing is written to the transcript after this: the last deletions leave no exchange in it.
    (directory / TRANSCRIPT).touch()
    report = replace(
        _report(run, created, left), transcript=reports.transcript_proof(directory / TRANSCRIPT)
    )
    shown = reports.kept_report(directory, report, run.state.redactor)
    reports.write_renderings(directory, shown)
    (directory / "journal.jsonl").touch()
    comparison = baseline.held_against(run.state.baseline, shown, directory, run.state.options)
    return Written(directory, shown, comparison)


def _remove_if_empty(directory: Path) -> None:
    if not any(directory.iterdir()):
        shutil.rmtree(directory)
        latest = directory.parent / "latest"
        if latest.is_symlink() and not latest.exists():
            latest.unlink()
        if directory.parent.name == ROOM and not any(directory.parent.iterdir()):
            directory.parent.rmdir()


def _last_deletion(state: RunState, directory: Path) -> tuple[int, tuple[Json, ...]]:
    path = directory / "journal.jsonl"
    created = count_created(path)
    if state.target is None:
        return created, ()  # the embedded server is gone, and everything with it
    return created, clean(path, state.connection(), state).stays


def _report(run: Ended, created: int, left: tuple[Json, ...]) -> reports.Report:
    results = _sorted(run)
    consoles = outline.outlines(results, partial=run.partial)
    return reports.Report(
        run=_facts(run),
        target=_target(run, results),
        results=results,
        idps=reports.idp_summaries(results, consoles),
        coverage=outline.coverage(results),
        created=created,
        left_behind=left,
        contradictions=contradictions(results),
        waivers=tuple(each.to_json() for each in run.waivers),
    )


def _facts(run: Ended) -> reports.Run:
    state = run.state
    return reports.Run(
        id=state.options.run_id,
        version=installed_version(),
        started=state.started.isoformat(timespec="seconds"),
        seconds=round(state.elapsed, 3),
        seed=state.options.seed,
        options={**state.options.to_json(), "server": _server(state), **_whole(state), **_lag(run)},
        interrupted=run.interrupted,
        versions=versions(result.idp for result in run.results if result.idp),
    )


def _lag(run: Ended) -> dict[str, Json]:
    return {"lag": run.lag} if run.lag else {}


def _whole(state: RunState) -> dict[str, Json]:
    """Return what matters to a reader also where the target file said it, and no option."""
    app = {"app": state.target.app} if state.target is not None and state.target.app else {}
    return {**app, "read_only": state.is_read_only}


def _server(state: RunState) -> str:
    """Return what kind of server the run was about."""
    if state.target is not None:
        return "named"
    return "simulation" if state.options.product_alone else "embedded"


def _target(run: Ended, results: Sequence[Result]) -> reports.Target:
    url, software = _place(run)
    embedded = run.state.target is None and bool(run.state.options.product_alone)
    simulated = embedded or any(result.simulated for result in results)
    return reports.Target(
        url=url,
        capabilities=run.look.capabilities,
        software=software,
        simulated=simulated or run.look.simulated,
        trouble=run.look.trouble,
    )


def _place(run: Ended) -> tuple[str | None, str | None]:
    """Return the URL of what was tested, if it has one, and what it is."""
    state = run.state
    if state.target is not None:
        app = f"the application {state.target.app} in this process" if state.target.app else None
        return run.url or state.target.url, app or run.look.software
    if state.options.product_alone:
        return None, f"a simulation of {state.options.product_alone.capitalize()}"
    return run.url or state.connection().target.url, "the embedded reference server"


def _sorted(run: Ended) -> tuple[Result, ...]:
    """Return the results in the order of the report; of a simulation each of them says so."""
    results = sorted(run.results, key=lambda result: (result.requirement, result.case))
    if run.look.simulated:
        results = [replace(result, simulated=True) for result in results]
    return tuple(results)


def exit_status(
    run: Ended, before: int | pytest.ExitCode, comparison: Comparison | None = None
) -> int:
    """Return the exit status by design section 4.4; with a baseline, regressions alone are bad."""
    if before == pytest.ExitCode.NO_TESTS_COLLECTED and not run.results:
        return int(pytest.ExitCode.USAGE_ERROR)  # options that no case fits together
    excused = baseline.excused(comparison)
    bad = [each for each in run.results if _is_bad(each, run) and each.case not in excused]
    undecided = (Verdict.SKIP, Verdict.INCONCLUSIVE)
    judged = [result for result in run.results if result.verdict not in undecided]
    if bad or not judged or any(each.fails_the_run for each in run.waivers):
        return int(pytest.ExitCode.TESTS_FAILED)
    if comparison is not None and before == pytest.ExitCode.TESTS_FAILED:
        # pytest counts failed cases, and knows nothing of those that failed in the baseline.
        return int(before) if run.interrupted or run.failed_elsewhere else 0
    return 0 if before == pytest.ExitCode.NO_TESTS_COLLECTED else int(before)


def _is_bad(result: Result, run: Ended) -> bool:
    options = run.state.options
    if result.verdict is Verdict.INCONCLUSIVE:
        return not options.allow_inconclusive
    return result.verdict in _BAD or (result.verdict is Verdict.WARN and options.strict)


def show(written: Written, terminalreporter: Any) -> None:  # noqa: ANN401 - pytest's own class
    """Print the summary of a written report."""
    report, directory = written.report, written.directory
    width = shutil.get_terminal_size((100, 24)).columns
    terminalreporter.ensure_newline()
    terminalreporter.section("scimproof")
    file = terminalreporter._tw._file  # pytest offers no public way to its stream
    console = console_on(file, width)
    is_full = terminalreporter.verbosity > 0
    reports.render_terminal(report, readable(directory), console, full=is_full)
    if written.comparison is not None:
        baseline.show(written.comparison, readable(directory), console)
    if report.run.options.get("lag"):
        terminalreporter.write_line(f"{report.run.options['lag']} (docs/slow-servers.md)")
    if report.left_behind:
        left = view.left_behind(report)
        terminalreporter.write_line(f"{left}: scimproof cleanup {readable(directory)}", red=True)


def readable(directory: Path) -> Path:
    """Return the folder as seen from here, where it lies below."""
    try:
        return directory.relative_to(Path.cwd())
    except ValueError:
        return directory
