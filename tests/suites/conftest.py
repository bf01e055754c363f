from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from functools import partial
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

import reference_server
from reference_server.http_adapter import Server
from suites.proving.case_list import Case
from suites.proving.case_list import all_cases
from tests.sizes import sized
from tests.suites.warm import Warm

ROOT = Path(__file__).resolve().parents[2]
WITHIN = float(sized(120, 900))  # seconds that a command may take
# Whatever the person who runs the selftests has set must not reach the runs inside them.
OURS = ("SCIM_", "PYTEST_", "ALLURE_", "COV_")

# What came out of a JSON reader, and is looked at as a test needs.
Json: TypeAlias = Any


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    status: int
    out: str
    err: str
    directory: Path

    @property
    def said(self) -> str:
        return self.out + self.err

    @property
    def report(self) -> Json:
        return json.loads((self.directory / "report.json").read_text(encoding="utf-8"))


def clean_environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **variables}


class Command:
    """Runs `scimproof …` in a folder of its own, with the report in `directory`."""

    def __init__(self, folder: Path, warm: Warm) -> None:
        self.folder = folder
        self.directory = folder / "report"
        self._warm = warm

    def __call__(self, *arguments: str | Path, **variables: str) -> Done:
        words, environment = [*map(str, arguments)], clean_environment(**variables)
        ended = self._warm.run(words, self.folder, environment, WITHIN)
        return self.cold(*words, **variables) if ended is None else Done(*ended, self.directory)

    def cold(self, *arguments: str | Path, **variables: str) -> Done:
        """Run it in an interpreter of its own, as a user does."""
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "scimproof", *map(str, arguments)],
            cwd=self.folder,
            env=clean_environment(**variables),
            capture_output=True,
            text=True,
            timeout=WITHIN,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr, self.directory)

    def run(self, *arguments: str | Path, **variables: str) -> Done:
        return self("run", "--report", self.directory, *arguments, **variables)

    def start(self, *arguments: str | Path, **variables: str) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "scimproof", "run", "--report", self.directory, *arguments]
        return subprocess.Popen(  # noqa: S603 - our own command
            [str(word) for word in words],
            cwd=self.folder,
            env=clean_environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # A run in the background may have inherited deafness to Ctrl-C from its shell.
            preexec_fn=_hear_ctrl_c,
        )


def _hear_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """The process that forks for each command of a worker."""
    process = Warm(tmp_path_factory.mktemp("warm"), clean_environment())
    yield process
    process.end()


@pytest.fixture
def command(tmp_path: Path, warm: Warm) -> Command:
    return Command(tmp_path, warm)


@pytest.fixture(scope="session")
def command_in(warm: Warm) -> Callable[[Path], Command]:
    return partial(Command, warm=warm)


@pytest.fixture(scope="session")
def judged_by(
    command_in: Callable[[Path], Command], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., list[Json]]:
    """Run the cases of some folders with a plugin of ours, and return the results."""

    def run(plugin: str, *places: str) -> list[Json]:
        command = command_in(tmp_path_factory.mktemp("judged"))
        done = command.run("-p", plugin, *(ROOT / each for each in places))
        assert (command.directory / "report.json").exists(), done.said[-4000:]
        results: list[Json] = done.report["results"]
        return results

    return run


@pytest.fixture(scope="session")
def known_cases() -> tuple[Case, ...]:
    """Every case: collecting them takes a second."""
    return tuple(all_cases())


TOKEN = "t0k3n-not/to+be=seen.Zq7"  # noqa: S105 - made up


@pytest.fixture(scope="session")
def token() -> str:
    """A token with characters that URLs and base64 spell differently."""
    return TOKEN


@dataclass
class Recording:
    """A reference server that remembers what it was asked."""

    app: reference_server.Application
    requests: list[reference_server.Request] = field(default_factory=list)
    replies: list[reference_server.Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.base_path = self.app.base_path
        self._lock = threading.Lock()

    def handle(self, request: reference_server.Request) -> reference_server.Response:
        reply = self.app.handle(request)
        with self._lock:
            self.requests.append(request)
            self.replies.append(reply)
        return reply

    def stored(self) -> dict[str, int]:
        """How many resources of each kind are there."""
        headers = (("Authorization", f"Bearer {TOKEN}"), ("Host", "localhost"))
        found = {}
        for kind in ("Users", "Groups"):
            request = reference_server.Request("GET", f"{self.base_path}/{kind}", "", headers, b"")
            found[kind] = json.loads(self.app.handle(request).body)["totalResults"]
        return found

    def passwords(self) -> set[str]:
        """Every password that arrived."""
        found: set[str] = set()
        for request in self.requests:
            with suppress(ValueError):  # some bodies are no JSON on purpose
                found |= set(_passwords(json.loads(request.body or b"{}")))
        return found


def _passwords(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            sets = str(value.get("path", "")).lower() == "password" and key == "value"
            if (key.lower() == "password" or sets) and isinstance(member, str):
                yield member
            else:
                yield from _passwords(member)
    elif isinstance(value, list):
        for member in value:
            yield from _passwords(member)


@dataclass(frozen=True)
class Listening:
    """A recording server on loopback."""

    url: str
    seen: Recording


@pytest.fixture(scope="session")
def recording() -> Iterator[Callable[..., Listening]]:
    servers: list[Server] = []

    def start(*deviations: str) -> Listening:
        credential = reference_server.Credential("bearer", TOKEN)
        app = reference_server.create_app(credentials=[credential], deviations=deviations)
        seen = Recording(app)
        server = Server(seen).start()  # type: ignore[arg-type]  # handles requests all the same
        servers.append(server)
        return Listening(server.url, seen)

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def cli_server() -> Iterator[Callable[..., str]]:
    """The reference server as a process of its own; returns its URL."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> str:
        process = subprocess.Popen(  # noqa: S603 - our own server
            [sys.executable, "-m", "reference_server", "--port", "0", *arguments],
            cwd=ROOT,
            env=clean_environment(SCIM_TOKEN=TOKEN),
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert "ready at" in ready
        return ready.rpartition(" ")[2].strip()

    yield start
    for process in processes:
        process.terminate()
        process.communicate(timeout=20)


class Quiet(ThreadingHTTPServer):
    """A server that does not complain about clients who hang up."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


Answer: TypeAlias = tuple[int, dict[str, str], bytes]


@pytest.fixture
def answering() -> Iterator[Callable[..., str]]:
    """A web server that is no SCIM server: it answers everything with what `answer` returns."""
    servers: list[Quiet] = []

    def start(answer: Callable[[str, str, bytes], Answer]) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: object) -> None:
                """Say nothing."""

            def respond(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                status, headers, body = answer(self.command, self.path, self.rfile.read(size))
                self.send_response_only(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond

        server = Quiet(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def quiet_environment() -> Callable[..., dict[str, str]]:
    """The environment without anything that steers scimproof or pytest."""
    return clean_environment
