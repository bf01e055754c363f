"""The page of proofs: which deviation of the reference server makes which case fail.

`python -m suites.proving.proofs --write docs/proofs.md` writes it; a selftest keeps it current.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

import idp_profiles
from reference_server import deviations
from suites.reach import embedded_product
from suites.requirements import Requirement
from suites.requirements import by_id
from suites.requirements import catalogue
from suites.requirements import judged_products

from .case_list import Case
from .case_list import all_cases
from .case_list import area_of
from .coverage import place_of
from .matrix import breaks_the_protocol
from .matrix import named_by

_HEAD = """# Proofs

A case is worth something only if it can fail.
Each case below is run against each deviation that it names: a reference server that gets one thing wrong.
The run fails when a case lets its deviation pass.
`python -m suites.proving.matrix` asks the other way round: it runs whole suites against each deviation and says who catches it.
This page is made from the cases by `python -m suites.proving.proofs --write docs/proofs.md`; do not edit it.

"""  # noqa: E501 - one sentence a line is how this project writes Markdown


@dataclass(frozen=True, slots=True)
class Row:
    """One case in the dialects in which the same deviations prove it."""

    case: str
    requirement: Requirement
    title: str
    dialects: tuple[str, ...]  # of a product's promise: the IdPs that it is tried with
    proof: tuple[str, ...]
    large: bool


def rows(cases: Iterable[Case]) -> list[Row]:
    """Return the cases, those of several dialects joined where their proofs are equal."""
    joined: dict[tuple[str, tuple[str, ...]], Row] = {}
    for case in cases:
        name = case.name.partition("[")[0]
        known = joined.get((name, case.proof))
        dialects = known.dialects if known else ()
        form = case.provider or case.dialect
        joined[name, case.proof] = Row(
            name,
            by_id(case.requirement),
            case.title,
            tuple(dict.fromkeys((*dialects, form))) if form else dialects,
            case.proof,
            case.large,
        )
    return sorted(joined.values(), key=_place)


def render() -> str:
    """Return the page as Markdown."""
    cases = all_cases()
    found = rows(cases)
    pairs = sum(len(case.proof) for case in cases)
    lines = [
        f"{len({row.requirement.id for row in found})} requirements, {len(cases)} cases "
        f"(dialects counted), {len(named_by(cases))} deviations, {pairs} proofs.",
        "",
        *_areas(cases),
        "",
        *_score(cases),
    ]
    for heading in dict.fromkeys(map(_heading, found)):
        lines += [
            "",
            f"## {heading}",
            "",
            *_table(row for row in found if _heading(row) == heading),
        ]
    lines += ["", "## The deviations", "", *_deviations(found, _of_the_server())]
    for product in judged_products():
        known = embedded_product.deviations(product)
        lines += ["", f"## The deviations of the simulated {product.capitalize()}", ""]
        lines += _deviations(found, known)
    return _HEAD + "\n".join(lines) + "\n"


def _areas(cases: list[Case]) -> Iterator[str]:
    """Yield the fault score: what each area of cases checks, and the faults that it catches."""
    yield "| Area | Requirements | Cases | Deviations caught | Proofs (case and deviation) |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for area in (*dict.fromkeys(sorted(area_of(case.name) for case in cases)), "all"):
        mine = [case for case in cases if area in (area_of(case.name), "all")]
        requirements = len({case.requirement for case in mine})
        proofs = sum(len(case.proof) for case in mine)
        yield f"| {area} | {requirements} | {len(mine)} | {len(named_by(mine))} | {proofs} |"


def _score(cases: list[Case]) -> Iterator[str]:
    """Yield how many faults of the protocol are caught without replaying an identity provider."""
    every = [deviations.get(name) for name in deviations.names()]
    faults = {each.name for each in every if breaks_the_protocol(each)}
    named = named_by(case for case in cases if not area_of(case.name).startswith("idp/"))
    legal = sum(each.legal for each in every)
    yield f"{len(every)} deviations are registered, {legal} of which are within the texts."
    yield f"{len(faults)} break a requirement of the protocol, of security or of consistency."
    yield f"{len(faults & named)} of these are caught by cases that replay no identity provider."


def _table(found: Iterable[Row]) -> Iterator[str]:
    yield "| Requirement | Case | Dialects | Deviations |"
    yield "| --- | --- | --- | --- |"
    for row in found:
        title = _cell(row.title) + (" (large)" if row.large else "")
        names = ", ".join(f"`{name}`" for name in row.proof)
        yield f"| {row.requirement.id} | {title} | {', '.join(row.dialects) or 'all'} | {names} |"


def _of_the_server() -> dict[str, str]:
    return {name: deviations.describe(name) for name in deviations.names()}


def _deviations(found: list[Row], known: Mapping[str, str]) -> Iterator[str]:
    yield "| Deviation | What the server gets wrong | Proves |"
    yield "| --- | --- | --- |"
    for name, says in known.items():
        proven = [row.requirement.id for row in found if name in "+".join(row.proof).split("+")]
        proves = ", ".join(dict.fromkeys(proven)) or "nothing yet"
        yield f"| `{name}` | {_cell(says)} | {proves} |"


def _heading(row: Row) -> str:
    return place_of(row.requirement)


def _place(row: Row) -> tuple[int, int, int, str]:
    """Return where a row stands: as the console lists its features, then as the catalogue does."""
    idp, feature = row.requirement.idp, row.requirement.feature
    features = idp_profiles.load(idp).features if idp else ()
    return (
        idp_profiles.PROFILES.index(idp) if idp else len(idp_profiles.PROFILES),
        features.index(feature) if feature in features else len(features),
        list(catalogue()).index(row.requirement.id),
        row.case,
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


@click.command()
@click.option("--write", "file", type=click.Path(dir_okay=False, path_type=Path), help="File.")
def main(file: Path | None) -> None:
    """Print the page of proofs, or write it."""
    page = render()
    if file is None:
        click.echo(page, nl=False)
        return
    file.write_text(page, encoding="utf-8")
    click.echo(f"scimproof: wrote {file}", file=sys.stderr)


if __name__ == "__main__":
    main()
