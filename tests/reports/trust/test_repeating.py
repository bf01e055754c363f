from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reports import Report
from reports import Target
from reports import read_report
from reports import repeat_command
from reports import repeat_notes

ROOT = Path(__file__).resolve().parents[3]
MakeReport = Callable[..., Report]


def asking(report: MakeReport, **options: object) -> Report:
    whole = report()
    return replace(whole, run=replace(whole.run, options=options))  # type: ignore[arg-type]  # any option


def words(report: Report) -> list[str]:
    return shlex.split(repeat_command(report))


def test_a_named_server_is_named_again_and_its_token_is_not(report: MakeReport) -> None:
    named = asking(report, server="named", idp=["okta"], every_idp=False)
    assert repeat_command(named) == (
        "scimproof run --url http://127.0.0.1:8080/scim/v2 --idp okta --seed 4711"
    )
    assert any("SCIM_TOKEN" in note for note in repeat_notes(named))


def test_every_option_of_a_run_comes_back(report: MakeReport) -> None:
    options = {
        "server": "embedded",
        "idp": ["okta", "entra"],
        "suite": ["idp", "protocol"],
        "only": ["OKTA-PUSH-2"],
        "dialect": ["oin"],
        "deviation": ["put-ignored"],
        "strict": True,
        "large": True,
        "allow_inconclusive": True,
        "timeout": 5.0,
        "settle": 0.5,
        "max_seconds": 900.0,
        "concurrency": 2,
        "read_only": True,
        "allow_http": True,
        "allow_redirect": True,
        "case_header": False,
        "keyword": "push and not rename",
        "marks": "not scim_large",
        "named_product": "clockify",
        "paths": ["suites/idp/okta"],
    }
    said = words(asking(report, **options))
    assert said[:2] == ["scimproof", "run"]
    for pair in (
        *("--idp okta", "--idp entra", "--suite idp", "--suite protocol", "--only OKTA-PUSH-2"),
        *("--dialect oin", "--deviation put-ignored", "--timeout 5", "--settle 0.5"),
        *("--product clockify", "--seed 4711", "--max-seconds 900", "--concurrency 2"),
    ):
        assert pair in " ".join(said)
    assert {"--strict", "--large", "--allow-inconclusive", "--no-case-header"} <= set(said)
    assert {"--read-only", "--allow-http", "--allow-redirect"} <= set(said)
    assert said[said.index("-k") + 1] == "push and not rename"
    assert said[said.index("-m") + 1] == "not scim_large"
    assert said[-1] == "suites/idp/okta"


def test_an_application_in_the_process_is_named_in_place_of_a_server(report: MakeReport) -> None:
    called = asking(report, server="named", app="shop.web:create_app()")
    usual = replace(called, target=replace(called.target, url="http://localhost/scim/v2"))
    assert repeat_command(usual) == "scimproof run --app 'shop.web:create_app()' --seed 4711"
    assert words(called)[2:6] == [
        *("--app", "shop.web:create_app()"),
        *("--url", "http://127.0.0.1:8080/scim/v2"),
    ]
    assert any("the folder from which its module can be" in note for note in repeat_notes(usual))


def test_what_is_no_name_of_an_application_is_left_out(report: MakeReport) -> None:
    for app in ("shop.web", "--app", "a:b c", "a:b\n", 7, "a:b;rm"):
        assert "--app" not in words(asking(report, server="named", app=app))


def test_every_idp_is_asked_for_as_such(report: MakeReport) -> None:
    said = words(asking(report, server="embedded", idp=["entra", "okta"], every_idp=True))
    assert said[2:4] == ["--idp", "all"]
    assert "okta" not in said


def test_a_simulated_product_is_simulated_again(report: MakeReport) -> None:
    options = {"server": "simulation", "product": ["clockify"], "suite": ["product"]}
    simulated = asking(report, **options, named_product="clockify")
    simulated = replace(simulated, target=Target(url=None, simulated=True))
    assert repeat_command(simulated) == "scimproof run --product clockify --seed 4711"
    assert any("simulation" in note for note in repeat_notes(simulated))


def test_a_target_file_is_asked_for_by_its_name(report: MakeReport) -> None:
    named = asking(report, server="named", target_file="acme.toml")
    assert "--target acme.toml" in repeat_command(named)
    assert any("acme.toml" in note for note in repeat_notes(named))


