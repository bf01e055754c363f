"""A report without secrets: redaction applied to everything in it that is free text.

The closed vocabulary (verdicts, identifiers, levels, names of features) stays as it is: it cannot
hold a secret, and masking a token that happens to read "okta" would make the report unreadable.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace

from .contradictions import Contradiction
from .model import ChecklistItem
from .model import Feature
from .model import IdpSummary
from .model import Report
from .model import Result
from .model import Run
from .model import Target
from .reading import Json
from .redact import Redactor

_WRITTEN = ("reason", "owner", "link")


class _Exchanges:
    """Masks exchanges; one that many results tell alike is looked at once."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._known: dict[str, Json] = {}

    def masked(self, exchange: Json) -> Json:
        """Mask one; its own numbers (which of how many, how long) are ours, not a secret."""
        if not isinstance(exchange, dict):
            return self._redactor.json(exchange)
        own = {key: value for key, value in exchange.items() if _is_plain_number(value)}
        masked = self._once({**exchange, **dict.fromkeys(own)})
        return {**masked, **own} if isinstance(masked, dict) else masked

    def _once(self, exchange: Json) -> Json:
        try:
            written = json.dumps(exchange)
        except (TypeError, ValueError, RecursionError):  # no JSON: the redactor puts it into words
            return self._redactor.json(exchange)
        if written not in self._known:
            self._known[written] = self._redactor.json(exchange)
        return self._known[written]


def _is_plain_number(value: Json) -> bool:
    return isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value))


def scrubbed(report: Report, redactor: Redactor) -> Report:
    """Return the report with every secret masked; a scrubbed report comes back unchanged."""
    exchanges = _Exchanges(redactor)
    return replace(
        report,
        run=_run(report.run, redactor),
        target=_target(report.target, redactor),
        results=tuple(_result(result, redactor, exchanges) for result in report.results),
        idps=tuple(_idp(idp, redactor) for idp in report.idps),
        coverage=_members(report.coverage, redactor),
        left_behind=tuple(map(redactor.json, report.left_behind)),
        contradictions=tuple(_contradiction(each, redactor) for each in report.contradictions),
        waivers=tuple(_waiver(each, redactor) for each in report.waivers),
    )


def _run(run: Run, redactor: Redactor) -> Run:
    return replace(run, options=_members(run.options, redactor))


def _target(target: Target, redactor: Redactor) -> Target:
    capabilities = {}
    for name, value in target.capabilities.items():
        masked = redactor.json(value)
        if isinstance(masked, dict) and isinstance(value, dict):
            masked["origin"] = value.get("origin")
        capabilities[redactor.text(name)] = masked
    return replace(
        target,
        url=_maybe(target.url, redactor),
        software=_maybe(target.software, redactor),
        trouble=_maybe(target.trouble, redactor),
        capabilities=capabilities,
    )


def _result(result: Result, redactor: Redactor, exchanges: _Exchanges) -> Result:
    return replace(
        result,
        case=redactor.text(result.case),
        title=redactor.text(result.title),
        notes=tuple(map(redactor.text, result.notes)),
        expected=_maybe(result.expected, redactor),
        actual=_maybe(result.actual, redactor),
        consequence=_maybe(result.consequence, redactor),
        hint=_maybe(result.hint, redactor),
        reproduce=_maybe(result.reproduce, redactor),
        blocked_by=_maybe(result.blocked_by, redactor),
        evidence=tuple(map(exchanges.masked, result.evidence)),
        links=tuple(map(redactor.text, result.links)),
        waiver=None if result.waiver is None else _waived(result.waiver, redactor),
    )


def _waiver(waiver: Json, redactor: Redactor) -> Json:
    return _waived(waiver, redactor) if isinstance(waiver, dict) else redactor.json(waiver)


def _waived(waiver: Mapping[str, Json], redactor: Redactor) -> dict[str, Json]:
    """Mask what a person wrote; what the waiver is about, and its day, are names and no secret."""
    return {
        key: redactor.text(value) if key in _WRITTEN and isinstance(value, str) else value
        for key, value in waiver.items()
    }


def _idp(idp: IdpSummary, redactor: Redactor) -> IdpSummary:
    return replace(
        idp,
        features=tuple(_feature(each, redactor) for each in idp.features),
        checklist=tuple(_item(each, redactor) for each in idp.checklist),
    )


def _feature(feature: Feature, redactor: Redactor) -> Feature:
    return replace(feature, results=tuple(map(redactor.text, feature.results)))


def _item(item: ChecklistItem, redactor: Redactor) -> ChecklistItem:
    return replace(
        item,
        text=redactor.text(item.text),
        results=tuple(map(redactor.text, item.results)),
    )


def _contradiction(contradiction: Contradiction, redactor: Redactor) -> Contradiction:
    """Mask what this run found; the question and the claims are the project's own data."""
    return replace(
        contradiction,
        found=redactor.text(contradiction.found),
        results=tuple(map(redactor.text, contradiction.results)),
    )


def _members(data: object, redactor: Redactor) -> dict[str, Json]:
    masked = redactor.json(data)
    return masked if isinstance(masked, dict) else {}


def _maybe(text: str | None, redactor: Redactor) -> str | None:
    return None if text is None else redactor.text(text)
