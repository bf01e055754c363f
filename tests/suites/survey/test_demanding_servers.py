from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sizes import sample
from tests.sizes import sized

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
GOOD = {"pass", "skip"}
# Two who replay much of what people wish here; everybody in the soak.
WHO = ("--idp", "all") if sized(0, 1) else ("--idp", "okta", "--idp", "jumpcloud")
# What no mapping can change: the test user that JumpCloud makes before anything else is always
# the same, so such a server does fail its test of the connection.
TRUE = {("warn", "JUMPCLOUD-CONN-3")}


def judged(wishes: str, folder: Path, environment: dict[str, str]) -> list[dict[str, Any]]:
    done = subprocess.run(  # noqa: S603 - our own suites
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", "suites/isolated.ini", "--rootdir=.", "-p", "demanding_run"),
            *(*WHO, "--scim-report", str(folder), "suites"),
        ],
        cwd=ROOT,
        env={**environment, "SURVEY_TARGET": wishes},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    written = folder / "results.json"
    assert written.exists(), done.stdout[-3000:] + done.stderr[-1000:]
    found: list[dict[str, Any]] = json.loads(written.read_text(encoding="utf-8"))
    return found


# One of the two here, both in the soak.
@pytest.mark.parametrize("wishes", sample(["required", "template"], 2))
def test_a_server_that_wants_more_of_every_user_is_not_accused(
    wishes: str, tmp_path: Path, quiet_environment: Callable[..., dict[str, str]]
) -> None:
    results = judged(wishes, tmp_path, quiet_environment(PYTHONPATH=f"{ROOT}:{HERE}"))
    accused = [
        f"{each['verdict']} {each['case']}: {each['actual']}"
        for each in results
        if each["verdict"] not in GOOD and (each["verdict"], each["requirement"]) not in TRUE
    ]
    assert accused == []
    assert sum(each["verdict"] == "pass" for each in results) > sized(200, 1900)


def test_without_the_target_file_such_a_server_stops_most(
    tmp_path: Path, quiet_environment: Callable[..., dict[str, str]]
) -> None:
    environment = quiet_environment(
        PYTHONPATH=f"{ROOT}:{HERE}", PYTEST_ADDOPTS="--idp google --scim-suite idp"
    )
    done = subprocess.run(  # noqa: S603 - our own suites
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", "suites/isolated.ini", "--rootdir=.", "-p", "demanding_run"),
            *("--scim-report", str(tmp_path), "suites/idp/google"),
        ],
        cwd=ROOT,
        env={**environment, "SURVEY_TARGET": "nothing"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    found = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert sum(each["verdict"] not in GOOD for each in found) > len(found) / 2, done.stdout[-500:]
