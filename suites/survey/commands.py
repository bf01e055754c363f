"""`scimproof target init` and `target check`: the file of a target, written and looked through."""

from __future__ import annotations

import os
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from idp_profiles.model import Json
from suites.outcome import waivers
from suites.run import unfit
from suites.run.options import check_product
from suites.target.model import Target
from suites.target.model import TargetError
from suites.target.model import load_target

from .choosing import choose
from .choosing import listed
from .choosing import options_of
from .looking import Sight
from .looking import look_at
from .planning import Plan
from .planning import found_of
from .writing import EXAMPLE
from .writing import text_of

FILE = "scim-target.toml"
_NAMES = ("SCIM_TOKEN", "SCIM_TOKEN_FILE")
_NO_SECRET = "not-sent"  # noqa: S105 - a target has to have one, also where none is sent


@click.group()
def target() -> None:
    """Write and check target files."""


@target.command()
@click.argument("place", metavar="[URL] [FILE]", nargs=-1)
@click.option("--app", metavar="MODULE:APP", help="An application in this process, no URL.")
@click.option("--token-file", help="File with the token; else SCIM_TOKEN.")
@click.option("--timeout", type=float, default=10.0, help="Seconds one request may take.")
@click.option("--allow-http", is_flag=True, help="Send the token over plain HTTP elsewhere.")
def init(
    place: tuple[str, ...],
    *,
    app: str | None,
    token_file: str | None,
    timeout: float,
    allow_http: bool,
) -> int:
    """Write a commented target file, from a look at the server that changes nothing.

    Without URL and --app the file is one to fill in. FILE is scim-target.toml unless it is given.
    """
    url, file = _places(place, app)
    if file.exists() or file.is_symlink():
        raise click.ClickException(f"{file} exists already; it is left as it is")
    if url is None and app is None:
        return _write(file, EXAMPLE)
    settings: dict[str, Json] = {"app": app, "timeout": timeout, "allow_http": allow_http or None}
    try:
        sight = look_at(_ways(url, token_file, {**settings, "read_only": True}))
    except TargetError as problem:
        raise _refusal(problem) from None
    return _written(sight, file, app or "", allow_http=allow_http)


def _written(sight: Sight, file: Path, app: str, *, allow_http: bool) -> int:
    """Write what was seen, unless nothing of SCIM was, and return the exit status."""
    if sight.trouble and not sight.refuses:
        click.echo(f"scimproof: {sight.trouble}; no file was written", err=True)
        return 1
    asked = os.environ.get("SCIM_AUTH", "")
    _write(file, text_of(sight, app=app, asked=asked, allow_http=allow_http))
    return _tell(sight, file)


def _refusal(problem: TargetError) -> click.ClickException:
    """Return what a user is told, who knows the options by their short names here."""
    return click.ClickException(str(problem).replace("--scim-", "--"))


def _tell(sight: Sight, file: Path) -> int:
    """Say what came of a look of which there is a file now, and return the exit status."""
    if sight.trouble:
        click.echo(
            f"scimproof: {sight.trouble}; the file holds what is known (delete it to look again)",
            err=True,
        )
        return 1
    click.echo(f"scimproof: {_seen(sight)}; next: scimproof target check {file}")
    return 0


def _places(place: Sequence[str], app: str | None) -> tuple[str | None, Path]:
    """Return URL and file of the arguments, which tell themselves apart."""
    urls = [each for each in place if "://" in each]
    files = [each for each in place if "://" not in each]
    if len(urls) > 1 or len(files) > 1:
        raise click.UsageError(
            "Give one URL and one FILE at most; a URL begins with https:// or http://."
        )
    file = Path(files[0] if files else FILE)
    # Alone it may as well be an address, to which nobody asked to send anything.
    if not urls and app is None and file.suffix != Path(FILE).suffix:
        raise click.UsageError(
            f"{files[0]!r} is no URL, which begins with https://, and no FILE to fill in, whose "
            f"name ends in {Path(FILE).suffix}. Is https://{files[0]} meant?"
        )
    if not file.parent.is_dir():
        raise click.UsageError(f"There is no folder {file.parent}. A URL begins with https://.")
    return (urls[0] if urls else None), file


