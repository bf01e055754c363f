"""`scimproof report`, or `python -m reports`: work with reports that earlier runs wrote."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from .commands.accept import accept
from .commands.badge import badge
from .commands.card import card
from .commands.compare import compare
from .commands.matrix import matrix
from .commands.render import render
from .commands.submission import submission
from .commands.trend import trend
from .commands.verify import verify
from .reading import ReportError

# Design of the exit status: 4 is a bad option or file, before anything else happens.
_BAD_INPUT = 4
# A command returns its exit status, or None for 0.
_COMMANDS: tuple[click.Command, ...] = (
    accept,
    badge,
    card,
    compare,
    matrix,
    render,
    submission,
    trend,
    verify,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Work with reports that earlier runs wrote."""


for _each in _COMMANDS:
    command.add_command(_each)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: its own, or 4 for bad input."""
    try:
        status = command.main(args=argv, prog_name="scimproof report", standalone_mode=False)
    except click.ClickException as error:
        print(f"scimproof: {error.format_message()}", file=sys.stderr)
        return _BAD_INPUT
    except click.Abort:
        return 130
    except ReportError as error:
        print(f"scimproof: {error}", file=sys.stderr)
        return _BAD_INPUT
    except OSError as error:  # a name that no file can have, or no room for what is printed
        where = repr(str(error.filename)) if error.filename else "the output"
        print(f"scimproof: cannot use {where}: {error.strerror}", file=sys.stderr)
        return _BAD_INPUT
    return int(status or 0)


if __name__ == "__main__":
    sys.exit(main())
