"""One result with its place on the page and everything that a reader needs to act on it."""

from __future__ import annotations

from dataclasses import dataclass

from reports import view
from reports.dimensions import Dimensions
from reports.model import Report
from reports.model import Result
from reports.summary import SIMULATED
from reports.wording import Wording

from .anchors import Anchors
from .evidence import Evidence
from .evidence import Room
from .filters import Filters
from .filters import Marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One result, ready to be shown."""

    anchor: str
    result: Result
    marks: Marks
    idp: str
    where: str
    reason: str
    rfc: str
    breaks: str
    said: str
    hint: str
    evidence: Evidence


class Entries:
    """Makes the entries of one page, and remembers where each case stands.

    They have to be made in the order of the page: the first that speaks of a requirement gets the
    requirement's id, and evidence is shown until the page is full.
    """

    def __init__(self, report: Report, words: Wording) -> None:
        self.words = words
        self.anchors = Anchors()
        self.filters = Filters(report)
        self._sides = Dimensions(report.results)
        self.room = Room(words)
        self._places: dict[str, str] = {}
        self._dialects = {
            (each.idp, each.dialect): view.one_line(each.dialect_title, 80) for each in report.idps
        }

    def in_full(self, result: Result) -> Entry:
        """Return a result with all its exchanges."""
        return self._entry(result, self.room.in_full(result))

    def in_brief(self, result: Result) -> Entry:
        """Return a result with the exchange that shows the finding."""
        return self._entry(result, self.room.in_brief(result))

    def alone(self, result: Result) -> Entry:
        """Return a result without evidence; the file has it."""
        return self._entry(result, Evidence())

    def place(self, case: str) -> str:
        """Return the id of the entry of a case; nothing for a case that has none."""
        return self._places.get(case, "")

    def place_of(self, name: str) -> str:
        """Return the id of the place of a requirement or of a case, if there is one."""
        return self.anchors.known(name) or self.place(name)

    def dialect(self, idp: str, dialect: str | None) -> str:
        """Return what a dialect is called; nothing for what holds in all of them."""
        return self._dialects.get((idp, dialect or ""), view.one_line(dialect or "", 80))

    def _entry(self, result: Result, evidence: Evidence) -> Entry:
        anchor = self.anchors.requirement(result.requirement)
        self._places.setdefault(result.case, anchor)
        return Entry(
            anchor=anchor,
            result=result,
            marks=self.filters.marks(result),
            idp=self.filters.title(result.idp) if result.idp else "",
            where=self._where(result),
            reason=view.reason(result),
            rfc=self._sides.rfc(result),
            breaks=self._sides.idps(result),
            said=view.said(result),
            hint=view.hint(result),
            evidence=evidence,
        )

    def _where(self, result: Result) -> str:
        """Return where a result holds, from the product to the feature."""
        parts = (
            SIMULATED if result.simulated else "",
            result.product or "",
            self.filters.title(result.idp) if result.idp else "",
            self.dialect(result.idp or "", result.dialect),
            result.feature or "",
        )
        return " · ".join(view.one_line(part, 80) for part in parts if part)
