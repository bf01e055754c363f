"""Known departures that the user accepts: which findings they cover, and what became of them.

A waiver takes the verdict of a finding back until its last day. What it covered and now passes, or
what is past its day, fails the run: a list of exceptions that nobody cleans up hides regressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from typing import Any

import idp_profiles
from idp_profiles.model import Json
from reports import Result
from reports import Verdict
from reports import view
from reports.findings.causes import cause_key
from reports.wording import wording
from suites.requirements import CatalogueError
from suites.requirements import Requirement
from suites.requirements import by_id
from suites.target.credentials import TargetError

FINDINGS = (Verdict.FAIL, Verdict.WARN)
_JUDGED = (*FINDINGS, Verdict.WAIVED)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A known departure that the user accepts up to the day `expires` (None = always).

    It is about a requirement or about a cause, one of the two; `idp` and `dialect` narrow it.
    `found_in` are the requirements whose cases showed the cause when it was accepted: with them a
    run knows that it is gone.
    """

    reason: str
    requirement: str | None = None
    cause: str | None = None
    idp: str | None = None
    dialect: str | None = None
    owner: str | None = None
    link: str | None = None
    expires: date | None = None
    found_in: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is about, for a reader."""
        about = self.requirement or wording("waivers")("cause", id=self.cause)
        where = [part for part in (self.idp, self.dialect) if part]
        return view.one_line(f"{about} ({', '.join(where)})" if where else about, 120)

    def covers(self, result: Result) -> bool:
        """Tell whether a result falls under it, whatever the day and the verdict.

        What passes has no cause any more, so a waiver of a cause covers findings alone.
        """
        if not self.is_about(result.idp, result.dialect):
            return False
        if self.requirement is not None:
            return result.requirement == self.requirement
        return result.verdict in _JUDGED and _cause_of(result) == self.cause

    def is_about(self, idp: str | None, dialect: str | None) -> bool:
        """Tell whether it holds for an IdP in a dialect; None of them means that it is not one."""
        return self.idp in (None, idp) and self.dialect in (None, dialect)

    def is_over(self, today: date) -> bool:
        """Tell whether its last day has gone by."""
        return self.expires is not None and today > self.expires

    def to_json(self) -> dict[str, Json]:
        """Return it for the report, without what is not given."""
        given: dict[str, Json] = {
            "requirement": self.requirement,
            "cause": self.cause,
            "idp": self.idp,
            "dialect": self.dialect,
            "reason": self.reason,
            "owner": self.owner,
            "link": self.link,
            "expires": self.expires.isoformat() if self.expires else None,
        }
        return {key: value for key, value in given.items() if value is not None}


def _cause_of(result: Result) -> str:
    """Return the cause of a finding, also of one whose verdict was taken back."""
    return cause_key(replace(result, verdict=Verdict.FAIL))


# -- from the target file ------------------------------------------------------------------------


def read(raw: Mapping[str, Any]) -> Waiver:
    """Return the waiver that an entry of a target file is; raises TargetError for a wrong date."""
    expires = raw.get("expires")
    try:
        last = _day(expires) if expires is not None else None
    except ValueError:
        raise TargetError(f"A waiver's expires must be YYYY-MM-DD, not {expires!r}.") from None
    found_in = tuple(raw.get("found_in", ()))
    return Waiver(**{**raw, "expires": last, "found_in": found_in})


def _day(text: str) -> date:
    # Python reads other forms of ISO 8601 as well, which other readers of the file do not.
    return date.fromisoformat(text if _DAY.fullmatch(text) else "")


def check(waivers: Iterable[Waiver]) -> None:
    """Raise TargetError for a waiver that can cover nothing: of an unknown requirement or IdP."""
    for waiver in waivers:
        try:
            named = (*waiver.found_in, *([waiver.requirement] if waiver.requirement else []))
            entries = [by_id(each) for each in named]
        except CatalogueError as unknown:
            raise TargetError(f"A waiver cannot be used: {unknown}") from None
        _check_place(waiver, entries[-1] if waiver.requirement else None)


def _check_place(waiver: Waiver, about: Requirement | None) -> None:
    """Raise TargetError where an IdP or a dialect leaves the waiver nothing to cover."""
    if waiver.idp is not None and waiver.idp not in idp_profiles.PROFILES:
        known = ", ".join(idp_profiles.PROFILES)
        raise TargetError(f"The waiver of {waiver.name}: there is no such idp; known are: {known}")
    idps = idp_profiles.PROFILES if waiver.idp is None else (waiver.idp,)
    if about is not None:
        mine = (about.idp,) if about.idp else about.idps
        if waiver.idp is not None and waiver.idp not in mine:
            whose = ", ".join(mine) or "no identity provider: leave idp out"
            raise TargetError(f"The waiver of {waiver.name}: the requirement is of {whose}")
        idps = tuple(each for each in idps if each in mine)
    dialects = {each.key for name in idps for each in idp_profiles.load(name).dialects}
    if waiver.dialect is not None and waiver.dialect not in dialects:
        known = ", ".join(sorted(dialects)) or "none"
        raise TargetError(f"The waiver of {waiver.name}: dialects there are: {known}")


# -- while the run goes on -----------------------------------------------------------------------


def applied(result: Result, waivers: Iterable[Waiver], today: date) -> Result:
    """Return a result as the waivers leave it: what says too little to judge is never waived."""
    if result.verdict not in FINDINGS:
        return result
    mine = [each for each in waivers if each.covers(result)]
    active = next((each for each in mine if not each.is_over(today)), None)
    if active is not None:
        return waived(result, active)
    notes = (_note("over", each) for each in mine)
    return replace(result, notes=(*result.notes, *notes)) if mine else result


def waived(result: Result, waiver: Waiver) -> Result:
    """Return the result with the verdict taken back by a waiver."""
    notes = (*result.notes, _note("waived", waiver))
    return replace(result, verdict=Verdict.WAIVED, notes=notes, waiver=waiver.to_json())


def _note(kind: str, waiver: Waiver) -> str:
    words = wording("waivers")
    return words(
        f"note.{kind}",
        until=words("until", day=waiver.expires) if waiver.expires else "",
        day=waiver.expires,
        by=words("by", owner=waiver.owner) if waiver.owner else "",
        reason=waiver.reason,
    )
