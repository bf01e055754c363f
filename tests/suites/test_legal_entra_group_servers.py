"""No false alarm: what the RFC allows of groups and Entra copes with is held against nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from tests.suites import legal_entra_group_servers

HOME = "suites/idp/entra"
FILES = ("test_provision_groups.py", "test_group_members.py", "test_on_demand_groups.py")
LEGAL = legal_entra_group_servers.LEGAL
Result: TypeAlias = dict[str, Any]


@pytest.fixture(scope="session")
def judged(judged_by: Callable[..., list[Result]]) -> list[Result]:
    """Every result of the cases about groups on the legal servers, from one run."""
    return judged_by(
        "tests.suites.legal_entra_group_servers", *(f"{HOME}/{name}" for name in FILES)
    )


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
