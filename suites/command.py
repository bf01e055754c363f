"""The `scimproof` command: runs, listings, the cleanup, and the doors of the other rooms."""

from __future__ import annotations

import gc
import json
import os
import re
import sys
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from typing import TypeVar

import click
import pytest

from idp_profiles.model import Json

from . import listings
from .cleanup.cleaning import clean_up
from .cleanup.journal import JournalError
from .run.options import installed_version
from .run.run_lock import FolderBusy
from .survey.commands import target
from .target.model import TargetError

HOME = Path(__file__).resolve().parent
Command = TypeVar("Command", bound=Callable[..., Any])

# The options of the plugin that carry a prefix; a selftest compares them with scimproof.py, which
# this room does not import.
PREFIXED = frozenset(
    f"--scim-{name}"
    for name in (
        *("url", "token-file", "target", "suite", "only", "dialect", "strict", "large"),
        *("allow-inconclusive", "report", "timeout", "settle", "seed", "no-case-header"),
        *("deviation", "proofs", "product", "baseline", "app", "max-seconds", "concurrency"),
        *("read-only", "allow-http", "allow-redirect"),
    )
)
_OPTIONS, _NO_PLUGINS = "PYTEST_ADDOPTS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
_RAW = {"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": []}


def run_command(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status; 4 for a wrong option or file."""
    try:
        status = command.main(list(arguments), prog_name="scimproof", standalone_mode=False)
    except click.UsageError as problem:
        problem.show()
        return 4
    except click.ClickException as problem:
        click.echo(f"scimproof: {problem.format_message()}", err=True)
        return 4
    except click.Abort:
        return 130
    return int(status or 0)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(installed_version(), prog_name="scimproof")
def command() -> None:
    """Prove whether a SCIM 2.0 server works with the identity providers of its customers."""


@command.command(context_settings=_RAW, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run(arguments: tuple[str, ...]) -> int:
    """Run the suites against a server and write the report."""
    if "--help" in arguments or "-h" in arguments:
        click.echo(_RUN_HELP)
        return 0
    ours = ["-p", "scimproof", "-p", "suites.run.economy", "-p", "xdist.plugin"]
    if any(argument.startswith("--allure") for argument in arguments):
        ours += ["-p", "allure_pytest.plugin"]
    place = ["-c", str(HOME / "isolated.ini"), f"--rootdir={HOME.parent}", f"--confcutdir={HOME}"]
    asked = [_prefixed(argument) for argument in arguments]
    cases = [] if any(_is_path(argument) for argument in asked) else [str(HOME)]
    quiet = [] if any(map(_asks_for_more, asked)) else ["-q"]
    # The cases come first: an option at the end without its value must not take them for it.
    with _undisturbed():
        return int(pytest.main([*ours, *place, *quiet, "--no-header", *cases, *asked]))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep other projects' options and plugins out, and leave the process as it was.

    Our plugins, and the two that we build on, are named on the command line.
    """
    before = {name: os.environ.pop(name, None) for name in (_OPTIONS, _NO_PLUGINS)}
    os.environ[_NO_PLUGINS] = "1"
    try:
        yield
    finally:
        gc.unfreeze()
        os.environ.pop(_NO_PLUGINS, None)
        os.environ.update({name: value for name, value in before.items() if value is not None})


_RUN_HELP = """Usage: scimproof run [OPTIONS] [PYTEST OPTIONS]

  Run the suites against a server and write the report. The token comes from SCIM_TOKEN,
  a file, or the target file, never from the command line.

  --idp NAME            replay this identity provider (repeatable), or `all`
  --url URL             base URL of the server; else SCIM_URL, else our embedded server
  --app MODULE:APP      a WSGI or ASGI application in this process, in place of a server
  --token-file FILE     file with the token
  --target FILE         target file (TOML); see `scimproof target init`
  --suite NAME          protocol, idp, security, consistency or product (repeatable)
  --product NAME        what a product promises; without a server it is our simulation of it
  --only ID             only the cases of one requirement (repeatable)
  --dialect NAME        only this dialect of an IdP (repeatable)
  --strict              a warning fails the run
  --large               add the large cases (a group of 1,000)
  --allow-inconclusive  inconclusive cases do not fail the run
  --report DIR          report folder, default .scim-reports/<time>-<run id>
  --baseline FILE       an earlier report or its folder: only regressions fail the run
  --timeout SECONDS     time-out of one request
  --settle SECONDS      how late a read may show a write
  --max-seconds N       how long the whole run may take
  --concurrency N       how many requests may be under way at once, over all workers
  --read-only           change nothing: discovery, reads and filters alone
  --allow-http          send the token over plain HTTP to another host than this one
  --allow-redirect      go where the base URL redirects to
  --seed N              seed of the made-up people
  --deviation NAME      let the embedded server misbehave (repeatable)

  Every option may be written with the prefix --scim-. Other options go to pytest (-n 2, -x, -k …).
  While it runs one line says how far it is; with -v each case has a line, and the summary every
  finding, with -q nothing is said before the end (docs/terminal.md).
  Exit status: 0 nothing bad; 1 a fail, error or inconclusive, or nothing judged; 2 interrupted;
  4 bad input, also options that no case fits together.
"""


def _asks_for_more(argument: str) -> bool:
    """Tell whether a word is -v, -vv or --verbose."""
    return argument == "--verbose" or re.fullmatch("-v+", argument) is not None


def _prefixed(argument: str) -> str:
    """Return pytest's spelling of an option: `--url` is `--scim-url`."""
    name, equals, value = argument.partition("=")
    known = f"--scim-{name.removeprefix('--')}"
    if name.startswith("--") and known in PREFIXED:
        return f"{known}{equals}{value}"
    return argument


def _narrowing(function: Command) -> Command:
    """Give a command one option for each field by which requirements can be narrowed."""
    for field in reversed(listings.NARROWING):
        text = f"Requirements of this {field} only (repeatable)."
        function = click.option(f"--{field}", multiple=True, help=text)(function)
    return function


def _is_path(argument: str) -> bool:
    return not argument.startswith("-") and "suites" in argument and Path(argument).exists()


@command.command("list")
@click.argument("what", type=click.Choice(["requirements", *listings.LISTS]))
@click.option("--json", "as_json", is_flag=True, help="One JSON array, with everything known.")
@click.option("--in", "begins", metavar="ID", help="Requirements whose id begins so: RFC7644-3.5.")
@_narrowing
def list_command(
    what: str, *, as_json: bool, begins: str | None, **wanted: tuple[str, ...]
) -> None:
    """List requirements, cases, scenarios, deviations or tolerances."""
    if what != "requirements":
        if begins or any(wanted.values()):
            raise click.UsageError("Only requirements can be narrowed.")
        _show(listings.LISTS[what](), as_json=as_json)
        return
    found = listings.requirements(begins or "", **wanted)
    lines = listings.complete if as_json else listings.brief
    state = listings.coverage()
    shown = [{**lines(entry), "state": state[entry.id]} for entry in found]
    _show(shown, as_json=as_json)


def _show(lines: Sequence[listings.Line], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(lines, indent=2, ensure_ascii=False))
        return
    for line in lines:
        cells = [_cell(key, value) for key, value in line.items()]
        click.echo("  ".join(cell for cell in cells if cell is not None))


def _cell(key: str, value: Json) -> str | None:
    """Return a value as it stands in a line: a list in brackets, what is true by its name."""
    if isinstance(value, bool):
        return key if value else None
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return None if value is None else str(value)


@command.command()
@click.argument("run_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--url", help="Base URL of the server; else SCIM_URL or the target file.")
@click.option("--target", "target_file", help="Target file.")
@click.option("--token-file", help="File with the token.")
@click.option("--app", help="Application in this process, where the run was about one.")
@click.option("--allow-http", is_flag=True, help="Over plain HTTP to another host, as the run.")
def cleanup(run_dir: Path, *, allow_http: bool, **named: str | None) -> int:
    """Delete what an interrupted run left on the server."""
    try:
        return clean_up(run_dir, click.echo, allow_http=allow_http, **named)
    except (TargetError, JournalError, FolderBusy) as problem:
        raise click.ClickException(str(problem)) from None
    except OSError as problem:
        raise click.ClickException(f"cannot write {run_dir}: {problem.strerror}") from None


command.add_command(target)


def _forward(name: str, module: str, help_text: str, **known: str) -> None:
    """Add a command that hands its arguments to another room's door."""

    @command.command(name, context_settings=_RAW, add_help_option=False, help=help_text)
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def forwarded(arguments: tuple[str, ...]) -> int:
        door = import_module(module)
        return int(door.main(list(arguments), **known) or 0)


_forward(
    "serve", "reference_server.__main__", "Serve the reference server.", prog="scimproof serve"
)
_forward("idp", "idp_profiles.__main__", "Drive one mock IdP by hand.")
_forward("traffic", "idp_profiles.traffic.__main__", "Record, replay and compare real traffic.")
_forward("report", "reports.__main__", "Render, compare and publish reports.")
_forward("explain", "suites.explaining.explain", "Say from a log what went wrong.")


def main() -> None:
    """Run as `python -m suites`."""
    sys.exit(run_command(sys.argv[1:]))
