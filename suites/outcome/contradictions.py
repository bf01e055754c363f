"""What a run has to say where the documents of a product contradict each other.

The claims with their sources and dates are data; which of them holds is for a run on the product
to show. A simulation was built from the same documents, so it settles nothing; and what no request
can show stays what somebody stated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from reports import Claim
from reports import Contradiction
from reports import Outcome
from reports import Result
from reports import Verdict

_JUDGED = (Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.WAIVED)
_NO_EVIDENCE = "the simulation was built from these documents, so this settles nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A contradiction as the documents have it.

    `shown_by` are the requirements whose cases can show it, with what it means when they are `kept`
    or `broken`; where there are none, `stated` says why no run can show it.
    """

    id: str
    product: str
    question: str
    claims: tuple[Claim, ...]
    shown_by: tuple[str, ...] = ()
    kept: str = ""
    broken: str = ""
    stated: str = ""


@cache
def known() -> tuple[Known, ...]:
    """Return every contradiction that the documents of the products hold."""
    text = files("suites.outcome").joinpath("contradictions.json").read_text(encoding="utf-8")
    return tuple(
        Known(
            **{
                **entry,
                "claims": tuple(Claim(**claim) for claim in entry["claims"]),
                "shown_by": tuple(entry.get("shown_by", ())),
            }
        )
        for entry in json.loads(text)
    )


def contradictions(results: Sequence[Result]) -> tuple[Contradiction, ...]:
    """Return the contradictions of the products that the results speak of."""
    products = {result.product for result in results if result.product}
    return tuple(_settled(each, results) for each in known() if each.product in products)


def _settled(each: Known, results: Iterable[Result]) -> Contradiction:
    mine = [result for result in results if result.requirement in each.shown_by]
    judged = [result for result in mine if result.verdict in _JUDGED]
    outcome, found = _outcome(each, mine, judged)
    return Contradiction(
        id=each.id,
        product=each.product,
        question=each.question,
        claims=each.claims,
        outcome=outcome,
        found=found,
        requirements=each.shown_by,
        results=tuple(result.case for result in judged),
    )


def _outcome(each: Known, mine: Sequence[Result], judged: Sequence[Result]) -> tuple[Outcome, str]:
    if not each.shown_by:
        return Outcome.STATED, each.stated
    missing = [need for need in each.shown_by if need not in {r.requirement for r in judged}]
    if missing:
        return Outcome.OPEN, _why_not(missing, mine)
    worst = Verdict.worst(result.verdict for result in judged)
    if worst not in (Verdict.PASS, Verdict.FAIL):
        return Outcome.OPEN, f"The cases of {', '.join(each.shown_by)} end with {worst}."
    words = each.kept if worst is Verdict.PASS else each.broken
    if any(result.simulated for result in judged):
        return Outcome.SIMULATED, f"In the simulation: {words} But {_NO_EVIDENCE}."
    return Outcome.SHOWN, words


def _why_not(missing: Sequence[str], mine: Iterable[Result]) -> str:
    reasons = [result.actual for result in mine if result.requirement in missing and result.actual]
    because = f": {reasons[0]}" if reasons else ""
    return f"Not judged in this run ({', '.join(missing)}){because}"
