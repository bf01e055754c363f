"""What a cause does to whom: how far it reaches, which features of which IdP it stops."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

from reports import view
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.wording import wording

from .outcomes import CRASHED
from .outcomes import GONE
from .outcomes import IGNORED
from .outcomes import LEFT
from .outcomes import REFUSED
from .outcomes import SHUT
from .outcomes import SILENT
from .outcomes import STALE
from .signatures import Signature

Place = tuple[str, str, str]  # the titles of an IdP and of its dialect, and a feature

# What a cause is like, the most harmful first.
JOB, ACCESS, EXPOSED, MISSING = "job", "access", "security", "missing"
DATA, CONSOLE, UNSAFE, PROTOCOL = "data", "console", "unsafe", "protocol"
OWN = "own"  # what `protocol` is called where no standard asks for it
ORDER = (JOB, ACCESS, EXPOSED, MISSING, DATA, UNSAFE, CONSOLE, PROTOCOL)

_TAKING = ("deactivate", "delete", "remove-member", "set-members")
_MAKING = ("create", "add-member", "activate", "search", "any")
_UNDONE = (REFUSED, CRASHED, SILENT, SHUT, IGNORED, STALE, LEFT)
# What a requirement is called that comes from a standard; others are ours, or the user's own.
_OF_STANDARD = re.compile(r"RFC\d")
# The suite of safety, and the feature that the catalogue names for what belongs to it elsewhere.
_SAFETY = "security"
# What a console shows are a server's words; which form an IdP sends is no consequence.
_UNTELLING = re.compile(r"its console shows:|is not settled|^\(")
# Requirements of safety that let somebody in where they are not followed; others show too much.
_LETS_IN = re.compile(r"SEC-(AUTH-([123478]|1[0-2])|TENANT-[1-4]|METHOD-[14]|ASSIGN-[13])$")
TEST = "TEST"
CERTAINTIES = ("doc", "test", "code", "wild", "inferred")


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """What a cause does: `kind` says how bad it is, `scope` how far it reaches.

    `says` is one sentence. `stops` and `warns` name the features, each with its IdP and dialect,
    that read "stops here" or "works with warnings" because of it. `rank` sorts, the most harmful
    first.
    """

    scope: str
    kind: str
    says: str
    stops: tuple[Place, ...]
    warns: tuple[Place, ...]
    rank: tuple[int, ...]


def harm(report: Report, results: Sequence[Result], about: Signature) -> Harm:
    """Return what findings of one cause do."""
    stops = _features(report, results, Verdict.FAIL)
    warns = _features(report, results, Verdict.WARN)
    kind = _kind(results, about)
    scope = _scope(results, kind, about)
    return Harm(
        scope=scope,
        kind=kind,
        says=_says(report, results, kind),
        stops=stops,
        warns=warns,
        rank=_rank(results, kind, stops),
    )


def certainty(results: Iterable[Result]) -> str | None:
    """Return the best certainty of findings about an IdP; None when the RFC alone speaks."""
    known = {result.certainty for result in results if result.idp}
    return next((each for each in CERTAINTIES if each in known), None)


def _rank(results: Sequence[Result], kind: str, stops: Sequence[Place]) -> tuple[int, ...]:
    known = certainty(results)
    return (
        int(kind == PROTOCOL),
        ORDER.index(kind),
        -len(stops),
        int(all(result.verdict is not Verdict.FAIL for result in results)),
        CERTAINTIES.index(known) if known else len(CERTAINTIES),
        -len(results),
    )


def _features(report: Report, results: Sequence[Result], verdict: Verdict) -> tuple[Place, ...]:
    cases = {result.case for result in results if result.verdict is verdict}
    return tuple(
        (summary.title, summary.dialect_title, feature.name)
        for summary in report.idps
        for feature in summary.features
        if feature.verdict is verdict and not cases.isdisjoint(feature.results)
    )


def _kind(results: Sequence[Result], about: Signature) -> str:
    from_idps = [result for result in results if result.idp]
    if any(_stops_the_job(result) for result in from_idps):
        return JOB
    if any(_is_exposed(result) for result in results):
        return EXPOSED
    if not from_idps:
        return UNSAFE if any(_is_of_safety(result) for result in results) else PROTOCOL
    if all(result.level == TEST for result in from_idps):
        return CONSOLE
    if about.shape.act in _TAKING and about.outcome in _UNDONE:
        return ACCESS
    return MISSING if about.outcome == GONE or about.shape.act in _MAKING else DATA


def _is_exposed(result: Result) -> bool:
    return result.verdict is Verdict.FAIL and bool(_LETS_IN.match(result.requirement))


def _is_of_safety(result: Result) -> bool:
    return _SAFETY in (result.suite, result.feature)


def _is_own(results: Sequence[Result]) -> bool:
    """Tell whether no standard asks for any of it."""
    return not any(_OF_STANDARD.match(result.requirement) for result in results)


def _stops_the_job(result: Result) -> bool:
    """Tell whether an IdP stops altogether; earlier reports say so in words alone."""
    said = result.consequence or ""
    return result.scope == "job" or (result.scope is None and "stops for the whole job" in said)


def _scope(results: Sequence[Result], kind: str, about: Signature) -> str:
    if kind == PROTOCOL and _is_own(results):
        return OWN
    if kind in (JOB, EXPOSED, CONSOLE, UNSAFE, PROTOCOL):
        return kind
    return about.shape.kind or "user"


def _says_whose_job(report: Report, results: Sequence[Result]) -> str:
    stopped = {result.idp for result in results if result.idp and _stops_the_job(result)}
    titles = {summary.title for summary in report.idps if summary.idp in stopped}
    whose = ", ".join(sorted(titles) or sorted(idp for idp in stopped if idp))
    return view.one_line(wording("causes")("harm.job", whose=whose))


def _says(report: Report, results: Sequence[Result], kind: str) -> str:
    """Return what the catalogue says most often happens, else what this kind of harm is.

    A case that replays one sequence speaks of what it is about; one that plays a history speaks of
    all that may come of it, so it is heard only where there is no other.
    """
    if kind == JOB:
        return _says_whose_job(report, results)
    own = kind == PROTOCOL and _is_own(results)
    plain = wording("causes")(f"harm.{OWN if own else kind}")
    said = [
        result
        for result in results
        if result.idp and result.consequence and not _UNTELLING.search(result.consequence)
        if kind == CONSOLE or result.level != TEST
    ]
    heard = [result for result in said if result.scenario] or said
    counted = Counter(result.consequence or "" for result in heard)
    return view.one_line(counted.most_common(1)[0][0] if counted else plain)
