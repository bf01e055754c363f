"""Tells by its content which log a file is, and reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from idp_profiles.model import Json

from . import access_log
from . import exports
from . import har
from .model import Log
from .model import Unreadable
from .text_files import read_text


@cache
def blindness() -> Mapping[str, Mapping[str, object]]:
    """Return title and blind spots of each format, by its name."""
    text = files(__package__ or "").joinpath("formats.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, object]] = json.loads(text)
    return found


def titles() -> str:
    """Return what can be read, as it is called."""
    return ", ".join(str(known["title"]) for known in blindness().values())


def read_log(path: Path) -> Log:
    """Return what a file shows; raises Unreadable with the reason."""
    text, cut = read_text(path)
    text = text.lstrip("\ufeff")
    log = _json_log(text, cut=cut) if text.lstrip()[:1] in ("{", "[") else _text_log(text)
    if log is None:
        raise Unreadable(f"its format is none of those that are known: {titles()}")
    if not log.hits and not log.events:
        raise Unreadable(
            f"nothing in it speaks of a SCIM server ({log.others} other entries, "
            f"{log.unread} that cannot be read)"
        )
    return log


def _text_log(text: str) -> Log | None:
    if access_log.looks_so(text):
        return access_log.read(text)
    table = exports.table_of(text)
    return exports.read_table(table[1], table[0]) if table else None


def _json_log(text: str, *, cut: bool) -> Log | None:
    document = _document(text)
    if document is None:
        why = "it is too long; cut out the time of the trouble" if cut else "its JSON is broken"
        raise Unreadable(why)
    if har.looks_so(document):
        return har.read(document)
    records = exports.records_of(document)
    export = exports.export_of(records)
    if export is None and isinstance(document, list) and not document:
        raise Unreadable("it holds no entry")
    return exports.read(records, export) if export else None


def _document(text: str) -> Json:
    """Return a JSON document, or the list of those that stand one on a line; None for neither."""
    try:
        whole: Json = json.loads(text)
    except (ValueError, RecursionError):
        lines = [line for line in text.splitlines() if line.strip()]
        read = [_line(line) for line in lines]
        found = [value for value in read if isinstance(value, dict)]
        return list(found) if len(lines) > 1 and 2 * len(found) >= len(lines) else None
    return whole


def _line(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value
