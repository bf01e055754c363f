"""Every server-side requirement is shown by a test of this folder or explained in the choices.

A test or a row claims what it shows with the mark `honours`:

    honours = pytest.mark.honours

    @honours("RFC7644-3.4.2.2-1")
    def test_...(scim: Scim) -> None: ...

    pytest.param("userName eq", 400, marks=honours("RFC7644-3.12-3"), id="no-value")

What the server does otherwise, on purpose, is an entry of docs/server-choices.md:

    - `RFC7643-4.1.2-2`: The choice, in a sentence.
      The reason, in another.

The modules are imported and their marks are read, so computed rows count as well.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
CHOICES = ROOT / "docs" / "server-choices.md"
CATALOGUE = ("rfc7643.json", "rfc7644.json", "rfc9865.json")
# Only a part of the requirement is kept: such an entry needs a test as well.
IN_PART = "Honoured in part"
# One check seldom shows more; a longer list is a claim and no proof.
MOST_IDS = 8

_ID = r"[A-Z0-9]+-[0-9A-Za-z.]+-\d+"
_ENTRY = re.compile(rf"- ((?:`{_ID}`(?:, )?)+): (.+)")


def wanted() -> set[str]:
    """The ids of the requirements that a server can be seen to keep or break."""
    found = set()
    for name in CATALOGUE:
        document = json.loads((ROOT / "suites" / "catalogue" / name).read_text("utf-8"))
        for raw in document["requirements"]:
            entry = {**document["shared"], **raw}
            if entry["role"] != "client" and entry["testable"] != "not-testable":
                found.add(entry["id"])
    return found


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"coverage_of_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def marks_of(function: Any) -> Iterator[pytest.Mark]:  # noqa: ANN401 - any test function
    for mark in getattr(function, "pytestmark", []):
        yield mark
        if mark.name == "parametrize":
            for row in mark.args[1]:
                yield from getattr(row, "marks", ())


def claims() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each mark of this folder: the test it is on, and the ids."""
    for path in sorted(HERE.glob("test_*.py")):
        if path.name == Path(__file__).name:
            continue
        module = loaded(path)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("test_") and function.__module__ == module.__name__:
                for mark in marks_of(function):
                    if mark.name == "honours":
                        yield f"{path.name}::{name}", mark.args


def choices() -> dict[str, str]:
    """Return the ids of the choices page with the text of their entries."""
    found: dict[str, str] = {}
    text = CHOICES.read_text("utf-8")
    for entry in re.split(r"\n(?=- |#)", text):
        match = _ENTRY.match(entry)
        if match is not None:
            for each in re.findall(_ID, match[1]):
                assert each not in found, f"{each} has two entries"
                found[each] = entry.partition(": ")[2]
    return found


@pytest.fixture(scope="module")
def claimed() -> list[tuple[str, tuple[str, ...]]]:
    return list(claims())


@pytest.fixture(scope="module")
def shown(claimed: list[tuple[str, tuple[str, ...]]]) -> set[str]:
    return {each for _, ids in claimed for each in ids}


def test_every_requirement_is_shown_or_explained(shown: set[str]) -> None:
    assert sorted(wanted() - shown - choices().keys()) == []


def test_nothing_is_claimed_that_the_catalogue_does_not_ask(shown: set[str]) -> None:
    assert sorted((shown | choices().keys()) - wanted()) == []


def test_what_is_shown_needs_no_excuse(shown: set[str]) -> None:
    partly = {each for each, text in choices().items() if IN_PART in text}
    assert sorted(shown & choices().keys()) == sorted(partly)


def test_every_choice_gives_a_reason() -> None:
    for each, text in choices().items():
        assert len(re.findall(r"[.)](?=\s|$)", text)) >= 2, f"{each}: {text}"


def test_no_test_claims_a_list_of_requirements(
    claimed: list[tuple[str, tuple[str, ...]]],
) -> None:
    assert [name for name, ids in claimed if not 0 < len(ids) <= MOST_IDS] == []
