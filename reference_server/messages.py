"""HTTP messages as values: what goes into the application and what comes out.

Nothing in this module knows a socket; the adapters turn bytes into these values and back.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from functools import cached_property
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
Headers: TypeAlias = tuple[tuple[str, str], ...]
# A body that is large comes in parts, which are made while they are sent.
Body: TypeAlias = bytes | Iterable[bytes]


class SharedHeaders(tuple[tuple[str, str], ...]):
    """Headers that many requests have in common, so that sorting them by name pays."""

    @cached_property
    def by_name(self) -> Mapping[str, tuple[str, ...]]:
        """All values by their headers' names in lower case."""
        names = dict.fromkeys(key.lower() for key, _ in self)
        return {name: tuple(v for key, v in self if key.lower() == name) for name in names}


def header_values(headers: Headers, name: str) -> tuple[str, ...]:
    """Return all values of a header, looked up without regard to case."""
    wanted = name.lower()
    if isinstance(headers, SharedHeaders):
        return headers.by_name.get(wanted, ())
    return tuple([value for key, value in headers if key.lower() == wanted])


def header(headers: Headers, name: str) -> str | None:
    """Return the first value of a header, looked up without regard to case, or None."""
    values = header_values(headers, name)
    return values[0] if values else None


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
    """One HTTP response; the adapter adds `Date` and what says where the body ends.

    A body in parts may be gone through once only.
    """

    status: int
    headers: Headers = field(default=())
    body: Body = b""

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        return header(self.headers, name)


def joined(body: Body) -> bytes:
    """Return a body as one piece."""
    return body if isinstance(body, bytes) else b"".join(body)


def whole(response: Response) -> Response:
    """Return a response with its body in one piece, for whoever has to look into it."""
    if isinstance(response.body, bytes):
        return response
    return replace(response, body=joined(response.body))


Handler: TypeAlias = Callable[[Request], Response]


def in_one_piece(handle: Handler) -> Handler:
    """Return a handler whose replies have whole bodies."""
    return lambda request: whole(handle(request))
