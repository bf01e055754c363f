"""No false alarm: a server that fails at the plain request is not accused of what the case asks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# All of them ask for a list in some special way; none is about lists.
ABOUT = (
    *("RFC7644-2-4", "RFC7644-3.1-1", "RFC7644-3.1-6"),
    *("RFC7644-3.8-6", "RFC7644-3.8-7", "RFC7644-3.8-8", "RFC7644-3.12-11"),
    *("SEC-AUTH-6", "SEC-AUTH-9", "SEC-AUTH-11", "SEC-HTTP-2"),
    *("SEC-INJECT-2", "SEC-INJECT-5", "SEC-INPUT-3", "SEC-INPUT-6"),
)
IDP = ("ENTRA-AUTH-1", "OKTA-AUTH-1")


def _judged(
    folder: Path, environment: dict[str, str], crash: str, *only: str
) -> list[dict[str, str]]:
    asked = [word for name in only for word in ("--scim-only", name)]
    done = subprocess.run(  # noqa: S603 - our own suites
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", "suites/isolated.ini", "--rootdir=.", "-p", "crashing_servers"),
            *("--scim-deviation", crash, "--scim-report", str(folder), *asked, "suites"),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    report = folder / "report.json"
    assert report.exists(), done.stdout[-3000:] + done.stderr[-1000:]
    found: list[dict[str, str]] = json.loads(report.read_text(encoding="utf-8"))["results"]
    return found


@pytest.mark.parametrize("crash", ["counting-crashes", "lists-crash"])
def test_a_crash_at_the_plain_request_accuses_of_nothing_else(
    tmp_path: Path, quiet_environment: Callable[..., dict[str, str]], crash: str
) -> None:
    environment = quiet_environment(PYTHONPATH=f"{ROOT}:{HERE}")
    judged = _judged(tmp_path, environment, crash, *ABOUT)
    assert {each["requirement"] for each in judged} == {*ABOUT}
    wrong = {
        f"{each['verdict']} {each['case']}": each["actual"]
        for each in judged
        if each["verdict"] in ("fail", "warn", "error")
    }
    assert wrong == {}
    if crash == "lists-crash":
        shared = next(each for each in judged if each["requirement"] == "RFC7644-2-4")
        assert shared["actual"] == (
            "GET /Users with the right credential answers 500, so nothing can be compared"
        )
    else:
        # Without the count there is a list to judge by.
        told = {each["verdict"] for each in judged if each["requirement"] != "SEC-INPUT-3"}
        assert "inconclusive" not in {
            each["verdict"] for each in judged if each["requirement"].startswith("RFC7644")
        }, told


def test_a_credential_is_not_blamed_for_a_crash(
    tmp_path: Path, quiet_environment: Callable[..., dict[str, str]]
) -> None:
    environment = quiet_environment(PYTHONPATH=f"{ROOT}:{HERE}")
    judged = _judged(tmp_path, environment, "lists-crash", *IDP)
    assert {each["verdict"] for each in judged} == {"inconclusive"}
    for each in judged:
        assert each["actual"].startswith("the credential is not what stops ")
        assert "500" in each["actual"]


def test_filters_that_find_everybody_are_no_injection(
    tmp_path: Path, quiet_environment: Callable[..., dict[str, str]]
) -> None:
    environment = quiet_environment(PYTHONPATH=f"{ROOT}:{HERE}")
    judged = _judged(tmp_path, environment, "filter-ignored", "SEC-INJECT-1")
    assert [each["verdict"] for each in judged] == ["inconclusive"]
    assert "finds others as well" in judged[0]["actual"]
