"""No false alarm: Microsoft's tests say of a server within the RFC what is told here, no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from tests.suites import legal_entra_tool_servers

HOME = "suites/idp/entra"
FILES = (
    "test_validator_users.py",
    "test_validator_patches.py",
    "test_validator_groups.py",
    "test_gallery_direct.py",
    "test_gallery_jobs.py",
)
LEGAL = legal_entra_tool_servers.LEGAL.entries
Result: TypeAlias = dict[str, Any]


@pytest.fixture(scope="session")
def judged(judged_by: Callable[..., list[Result]]) -> list[Result]:
    """Every result of Microsoft's tests on the legal servers, from one run without sockets."""
    return judged_by("tests.suites.legal_entra_tool_servers", *(f"{HOME}/{name}" for name in FILES))


@pytest.mark.parametrize("name", legal_entra_tool_servers.SAMPLE)
def test_a_legal_server_gets_what_is_told(judged: list[Result], name: str) -> None:
    mine = [result for result in judged if name in result["case"]]
    assert len(mine) > 2 * len(FILES)
    others = {
        result["requirement"]: result["verdict"] for result in mine if result["verdict"] != "pass"
    }
    told = {key: f"{end}: {_seen(mine, key)}" for key, end in LEGAL[name].ends.items()}
    assert {key: f"{end}: {_seen(mine, key)}" for key, end in others.items()} == told


def _seen(results: list[Result], requirement: str) -> str:
    """Return what a result says, for the reader of a failure."""
    return next(str(each["actual"]) for each in results if each["requirement"] == requirement)
