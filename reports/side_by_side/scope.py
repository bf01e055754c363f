"""What makes two reports less comparable: another target, other choices, other versions."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass

from reports import view
from reports.model import Report
from reports.model import Target
from reports.reading import Json
from reports.wording import wording

# Options by which the cases of a run are chosen. What only decides the exit status is not here.
_CHOICES = ("idp", "suite", "only", "dialect", "product", "large", "keyword", "marks", "paths")
_EMBEDDED = "the embedded reference server"
_DEVIATION = "deviation"
_SETTLING = ("settle", "timeout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing in which two runs differ, and what that means for a reader.

    `is_grave` says that the reports may not speak of the same thing at all.
    """

    what: str
    means: str
    is_grave: bool = False


def differences(old: Report, new: Report, matched: int) -> tuple[Difference, ...]:
    """Return in what two runs differ beside their results, the gravest first."""
    found = [
        *_of_targets(old, new, matched),
        *_of_runs(old, new),
        *_of_choices(old.run.options, new.run.options),
        *_of_versions(old, new),
    ]
    return tuple(sorted(found, key=lambda each: not each.is_grave))


def _difference(key: str, *, is_grave: bool = False, **values: object) -> Difference:
    words = wording("compare")
    return Difference(
        what=words(f"scope.{key}.what", **values),
        means=words(f"scope.{key}.means", **values),
        is_grave=is_grave,
    )


def _of_targets(old: Report, new: Report, matched: int) -> Iterator[Difference]:
    before, after = old.target, new.target
    if _place(before) != _place(after):
        yield _difference("target", is_grave=True, old=_place(before), new=_place(after))
    elif before.software != after.software:
        yield _difference("software", old=_said(before.software), new=_said(after.software))
    if view.is_simulated(old) != view.is_simulated(new):
        which = wording("compare")("old" if view.is_simulated(old) else "new")
        yield _difference("simulated", is_grave=True, which=which)
    for which, report in (("old", old), ("new", new)):
        if report.target.trouble:
            why = view.one_line(report.target.trouble)
            yield _difference("trouble", is_grave=True, which=wording("compare")(which), why=why)
    if old.results and new.results and not matched:
        yield _difference("nothing", is_grave=True)


def _place(target: Target) -> str:
    """Return what was tested; the port of a server of our own changes with every run."""
    if target.software == _EMBEDDED:
        return _EMBEDDED
    return view.one_line(target.url or wording("compare")("in_process"), 200)


def _of_runs(old: Report, new: Report) -> Iterator[Difference]:
    if old.run.id == new.run.id:
        yield _difference("same_run", is_grave=True)
    elif new.run.started < old.run.started:
        yield _difference("order", is_grave=True)
    for which, report in (("old", old), ("new", new)):
        if report.run.interrupted:
            yield _difference("interrupted", which=wording("compare")(which))


def _of_choices(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Difference]:
    for name in (*_CHOICES, _DEVIATION, *_SETTLING):
        before, after = _said(old.get(name)), _said(new.get(name))
        if before != after:
            kind = "choice" if name in _CHOICES else name if name == _DEVIATION else "settling"
            yield _difference(kind, option=f"--{name}", old=before, new=after)


def _of_versions(old: Report, new: Report) -> Iterator[Difference]:
    before, after = _versions(old), _versions(new)
    for name in before:
        # A report of an earlier version says less about itself, which is no difference.
        if name in after and before[name] != after[name]:
            shown = _said(before[name]), _said(after[name])
            yield _difference("version", name=view.one_line(name, 60), old=shown[0], new=shown[1])


def _versions(report: Report) -> dict[str, Json]:
    """Return the versions that decide verdicts, each IdP's by its name."""
    versions = report.run.versions
    profiles = versions.get("profiles")
    found: dict[str, Json] = {"scimproof": report.run.version}
    found |= {"catalogue": versions["catalogue"]} if "catalogue" in versions else {}
    return found | (profiles if isinstance(profiles, dict) else {})


def _said(value: Json) -> str:
    """Return a setting as a reader would say it."""
    if isinstance(value, list):
        value = ", ".join(sorted(map(view.compact, value)))
    if value in (None, "", False):
        return wording("compare")("unset")
    return view.one_line(view.compact(value), 200)
