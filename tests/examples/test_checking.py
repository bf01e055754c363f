"""The pages about checking a server do what they say: their ``` blocks are typed in a checkout."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from tests.examples import following

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "checking"
NAMES = ("any-url.md", "django.md", "fastapi.md", "flask.md")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a reader has of a checkout, as far as the pages need it."""
    left_out = shutil.ignore_patterns("__pycache__", ".scim-reports")
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=left_out)
    return tmp_path


def free_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return int(it.getsockname()[1])


def test_every_page_is_followed() -> None:
    assert sorted(page.name for page in PAGES.glob("*.md")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_does_what_it_says(name: str, checkout: Path, environment: dict[str, str]) -> None:
    text = (PAGES / name).read_text(encoding="utf-8").replace("8080", str(free_port()))
    typed = following.follow(text, checkout, environment)
    assert len(typed) > 1
    assert following.problems(text, typed) == []
