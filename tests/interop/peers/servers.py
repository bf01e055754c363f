"""The one way round: `scimproof run` judges servers that others wrote."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from pathlib import Path

from .environments import HERE
from .findings import Finding
from .findings import Outcome
from .findings import Verdict
from .findings import compare
from .serving import served
from .serving import with_token

HOME = HERE.parent.parent

# Its options know the token only as an argument, so they are set inside the process.
# With "=", since a token may begin with a hyphen.
_LAUNCH_SCIM2_SERVER = """
import os, sys
from importlib.metadata import entry_points
sys.argv = ["scim2-server", "--port", sys.argv[1], "--bearer-token=" + os.environ["SCIM_TOKEN"]]
(door,) = entry_points(group="console_scripts", name="scim2-server")
door.load()()
"""


def judge_scim2_server(python: Path, place: Path) -> list[Verdict]:
    """Judge scim2-server, started by its own command."""
    token = secrets.token_urlsafe(24)

    def command(port: int) -> list[str | Path]:
        return [python, "-c", _LAUNCH_SCIM2_SERVER, str(port)]

    with served(command, token=token, folder=place, log=place / "server.log") as port:
        report = _judged(f"http://127.0.0.1:{port}/v2", token, place / "report")
    found, passed, more = reading(report)
    title = f"scim2-server, judged by scimproof ({passed} verdicts are pass)"
    return [compare("scim2-server", title, found, more)]


def reading(report: dict[str, object]) -> tuple[Outcome, int, list[str]]:
    """Read a report: the verdicts that are no pass, the number of the others, and trouble."""
    results = report["results"]
    assert isinstance(results, list)
    other = [result for result in results if result["verdict"] != "pass"]
    findings = {
        Finding(result["requirement"], result["dialect"] or "every dialect", result["verdict"])
        for result in other
    }
    passed = len(results) - len(other)
    trouble = ["  no verdict is pass"] if not passed else []
    trouble += ["  resources left behind"] if report["left_behind"] else []
    return Outcome(frozenset(findings)), passed, trouble


def _judged(url: str, token: str, report: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "suites", "run", "--idp", "okta", "--url", url]
    subprocess.run(
        [*command, "--report", str(report)], cwd=HOME, env=with_token(token), check=False
    )
    parsed: dict[str, object] = json.loads((report / "report.json").read_text(encoding="utf-8"))
    return parsed
