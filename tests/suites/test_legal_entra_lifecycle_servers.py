"""No false alarm: what the RFC allows of users and Entra copes with is held against nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from tests.suites import legal_entra_lifecycle_servers

HOME = "suites/idp/entra"
FILES = ("test_disable_and_delete.py", "test_manager.py", "test_app_roles.py")
LEGAL = legal_entra_lifecycle_servers.LEGAL
Result: TypeAlias = dict[str, Any]


@pytest.fixture(scope="session")
def judged(judged_by: Callable[..., list[Result]]) -> list[Result]:
    """Every result of the cases about leaving, managers and roles on the legal servers."""
    return judged_by(
        "tests.suites.legal_entra_lifecycle_servers", *(f"{HOME}/{name}" for name in FILES)
    )


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
