from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import click.testing
import pytest

import idp_profiles
import scimproof
from reference_server import deviations
from reference_server import tolerances
from suites import command as module
from suites.proving import case_list
from suites.proving.case_list import Case
from suites.requirements import Requirement
from suites.requirements import by_id
from suites.requirements import catalogue
from suites.survey import writing
from suites.target.model import ENVIRONMENT

# The fixture of the folder: runs the command in a process of its own.
Command: TypeAlias = Any


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*ENVIRONMENT.values(), "SCIM_TOKEN", "SCIM_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Call the command in this process: exit status, output, errors."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        status = module.run_command([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


Call: TypeAlias = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("--url", "--scim-url"),
        ("--url=http://x", "--scim-url=http://x"),
        ("--scim-url", "--scim-url"),
        ("--idp", "--idp"),
        ("--idp=okta", "--idp=okta"),
        ("--report=--url", "--scim-report=--url"),
        ("-n", "-n"),
        ("-x", "-x"),
        ("url", "url"),
        ("--maxfail=1", "--maxfail=1"),
        ("--verbose", "--verbose"),
    ],
)
def test_an_option_may_be_written_with_or_without_the_prefix(given: str, wanted: str) -> None:
    assert module._prefixed(given) == wanted


def test_every_option_but_one_carries_the_prefix() -> None:
    assert [name for name in scimproof.OPTIONS if not name.startswith("--scim-")] == ["--idp"]


def test_the_help_of_run_names_every_option(call: Call) -> None:
    _, out, _ = call("run", "--help")
    hidden = {"--scim-proofs", "--scim-no-case-header"}
    missing = [
        name
        for name in scimproof.OPTIONS
        if name not in hidden and name.replace("--scim-", "--") + " " not in out
    ]
    assert missing == []


def test_requirements_are_listed(call: Call) -> None:
    status, out, _ = call("list", "requirements", "--json")
    assert status == 0
    assert [entry["id"] for entry in json.loads(out)] == list(catalogue())


def test_cases_are_listed(call: Call) -> None:
    status, out, _ = call("list", "cases", "--json")
    assert status == 0
    of_idps = {entry.id for entry in catalogue().values() if entry.idp}
    assert {entry["requirement"] for entry in json.loads(out)} >= of_idps


