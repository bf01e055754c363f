"""The one way round: `scimproof run` judges servers that others wrote."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path

from .columns import column_json
from .environments import HERE
from .environments import install
from .environments import install_node
from .findings import Json
from .findings import Verdict
from .findings import compare
from .reading import reading
from .reading import report_of
from .serving import served
from .serving import with_token

HOME = HERE.parent.parent
WIRING = HERE / "wiring"
TARGETS = HERE / "targets"
SCIMMY = HOME / "benchmarks" / "peers" / "scimmy_server.mjs"

# Each is a run of its own, so that what one leaves of a server's state is nothing to the other.
RUNS = {
    "idps": ("--idp", "all", "--suite", "idp"),
    "rfc": ("--suite", "protocol", "--suite", "security", "--suite", "consistency"),
}
# The same made-up people every time.
SEED = ("--seed", "7644")

# Its options know the token only as an argument, so they are set inside the process.
# With "=", since a token may begin with a hyphen.
_LAUNCH_SCIM2_SERVER = """
import os, sys
from importlib.metadata import entry_points
sys.argv = ["scim2-server", "--port", sys.argv[1], "--bearer-token=" + os.environ["SCIM_TOKEN"]]
(door,) = entry_points(group="console_scripts", name="scim2-server")
door.load()()
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A server of others: where its base URL ends, and how it is started in an environment."""

    name: str
    base_path: str
    command: Callable[[Path, int], list[str | Path]]
    install: Callable[[str, Path], Path] = install


def _scim2_server(python: Path, port: int) -> list[str | Path]:
    return [python, "-c", _LAUNCH_SCIM2_SERVER, str(port)]


def _django_scim2(python: Path, port: int) -> list[str | Path]:
    return [python, "-B", WIRING / "django_scim2" / "serve.py", str(port)]


def _scimmy(place: Path, port: int) -> list[str | Path]:
    return ["node", place / SCIMMY.name, str(port)]


def _install_scimmy(_name: str, place: Path) -> Path:
    return install_node(WIRING / "scimmy" / "package.json", SCIMMY, place)


PEERS = (
    Peer("scim2-server", "/v2", _scim2_server),
    Peer("django-scim2", "/scim/v2", _django_scim2),
    Peer("scimmy", "/scim/v2", _scimmy, _install_scimmy),
)


def judge(peer: Peer, place: Path) -> list[Verdict]:
    """Judge a server, started afresh for each run."""
    where = peer.install(peer.name, place / "env")
    runs = [_judged(peer, where, place, run) for run in RUNS]
    found, trouble = reading(runs)
    found = replace(found, column=column_json(peer.name, runs))
    passed = sum(number for key, number in (found.counts or {}).items() if key.endswith(": pass"))
    title = f"{peer.name}, judged by scimproof ({passed} verdicts are pass)"
    return [compare(peer.name, title, found, trouble)]


def _judged(peer: Peer, where: Path, place: Path, run: str) -> Json:
    token = secrets.token_urlsafe(24)
    work = place / run
    work.mkdir()

    def command(port: int) -> list[str | Path]:
        return peer.command(where, port)

    with served(command, token=token, folder=work, log=work / "server.log") as port:
        url = f"http://127.0.0.1:{port}{peer.base_path}"
        options = (*RUNS[run], "--target", str(TARGETS / f"{peer.name}.toml"))
        _run(url, token, options, work / "report")
    return report_of(work / "report")


def _run(url: str, token: str, options: tuple[str, ...], report: Path) -> None:
    command = [sys.executable, "-m", "suites", "run", *options, *SEED, "--url", url]
    subprocess.run(
        [*command, "--report", str(report)],
        cwd=HOME,
        env=with_token(token),
        stdout=subprocess.DEVNULL,
        check=False,
    )
