"""Why no reply came, in plain words."""

from __future__ import annotations

import ssl

import requests

_WORDS = (
    ("refused", "the connection was refused"),
    ("resolve", "the host name cannot be resolved"),
    ("not HTTP", "the reply is not HTTP"),
    ("Content-Length", "the reply says two lengths"),
    ("no header", "a line among the headers of the reply is no header"),
    ("cannot be unpacked", "the body is not compressed as it says"),
    ("decod", "the body is not compressed as it says"),
    ("larger than", "the reply is larger than anybody takes"),
)


_LATE = ("timed out", "time of the request is over", "did not answer")
# How a TLS connection is said to end that a server cut without telling why.
_CUT = ("eof occurred in violation", "unexpected eof while reading")


def hung(trouble: Exception) -> bool:
    """Return whether a request waited for its reply until its time was over."""
    if isinstance(trouble, requests.Timeout) or isinstance(trouble.__cause__, TimeoutError):
        return True
    # In the middle of a body `requests` calls a time-out a broken connection.
    said = str(trouble)
    return any(words in said for words in _LATE)


def refused(trouble: BaseException) -> bool:
    """Return whether nothing listened: then the request was never sent."""
    seen: BaseException | None = trouble
    while seen is not None and not isinstance(seen, ConnectionRefusedError):
        # urllib3 keeps what happened at last as the reason of having tried too often.
        inner = getattr(seen.args[0], "reason", None) if seen.args else None
        known = inner if isinstance(inner, BaseException) else None
        seen = known or seen.__cause__ or seen.__context__
    return seen is not None


def is_luck(trouble: Exception) -> bool:
    """Return whether the same request may well have its reply the next time."""
    if hung(trouble):
        return False
    if isinstance(trouble, requests.exceptions.SSLError) or _is_tls(trouble):
        return is_cut(trouble)
    said = str(trouble)
    return not any(word in said for word, _ in _WORDS)


def is_cut(trouble: Exception) -> bool:
    """Return whether a server ended TLS without a word, or its word was lost on the way.

    A client that still writes to a connection that is closed already never reads the alert that
    came before (RFC 8446 section 6).
    """
    said = str(trouble).lower()
    return any(words in said for words in _CUT)


def _is_tls(trouble: Exception) -> bool:
    return isinstance(trouble.__cause__, ssl.SSLError)


def why(trouble: Exception) -> str:
    """Return what happened in place of a reply."""
    if hung(trouble):
        return "no reply in time"
    if isinstance(trouble, requests.exceptions.SSLError):
        return "TLS failed"
    said = str(trouble)
    known = next((plain for word, plain in _WORDS if word in said), "")
    return known or "the connection broke before the reply was complete"
