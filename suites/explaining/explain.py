"""`scimproof explain FILE`: says from a log what went wrong, where nobody can put a proxy in."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from idp_profiles import PROFILES
from idp_profiles.diagnosis.explaining import explain
from idp_profiles.diagnosis.formats import titles
from idp_profiles.diagnosis.model import Unreadable

from . import explanation

_EPILOG = f"""What can be read: {titles()}. Which of them a file is, its content tells; it may be
compressed by gzip. What is shown holds no name, address, id or token of the log. Exit status: 0
nothing went wrong in this log, 1 a cause was named, 4 the file cannot be read."""


@click.command(name="explain", epilog=_EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--idp", type=click.Choice(PROFILES), help="Which IdP it was, where you know better.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--note", is_flag=True, help="Print a note that can be sent to the customer.")
def command(file: Path, idp: str | None, *, as_json: bool, note: bool) -> int:
    """Say from the log FILE what went wrong between an identity provider and a SCIM server."""
    if as_json and note:
        raise click.UsageError("--json and --note are two forms of the same: choose one.")
    try:
        found = explain(file, idp=idp or "")
    except Unreadable as problem:
        name = click.format_filename(file)
        raise click.ClickException(f"{name} cannot be explained: {problem}.") from None
    if as_json:
        click.echo(json.dumps(explanation.as_json(found), indent=2, ensure_ascii=False))
    else:
        click.echo(explanation.as_note(found) if note else explanation.as_text(found))
    return 1 if found.findings else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; raises click's own for a wrong option or file."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    return int(command.main(given, prog_name="scimproof explain", standalone_mode=False) or 0)
