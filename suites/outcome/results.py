"""From what happened in a case to its result."""

from __future__ import annotations

import shlex
import traceback
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import idp_profiles
from idp_profiles.model import Certainty
from idp_profiles.model import Json
from reports import Result
from reports import Verdict
from reports.dimensions import stance
from suites.evidence import CaseLog
from suites.evidence import Entry
from suites.evidence import curl
from suites.reach.connection import shown_authorization
from suites.requirements import Requirement
from suites.target.model import PRODUCT_KEY
from suites.target.model import Target
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered
from suites.verdicts import Unanswered
from suites.verdicts import judge

_SERVED = "http://127.0.0.1:8080"  # where `scimproof serve` answers


@dataclass(slots=True, kw_only=True)
class CaseRecord:
    """What is known about one collected case; log and target are filled in when it runs."""

    requirement: Requirement
    suite: str
    title: str
    dialect: str | None = None
    provider: str | None = None  # the IdP with which the promise of a product is tried
    simulated: bool = False  # the product is a simulation of ours
    proof: tuple[str, ...] = ()
    deviation: str | None = None
    needs: tuple[str, ...] = ()  # optional features without which there is nothing to judge
    log: CaseLog | None = None
    target: Target | None = None
    serve: str = ""  # the command that starts such a server, where it was our own and is gone
    unannounced: tuple[str, ...] = ()  # features that the server has without saying so
    # Tells why a reply of this status says nothing any more: the server died on the way, say.
    doubt: Callable[..., str | None] | None = None
    late: list[str] = field(default_factory=list)  # what there is to say after the result
    took: float = 0.0  # seconds beside other cases, before the turn of this one came


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What ended a case, before it becomes a result."""

    verdict: Verdict
    expected: str | None = None
    actual: str | None = None
    consequence: str | None = None
    scope: str | None = None
    hint: str | None = None
    blocked_by: str | None = None
    entry: Entry | None = None
    notes: tuple[str, ...] = ()


def finding_of(record: CaseRecord, problem: BaseException | None) -> Finding:
    """Return what a raised exception (None = the case went through) means."""
    if problem is None:
        return Finding(verdict=Verdict.PASS)
    if isinstance(problem, Mismatch):
        gone = _gone(record)
        return _mismatch(record, problem) if gone is None else gone
    if isinstance(problem, Blocked):
        gone = None if isinstance(problem, Unanswered) else _gone(record, lately=True)
        if gone is not None:
            return gone
        return Finding(
            verdict=Verdict.INCONCLUSIVE,
            actual=problem.reason,
            blocked_by=problem.by,
            entry=problem.entry,
        )
    if isinstance(problem, NotOffered | pytest.skip.Exception):
        return Finding(verdict=Verdict.SKIP, actual=str(problem))
    where = traceback.extract_tb(problem.__traceback__)[-1]
    return Finding(
        verdict=Verdict.ERROR,
        actual=f"{type(problem).__name__}: {problem} ({Path(where.filename).name}:{where.lineno})",
    )


def _gone(record: CaseRecord, *, lately: bool = False) -> Finding | None:
    """Return a finding of nothing where the server died, or tired of the token, meanwhile."""
    if record.doubt is None or record.log is None:
        return None
    bad = [each for each in record.log.entries if each.status is not None and _tells(each.status)]
    reason = record.doubt(bad[-1].status or 0, lately=lately) if bad else None
    if reason is None:
        return None
    return Finding(verdict=Verdict.INCONCLUSIVE, actual=reason, entry=bad[-1])


def _tells(status: int) -> bool:
    """Return whether a status may mean that nothing at all works any more."""
    return status in (401, 500) or status > 501


def _mismatch(record: CaseRecord, mismatch: Mismatch) -> Finding:
    decisive = record.log.decisive(mismatch.entry) if record.log else None
    judged = judge(
        record.requirement,
        mismatch,
        unannounced=record.unannounced,
        assumed=decisive is Certainty.INFERRED,
    )
    return Finding(
        verdict=judged.verdict,
        expected=mismatch.expected,
        actual=mismatch.actual,
        consequence=mismatch.consequence or record.requirement.consequence,
        scope=mismatch.scope,
        hint=mismatch.hint,
        entry=mismatch.entry,
        notes=judged.notes,
    )


def result_of(case: str, record: CaseRecord, finding: Finding, seconds: float) -> Result:
    """Return the result of a case, every text of it masked."""
    log, requirement = record.log, record.requirement
    if log is not None:
        log.include(finding.entry)
    mask = log.redactor.text if log else str
    certainty = log.certainty() if log else None
    bad = finding.verdict not in (Verdict.PASS, Verdict.SKIP)
    brief = not bad and finding.entry is None
    return Result(
        case=case,
        requirement=requirement.id,
        level=requirement.level,
        suite=record.suite,
        idp=requirement.idp or record.provider,
        dialect=record.dialect,
        product=requirement.product,
        simulated=record.simulated,
        scenario=log.scenario if log else None,
        certainty=certainty.value if certainty else None,
        title=record.title,
        feature=requirement.feature,
        rfc=requirement.rfc,
        rests_on=requirement.rests_on,
        verdict=finding.verdict,
        notes=tuple(mask(note) for note in (*(log.notes if log else ()), *finding.notes)),
        expected=_masked(mask, finding.expected),
        actual=_masked(mask, finding.actual),
        consequence=_masked(mask, finding.consequence),
        scope=finding.scope,
        hint=(finding.hint or requirement.hint) if bad else None,
        reproduce=_reproduce(record, finding) if bad else None,
        evidence=log.evidence(finding.entry, brief=brief) if log else (),
        links=links_of(requirement),
        blocked_by=finding.blocked_by,
        seconds=round(seconds, 4),
    )


def links_of(requirement: Requirement) -> tuple[str, ...]:
    """Return where the requirement comes from: a page of the RFC, or the IdP's documents."""
    if requirement.link:
        return (requirement.link,)
    if requirement.idp is None:
        return ()
    sources = idp_profiles.load(requirement.idp).facts.sources
    # The first address is enough for a reader; the profile's facts have the rest.
    return tuple(
        f"{sources[key].title}: {sources[key].where.partition(' ; ')[0]}"
        for key in requirement.sources
    )


