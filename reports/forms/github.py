"""What GitHub Actions shows of a run: a summary of the step, annotations, outputs.

Texts only: who runs in a workflow writes them where GitHub looks (`suites/run/ci.py`).
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path

from reports import view
from reports.findings.blockers import Blocker
from reports.findings.blockers import blocked
from reports.findings.causes import Cause
from reports.findings.causes import causes
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.side_by_side import comparison_view
from reports.side_by_side.comparison import Comparison
from reports.wording import wording

from .markdown import heading
from .markdown import idp_table
from .markdown import in_places
from .markdown import troubled_waivers
from .markup import Page
from .markup import code
from .markup import prose

# GitHub shows no more annotations of a kind for one step, and says nothing of the others.
MOST_ANNOTATIONS = 10
# Far below the 1 MiB that all summaries of a step may take together.
_SUMMARY_ROOM = 30_000
_IDP_ROOM = 15_000
_MOST_CAUSES = 10
_MOST_NAMES = 4
# The order matters: the sign of an escape comes first.
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def _words(key: str, **values: object) -> str:
    return wording("github")(key, **values)


# -- the summary of the step -------------------------------------------------------------------


def step_summary(report: Report, folder: str, comparison: Comparison | None = None) -> str:
    """Return the short form of `report.md`: verdicts and top causes; `folder` is where all is.

    `comparison` is the one with a baseline, where the run has one.
    """
    page = Page(_words("summary.left_out"))
    page.add(heading(report))
    if comparison is not None:
        page.add(_compared(comparison))
    page.add(idp_table(report, page, _IDP_ROOM))
    _section(page, "waivers", [f"- {prose(each)}\n" for each in troubled_waivers(report)])
    found = causes(report)
    _section(page, "causes", list(map(_cause, found[:_MOST_CAUSES])), len(found))
    stuck = blocked(report)
    count = report.summary[Verdict.INCONCLUSIVE]
    _section(page, "inconclusive", list(map(_blocked, stuck)), count)
    run = report.run
    made_by = _words("summary.run", id=run.id, version=run.version, seed=run.seed)
    page.add(f"\n{prose(made_by)} {_words('summary.where', folder=code(folder))}\n")
    return page.text()


def _compared(comparison: Comparison) -> str:
    strict = comparison.new.run.options.get("strict") is True
    said = prose(comparison_view.headline(comparison, strict=strict))
    counts = prose(comparison_view.counts(comparison), 600)
    return "\n" + _words("summary.compared", headline=said, counts=counts) + "\n"


def _section(page: Page, key: str, entries: list[str], count: int | None = None) -> None:
    if not entries:
        return
    page.add("\n## " + _words(f"summary.{key}", count=count) + "\n\n")
    shown = page.add_what_fits(entries, _SUMMARY_ROOM)
    if key == "causes" and shown == len(entries) and (count or 0) > shown:
        page.leave_out((count or 0) - shown)


def _cause(cause: Cause) -> str:
    places = ""
    for key, found in (("stops", cause.harm.stops), ("warns", cause.harm.warns)):
        places += _words(f"summary.{key}", places=in_places(found)) if found else ""
    said = _words(
        "summary.cause",
        sign=view.SIGNS[cause.verdict],
        title=prose(_sentence(cause.title), 250),
        says=prose(_sentence(cause.harm.says)),
        places=places,
        seen=code(cause.seen),
        id=cause.id,
        count=len(cause.results),
    )
    return f"1. {said}\n"


def _blocked(blocker: Blocker) -> str:
    said = prose(blocker.sentence, 300)
    return f"- {_words('summary.blocked', reason=said, count=len(blocker.results))}\n"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


# -- annotations -------------------------------------------------------------------------------


def workflow_commands(
    report: Report, page: str, excused: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Return the workflow commands: one for each cause, at most ten of a kind.

    `page` is where a reader finds more. `excused` are the cases that do not fail the run, because
    they are no worse than in its baseline. What fails a run beside the causes is said first.
    """
    said: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    for kind, title, message in _all(report, page, excused):
        if len(said[kind]) < MOST_ANNOTATIONS:
            said[kind].append(command(kind, title, message))
    return tuple(line for lines in said.values() for line in lines)


