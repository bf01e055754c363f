"""The server's promise: it imports nothing but the standard library and itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import reference_server

ROOM = Path(reference_server.__file__).parent
# typeshed exists for type checkers only and may be imported under TYPE_CHECKING.
ALLOWED = sys.stdlib_module_names | {"reference_server", "_typeshed"}


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.stem)
def test_a_module_imports_the_standard_library_only(path: Path) -> None:
    assert set(imported(path.read_text(encoding="utf-8"))) <= ALLOWED


def test_the_check_would_notice() -> None:
    assert list(imported("import requests.auth\nfrom suites import expect")) == [
        "requests",
        "suites",
    ]


def test_no_module_is_long() -> None:
    lines = {path.name: len(path.read_text("utf-8").splitlines()) for path in ROOM.glob("*.py")}
    assert {name: count for name, count in lines.items() if count > 400} == {}
