"""The reference server in a process of its own, where every request is counted.

`GET /count` tells how many there were so far and is none of them. With a delay each answer takes
that much longer, as over a long line: the bytes pass through here, and those that come back wait.
With a lag reads show what there was some seconds ago, as from a replica of a database.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import os
import signal
import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from reference_server import Application  # noqa: E402 - only found once the path is known
from reference_server import Credential  # noqa: E402 - as above
from reference_server import Request  # noqa: E402 - as above
from reference_server import Response  # noqa: E402 - as above
from reference_server import create_app  # noqa: E402 - as above
from reference_server.http_adapter import Server  # noqa: E402 - as above

BASE_PATH = "/scim/v2"
COUNT = "/count"
_CHUNK = 65_536


def counted(app: Application) -> Application:
    """Return an application that answers like this one, and counts."""
    numbers = itertools.count()
    guard = threading.Lock()
    seen = [next(numbers)]

    def handle(request: Request) -> Response:
        if request.path == COUNT:
            return Response(200, (("Content-Type", "text/plain"),), str(seen[0]).encode())
        with guard:
            seen[0] = next(numbers)
        return app.handle(request)

    return Application(app.base_path, handle, app.close)


@dataclass(frozen=True, slots=True)
class _Write:
    """A write that the replica has still to make, with the ids and times that it had."""

    at: float
    request: Request
    ids: tuple[str, ...]
    times: tuple[datetime, ...]


class Late:
    """Two servers: one that is written to, and one behind it that is read.

    The second makes every write again, later, with the ids and times of the first.
    """

    def __init__(self, secret: str, lag: float) -> None:
        self._lag = lag
        self._guard = threading.Lock()
        self._writes: deque[_Write] = deque()
        self._ids: list[str] = []
        self._times: list[datetime] = []
        self._known_ids: deque[str] = deque()
        self._known_times: deque[datetime] = deque()
        credentials = [Credential("bearer", secret)]
        self._first = create_app(
            credentials=credentials, base_path=BASE_PATH, new_id=self._new_id, clock=self._now
        )
        self._second = create_app(
            credentials=credentials,
            base_path=BASE_PATH,
            new_id=self._known_ids.popleft,
            clock=lambda: self._known_times.popleft() if self._known_times else datetime.now(UTC),
        )

    def app(self) -> Application:
        """Return both as one application."""
        return Application(BASE_PATH, self._handle)

    def _handle(self, request: Request) -> Response:
        with self._guard:
            if request.method in ("GET", "HEAD") or request.path.endswith("/.search"):
                self._catch_up()
                return self._second.handle(request)
            self._ids, self._times = [], []
            reply = self._first.handle(request)
            now = time.monotonic()
            self._writes.append(_Write(now, request, tuple(self._ids), tuple(self._times)))
            return reply

    def _catch_up(self) -> None:
        until = time.monotonic() - self._lag
        while self._writes and self._writes[0].at <= until:
            write = self._writes.popleft()
            self._known_ids.clear()
            self._known_times.clear()
            self._known_ids.extend(write.ids)
            self._known_times.extend(write.times)
            self._second.handle(write.request)
        self._known_times.clear()

    def _new_id(self) -> str:
        self._ids.append(str(uuid.uuid4()))
        return self._ids[-1]

    def _now(self) -> datetime:
        self._times.append(datetime.now(UTC))
        return self._times[-1]


class DelayLine:
    """Passes bytes on between clients and a port; what comes back waits for some seconds."""

    def __init__(self, port: int, seconds: float) -> None:
        self._behind = port
        self._seconds = seconds

    async def open(self) -> asyncio.Server:
        """Listen on a free port of the loopback."""
        return await asyncio.start_server(self._meet, "127.0.0.1", 0, backlog=512)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind = await asyncio.open_connection("127.0.0.1", self._behind)
        await asyncio.gather(
            self._pass_on(reader, behind[1], 0.0), self._pass_on(behind[0], writer, self._seconds)
        )

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
    ) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        clock = asyncio.get_running_loop().time
        delivery = asyncio.create_task(_deliver(waiting, writer))
        with contextlib.suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                waiting.put_nowait((clock() + seconds, chunk))
        waiting.put_nowait((clock() + seconds, b""))
        await delivery


async def _deliver(
    waiting: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
) -> None:
    """Write each chunk when its time has come; an empty one ends the connection."""
    clock = asyncio.get_running_loop().time
    with contextlib.suppress(OSError):
        while True:
            due, chunk = await waiting.get()
            await asyncio.sleep(max(0.0, due - clock()))
            if not chunk:
                break
            writer.write(chunk)
            await writer.drain()
    writer.close()


async def _serve(app: Application, delay: float) -> None:
    stopped = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    with Server(app) as server:
        line = await DelayLine(server.port, delay).open()
        port = line.sockets[0].getsockname()[1] if delay else server.port
        print(f"ready {port}", flush=True)
        await stopped.wait()
        line.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser(description="The reference server, counting its requests.")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds that each answer waits")
    parser.add_argument("--lag", type=float, default=0.0, help="seconds that reads are behind")
    options = parser.parse_args(argv)
    secret = os.environ["SCIM_TOKEN"]
    app = create_app(credentials=[Credential("bearer", secret)], base_path=BASE_PATH)
    if options.lag:
        app = Late(secret, options.lag).app()
    asyncio.run(_serve(counted(app), options.delay))
    return 0


if __name__ == "__main__":
    sys.exit(main())
