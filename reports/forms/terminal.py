"""The closing summary on the terminal: who can work with the server, and what to mend first."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from reports import view
from reports.contradictions import Outcome
from reports.findings.blockers import blocked
from reports.findings.causes import Cause
from reports.findings.causes import causes
from reports.findings.harm import Place
from reports.model import Feature
from reports.model import IdpSummary
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.products import ProductTable
from reports.products import product_tables
from reports.summary import SIMULATED
from reports.wording import wording

from .printing import Page
from .terminal_details import STYLES
from .terminal_details import print_features
from .terminal_details import print_findings

_say = wording("terminal")
_MOST_CAUSES = 8
_MOST_HINTS = 2  # each finding has a hint of its own
_MOST_WARNINGS = 8
_MOST_REASONS = 4  # of each kind
_MOST_BLOCKERS = 10
_MOST_NAMES = 5
_GOOD = (Verdict.PASS, Verdict.WARN)


def render_terminal(
    report: Report, directory: Path, console: Console, *, full: bool = False
) -> None:
    """Print the summary of a run; `directory` is where its files are.

    The short form says what to mend; `full` has every feature and every finding with its exchange
    and the line that repeats it.
    """
    page = Page(console)
    _print_head(page, report)
    (_print_all if full else _print_short)(page, report)
    _print_contradictions(page, report)
    _print_tail(page, report, directory, full=full)


def _print_head(page: Page, report: Report) -> None:
    head = _say("head.run", version=report.run.version, target=view.target_name(report))
    page.line(head, "bold")
    for caution in view.cautions(report):
        page.prose(caution, "yellow", hang=0)
    for trouble in view.troubles(report):
        page.line(trouble, "bold red")


def _print_tail(page: Page, report: Report, directory: Path, *, full: bool) -> None:
    """Print the counts, and where there is more."""
    page.line()
    counts, seconds = view.counts(report), view.seconds(report.run.seconds)
    page.line(_say("tail.counts", counts=counts, seconds=seconds), _overall(report.results))
    if as_failed := _also_failed(report):
        page.line(as_failed, "dim")
    page.line(_say("tail.report", path=directory / view.REPORT_PAGE))
    if not full and _is_worth_more(report):
        page.line(_say("tail.full", path=directory / "report.json"), "dim")


def _also_failed(report: Report) -> str:
    """Return what pytest's own last line counts as failed beside the failures; mostly nothing."""
    options, said = report.run.options, []
    if options.get("allow_inconclusive") is not True:
        said.append((report.summary[Verdict.INCONCLUSIVE], "tail.inconclusive"))
    if options.get("strict") is True:
        said.append((report.summary[Verdict.WARN], "tail.warnings"))
    named = " and ".join(_say(key, count=count) for count, key in said if count)
    return _say("tail.pytest", what=named) if named else ""


def _overall(results: Iterable[Result]) -> str:
    return STYLES[Verdict.worst(result.verdict for result in results)]


def _is_worth_more(report: Report) -> bool:
    findings = (Verdict.FAIL, Verdict.WARN, Verdict.ERROR, Verdict.INCONCLUSIVE)
    return not report.target.trouble and bool(view.of_verdict(report, *findings))


def _print_all(page: Page, report: Report) -> None:
    print_features(page, report)
    for product in product_tables(report):
        page.line()
        _print_product(page, product)
    print_findings(page, report)
    _print_undecided(page, report, (Verdict.SKIP, Verdict.WAIVED))


def _print_short(page: Page, report: Report) -> None:
    if report.idps or report.results:
        page.line()
    _print_idps(page, report)
    _print_suites(page, report)
    for product in product_tables(report):
        _print_product(page, product)
    _print_causes(page, report)
    _print_errors(page, report)
    undecided = (Verdict.INCONCLUSIVE, Verdict.SKIP, Verdict.WAIVED)
    _print_undecided(page, report, undecided)


# -- whom the server works with -----------------------------------------------------------------


def _print_idps(page: Page, report: Report) -> None:
    """Print one line for each IdP and dialect."""
    for title, summaries in view.by_idp(report).items():
        for summary in summaries:
            place = view.one_line(title, 60)
            if len(summaries) > 1:
                dialect = view.one_line(summary.dialect, 30)
                place = _say("idp.place", title=place, dialect=dialect)
            worst = Verdict.worst(each.verdict for each in summary.features if each.verdict)
            words = "; ".join(_features_in_words(summary))
            line = _say("idp.line", sign=view.SIGNS[worst], place=place, words=words)
            page.prose(line, STYLES[worst], hang=4)


