"""Which cases the options of a run choose."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from suites.run.selection import Folders
from suites.run.state import Options

HOME = Path(__file__).resolve().parents[3]
SUITES = HOME / "suites"


def chosen(*options: str) -> set[str]:
    """Return the areas of the cases that a run with these options has."""
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(  # noqa: S603 - pytest and options of this file
        [*words, *options], cwd=HOME, capture_output=True, text=True, timeout=60, check=False
    )
    found = [line.split("/") for line in done.stdout.splitlines() if "::" in line]
    return {place[1] for place in found if place[0] == "suites"}


def test_workers_take_cases_in_a_row_unless_told_otherwise() -> None:
    def schedule(*more: str) -> str:
        words = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-n", "1"]
        done = subprocess.run(  # noqa: S603 - pytest and options of this file
            [*words, SUITES / "discovery", "--scim-only", "RFC7644-4-1", *more],
            cwd=HOME,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout + done.stderr

    assert "scheduling tests via WorkStealing" in schedule()
    assert "scheduling tests via LoadFile" in schedule("--dist", "loadfile")


@pytest.mark.parametrize(
    ("options", "has", "lacks"),
    [
        (("--idp", "all"), {"idp", "patching", "security", "consistency"}, {"products"}),
        (("--idp", "okta"), {"idp", "patching"}, {"security", "consistency", "products"}),
        (("--idp", "all", "--scim-suite", "security"), {"security"}, {"idp", "patching"}),
        (("suites",), {"idp", "patching", "security", "consistency", "products"}, set()),
    ],
)
def test_every_idp_brings_all_that_belongs_to_none(
    options: tuple[str, ...], has: set[str], lacks: set[str]
) -> None:
    areas = chosen(*options)
    assert has <= areas
    assert not lacks & areas


def products(*options: str) -> set[str]:
    """Return the products of the cases that a run with these options has."""
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(  # noqa: S603 - pytest and options of this file
        [*words, *options], cwd=HOME, capture_output=True, text=True, timeout=60, check=False
    )
    found = [line.split("/") for line in done.stdout.splitlines() if "::" in line]
    return {place[2] if place[1] == "products" else place[1] for place in found}


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (("--scim-product", "clockify"), {"clockify"}),
        (("--scim-only", "CLK-USER-1", "--scim-only", "RFC7644-3.3-7"), {"clockify", "crud"}),
    ],
)
def test_a_product_that_is_named_brings_its_promises(
    options: tuple[str, ...], chosen: set[str]
) -> None:
    assert products(*options) == chosen


def test_an_idp_narrows_the_promises_of_a_product() -> None:
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(  # noqa: S603 - pytest and options of this file
        [*words, "--scim-product", "clockify", "--idp", "okta"],
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    forms = {line.partition("[")[2].rstrip("]") for line in done.stdout.splitlines()}
    assert "okta" in forms
    assert not forms & {"entra", "jumpcloud", "google"}


@dataclass
class Named:
    """As much of pytest's configuration as is asked: what is to be collected."""

    args: list[str]


@pytest.mark.parametrize(
    ("suites", "products", "left_out"),
    [
        ((), (), {"products"}),
        ((), ("clockify",), set[str]()),
        (("protocol",), (), {"idp", "security", "consistency", "products"}),
        (("security",), (), {"idp", "crud", "consistency", "products"}),
        (("product", "idp"), ("clockify",), {"security", "crud", "consistency"}),
    ],
)
def test_folders_of_which_nothing_is_asked_for_are_not_even_read(
    suites: tuple[str, ...], products: tuple[str, ...], left_out: set[str]
) -> None:
    folders = Folders(Options(suites=suites, products=products))
    everything: Any = Named([str(SUITES)])
    places = ("idp", "security", "consistency", "products", "crud")
    ignored = {name for name in places if folders.pytest_ignore_collect(SUITES / name, everything)}
    assert ignored == left_out
    below = SUITES / "idp" / "okta"
    assert folders.pytest_ignore_collect(below, everything) is None
    assert folders.pytest_ignore_collect(SUITES, everything) is None
    named: Any = Named([str(SUITES / "security")])
    assert not any(folders.pytest_ignore_collect(SUITES / name, named) for name in places)


def test_a_folder_that_is_named_is_read_whatever_else_is_asked_for() -> None:
    words = [sys.executable, "-m", "suites", "run", "suites/security", "--suite", "protocol"]
    done = subprocess.run(  # noqa: S603 - our own command and options of this file
        [*words, "--collect-only", "-v"],
        **{"cwd": HOME, "capture_output": True, "text": True, "timeout": 60, "check": False},
    )
    assert done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, done.stdout + done.stderr
    assert "deselected" in done.stdout
