"""What the transcript has to say about a report: the file of all exchanges against its evidence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from reports import view
from reports.model import Report
from reports.model import Result
from reports.reading import Json
from reports.reading import ReportError
from reports.wording import wording

from .transcript import transcript_proof
from .verify import Check
from .verify import judged

TRANSCRIPT = "transcript.jsonl"

# The lengths at which a report cuts a body: of a finding, and of what other cases looked at too.
_CUTS = (4_000, 0)
_CUT = re.compile(r"… \([\d,]+ characters in all\)\Z")


def check_transcript(report: Report, directory: Path, *, needed: bool = True) -> Iterator[Check]:
    """Return the checks of the transcript beside a report, and of the report's evidence by it.

    `needed` False says that a missing transcript is no surprise.
    """
    say = wording("verify")
    path = directory / _name(report)
    if not path.is_file() and not needed:
        yield Check("transcript", None, say("transcript.left"))
    elif not path.is_file() and report.transcript is not None:
        yield judged("transcript", [say("transcript.missing", name=path.name)])
    elif report.transcript is None:
        yield Check("transcript", None, say("transcript.none"))
    else:
        yield _same_file(report, path)
    if not path.is_file():
        yield Check("evidence", None, say("evidence.unknown"))
        return
    seen: set[str] = set()
    yield _read(report, path, seen)
    yield _compared(report, seen)


def _name(report: Report) -> str:
    """Return the name of the transcript; a name is no path, whoever wrote the report."""
    said = report.transcript.get("file") if report.transcript else None
    return Path(said).name if isinstance(said, str) else TRANSCRIPT


def _same_file(report: Report, path: Path) -> Check:
    there, said = transcript_proof(path), report.transcript or {}
    wrong = [
        wording("verify")("first.part", part=part, there=there[part], said=said.get(part))
        for part in ("bytes", "lines", "sha256")
        if said.get(part) != there[part]
    ]
    return judged("transcript", wrong, **there)


def _read(report: Report, path: Path, seen: set[str]) -> Check:
    """Return whether each line is an exchange, and remember each form of it that may be shown."""
    say, wrong, torn, count = wording("verify"), [], 0, 0
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                exchange = _parsed(line)
                count += exchange is not None
                if exchange is not None:
                    seen.update(_forms(exchange))
                elif line.strip():
                    torn += line.startswith(b"{")
                    wrong.append(say("first.line", number=number))
    except OSError as error:
        raise ReportError(f"cannot read {str(path)!r}: {error.strerror}") from error
    if report.run.interrupted and wrong and torn == len(wrong):
        return Check("lines", True, say("lines.torn", count=count, torn=torn))
    return judged("lines", wrong, count=count)


def _parsed(line: bytes) -> dict[str, Json] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and isinstance(value.get("request"), dict) else None


def _compared(report: Report, seen: set[str]) -> Check:
    wrong, count = [], 0
    for result in report.results:
        for exchange in view.exchanges(result):
            count += 1
            if _form(exchange) not in seen:
                wrong.append(_told(result, exchange))
    return judged("evidence", wrong, count=count)


def _told(result: Result, exchange: dict[str, Json]) -> str:
    request, response = view.part(exchange, "request"), view.part(exchange, "response")
    known = {"case": result.case, "method": request.get("method"), "target": request.get("target")}
    shown = {name: view.one_line(str(value), 120) for name, value in known.items()}
    return wording("verify")("first.exchange", status=response.get("status"), **shown)


def _forms(exchange: dict[str, Json]) -> Iterator[str]:
    """Return the forms in which a report may show an exchange of the transcript."""
    for limit in _CUTS:
        yield _form(
            {
                **exchange,
                "request": _shortened(exchange.get("request"), limit),
                "response": _shortened(exchange.get("response"), limit),
            }
        )


def _form(exchange: dict[str, Json]) -> str:
    """Return what is the same of an exchange in report and transcript, as one text."""
    members = ("request", "response", "error", "scenario", "step", "milliseconds")
    return json.dumps([exchange.get(name) for name in members], sort_keys=True)


def _shortened(message: Json, limit: int) -> Json:
    """Return a request or response with its body cut; without a body there is no room for more."""
    if not isinstance(message, dict):
        return message
    headers = message.get("headers") if limit else []
    return {**message, "headers": headers, "body": _cut(message.get("body"), limit)}


def _cut(body: Json, limit: int) -> Json:
    if body is None:
        return None
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    if len(text) <= limit:
        return body
    # A body that is cut already tells its whole length, which stays what it was.
    told = _CUT.search(text) if isinstance(body, str) else None
    return f"{text[:limit]}{told[0] if told else f'… ({len(text):,} characters in all)'}"
