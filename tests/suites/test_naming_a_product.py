"""How somebody says which product is behind the server, and what is said back."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Credential
from reference_server import products
from reports import Redactor
from reports import Verdict
from suites import command as module
from suites.evidence import Entry
from suites.outcome.results import CaseRecord
from suites.outcome.results import Finding
from suites.outcome.results import result_of
from suites.outcome.results import serving
from suites.requirements import by_id
from suites.target.model import ENVIRONMENT
from suites.target.model import ProductPlace
from suites.target.model import Target

# The fixture of the folder: runs the command in a process of its own.
Command: TypeAlias = Any
Call: TypeAlias = Callable[..., tuple[int, str, str]]
BAD_INPUT = 4
FILE = 'url = "http://127.0.0.1:1/scim/v2"\n\n[product]\nname = "{name}"\n'
PLACE = 'url = "http://127.0.0.1:1/api"\nworkspace = "w"\nkey_env = "MY_KEY"\n'


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    for name in (*ENVIRONMENT.values(), "SCIM_TOKEN_FILE", "MY_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SCIM_TOKEN", "t0ken")

    def run(*words: str | Path) -> tuple[int, str, str]:
        status = module.run_command([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def written(folder: Path, name: str, more: str = "") -> Path:
    file = folder / "target.toml"
    file.write_text(FILE.format(name=name) + more, encoding="utf-8")
    return file


def test_a_target_file_with_an_unknown_product_is_refused(call: Call, tmp_path: Path) -> None:
    status, _, err = call("target", "check", written(tmp_path, "clockfy"))
    assert status == BAD_INPUT
    assert "'clockfy' is unknown; known are: clockify, clockwise" in err


def test_a_missing_key_of_a_product_is_said(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "clockify", PLACE)
    status, out, _ = call("target", "check", file, "--offline")
    assert status == 0
    said = "the promises of the product will be skipped"
    assert f"  missing:  {said}: no credentials for the product: set MY_KEY\n" in out
    monkeypatch.setenv("MY_KEY", "a key")
    assert said not in call("target", "check", file, "--offline")[1]


def test_a_missing_address_of_a_product_is_said(call: Call, tmp_path: Path) -> None:
    status, out, _ = call("target", "check", written(tmp_path, "clockify"), "--offline")
    assert status == 0
    assert "does not name url and workspace" in out


def test_of_two_products_neither_wins(command: Command) -> None:
    done = command.run("--product", "clockify", "--product", "clockwise")
    assert done.status == BAD_INPUT
    assert "clockify and clockwise: a run is about one product" in done.said
    assert not command.directory.exists()


def test_one_product_may_be_named_twice_and_by_workers(command: Command) -> None:
    words = ("--product", "clockify", "--product", "clockify", "--only", "CLK-USER-1", "-n", "1")
    done = command.run(*words)
    assert done.status == 0, done.said
    assert {each["product"] for each in done.report["results"]} == {"clockify"}


def test_a_product_behind_no_server_is_refused_and_not_forgotten(command: Command) -> None:
    done = command.run("--idp", "okta", "--only", "OKTA-CONN-1", SCIM_PRODUCT="clockify")
    assert done.status == BAD_INPUT
    assert "SCIM_PRODUCT names the product behind a server, and no server is named" in done.said


def test_the_help_of_serve_says_what_was_called(call: Call) -> None:
    assert call("serve", "--help")[1].startswith("usage: scimproof serve [-h]")


def test_the_departures_of_products_are_listed_with_those_of_the_protocol(call: Call) -> None:
    listed = json.loads(call("list", "deviations", "--json")[1])
    for product in products.products():
        names = {each["name"] for each in listed if each["product"] == product}
        assert names == {each.name for each in products.product_deviations(product)}
    assert "put-ignored" in {each["name"] for each in listed if each["product"] is None}
    assert "clockify  admins-demotable  Let admins be made users." in call("list", "deviations")[1]


def test_a_finding_on_our_own_server_says_how_to_start_such_a_one(command: Command) -> None:
    words = ("--idp", "okta", "--only", "OKTA-DEL-1", "--deviation", "group-delete-ignored")
    lines = [each["reproduce"] for each in command.run(*words).report["results"]]
    assert lines
    for line in lines:
        told, _, first = line.partition("  # first: ")
        assert first == "scimproof serve --deviation=group-delete-ignored"
        # A shell reads what stands behind the sign as a comment.
        assert shlex.split(line, comments=True) == shlex.split(told)
        assert "http://127.0.0.1:8080/scim/v2/Groups/" in told


def test_a_finding_on_a_simulation_says_how_to_serve_it(command: Command) -> None:
    words = ("--product", "clockify", "--only", "CLK-USER-1", "--deviation", "users-not-created")
    lines = [each["reproduce"] for each in command.run(*words).report["results"]]
    told = [line for line in lines if line]
    assert told
    serve = "scimproof serve --product clockify --deviation=users-not-created"
    assert all(line.endswith(f"  # first: {serve}") for line in told)
    assert all("http://127.0.0.1:8080/" in line for line in told)


def test_the_line_to_repeat_a_finding_says_which_variable_holds_the_key() -> None:
    entry = Entry(
        n=1,
        method="GET",
        target="https://api.example.com/v1/users",
        request_headers=(("X-Api-Key", "[redacted]"),),
        request_body=None,
        status=200,
    )
    place = ProductPlace(name="clockify", key_env="MY_KEY")
    credential = Credential(kind="bearer", secret="t0ken")  # noqa: S106 - made up
    target = Target(url="https://example.com/scim/v2", credential=credential, product=place)
    requirement = by_id("CLK-USER-1")
    record = CaseRecord(requirement=requirement, suite="product", title="x", target=target)
    finding = Finding(verdict=Verdict.FAIL, actual="so", entry=entry)
    line = str(result_of("case", record, finding, 0.0).reproduce)
    assert line.endswith('"X-Api-Key: $SCIM_PRODUCT_KEY"  # SCIM_PRODUCT_KEY: what MY_KEY holds')
    # It survives the report, where what stands behind the name of a key is masked.
    assert Redactor(["t0ken"]).text(line) == line


def test_a_strange_name_stays_one_word_of_the_command() -> None:
    assert shlex.split(serving(["a b; id"]))[-1] == "--deviation=a b; id"
