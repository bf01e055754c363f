"""How a reader repeats a run: its command, and what a command cannot carry."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from collections.abc import Mapping

from reports import view
from reports.model import Report
from reports.reading import Json
from reports.wording import wording

# The lists of a run's options that are options of the command, each with its name there.
_LISTS = ("suite", "only", "dialect", "deviation")
_FLAGS = (
    *("strict", "large", "allow_inconclusive"),
    *("read_only", "allow_http", "allow_redirect"),
)
_FIGURES = ("timeout", "settle", "max_seconds", "concurrency")
_NAMES = {"keyword": "-k", "marks": "-m"}
_EMBEDDED = "the embedded reference server"
_APP = re.compile(r"[A-Za-z_][\w.]{0,200}:[A-Za-z_][\w.]{0,200}(\(\))?")
_APP_URL = "http://localhost/scim/v2"  # where an application in a process is, unless told
# An address that a command may be given; whoever hands us a report may have written another.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:_~%/?=&\[\]-]{1,500}")


def repeat_command(report: Report) -> str:
    """Return the `scimproof run` line that does the same again, without any secret.

    It has one line and no character that cannot be seen, whatever the report holds, and is quoted
    for a POSIX shell.
    """
    return shlex.join(["scimproof", "run", *map(_safe, _words(report))])


def _safe(word: str) -> str:
    return view.one_line(word, 500)


def _words(report: Report) -> Iterator[str]:
    options = report.run.options
    yield from _about(report)
    for name in _LISTS:
        if name != "suite" or _server(report) != "simulation":
            for value in _texts(options.get(name)):
                yield from (f"--{name}", value)
    for name in _FLAGS:
        if options.get(name) is True:
            yield f"--{name.replace('_', '-')}"
    for name in _FIGURES:
        if isinstance(figure := options.get(name), int | float) and not isinstance(figure, bool):
            yield from (f"--{name.replace('_', '-')}", f"{figure:g}")
    if options.get("case_header") is False:
        yield "--no-case-header"
    yield from ("--seed", str(report.run.seed))
    yield from _for_pytest(report)


def _about(report: Report) -> Iterator[str]:
    """Return what was tested: the server, the product and the identity providers."""
    options, server = report.run.options, _server(report)
    if server == "named" and _app(report):
        yield from ("--app", _app(report))
    if server == "named" and _address(report) and not (_app(report) and _is_usual(report)):
        yield from ("--url", _address(report))
    if isinstance(name := options.get("target_file"), str) and server == "named":
        yield from ("--target", name)
    named = options.get("named_product")
    if "named_product" not in options and len(_texts(options.get("product"))) == 1:
        named = _texts(options["product"])[0]
    if isinstance(named, str):
        yield from ("--product", named)
    for idp in ["all"] if options.get("every_idp") is True else _texts(options.get("idp")):
        yield from ("--idp", idp)


def _for_pytest(report: Report) -> Iterator[str]:
    for name, option in _NAMES.items():
        if isinstance(value := report.run.options.get(name), str):
            yield from (option, value)
    yield from _paths(report)


def _paths(report: Report) -> list[str]:
    """Return the named files of cases; what would pass for an option is none."""
    return [path for path in _texts(report.run.options.get("paths")) if path[:1] != "-"]


def repeat_notes(report: Report) -> tuple[str, ...]:
    """Return what somebody has to know who repeats the run, one sentence each."""
    say, server = wording("repeating"), _server(report)
    notes = [say("notes.version", version=view.one_line(report.run.version, 40))]
    if server == "named":
        notes += [say("notes.token"), say("notes.environment")]
        if _app(report):
            notes.append(say("notes.app", app=_app(report)))
        if not _address(report):
            notes.append(say("notes.address"))
    else:
        notes.append(say(f"notes.{server}"))
    if isinstance(name := report.run.options.get("target_file"), str):
        notes.append(say("notes.target_file", name=view.one_line(name, 100)))
    if _paths(report):
        notes.append(say("notes.paths"))
    notes += _versions(report)
    if report.run.interrupted:
        notes.append(say("notes.interrupted"))
    return (*notes, say("notes.ids"))


def _versions(report: Report) -> list[str]:
    """Return the hashes of what decided the verdicts; reports of earlier versions have none."""
    say, versions = wording("repeating"), report.run.versions
    if not versions:
        return [say("notes.earlier")]
    profiles = "".join(
        say("notes.profile", name=view.one_line(name, 40), hash=_of(each, "sha256"), read=read)
        for name, each in view.part(versions, "profiles").items()
        if (read := _of(each, "sources_read"))
    )
    known = {"catalogue": _of(versions.get("catalogue"), "sha256"), "profiles": profiles}
    return [
        say("notes.versions", **known),
        say("notes.python", python=_of(versions, "python"), platform=_of(versions, "platform")),
    ]


def _of(value: object, key: str) -> str:
    found = value.get(key) if isinstance(value, Mapping) else None
    return view.one_line(found, 40) if isinstance(found, str) else "?"


def _server(report: Report) -> str:
    """Return what was tested: `named`, `embedded`, or a `simulation` that the run started."""
    known = report.run.options.get("server")
    if known in ("named", "embedded", "simulation"):
        return str(known)
    if report.target.software == _EMBEDDED:
        return "embedded"
    return "simulation" if report.target.url is None and report.target.simulated else "named"


def _address(report: Report) -> str:
    url = report.target.url or ""
    return url if _ADDRESS.fullmatch(url) else ""


def _app(report: Report) -> str:
    """Return the application that was called in the process of the run, if it was one."""
    name = report.run.options.get("app")
    return name if isinstance(name, str) and _APP.fullmatch(name) else ""


def _is_usual(report: Report) -> bool:
    return _address(report) == _APP_URL


def _texts(value: Json) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
