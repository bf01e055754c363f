"""How well findings are put together, measured on servers with one fault and with two.

The sample holds the findings of runs of all suites against the reference server with a deviation,
at most 48 of each run, and with pairs of deviations. `cases` has every case that failed with one.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
import statistics
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reports import Report
from reports import Result
from reports import causes
from tests.sizes import sized

MakeReport = Callable[..., Report]
SAMPLE = Path(__file__).parents[1] / "samples" / "causes.json.gz"
# Those that show in many unlike ways, with the number of causes that a reader gets to see.
MANY = {
    "active-always-true": 9,
    "active-as-string": 6,
    "active-omitted": 8,
    "deactivate-drops-memberships": 9,
    "list-loses-newest": 8,
    "reads-show-old-values": 20,
    "user-groups-stay": 5,
}
FEW = 4


@cache
def sample() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(SAMPLE.read_bytes()))
    return found


@cache
def results(part: str, name: str) -> tuple[Result, ...]:
    return tuple(map(Result.from_json, sample()[part][name]))


def test_one_fault_is_one_cause_or_few(report: MakeReport) -> None:
    found = {name: len(causes(report(*results("single", name)))) for name in sample()["single"]}
    assert len(found) >= 25
    assert {name: n for name, n in found.items() if n > MANY.get(name, FEW)} == {}
    assert statistics.mean(found.values()) < 3
    assert statistics.median(found.values()) <= 2


def test_two_faults_that_share_no_case_share_no_cause(report: MakeReport) -> None:
    wrong = []
    pairs = [*itertools.combinations(sorted(sample()["single"]), 2)]
    chosen = random.Random(8).sample(pairs, sized(150, len(pairs)))  # noqa: S311 - no secret
    for one, other in chosen:
        first, second = results("single", one), results("single", other)
        mine, theirs = ({each.case for each in group} for group in (first, second))
        if mine & theirs:
            continue
        for cause in causes(report(*first, *second)):
            behind = {each.case for each in cause.results}
            if behind & mine and behind & theirs:
                wrong.append((one, other, cause.title))
    assert wrong == []


@pytest.mark.parametrize("pair", sorted(sample()["pairs"]))
def test_a_server_with_two_faults_shows_both_apart(report: MakeReport, pair: str) -> None:
    one, other = ({*sample()["cases"][name]} for name in pair.split("+"))
    found = causes(report(*results("pairs", pair)))
    shown = [{each.case for each in cause.results} for cause in found]
    assert [cases for cases in shown if cases & (one - other) and cases & (other - one)] == []
    assert any(cases & one for cases in shown)
    assert any(cases & other for cases in shown)


@pytest.mark.parametrize("name", sorted(sample()["single"]))
def test_another_run_gives_the_same_causes(report: MakeReport, name: str) -> None:
    """The ids, names, ports and hosts of a run are others, and so is the order of its results."""
    given = sample()["single"][name]
    again = json.loads(_of_another_run(json.dumps(given)))
    random.Random(name).shuffle(again)  # noqa: S311 - no secret
    first = causes(report(*map(Result.from_json, given)))
    second = causes(report(*map(Result.from_json, again)))
    assert [(each.id, each.title, each.keys) for each in first] == [
        (each.id, each.title, each.keys) for each in second
    ]


def _of_another_run(text: str) -> str:
    def other_id(found: re.Match[str]) -> str:
        return found[0][::-1].replace("a", "0").replace("1", "f")

    text = re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", other_id, text)
    text = re.sub(r"127\.0\.0\.1:\d+", "10.1.2.3:9", text)
    return re.sub(r"scimproof-[0-9a-f]{6}-[0-9a-f]{6}-[a-z]+", "scimproof-9d8e7f-010203-zoe", text)