def message(result: Result) -> str:
    """Return the lines that pytest prints for a case that did not pass."""
    lines = [f"{result.verdict.upper()} {result.requirement} {result.level}  {result.title}"]
    if result.expected:
        lines.append(f"  expected {result.expected}, got {result.actual}")
    elif result.actual:
        lines.append(f"  {result.actual}")
    shows = next((item for item in result.evidence if isinstance(item, dict) and item["shows"]), {})
    if shows:
        lines.append(f"  exchange {shows['n']} of {shows['of']}: {_line(shows)}")
    for label, value in (
        ("blocked by", result.blocked_by),
        ("then", result.consequence),
        ("the RFC", stance(result) or None),
        ("hint", result.hint),
        ("reproduce", result.reproduce),
        ("source", "; ".join(result.links) or None),
    ):
        lines += [f"  {label}: {value}"] if value else []
    return "\n".join(lines)


def _line(evidence: dict[str, Json]) -> str:
    request, response = evidence["request"], evidence["response"]
    if not isinstance(request, dict):
        return ""
    came = response["status"] if isinstance(response, dict) else evidence["error"]
    return f"{request['method']} {request['target']} -> {came}"


def _reproduce(record: CaseRecord, finding: Finding) -> str | None:
    if finding.entry is None or record.target is None:
        return None
    target = record.target
    line = curl(finding.entry, target.url, shown_authorization(target.credential))
    # Comments after the line: whoever copies it runs the line, and whoever reads it knows.
    place = target.product
    if place is not None and place.key_env != PRODUCT_KEY and f"${PRODUCT_KEY}" in line:
        line += f"  # {PRODUCT_KEY}: what {place.key_env} holds"
    if target.app:
        # The requirement is enough: its cases arrange themselves what they need.
        alone = ["scimproof", "run", "--app", target.app, "--only", record.requirement.id]
        return f"{line}  # first serve {target.app} there; or: {shlex.join(alone)}"
    if not record.serve:
        return line
    here = "://".join(urlsplit(target.url)[:2])
    return f"{line.replace(f'{here}/', f'{_SERVED}/')}  # first: {record.serve}"


def serving(deviations: Iterable[str], product: str = "") -> str:
    """Return the command that starts a server like one of our own that ends with the run."""
    words = ["scimproof", "serve", *(["--product", product] if product else [])]
    return shlex.join([*words, *(f"--deviation={name}" for name in deviations)])


def _masked(mask: Callable[[str], str], text: str | None) -> str | None:
    return None if text is None else mask(text)
