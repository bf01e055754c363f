"""The door of the histories: `python -m suites.idp.histories.replay FILE --idp NAME`."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path

import click

from suites.reach.connection import Connection
from suites.target.model import TargetError
from suites.target.model import load_target
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

from .embedded_office import embedded_office
from .embedded_office import office_at
from .habits import every
from .office import Office
from .scenario import Player
from .scenario import Scenario
from .scenario import parse


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--idp", type=click.Choice(sorted(every())), help="In place of the file's own.")
@click.option("--dialect", default="", help="Of the IdP; the file's own, or the usual one.")
@click.option("--url", default="", help="Of a server; SCIM_TOKEN holds its token.")
@click.option("--deviation", multiple=True, help="Of the embedded server, besides the file's.")
@click.option("--quiet", is_flag=True, help="Print no exchanges.")
def main(
    file: Path, idp: str | None, dialect: str, url: str, deviation: tuple[str, ...], quiet: bool
) -> None:
    """Play a history again, against the embedded server or one at a URL; 1 when it goes wrong."""
    try:
        scenario = parse(file.read_text(encoding="utf-8"))
        name = idp or scenario.idp
        if name not in every():
            raise ValueError(f"say by --idp which IdP plays it: {', '.join(sorted(every()))}")
        spoken = dialect or (scenario.dialect if name == scenario.idp else "")
        with _office(scenario, name, spoken, url, deviation) as office:
            sys.exit(_play(office, scenario, loud=not quiet))
    except (ValueError, TargetError) as problem:
        raise click.ClickException(str(problem)) from None


def _office(
    scenario: Scenario, idp: str, dialect: str, url: str, deviations: tuple[str, ...]
) -> AbstractContextManager[Office]:
    if not url:
        return embedded_office(idp, dialect, (*scenario.deviations, *deviations))
    target = load_target(url=url, target_file=None, token_file=None)
    if target is None:
        raise ValueError("there is no server at an empty URL")
    return office_at(Connection(target), idp, dialect)


def _play(office: Office, scenario: Scenario, *, loud: bool) -> int:
    try:
        Player(office).play_all(scenario.steps)
    except (Mismatch, Blocked) as problem:
        found: str | None = str(problem)
    else:
        found = None
    if loud:
        for entry in office.site.log.entries:
            click.echo(entry.short())
    click.echo(f"scimproof: {found or 'the server shows what the directory says'}")
    return int(found is not None)


if __name__ == "__main__":
    main()
