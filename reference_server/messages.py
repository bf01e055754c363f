"""HTTP messages as values: what goes into the application and what comes out.

Nothing in this module knows a socket; the adapters turn bytes into these values and back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
Headers: TypeAlias = tuple[tuple[str, str], ...]


def header(headers: Headers, name: str) -> str | None:
    """Return the first value of a header, looked up without regard to case, or None."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, with the body complete.

    `path` is the raw (still percent-encoded) path and `query` the raw query string without `?`.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        return header(self.headers, name)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response; the adapter adds `Content-Length` and `Date`."""

    status: int
    headers: Headers = field(default=())
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        return header(self.headers, name)


Handler: TypeAlias = Callable[[Request], Response]
