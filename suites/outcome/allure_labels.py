"""What Allure shows of a case: written into each result just before Allure keeps it.

Allure names a test by its function and tells from an exception how it went. A case has more to say,
and knows it only when it is over, also where it ended before it began: in a fixture. So the result
is filled in at its end, through the hooks that Allure has for its own writers of files. Whatever
stands in it is masked as in the report; the names of exceptions and their texts are not kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import allure
import allure_commons
import pytest
from allure_commons import plugin_manager
from allure_commons.model2 import ATTACHMENT_PATTERN
from allure_commons.model2 import Attachment
from allure_commons.model2 import Label
from allure_commons.model2 import Link
from allure_commons.model2 import Parameter
from allure_commons.model2 import Status
from allure_commons.model2 import StatusDetails
from allure_commons.types import AttachmentType
from allure_commons.utils import uuid4

import idp_profiles
from reports import Result
from reports import Verdict
from reports import view
from reports.evidence.readable import exchange_text
from reports.findings.causes import cause_key
from reports.summary import SIMULATED
from suites.requirements import Requirement
from suites.requirements import by_id
from suites.run.selection import is_pure_run

from .results import CaseRecord
from .results import message

NAME = "scimproof-allure"
_LIMIT = 4_000  # characters of a text beside a result; the attachments hold what is longer
_SEVERITY = {
    "fail": allure.severity_level.CRITICAL,
    "warn": allure.severity_level.NORMAL,
    "note": allure.severity_level.MINOR,
}
_STATUS = {
    Verdict.PASS: Status.PASSED,
    Verdict.WARN: Status.PASSED,
    Verdict.FAIL: Status.FAILED,
    Verdict.SKIP: Status.SKIPPED,
    Verdict.WAIVED: Status.SKIPPED,
    # To Allure a test is broken that could not come to a verdict.
    Verdict.INCONCLUSIVE: Status.BROKEN,
    Verdict.ERROR: Status.BROKEN,
}
# What Allure says of the machine and the program; everything else is said better here.
_KEPT = ("host", "thread", "framework", "language", "package")
_REPLACED = ("idp", "dialect", "provider")
_TAGGED = (Verdict.WARN, Verdict.WAIVED, Verdict.INCONCLUSIVE, Verdict.ERROR)


def register(
    config: pytest.Config,
    case: pytest.StashKey[CaseRecord],
    result: pytest.StashKey[Result],
    *,
    strict: bool,
) -> None:
    """Let Allure tell what our cases found; `case` and `result` are the keys of a test's stash."""
    labels = AllureLabels(case, result, strict=strict)
    config.pluginmanager.register(labels, NAME)
    plugin_manager.register(labels, NAME)
    config.add_cleanup(lambda: plugin_manager.unregister(labels))
    if is_pure_run(config):
        # What a library logs would be attached as it is, whatever secret it holds.
        config.option.attach_capture = False


