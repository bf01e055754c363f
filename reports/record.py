"""Files in and out: the report, validated against its schema, and logs of one object a line."""

from __future__ import annotations

import errno
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib import resources
from pathlib import Path

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from .model import Report
from .quick_check import without_sound_results
from .reading import Json
from .reading import ReportError
from .redact import Redactor
from .scrub import scrubbed

try:
    import fcntl
except ImportError:  # no such locks on this system, where no two processes write into one log
    fcntl = None  # type: ignore[assignment]

REPORT_NAME = "report.json"

# A run of everything against everything stays far below; a larger file is no report of ours.
_LARGEST = 512 * 1024 * 1024
# A pipe that nobody fills would let open() wait for ever.
_AT_ONCE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_TO_THE_END = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
_DEVICES = ("/dev/", "/proc/")
# Deeper than the redactor lets any evidence be, and shallow enough for every renderer.
_DEEPEST = 100


def write_report(directory: Path, report: Report, redactor: Redactor) -> Path:
    """Write `report.json` into a directory, redacted and validated, and return its path.

    The file appears whole or not at all. Raises ReportError when the report does not fit the
    published schema or the directory cannot be written.
    """
    path = directory / REPORT_NAME
    _write(path, scrubbed(report, redactor).to_json())
    return path


def kept_report(directory: Path, report: Report, redactor: Redactor) -> Report:
    """Write `report.json` and return the report that the file now holds.

    Like `write_report` followed by `read_report`, without looking at the same data twice.
    """
    data = scrubbed(report, redactor).to_json()
    _write(directory / REPORT_NAME, data)
    return Report.from_json(data)


def _write(path: Path, data: Mapping[str, Json]) -> None:
    _validate(data)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, _laid_out(data))
    except OSError as error:
        raise ReportError(f"cannot write {str(path)!r}: {error.strerror}") from error


def read_report(path: Path) -> Report:
    """Return the report that a file holds; raises ReportError, one sentence, for anything else."""
    data = _parsed(path, _content(path))
    try:
        if not isinstance(data, dict):
            raise ReportError(f"a report is a JSON object, found {type(data).__name__}")
        if _is_deeper_than(data, _DEEPEST):
            raise ReportError(f"it is nested deeper than {_DEEPEST} levels")
        _validate(data)
        return Report.from_json(data)
    except ReportError as error:
        raise ReportError(f"{str(path)!r} is no scimproof report: {error}") from error


def read_data(path: Path) -> Json:
    """Return the JSON of a file, whatever it is about; raises ReportError, one sentence."""
    return _parsed(path, _content(path))


def report_at(path: Path) -> Report:
    """Return the report of a file, or of the folder of a run; raises ReportError."""
    return read_report(path / REPORT_NAME if path.is_dir() else path)


def append_jsonl(path: Path, obj: Mapping[str, Json]) -> None:
    """Append one object as a line, in a single unbuffered write, so that a crash tears one line.

    Where an earlier crash left a line without its end, the object starts on a fresh one. Several
    processes write in turn: one that looks while another writes would see a line without its end.
    """
    line = _encoded(dict(obj)) + b"\n"
    log = os.open(path, _TO_THE_END, 0o666)
    try:
        _lock(log)
        size = os.lseek(log, 0, os.SEEK_END)
        if size:
            os.lseek(log, size - 1, os.SEEK_SET)
            if os.read(log, 1) != b"\n":
                line = b"\n" + line
        if os.write(log, line) != len(line):
            raise ReportError(f"cannot write all of a line to {str(path)!r}: is the disk full?")
    finally:
        os.close(log)


def _lock(log: int) -> None:
    """Let no other process write meanwhile; the lock goes with the file, also in a crash."""
    if fcntl is not None:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(log, fcntl.LOCK_EX)


def read_jsonl(path: Path) -> list[dict[str, Json]]:
    """Return the objects of a log, without the line that a crash may have torn.

    A torn line is the beginning of an object, so it never parses; it may stand in the middle when
    a later run went on. Anything else that is no object raises ReportError.
    """
    found = []
    for number, line in enumerate(_content(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            found.append(value)
        elif not line.startswith(b"{"):
            raise ReportError(f"{str(path)!r} line {number} is no JSON object: {line[:60]!r}")
    return found


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that no reader sees half of it.

    What is no file, such as `/dev/stdout`, is written to and never replaced.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if (path.exists() and not path.is_file()) or str(path.absolute()).startswith(_DEVICES):
        with path.open("wb") as stream:
            stream.write(content)
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@cache
def schema() -> dict[str, Json]:
    """Return the published JSON Schema of `report.json`."""
    source = resources.files("reports").joinpath("report.schema.json")
    loaded: dict[str, Json] = json.loads(source.read_text("utf-8"))
    return loaded


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def _validate(data: Mapping[str, Json]) -> None:
    if _validator().is_valid(without_sound_results(data)):
        return
    worst = best_match(_validator().iter_errors(data))
    if worst is None:
        return
    where = "/".join(map(str, worst.absolute_path)) or "the top level"
    said = worst.message if len(worst.message) <= 200 else f"{worst.message[:200]}..."
    raise ReportError(f"at {where}: {said}")


def _laid_out(data: Mapping[str, Json]) -> bytes:
    """Return a report as UTF-8, with a line for each member and for each item of its lists.

    `json` indents in Python code, which takes many times as long as the report itself.
    """
    members = [b" %s: %s" % (_encoded(name), _items(value)) for name, value in data.items()]
    return b"{\n" + b",\n".join(members) + b"\n}\n"


def _items(value: Json) -> bytes:
    if not isinstance(value, list) or not value:
        return _encoded(value)
    return b"[\n  " + b",\n  ".join(map(_encoded, value)) + b"\n ]"


def _encoded(data: Json) -> bytes:
    """Return JSON as UTF-8; a lone surrogate leaves as the JSON escape that it came as."""
    try:
        written = json.dumps(data, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ReportError(f"cannot write this as JSON: {error}") from error
    return written.encode("utf-8", "backslashreplace")


def _content(path: Path) -> bytes:
    try:
        with os.fdopen(os.open(path, _AT_ONCE), "rb") as stream:
            if os.name == "posix":
                os.set_blocking(stream.fileno(), True)
            content = stream.read(_LARGEST + 1)  # a device never ends
    except OSError as error:
        raise ReportError(f"cannot read {str(path)!r}: {error.strerror}") from error
    if len(content) > _LARGEST:
        raise ReportError(f"{str(path)!r} is larger than {_LARGEST // 1024**2} MB")
    return content


def _parsed(path: Path, content: bytes) -> Json:
    try:
        parsed: Json = json.loads(content.decode("utf-8"), parse_constant=_no_constant)
    except RecursionError:
        raise ReportError(f"{str(path)!r} is nested too deeply to be a report") from None
    except ValueError as error:
        raise ReportError(f"{str(path)!r} is not JSON in UTF-8: {error}") from error
    return parsed


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _is_deeper_than(data: Json, levels: int) -> bool:
    """Tell whether JSON is nested deeper, level by level, since recursion is what it may break."""
    level: list[Json] = [data]
    for _ in range(levels):
        inside: list[Json] = []
        for value in level:
            if isinstance(value, dict):
                inside += value.values()
            elif isinstance(value, list):
                inside += value
        level = inside
    return bool(level)
