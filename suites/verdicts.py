"""What ends a case early, and how a requirement's judgement turns it into a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import Verdict

if TYPE_CHECKING:
    from .evidence import Entry
    from .requirements import Requirement


class Mismatch(AssertionError):
    """The server did not do what the requirement says: the only verdict on the server.

    `expected` and `actual` are one line each. `entry` is the exchange that shows it.
    `consequence` says what the IdP does next. `at_most` caps the verdict: WARN for steps
    where some known wire forms work and others do not, PASS for what is worth a note only.
    `every_form` is true when no known wire form of a step works. `scope` says what an IdP stops
    for, this `object` or the whole `job`; None where no IdP stopped. `hint` goes before that of the
    requirement, where the fault is another than the requirement is about.
    """

    def __init__(
        self,
        *,
        expected: str,
        actual: str,
        entry: Entry | None = None,
        consequence: str | None = None,
        at_most: Verdict | None = None,
        scope: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(f"expected {expected}, got {actual}")
        self.expected = expected
        self.actual = actual
        self.entry = entry
        self.consequence = consequence
        self.at_most = at_most
        self.scope = scope
        self.hint = hint
        self.every_form = False


class Blocked(Exception):
    """A precondition broke, so the case cannot judge; `by` names the requirement that judges it."""

    def __init__(self, reason: str, *, by: str | None = None, entry: Entry | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.by = by
        self.entry = entry


class Unanswered(Blocked):
    """No reply came, or none that says anything; whoever asks later may have more luck."""


class NotOffered(Exception):
    """The server does not offer what the case is about; the reason is shown with the skip."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and the notes that go with it."""

    verdict: Verdict
    notes: tuple[str, ...] = ()


ASSUMED = "a warning only: no source settles the form of the request that decides"
_BY_JUDGEMENT = {"fail": Verdict.FAIL, "warn": Verdict.WARN, "note": Verdict.PASS}
_MILD_FIRST = (Verdict.PASS, Verdict.WARN, Verdict.FAIL)


def judge(
    requirement: Requirement,
    mismatch: Mismatch,
    *,
    unannounced: tuple[str, ...] = (),
    assumed: bool = False,
) -> Judged:
    """Return the verdict for a mismatch, by the judgement in the catalogue (design section 3).

    A `note` is no verdict: the case passes and says what was seen. So does one about features
    that the server has without announcing them, which are named in `unannounced`. `assumed` says
    that no source settles the form of the request that decides: then what the RFC does not ask for
    warns at most, unless the IdP is stopped in every form that is known.
    """
    verdict = _BY_JUDGEMENT[requirement.judgement]
    if mismatch.at_most is not None:
        verdict = min(verdict, mismatch.at_most, key=_MILD_FIRST.index)
    if assumed and verdict is Verdict.FAIL and _only_wished(requirement, mismatch):
        return Judged(Verdict.WARN, (ASSUMED,))
    if unannounced and verdict is not Verdict.PASS:
        return Judged(Verdict.PASS, (f"of a feature that is not announced: {mismatch}",))
    if verdict is Verdict.PASS:
        return Judged(verdict, (f"not followed, and need not be: {mismatch}",))
    return Judged(verdict)


def _only_wished(requirement: Requirement, mismatch: Mismatch) -> bool:
    return requirement.rfc in ("beyond", "open") and not mismatch.every_form
