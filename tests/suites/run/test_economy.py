"""What a run is spared leaves the process that it ran in as it was."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

from suites.command import run_command
from suites.run import economy


class Session:
    """As much of a session as is looked at here."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def gethookproxy(self, path: str) -> str:
        self.asked.append(path)
        return f"hooks of {path}"


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_nothing_is_searched_while_cases_are_collected_and_those_never_again() -> None:
    session = Session()
    collecting = economy.pytest_collection(session)  # type: ignore[arg-type]  # as much as is needed
    next(collecting)
    assert not gc.isenabled()
    with pytest.raises(StopIteration):
        collecting.send(None)
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_a_collection_that_breaks_leaves_the_collector_on() -> None:
    collecting = economy.pytest_collection(Session())  # type: ignore[arg-type]  # as much as is needed
    next(collecting)
    with pytest.raises(ValueError, match="broken"):
        collecting.throw(ValueError("broken"))
    assert gc.isenabled()


def test_the_hooks_of_a_folder_are_asked_for_once() -> None:
    session = Session()
    collecting = economy.pytest_collection(session)  # type: ignore[arg-type]  # as much as is needed
    next(collecting)
    with pytest.raises(StopIteration):
        collecting.send(None)
    assert [session.gethookproxy(each) for each in "aba"] == [f"hooks of {each}" for each in "aba"]
    assert session.asked == ["a", "b"]


def test_a_process_that_goes_on_after_a_run_can_be_searched_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def frozen(_words: list[str]) -> int:
        gc.freeze()
        return 0

    monkeypatch.setattr("suites.command.pytest.main", frozen)
    assert run_command(["run"]) == 0
    assert gc.get_freeze_count() == 0


def test_a_process_that_goes_on_after_a_run_keeps_its_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    during: dict[str, str] = {}

    def looked(_words: list[str]) -> int:
        during.update(os.environ)
        return 0

    monkeypatch.setattr("suites.command.pytest.main", looked)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--theirs")
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    before = dict(os.environ)
    assert run_command(["run"]) == 0
    assert dict(os.environ) == before
    assert "PYTEST_ADDOPTS" not in during
    assert during["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] == "1"
