from __future__ import annotations

import re
from pathlib import Path

import pytest

from suites.survey.page import table
from suites.survey.page import written
from suites.target.model import ENVIRONMENT

PAGE = Path(__file__).resolve().parents[3] / "docs" / "target-file.md"


def test_the_page_has_every_key_as_the_schema_has_it() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert written(text) == text, "run: python -m suites.survey.page docs/target-file.md"


def test_every_row_says_what_the_key_means() -> None:
    rows = [[cell.strip() for cell in row.split(" | ")] for row in table().splitlines()[2:]]
    assert [row[0] for row in rows if not row[-1].strip("| ")] == []
    assert {row[3].strip("`") for row in rows} >= set(ENVIRONMENT.values())


@pytest.mark.parametrize("command", ["target init", "target check"])
def test_the_page_shows_both_commands(command: str) -> None:
    assert re.search(rf"^\$ scimproof {command}", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
