"""Writes a diagnosis down: as text for the engineer, as a note for the customer, as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from idp_profiles import load
from idp_profiles.diagnosis.model import Diagnosis
from idp_profiles.diagnosis.model import Finding
from idp_profiles.diagnosis.model import Recognised
from idp_profiles.diagnosis.model import Sure
from idp_profiles.model import Json

from .explained import commands_of
from .explained import requirements_of

FORMAT = "scimproof-explanation/1"
_WIDTH = 96
_NOTHING = "Nothing went wrong in this log."
_PLACEHOLDERS = (
    "Names, addresses, ids and tokens are left out; placeholders such as user-1 stand for them."
)


def as_text(diagnosis: Diagnosis) -> str:
    """Return a diagnosis for whoever mends the server."""
    lines = [*_head(diagnosis), ""]
    if not diagnosis.findings:
        lines += [_NOTHING, ""]
    for number, finding in enumerate(diagnosis.findings, start=1):
        lines += [*_finding(number, finding), ""]
    blind = [f"  - {each}" for each in diagnosis.blind]
    return "\n".join([*lines, "What this log cannot show:", *blind])


def _head(diagnosis: Diagnosis) -> list[str]:
    aside = [
        (diagnosis.others, "of something else"),
        (diagnosis.unread, "that cannot be read"),
        (diagnosis.left_off, "left off at the end"),
    ]
    counts = [f"{diagnosis.entries} entries", *(f"{n} {what}" for n, what in aside if n)]
    return [
        f"Log: {diagnosis.format_title}, {', '.join(counts)}",
        *(f"Identity provider: {_recognised(each)}" for each in diagnosis.recognised),
    ]


def _recognised(recognised: Recognised) -> str:
    if not recognised.idp:
        return "not recognised (say which it is with --idp)"
    return f"{_title(recognised.idp)} ({recognised.sure}, by {'; '.join(recognised.signs)})"


def _title(idp: str) -> str:
    return load(idp).title if idp else "the identity provider"


def _finding(number: int, finding: Finding) -> list[str]:
    often = f", {finding.times} times" if finding.times > 1 else ""
    parts = [
        ("where", [*finding.shown]),
        ("step", [_step(finding)]),
        ("why", textwrap.wrap(f"{finding.why}{_suspects(finding)}", _WIDTH - 12)),
        ("console", textwrap.wrap(finding.console or _UNNOTICED, _WIDTH - 12)),
        ("mend", textwrap.wrap(finding.mend, _WIDTH - 12)),
        ("about", [", ".join(requirements_of(finding)) or "no requirement of the catalogue"]),
        ("replay", [*commands_of(finding)]),
    ]
    head = f"{number}. {finding.title} [{finding.cause}, {finding.sure}{often}]"
    return [head, *(line for name, found in parts for line in _part(name, found))]


_UNNOTICED = "nothing, or nothing that points here: the request counted as done"


def _part(name: str, lines: Iterable[str]) -> list[str]:
    return [f"   {name if first else '':8} {line}" for first, line in _first(lines)]


def _first(lines: Iterable[str]) -> list[tuple[bool, str]]:
    return [(number == 0, line) for number, line in enumerate(lines)]


def _step(finding: Finding) -> str:
    if not finding.replay.scenario:
        return "none of a profile's: replay it by hand"
    return f"{finding.replay.scenario}, {finding.replay.step!r} ({_title(finding.idp)})"


def _suspects(finding: Finding) -> str:
    if not finding.suspects:
        return ""
    return f" Each of these may be what it stumbled over: {'; '.join(finding.suspects)}."


def as_note(diagnosis: Diagnosis) -> str:
    """Return a note to the customer, in the words of the admin console."""
    paragraphs = [f"Hello,\n\nwe looked at {_whose(diagnosis)}."]
    if not diagnosis.findings:
        paragraphs.append(f"{_NOTHING} Every request in it was answered as it should be.")
    paragraphs += [_noted(finding) for finding in diagnosis.findings]
    blind = "\n".join(f"- {each}" for each in diagnosis.blind)
    paragraphs += [f"What this log cannot show:\n{blind}", _PLACEHOLDERS]
    return "\n\n".join(paragraphs)


def _whose(diagnosis: Diagnosis) -> str:
    known = [
        f"{'probably ' if each.sure is not Sure.CERTAIN else ''}{_title(each.idp)}"
        for each in diagnosis.recognised
        if each.idp
    ]
    sender = f" of the provisioning from {' and '.join(known)}" if known else ""
    return f"the log{sender} ({diagnosis.format_title}, {diagnosis.entries} entries)"


def _noted(finding: Finding) -> str:
    often = f" It happened {finding.times} times." if finding.times > 1 else ""
    doubt = {Sure.CERTAIN: "", Sure.LIKELY: " (most likely)"}.get(finding.sure, " (possibly)")
    shows = (
        f"Your admin console shows: {finding.console}"
        if finding.console
        else "Your admin console shows nothing of it."
    )
    return "\n".join(
        [
            f"What went wrong{doubt}: {finding.title}{often}",
            finding.shown[-1],
            shows,
            finding.why,
            f"What helps: {finding.mend}",
        ]
    )


def as_json(diagnosis: Diagnosis) -> dict[str, Json]:
    """Return a diagnosis as one JSON object."""
    return {
        "format": FORMAT,
        "log": diagnosis.format,
        "entries": diagnosis.entries,
        "others": diagnosis.others,
        "unread": diagnosis.unread,
        "left_off": diagnosis.left_off,
        "idps": [
            {"idp": each.idp or None, "sure": str(each.sure), "signs": list(each.signs)}
            for each in diagnosis.recognised
        ],
        "findings": [_as_json(finding) for finding in diagnosis.findings],
        "cannot_show": list(diagnosis.blind),
    }


def _as_json(finding: Finding) -> dict[str, Json]:
    replay = finding.replay
    return {
        "cause": finding.cause,
        "title": finding.title,
        "sure": str(finding.sure),
        "times": finding.times,
        "idp": finding.idp or None,
        "scenario": replay.scenario or None,
        "step": replay.step or None,
        "dialect": replay.dialect or None,
        "variant": replay.variant or None,
        "entry": finding.entry,
        "where": list(finding.shown),
        "why": finding.why,
        "suspects": list(finding.suspects),
        "mend": finding.mend,
        "console": finding.console or None,
        "requirements": list(requirements_of(finding)),
        "commands": list(commands_of(finding)),
    }