def _write(file: Path, text: str) -> int:
    try:
        with file.open("x", encoding="utf-8") as fresh:  # whoever made one meanwhile keeps it
            fresh.write(text)
    except OSError as fault:
        raise click.ClickException(f"cannot write {file}: {fault.strerror}") from None
    click.echo(f"scimproof: wrote {file}")
    return 0


def _seen(sight: Sight) -> str:
    kind = f"{sight.kind} works" if sight.kind else "it lets in without a credential"
    if sight.breaks:
        kind = f"{sight.breaks}, so whether {sight.kind or 'no credential'} works is not known"
    return f"looked at {sight.url} with {len(sight.answers)} GETs: {kind}"


def _ways(
    url: str | None, token_file: str | None, settings: Mapping[str, Json]
) -> dict[str, Target]:
    """Return the target by each kind of authentication that what the user gave can mean."""
    env = dict(os.environ)
    given = token_file or any(env.get(name) for name in _NAMES)
    if not given:
        env["SCIM_TOKEN"] = _NO_SECRET
    made: dict[str, Target] = {}
    for kind in _kinds(env) if given else ("",):
        wanted: dict[str, Json] = {**settings, **({"authentication.kind": kind} if kind else {})}
        found = load_target(
            url=url,
            target_file=None,
            token_file=token_file,
            settings=wanted,
            environment=env,
        )
        if found is not None:
            made[kind] = found
    return made


def _kinds(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the kinds to try: the one that is named, or fits what is given, else two."""
    if env.get("SCIM_AUTH"):
        return (env["SCIM_AUTH"],)
    if env.get("SCIM_TOKEN_URL"):
        return ("oauth2-client-credentials",)
    if env.get("SCIM_USER"):
        return ("basic",)
    # A secret with a scheme in front of it is a whole header.
    return ("header",) if " " in env.get("SCIM_TOKEN", "").strip() else ("bearer", "header")


@target.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--offline", is_flag=True, help="Send nothing at all.")
@click.option("--token-file", help="File with the token.")
@click.option("--idp", multiple=True, metavar="NAME", help="As in the run (repeatable).")
@click.option("--suite", multiple=True, metavar="NAME", help="As in the run (repeatable).")
@click.option("--only", multiple=True, metavar="ID", help="As in the run (repeatable).")
@click.option("--dialect", multiple=True, metavar="NAME", help="As in the run (repeatable).")
@click.option("--large", is_flag=True, help="As in the run.")
def check(
    file: str, *, offline: bool, token_file: str | None, **asked: Sequence[str] | bool
) -> int:
    """Say what a run with a target file would do; sends GETs alone.

    Exit status: 0 it can run; 1 the target cannot be used; 4 the file is wrong.
    """
    try:
        found = load_target(url=None, target_file=file, token_file=token_file)
        if found is None:  # a file always names one, or is refused
            raise TargetError("The target file names no server: add url.")
        waivers.check(found.waivers)
        check_product(found)
        cases = choose(found, options_of(asked))
        sight = None if offline else look_at({_kind(found): replace(found, read_only=True)})
    except TargetError as problem:
        raise _refusal(problem) from None
    said = unfit.remarks(listed(asked.get("suite")), listed(asked.get("idp")))
    return _say(file, Plan(found, cases, sight, tuple(said)))


def _kind(found: Target) -> str:
    return found.credential.kind


def _say(file: str, plan: Plan) -> int:
    trouble = plan.sight.trouble if plan.sight else ""
    breaks = plan.sight.breaks if plan.sight else ""
    fine = "cannot be used" if trouble else "can be used" if breaks else "is fine"
    click.echo(f"scimproof: {file} {fine}: {plan.target.url}")
    if trouble:
        click.echo(f"  trouble:  {trouble}")
    for line in plan.lines():
        click.echo(f"  {line}")
    names = found_of(plan.target.existing_users, plan.sight.there) if plan.sight else ()
    for name in () if trouble else names:
        click.echo(f"  missing:  the server does not show {name!r}, whom existing_users names")
    return 1 if trouble else 0
