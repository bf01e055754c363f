"""The Dockerfile: sound to hadolint, and what it copies is enough to build the wheel."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.ci.conftest import ROOT

TEXT = (ROOT / "Dockerfile").read_text("utf-8")
# Instructions, with their continued lines joined.
LINES = [
    line.strip()
    for line in re.sub(r"\\\n\s*", "", TEXT).splitlines()
    if line.strip() and not line.startswith("#")
]


def copied() -> list[tuple[str, str]]:
    """Return what is copied from this checkout, each with the place that it goes to."""
    found = []
    for line in LINES:
        if line.startswith("COPY ") and "--from" not in line:
            *sources, place = line.split()[1:]
            found += [(source, place) for source in sources]
    return found


def instruction(name: str) -> list[str]:
    return [line.removeprefix(f"{name} ") for line in LINES if line.startswith(f"{name} ")]


def test_hadolint_finds_nothing() -> None:
    beside = Path(sys.executable).parent / "hadolint"
    hadolint = str(beside) if beside.exists() else shutil.which("hadolint")
    if hadolint is None:
        reason = "there is no hadolint on this machine"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    done = subprocess.run(  # noqa: S603 - a linter of our environment
        [hadolint, "--failure-threshold", "style", "--no-color", str(ROOT / "Dockerfile")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_every_base_has_a_full_version() -> None:
    bases = [line.split()[0] for line in instruction("FROM")]
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base) for base in bases)
    assert len(set(bases)) == 1


def test_everything_that_is_copied_exists_and_is_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert copied()
    for source, _ in copied():
        assert (ROOT / source).exists()
        assert f"!{source}" in ignored
    assert sorted({source for source, _ in copied()}) == sorted(
        line.removeprefix("!") for line in ignored if line.startswith("!")
    )


def test_nothing_of_a_checkout_goes_in_but_what_is_copied() -> None:
    patterns = [
        line
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert patterns[0] == "*"
    for name in (".git", ".venv", ".env", "scim-target.toml", "scim-report", "tests"):
        assert not any(fnmatch.fnmatch(f"!{name}", each) for each in patterns[1:])


def test_what_is_copied_is_enough_to_build_the_wheel(tmp_path: Path) -> None:
    """Builds in a folder that holds what the first stage holds, without a network."""
    for source, place in copied():
        if (ROOT / source).is_dir():
            skip = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(ROOT / source, tmp_path / place, ignore=skip)
        elif place == "./":
            shutil.copy(ROOT / source, tmp_path / source)
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "wheel"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "wheel").glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    rooms = [place for source, place in copied() if (ROOT / source).is_dir()]
    wanted = {
        path.relative_to(ROOT).as_posix()
        for room in rooms
        for path in (ROOT / room).rglob("*")
        if path.is_file() and not any(part.startswith((".", "__pyc")) for part in path.parts)
    }
    assert wanted - names == set()


def test_the_container_is_nobody_and_starts_scimproof() -> None:
    assert instruction("USER") == ["10001"]
    assert LINES.index("USER 10001") > max(
        position for position, line in enumerate(LINES) if line.startswith("RUN ")
    )
    assert instruction("ENTRYPOINT") == ['["scimproof"]']
    assert instruction("WORKDIR")[-1] == "/reports"
    assert "--owner=scimproof --mode=0777 /reports" in TEXT


def test_no_secret_is_named() -> None:
    assert not instruction("ENV")
    assert not instruction("ARG")
    assert "TOKEN" not in TEXT