def test_the_versions_are_said_with_the_month_of_the_sources(report: MakeReport) -> None:
    whole = report()
    versions = {
        "catalogue": {"requirements": 3, "sha256": "8c2b2e6cabdb"},
        "profiles": {"okta": {"sha256": "3a672f56361d", "sources_read": "2026-11"}},
        "python": "3.11.2",
        "platform": "Linux",
    }
    said = " ".join(repeat_notes(replace(whole, run=replace(whole.run, versions=versions))))
    for known in ("0.1.0", "8c2b2e6cabdb", "3a672f56361d", "2026-11", "3.11.2", "Linux"):
        assert known in said


def test_a_report_of_an_earlier_version_says_that_options_may_be_missing(broken: Report) -> None:
    said = repeat_command(broken)
    assert said.startswith("scimproof run --idp")
    assert said.count("--deviation") == 5
    assert "--url" not in said
    assert any("earlier version" in note for note in repeat_notes(broken))


@pytest.mark.parametrize(
    "text",
    [
        "a\nrm -rf /",
        "$(id)",
        "`id`",
        "'; id; '",
        "\u202egnp.exe",
        "\x1b[2J",
        "\u200b",
        "x" * 5_000,
        "<script>alert(1)</script>",
    ],
)
def test_whatever_a_report_holds_the_command_is_one_harmless_line(
    report: MakeReport, text: str
) -> None:
    whole = asking(report, server="named", idp=[text], only=[text], keyword=text, target_file=text)
    whole = replace(whole, target=Target(url=f"http://host/{text}"))
    hostile = replace(whole.run, version=text, versions={"catalogue": {"sha256": text}})
    said = (repeat_command(replace(whole, run=hostile)), *repeat_notes(replace(whole, run=hostile)))
    for line in said:
        assert line.isprintable()
        assert "\u202e" not in line
    assert len(said[0]) < 4_000
    # A shell reads each value as one word: nothing of it is carried out.
    read = shlex.split(said[0])
    assert read[:2] == ["scimproof", "run"]
    assert read.count("--idp") == 1
    assert "--url" not in read


def test_options_that_are_no_texts_are_left_out(report: MakeReport) -> None:
    strange = asking(report, idp=[1, None], only="x", timeout=True, keyword=3, paths=["-p", 2])
    assert words(strange) == [
        *("scimproof", "run", "--url", "http://127.0.0.1:8080/scim/v2", "--seed", "4711"),
    ]


def test_an_interrupted_run_says_that_it_was_not_all(report: MakeReport) -> None:
    whole = report()
    ended = replace(whole, run=replace(whole.run, interrupted=True))
    assert len(repeat_notes(ended)) == len(repeat_notes(whole)) + 1


def run(words: list[str], folder: Path) -> Report:
    environment = {name: value for name, value in os.environ.items() if name[:5] != "SCIM_"}
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "suites", *words, "--report", str(folder)],
        env=environment | {"PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=100,
    )
    return read_report(folder / "report.json")


def people(report: Report) -> list[object]:
    """The people that a run made up, in the order in which they were created."""
    bodies = [
        exchange["request"]["body"]  # type: ignore[call-overload, index]  # an exchange is an object
        for result in report.results
        for exchange in result.evidence
    ]
    users = [body for body in bodies if isinstance(body, dict) and "userName" in body]
    return [(user.get("name"), user.get("displayName")) for user in users]


def verdicts(report: Report) -> dict[str, str]:
    return {result.case: result.verdict.value for result in report.results}


def test_the_command_of_a_report_does_the_same_with_the_same_people(tmp_path: Path) -> None:
    asked = ["run", "--idp", "okta", "--dialect", "oin", "--only", "OKTA-PUSH-2"]
    asked += ["--only", "OKTA-REN-1", "--deviation", "put-ignored", "-k", "group"]
    first = run(asked, tmp_path / "first")
    command = repeat_command(first)
    again = run(shlex.split(command)[1:], tmp_path / "again")
    assert len(first.results) >= 2
    assert verdicts(again) == verdicts(first)
    assert people(first)
    assert people(again) == people(first)
    assert repeat_command(again) == command
    other = run([*asked, "--seed", "1"], tmp_path / "other")
    assert people(other) != people(first)
    assert json.dumps(first.run.versions) == json.dumps(again.run.versions)
