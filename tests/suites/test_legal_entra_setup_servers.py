"""No false alarm: what the texts allow of tokens, look-ups and schemas is held against nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from tests.suites import legal_entra_setup_servers

KINDS = ("connection", "credentials", "matching", "on_demand", "schema_discovery")
FILES = tuple(f"suites/idp/entra/test_{kind}.py" for kind in KINDS)
LEGAL = legal_entra_setup_servers.LEGAL
Result: TypeAlias = dict[str, Any]


@pytest.fixture(scope="session")
def judged(judged_by: Callable[..., list[Result]]) -> list[Result]:
    """Every result of the cases about setting up on the legal servers."""
    return judged_by("tests.suites.legal_entra_setup_servers", *FILES)


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
