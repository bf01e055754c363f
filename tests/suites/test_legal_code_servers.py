"""No false alarm: the clients known from their code say of a legal server what is told, no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from suites.requirements import by_id
from tests.suites import legal_code_servers

HOMES = ("suites/idp/authentik", "suites/idp/keycloak")
LEGAL = legal_code_servers.LEGAL.entries
Result: TypeAlias = dict[str, Any]


@pytest.fixture(scope="session")
def judged(judged_by: Callable[..., list[Result]]) -> list[Result]:
    """Every result of the cases on the legal servers, from one run without sockets."""
    return judged_by("tests.suites.legal_code_servers", *HOMES)


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
