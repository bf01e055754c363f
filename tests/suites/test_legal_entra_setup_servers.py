"""No false alarm: what the texts allow of tokens, look-ups and schemas is held against nobody."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from tests.suites import legal_entra_setup_servers

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("connection", "credentials", "matching", "on_demand", "schema_discovery")
FILES = tuple(f"suites/idp/entra/test_{kind}.py" for kind in KINDS)
LEGAL = legal_entra_setup_servers.LEGAL
Result: TypeAlias = dict[str, Any]
Environment: TypeAlias = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def judged(
    tmp_path_factory: pytest.TempPathFactory, quiet_environment: Environment
) -> list[Result]:
    """Every result of the cases about setting up on the legal servers."""
    folder = tmp_path_factory.mktemp("legal")
    done = subprocess.run(  # noqa: S603 - our own suites
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", "suites/isolated.ini", "--rootdir=."),
            *("-p", "tests.suites.legal_entra_setup_servers", "--scim-report", str(folder)),
            *FILES,
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
    otherwise = LEGAL[name].otherwise
    wrong = {
        f"{result['verdict']} {result['case']}": result["actual"]
        for result in mine
        if result["verdict"] not in {"pass", otherwise.get(result["requirement"])}
    }
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name in LEGAL if LEGAL[name].otherwise])
def test_what_a_server_does_otherwise_is_told(judged: list[Result], name: str) -> None:
    mine = [result for result in judged if name in result["case"]]
    told = {result["requirement"] for result in mine if result["verdict"] != "pass"}
    assert told == set(LEGAL[name].otherwise)
