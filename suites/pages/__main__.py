"""Writes the tables of requirements, or the page of every requirement.

`--write docs/requirements` writes the tables that are kept; `--every DIR` a page for each id, as
the documentation site has them. Without either it says how many there are.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from suites.requirements import catalogue

from .facts import gather
from .requirement import page
from .tables import cases
from .tables import tables

_DIR = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option("--write", "kept", type=_DIR, help="Folder for the tables.")
@click.option("--every", "every", type=_DIR, help="Folder for a page of each requirement.")
@click.option("--interop", type=_DIR, help="Folder with the pages on real servers.")
def main(kept: Path | None, every: Path | None, interop: Path | None) -> None:
    """Write the pages of requirements."""
    if kept is not None:
        _write(kept, tables())
    if every is not None:
        facts = gather(cases(), interop)
        _write(every, {f"{each.id}.md": page(each, facts) for each in catalogue().values()})
    if kept is every is None:
        click.echo(f"scimproof: {len(catalogue())} requirements; see --write and --every")


def _write(folder: Path, pages: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(f"scimproof: wrote {len(pages)} pages into {folder}", file=sys.stderr)


if __name__ == "__main__":
    main()
