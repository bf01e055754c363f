"""HAR 1.2 files: the exchanges in them, as they would have been heard on the wire."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from idp_profiles.model import Headers

from .harmless import COLLECTIONS
from .recorded import Heard
from .recorded import TrafficError
from .redaction import Raw

_MOST_KEPT = 8 * 1024 * 1024


def exchanges_of(har: Any, name: str) -> Iterator[Raw]:  # noqa: ANN401 # JSON of any shape
    """Yield the SCIM exchanges of a HAR file in their order; raises TrafficError when it is none.

    What goes to no SCIM endpoint (pages, scripts, pictures) is left out.
    """
    log = har.get("log") if isinstance(har, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise TrafficError(f"{name!r} is JSON, but neither a recording nor a HAR file")
    begun: float | None = None
    for number, entry in enumerate(entries, start=1):
        try:
            moment = _moment(entry["startedDateTime"])
            begun = moment if begun is None else begun
            raw = _raw(entry, max(0.0, moment - begun))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            said = f"no member {error}" if isinstance(error, KeyError) else str(error)
            raise TrafficError(f"{name!r}, entry {number}: {said}") from None
        if raw is not None:
            yield raw


def _raw(entry: Any, at: float) -> Raw | None:  # noqa: ANN401 # JSON of any shape
    request, response = entry["request"], entry["response"]
    target = _target(request["url"])
    if target is None:
        return None
    status = response["status"]
    reply_headers = _headers(response["headers"])
    answered = isinstance(status, int) and status >= 100
    return Raw(
        at=at,
        method=str(request["method"]),
        target=target,
        headers=_headers(request["headers"]),
        body=_posted(request.get("postData")),
        status=status if answered else None,
        # The content of a HAR file is unpacked already.
        reply_headers=tuple(pair for pair in reply_headers if pair[0] != "content-encoding"),
        reply_body=_content(response.get("content")) if answered else Heard(),
        error="" if answered else "no reply was noted",
    )


def _target(url: str) -> str | None:
    """Return what follows the SCIM base URL, or None when the URL leads to no SCIM endpoint."""
    parts = urlsplit(url)
    segments = parts.path.split("/")
    at = next((i for i, one in enumerate(segments) if one.lower() in COLLECTIONS), None)
    if at is None:
        return None
    path = "/" + "/".join(segments[at:])
    return f"{path}?{parts.query}" if parts.query else path


def _headers(given: Any) -> Headers:  # noqa: ANN401 # JSON of any shape
    pairs = ((str(one["name"]).lower(), str(one["value"])) for one in given)
    # HTTP/2 pseudo-headers are no headers of the request.
    return tuple(pair for pair in pairs if not pair[0].startswith(":"))


def _posted(given: Any) -> Heard:  # noqa: ANN401 # JSON of any shape
    if given is None:
        return Heard()
    return _heard(str(given.get("text", "")).encode("utf-8", errors="replace"))


def _content(given: Any) -> Heard:  # noqa: ANN401 # JSON of any shape
    if given is None:
        return Heard()
    text = str(given.get("text", ""))
    if given.get("encoding") == "base64":
        try:
            return _heard(base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError):
            raise ValueError("its content is said to be base64, and is not") from None
    return _heard(text.encode("utf-8", errors="replace"))


def _heard(body: bytes) -> Heard:
    return Heard(body if len(body) <= _MOST_KEPT else None, len(body))


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
