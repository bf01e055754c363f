"""Recordings as files: a first line that says what it is, then one exchange a line."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from idp_profiles.model import Headers
from idp_profiles.model import Json

from .har import exchanges_of
from .recorded import Content
from .recorded import Recorded
from .recorded import RecordedReply
from .recorded import Recording
from .recorded import TrafficError
from .redaction import Raw
from .redaction import Redactor

FORMAT = "scimproof-traffic/1"
_LARGEST = 512 * 1024 * 1024


class Writer:
    """Redacts exchanges and appends them; each line is whole before the next one begins."""

    def __init__(self, path: Path) -> None:
        try:
            # Nobody else may read it, and no recording is overwritten.
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise TrafficError(f"{str(path)!r} exists already; name another file") from None
        except OSError as error:
            raise TrafficError(f"{str(path)!r} cannot be written: {error.strerror}") from None
        self._file = os.fdopen(number, "w", encoding="utf-8")
        self._lock = Lock()
        self._redactor = Redactor()
        self.count = 0
        self.failure = ""
        self._line({"format": FORMAT, "started": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"})

    def write(self, raw: Raw) -> Recorded:
        """Write one exchange and return it as it was written."""
        with self._lock:
            self.count += 1
            recorded = self._redactor.exchange(self.count, raw)
            if not self._file.closed and not self.failure:
                self._line(as_json(recorded))
            return recorded

    def close(self) -> None:
        """Close the file; what comes later is not written."""
        # What could not be written once cannot be written now.
        with self._lock, contextlib.suppress(OSError):
            self._file.close()

    def _line(self, record: Mapping[str, Json]) -> None:
        try:
            self._file.write(json.dumps(record) + "\n")
            self._file.flush()
        except OSError as error:
            self.failure = f"the recording cannot be written: {error.strerror}"


def as_json(recorded: Recorded) -> dict[str, Json]:
    """Return an exchange as it stands in the file."""
    reply = recorded.reply
    return {
        "number": recorded.number,
        "at": recorded.at,
        "elsewhere": recorded.elsewhere,
        "request": {
            "method": recorded.method,
            "target": recorded.target,
            **_message(recorded.headers, recorded.content),
        },
        "response": None
        if reply is None
        else {"status": reply.status, **_message(reply.headers, reply.content)},
        "error": recorded.error,
    }


def _message(headers: Headers, content: Content) -> dict[str, Json]:
    body: dict[str, Json] = {"form": content.form, "bytes": content.size}
    if content.form in {"json", "form"}:
        body["content"] = content.body
    if content.why:
        body["why"] = content.why
    return {"headers": [[name, value] for name, value in headers], "body": body}


def read(path: Path) -> Recording:
    """Read a recording or a HAR file; raises TrafficError naming the line that is wrong."""
    try:
        if path.stat().st_size > _LARGEST:
            raise TrafficError(f"{str(path)!r} is larger than {_LARGEST} bytes")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise TrafficError(f"{str(path)!r} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TrafficError(f"{str(path)!r} is not UTF-8 text") from None
    try:
        first = _parsed(text.partition("\n")[0])
    except (ValueError, RecursionError):
        first = None  # a HAR file is one object over many lines
    if isinstance(first, dict) and "format" in first:
        return _lines(path, text, first)
    return _har(path, text)


def _lines(path: Path, text: str, first: dict[str, Any]) -> Recording:
    if first["format"] != FORMAT:
        raise TrafficError(f"{str(path)!r} has the format {first['format']!r}; known: {FORMAT}")
    entries = []
    # What follows the last line end was cut off: by a crash, or by a disk that was full.
    for number, line in enumerate(text.split("\n")[1:-1], start=2):
        try:
            entries.append(_entry(_parsed(line)))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise TrafficError(f"{str(path)!r}, line {number}: {_reason(error)}") from None
    entries.sort(key=lambda one: one.at)
    return Recording("proxy", tuple(entries))


def _har(path: Path, text: str) -> Recording:
    try:
        har = _parsed(text)
    except (ValueError, RecursionError) as error:
        why = f"{str(path)!r} is neither a recording nor a HAR file: {_reason(error)}"
        raise TrafficError(why) from None
    redactor = Redactor()
    raws = exchanges_of(har, str(path))
    entries = [redactor.exchange(number, raw) for number, raw in enumerate(raws, start=1)]
    return Recording("har", tuple(entries))


def _parsed(text: str) -> Any:  # noqa: ANN401 # JSON of any shape, checked by whoever takes it
    return json.loads(text)


def _entry(given: Any) -> Recorded:  # noqa: ANN401 # JSON of any shape, checked here
    request, response = given["request"], given["response"]
    return Recorded(
        number=_whole(given["number"]),
        at=float(given["at"]),
        method=_text(request["method"]),
        target=_text(request["target"]),
        headers=_headers(request["headers"]),
        content=_content(request["body"]),
        reply=None
        if response is None
        else RecordedReply(
            _whole(response["status"]), _headers(response["headers"]), _content(response["body"])
        ),
        error=_text(given["error"]),
        elsewhere=given["elsewhere"] is True,
    )


def _headers(given: Any) -> Headers:  # noqa: ANN401 # JSON of any shape, checked here
    return tuple((_text(name), _text(value)) for name, value in given)


def _content(given: Any) -> Content:  # noqa: ANN401 # JSON of any shape, checked here
    form = _text(given["form"])
    if form not in {"none", "json", "form", "hidden"}:
        raise ValueError(f"a body has no form {form!r}")
    return Content(form, _whole(given["bytes"]), given.get("content"), _text(given.get("why", "")))


def _text(given: Any) -> str:  # noqa: ANN401 # JSON of any shape, checked here
    if not isinstance(given, str):
        raise TypeError(f"{str(given)[:40]!r} stands where a text is needed")
    return given


def _whole(given: Any) -> int:  # noqa: ANN401 # JSON of any shape, checked here
    if not isinstance(given, int) or isinstance(given, bool):
        raise TypeError(f"{str(given)[:40]!r} stands where a whole number is needed")
    return given


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no member {error.args[0]!r}"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error) or type(error).__name__