def _features_in_words(summary: IdpSummary) -> list[str]:
    """Return how many features work, and by name which do not."""
    known = summary.features
    if all(each.verdict is None for each in known):
        return [_say("idp.nothing")]
    good = sum(each.verdict in _GOOD for each in known)
    noun = _say("idp.feature" if len(known) == 1 else "idp.features")
    key = "idp.works-one" if good == 1 else "idp.works"
    works = _say(key, good=good, count=len(known), noun=noun)
    said = [", ".join([works, *_named(known, Verdict.FAIL, "idp.stop")])]
    said += _named(known, Verdict.WARN, "idp.warnings")
    for verdict in (Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.WAIVED, Verdict.SKIP, None):
        if count := sum(each.verdict is verdict for each in known):
            key = f"idp.{verdict.value if verdict else 'unchecked'}"
            said.append(_say(key, count=count))
    simulated = any(SIMULATED in each.label for each in known)
    return [*said, _say("idp.simulated")] if simulated else said


def _named(features: Iterable[Feature], verdict: Verdict, key: str) -> list[str]:
    """Return how many features have a verdict, and which; nothing when none has it."""
    found = [view.one_line(each.name, 60) for each in features if each.verdict is verdict]
    if not found:
        return []
    one = f"{key}-one"
    key = one if len(found) == 1 and one in _say else key
    return [_say(key, count=len(found), names=_listed(found))]


def _print_suites(page: Page, report: Report) -> None:
    """Print one line for each suite whose cases are about no IdP and no product."""
    grouped: dict[str, list[Result]] = {}
    for result in report.results:
        if result.idp is None and result.product is None:
            grouped.setdefault(result.suite, []).append(result)
    for suite, results in grouped.items():
        worst = Verdict.worst(result.verdict for result in results)
        # A run of everything tries simulated products too; that says nothing about this suite.
        target = replace(report.target, simulated=any(each.simulated for each in results))
        words = view.counts(replace(report, target=target, results=tuple(results)))
        line = _say(
            "suite.line", sign=view.SIGNS[worst], suite=view.one_line(suite, 60), words=words
        )
        page.prose(line, STYLES[worst], hang=4)


def _print_product(page: Page, table: ProductTable) -> None:
    """Print how the promises of a product fare, one line for each column."""
    page.line(view.one_line(table.title, 60), "bold")
    for position, column in enumerate(table.columns):
        page.line(f"  {view.one_line(column, 40)}: {table.in_words(position)}")


# -- what goes wrong ----------------------------------------------------------------------------


def _print_causes(page: Page, report: Report) -> None:
    """Print what the server does, failures at some length and warnings on a line each."""
    found = causes(report)
    strict = report.run.options.get("strict") is True
    serious = [each for each in found if strict or each.verdict is Verdict.FAIL]
    if serious:
        page.line()
        page.line(_say("causes.title"), "bold")
    for number, cause in enumerate(serious[:_MOST_CAUSES], 1):
        _print_cause(page, number, cause)
    _print_more(page, len(serious) - _MOST_CAUSES, "causes.more")
    _print_warnings(page, [each for each in found if each not in serious])


def _print_cause(page: Page, number: int, cause: Cause) -> None:
    title = _say("causes.number", number=number, title=view.one_line(cause.title, 200))
    page.prose(title, STYLES[cause.verdict], hang=3)
    first = cause.results[0]
    for line in (
        _hit(cause),
        _say("causes.seen", seen=view.one_line(cause.seen, 200)) if cause.seen else "",
        view.difference(first, 200),
        _say("causes.said", said=cause.said) if cause.said else "",
        *(_say("causes.hint", hint=view.one_line(hint)) for hint in cause.hints[:_MOST_HINTS]),
        _cases(cause),
    ):
        if line:
            page.prose(line, indent=3)


def _hit(cause: Cause) -> str:
    """Return whose features stop, else who is warned, else what happens."""
    if cause.harm.stops:
        return _say("causes.stops", places=_places(cause.harm.stops))
    if cause.harm.warns:
        return _say("causes.warns", places=_places(cause.harm.warns))
    return view.one_line(cause.harm.says)


def _places(places: Sequence[Place]) -> str:
    """Return IdPs with their features, whatever the dialect."""
    grouped: dict[str, list[str]] = {}
    for idp, _, feature in places:
        names = grouped.setdefault(view.one_line(idp, 60), [])
        if (name := view.one_line(feature, 60)) not in names:
            names.append(name)
    said = [
        _say("causes.features", idp=idp, features=_listed(names)) for idp, names in grouped.items()
    ]
    return ", ".join(said)


