"""Servers in processes of their own, and clients that talk to them over sockets."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from contextlib import suppress
from http.client import HTTPConnection
from http.client import HTTPException
from pathlib import Path
from typing import Any
from typing import TypeAlias
from urllib.parse import quote
from urllib.parse import urlsplit

import reference_server

# What came out of a JSON reader.
Json: TypeAlias = Any

ROOT = Path(reference_server.__file__).parent.parent
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
WORD = "t0ken"


@contextmanager
def process(
    arguments: Sequence[str], log: Path, **variables: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run Python with arguments, all it says going to a file."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCIM")}
    with log.open("wb") as output:
        started = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**kept, "SCIM_TOKEN": WORD, "PYTHONUNBUFFERED": "1", **variables},
            stdout=output,
            stderr=output,
        )
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def address(started: subprocess.Popen[bytes], log: Path, pattern: re.Pattern[str]) -> str:
    """Wait until a process has said where it listens."""
    while started.poll() is None:
        match = pattern.search(log.read_text("utf-8"))
        if match is not None:
            return match[1]
        with suppress(subprocess.TimeoutExpired):
            started.wait(0.01)
    raise AssertionError(f"the server did not start: {log.read_text('utf-8')}")


@contextmanager
def plain_server(database: Path, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run `python -m reference_server` on a database file; give the process and its URL."""
    arguments = ["-m", "reference_server", "--port", "0", "--db", str(database)]
    with process(arguments, log) as started:
        yield started, address(started, log, re.compile(r"ready at (http://\S+)"))


class Gone(Exception):
    """The server went away before its reply was complete."""


class Client:
    """One client with one connection, which it opens again when the server has closed it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._base = parts.path
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    def call(self, method: str, path: str, body: Json = None, **headers: str) -> tuple[int, Json]:
        """Send a request; return status and content."""
        sent = {"Authorization": f"Bearer {WORD}", "Content-Type": "application/scim+json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = None if body is None else json.dumps(body).encode()
        try:
            self._connection.request(method, self._base + path, content, sent)
            response = self._connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException) as fault:
            self._connection.close()
            raise Gone from fault
        return response.status, json.loads(answer) if answer else None

    def patch(self, path: str, *operations: Json) -> int:
        """Send a PATCH; return its status."""
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return self.call("PATCH", path, body)[0]

    def find(self, endpoint: str, text: str, **parameters: str) -> list[Json]:
        """Return what a filter finds."""
        query = "".join(f"&{name}={value}" for name, value in parameters.items())
        status, body = self.call("GET", f"{endpoint}?filter={quote(text)}{query}")
        assert status == 200, body
        found: list[Json] = body["Resources"]
        assert body["totalResults"] == len(found)
        return found

    def everything(self, endpoint: str) -> list[Json]:
        """Return all resources of a type, page by page."""
        found: list[Json] = []
        while True:
            page = self.call("GET", f"{endpoint}?count=500&startIndex={len(found) + 1}")[1]
            found += page["Resources"]
            if len(found) >= page["totalResults"] or not page["Resources"]:
                assert len(found) == page["totalResults"]
                return found

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
