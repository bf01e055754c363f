"""The blocks of a page, and a copy of the project that a page's files are put into."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("suites", "idp_profiles", "reference_server", "reports")
_BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PATH = re.compile(r"`((?:suites|idp_profiles|reference_server)/[\w./-]+\.(?:py|json))`")
_ENDINGS = {"python": ".py", "json": ".json"}
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


def page(name: str) -> str:
    """Return the text of a page of `docs/`."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def files_of(text: str) -> dict[str, str]:
    """Return the files that a page shows: the first of its kind named since the last block."""
    found, end = {}, 0
    for block in _BLOCK.finditer(text):
        before = text[end : block.start()].rpartition("\n## ")[2]
        paths = [
            path for path in _PATH.findall(before) if path.endswith(_ENDINGS.get(block[1], "?"))
        ]
        found.update(dict.fromkeys(paths[:1], block[2]))
        end = block.end()
    return found


def commands_of(text: str) -> list[list[str]]:
    """Return the commands that a page shows, in words."""
    blocks = [block[2] for block in _BLOCK.finditer(text) if block[1] == "sh"]
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def copy(folder: Path) -> Path:
    """Make a copy of the code that can be changed; return its place."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=_LEFT_OUT)
    for name in ("scimproof.py", "conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def put(folder: Path, files: dict[str, str]) -> None:
    """Write files into a copy."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")


def edit(file: Path, after: str, line: str) -> None:
    """Put a line into a file of a copy, after the first place that is so."""
    before, found, rest = file.read_text(encoding="utf-8").partition(after)
    assert found, f"{file.name} has no {after!r}"
    file.write_text(f"{before}{found}{line}{rest}", encoding="utf-8")


def run(folder: Path, *arguments: str, status: int = 0, env: dict[str, str] | None = None) -> str:
    """Run a module of a copy in it, and return what it printed; its exit status is checked."""
    done = _run([sys.executable, "-m", *arguments], folder, env or {})
    assert done.returncode == status, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def _run(
    command: Sequence[str], folder: Path, env: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    place = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), "NO_COLOR": "1"}
    return subprocess.run(  # noqa: S603 - our own interpreter on a copy of our own code
        command,
        cwd=folder,
        env={**place, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
