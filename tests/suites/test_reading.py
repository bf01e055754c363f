"""Reading page by page while others write."""

from __future__ import annotations

import pytest

from suites.idp.reading import TIMES
from suites.idp.reading import each_once
from suites.idp.reading import read_until


@pytest.mark.parametrize(("met_at", "reads"), [(1, 1), (2, 2), (TIMES, TIMES), (99, TIMES)])
def test_who_was_not_met_is_looked_for_again_and_not_for_ever(met_at: int, reads: int) -> None:
    done: list[int] = []
    read_until(lambda: done.append(1), lambda: len(done) >= met_at)
    assert len(done) == reads


def test_what_a_read_raises_is_raised() -> None:
    def read() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        read_until(read, lambda: True)


@pytest.mark.parametrize(
    ("found", "once"), [(["a", "b", "c"], True), (["a", "a", "b"], False), (["a"], False)]
)
def test_who_is_met_twice_or_never_is_not_met_once(found: list[str], once: bool) -> None:
    assert each_once(["a", "b"], found) is once
