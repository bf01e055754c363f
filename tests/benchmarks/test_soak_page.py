"""The page of the soak: what is not run again keeps its row."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import soak

FIRST, SECOND, *_ = soak.PARTS


def row(part: soak.Part, seconds: float) -> str:
    return soak.row(soak.Outcome(part, 3, 0, seconds, ("7 rounds",)))


def test_a_part_that_is_not_run_keeps_its_row(tmp_path: Path) -> None:
    file = tmp_path / "SOAK.md"
    rows = {SECOND.title: row(SECOND, 20.0), FIRST.title: row(FIRST, 10.0)}
    file.write_text(soak.page(rows), encoding="utf-8")
    assert soak.kept(file) == rows
    again = soak.page({**soak.kept(file), SECOND.title: row(SECOND, 99.0)})
    told = [
        line
        for line in again.splitlines()
        if line.startswith(("| " + FIRST.title, "| " + SECOND.title))
    ]
    assert [line.rsplit("| ", 1)[1] for line in told] == ["10 |", "99 |"]


def test_a_part_that_is_gone_loses_its_row(tmp_path: Path) -> None:
    file = tmp_path / "SOAK.md"
    file.write_text("| A part of the past | long ago | 1 | 0 | - | 5 |", encoding="utf-8")
    assert soak.kept(file) == {}
    assert soak.kept(tmp_path / "none.md") == {}
