"""The tables of the page about living mock IdPs: which commands and settings each one has.

`python -m idp_profiles.living.page --write docs/mock-idp.md` writes them into the page, between the
marks that are there for them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from idp_profiles import PROFILES
from idp_profiles import load
from idp_profiles.model import Credential
from idp_profiles.model import Reply

from .commands import COMMANDS
from .commands import commands_for
from .office import Office
from .opening import engine_settings
from .opening import has_engine
from .opening import open_office


def tables() -> dict[str, str]:
    """Return each table as Markdown by the mark that it stands behind."""
    offices = {name: _office(name) for name in PROFILES if has_engine(name)}
    return {"commands": "\n".join(_commands(offices)), "idps": "\n".join(_idps(offices))}


def written(page: str) -> str:
    """Return a page with the tables as they are now; raises ValueError without their marks."""
    for mark, table in tables().items():
        begin, end = f"<!-- {mark} -->\n", f"<!-- end of {mark} -->"
        before, found, rest = page.partition(begin)
        _, ended, after = rest.partition(end)
        if not found or not ended:
            raise ValueError(f"the page has no place between {begin.strip()!r} and {end!r}")
        page = f"{before}{begin}{table}\n{end}{after}"
    return page


def _office(name: str) -> Office:
    # Nothing is sent: an office is only asked what its engine has.
    return open_office(name, send=lambda _: Reply(503), credential=Credential("bearer", "none"))


def _commands(offices: dict[str, Office]) -> Iterator[str]:
    titles = [load(name).title for name in offices]
    yield f"| Command | Does | {' | '.join(titles)} |"
    yield f"| --- | --- |{' :---: |' * len(titles)}"
    for name, command in COMMANDS.items():
        usage = command.usage(name).replace("|", "\\|")
        has = ("yes" if name in commands_for(office) else "-" for office in offices.values())
        yield f"| `{usage}` | {command.says} | {' | '.join(has)} |"


def _idps(offices: dict[str, Office]) -> Iterator[str]:
    yield "| Name | Identity provider | Sends | Settings of its own |"
    yield "| --- | --- | --- | --- |"
    for name, office in offices.items():
        sends = "in cycles" if office.in_cycles else "by itself"
        settings = ", ".join(f"`{key}={_said(value)}`" for key, value in _own(name)) or "-"
        yield f"| `{name}` | {load(name).title} | {sends} | {settings} |"


def _own(name: str) -> list[tuple[str, object]]:
    return list(engine_settings(name).items())


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "…" if value is None else str(value)


@click.command()
@click.option("--write", "page", required=True, type=click.Path(exists=True, path_type=Path))
def command(page: Path) -> None:
    """Write the tables into a page."""
    page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(command())
