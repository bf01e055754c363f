from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def scimproof(tmp_path: Path) -> Path:
    """The command of this checkout."""
    start = f'#!/bin/sh\nexec "{sys.executable}" "{ROOT / "scimproof.py"}" "$@"\n'
    return program(tmp_path / "programs" / "scimproof", start)


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    """A command that writes down its arguments, a zero behind each, and ends with STATUS."""
    start = '#!/bin/sh\nprintf "%s\\0" "$@" > "$RECORD"\nexit "${STATUS:-0}"\n'
    return program(tmp_path / "recorder", start)
