"""Reads what an IdP exports of its own log, JSON or CSV, by descriptions that are data.

A description names the members that hold time, result, code and text. The columns of a CSV are
compared without blanks, underscores and capitals, because their titles changed over the years.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from idp_profiles.model import Json

from .model import Event
from .model import Log
from .model import Unreadable
from .times import moment

MOST = 200_000
_SEGMENT = re.compile(r"^(?P<name>[^\[]+)(?:\[(?P<key>\w+)=(?P<value>\w+)\])?$")

Record = Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """How one IdP's export is built; each list of members holds the known places, best first."""

    format: str
    idp: str
    needs: tuple[tuple[str, ...], ...]
    columns: tuple[tuple[str, ...], ...]
    when: tuple[str, ...]
    result: tuple[str, ...]
    results: Mapping[str, str]
    code: tuple[str, ...]
    words: tuple[str, ...]
    action: tuple[str, ...]
    steps: tuple[str, ...]
    kind: tuple[str, ...]
    subject: tuple[str, ...]
    moves: tuple[tuple[str, str], ...]
    about: str = ""
    wrapped_in: str = ""


@cache
def known() -> tuple[Export, ...]:
    """Return every export that can be read."""
    text = files(__package__ or "").joinpath("exports.json").read_text(encoding="utf-8")
    return tuple(
        Export(**{key: _frozen(value) for key, value in raw.items()}) for raw in json.loads(text)
    )


def _frozen(value: Any) -> Any:  # noqa: ANN401 # JSON of our own
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def records_of(document: Json) -> list[Record]:
    """Return the records of a document: a list, or one below `value`, as Graph answers."""
    if isinstance(document, dict):
        inner = document.get("value", document.get("events"))
        document = inner if isinstance(inner, list) else [document]
    if not isinstance(document, list):
        return []
    return [record for record in document if isinstance(record, dict)]


def export_of(records: Iterable[Record]) -> Export | None:
    """Return the export that the first records belong to, or None."""
    for number, record in enumerate(records):
        if number == 20:
            break
        for export in known():
            if _fits(_unwrapped(record, export), export):
                return export
    return None


def _fits(record: Record, export: Export) -> bool:
    return all(any(name in record for name in names) for names in export.needs)


def _unwrapped(record: Record, export: Export) -> Record:
    inner = record.get(export.wrapped_in) if export.wrapped_in else None
    return inner if isinstance(inner, dict) else record


def read(records: Iterable[Record], export: Export) -> Log:
    """Return the log of an export; what is no provisioning event is counted and left aside."""
    events: list[Event] = []
    others = unread = left = 0
    for number, raw in enumerate(records, start=1):
        record = _unwrapped(raw, export)
        if not _fits(record, export):
            unread += 1
        elif export.about and not re.search(export.about, _first(record, export.code)):
            others += 1
        elif len(events) < MOST:
            events.append(_event(number, record, export))
        else:
            left += 1
    events.sort(key=lambda event: (event.when is None, event.when or 0.0))
    return Log(
        format=export.format,
        events=tuple(events),
        idp=export.idp,
        others=others,
        unread=unread,
        left_off=left,
    )


def table_of(text: str) -> tuple[Export, list[Record]] | None:
    """Return the export and the rows of a CSV, or None for a text that is none of them."""
    head = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(text.lstrip("\ufeff").splitlines(), delimiter=delimiter)
    try:
        names = [_plain(name) for name in next(rows, [])]
        for export in known():
            if export.columns and all(set(names) & set(wanted) for wanted in export.columns):
                return export, [dict(zip(names, row, strict=False)) for row in rows if any(row)]
    except csv.Error as error:
        raise Unreadable(f"it is no whole CSV ({error})") from None
    return None


def read_table(rows: Iterable[Record], export: Export) -> Log:
    """Return the log of a CSV."""
    events = [_event(number, row, export) for number, row in enumerate(rows, start=2)]
    events.sort(key=lambda event: (event.when is None, event.when or 0.0))
    return Log(
        format=f"{export.format}-csv",
        events=tuple(events[:MOST]),
        idp=export.idp,
        left_off=max(0, len(events) - MOST),
    )


def _event(number: int, record: Record, export: Export) -> Event:
    kind, step = _first(record, export.kind), _failing_step(record, export)
    spoken = f"{kind} {_first(record, export.action)} {step}".lower()
    result = _first(record, export.result).lower()
    move = next(move for pattern, move in export.moves if re.search(pattern, spoken))
    return Event(
        number=number,
        when=moment(_first(record, export.when)),
        move=move,
        result=export.results.get(result, "skipped"),
        code=_first(record, export.code),
        words="\n".join(filter(None, (_one(record, path) for path in export.words))),
        subject=_first(record, export.subject),
        is_group="group" in move,
    )


def _failing_step(record: Record, export: Export) -> str:
    """Return kind and name of the step that failed, where the export tells steps apart."""
    for path in export.steps:
        steps = record.get(path)
        for step in steps if isinstance(steps, list) else ():
            if isinstance(step, dict) and str(step.get("status", "")).lower() == "failure":
                return f"{step.get('provisioningStepType', '')} {step.get('name', '')}"
    return ""


def _first(record: Record, paths: Iterable[str]) -> str:
    return next(filter(None, (_one(record, path) for path in paths)), "")


def _one(record: Record, path: str) -> str:
    """Return the text at a path; of a list, the first element that the path selects."""
    value: Json = record.get(_plain(path))
    if isinstance(value, str):
        return value.strip()
    value = dict(record)
    for segment in path.split("."):
        found = _SEGMENT.match(segment)
        if found is None or not isinstance(value, dict):
            return ""
        value = value.get(found.group("name"))
        if isinstance(value, list):
            value = _selected(value, found.group("key"), found.group("value"))
    return value.strip() if isinstance(value, str) else ""


def _selected(values: list[Json], key: str | None, wanted: str | None) -> Json:
    objects = [value for value in values if isinstance(value, dict)]
    if key is None:
        return objects[0] if objects else None
    return next((value for value in objects if value.get(key) == wanted), None)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
