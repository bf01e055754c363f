"""Judges servers that others wrote, and holds every verdict against what was found by hand.

Each server is installed into an environment of its own, started on loopback with a fresh token, and
judged by `scimproof run`. Its non-pass verdicts must be exactly those of `expected/SERVER.json`,
each of which `docs/interop/SERVER.md` explains by the server's replies. Run as `make interop`.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent
SERVER = "scim2-server"
START_SECONDS = 20

# The token goes in by the environment: an argument would show in the process list.
LAUNCH = """
import os, sys
from importlib.metadata import entry_points
sys.argv = ["scim2-server", "--port", sys.argv[1], "--bearer-token", os.environ["SCIM_TOKEN"]]
(door,) = entry_points(group="console_scripts", name="scim2-server")
door.load()()
"""


def main() -> int:
    """Judge every server; 0 when all verdicts are as documented."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        python = _environment(place / "env")
        token = secrets.token_urlsafe(24)
        with _served(python, token) as url:
            report = _judged(url, token, place / "report")
    return _compare(report)


def _environment(path: Path) -> Path:
    """Install the server beside nothing else and return its interpreter."""
    venv.create(path, with_pip=True)
    python = path / "bin" / "python"
    wanted = str(HERE / "requirements.txt")
    subprocess.run([python, "-m", "pip", "install", "-q", "-r", wanted], check=True)
    return python


@contextmanager
def _served(python: Path, token: str) -> Iterator[str]:
    """Run the server on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "SCIM_TOKEN": token}
    server = subprocess.Popen(
        [python, "-c", LAUNCH, str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, server)
        yield f"http://127.0.0.1:{port}/v2"
    finally:
        server.terminate()
        server.wait(10)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{SERVER} did not start within {START_SECONDS} s")


def _judged(url: str, token: str, report: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "suites", "run", "--idp", "okta", "--url", url]
    environment = {**os.environ, "SCIM_TOKEN": token}
    subprocess.run([*command, "--report", str(report)], cwd=HOME, env=environment, check=False)
    parsed: dict[str, object] = json.loads((report / "report.json").read_text(encoding="utf-8"))
    return parsed


def _compare(report: dict[str, object]) -> int:
    results = report["results"]
    assert isinstance(results, list)
    found = sorted(
        [result["requirement"], result["dialect"] or "every dialect", result["verdict"]]
        for result in results
        if result["verdict"] != "pass"
    )
    known = json.loads((HERE / "expected" / f"{SERVER}.json").read_text(encoding="utf-8"))
    passed = len(results) - len(found)
    problems = [f"not documented: {item}" for item in found if item not in known]
    problems += [f"documented, not seen: {item}" for item in known if item not in found]
    problems += ["resources left behind"] if report["left_behind"] else []
    for problem in problems:
        print(problem)
    print(f"{SERVER}: {passed} pass, {len(found)} other verdicts, {len(problems)} surprises")
    return 1 if problems or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
