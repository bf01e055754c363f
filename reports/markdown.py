"""`report.md`: the report as a comment on a pull request, always below 60 kB."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator

from . import view
from .model import Feature
from .model import IdpSummary
from .model import Report
from .model import Result
from .model import Verdict

# GitHub refuses comments above 65,536 characters, and counts on its own terms.
_ROOM = 59_000
# Room for the sentences that say what was left out.
_RESERVE = 1_000
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+|~<>&!-])")
# What turns into a mention, a reference or a link although no Markdown says so.
_AUTOLINK = re.compile(r"(@|#|://|www\.)(?=\S)")
_WORD_JOINER = "\u2060"
_LINK = re.compile(r"https?://[\w.~:/?#\[\]@!$&*+,;=%-]+", re.ASCII)

_SECTIONS = (
    ("Failed", (Verdict.FAIL,)),
    ("Errors in scimproof", (Verdict.ERROR,)),
    ("Inconclusive", (Verdict.INCONCLUSIVE,)),
    ("Warnings", (Verdict.WARN,)),
    ("Waived", (Verdict.WAIVED,)),
    ("Skipped", (Verdict.SKIP,)),
)


def render_markdown(report: Report) -> str:
    """Return the report as Markdown: features, then findings, worst first, as far as they fit."""
    page = _Page()
    page.add(_head(report))
    for title, summaries in view.by_idp(report).items():
        page.add_list(_table_head(title, summaries), _table_rows(summaries), "feature")
    for heading, verdicts in _SECTIONS:
        results = view.of_verdict(report, *verdicts)
        if results:
            first = f"\n## {heading} ({len(results)})\n"
            page.add_list(first, map(_entry, results), heading.lower() + " result")
    page.add(_foot(report))
    return page.text()


class _Page:
    """Collects text as long as there is room, and says what it had to leave out."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0

    def add(self, part: str) -> None:
        """Add a part that must be there; each of them is short."""
        self._parts.append(part)
        self._size += _size(part)

    def add_list(self, heading: str, entries: Iterable[str], noun: str) -> None:
        """Add a heading and the entries that fit, then the count of those that do not."""
        waiting = list(entries)
        if not self._fits(heading):
            self.add(f"\n_{len(waiting)} more ({noun}) in `{view.REPORT_PAGE}`._\n")
            return
        self.add(heading)
        for position, entry in enumerate(waiting):
            if not self._fits(entry):
                left = len(waiting) - position
                self.add(f"\n_{left} more ({noun}) in `{view.REPORT_PAGE}`._\n")
                return
            self.add(entry)

    def text(self) -> str:
        """Return the page."""
        return "".join(self._parts)

    def _fits(self, part: str) -> bool:
        return self._size + _size(part) <= _ROOM - _RESERVE


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _head(report: Report) -> str:
    lines = [f"# SCIM compatibility: {_code(view.target_name(report), 200)}", ""]
    lines += [f"> **{_prose(trouble, 500)}**\n" for trouble in view.troubles(report)]
    lines.append(f"**{view.counts(report)}**")
    return "\n".join(lines) + "\n"


def _table_head(title: str, summaries: Iterable[IdpSummary]) -> str:
    columns = [_cell(summary.dialect_title) for summary in summaries]
    return (
        f"\n## {_prose(title)}\n\n| Feature | {' | '.join(columns)} |\n"
        f"| --- |{' --- |' * len(columns)}\n"
    )


def _table_rows(summaries: Iterable[IdpSummary]) -> Iterator[str]:
    for name, features in view.feature_rows(summaries):
        yield f"| {_cell(name)} | {' | '.join(map(_feature, features))} |\n"


def _feature(feature: Feature | None) -> str:
    if feature is None:
        return view.NOT_HERE
    return f"{view.SIGNS[feature.verdict]} {_cell(feature.label)}"


def _entry(result: Result) -> str:
    head = f"\n- **{_prose(view.name(result))}** {_prose(result.level, 20)}: {_prose(result.title)}"
    if result.verdict in (Verdict.SKIP, Verdict.WAIVED):
        return f"{head}  \n  {_prose(view.reason(result))}\n"
    return "\n".join([head, *(f"  - {line}" for line in _facts(result))]) + "\n"


def _facts(result: Result) -> Iterator[str]:
    if result.expected or result.actual:
        yield f"expected {_code(result.expected or '?')}, got {_code(result.actual or '?')}"
    if exchange := view.shown_exchange(result):
        yield _code(view.exchange_line(exchange))
    for note in result.notes[:5]:
        yield _prose(note)
    if result.blocked_by:
        yield f"blocked by {_code(result.blocked_by)}"
    if result.consequence:
        yield _prose(result.consequence)
    if result.hint:
        yield f"hint: {_prose(result.hint)}"
    if result.reproduce:
        yield f"reproduce: {_code(result.reproduce, 1200)}"
    for link in result.links[:5]:
        yield f"<{link}>" if _LINK.fullmatch(link) and len(link) < 500 else _code(link)


def _foot(report: Report) -> str:
    run = report.run
    said = f"scimproof {run.version}, {run.started}, {view.seconds(run.seconds)}, seed {run.seed}"
    return f"\n---\n{_prose(said)}. All evidence: `{view.REPORT_PAGE}`.\n"


def _prose(text: str, limit: int = 400) -> str:
    """Return text that Markdown shows as it is: no markup, no mention, no link of a target."""
    escaped = _SPECIAL.sub(r"\\\1", view.one_line(text, limit))
    return _AUTOLINK.sub(rf"\1{_WORD_JOINER}", escaped)


def _cell(text: str) -> str:
    return _prose(text, 100)


def _code(text: str, limit: int = 300) -> str:
    """Return text as a code span, fenced by more backticks than it holds (CommonMark 6.1)."""
    shown = view.one_line(text, limit)
    longest = max(map(len, re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{padding}{shown}{padding}{fence}"
