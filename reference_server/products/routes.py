"""Routes of a product's own interface: `GET /v1/users/{userId}` → who answers it."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic
from typing import TypeVar
from urllib.parse import parse_qs
from urllib.parse import unquote

from reference_server.http_rules import MAX_BODY
from reference_server.http_rules import PLAIN_JSON
from reference_server.http_rules import read_body
from reference_server.json_text import dump
from reference_server.messages import Headers
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

T = TypeVar("T")


class Refused(Exception):
    """A request that a product's interface refuses; `code` is the product's own number for it."""

    def __init__(self, status: int, message: str, code: int = 0, headers: Headers = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = headers


@dataclass(frozen=True)
class Call:
    """One request to a product's interface, taken apart."""

    request: Request
    parts: Mapping[str, str]

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The parameters of the query; of several values the last."""
        found = parse_qs(self.request.query, keep_blank_values=True)
        return {name: values[-1] for name, values in found.items()}

    @cached_property
    def body(self) -> Mapping[str, Json]:
        """The JSON object in the body."""
        if len(self.request.body) > MAX_BODY:
            raise Refused(413, f"The body is larger than {MAX_BODY} bytes.")
        return read_body(self.request)

    def text(self, name: str, *, longest: int = 250) -> str:
        """Return a text of the body that must be there and not be blank."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            raise Refused(400, f"{name}: expected a text of 1 to {longest} characters.")
        return value.strip()


class Routes(Generic[T]):
    """A table of method and path; `{name}` in a path stands for one segment."""

    def __init__(self, table: Mapping[str, T]) -> None:
        self.keys = tuple(_parted(key) for key in table)
        self._rows = tuple((*_row(*_parted(key)), value) for key, value in table.items())

    def get(self, request: Request, path: str) -> tuple[T, Call] | None:
        """Tell who answers a path, or None."""
        try:
            return self.find(request, path)
        except Refused:
            return None

    def find(self, request: Request, path: str) -> tuple[T, Call]:
        """Return who answers a path, or raise 404, or 405 with the methods that are possible."""
        method = "GET" if request.method == "HEAD" else request.method
        allowed = []
        for known, pattern, value in self._rows:
            match = pattern.fullmatch(path)
            if match is None:
                continue
            if known == method:
                return value, Call(request, {k: unquote(v) for k, v in match.groupdict().items()})
            allowed.append(known)
        if allowed:
            possible = (("Allow", ", ".join(allowed)),)
            raise Refused(405, f"{method:.20} is not possible here.", headers=possible)
        raise Refused(404, f"There is nothing at {path!r:.200}.")


def _parted(key: str) -> tuple[str, str]:
    method, _, path = key.partition(" ")
    return method, path


def _row(method: str, path: str) -> tuple[str, re.Pattern[str]]:
    return method, re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))


def json_reply(status: int, body: Json) -> Response:
    """Return a reply in plain JSON, or without a body if there is none."""
    if body is None:
        return Response(status)
    return Response(status, (("Content-Type", PLAIN_JSON),), dump(body))


Answer = Callable[[Call], Response]
