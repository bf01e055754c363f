"""What became of the waivers in a run that is over: used, unused, needless or expired."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from idp_profiles.model import Json
from reports import Verdict
from reports import view
from reports.wording import wording
from suites.run.seen import Case
from suites.run.seen import Seen

from .waivers import FINDINGS
from .waivers import Waiver


class State(StrEnum):
    """What became of a waiver in a run."""

    USED = "used"
    UNUSED = "unused"  # nothing of this run fell under it, which may be for want of looking
    NEEDLESS = "needless"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A waiver with what became of it; `findings` count again, `gone` says what passes now."""

    waiver: Waiver
    state: State
    findings: int = 0
    gone: bool = False

    @property
    def fails_the_run(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.state in (State.NEEDLESS, State.EXPIRED)

    def to_json(self) -> dict[str, Json]:
        """Return it for the report."""
        return {**self.waiver.to_json(), "state": self.state.value}

    @property
    def message(self) -> str:
        """What to do about it, for the terminal; nothing for one that does its work."""
        words, waiver = wording("waivers"), self.waiver
        if not self.fails_the_run:
            return ""
        known = [
            words(f"known.{name}", it=view.one_line(str(value), 200))
            for name, value in (
                ("owner", waiver.owner),
                ("expires", waiver.expires if self.state is State.NEEDLESS else None),
                ("link", waiver.link),
                ("reason", waiver.reason),
            )
            if value
        ]
        what = words(f"{self.state}.{self._what()}", count=self.findings)
        head = words(f"{self.state}.head", name=waiver.name, day=waiver.expires)
        return words("message", head=head, known="; ".join(known), what=what)

    def _what(self) -> str:
        if self.state is State.NEEDLESS:
            return "requirement" if self.waiver.requirement else "cause"
        if self.findings:
            return "counts"
        return "gone" if self.gone else "unknown"


def standings(waivers: Iterable[Waiver], seen: Seen, today: date) -> tuple[Standing, ...]:
    """Return what became of each waiver in a run that is over."""
    return tuple(_standing(each, seen, today) for each in waivers)


def _standing(waiver: Waiver, seen: Seen, today: date) -> Standing:
    covered = [result for result in seen.results if waiver.covers(result)]
    is_used = any(result.verdict is Verdict.WAIVED for result in covered)
    findings = sum(result.verdict in FINDINGS for result in covered)
    gone = not is_used and not findings and _is_gone(waiver, seen)
    if waiver.is_over(today):
        return Standing(waiver=waiver, state=State.EXPIRED, findings=findings, gone=gone)
    if is_used:
        return Standing(waiver=waiver, state=State.USED)
    return Standing(waiver=waiver, state=State.NEEDLESS if gone else State.UNUSED, gone=gone)


def _is_gone(waiver: Waiver, seen: Seen) -> bool:
    """Tell whether a run shows that there is nothing left to waive.

    To call a waiver needless wrongly would be a false alarm. So every case that can show what it is
    about has to have passed: one that was left out, skipped or not judged proves nothing.
    """
    if seen.is_narrowed or not seen.speaks(waiver.dialect):
        return False
    if waiver.requirement is None and not waiver.found_in:
        return _is_nowhere(waiver, seen)
    return seen.all_pass(tuple(case for case in seen.cases if _may_show(waiver, case)))


def _is_nowhere(waiver: Waiver, seen: Seen) -> bool:
    """Tell whether a whole run has no trace of a cause of which nobody noted where it was found."""
    if not seen.is_whole_for(waiver.idp):
        return False
    mine = [each for each in seen.results if waiver.is_about(each.idp, each.dialect)]
    hiding = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.ERROR)
    return bool(mine) and not any(each.verdict in hiding for each in mine)


def _may_show(waiver: Waiver, case: Case) -> bool:
    """Tell whether a case can show what a waiver is about."""
    wanted = waiver.found_in if waiver.requirement is None else (waiver.requirement,)
    return waiver.is_about(case.idp, case.dialect) and case.requirement in wanted
