"""No false alarm of Google Workspace or OneLogin: what the RFC allows is held against nobody."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from tests.suites import legal_google_onelogin_servers

ROOT = Path(__file__).resolve().parents[2]
LEGAL = legal_google_onelogin_servers.LEGAL
Result: TypeAlias = dict[str, Any]
Environment: TypeAlias = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def judged(
    tmp_path_factory: pytest.TempPathFactory, quiet_environment: Environment
) -> list[Result]:
    """Every result of the cases of both on the legal servers, from one run without sockets."""
    folder = tmp_path_factory.mktemp("legal")
    done = subprocess.run(  # noqa: S603 - our own suites
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", "suites/isolated.ini", "--rootdir=."),
            *("-p", "tests.suites.legal_google_onelogin_servers", "--scim-report", str(folder)),
            *("suites/idp/google", "suites/idp/onelogin"),
        ],
        cwd=ROOT,
        env=quiet_environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    report = folder / "report.json"
    assert report.exists(), done.stdout[-3000:] + done.stderr[-1000:]
    results: list[Result] = json.loads(report.read_text(encoding="utf-8"))["results"]
    return results


@pytest.mark.parametrize("name", legal_google_onelogin_servers.SAMPLE)
def test_a_legal_server_is_not_accused(judged: list[Result], name: str) -> None:
    mine = [result for result in judged if name in result["case"]]
    assert len(mine) > 65
    ended = {
        (result["requirement"], result["verdict"]) for result in mine if result["verdict"] != "pass"
    }
    assert ended == set(LEGAL[name].otherwise.items())
