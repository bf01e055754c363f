"""docs/report-page.md says what the page does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from reports.__main__ import main
from reports.evidence import differences
from reports.wording import wording

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "report-page.md").read_text(encoding="utf-8")


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"\((images/[\w-]+\.png)\)|src=\"(images/[\w-]+\.png)\"", PAGE)
    names = {one or other for one, other in pictures}
    assert len(names) == 4
    assert all((DOCS / name).is_file() for name in names)


def test_every_sign_is_explained_in_the_words_of_the_page() -> None:
    words = wording("page")
    kinds = ("works", "assumed", "warns", "stops", "open", "waived", "skipped", "unchecked")
    rows = re.findall(r"^\| (.) \| ([\w ]+) \|", PAGE, re.MULTILINE)
    assert rows == [(words(f"sign.{kind}"), words(f"legend.{kind}")) for kind in kinds]
    for explained in differences.legend().split(" · "):
        sign, _, meaning = explained.partition(" ")
        assert f"`{sign}` {meaning}" in PAGE


def test_the_command_makes_the_page_again(broken_file: Path, tmp_path: Path) -> None:
    (line,) = re.findall(r"^scimproof report (.*)$", PAGE, re.MULTILINE)
    output = tmp_path / "report.html"
    given = {".scim-reports/latest/report.json": str(broken_file), "report.html": str(output)}
    assert main([given.get(word, word) for word in shlex.split(line)]) == 0
    assert output.read_text(encoding="utf-8").startswith("<!doctype html>")
