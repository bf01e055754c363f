from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from suites.security.methods import traced
from suites.verdicts import Blocked
from suites.verdicts import Unanswered

BROKE = "transport trouble at TRACE /Users: the connection broke"


class Dying:
    """A client whose server breaks the connection at TRACE."""

    def __init__(self, *, gone: bool, entry: object) -> None:
        self._gone, self._entry = gone, entry

    def ask(self, method: str, target: str, **more: object) -> Any:  # noqa: ANN401 - never returns
        raise Unanswered(BROKE, entry=self._entry)  # type: ignore[arg-type]  # any object will do

    def get(self, target: str) -> object:
        if self._gone:
            raise Unanswered("the connection was refused")
        return object()


@pytest.mark.parametrize(
    ("gone", "entry", "said"),
    [
        (True, object(), f"{BROKE}, and afterwards the server was gone: perhaps TRACE stops it"),
        (False, object(), BROKE),
        (True, None, BROKE),  # it was gone before, and TRACE never left
    ],
)
def test_a_server_that_is_gone_after_trace_is_told_and_not_accused(
    gone: bool, entry: object, said: str
) -> None:
    lab: Any = SimpleNamespace(scim=Dying(gone=gone, entry=entry))
    with pytest.raises(Blocked) as blocked:
        traced(lab)
    assert blocked.value.reason == said
