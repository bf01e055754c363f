"""How far the cases cover the catalogue, requirement by requirement.

`python -m suites.proving.coverage` prints what is missing; a selftest fails on a gap. The tables in
`docs/requirements/` are made by `suites.pages`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass

import click

import idp_profiles
from suites.requirements import NOT_TESTABLE
from suites.requirements import Requirement
from suites.requirements import by_id
from suites.requirements import catalogue

from .case_list import Case
from .case_list import all_cases

MISSING = "no case"


@dataclass(frozen=True, slots=True)
class State:
    """What there is for one requirement: a number of cases, or the reason why there is none."""

    requirement: Requirement
    cases: int
    text: str

    @property
    def counts(self) -> bool:
        """Whether a run on any server could check it: a server's duty that shows on the wire."""
        entry = self.requirement
        return entry.role in ("server", "both", None) and entry.testable in ("black-box", None)

    @property
    def is_gap(self) -> bool:
        """Whether it could be checked and is not."""
        return self.counts and self.text == MISSING


def states(cases: Iterable[Case]) -> list[State]:
    """Return the state of every requirement, in the order of the catalogue."""
    numbers = Counter(case.requirement for case in cases if not _is_trap(case))
    return [
        State(entry, numbers[entry.id], _text(entry, numbers)) for entry in catalogue().values()
    ]


def _is_trap(case: Case) -> bool:
    """Return whether a case shows no more than that an IdP cannot let a promise come true."""
    return case.provider in by_id(case.requirement).not_achievable


def _text(entry: Requirement, numbers: Mapping[str, int]) -> str:
    if numbers[entry.id]:
        number = numbers[entry.id]
        lacking = f"; not achievable with {', '.join(entry.not_achievable)}"
        rest = lacking if entry.not_achievable else ""
        return f"{number} case{'s' if number > 1 else ''}{rest}"
    if entry.testable == NOT_TESTABLE:
        return f"not testable: {entry.reason}"
    for other, word in ((entry.same_as, "same as"), (entry.covered_by, "covered by")):
        if other is not None and _is_shown(other, numbers):
            return f"{word} {other}"
    return "needs configuration" if entry.testable == "needs-config" else MISSING


def _is_shown(requirement_id: str, numbers: Mapping[str, int]) -> bool:
    """Return whether an entry has a case, or points at one that has."""
    if numbers[requirement_id]:
        return True
    entry = by_id(requirement_id)
    return any(other and numbers[other] for other in (entry.same_as, entry.covered_by))


def gaps(found: Iterable[State]) -> list[str]:
    """Return the ids that could be checked and are not."""
    return [state.requirement.id for state in found if state.is_gap]


def section_of(entry: Requirement) -> str:
    """Return the id of a requirement without its number."""
    return entry.id.rpartition("-")[0]


def place_of(entry: Requirement) -> str:
    """Return the part of a console or the section of a document that a requirement belongs to."""
    if entry.idp:
        return f"{idp_profiles.load(entry.idp).title}: {entry.feature}"
    return f"{entry.document}: {(entry.title or '').partition(':')[0]}".rstrip(": ")


@click.command()
def main() -> None:
    """Print what is missing by section."""
    found = states(all_cases())
    for section in dict.fromkeys(section_of(state.requirement) for state in found):
        mine = [state for state in found if section_of(state.requirement) == section]
        open_ = [state.requirement.id.rpartition("-")[2] for state in mine if state.is_gap]
        total = sum(state.counts for state in mine)
        if total:
            lacks = f"  lacks -{', -'.join(open_)}" if open_ else ""
            click.echo(f"{section}: {total - len(open_)} of {total}{lacks}")


if __name__ == "__main__":
    main()
