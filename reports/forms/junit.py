"""`junit.xml`: the verdicts in the form that CI servers read.

What they make of it decides the form: they show a tree along the dots of `classname`, know a case
from run to run by `classname` and `name` together, and show the `message` of a failure in a list
and its text on a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import SubElement
from xml.etree.ElementTree import indent
from xml.etree.ElementTree import tostring

from reports import view
from reports.evidence.readable import exchange_text
from reports.findings.blockers import blocked
from reports.findings.causes import cause_key
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.summary import SIMULATED
from reports.wording import wording

_say = wording("junit")
_MESSAGE = 200  # characters; a list shows one line
_BODY = 1_500
_ELEMENTS = {
    Verdict.FAIL: "failure",
    Verdict.INCONCLUSIVE: "failure",
    Verdict.ERROR: "error",
    Verdict.SKIP: "skipped",
    Verdict.WAIVED: "skipped",
}


def render_junit(report: Report) -> str:
    """Return the report as JUnit XML, one test suite for each of ours and for each IdP."""
    root = Element("testsuites", name="scimproof", time=_time(report.run.seconds))
    elements = _Elements(report)
    _count(root, report.results, elements)
    for name, results in _grouped(report).items():
        root.append(_suite(name, results, report, elements))
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


class _Elements:
    """The element of each result that is not just passed, as the run itself counted.

    What one blocker stood in the way of is one failure: the first of its cases. The others are
    skipped, and name it.
    """

    def __init__(self, report: Report) -> None:
        self._known = dict(_ELEMENTS)
        if report.run.options.get("strict") is True:
            self._known[Verdict.WARN] = "failure"
        if report.run.options.get("allow_inconclusive") is True:
            self._known[Verdict.INCONCLUSIVE] = "skipped"
        self._blocker = {id(r): each for each in blocked(report) for r in each.results}

    def of(self, result: Result) -> str | None:
        """Return the element of a result; None where it passed."""
        blocker = self._blocker.get(id(result))
        is_first = blocker is None or blocker.results[0] is result
        return self._known.get(result.verdict) if is_first else "skipped"

    def message(self, result: Result) -> str:
        """Return what a case that was not judged says of all that the same stood in the way of."""
        blocker = self._blocker.get(id(result))
        if blocker is None or len(blocker.results) == 1:
            return ""
        first = blocker.results[0]
        if first is result:
            return _say("outcome.blocked", count=len(blocker.results), reason=blocker.sentence)
        return _say("outcome.same", first=view.name(first), reason=blocker.sentence)


def _grouped(report: Report) -> dict[str, list[Result]]:
    """Return the results by suite, those about an IdP or a product apart."""
    titles = {each.idp: each.title for each in report.idps}
    grouped: dict[str, list[Result]] = {}
    for result in report.results:
        about = result.product or titles.get(result.idp or "", result.idp)
        key = "suite.about" if about else "suite.name"
        name = _say(key, suite=result.suite, about=about)
        grouped.setdefault(_attribute(name), []).append(result)
    return grouped


def _suite(name: str, results: Sequence[Result], report: Report, elements: _Elements) -> Element:
    element = Element("testsuite", name=name)
    _count(element, results, elements)
    element.set("time", _time(sum(result.seconds for result in results)))
    if started := _timestamp(report.run.started):
        element.set("timestamp", started)
    _properties(element, _of_run(report, results))
    element.extend([_case(result, elements) for result in results])
    return element


def _of_run(report: Report, results: Sequence[Result]) -> dict[str, str | None]:
    simulated = report.target.simulated or any(result.simulated for result in results)
    return {
        "version": report.run.version,
        "run": report.run.id,
        "seed": str(report.run.seed),
        "target": view.target_name(report),
        SIMULATED: "true" if simulated else None,
    }


def _count(element: Element, results: Iterable[Result], elements: _Elements) -> None:
    kinds = [elements.of(result) for result in results]
    element.set("tests", str(len(kinds)))
    element.set("failures", str(kinds.count("failure")))
    element.set("errors", str(kinds.count("error")))
    element.set("skipped", str(kinds.count("skipped")))


def _case(result: Result, elements: _Elements) -> Element:
    element = Element(
        "testcase",
        classname=_class(result),
        name=_name(result),
        time=_time(result.seconds),
    )
    _properties(element, _of_case(result))
    kind = elements.of(result)
    if kind:
        _outcome(element, kind, result, elements.message(result))
    elif lines := view.details(result):
        # A warning passes, and so does what was merely noted; what was seen must not be lost.
        head = _say("outcome.passed", verdict=result.verdict.value, name=view.name(result))
        output = SubElement(element, "system-out")
        output.text = "\n".join([head, *lines])
    return element


def _class(result: Result) -> str:
    """Return where a case stands in the tree: by its console feature, else by its module."""
    path = PurePosixPath(result.case.partition("::")[0]).with_suffix("")
    module = path.parts[-1:] if result.product else path.parts[-2:]
    places = (result.suite, result.product, result.idp, result.dialect)
    parts = [*filter(None, places), *((result.feature,) if result.feature else module)]
    # A dot in a name would be one more branch.
    shown = [_attribute(part.replace(".", " "), 100) for part in dict.fromkeys(parts)]
    return ".".join(shown)


def _name(result: Result) -> str:
    """Return the requirement first; many CI servers show nothing of a case but its name."""
    return _attribute(
        _say(
            "case.simulated" if result.simulated else "case.name",
            requirement=result.requirement,
            title=result.title,
            case=result.case.rpartition("::")[2],
        )
    )


def _outcome(element: Element, kind: str, result: Result, said: str) -> None:
    is_finding = kind != "skipped"
    message = (
        said or (view.difference(result, _MESSAGE) if is_finding else "") or view.reason(result)
    )
    outcome = SubElement(element, kind, type=result.verdict.value)
    outcome.set("message", _attribute(message, 2 * _MESSAGE))
    sources = [_say("outcome.source", source=view.one_line(each)) for each in result.links]
    outcome.text = "\n".join([*view.details(result), *sources])
    exchange = view.shown_exchange(result)
    if is_finding and exchange:
        outcome.text += f"\n\n{exchange_text(exchange, _BODY)}"


def _of_case(result: Result) -> dict[str, str | None]:
    return {
        "requirement": result.requirement,
        "level": result.level,
        "verdict": result.verdict.value,
        "idp": result.idp,
        "dialect": result.dialect,
        "feature": result.feature,
        "scenario": result.scenario,
        "certainty": result.certainty,
        "rfc": result.rfc,
        "scope": result.scope,
        "cause": cause_key(result),
        "product": result.product,
        SIMULATED: "true" if result.simulated else None,
    }


def _properties(element: Element, known: Mapping[str, str | None]) -> None:
    properties = SubElement(element, "properties")
    for name, value in known.items():
        if value:
            SubElement(properties, "property", name=name, value=_attribute(value))


def _time(seconds: float) -> str:
    return f"{max(seconds, 0):.3f}"


def _timestamp(started: str) -> str:
    """Return the beginning in UTC and without a zone, as readers want it; nothing if unknown."""
    try:
        return datetime.fromisoformat(started).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except (ValueError, OverflowError):
        return ""


def _attribute(text: str, limit: int = 1_000) -> str:
    return view.one_line(text, limit) or "-"
