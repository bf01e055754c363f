"""What stood in the way of cases that could not be judged, each blocker once.

A case names the requirement that judges its blocker, or gives a reason alone. Reasons that differ
in nothing but ids, names and numbers are one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reports import view
from reports.model import Report
from reports.model import Result
from reports.model import Verdict

_JUDGED = {
    Verdict.FAIL: "failed",
    Verdict.WARN: "warned",
    Verdict.ERROR: "an error in scimproof",
    Verdict.PASS: "passed",
    Verdict.SKIP: "skipped",
    Verdict.WAIVED: "waived",
    Verdict.INCONCLUSIVE: "not judged either",
}
_HIDDEN = (
    (re.compile(r"\?[^\s,;]*[^\s,;.:]"), "?…"),
    (re.compile(r"(/[A-Z]\w+)/(?!\.search)[^\s?,;:]*[^\s?,;:.]"), r"\1/…"),
    (re.compile(r"(?<!//)\b[\w.-]+:\d{2,5}(?![\d/])"), "the server"),
    (re.compile(r"scimproof-[\w-]+(?:@[\w.-]*\w)?"), "…"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b"), "…"),
)
# A number counts where it is a status.
_NUMBER = re.compile(r"(?<!answered )(?<!answers )(?<!with )(?<!status )(?<![\w-])\d+(?:\.\d+)?\b")
_UNANSWERED = re.compile(r"^transport trouble.*?\b([A-Z]{3,7}) (/[A-Z]?\w*)")
_LATE = re.compile(r"no reply in time|did not answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """One thing that stood in the way: the requirement that judges it, or a reason alone.

    `verdict` is the worst that the requirement's own cases came to; None where none of them ran.
    Where they passed, `refused` says with what the server was not content.
    """

    requirement: str | None
    verdict: Verdict | None
    reason: str
    results: tuple[Result, ...]
    refused: str = ""

    @property
    def sentence(self) -> str:
        """Why the cases could not be judged, on one line, with what judges that."""
        if self.requirement is None:
            return self.reason
        if self.verdict is Verdict.PASS and self.reason:
            return f"{self.reason}{self.refused}, though {self.requirement} passed"
        came = f" ({_JUDGED[self.verdict]})" if self.verdict is not None else ""
        said = f"{self.reason}; blocked by " if self.reason else ""
        return f"{said}{self.requirement}{came}"


def blocked(report: Report) -> tuple[Blocker, ...]:
    """Return what stood in the way, that of most cases first."""
    grouped: dict[str, list[Result]] = {}
    for result in view.of_verdict(report, Verdict.INCONCLUSIVE):
        grouped.setdefault(result.blocked_by or _key(view.reason(result)), []).append(result)
    found = [_blocker(report, results) for results in grouped.values()]
    return tuple(sorted(found, key=lambda blocker: -len(blocker.results)))


def _blocker(report: Report, results: Sequence[Result]) -> Blocker:
    requirement = results[0].blocked_by
    # A case may be blocked by another one of its own requirement, which is the one that counts.
    own = [
        each.verdict
        for each in report.results
        if each.requirement == requirement != each.blocked_by
    ]
    said = Counter(shown_reason(_why(each)) for each in results)
    reason = said.most_common(1)[0][0]
    first = next(each for each in results if shown_reason(_why(each)) == reason)
    return Blocker(
        requirement=requirement,
        verdict=Verdict.worst(own),
        reason=reason,
        results=tuple(results),
        refused=_refused(first),
    )


def _refused(result: Result) -> str:
    """Return with what the last write that was refused came, by the names in its body."""
    for exchange in reversed(view.exchanges(result)):
        status = view.part(exchange, "response").get("status")
        body = view.part(exchange, "request").get("body")
        if isinstance(status, int) and 400 <= status < 500 and isinstance(body, dict):
            return f" to a body of {', '.join(body)}"
    return ""


def _why(result: Result) -> str:
    """Return the reason without what blocks, which is said apart."""
    if result.blocked_by is None:
        return view.reason(result)
    return "; ".join([*filter(None, [result.actual]), *result.notes])


def shown_reason(text: str) -> str:
    """Return a reason on one line, without what differs from case to case."""
    text = view.one_line(text, 500)
    for pattern, kept in _HIDDEN:
        text = pattern.sub(kept, text)
    return text


def _key(reason: str) -> str:
    found = _UNANSWERED.match(reason)
    if found:
        return f"{found[1]} {found[2]} {bool(_LATE.search(reason))}"
    return _NUMBER.sub("N", shown_reason(reason))
