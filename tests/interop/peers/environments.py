"""An environment of its own for everything that others wrote."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


def requirements(name: str) -> Path:
    """Return the file that pins a party and everything it needs."""
    return HERE / "requirements" / f"{name}.txt"


def install(name: str, place: Path) -> Path:
    """Install a party beside nothing else and return its interpreter."""
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "-r", str(requirements(name))], check=True)
    return python
