from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from suites.survey.costs import Cost
from suites.survey.costs import Costs
from suites.survey.costs import Entry
from suites.survey.costs import measured
from suites.survey.costs import read
from suites.survey.costs import written

# A fixture of the folder above, or whatever came out of a reader.
Loose: TypeAlias = Any


SMALL = Costs(
    {
        "a.py::test_a": Entry(Cost(2, 1), ("world",)),
        "a.py::test_b": Entry(Cost(1.5), ("staff", "world")),
    },
    {"world": Entry(Cost(10, 8, 1), ("staff",)), "staff": Entry(Cost(4, 4))},
    first=5,
    sweeps=1,
)


def test_what_is_shared_counts_once() -> None:
    one = SMALL.of(["a.py::test_a"])
    both = SMALL.of(["a.py::test_a", "a.py::test_b"])
    assert one == Cost(2 + 10 + 4 + 5 + (1 + 8 + 1 + 4), 1 + 8 + 4, 1)
    assert both.requests - one.requests == 1.5


def test_a_case_that_was_never_measured_costs_the_average() -> None:
    assert SMALL.of(["new.py::test_new"]).requests == 1.75 + 5 + 0.5


def test_no_cases_cost_nothing() -> None:
    assert SMALL.of([]) == Cost()


def test_what_was_written_is_read_again() -> None:
    assert read(written(SMALL)) == SMALL
    assert read(written(measured())) == measured()


@pytest.mark.parametrize(
    ("options", "asked"), [(("--idp", "okta"), ("--idp", "okta"))], ids=["okta"]
)
def test_the_estimate_is_near_what_a_run_sends(
    call: Loose,
    command: Loose,
    recording: Callable[..., Any],
    token: str,
    tmp_path: Loose,
    options: tuple[str, ...],
    asked: tuple[str, ...],
) -> None:
    server = recording()
    file = tmp_path / "target.toml"
    file.write_text(f'url = "{server.url}"\n', encoding="utf-8")
    out = call("target", "check", file, *asked, "--offline", SCIM_TOKEN=token)[1]
    line = next(each for each in out.splitlines() if "sends:" in each)
    estimate = int(line.split("about")[1].split()[0].replace(",", ""))
    done = command.run("--target", file, *options, SCIM_TOKEN=token)
    assert done.report["summary"]["pass"] > 200
    sent = len(server.seen.requests)
    assert sent * 0.75 < estimate < sent * 1.25
    made = sum(
        each.method == "POST" and each.path.endswith("/Users") and reply.status == 201
        for each, reply in zip(server.seen.requests, server.seen.replies, strict=True)
    )
    line = next(each for each in out.splitlines() if "creates:" in each)
    assert made * 0.75 < int(line.split("about")[1].split()[0].replace(",", "")) < made * 1.25
