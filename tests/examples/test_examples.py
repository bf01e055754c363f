"""Each example is judged in its own process, and comes out as its README says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {"SCIM_TOKEN": "only-for-this-try"}
EXAMPLES = ("django_endpoint", "fastapi_endpoint", "flask_endpoint", "flask_quick")
# What is behind a finding of django-scim2, as its page has it.
DJANGO_FAILS = ("OKTA-CREATE-7", "OKTA-MEM-2", "OKTA-PUSH-6")


def judged(
    folder: Path, environment: dict[str, str], app: str, options: Sequence[str]
) -> dict[str, Any]:
    """Return the report of a run on an example."""
    words = ["run", "--app", app, *options, "--report", str(folder / "report")]
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "scimproof", *words],
        cwd=folder,
        env={**environment, **OURS, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    report: dict[str, Any] = json.loads((folder / "report" / "report.json").read_text("utf-8"))
    return report


def verdicts(report: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for result in report["results"]:
        found.setdefault(result["requirement"], set()).add(result["verdict"])
    return found


def features(report: dict[str, Any]) -> dict[str, set[str]]:
    """Return the verdicts of the features of the console, over all dialects."""
    found: dict[str, set[str]] = {}
    for console in report["idps"]:
        for each in console["features"]:
            found.setdefault(each["name"], set()).add(each["verdict"])
    return found


def test_every_example_is_tried_and_described() -> None:
    folders = sorted(page.parent.name for page in (ROOT / "examples").glob("*/README.md"))
    assert folders == sorted(EXAMPLES)
    assert {each.parent.name for each in (ROOT / "examples").glob("*/*.py")} == set(EXAMPLES)


@pytest.mark.parametrize("name", ["django_endpoint", "fastapi_endpoint", "flask_quick"])
def test_the_tests_of_an_example_pass(
    name: str, example: Callable[[str], Path], environment: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "scimproof", "-p", "no:cacheprovider"],
        cwd=example(name),
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_okta_goes_through_and_the_standard_finds_what_the_readme_says(
    example: Callable[[str], Path], environment: dict[str, str]
) -> None:
    report = judged(example("fastapi_endpoint"), environment, "app:app", ["--idp", "okta"])
    of_okta = {each["verdict"] for each in report["results"] if each["idp"] == "okta"}
    assert of_okta == {"pass", "skip"}
    found = {each for each, said in verdicts(report).items() if "fail" in said}
    assert found == {
        *("RFC7643-3.1-2", "RFC7644-3.4.2.2-49", "RFC7644-3.5.2.1-6"),
        *("RFC7644-3.5.2.3-1", "RFC7644-3.5.2.3-6"),
    }
    assert features(report)["Push Groups: create"] == {"skip"}
    assert report["left_behind"] == []


def test_django_scim2_comes_out_as_its_page_says(
    example: Callable[[str], Path], environment: dict[str, str]
) -> None:
    works = ("OKTA-CREATE-1", "OKTA-DEACT-1", "OKTA-IMP-1", "OKTA-UPD-4")
    options = [word for each in (*works, *DJANGO_FAILS) for word in ("--only", each)]
    report = judged(example("django_endpoint"), environment, "wsgi:application", options)
    found = verdicts(report)
    assert [found[each] for each in works] == [{"pass"}] * len(works)
    assert [found[each] for each in DJANGO_FAILS] == [{"fail"}] * len(DJANGO_FAILS)
    assert report["left_behind"] == []


def test_each_fault_that_the_example_shows_is_explained() -> None:
    page = (ROOT / "docs" / "interop" / "django-scim2.md").read_text(encoding="utf-8")
    for each in DJANGO_FAILS:
        assert f"| fail | {each} |" in page
