"""A cause has one name, whichever run finds it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports import Result
from reports import cause_key
from reports import causes
from reports import read_report
from tests.sizes import sized

SAMPLE = Path(__file__).parents[1] / "reports" / "samples" / "causes.json.gz"
FAULT = "group-delete-ignored"
CASES = ("--only", "OKTA-DEL-1", "--only", "RFC7644-3.6-2")
# The sample was made with another seed, on other ports, by two processes.
RUNS = [("--seed", "1"), ("--seed", "2", "-n", "2")][: sized(1, 2)]


def earlier() -> set[str]:
    """Return the keys that the findings of an earlier run on the same server have."""
    given = json.loads(gzip.decompress(SAMPLE.read_bytes()))["single"][FAULT]
    return {cause_key(Result.from_json(each)) for each in given}


@pytest.mark.parametrize("options", RUNS)
def test_another_run_calls_a_cause_by_the_same_name(
    command_in: Callable[[Path], Any], tmp_path: Path, options: tuple[str, ...]
) -> None:
    done = command_in(tmp_path).run("--idp", "okta", *CASES, "--deviation", FAULT, *options)
    assert done.status == 1, done.said
    (cause,) = causes(read_report(done.directory / "report.json"))
    assert cause.title == "Deleting a group is answered as done, but the group is still there"
    assert {each.idp for each in cause.results} == {"okta", None}
    assert {*cause.keys} <= earlier()
