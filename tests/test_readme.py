from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parent.parent / "README.md"


def test_the_example_for_own_tests_runs_as_it_stands(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "test_example.py").write_text(example, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "scimproof", "-p", "no:cacheprovider"]
    home = {"PYTHONPATH": str(README.parent), "PATH": ""}
    done = subprocess.run(  # noqa: S603 - our own interpreter on our own example
        command, cwd=tmp_path, env=home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_every_option_that_the_readme_names_exists(capsys: pytest.CaptureFixture[str]) -> None:
    import scimproof
    from reference_server.__main__ import main as serve

    named = set(re.findall(r"`--([a-z][a-z-]*)", README.read_text(encoding="utf-8")))
    known = {name.removeprefix("--").removeprefix("scim-") for name in scimproof.OPTIONS}
    serve(["--help"])
    served = set(re.findall(r"--([a-z][a-z-]*)", capsys.readouterr().out))
    assert named - known - served - {"scim-url", "scim-"} == set()
