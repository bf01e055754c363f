"""No false alarm: what the RFC allows of groups and Entra copes with is held against nobody."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from tests.suites import legal_entra_group_servers

ROOT = Path(__file__).resolve().parents[2]
HOME = "suites/idp/entra"
FILES = ("test_provision_groups.py", "test_group_members.py", "test_on_demand_groups.py")
LEGAL = legal_entra_group_servers.LEGAL
Result: TypeAlias = dict[str, Any]
Environment: TypeAlias = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def judged(
    tmp_path_factory: pytest.TempPathFactory, quiet_environment: Environment
) -> list[Result]:
    """Every result of the cases about groups on the legal servers, from one run."""
    folder = tmp_path_factory.mktemp("legal")
    done = subprocess.run(  # noqa: S603 - our own suites
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", "suites/isolated.ini", "--rootdir=."),
            *("-p", "tests.suites.legal_entra_group_servers", "--scim-report", str(folder)),
            *(f"{HOME}/{name}" for name in FILES),
        ],
        cwd=ROOT,
        env=quiet_environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    report = folder / "report.json"
    assert report.exists(), done.stdout[-3000:] + done.stderr[-1000:]
    results: list[Result] = json.loads(report.read_text(encoding="utf-8"))["results"]
    return results


@pytest.mark.parametrize("name", [*LEGAL])
def test_a_legal_server_is_not_accused(judged: list[Result], name: str) -> None:
    mine = [result for result in judged if name in result["case"]]
    assert len(mine) > len(FILES)
    wrong = {
        f"{result['verdict']} {result['case']}": result["actual"]
        for result in mine
        if result["verdict"] != "pass"
        if not (result["verdict"] == "warn" and result["requirement"] in LEGAL[name].warns)
    }
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name in LEGAL if LEGAL[name].warns])
def test_what_entra_goes_without_is_a_warning(judged: list[Result], name: str) -> None:
    warned = {
        result["requirement"]
        for result in judged
        if name in result["case"] and result["verdict"] == "warn"
    }
    assert warned == LEGAL[name].warns
