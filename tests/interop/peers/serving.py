"""A server of anybody's on a free loopback port, for as long as it is asked."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 20
STOP_SECONDS = 10


@contextmanager
def served(
    command: Callable[[int], Sequence[str | Path]], *, token: str, folder: Path, log: Path
) -> Iterator[int]:
    """Run the command that is made for a free port, in that folder; yield the port."""
    port = _free_port()
    with log.open("wb") as written:
        server = subprocess.Popen(
            command(port),
            cwd=folder,
            env=with_token(token),
            stdout=written,
            stderr=written,
        )
        try:
            _wait(port, server, log)
            yield port
        finally:
            _stop(server)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
        raise SystemExit(f"the server did not stop within {STOP_SECONDS} s") from None


def with_token(token: str) -> dict[str, str]:
    """Return the environment with the token: as an argument it would show in the process list."""
    return {**os.environ, "SCIM_TOKEN": token}


def left_behind(url: str, token: str) -> list[str]:
    """Say which endpoints of a SCIM server still hold resources, and how many."""
    kinds = _read(f"{url}/ResourceTypes", token)["Resources"]
    assert isinstance(kinds, list)
    totals = {
        kind["endpoint"]: _read(f"{url}{kind['endpoint']}?count=0", token)["totalResults"]
        for kind in kinds
    }
    return [f"{total} left behind at {endpoint}" for endpoint, total in totals.items() if total]


def _read(url: str, token: str) -> dict[str, object]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 (a loopback URL)
    # No proxy: one that the caller's environment names does not know this loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=START_SECONDS) as reply:
        document: dict[str, object] = json.load(reply)
    return document


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    said = log.read_text("utf-8", errors="replace").strip() or "nothing"
    raise SystemExit(f"the server did not open port {port}; it said: {said[-2000:]}")
