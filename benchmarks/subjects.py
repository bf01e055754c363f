"""The servers that are measured: installed, started in a process of their own, filled, stopped."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import Any

from load import Load
from load import LoadError
from workloads import CREATED
from workloads import MEMBERS
from workloads import OK
from workloads import PATCHED
from workloads import Content
from workloads import Wire
from workloads import first_members
from workloads import group
from workloads import joining
from workloads import user

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SCIM2_SERVER = ("scim2-server==0.8.3", "waitress==3.0.2")

_START_SECONDS = 30
_FILLING = 8
_PAGE = 500


class MissingError(Exception):
    """A server that cannot be measured here, with the reason."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One server: how to start it, and where it answers."""

    name: str
    command: tuple[str, ...]
    base_path: str
    folder: Path = ROOT


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers."""

    subject: Subject
    port: int
    wire: Wire
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Return the processor time that the server has taken so far."""
        fields = _proc(self.process.pid, "stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Return the bytes of memory that the server has in use."""
        return int(_proc(self.process.pid, "statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _proc(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text(encoding="ascii")


def ours() -> Subject:
    """Return this project's server."""
    command = (sys.executable, "-m", "reference_server", "--no-page", "--port", "{port}")
    return Subject("reference_server", command, "/scim/v2")


def floor() -> Subject:
    """Return the bare `http.server`."""
    command = (sys.executable, str(HERE / "peers" / "constant.py"), "{port}")
    return Subject("http.server", command, "")


def scim2_server(cache: Path) -> Subject:
    """Install scim2-server and waitress, from the Python package index, to serve it."""
    place = cache / "scim2-server"
    door = place / "bin" / "waitress-serve"
    if not door.exists():
        venv.create(place, with_pip=True)
        pip = [str(place / "bin" / "python"), "-m", "pip", "install", "-q"]
        _install([*pip, "--disable-pip-version-check", *SCIM2_SERVER], place)
    shutil.copy(HERE / "peers" / "scim2_server_app.py", place / "scim2_server_app.py")
    options = ("--threads=8", "--listen=127.0.0.1:{port}", "scim2_server_app:application")
    return Subject("scim2-server", (str(door), *options), "/v2", place)


def scimmy(cache: Path) -> Subject:
    """Install SCIMMY, its routers and express by npm; `peers/scimmy_server.mjs` wires them."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise MissingError("npm is not installed")
    place = cache / "scimmy"
    place.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "scimmy_server.mjs"):
        shutil.copy(HERE / "peers" / name, place / name)
    if not (place / "node_modules").exists():
        _install(["npm", "install", "--no-audit", "--no-fund", "--silent"], place)
    command = ("node", str(place / "scimmy_server.mjs"), "{port}")
    return Subject("SCIMMY", command, "/scim/v2", place)


def _install(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no word of why"]
        raise MissingError(f"{command[0]} could not install it: {said[-1][:200]}")


@contextmanager
def running(subject: Subject) -> Iterator[Running]:
    """Run a server on a free port until the block ends."""
    port = _free_port()
    token = secrets.token_urlsafe(24)
    command = [each.format(port=port, token=token) for each in subject.command]
    environment = {**os.environ, "SCIM_TOKEN": token, "NODE_ENV": "production"}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=subject.folder, env=environment, stdout=quiet, stderr=quiet
    )
    try:
        _wait(port, process, subject.name)
        yield Running(subject, port, Wire(subject.base_path, token), process)
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], name: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise MissingError(f"{name} did not start within {_START_SECONDS} s")


def fill(server: Running, size: int, seconds: float, *, groups: bool = True) -> Content:
    """Create users, and groups so that each user is in one, in the time that there is."""
    deadline = time.monotonic() + seconds
    load = Load(server.port, _FILLING)
    try:
        wire = server.wire
        requests = (wire.request("POST", "/Users", user(number)) for number in range(size))
        made = load.send_all(requests, CREATED, seconds)
        if made < size:
            raise MissingError(f"only {made:,} users were created within {seconds:.0f} s")
        ids = _user_ids(server, load, size, deadline)
        number_of_groups = size // MEMBERS if groups else 0
        made_groups = _new_groups(server, load, range(number_of_groups), ids)
    except LoadError as fault:
        raise MissingError(str(fault).splitlines()[0]) from fault
    finally:
        load.close()
    return Content.of(ids, made_groups)


def _user_ids(server: Running, load: Load, size: int, deadline: float) -> list[str]:
    """Read the ids of all users from the list; no order of them is assumed."""
    ids: list[str] = []
    while len(ids) < size:
        path = f"/Users?startIndex={len(ids) + 1}&count={_PAGE}"
        found = _body(load.ask(server.wire.request("GET", path), OK))["Resources"]
        ids += [each["id"] for each in found]
        if not found or time.monotonic() > deadline:
            raise MissingError(f"its lists gave {len(ids):,} of {size:,} ids in the time there is")
    return ids


def with_groups(server: Running, content: Content, number: int) -> Content:
    """Return the content with so many groups at least."""
    load = Load(server.port, 1)
    missing = range(len(content.groups), number)
    groups = [*content.groups, *_new_groups(server, load, missing, content.users)]
    load.close()
    joining = Content.of(content.users, groups).joining
    return replace(content, groups=groups, joining=joining)


def _new_groups(
    server: Running, load: Load, numbers: Iterable[int], users: Sequence[str]
) -> list[str]:
    ids = []
    for number in numbers:
        message = group(f"Group {number}", first_members(users, number))
        reply = load.ask(server.wire.request("POST", "/Groups", message), CREATED)
        ids.append(str(_body(reply)["id"]))
    return ids


def grow(server: Running, chosen: str, members: Sequence[str]) -> None:
    """Let many members join one group, a thousand at a time."""
    load = Load(server.port, 1)
    for at in itertools.count(0, 1000):
        part = members[at : at + 1000]
        if not part:
            break
        load.ask(server.wire.request("PATCH", f"/Groups/{chosen}", joining(part)), PATCHED)
    load.close()


def _body(reply: bytes) -> Any:  # noqa: ANN401 - JSON, looked at as its place needs
    head, _, body = reply.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" in head.lower():
        body = b"".join(_chunks(body))
    return json.loads(body)


def _chunks(content: bytes) -> Iterator[bytes]:
    while True:
        line, _, content = content.partition(b"\r\n")
        size = int(line, 16)
        if not size:
            return
        yield content[:size]
        content = content[size + 2 :]
