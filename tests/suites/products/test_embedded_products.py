"""A run on the simulation of a product: everything is kept, and a deviation is caught."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from suites.reach import embedded_product
from suites.requirements import NOT_TESTABLE
from suites.requirements import Requirement
from suites.requirements import catalogue
from suites.requirements import judged_products
from tests.sizes import sample
from tests.sizes import sized

Command = Any


def promises(product: str) -> list[Requirement]:
    """Return the promises that can be tried: one in four, and those that no IdP can achieve.

    The cases themselves are run with the selftests, and hold all of them against the simulation.
    """
    mine = [entry for entry in catalogue().values() if entry.product == product]
    testable = {entry.id: entry for entry in mine if entry.testable != NOT_TESTABLE}
    wanted = {*sample(testable, 4), *(key for key in testable if testable[key].not_achievable)}
    return [entry for key, entry in testable.items() if key in wanted]


def promised(product: str) -> set[tuple[str, str | None]]:
    """Return these promises, with each IdP that they are tried with."""
    return {(entry.id, idp) for entry in promises(product) for idp in entry.idps or (None,)}


@pytest.fixture(scope="module", params=judged_products())
def whole(
    request: pytest.FixtureRequest,
    command_in: Callable[[Path], Command],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, Command]:
    """Return a product and what came of a run of what it promises."""
    command = command_in(tmp_path_factory.mktemp(request.param))
    only = [f"--only={entry.id}" for entry in promises(request.param)]
    return request.param, command.run("--product", request.param, *only[: sized(len(only), 0)])


def test_every_promise_is_kept_with_every_idp(whole: tuple[str, Command]) -> None:
    product, done = whole
    assert done.status == 0, done.said
    results = done.report["results"]
    assert {each["verdict"] for each in results} <= {"pass", "skip"}
    skipped = {each["actual"].partition(":")[0] for each in results if each["verdict"] == "skip"}
    assert skipped <= {"not achievable"}
    kept = {(each["requirement"], each["idp"]) for each in results if each["verdict"] == "pass"}
    assert promised(product) - kept == set()


def test_what_an_idp_cannot_achieve_never_counts_as_kept(whole: tuple[str, Command]) -> None:
    product, done = whole
    for entry in promises(product):
        mine = [each for each in done.report["results"] if each["requirement"] == entry.id]
        for idp, reason in entry.not_achievable.items():
            found = {(each["verdict"], each["actual"]) for each in mine if each["idp"] == idp}
            assert found <= {("skip", f"not achievable: {reason}")}


def test_a_run_on_a_simulation_says_so(command: Command) -> None:
    done = command.run("--product", "clockify", "--only", "CLK-USER-1")
    report = done.report
    assert report["target"]["simulated"]
    assert report["target"]["url"] is None
    assert report["run"]["options"]["product"] == ["clockify"]
    assert {each["suite"] for each in report["results"]} == {"product"}
    assert all(each["simulated"] for each in report["results"])
    assert "simulat" in done.out


@pytest.mark.parametrize(
    ("deviation", "requirement"),
    [("groups-kept", "CLK-ENABLE-5"), ("time-zone-overwritten", "CLK-USER-5")],
)
def test_a_deviation_of_the_simulation_is_caught(
    command: Command, deviation: str, requirement: str
) -> None:
    done = command.run("--product", "clockify", "--only", requirement, "--deviation", deviation)
    assert done.status == 1
    assert "fail" in {each["verdict"] for each in done.report["results"]}


def test_no_key_of_a_simulation_reaches_a_file(command: Command) -> None:
    only = ("--only", "CLK-USER-10", "--only", "CLK-ENABLE-3", "--only", "CLK-LOCK-8")
    done = command.run("--product", "clockify", *only)
    assert done.status == 0, done.said
    transcript = (command.directory / "transcript.jsonl").read_text("utf-8")
    assert '"X-Api-Key"' in transcript
    assert '"key": "[redacted' in transcript
    assert '"token": "[redacted' in transcript
    for line in transcript.splitlines():
        for part in ('"X-Api-Key", "', '"key": "', '"token": "'):
            values = [rest.partition('"')[0] for rest in line.split(part)[1:]]
            assert [value for value in values if not value.startswith("[redacted")] == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--product", "nonsense"), "known are: clockify"),
        (("--product", "clockify", "--suite", "protocol"), "does not go with --scim-product"),
        (("--suite", "product"), "name the product with --scim-product"),
        (("--deviation", "groups-kept"), "groups-kept"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(
    command: Command, options: tuple[str, ...], says: str
) -> None:
    done = command.run(*options)
    assert done.status == 4
    assert says in done.said
    assert "Traceback" not in done.said
    assert not command.directory.exists()


def test_a_product_that_is_not_simulated_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        embedded_product.start("nonsense")
    assert embedded_product.deviations("nonsense") == {}
