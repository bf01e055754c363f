"""How much a report may claim: whether its run was whole, and on the real thing."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from reports import view
from reports.model import Feature
from reports.model import IdpSummary
from reports.model import Report
from reports.model import Verdict
from reports.wording import wording

# A label ends so where a profile's cases were narrowed by anything (see `summary`).
_AS_FAR = "as far as checked"
_ASSUMED = "on assumed traffic"
# What narrows the cases of an IdP. `suite` leaves a suite out as a whole, which shows by itself.
_NARROWING = ("only", "dialect", "read_only")

_COUNTED: Mapping[str, Verdict | None] = {
    "error": Verdict.ERROR,
    "inconclusive": Verdict.INCONCLUSIVE,
    "waived": Verdict.WAIVED,
    "skipped": Verdict.SKIP,
    "unchecked": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands between a report and a plain claim."""

    interrupted: bool
    partial: bool
    simulated: bool
    unreached: bool

    @property
    def words(self) -> tuple[str, ...]:
        """Return the reservations, one word or two for each; none for a whole run."""
        said = wording("standing")
        reservations = {
            "unreached": self.unreached,
            "interrupted": self.interrupted,
            "partial": self.partial and not self.interrupted,
            "simulated": self.simulated,
        }
        return tuple(said(name) for name, holds in reservations.items() if holds)


def standing(report: Report) -> Standing:
    """Return what a reader has to know before any verdict of this report."""
    run = report.run
    labels = (feature.label for idp in report.idps for feature in idp.features)
    return Standing(
        interrupted=run.interrupted,
        partial=run.interrupted
        or any(run.options.get(name) for name in _NARROWING)
        or any(_AS_FAR in label for label in labels),
        simulated=view.is_simulated(report),
        unreached=report.target.trouble is not None,
    )


def idp_verdict(summary: IdpSummary) -> Verdict | None:
    """Return the worst verdict of the console's features; None when not one was checked.

    A feature that is not offered does not count, as it is neither good nor bad.
    """
    counted = (each.verdict for each in summary.features if each.verdict is not Verdict.SKIP)
    return Verdict.worst(verdict for verdict in counted if verdict is not None)


def in_words(features: Sequence[Feature]) -> str:
    """Return how the features of a console fare, such as `9 of 11 work, 1 of them assumed`."""
    texts = wording("standing")
    verdicts = [each.verdict for each in features]
    good = [each for each in features if each.verdict in (Verdict.PASS, Verdict.WARN)]
    works = "works" if len(good) == 1 else "work"
    said = [texts(f"counts.{works}", works=len(good), count=len(features))]
    among = {
        "warned": sum(each.verdict is Verdict.WARN for each in good),
        "assumed": sum(_ASSUMED in each.label for each in good),
    }
    stopped = verdicts.count(Verdict.FAIL)
    among["stops" if stopped == 1 else "stop"] = stopped
    others = among | {name: verdicts.count(verdict) for name, verdict in _COUNTED.items()}
    said += [texts(f"counts.{name}", count=count) for name, count in others.items() if count]
    return ", ".join(said)


def rests_on_assumptions(summary: IdpSummary) -> bool:
    """Tell whether any feature works on assumed traffic only."""
    return any(_ASSUMED in feature.label for feature in summary.features)
