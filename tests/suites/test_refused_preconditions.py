"""No false alarm: what a server refuses is held against it once, and the reason is told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# By server: what each requirement comes to, and words of what is told of it.
NAME = "POST /Users answered 400 (Field 'formatted' is required: name)"
GROUP = "POST /Groups answered 400 (Field '$ref' is required: members)"
JUDGED: dict[str, dict[str, tuple[set[str], str]]] = {
    "names-want-a-part": {
        "RFC7644-3.3-1": ({"fail"}, "Field 'formatted' is required"),
        **{
            name: ({"inconclusive"}, f"{NAME} to a user with nothing unusual")
            for name in (
                *("RFC7643-2.1-1", "RFC7643-2.3.1-1", "RFC7643-2.3.8-2", "RFC7643-3-8"),
                *("RFC7643-3.1-10", "RFC7643-3.1-26"),
            )
        },
        "RFC7644-3.3-9": ({"inconclusive"}, "the create answered 400 (Field 'formatted'"),
        "RFC7644-3.3-10": ({"inconclusive"}, "the create answered 400 (Field 'formatted'"),
        "RFC7644-3.3-7": ({"inconclusive"}, "answered 400 ("),
        "RFC7643-1.1-1": ({"pass"}, ""),
    },
    "members-want-a-reference": {
        "RFC7643-4.2-5": ({"fail", "pass"}, "Field '$ref' is required"),
        "RFC7644-3.3-8": ({"pass", "inconclusive"}, GROUP),
    },
    "groups-want-members": {
        "RFC7643-4.2-9": ({"warn"}, "Field 'members' is required"),
        "RFC7643-3.1-22": ({"pass", "inconclusive"}, "(Field 'members' is required)"),
    },
    "paths-without-filters": {
        "RFC7644-3.5.2.3-9": ({"skip"}, "the server takes no such path: PATCH answered 400"),
    },
    "counts-limited": {
        "RFC7644-3.4.2.4-16": ({"pass"}, ""),
        "RFC7644-3.4.2.4-6": ({"fail"}, "count must be <= 1000"),
    },
    "resource-types-endpoint-absolute": {
        "RFC7643-6-9": ({"pass", "fail"}, "https://scim.example.com/scim/v2/Users"),
        "RFC7644-4-6": ({"pass", "inconclusive"}, "/scim/v2/Users is no relative path"),
    },
    "searches-at-the-root-alone": {
        "RFC7644-3.4.3-19": ({"pass"}, ""),
        "RFC7644-3.4.3-18": (
            {"pass", "skip"},
            "(POST /Users/.search answered 404, POST /.search 200)",
        ),
    },
    "no-third-address": {
        "RFC7644-3.5.2-23": ({"pass", "skip"}, "the server adds no e-mail to others"),
    },
    "one-address-a-user": {
        "RFC7643-1.2-3": ({"skip"}, "Users were made without emails[1]: POST /Users answered 400"),
        "RFC7643-2.5-3": ({"pass"}, ""),
    },
    "filter-unsupported": {
        "RFC7644-3.4.2.4-8": ({"skip"}, "cannot be asked for: GET /Users answered 400"),
        "RFC7644-3.4.2.4-15": ({"pass"}, ""),
    },
}


@pytest.mark.parametrize("server", JUDGED)
def test_a_refusal_is_held_against_nobody_twice(
    tmp_path: Path, quiet_environment: Callable[..., dict[str, str]], server: str
) -> None:
    asked = [word for name in JUDGED[server] for word in ("--scim-only", name)]
    done = subprocess.run(  # noqa: S603 - our own suites
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", "suites/isolated.ini", "--rootdir=.", "-p", "refusing_servers"),
            *("--scim-deviation", server, "--scim-report", str(tmp_path), *asked, "suites"),
            *("--ignore", "suites/idp"),
        ],
        cwd=ROOT,
        env=quiet_environment(PYTHONPATH=f"{ROOT}:{HERE}"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    report = tmp_path / "report.json"
    assert report.exists(), done.stdout[-3000:] + done.stderr[-1000:]
    results = json.loads(report.read_text(encoding="utf-8"))["results"]
    for requirement, (verdicts, words) in JUDGED[server].items():
        mine = [each for each in results if each["requirement"] == requirement]
        told = [f"{each['verdict']}: {each['actual']}" for each in mine]
        assert {each["verdict"] for each in mine} == verdicts, told
        wanted = [each for each in mine if each["verdict"] != "pass"]
        assert all(words in str(each["actual"]) for each in wanted), told
