"""No false alarm: what the RFC allows of users and Entra copes with is held against nobody."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from tests.suites import legal_entra_lifecycle_servers

ROOT = Path(__file__).resolve().parents[2]
HOME = "suites/idp/entra"
FILES = ("test_disable_and_delete.py", "test_manager.py", "test_app_roles.py")
LEGAL = legal_entra_lifecycle_servers.LEGAL
Result: TypeAlias = dict[str, Any]
Environment: TypeAlias = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def judged(
    tmp_path_factory: pytest.TempPathFactory, quiet_environment: Environment
) -> list[Result]:
    """Every result of the cases about leaving, managers and roles on the legal servers."""
    folder = tmp_path_factory.mktemp("legal")
    done = subprocess.run(  # noqa: S603 - our own suites
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", "suites/isolated.ini", "--rootdir=."),
            *("-p", "tests.suites.legal_entra_lifecycle_servers", "--scim-report", str(folder)),
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
        if result["verdict"] != "pass" and not _skipped(result, LEGAL[name].skips)
    }
    assert wrong == {}


def _skipped(result: Result, ids: str) -> bool:
    """Tell whether a case was left out that a server without the attribute need not answer."""
    about = bool(ids) and result["requirement"].startswith(ids)
    return about and result["verdict"] == "skip"


@pytest.mark.parametrize("name", [name for name in LEGAL if LEGAL[name].skips])
def test_what_a_server_does_not_keep_is_skipped(judged: list[Result], name: str) -> None:
    ids = LEGAL[name].skips
    about = [r for r in judged if name in r["case"] and r["requirement"].startswith(ids)]
    assert about
    assert {result["verdict"] for result in about} == {"skip"}