def test_listing_cases_needs_no_target(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIM_URL", "http://127.0.0.1:1")
    status, out, _ = call("list", "cases")
    assert (status, len(out.splitlines()) > 100) == (0, True)


def test_scenarios_are_listed(call: Call) -> None:
    _, out, _ = call("list", "scenarios", "--json")
    known = {(name, key) for name in idp_profiles.PROFILES for key in _scenarios(name)}
    assert {(entry["idp"], entry["scenario"]) for entry in json.loads(out)} == known


def _scenarios(name: str) -> list[str]:
    return list(idp_profiles.load(name).scenarios)


def test_deviations_are_listed_with_what_they_do(call: Call) -> None:
    _, out, _ = call("list", "deviations", "--json")
    protocol = [entry for entry in json.loads(out) if entry["product"] is None]
    listed = {entry["name"]: entry["summary"] for entry in protocol}
    assert listed == {name: deviations.describe(name) for name in deviations.names()}


def test_a_deviation_is_listed_with_what_it_breaks_and_whom_it_stops(call: Call) -> None:
    _, out, _ = call("list", "deviations", "--json")
    (found,) = [each for each in json.loads(out) if each["name"] == "empty-search-404"]
    assert found["violates"][:3] == ["RFC7644-3.4.2-11", "OKTA-PUSH-1", "OKTA-SPEC-3"]
    assert found["stops"][:2] == ["okta", "entra"]


def test_tolerances_are_listed(call: Call) -> None:
    status, out, _ = call("list", "tolerances", "--json")
    assert status == 0
    assert [each["name"] for each in json.loads(out)] == list(tolerances.names())


def test_a_requirement_is_listed_with_all_that_is_known(call: Call) -> None:
    _, out, _ = call("list", "requirements", "--in", "RFC7644-3.5.2.2-10", "--json")
    (found,) = json.loads(out)
    entry = by_id("RFC7644-3.5.2.2-10")
    assert found["depends_on"] == ["patch", "groups"]
    assert {key: found[key] for key in ("wording", "how", "judgement_reason", "link", "title")} == {
        "wording": entry.wording,
        "how": entry.how,
        "judgement_reason": entry.judgement_reason,
        "link": entry.link,
        "title": entry.title,
    }


def test_a_line_of_text_says_what_a_deviation_breaks_and_whether_it_is_legal(call: Call) -> None:
    _, out, _ = call("list", "deviations")
    (line,) = [each for each in out.splitlines() if each.startswith("page-capped-at-two ")]
    assert "  [RFC7644-3.4.2.4-10, OKTA-IMP-1]  []  legal  A page may hold" in line
    (line,) = [each for each in out.splitlines() if each.startswith("count-ignored ")]
    assert line.endswith("  []")
    assert "  [RFC7644-3.4.2.4-9, OKTA-IMP-8" in line


@pytest.mark.parametrize(
    ("words", "keeps"),
    [
        (
            ("--in", "RFC7644-3.5.2"),
            lambda entry: entry.document.startswith("RFC 7644 section 3.5.2"),
        ),
        (("--in", "RFC7644-3.5.2-1"), lambda entry: entry.id == "RFC7644-3.5.2-1"),
        (("--in", "OKTA"), lambda entry: entry.idp == "okta"),
        (
            ("--idp", "okta", "--level", "WANTS"),
            lambda entry: (entry.idp, entry.level) == ("okta", "WANTS"),
        ),
        (
            ("--level", "MUST", "--level", "SHOULD", "--area", "patch"),
            lambda entry: entry.level in ("MUST", "SHOULD") and entry.area == "patch",
        ),
        (
            ("--testable", "needs-config", "--role", "both"),
            lambda entry: (entry.testable, entry.role) == ("needs-config", "both"),
        ),
        (("--judgement", "warn"), lambda entry: entry.judgement == "warn"),
        (("--area", "nothing"), lambda entry: False),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_requirements_can_be_narrowed(
    call: Call,
    words: tuple[str, ...],
    keeps: Callable[[Requirement], bool],
    known_cases: tuple[Case, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(case_list, "all_cases", lambda: [*known_cases])  # not once for each
    status, out, _ = call("list", "requirements", *words)
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == [
        entry.id for entry in catalogue().values() if keeps(entry)
    ]


@pytest.mark.parametrize("words", [("--level", "MUST"), ("--in", "RFC7644")])
def test_only_requirements_can_be_narrowed(call: Call, words: tuple[str, ...]) -> None:
    status, _, err = call("list", "scenarios", *words)
    assert status == 4
    assert "Only requirements can be narrowed." in err


def test_a_list_of_lines_is_the_default(call: Call) -> None:
    _, out, _ = call("list", "requirements")
    assert len(out.splitlines()) == len(catalogue())


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("frobnicate",), "No such command 'frobnicate'"),
        (("list", "everything"), "'everything' is not one of"),
        (("list",), "Missing argument"),
        (("cleanup", "nowhere"), "'nowhere' does not exist"),
        (("target", "check", "nowhere.toml"), "'nowhere.toml' does not exist"),
        (("target", "frobnicate"), "No such command"),
    ],
)
def test_a_wrong_word_is_exit_4(call: Call, words: tuple[str, ...], part: str) -> None:
    status, _, err = call(*words)
    assert (status, part in err) == (4, True)


def test_the_example_of_a_target_file_is_a_good_one(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "scim-target.toml"
    assert call("target", "init", file)[0] == 0
    monkeypatch.setenv("SCIM_TOKEN", "token-of-test")
    status, out, _ = call("target", "check", file, "--offline")
    assert status == 0
    assert out.splitlines()[0] == f"scimproof: {file} is fine: https://app.example.com/scim/v2"


def test_the_example_is_good_with_every_comment_taken_away(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "scim-target.toml"
    head, *rest = writing.EXAMPLE.splitlines()
    lines = [head, *(line.removeprefix("# ") for line in rest)]
    # The name of a product is a place to fill in: `target check` knows which there are.
    text = "\n".join(lines).replace('"NAME"', '"clockify"')
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SCIM_TOKEN", "token-of-test")
    assert call("target", "check", file, "--offline")[0] == 0


def test_a_target_file_is_not_written_over(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("mine", encoding="utf-8")
    status, _, err = call("target", "init", file)
    assert (status, file.read_text(encoding="utf-8")) == (4, "mine")
    assert "exists already" in err


def test_a_folder_that_is_not_there_is_said(call: Call, tmp_path: Path) -> None:
    status, _, err = call("target", "init", tmp_path / "no" / "x.toml")
    assert (status, "There is no folder" in err) == (4, True)


def test_a_broken_target_file_is_found(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text('url = "http://x"\nsettle = "soon"', encoding="utf-8")
    status, _, err = call("target", "check", file)
    assert (status, "settle" in err) == (4, True)


def test_a_folder_without_journal_is_not_called_clean(call: Call, tmp_path: Path) -> None:
    status, out, err = call("cleanup", tmp_path, "--url", "http://127.0.0.1:1")
    assert (status, out) == (4, "")
    assert "journal.jsonl" in err


def test_a_damaged_journal_is_not_called_clean(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCIM_TOKEN", "token-of-test")
    (tmp_path / "journal.jsonl").write_text("nonsense\n", encoding="utf-8")
    status, out, err = call("cleanup", tmp_path, "--url", "http://127.0.0.1:1")
    assert (status, out) == (4, "")
    assert "nonsense" in err


def test_a_journal_that_names_no_server_needs_one(call: Call, tmp_path: Path) -> None:
    line = {"event": "intent", "key": "main-1", "type": "Users", "name": "scimproof-x", "id": None}
    (tmp_path / "journal.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    status, _, err = call("cleanup", tmp_path)
    assert (status, "--url" in err) == (4, True)


def test_the_version_is_told() -> None:
    told = click.testing.CliRunner().invoke(module.command, ["--version"])
    assert told.output.startswith("scimproof, version ")


@pytest.mark.parametrize("name", ["serve", "idp", "report"])
def test_the_other_doors_answer(call: Call, name: str) -> None:
    status, out, _ = call(name, "--help")
    assert (status, "--" in out) == (0, True)


def test_a_serve_option_that_is_wrong_is_exit_4(call: Call) -> None:
    assert call("serve", "--port", "many")[0] == 4


def test_a_run_takes_no_part_in_the_callers_configuration(command: Command, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option", encoding="utf-8")
    (tmp_path / "conftest.py").write_text("raise RuntimeError('not mine')", encoding="utf-8")
    done = command.run("--only", "OKTA-CONN-1", PYTEST_ADDOPTS="--neither-this")
    assert done.status == 0, done.said
