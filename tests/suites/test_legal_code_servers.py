"""No false alarm: the clients known from their code say of a legal server what is told, no more."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from suites.requirements import by_id
from tests.suites import legal_code_servers

ROOT = Path(__file__).resolve().parents[2]
HOMES = ("suites/idp/authentik", "suites/idp/keycloak")
LEGAL = legal_code_servers.LEGAL.entries
Result: TypeAlias = dict[str, Any]
Environment: TypeAlias = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def judged(
    tmp_path_factory: pytest.TempPathFactory, quiet_environment: Environment
) -> list[Result]:
    """Every result of the cases on the legal servers, from one run without sockets."""
    folder = tmp_path_factory.mktemp("legal")
    done = subprocess.run(  # noqa: S603 - our own suites
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", "suites/isolated.ini", "--rootdir=."),
            *("-p", "tests.suites.legal_code_servers", "--scim-report", str(folder), *HOMES),
        ],
        cwd=ROOT,
        env=quiet_environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    report = folder / "report.json"
    assert report.exists(), done.stdout[-3000:] + done.stderr[-1000:]
    results: list[Result] = json.loads(report.read_text(encoding="utf-8"))["results"]
    return results


@pytest.mark.parametrize("name", legal_code_servers.SAMPLE)
def test_a_legal_server_gets_what_is_told(judged: list[Result], name: str) -> None:
    mine = [result for result in judged if name in result["case"]]
    assert mine
    seen = {(each["requirement"], each["verdict"]): each["actual"] for each in mine}
    others = {f"{end} {key}": said for (key, end), said in seen.items() if end != "pass"}
    told = {f"{end} {key}" for key, end in LEGAL[name].ends.items()}
    assert set(others) == told, others


def test_whoever_is_told_to_stop_is_not_accused_of_breaking_the_rfc() -> None:
    stopped = [key for each in LEGAL.values() for key, end in each.ends.items() if end != "skip"]
    assert stopped
    assert [key for key in stopped if by_id(key).rfc == "asks"] == []
