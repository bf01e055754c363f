"""Which identity providers need what the reference server accepts beyond the RFC.

The catalogue says which needs rest on which tolerance. `python -m suites.proving.tolerance_needs`
switches off one after the other and runs the replays: exactly the cases of those needs have to find
fault, with a verdict about the identity provider and never about the RFC. `--write
docs/tolerances.md` writes the page that a selftest keeps current.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

import idp_profiles
from reference_server import tolerances
from suites.requirements import Requirement
from suites.requirements import by_id
from suites.requirements import catalogue

from .matrix_cases import IDP
from .matrix_cases import Job
from .matrix_cases import Seen
from .matrix_cases import Wanted
from .matrix_cases import run_cases

NAMES = tuple(tolerances.names())
_HEAD = """# Tolerances

What the reference server accepts beyond the RFC, and which needs of which identity providers rest on it.
A server without a tolerance follows the RFC and yet stops these identity providers; `scimproof serve --without-tolerance NAME` shows what that looks like.
This page is made from the catalogue by `python -m suites.proving.tolerance_needs --write docs/tolerances.md`; do not edit it.

"""  # noqa: E501 - one sentence a line is how this project writes Markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the replays made of a server without one tolerance, by requirement, and what is wrong.

    `verdicts` are the worst of each requirement that found fault.
    """

    tolerance: str
    verdicts: dict[str, str]
    problems: tuple[str, ...]
    cases: int
    seconds: float


def needs_of(tolerance: str) -> tuple[Requirement, ...]:
    """Return the needs of identity providers that rest on a tolerance."""
    return tuple(entry for entry in catalogue().values() if tolerance in entry.tolerances)


def check(names: Sequence[str], *, full: bool = False, processes: int = 2) -> list[Found]:
    """Switch off each of these tolerances and tell what the replays find.

    With `full` every replay runs, and those that do not need it must find nothing; else only the
    cases of the needs run. Raises RuntimeError where the cases cannot be run.
    """
    shares = [names[n::processes] for n in range(min(processes, len(names)))]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(shares) or 1, mp_context=context) as pool:
        found = [each for share in pool.map(partial(_check, full=full), shares) for each in share]
    return sorted(found, key=lambda each: names.index(each.tolerance))


def _check(names: Sequence[str], *, full: bool) -> list[Found]:
    found: list[Found] = []
    waiting = iter(names)

    def keep(seen: Seen) -> None:
        found.append(_found(next(waiting), seen))

    jobs = [
        Job(without=(name,), plain=False, requirements=None if full else _ids_of(name))
        for name in names
    ]
    wanted = Wanted(suites=(IDP,), full=True, limit=600)
    run_cases(jobs, wanted, keep)
    return found


def _ids_of(tolerance: str) -> frozenset[str]:
    return frozenset(entry.id for entry in needs_of(tolerance))


def _found(tolerance: str, seen: Seen) -> Found:
    verdicts: dict[str, str] = {}
    for catch in seen.caught:
        if catch.verdict in ("fail", "warn") and verdicts.get(catch.requirement) != "fail":
            verdicts[catch.requirement] = catch.verdict
    return Found(
        tolerance=tolerance,
        verdicts=verdicts,
        problems=(*seen.errors, *_problems(tolerance, verdicts)),
        cases=seen.cases,
        seconds=round(seen.seconds, 2),
    )


def _problems(tolerance: str, verdicts: dict[str, str]) -> Iterator[str]:
    needed = {entry.id for entry in needs_of(tolerance)}
    for requirement in sorted(needed - set(verdicts)):
        yield f"{requirement} rests on {tolerance} and finds no fault without it"
    for requirement in sorted(set(verdicts) - needed):
        stance = by_id(requirement).rfc
        yield f"{requirement} ({stance}) finds fault without {tolerance} and does not name it"


def render() -> str:
    """Return the page as Markdown."""
    lines = ["| Tolerance | What is accepted | Who needs it |", "| --- | --- | --- |"]
    for name in NAMES:
        sentence = tolerances.describe(name).replace("|", "\\|")
        lines.append(f"| `{name}` | {sentence} | {_who(needs_of(name))} |")
    return _HEAD + "\n".join(lines) + "\n"


def _who(needs: Iterable[Requirement]) -> str:
    by_idp: dict[str, list[str]] = {}
    for entry in needs:
        by_idp.setdefault(idp_profiles.load(entry.idp or "").title, []).append(entry.id)
    said = [f"{title} ({', '.join(ids)})" for title, ids in by_idp.items()]
    return "; ".join(said) or "none of those replayed here"


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--own", is_flag=True, help="Run only the cases of the needs.")
@click.option("--write", "file", type=click.Path(dir_okay=False, path_type=Path), help="File.")
@click.option("-n", "processes", default=2, help="Worker processes.")
def main(names: tuple[str, ...], own: bool, file: Path | None, processes: int) -> None:
    """Switch off tolerances and say whom that stops; 1 with any problem."""
    if file is not None:
        file.write_text(render(), encoding="utf-8")
        click.echo(f"scimproof: wrote {file}", file=sys.stderr)
        return
    found = check(names or NAMES, full=not own, processes=processes)
    for each in found:
        stopped = ", ".join(f"{key} {verdict}" for key, verdict in each.verdicts.items())
        click.echo(f"{each.tolerance} ({each.cases} cases, {each.seconds:.1f} s): {stopped}")
        for problem in each.problems:
            click.echo(f"  {problem}")
    sys.exit(any(each.problems for each in found))


if __name__ == "__main__":
    main()
