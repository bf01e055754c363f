"""No false alarm: what the RFCs allow is held against nobody."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
# The variations by their names, read without loading: loading registers them as deviations.
NAMES = [
    node.name.replace("_", "-")
    for node in ast.parse((HERE / "legal_protocol_servers.py").read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef) and node.decorator_list
]


def judged(command: Any, name: str) -> list[dict[str, Any]]:  # noqa: ANN401 - the fixture
    paths = f"{HERE.parents[1]}:{HERE}"
    done = command.run(
        *("--suite", "protocol", "--deviation", name, "-p", "legal_protocol_servers"),
        PYTHONPATH=paths,
    )
    assert command.directory.exists(), done.said
    results: list[dict[str, Any]] = done.report["results"]
    return results


@pytest.mark.parametrize("name", NAMES)
def test_a_legal_server_is_not_accused(command: Any, name: str) -> None:  # noqa: ANN401 - as above
    allowed = {"pass", "skip"} | ({"warn"} if name == "only-simple-filters" else set())
    wrong = {
        f"{each['verdict']} {each['case']}": f"{each['expected']}, got {each['actual']}"
        for each in judged(command, name)
        if each["verdict"] not in allowed
    }
    assert wrong == {}


def test_what_works_without_being_announced_is_a_note(command: Any) -> None:  # noqa: ANN401 - as above
    found = judged(command, "filters-that-are-not-announced")
    mine = [each for each in found if each["requirement"] == "RFC7644-3.4.2.2-41"]
    noted = [each for each in mine if each["notes"]]
    assert {each["verdict"] for each in mine} == {"pass"}
    assert noted
    assert noted[0]["notes"][-1].startswith("of a feature that is not announced: expected ")


def test_what_is_neither_announced_nor_there_is_skipped(command: Any) -> None:  # noqa: ANN401 - as above
    found = judged(command, "no-patch-and-no-groups")
    mine = [each for each in found if each["requirement"].startswith("RFC7644-3.5.2.2-")]
    assert {each["verdict"] for each in mine} == {"skip"}
    assert any("answered 501" in str(each["actual"]) for each in mine)
