"""The matrix: every deviation of the reference server against the suites, and who catches it.

`python -m suites.proving.matrix` runs it. A deviation that breaks the protocol must be caught by
the protocol, security and consistency suites alone, one that stops an identity provider by the
replays of that one, and one that is legal must not be held against a server.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from reference_server import deviations
from suites.requirements import NOT_TESTABLE
from suites.requirements import Requirement
from suites.requirements import by_id
from suites.requirements import catalogue
from suites.run.options import SUITES
from suites.run.selection import PRODUCT

from .case_list import Case
from .matrix_cases import Catch
from .matrix_cases import Job
from .matrix_cases import Seen
from .matrix_cases import Wanted
from .matrix_cases import run_cases

# The promises of products have deviations of their own.
_SUITES = tuple(name for name in SUITES if name != PRODUCT)
OWN = "caught by a case that names it"
OTHERS = "caught by other cases"
STOPPED = "the run ends before its first case"
IDP_ONLY = "caught by replays only"
LEGAL = "legal and let pass"
ACCUSED = "legal and yet failed"
SURVIVED = "survived"
OUTCOMES = (OWN, OTHERS, STOPPED, IDP_ONLY, LEGAL, ACCUSED, SURVIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One deviation with what the suites made of it, and what is wrong with that."""

    deviation: str
    outcome: str
    caught: tuple[Catch, ...]
    problems: tuple[str, ...]
    cases: int
    seconds: float


def breaks_the_protocol(each: deviations.registry.Deviation) -> bool:
    """Return whether a run that replays no identity provider has to notice a deviation."""
    return not each.legal and any(map(_is_of_the_protocol, map(by_id, each.violates)))


def _is_of_the_protocol(entry: Requirement) -> bool:
    on_the_server = entry.role in ("server", "both", None)
    return entry.idp is None and on_the_server and entry.testable != NOT_TESTABLE


def stopped_idps(each: deviations.registry.Deviation) -> tuple[str, ...]:
    """Return the identity providers whose replays have to notice; others have none yet."""
    replayed = {entry.idp for entry in catalogue().values()}
    return tuple(name for name in each.stops if name in replayed and not each.legal)


def named_by(cases: Iterable[Case]) -> set[str]:
    """Return the deviations that these cases name as their proof, also where two go together."""
    return {part for case in cases for name in case.proof for part in name.split("+")}


def run(
    names: Iterable[str], wanted: Wanted | None = None, *, processes: int = 2, loud: bool = False
) -> list[Row]:
    """Run the matrix, shared out among worker processes.

    Raises ValueError for an unknown name, and RuntimeError where the cases cannot be run.
    """
    chosen = list(names)
    jobs = [_job(name) for name in chosen]
    shares = [jobs[n::processes] for n in range(min(processes, len(chosen)))]
    work = partial(_work, wanted=wanted or Wanted(suites=_SUITES), loud=loud)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(shares) or 1, mp_context=context) as pool:
        found = [seen for share in pool.map(work, shares) for seen in share]
    rows = {name: [seen for seen in found if seen.deviation == name] for name in sorted(chosen)}
    # Of the suites that are wanted none may have a word on one that is legal.
    return [row_of(seen) for seen in rows.values() if seen]


def _work(jobs: Sequence[Job], *, wanted: Wanted, loud: bool) -> list[Seen]:
    found: list[Seen] = []

    def keep(seen: Seen) -> None:
        found.append(seen)
        if loud:
            kind = "replays" if seen.idp else "suites"
            click.echo(f"{seen.deviation} ({kind}, {seen.seconds:.1f} s)", err=True)

    run_cases(jobs, wanted, keep)
    return found


def _job(name: str) -> Job:
    each = deviations.get(name)
    return Job(
        deviation=name,
        violates=each.violates,
        stops=stopped_idps(each),
        legal=each.legal,
        plain=each.legal or breaks_the_protocol(each),
        replayed=bool(stopped_idps(each)) or not (each.legal or breaks_the_protocol(each)),
    )


def row_of(seen: Sequence[Seen]) -> Row:
    """Return the row of one deviation from what its runs came to."""
    each = deviations.get(seen[0].deviation)
    return Row(
        deviation=each.name,
        outcome=_outcome(each, seen),
        caught=tuple(catch for one in seen for catch in one.caught),
        problems=tuple(_problems(each, seen)),
        cases=sum(one.cases for one in seen),
        seconds=round(sum(one.seconds for one in seen), 2),
    )


def _outcome(each: deviations.registry.Deviation, seen: Sequence[Seen]) -> str:
    caught = [catch for one in seen for catch in one.caught]
    apart = [catch for one in seen if not one.idp for catch in one.caught]
    if each.legal:
        return ACCUSED if any(catch.verdict == "fail" for catch in apart) else LEGAL
    if caught and breaks_the_protocol(each) and not apart and not all(one.idp for one in seen):
        return STOPPED if any(one.trouble for one in seen if not one.idp) else IDP_ONLY
    if caught:
        return OWN if any(catch.own for catch in caught) else OTHERS
    return STOPPED if any(one.trouble for one in seen) else SURVIVED


def _problems(each: deviations.registry.Deviation, seen: Sequence[Seen]) -> Iterator[str]:
    for one in seen:
        yield from one.errors
        noticed = one.caught or one.trouble
        if each.legal and not one.idp:
            failed = [catch.case for catch in one.caught if catch.verdict == "fail"]
            yield from (f"a false alarm by {case}" for case in failed)
        elif not one.idp and not noticed and breaks_the_protocol(each):
            yield "no case of the protocol, security and consistency suites notices"
        elif one.idp and not one.trouble:
            seeing = {by_id(catch.requirement).idp for catch in one.caught}
            blind = [name for name in stopped_idps(each) if name not in seeing]
            yield from (f"no replay of {name} notices" for name in blind)


def summary(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the counts of the outcomes, what catches by area, and every problem."""
    outcomes = Counter(row.outcome for row in rows)
    for outcome in OUTCOMES:
        if outcomes[outcome]:
            yield f"{outcomes[outcome]:5}  {outcome}"
    areas = Counter(area for row in rows for area in {catch.area for catch in row.caught})
    yield "caught by area: " + ", ".join(f"{area} {n}" for area, n in areas.most_common())
    for row in rows:
        yield from (f"{row.deviation}: {problem}" for problem in row.problems)


@click.command()
@click.option("--only", multiple=True, metavar="NAME", help="Only this deviation.")
@click.option("--suite", multiple=True, type=click.Choice(_SUITES), help="Only this suite.")
@click.option("--full", is_flag=True, help="Run every case instead of ending at the first catch.")
@click.option("--limit", default=60.0, metavar="SECONDS", help="For one deviation and kind.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="JSON file.")
@click.option("-n", "processes", default=2, help="Worker processes.")
def main(
    only: tuple[str, ...],
    suite: tuple[str, ...],
    full: bool,
    limit: float,
    out: Path | None,
    processes: int,
) -> None:
    """Run every deviation against the suites and say who catches it; 1 with any problem."""
    wanted = Wanted(suites=suite or _SUITES, full=full, limit=limit)
    try:
        rows = run(only or deviations.names(), wanted, processes=processes, loud=True)
    except (ValueError, RuntimeError) as problem:
        raise click.ClickException(str(problem)) from None
    if out is not None:
        text = json.dumps([asdict(row) for row in rows], indent=1)
        out.write_text(text + "\n", encoding="utf-8")
    for line in summary(rows):
        click.echo(line)
    sys.exit(any(row.problems for row in rows))


if __name__ == "__main__":
    main()