class AllureLabels:
    """Hooks of pytest and of Allure in the process that runs the cases."""

    def __init__(
        self,
        case: pytest.StashKey[CaseRecord],
        result: pytest.StashKey[Result],
        *,
        strict: bool,
    ) -> None:
        self._case = case
        self._result = result
        self._strict = strict
        self._item: pytest.Item | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Remember which test runs: Allure has names of its own for them."""
        self._item = item

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: Any) -> None:  # noqa: ANN401 - a class of Allure's, untyped
        """Fill in the result of a case."""
        record = self._item.stash.get(self._case, None) if self._item else None
        found = self._item.stash.get(self._result, None) if self._item else None
        if record is None or found is None:
            return
        requirement = record.requirement
        where = view.place(found)
        result.name = f"{requirement.id}{f' ({where})' if where else ''}: {found.title}"
        result.description = "\n\n".join(filter(None, (requirement.wording, requirement.hint)))
        result.status = _status(found, strict=self._strict)
        result.statusDetails = _details(found)
        result.labels = [
            *(each for each in result.labels if each.name in _KEPT),
            *(Label(name=name, value=value) for name, value in _labels(requirement, found)),
        ]
        result.links = list(_links(found))
        result.parameters = [
            *(each for each in result.parameters if each.name not in _REPLACED),
            *_parameters(found),
        ]
        result.attachments += list(_attached(found))

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: Any) -> None:  # noqa: ANN401 - as above
        """Mask what Allure took from an exception that a fixture raised."""
        record = self._item.stash.get(self._case, None) if self._item else None
        if record is None:
            return
        mask = record.log.redactor.text if record.log else str
        for step in (*container.befores, *container.afters):
            if step.statusDetails is not None:
                step.statusDetails = StatusDetails(message=_text(step.statusDetails.message, mask))


def _status(result: Result, *, strict: bool) -> str:
    if strict and result.verdict is Verdict.WARN:
        return str(Status.FAILED)
    return str(_STATUS[result.verdict])


def _details(result: Result) -> Any:  # noqa: ANN401 - a class of Allure's, untyped
    """Return what was expected and what came, and below it all that a failure tells."""
    if result.verdict is Verdict.PASS and not result.notes:
        return None
    if result.expected:
        said = f"expected: {result.expected}\nactual: {result.actual}"
    else:
        said = view.reason(result)
    head = "" if result.verdict is Verdict.FAIL else f"{result.verdict.value}: "
    waived = result.verdict is Verdict.WAIVED
    if waived:
        said = "\n".join((*result.notes, said))
    return StatusDetails(
        known=True if waived else None,
        message=_text(head + said),
        trace=_text(message(result)),
    )


def _text(text: str, mask: Callable[[str], str] = str) -> str:
    return view.cut(view.visible(mask(text)), _LIMIT)


def _labels(requirement: Requirement, result: Result) -> Iterator[tuple[str, str]]:
    """Return the labels of both trees that Allure shows, and those to search by."""
    console = _console(result)
    feature = (requirement.feature if requirement.idp else None) or requirement.document
    yield "epic", result.suite
    yield "feature", f"{console}: {feature}" if console else feature
    yield "story", requirement.id
    yield "severity", _SEVERITY[requirement.judgement].value
    yield "parentSuite", result.suite
    yield "suite", ", ".join(filter(None, (console, result.dialect))) or requirement.document
    yield "subSuite", feature
    yield "tag", result.level
    if result.verdict in _TAGGED:
        yield "tag", result.verdict.value
    if result.simulated:
        yield "tag", SIMULATED
        yield SIMULATED, "true"
    yield from _searchable(result)


def _searchable(result: Result) -> Iterator[tuple[str, str]]:
    known = {
        "idp": result.idp,
        "dialect": result.dialect,
        "product": result.product,
        "certainty": result.certainty,
        "verdict": result.verdict.value,
        "cause": cause_key(result),
    }
    yield from ((name, value) for name, value in known.items() if value)


def _console(result: Result) -> str:
    """Return whose feature it is: that of a product, or of an IdP's admin console."""
    if result.product:
        return result.product.capitalize()
    return idp_profiles.load(result.idp).title if result.idp else ""


def _links(result: Result) -> Iterator[Any]:
    """Return where the requirement comes from, and what the RFC says of the same."""
    for source in result.links:
        for words, address in view.links(source):
            if address:
                yield Link(type="link", url=address, name=words)
    for each in result.rests_on:
        if text := by_id(each).link:
            yield Link(type="link", url=text, name=each)


def _parameters(result: Result) -> Iterator[Any]:
    if result.idp:
        yield Parameter(name="idp", value=idp_profiles.load(result.idp).title)
    if result.dialect:
        yield Parameter(name="dialect", value=result.dialect)


def _attached(result: Result) -> Iterator[Any]:
    """Attach what shows the finding: to repeat, to read, and to compare."""
    if result.reproduce:
        yield _attachment("curl", view.visible(result.reproduce), AttachmentType.TEXT)
    shown = view.shown_exchange(result)
    if shown and result.verdict not in (Verdict.PASS, Verdict.SKIP):
        yield _attachment(view.exchange_line(shown), exchange_text(shown), AttachmentType.TEXT)
    if result.evidence:
        text = json.dumps(result.evidence, indent=2, ensure_ascii=False)
        yield _attachment("exchanges", text, AttachmentType.JSON)


def _attachment(name: str, text: str, kind: AttachmentType) -> Any:  # noqa: ANN401 - as above
    file = ATTACHMENT_PATTERN.format(prefix=uuid4(), ext=kind.extension)
    body = text.encode("utf-8", "backslashreplace")
    plugin_manager.hook.report_attached_data(body=body, file_name=file)
    return Attachment(name=name, source=file, type=kind.mime_type)
