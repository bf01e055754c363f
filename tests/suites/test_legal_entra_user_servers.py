"""No false alarm: what the RFC allows of new and changed users is held against nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from tests.suites import legal_entra_user_servers

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "suites" / "idp" / "entra"
FILES = tuple(
    str(file.relative_to(ROOT))
    for kind in ("create", "update")
    for file in sorted(HOME.glob(f"test_{kind}_*.py"))
)
LEGAL = legal_entra_user_servers.LEGAL
Result: TypeAlias = dict[str, Any]


@pytest.fixture(scope="session")
def judged(judged_by: Callable[..., list[Result]]) -> list[Result]:
    """Every result of the cases about creating and updating users on the legal servers."""
    return judged_by("tests.suites.legal_entra_user_servers", *FILES)


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
