"""Follows docs/quick-start.md word for word, with a wheel in an empty folder; prints the seconds.

.venv/bin/python .ci/quick_start.py dist/scimproof-0.1.0-py3-none-any.whl [PYTHON]
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from tests.examples import following  # noqa: E402 - the checkout is on the path from here on

FIVE_MINUTES = 300
OURS = ("SCIM_", "PYTEST_", "ALLURE_", "COV_", "PYTHON", "VIRTUAL_ENV")


def main(wheel: str, python: str = "python3") -> int:
    """Return 0 when the page does what it says, in five minutes."""
    text = (HOME / "docs" / "quick-start.md").read_text(encoding="utf-8")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        install = _install(text, Path(wheel).resolve(), python)
        typed = following.follow(text, Path(folder), _environment(), install=install)
        problems = following.problems(text, typed)
    seconds = time.monotonic() - begun
    if seconds > FIVE_MINUTES:
        problems.append(f"{seconds:.0f} s are more than five minutes")
    for problem in problems:
        print(problem)
    print(f"quick start: {seconds:.0f} s, {len(problems)} problems")
    return 1 if problems else 0


def _install(text: str, wheel: Path, python: str) -> str:
    """Return what the page installs, with the wheel in place of the name."""
    (block,) = (each for each in following.blocks(text) if each.comment == "install")
    pins = shlex.quote(str(HOME / "constraints.txt"))
    named = f"pip install -q -c {pins} {shlex.quote(str(wheel))} "
    found = block.text.replace("pip install scimproof ", named)
    return found.replace("python3 -m", f"{shlex.quote(shutil.which(python) or python)} -m")


def _environment() -> dict[str, str]:
    """Return the environment of somebody who has set nothing, and has no environment active."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    own = str(Path(sys.executable).parent)
    path = [each for each in kept.get("PATH", "").split(os.pathsep) if each != own]
    return {**kept, "PATH": os.pathsep.join(path), "NO_COLOR": "1"}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
