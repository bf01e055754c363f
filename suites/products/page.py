"""The page of what products promise, and how each promise is checked with each IdP.

`python -m suites.products.page --write docs/product-promises.md` writes the page that a selftest
keeps current.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

import click

import idp_profiles
from suites.outcome.contradictions import known
from suites.proving.case_list import Case
from suites.proving.case_list import all_cases
from suites.requirements import NOT_TESTABLE
from suites.requirements import Requirement
from suites.requirements import catalogue
from suites.requirements import judged_products

from . import kit

_HEAD = """# Product promises

What products promise to do when an identity provider speaks SCIM to them, and how each promise is checked with each identity provider.
On a product itself some of it is done by hand, and is skipped with the way to do it; on our simulation everything is tried, and that proves nothing about the product (`docs/products.md`).
This page is made from catalogue and cases by `python -m suites.products.page --write docs/product-promises.md`; do not edit it.
"""  # noqa: E501 - one sentence a line is how this project writes Markdown
_NO_IDP = "No identity provider"
_LEGEND = (
    "The numbers count the cases that run with an identity provider; "
    "`-` means that the promise is not about it."
)


def render() -> str:
    """Return the page as Markdown."""
    cases = all_cases()
    lines = [_HEAD]
    for product in judged_products():
        lines += [f"## {kit.load(product).title}", "", _LEGEND, "", *table(product, cases)]
        lines += [*_contradictions(product), ""]
    return "\n".join(lines).rstrip() + "\n"


def table(product: str, cases: Sequence[Case]) -> Iterator[str]:
    """Yield the lines of the table of one product."""
    promises = [entry for entry in catalogue().values() if entry.product == product]
    idps = _idps(promises)
    yield f"| Id | Promise | How it is checked | {' | '.join(map(title_of, idps))} | {_NO_IDP} |"
    yield f"| --- | --- | --- |{' ---: |' * (len(idps) + 1)}"
    for entry in promises:
        mine = [case for case in cases if case.requirement == entry.id]
        yield _row(entry, mine, idps)


def _idps(promises: Iterable[Requirement]) -> tuple[str, ...]:
    """Return every IdP that a promise speaks of, in the order of the catalogue."""
    named = (name for entry in promises for name in (*entry.idps, *entry.not_achievable))
    return tuple(dict.fromkeys(named))


def _row(entry: Requirement, mine: Sequence[Case], idps: Iterable[str]) -> str:
    cells = [_cell(entry, mine, name) for name in (*idps, None)]
    name = f"[{entry.id}]({entry.link})" if entry.link else entry.id
    return f"| {name} | {_escaped(entry.wording)} | {_how(entry, mine)} | {' | '.join(cells)} |"


def _cell(entry: Requirement, mine: Iterable[Case], idp: str | None) -> str:
    if idp in entry.not_achievable:
        return "not achievable"
    number = sum(case.provider == idp for case in mine)
    return str(number) if number else "-"


def _how(entry: Requirement, mine: Iterable[Case]) -> str:
    """Return the titles of the cases, and why there are none where there are none."""
    parts = [*dict.fromkeys(case.title for case in mine)]
    if entry.testable == NOT_TESTABLE:
        parts.append(f"not checkable: {entry.reason}")
    parts += [
        f"not achievable with {title_of(name)}: {reason}"
        for name, reason in entry.not_achievable.items()
    ]
    return "<br>".join(map(_escaped, parts)) or "-"


def _contradictions(product: str) -> Iterator[str]:
    mine = [each for each in known() if each.product == product]
    if not mine:
        return
    yield from ("", "### Where the documents contradict each other", "")
    yield "| Id | Question | Sources | What can show it |"
    yield "| --- | --- | --- | --- |"
    for each in mine:
        claims = "<br>".join(
            _escaped(f"{claim.says} ({claim.source}, {claim.date or 'undated'})")
            for claim in each.claims
        )
        shown = ", ".join(each.shown_by) or f"no run: {each.stated}"
        yield f"| {each.id} | {_escaped(each.question)} | {claims} | {_escaped(shown)} |"


def title_of(idp: str) -> str:
    """Return what an IdP is called."""
    return str(idp_profiles.load(idp).title)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


@click.command()
@click.option("--write", "file", type=click.Path(dir_okay=False, path_type=Path), help="File.")
def main(file: Path | None) -> None:
    """Print the page of product promises, or write it."""
    if file is None:
        click.echo(render(), nl=False)
        return
    file.write_text(render(), encoding="utf-8")
    click.echo(f"scimproof: wrote {file}", file=sys.stderr)


if __name__ == "__main__":
    main()