def _all(report: Report, page: str, excused: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Return kind, title and text of every annotation, the most urgent of each kind first."""
    for trouble in view.troubles(report):
        yield "error", _words("annotation.trouble"), trouble
    for said in troubled_waivers(report):
        yield "error", _words("annotation.waiver"), said
    for result in view.of_verdict(report, Verdict.ERROR):
        yield "error", _words("annotation.error", name=view.name(result)), view.reason(result)
    bad = {Verdict.FAIL} | ({Verdict.WARN} if report.run.options.get("strict") is True else set())
    for cause in causes(report):
        fails = any(each.verdict in bad and each.case not in excused for each in cause.results)
        yield "error" if fails else "warning", cause.title, _message(cause, page)
    yield from _stuck(report)
    yield "notice", _words("annotation.done", verdict=overall(report)), _counts(report, page)


def _stuck(report: Report) -> Iterator[tuple[str, str, str]]:
    """Return what could not be judged; where no case could, the one reason was said already."""
    if report.target.trouble:
        return
    kind = "warning" if report.run.options.get("allow_inconclusive") is True else "error"
    for blocker in blocked(report):
        title = _words("annotation.inconclusive", reason=view.one_line(blocker.sentence, 120))
        yield kind, title, _not_judged(blocker.results)


def _message(cause: Cause, page: str) -> str:
    hint = next(filter(None, map(view.hint, cause.results)), None)
    places = "".join(
        _words(f"annotation.{key}", places=_places(found))
        for key, found in (("stops", cause.harm.stops), ("warns", cause.harm.warns))
        if found
    )
    return _words(
        "annotation.cause",
        says=_sentence(cause.harm.says),
        places=places,
        seen=cause.seen,
        hint=_words("annotation.hint", hint=view.one_line(hint, 200)) if hint else "",
        id=cause.id,
        count=len(cause.results),
        page=page,
    )


def _places(found: Iterable[tuple[str, str, str]]) -> str:
    """Return features under their identity provider, whatever the dialect."""
    grouped: dict[str, dict[str, None]] = {}
    for idp, _, feature in found:
        grouped.setdefault(idp, {})[feature] = None
    said = [
        _words("annotation.place", idp=idp, features=_some(list(features)))
        for idp, features in grouped.items()
    ]
    return _some(said)


def _some(names: list[str]) -> str:
    shown, more = ", ".join(names[:_MOST_NAMES]), len(names) - _MOST_NAMES
    return shown + (_words("annotation.more", count=more) if more > 0 else "")


def _not_judged(results: tuple[Result, ...]) -> str:
    names = _some([view.name(result) for result in results])
    return _words("annotation.blocked", count=len(results), names=names)


def _counts(report: Report, page: str) -> str:
    counts, target = view.counts(report), view.target_name(report)
    return _words("annotation.counts", counts=counts, target=target, page=page)


def command(kind: str, title: str, message: str) -> str:
    """Return one workflow command; nothing in its texts can end it or begin another."""
    name = _encoded(view.one_line(title, 200), _PROPERTY)
    return f"::{kind} title={name}::{_encoded(view.one_line(message, 1_500), _DATA)}"


def _encoded(text: str, codes: Mapping[str, str]) -> str:
    for sign, coded in codes.items():
        text = text.replace(sign, coded)
    return text


# -- outputs -----------------------------------------------------------------------------------


def overall(report: Report) -> str:
    """Return the worst verdict of a run, `skip` for one in which nothing was judged."""
    return (Verdict.worst(each.verdict for each in report.results) or Verdict.SKIP).value


def outputs(report: Report, folder: Path) -> str:
    """Return the lines for `$GITHUB_OUTPUT`: what later steps of the job may want to know."""
    summary = report.summary
    said = {
        "verdict": overall(report),
        "failed": str(summary[Verdict.FAIL] + summary[Verdict.ERROR]),
        "warnings": str(summary[Verdict.WARN]),
        "inconclusive": str(summary[Verdict.INCONCLUSIVE]),
        "summary": view.counts(report),
        "report": str(folder),
    }
    # A name may hold anything but these two: one line is one output.
    return "".join(f"{name}={view.one_line(value, 4_000)}\n" for name, value in said.items())
