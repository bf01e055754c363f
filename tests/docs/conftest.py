"""The site, built once for all tests of a worker: with one requirement of each section."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.docs.copies import ROOT


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make site` makes it; a broken link, anchor or picture fails the build."""
    if find_spec("material") is None:
        reason = "mkdocs-material is not installed: pip install -e '.[dev]'"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("site")
    done = mkdocs(ROOT, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def mkdocs(place: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the site that a folder describes."""
    # Not --quiet: a warning that is not logged is none for --strict.
    return subprocess.run(  # noqa: S603 - our own interpreter on our own pages
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder)],
        cwd=place,
        env={**_quiet(), "SCIMPROOF_SITE": "sample", "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _quiet() -> dict[str, str]:
    """Return the environment without what is about the run of the selftests."""
    about_us = ("PYTEST_", "SCIM_")
    return {name: each for name, each in os.environ.items() if not name.startswith(about_us)}
