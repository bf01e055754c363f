"""No false alarm: what the RFC allows and JumpCloud copes with is held against nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from tests.suites import legal_jumpcloud_servers

LEGAL = legal_jumpcloud_servers.LEGAL
Result: TypeAlias = dict[str, Any]


@pytest.fixture(scope="session")
def judged(judged_by: Callable[..., list[Result]]) -> list[Result]:
    """Every result of JumpCloud's cases on the legal servers, from one run without sockets."""
    return judged_by("tests.suites.legal_jumpcloud_servers", "suites/idp/jumpcloud")


@pytest.mark.parametrize("name", [*LEGAL])
def test_a_legal_server_is_not_accused(judged: list[Result], name: str) -> None:
    mine = [result for result in judged if name in result["case"]]
    assert len(mine) > 60
    ended = {
        (result["requirement"], result["verdict"]) for result in mine if result["verdict"] != "pass"
    }
    assert ended == set(LEGAL[name].otherwise.items())
