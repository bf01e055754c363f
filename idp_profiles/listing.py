"""How exchanges look on a terminal: one JSON object a line, or a listing for people."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterable
from http import HTTPStatus
from typing import TypeAlias

from rich.console import Console
from rich.text import Text

from .model import Exchange
from .model import Json
from .recorder import exchange_json

Printer: TypeAlias = Callable[[Exchange], None]
_LONGEST = 4000


def json_printer(console: Console, secrets: Callable[[], Iterable[str]]) -> Printer:
    """Return a printer of one redacted JSON object a line."""

    def show(exchange: Exchange) -> None:
        line = json.dumps(exchange_json(exchange, secrets=secrets()), ensure_ascii=False)
        # The console's file is written directly: nothing may wrap or colour a line of JSON.
        console.file.write(line + "\n")
        console.file.flush()

    return show


def people_printer(console: Console, secrets: Callable[[], Iterable[str]]) -> Printer:
    """Return a printer for people: step, certainty, request, reply."""

    def show(exchange: Exchange) -> None:
        record = exchange_json(exchange, secrets=secrets())
        step, request = exchange.request.step, record["request"]
        said = f"{step.certainty.value}: {', '.join(step.sources)}" if step.sources else ""
        console.print(Text.assemble((step.name, "bold"), ("  " + said, "dim")), soft_wrap=True)
        if isinstance(request, dict):
            _line(console, "  > ", f"{request['method']} {request['target']}", "cyan")
            _body(console, request["body"])
        _reply(console, record)

    return show


def brief_printer(console: Console) -> Printer:
    """Return a printer of one dim line an exchange, for what only prepares the ground."""

    def show(exchange: Exchange) -> None:
        reply = exchange.reply
        ended = "no reply" if reply is None else str(reply.status)
        line = f"  {exchange.request.method} {exchange.request.target} -> {ended}"
        console.print(Text(printable(line), "dim"), soft_wrap=True)

    return show


def _reply(console: Console, record: dict[str, Json]) -> None:
    response = record["response"]
    if not isinstance(response, dict):
        _line(console, "  < ", str(record.get("error", "no reply")), "red")
        return
    status = response["status"]
    good = isinstance(status, int) and status < 400
    _line(console, "  < ", f"{status} {_phrase(status)}", "green" if good else "red")
    _body(console, response["body"])


def _phrase(status: Json) -> str:
    try:
        return HTTPStatus(status).phrase if isinstance(status, int) else ""
    except ValueError:
        return ""


def _body(console: Console, body: Json) -> None:
    if body is None:
        return
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]} ... ({len(text)} characters)"
    _line(console, "    ", text, "")


def _line(console: Console, mark: str, text: str, style: str) -> None:
    console.print(Text.assemble((mark, "dim"), (printable(text), style)), soft_wrap=True)


def printable(text: str) -> str:
    """Return the text without control characters: a reply must not steer the terminal."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
