"""No false alarm of Google Workspace or OneLogin: what the RFC allows is held against nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from tests.suites import legal_google_onelogin_servers

LEGAL = legal_google_onelogin_servers.LEGAL
Result: TypeAlias = dict[str, Any]


@pytest.fixture(scope="session")
def judged(judged_by: Callable[..., list[Result]]) -> list[Result]:
    """Every result of the cases of both on the legal servers, from one run without sockets."""
    return judged_by(
        "tests.suites.legal_google_onelogin_servers", "suites/idp/google", "suites/idp/onelogin"
    )


@pytest.mark.parametrize("name", legal_google_onelogin_servers.SAMPLE)
def test_a_legal_server_is_not_accused(judged: list[Result], name: str) -> None:
    mine = [result for result in judged if name in result["case"]]
    assert len(mine) > 65
    ended = {
        (result["requirement"], result["verdict"]) for result in mine if result["verdict"] != "pass"
    }
    assert ended == set(LEGAL[name].otherwise.items())
