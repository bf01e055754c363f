"""The two sides of a finding: whom it stops, and where the RFC stands.

A replay says that an identity provider stops; whether the server also breaks the RFC is another
question, and each finding answers both (design section 4.6).
"""

from __future__ import annotations

from collections.abc import Iterable

from .model import Result
from .model import Verdict

ASKS, BEYOND, OPEN = "asks", "beyond", "open"
_STANCES = {
    ASKS: "speaks of this; whether it is broken is judged by its own cases",
    BEYOND: "does not ask for this, so this alone is no violation",
    OPEN: "leaves this open, so this alone is no violation",
}
# What the cases of the RFC found in the same run decides, where they ran.
_BROKEN = "asks for the same, and is broken"
_KEPT = "is kept where it speaks of this, so this alone is no violation"
_SAID = {
    Verdict.PASS: "passes here",
    Verdict.WARN: "warns here",
    Verdict.FAIL: "fails here",
    Verdict.SKIP: "skipped here",
    Verdict.WAIVED: "waived here",
    Verdict.INCONCLUSIVE: "not judged here",
    Verdict.ERROR: "not judged here",
}
_STOPPED = (Verdict.FAIL, Verdict.WARN)
_GOOD = (Verdict.PASS, Verdict.SKIP)


def stance(result: Result) -> str:
    """Return where the RFC stands on a finding about an IdP, as a predicate of "the RFC".

    Nothing for a finding about the RFC itself, and for one that is none.
    """
    if result.rfc is None or result.verdict in _GOOD:
        return ""
    return _with(_STANCES[result.rfc], result.rests_on)


class Dimensions:
    """Tells both sides of every finding of one run."""

    def __init__(self, results: Iterable[Result]) -> None:
        self._verdicts: dict[str, list[Verdict]] = {}
        self._stopped: dict[str, list[Result]] = {}
        for result in results:
            self._verdicts.setdefault(result.requirement, []).append(result.verdict)
            if result.idp is not None and result.verdict in _STOPPED:
                for requirement in result.rests_on:
                    self._stopped.setdefault(requirement, []).append(result)

    def rfc(self, result: Result) -> str:
        """Return where the RFC stands on a finding about an IdP, with what this run found there.

        That the RFC is broken says nobody but the cases of the RFC itself.
        """
        if not stance(result) or result.rfc is None:
            return ""
        found = [self._worst(each) for each in result.rests_on]
        words = _STANCES[result.rfc]
        if result.rfc == ASKS and any(each in _STOPPED for each in found):
            words = _BROKEN
        elif result.rfc == ASKS and found and all(each in _GOOD for each in found):
            words = _KEPT
        return _with(words, map(self._found, result.rests_on))

    def idps(self, result: Result) -> str:
        """Return which requirements of IdPs a finding about the RFC breaks as well in this run."""
        if result.idp is not None or result.verdict in _GOOD:
            return ""
        named = (each.requirement for each in self._stopped.get(result.requirement, ()))
        return ", ".join(dict.fromkeys(named))

    def _worst(self, requirement: str) -> Verdict | None:
        return Verdict.worst(self._verdicts.get(requirement, ()))

    def _found(self, requirement: str) -> str:
        verdict = self._worst(requirement)
        return requirement if verdict is None else f"{requirement} {_SAID[verdict]}"


def _with(words: str, parts: Iterable[str]) -> str:
    listed = ", ".join(parts)
    return f"{words} ({listed})" if listed else words
