"""What may leave in a run that changes nothing."""

from __future__ import annotations

from collections.abc import Iterable

from idp_profiles.model import Headers
from suites.verdicts import NotOffered

READ_ONLY = "the run is read-only"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_SEARCH = "/.search"
# Some frameworks take these for the method that is meant.
_OVERRIDES = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
_PARAMETERS = ("_method=", "method=")


def check(
    method: str, target: str, headers: Headers, token_urls: Iterable[str], body: bytes | None
) -> None:
    """Raise NotOffered for a request that could change something.

    Only reads leave, searches by POST, and what buys a token at one of the endpoints named.
    """
    path, _, query = target.partition("?")
    if method == "POST" and path in token_urls:
        return
    reads = method in _READS or (method == "POST" and path.endswith(_SEARCH))
    disguised = any(name.lower() in _OVERRIDES for name, _ in headers) or any(
        part.lower().startswith(_PARAMETERS) for part in query.split("&")
    )
    if not reads or disguised or (body and method != "POST"):
        raise NotOffered(READ_ONLY)
