"""Reads a HAR 1.2 file: every request with headers, bodies and times."""

from __future__ import annotations

import base64
import json
from binascii import Error as NotBase64
from collections.abc import Mapping

from idp_profiles.model import Json

from .model import Hit
from .model import Log
from .model import Unreadable
from .places import place_of
from .times import moment

MOST = 200_000


def looks_so(document: Json) -> bool:
    """Tell whether a JSON document is a HAR file."""
    log = document.get("log") if isinstance(document, dict) else None
    return isinstance(log, dict) and isinstance(log.get("entries"), list)


def read(document: Json) -> Log:
    """Return the log; entries that are none of a SCIM server are counted and left aside."""
    entries = _list(_object(_object(document).get("log")).get("entries"))
    hits: list[Hit] = []
    others = unread = 0
    for number, entry in enumerate(entries[:MOST], start=1):
        try:
            hit = _hit(number, _object(entry))
        except Unreadable:
            unread += 1
            continue
        if hit is None:
            others += 1
        else:
            hits.append(hit)
    ordered = sorted(hits, key=lambda hit: (hit.when is None, hit.when or 0.0, hit.number))
    # Some recorders write entries in the order in which the replies came.
    hits = ordered if all(hit.when is not None for hit in hits) else hits
    left = max(0, len(entries) - MOST)
    return Log(format="har", hits=tuple(hits), others=others, unread=unread, left_off=left)


def _hit(number: int, entry: Mapping[str, Json]) -> Hit | None:
    request, response = _object(entry.get("request")), _object(entry.get("response"))
    method, url = request.get("method"), request.get("url")
    if not isinstance(method, str) or not isinstance(url, str):
        raise Unreadable("an entry has no request")
    place = place_of(url)
    if place is None:
        return None
    headers = _headers(request.get("headers"))
    text = _text(_object(response.get("content")))
    took = entry.get("time")
    return Hit(
        number=number,
        when=moment(entry.get("startedDateTime")),
        method=method.upper(),
        place=place,
        status=_status(response.get("status")),
        request_headers=headers,
        agent=headers.get("user-agent", ""),
        sent=_json(_object(request.get("postData")).get("text")),
        got=_json(text),
        got_text=text or "",
        reply_headers=_headers(response.get("headers")),
        seconds=took / 1000 if isinstance(took, int | float) and took >= 0 else None,
    )


def _status(value: Json) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _headers(value: Json) -> dict[str, str]:
    found: dict[str, str] = {}
    for header in map(_object, _list(value)):
        name, text = header.get("name"), header.get("value")
        if isinstance(name, str) and isinstance(text, str):
            found[name.lower()] = text
    return found


def _text(content: Mapping[str, Json]) -> str | None:
    text = content.get("text")
    if not isinstance(text, str):
        return None
    if content.get("encoding") != "base64":
        return text
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", errors="replace")
    except (NotBase64, ValueError):
        return text


def _json(text: Json) -> Json:
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        parsed: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed
