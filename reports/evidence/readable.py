"""An exchange as people read it: the request, then the reply, as they went over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping

from reports import view
from reports.reading import Json

_MOST_HEADERS = 40


def exchange_text(exchange: Mapping[str, Json], limit: int = 4_000) -> str:
    """Return one exchange as text of several lines, each body cut at `limit` characters."""
    return "\n".join(
        [
            *_request(view.part(exchange, "request"), limit),
            "",
            *_response(exchange, limit),
        ]
    )


def _request(request: Mapping[str, Json], limit: int) -> Iterator[str]:
    sent = f"{request.get('method', '?')} {request.get('target', '?')}"
    yield view.one_line(sent, 2_000)
    yield from _rest(request, limit)


def _response(exchange: Mapping[str, Json], limit: int) -> Iterator[str]:
    response = view.part(exchange, "response")
    if not response:
        yield f"no reply: {view.one_line(str(exchange.get('error') or 'nothing is known'))}"
        return
    yield f"status {view.one_line(str(response.get('status')), 20)}"
    yield from _rest(response, limit)


def _rest(part: Mapping[str, Json], limit: int) -> Iterator[str]:
    """Return headers and body."""
    headers = part.get("headers")
    for header in headers[:_MOST_HEADERS] if isinstance(headers, list) else ():
        if isinstance(header, list) and len(header) == 2:
            yield view.one_line(f"{header[0]}: {header[1]}", 500)
    body = view.pretty(part.get("body"))
    if body:
        # Nobody reads a megabyte, so none is cleaned.
        beyond = len(body) - limit
        more = [f"… ({beyond:,} characters more)"] if beyond > 0 else []
        yield from ("", *view.visible(body[:limit]).split("\n"), *more)
