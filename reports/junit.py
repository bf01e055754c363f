"""`junit.xml`: the verdicts in the form that CI servers read."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import SubElement
from xml.etree.ElementTree import indent
from xml.etree.ElementTree import tostring

from . import view
from .model import Report
from .model import Result
from .model import Verdict
from .summary import SIMULATED

_FAILURES = (Verdict.FAIL, Verdict.INCONCLUSIVE)
_SKIPPED = (Verdict.SKIP, Verdict.WAIVED)


def render_junit(report: Report) -> str:
    """Return the report as JUnit XML, one test suite for each of ours."""
    root = Element("testsuites", name="scimproof", time=f"{report.run.seconds:.3f}")
    _count(root, report.results)
    for suite in dict.fromkeys(result.suite for result in report.results):
        mine = [result for result in report.results if result.suite == suite]
        element = SubElement(root, "testsuite", name=_attribute(suite))
        element.set("timestamp", report.run.started[:19])
        if any(result.simulated for result in mine):
            properties = SubElement(element, "properties")
            SubElement(properties, "property", name=SIMULATED, value="true")
        element.set("time", f"{sum(result.seconds for result in mine):.3f}")
        _count(element, mine)
        element.extend([_case(result) for result in mine])
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _count(element: Element, results: Iterable[Result]) -> None:
    verdicts = [result.verdict for result in results]
    element.set("tests", str(len(verdicts)))
    element.set("failures", str(sum(verdict in _FAILURES for verdict in verdicts)))
    element.set("errors", str(verdicts.count(Verdict.ERROR)))
    element.set("skipped", str(sum(verdict in _SKIPPED for verdict in verdicts)))


def _case(result: Result) -> Element:
    element = Element(
        "testcase",
        classname=_attribute(_class(result)),
        name=_attribute(f"{_called(result)} {result.title} [{result.case}]"),
        time=f"{result.seconds:.3f}",
    )
    _properties(element, result)
    if result.verdict in _FAILURES:
        _outcome(element, "failure", result, view.difference(result) or view.reason(result))
    elif result.verdict is Verdict.ERROR:
        _outcome(element, "error", result, view.difference(result) or view.reason(result))
    elif result.verdict in _SKIPPED:
        _outcome(element, "skipped", result, view.reason(result))
    elif lines := view.details(result):
        # A warning passes, and so does what was merely noted; what was seen must not be lost.
        output = SubElement(element, "system-out")
        output.text = "\n".join([f"{result.verdict.value}: {view.name(result)}", *lines])
    return element


def _class(result: Result) -> str:
    return ".".join(filter(None, (result.suite, result.product, result.idp, result.dialect)))


def _called(result: Result) -> str:
    """Return the requirement; many CI servers show nothing of a case but its name."""
    simulated = f" ({SIMULATED})" if result.simulated else ""
    return f"{result.requirement}{simulated}"


def _outcome(element: Element, kind: str, result: Result, message: str) -> None:
    outcome = SubElement(element, kind, type=result.verdict.value, message=_attribute(message))
    outcome.text = "\n".join([*view.details(result), *map(view.one_line, result.links)])


def _properties(element: Element, result: Result) -> None:
    known = {
        "requirement": result.requirement,
        "level": result.level,
        "verdict": result.verdict.value,
        "idp": result.idp,
        "dialect": result.dialect,
        "feature": result.feature,
        "scenario": result.scenario,
        "certainty": result.certainty,
        "rfc": result.rfc,
        "product": result.product,
        "simulated": "true" if result.simulated else None,
    }
    properties = SubElement(element, "properties")
    for name, value in known.items():
        if value:
            SubElement(properties, "property", name=name, value=_attribute(value))


def _attribute(text: str) -> str:
    return view.one_line(text, 1000)