def _cases(cause: Cause) -> str:
    key = "causes.cases" if len(cause.results) == 1 else "causes.cases-many"
    return _say(key, count=len(cause.results), requirement=view.name(cause.results[0]))


def _print_warnings(page: Page, found: Sequence[Cause]) -> None:
    if found:
        page.line()
        page.line(_say("warnings.title"), "bold")
    for cause in found[:_MOST_WARNINGS]:
        named = (view.place(result) for result in cause.results)
        where = [cause.results[0].requirement, *dict.fromkeys(filter(None, named))]
        seen = view.one_line(cause.seen or cause.title, 160)
        line = _say("warnings.line", seen=seen, where=view.one_line(_listed(where), 100))
        page.prose(line, STYLES[Verdict.WARN])
    _print_more(page, len(found) - _MOST_WARNINGS, "warnings.more")


def _print_errors(page: Page, report: Report) -> None:
    found = view.of_verdict(report, Verdict.ERROR)
    if found:
        page.line()
        page.line(_say("errors.title"), "bold")
    for result in found[:_MOST_CAUSES]:
        what = view.one_line(view.reason(result))
        sign = view.SIGNS[Verdict.ERROR]
        page.prose(_say("errors.line", sign=sign, name=view.name(result), what=what))
    _print_more(page, len(found) - _MOST_CAUSES, "causes.more")


def _print_more(page: Page, count: int, key: str) -> None:
    if count > 0:
        page.line(_say(key, count=count, page=view.REPORT_PAGE), "dim")


# -- what was not judged ------------------------------------------------------------------------


def _print_undecided(page: Page, report: Report, verdicts: Sequence[Verdict]) -> None:
    """Print why cases have no verdict, each reason once with the number of its cases."""
    # When the target could not be reached, that has been said already.
    unreached = (Verdict.INCONCLUSIVE,) if report.target.trouble else ()
    lines = [
        line
        for verdict in verdicts
        if verdict not in unreached
        for line in _undecided(report, verdict)
    ]
    if lines:
        page.line()
        page.line(_say("undecided.title"), "bold")
    for line in lines:
        page.prose(line)


def _reasons(report: Report, verdict: Verdict) -> list[tuple[str, Sequence[Result]]]:
    """Return why cases have no verdict, that of most cases first."""
    if verdict is Verdict.INCONCLUSIVE:
        return [(view.one_line(each.sentence), each.results) for each in blocked(report)]
    grouped: dict[str, list[Result]] = {}
    for result in view.of_verdict(report, verdict):
        grouped.setdefault(view.one_line(view.reason(result)), []).append(result)
    return sorted(grouped.items(), key=lambda item: -len(item[1]))


def _undecided(report: Report, verdict: Verdict) -> list[str]:
    by_count, most = _reasons(report, verdict), _MOST_REASONS
    if verdict is Verdict.INCONCLUSIVE:
        most = _MOST_BLOCKERS
    sign, key = view.SIGNS[verdict], f"undecided.{verdict.value}"
    said = [
        _say(key, sign=sign, count=_case_count(results), reason=reason)
        for reason, results in by_count[:most]
    ]
    if others := by_count[most:]:
        key = "undecided.others-one" if len(others) == 1 else "undecided.others"
        count = _case_count([result for _, results in others for result in results])
        said.append(_say(key, sign=sign, count=count, reasons=len(others), page=view.REPORT_PAGE))
    return said


def _case_count(results: Sequence[Result]) -> str:
    """Return how many cases these are, and of whom when it is one and the same."""
    key = "undecided.one" if len(results) == 1 else "undecided.many"
    count = _say(key, count=f"{len(results):,}")
    named = {result.product or result.idp or result.suite for result in results}
    where = view.one_line(named.pop(), 60) if len(named) == 1 else ""
    return _say("undecided.where", count=count, where=where) if where else count


def _print_contradictions(page: Page, report: Report) -> None:
    """Print what the run showed where documents contradict each other, and count the rest."""
    if not report.contradictions:
        return
    page.line()
    page.line(_say("contradictions.title", outcomes=view.outcomes(report)))
    for each in report.contradictions:
        if each.outcome is Outcome.SHOWN:
            page.line(f"  {view.one_line(each.id, 60)}  {view.one_line(each.question, 120)}")
            page.line(f"    {view.one_line(each.found)}")


def _listed(names: Sequence[str]) -> str:
    """Return names on one line, no more than a reader takes in."""
    shown = ", ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return _say("list.more", names=shown, count=more) if more > 0 else shown
