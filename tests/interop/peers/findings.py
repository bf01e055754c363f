"""What a judge found, what it was expected to find, and the difference in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any
from typing import TypeAlias

# A report's JSON, which is looked at as each place needs.
Json: TypeAlias = Any

HERE = Path(__file__).resolve().parent.parent

# What changes from run to run says nothing about the server.
_CHANGING = (
    (re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE), "<id>"),
    (re.compile(r"(?<=/Users/|Groups/)[0-9]+\b"), "<id>"),
    (re.compile(r"127\.0\.0\.1:[0-9]+"), "<server>"),
    (re.compile(r"scimproof-[0-9a-f]{6}(?:-[0-9a-f]{6})?"), "<mark>"),
)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One complaint: which check, about what, how bad, and the judge's words."""

    check: str
    about: str
    status: str
    says: str = ""
    # The judge's whole story, for the person who looks into it; it changes from run to run.
    story: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one judge said of one server; `passes` is None where only the complaints count."""

    findings: frozenset[Finding]
    passes: frozenset[str] | None = None
    # How many results of each verdict there are, for the page; a new case is no surprise.
    counts: Mapping[str, int] | None = field(default=None, compare=False)
    # What the report says of each feature of an identity provider, by dialect.
    features: Mapping[str, Mapping[str, str]] | None = field(default=None, compare=False)
    # What the page of all servers shows of this one.
    column: Json = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome held against the expected one."""

    name: str
    title: str
    counted: str
    surprises: tuple[str, ...]
    # What was found, unless the judge did not come to its end.
    found: Outcome | None = None

    @property
    def as_documented(self) -> bool:
        """Tell whether everything is as the documentation says."""
        return not self.surprises

    def text(self) -> str:
        """Return one line, and one more for each surprise with what to do about them."""
        head = f"{self.title}: {self.counted}, {_number(len(self.surprises), 'surprise')}"
        advice = [] if self.as_documented else [self._advice()]
        return "\n".join([head, *self.surprises, *advice])

    def _advice(self) -> str:
        files = f"tests/interop/expected/{self.name}.json and docs/interop/{self.name}.md"
        return f"  Find out why, then mend the server or say in {files} why it is right."


def steady(text: str) -> str:
    """Return the first line of a text, without ids and ports."""
    line = next(iter(text.strip().splitlines()), "")
    for pattern, instead in _CHANGING:
        line = pattern.sub(instead, line)
    return line.strip()


def expected(name: str) -> Outcome:
    """Read what is documented of a party."""
    document = json.loads(_file(name).read_text("utf-8"))
    passes = document.get("passes")
    return Outcome(
        frozenset(Finding(**each) for each in document["findings"]),
        None if passes is None else frozenset(passes),
        document.get("counts"),
        document.get("features"),
    )


def write(name: str, found: Outcome) -> None:
    """Make an outcome the documented one: one line each, so that a difference is easy to read."""
    parts = []
    if found.counts is not None:
        parts.append(f'  "counts": {json.dumps(dict(sorted(found.counts.items())))}')
    if found.features is not None:
        rows = [f"{json.dumps(key)}: {json.dumps(row)}" for key, row in found.features.items()]
        parts.append('  "features": {\n    ' + ",\n    ".join(rows) + "\n  }")
    if found.passes is not None:
        lines = [json.dumps(each, ensure_ascii=False) for each in sorted(found.passes)]
        parts.append(_array("passes", lines))
    parts.append(_array("findings", [_line(each) for each in sorted(found.findings)]))
    _file(name).write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def _array(name: str, lines: Iterable[str]) -> str:
    return f'  "{name}": [\n    ' + ",\n    ".join(lines) + "\n  ]"


def compare(name: str, title: str, found: Outcome, more: Sequence[str] = ()) -> Verdict:
    """Hold an outcome against the documented one; `more` are surprises of another sort."""
    known = expected(name)
    surprises = (*_new(found, known), *_gone(found, known), *_other(found, known), *more)
    counted = _number(len(found.findings), "finding")
    if found.passes is not None:
        counted = f"{len(found.passes)} checks passed, {counted}"
    return Verdict(name, title, counted, surprises, None if more else found)


def _new(found: Outcome, known: Outcome) -> Iterable[str]:
    for finding in sorted(found.findings - known.findings):
        yield f"  + new: {_line(finding)}{_told(finding)}"
    if found.passes is not None and known.passes is not None:
        for check in sorted(found.passes - known.passes):
            yield f"  + passes, not listed: {json.dumps(check, ensure_ascii=False)}"


def _gone(found: Outcome, known: Outcome) -> Iterable[str]:
    for finding in sorted(known.findings - found.findings):
        yield f"  - documented, not seen: {_line(finding)}"
    if found.passes is not None and known.passes is not None:
        for check in sorted(known.passes - found.passes):
            yield f"  - passed before, not now: {json.dumps(check, ensure_ascii=False)}"


def _other(found: Outcome, known: Outcome) -> Iterable[str]:
    """Name the features of which the report says something else."""
    if found.features is None or known.features is None:
        return
    for feature in sorted({*found.features, *known.features}):
        now, before = found.features.get(feature), known.features.get(feature)
        if now != before:
            yield f"  * {feature}: {json.dumps(before)} before, {json.dumps(now)} now"


def _line(finding: Finding) -> str:
    shown = {
        name: getattr(finding, name)
        for name in ("check", "about", "status", "says")
        if name != "says" or finding.says
    }
    return json.dumps(shown, ensure_ascii=False)


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _told(finding: Finding) -> str:
    if steady(finding.story) == finding.story:
        return ""  # the line above has it all
    return "".join(f"\n      | {line}" for line in finding.story.strip().splitlines())


def _file(name: str) -> Path:
    return HERE / "expected" / f"{name}.json"
