"""Whole runs on simulated products: wherever one of their results is shown, it says so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

import reports
from reference_server.http_adapter import Server
from reference_server.messages import Request
from reference_server.products import create_product

FAILING = "CLK-ENABLE-5"  # under the deviation of the run
PASSING = "CLK-ENABLE-4"


@pytest.fixture(scope="module")
def embedded(command_in: Callable[[Path], Any], tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - what conftest.py has ended
    """Run a few promises on the embedded simulation, which breaks one of them."""
    folder = tmp_path_factory.mktemp("embedded")
    command = command_in(folder)
    wanted = ("--only", FAILING, "--only", PASSING, "--deviation", "groups-kept")
    return command.run("--product", "clockify", *wanted, "--alluredir", str(folder / "allure"))


@pytest.fixture(scope="module")
def served(
    command_in: Callable[[Path], Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Replay an IdP against the SCIM service of a simulation that somebody serves."""
    product = create_product("clockify")
    headers = (("X-Api-Key", product.keys["owner"]), ("Host", "localhost"))
    path = f"/simulation/v1/workspaces/{product.workspace}/scim"
    switched_on = product.handle(Request("POST", path, "", headers)).body
    assert isinstance(switched_on, bytes)
    token = json.loads(switched_on)["token"]
    command = command_in(tmp_path_factory.mktemp("served"))
    with Server(product) as server:
        url = f"{server.url.rstrip('/')}/scim/v2"
        yield command.run("--idp", "okta", "--only", "OKTA-CONN-1", "--url", url, SCIM_TOKEN=token)


def test_the_terminal_says_it_beside_each_finding_and_the_counts(embedded: Any) -> None:  # noqa: ANN401 - as above
    said = embedded.said
    assert "a simulation of Clockify), simulated" in said
    assert re.search(rf"^   \d+ cases?.* {FAILING} \(.*simulated\)", said, re.MULTILINE), said
    assert re.search(r"^\d+ failed, \d+ passed \(simulated\) in", said, re.MULTILINE), said
    assert "proves nothing about the product itself" in said


def test_the_report_says_it_of_the_target_and_of_each_result(embedded: Any) -> None:  # noqa: ANN401 - as above
    report = embedded.report
    assert report["target"]["simulated"] is True
    assert {each["requirement"] for each in report["results"]} == {FAILING, PASSING}
    assert all(each["simulated"] and each["product"] for each in report["results"])
    assert list(jsonschema.Draft202012Validator(reports.schema()).iter_errors(report)) == []


def test_the_contradictions_are_there_and_none_of_them_is_settled(embedded: Any) -> None:  # noqa: ANN401 - as above
    outcomes = {each["id"]: each["outcome"] for each in embedded.report["contradictions"]}
    assert set(outcomes.values()) == {"simulated", "stated", "open"}
    assert outcomes["CLK-CONTRADICTION-6"] == "simulated"
    (deleted,) = [
        each for each in embedded.report["contradictions"] if FAILING in each["requirements"]
    ]
    assert "were still there" in deleted["found"]  # what the deviation does


@pytest.mark.parametrize("name", ["report.md", "report.html"])
def test_the_pages_say_it_in_the_headline_and_at_the_finding(embedded: Any, name: str) -> None:  # noqa: ANN401 - as above
    text = (embedded.directory / name).read_text(encoding="utf-8")
    assert "a simulation of Clockify), simulated" in text
    assert "Clockify, simulated" in text
    finding = rf"\*\*{FAILING} \(simulated\)\*\*" if name == "report.md" else "simulated · clockify"
    assert re.search(finding, text.replace("\\", ""))


def test_junit_says_it_in_names_and_properties(embedded: Any) -> None:  # noqa: ANN401 - as above
    root = ElementTree.parse(embedded.directory / "junit.xml").getroot()  # noqa: S314 - ours
    cases = list(root.iter("testcase"))
    assert cases
    for case in cases:
        assert "(simulated)" in str(case.get("name"))
        found = {each.get("name"): each.get("value") for each in case.iter("property")}
        assert (found["product"], found["simulated"]) == ("clockify", "true")


def test_allure_says_it_in_title_tag_and_label(embedded: Any) -> None:  # noqa: ANN401 - as above
    files = sorted((embedded.directory.parent / "allure").glob("*-result.json"))
    assert len(files) == len(embedded.report["results"])
    for file in files:
        result = json.loads(file.read_text(encoding="utf-8"))
        labels = {(each["name"], each["value"]) for each in result["labels"]}
        assert {("tag", "simulated"), ("simulated", "true"), ("product", "clockify")} <= labels
        assert ("epic", "product") in labels
        (feature,) = [value for name, value in labels if name == "feature"]
        assert feature.startswith("Clockify: ")
        assert "simulated)" in result["name"]
        assert [each["url"] for each in result["links"]] == [
            "https://clockify.me/help/administration/scim-user-provisioning"
        ]


def test_no_key_and_no_token_of_the_simulation_reaches_a_file(embedded: Any) -> None:  # noqa: ANN401 - as above
    """The keys are made up in each case, so the places where they stand are looked at."""
    files = [path for path in embedded.directory.parent.rglob("*") if path.is_file()]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    masked = {"[redacted]", ""}
    for name, text in texts.items():
        for secret in re.findall(r'"(?:X-Api-Key|token|key)"\s*[:,]\s*"([^"]*)"', text):
            assert secret in masked, name
        for secret in re.findall(r'"Authorization"\s*,\s*"(?:Bearer )*([^"]*)"', text):
            assert secret in masked, name
    assert any("[redacted]" in text for text in texts.values())


def test_replays_against_a_served_simulation_say_it_too(served: Any) -> None:  # noqa: ANN401 - as above
    assert served.status == 0, served.said
    report = served.report
    assert report["target"]["simulated"] is True
    assert all(each["simulated"] for each in report["results"])
    assert report["contradictions"] == []  # no promise of a product was tried
    judged = [
        feature["label"]
        for idp in report["idps"]
        for feature in idp["features"]
        if feature["verdict"]
    ]
    assert judged
    assert all(label.endswith(", simulated") for label in judged)
    assert re.search(r"^1 passed \(simulated\) in", served.said, re.MULTILINE), served.said


def test_a_run_on_a_server_says_nothing_of_the_kind(
    command_in: Callable[[Path], Any], recording: Callable[..., Any], token: str, tmp_path: Path
) -> None:
    url = recording().url
    done = command_in(tmp_path).run(
        "--idp", "okta", "--only", "OKTA-CONN-1", "--url", url, SCIM_TOKEN=token
    )
    assert done.report["target"]["simulated"] is False
    for path in done.directory.iterdir():
        text = path.read_text(encoding="utf-8").replace('"simulated": false', "")
        assert "simulated" not in text, path.name
    assert "simulated" not in done.said
