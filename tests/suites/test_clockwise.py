"""The promises of Clockwise: all are tried on the simulation, and nobody is pushed elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reference_server.products import product_deviations
from suites.proving.case_list import Case
from suites.requirements import catalogue

SHEET = {
    *("CWS-FEAT-1", "CWS-FEAT-2", "CWS-ENABLE-1", "CWS-ENABLE-2", "CWS-LOCK-1"),
    *("CWS-PLAN-1", "CWS-PLAN-2"),
}
# What the page says of Okta alone.
OF_OKTA = {"CWS-FEAT-2", "CWS-BLOCK-1"}
READS = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def cases(known_cases: tuple[Case, ...]) -> list[Case]:
    return [each for each in known_cases if each.requirement.startswith("CWS-")]


@pytest.fixture(scope="module")
def embedded(command_in: Callable[[Path], Any], tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - a command that has ended
    return command_in(tmp_path_factory.mktemp("clockwise")).run("--product", "clockwise")


def test_every_statement_of_the_page_is_in_the_catalogue() -> None:
    known = {each.id for each in catalogue().values() if each.product == "clockwise"}
    assert known >= SHEET


def test_every_promise_is_tried_with_each_idp_that_it_is_about(cases: list[Case]) -> None:
    for entry in (each for each in catalogue().values() if each.product == "clockwise"):
        wanted = {"okta"} if entry.id in OF_OKTA else {"okta", "onelogin"}
        tried = {each.provider for each in cases if each.requirement == entry.id}
        assert wanted == set(entry.idps), entry.id
        assert wanted <= tried, entry.id


def test_every_deviation_is_the_proof_of_a_case_of_what_it_breaks(cases: list[Case]) -> None:
    for each in product_deviations("clockwise"):
        proved = {case.requirement for case in cases if each.name in case.proof}
        assert proved & set(each.violates), each.name


def test_the_embedded_product_keeps_every_promise(embedded: Any) -> None:  # noqa: ANN401
    assert embedded.status == 0, embedded.said
    results = embedded.report["results"]
    assert {each["verdict"] for each in results} == {"pass"}
    tried = {each["requirement"] for each in results}
    assert tried == {each.id for each in catalogue().values() if each.product == "clockwise"}


def test_every_result_says_that_it_is_simulated(embedded: Any) -> None:  # noqa: ANN401
    report = embedded.report
    assert report["target"]["simulated"] is True
    assert all(each["simulated"] for each in report["results"])
    assert "simulat" in embedded.out.lower()


def test_the_report_names_the_contradictions_of_the_page(embedded: Any) -> None:  # noqa: ANN401
    found = {each["id"]: each for each in embedded.report["contradictions"]}
    assert {"CWS-CONTRADICTION-1", "CWS-CONTRADICTION-2", "CWS-CONTRADICTION-3"} <= set(found)
    assert found["CWS-CONTRADICTION-1"]["outcome"] == "simulated"


def test_a_product_of_nobodys_making_is_sent_nobody(
    command: Any,  # noqa: ANN401 - runs the command
    recording: Callable[..., Any],
    token: str,
    tmp_path: Path,
) -> None:
    server = recording()
    file = tmp_path / "target.toml"
    file.write_text(
        f'url = "{server.url}"\n'
        '[authentication]\nkind = "bearer"\ntoken_env = "SCIM_TOKEN"\n'
        f'[product]\nname = "clockwise"\nurl = "{server.url}"\nworkspace = "org_1"\n'
        'key_env = "CLOCKWISE_KEY"\n',
        encoding="utf-8",
    )
    done = command.run(
        *("--target", file, "--product", "clockwise", "--suite", "product"),
        SCIM_TOKEN=token,
        CLOCKWISE_KEY="made-up-key-4711",
    )
    verdicts = {each["verdict"] for each in done.report["results"]}
    assert "pass" not in verdicts
    assert "fail" not in verdicts
    assert {each.method for each in server.seen.requests} <= READS
    assert server.seen.stored() == {"Users": 0, "Groups": 0}
    assert "made-up-key-4711" not in done.said
