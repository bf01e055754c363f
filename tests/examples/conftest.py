from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("SCIM_", "PYTEST_", "ALLURE_", "COV_", "DJANGO_")


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment of a reader who has this interpreter, and set nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    home = str(Path(sys.executable).parent)
    path = os.pathsep.join([home, kept.get("PATH", "")])
    return {**kept, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}


@pytest.fixture
def example(tmp_path: Path) -> Callable[[str], Path]:
    """Copy an example to where it can be run."""

    def copied(name: str) -> Path:
        out = shutil.ignore_patterns("__pycache__", ".scim-reports")
        return Path(shutil.copytree(ROOT / "examples" / name, tmp_path / name, ignore=out))

    return copied
