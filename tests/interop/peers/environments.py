"""An environment of its own for everything that others wrote."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


_OF_NODE = {"scimmy": HERE / "wiring" / "scimmy" / "package.json"}


class MissingError(Exception):
    """A party that cannot be had on this machine, with the reason."""


def requirements(name: str) -> Path:
    """Return the file that pins a party and everything it needs."""
    return HERE / "requirements" / f"{name}.txt"


def version(name: str) -> str:
    """Return the pinned version of a party."""
    if name in _OF_NODE:
        pins = json.loads(_OF_NODE[name].read_text("utf-8"))
        return str(pins["dependencies"][name])
    lines = requirements(name).read_text("utf-8").splitlines()
    return next(line.partition("==")[2] for line in lines if line.startswith(f"{name}=="))


def install(name: str, place: Path) -> Path:
    """Install a party beside nothing else and return its interpreter."""
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "-r", str(requirements(name))], check=True)
    return python


def install_node(pins: Path, program: Path, place: Path) -> Path:
    """Install what a `package.json` pins, and copy the program that needs it beside it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise MissingError("node and npm are not both installed here")
    place.mkdir()
    for file in (pins, program):
        shutil.copy(file, place / file.name)
    npm = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(npm, cwd=place, check=True)
    return place


def must_have_everything() -> bool:
    """Tell whether a missing party is a fault: it is in the build, which has all of them."""
    return os.environ.get("CI", "") not in ("", "false", "0")
