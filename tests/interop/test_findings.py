from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from peers import findings
from peers.environments import MissingError
from peers.environments import install_node
from peers.environments import requirements
from peers.findings import Finding
from peers.findings import Outcome
from peers.findings import compare
from peers.findings import expected
from peers.findings import steady
from peers.reading import reading
from peers.serving import left_behind
from peers.serving import served
from peers.testers import read_scim2_tester
from peers.testers import read_scim_sanity
from peers.testers import settings

import reference_server
from reference_server import tolerances
from reference_server.http_adapter import Server

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent
TESTERS = ("scim-sanity", "scim2-tester")
SERVERS = ("django-scim2", "scim2-server", "scimmy")
PARTIES = (*TESTERS, *SERVERS)
FROM_PYPI = tuple(name for name in PARTIES if name != "scimmy")
PINS = HERE / "wiring" / "scimmy" / "package.json"

CREATES = Finding("creates", "Group", "ERROR", "it did not")
DELETES = Finding("deletes", "Group", "ERROR", "it did not")
KNOWN = Outcome(frozenset({CREATES}), frozenset({"Group: reads", "User: reads"}))


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let `some-tester` be a party of which KNOWN is documented."""
    (tmp_path / "expected").mkdir()
    entry = {"check": "creates", "about": "Group", "status": "ERROR", "says": "it did not"}
    document = {"passes": ["User: reads", "Group: reads"], "findings": [entry]}
    (tmp_path / "expected" / "some-tester.json").write_text(json.dumps(document), "utf-8")
    monkeypatch.setattr("peers.findings.HERE", tmp_path)


def surprises(found: Outcome) -> tuple[str, ...]:
    return compare("some-tester", "some-tester", found).surprises


@pytest.mark.usefixtures("known")
def test_what_is_documented_is_no_surprise() -> None:
    verdict = compare("some-tester", "a server, judged by some-tester", KNOWN)
    assert verdict.as_documented
    assert verdict.text() == (
        "a server, judged by some-tester: 2 checks passed, 1 finding, 0 surprises"
    )


@pytest.mark.usefixtures("known")
def test_a_new_finding_is_a_surprise_and_brings_its_whole_story() -> None:
    told = Finding("deletes", "Group", "ERROR", "it did not", "it did not\nsent 7, got 8")
    found = Outcome(KNOWN.findings | {told}, KNOWN.passes)
    (line,) = surprises(found)
    assert line.startswith('  + new: {"check": "deletes", "about": "Group", "status": "ERROR"')
    assert line.endswith("\n      | it did not\n      | sent 7, got 8")
    text = compare("some-tester", "some-tester", found).text()
    assert "1 surprise\n" in text
    assert "docs/interop/some-tester.md" in text


@pytest.mark.usefixtures("known")
def test_a_line_of_the_difference_can_be_pasted_into_the_expected_file() -> None:
    (line,) = surprises(Outcome(KNOWN.findings | {DELETES}, KNOWN.passes))
    assert Finding(**json.loads(line.removeprefix("  + new: "))) == DELETES


@pytest.mark.usefixtures("known")
def test_a_finding_that_is_gone_is_a_surprise() -> None:
    (line,) = surprises(Outcome(frozenset(), KNOWN.passes))
    assert line.startswith('  - documented, not seen: {"check": "creates"')


@pytest.mark.usefixtures("known")
def test_a_finding_in_other_words_is_a_surprise() -> None:
    other = Finding("creates", "Group", "ERROR", "it did, but twice")
    new, gone = surprises(Outcome(frozenset({other}), KNOWN.passes))
    assert "twice" in new
    assert "it did not" in gone


@pytest.mark.usefixtures("known")
def test_a_check_that_no_longer_runs_is_a_surprise() -> None:
    assert surprises(Outcome(KNOWN.findings, frozenset({"User: reads"}))) == (
        '  - passed before, not now: "Group: reads"',
    )


@pytest.mark.usefixtures("known")
def test_a_check_that_passes_for_the_first_time_is_a_surprise() -> None:
    assert KNOWN.passes is not None
    assert surprises(Outcome(KNOWN.findings, KNOWN.passes | {"User: writes"})) == (
        '  + passes, not listed: "User: writes"',
    )


def test_another_word_on_a_feature_is_a_surprise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "expected").mkdir()
    monkeypatch.setattr("peers.findings.HERE", tmp_path)
    before = Outcome(frozenset(), features={"Okta: Import": {"oin": "works"}})
    findings.write("some-server", before)
    now = Outcome(frozenset(), features={"Okta: Import": {"oin": "fails"}})
    (line,) = compare("some-server", "some-server", now).surprises
    assert line == '  * Okta: Import: {"oin": "works"} before, {"oin": "fails"} now'
    assert compare("some-server", "some-server", before).as_documented


@pytest.mark.usefixtures("known")
def test_something_left_behind_is_a_surprise_even_when_all_else_is_as_before() -> None:
    verdict = compare("some-tester", "some-tester", KNOWN, ["  1 left behind at /Users"])
    assert not verdict.as_documented
    assert "left behind" in verdict.text()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("as it is", "as it is"),
        ("the first line\nand more", "the first line"),
        ("no 7c1f1e52-0B66-4f5d-8a55-2f7d9d0a3f10 there", "no <id> there"),
        ("GET /Groups/8667cd2bed324305b07cbf6d05d4472d", "GET /Groups/<id>"),
        ("GET /Users/40712395-e23b-4804-87bb-8a142ffadb5e", "GET /Users/<id>"),
        ("GET http://127.0.0.1:40123/scim/v2/Users", "GET http://<server>/scim/v2/Users"),
        ("Expected 200, got 404", "Expected 200, got 404"),
        ("PATCH /Users/17 gave 501", "PATCH /Users/<id> gave 501"),
        ("scimproof-a6633c-ae63d1-a12 is there", "<mark>-a12 is there"),
        ("", ""),
    ],
)
def test_words_are_kept_without_what_changes_from_run_to_run(text: str, shown: str) -> None:
    assert steady(text) == shown


@pytest.mark.parametrize("status", ["SUCCESS", "COMPLIANT", "ACCEPTABLE"])
def test_what_scim2_tester_calls_good_is_a_pass(status: str) -> None:
    result = {"title": "reads", "resource_type": None, "status": status, "reason": "fine"}
    assert read_scim2_tester([result]) == Outcome(frozenset(), frozenset({"the server: reads"}))


@pytest.mark.parametrize("status", ["DEVIATION", "ERROR", "CRITICAL", "SKIPPED", "SOMETHING_NEW"])
def test_everything_else_of_scim2_tester_is_a_finding(status: str) -> None:
    result = {"title": "adds", "resource_type": "User", "status": status, "reason": "no\nyes: 7"}
    (finding,) = read_scim2_tester([result]).findings
    assert finding == Finding("adds", "User", status, "no")
    assert finding.story == "no\nyes: 7"


@pytest.mark.parametrize("status", ["fail", "warn", "skip", "error"])
def test_everything_of_scim_sanity_but_pass_is_a_finding(status: str) -> None:
    results = [
        {"name": "GET /Users", "status": "pass", "phase": "Search"},
        {"name": "PUT /Users/{id}", "status": status, "phase": "Users", "message": "got 405"},
    ]
    assert read_scim_sanity({"results": results}) == Outcome(
        frozenset({Finding("PUT /Users/{id}", "Users", status, "got 405")}),
        frozenset({"Search: GET /Users"}),
    )


def result(requirement: str, verdict: str, **more: object) -> dict[str, object]:
    """Return a result as a report has it."""
    usual = {"suite": "protocol", "dialect": None, "title": "It is so", "expected": "7"}
    return {
        **usual,
        "actual": "8",
        "reproduce": None,
        "requirement": requirement,
        "verdict": verdict,
        **more,
    }


def report(*results: object, left: Sequence[object] = (), cut: bool = False) -> dict[str, object]:
    features = [{"name": "Import", "label": "fails"}, {"name": "Push Groups", "label": "works"}]
    return {
        "results": list(results),
        "left_behind": list(left),
        "run": {"interrupted": cut},
        "idps": [{"title": "Okta", "dialect": "oin", "features": features}],
    }


def test_a_report_is_read_for_the_verdicts_that_are_no_pass() -> None:
    found, trouble = reading(
        [
            report(result("X-1", "pass"), result("X-2", "warn")),
            report(result("OKTA-X-3", "fail", suite="idp", dialect="oin")),
            report(result("OKTA-X-4", "fail", suite="idp")),
        ]
    )
    assert found.findings == {
        Finding("X-2", "It is so", "warn"),
        Finding("OKTA-X-3", "oin", "fail"),
        Finding("OKTA-X-4", "every dialect", "fail"),
    }
    assert found.counts == {"protocol: pass": 1, "protocol: warn": 1, "idp: fail": 2}
    assert found.features == {
        "Okta: Import": {"oin": "fails"},
        "Okta: Push Groups": {"oin": "works"},
    }
    assert trouble == []
    assert {each.story for each in found.findings} == {"expected 7, got 8"}


@pytest.mark.parametrize("verdict", ["skip", "inconclusive"])
def test_what_could_not_be_judged_is_kept_with_its_reason(verdict: str) -> None:
    told = result("X-1", verdict, actual="PATCH /Groups/9 was answered with 501")
    found, _ = reading([report(result("X-2", "pass"), told)])
    (finding,) = found.findings
    assert finding.says == "PATCH /Groups/<id> was answered with 501"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (report(), "no verdict is pass"),
        (report(result("X-1", "pass"), left=[{"type": "Users", "id": "7"}]), "left behind: Users"),
        (report(result("X-1", "pass"), cut=True), "interrupted"),
        (report(result("X-1", "pass"), result("X-2", "error")), "an error of the suite: X-2"),
    ],
)
def test_a_run_that_did_not_go_well_is_trouble(given: object, said: str) -> None:
    _, (trouble,) = reading([given])
    assert said in trouble


def test_what_may_never_have_been_made_is_not_left_behind() -> None:
    unclear = {"type": "Users", "id": None, "why": "its create had no clear answer"}
    assert reading([report(result("X-1", "pass"), left=[unclear])])[1] == []


@pytest.mark.usefixtures("known")
def test_an_outcome_with_trouble_is_none_to_be_expected_from_now_on() -> None:
    assert compare("some-tester", "some-tester", KNOWN).found == KNOWN
    assert compare("some-tester", "some-tester", KNOWN, ["  interrupted"]).found is None


@pytest.mark.usefixtures("known")
def test_what_is_written_is_what_is_expected_then() -> None:
    told = Finding("deletes", "Group", "ERROR", "it did not", "a long story")
    found = Outcome(frozenset({DELETES}), frozenset({"User: reads"}), {"protocol: pass": 1})
    findings.write("some-tester", Outcome(frozenset({told}), found.passes, found.counts))
    assert expected("some-tester") == found
    assert expected("some-tester").counts == {"protocol: pass": 1}


def test_a_machine_without_node_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingError, match="node and npm"):
        install_node(PINS, PINS, tmp_path / "env")


def test_resources_left_on_a_server_are_counted_by_endpoint() -> None:
    app = reference_server.create_app(credentials=[reference_server.Credential("bearer", "t")])
    with Server(app) as server:
        assert left_behind(server.url, "t") == []
        user = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "left",
        }
        created = app.handle(
            reference_server.Request(
                "POST",
                f"{app.base_path}/Users",
                headers=(
                    ("Authorization", "Bearer t"),
                    ("Content-Type", "application/scim+json"),
                ),
                body=json.dumps(user).encode(),
            )
        )
        assert created.status == 201
        assert left_behind(server.url, "t") == ["1 left behind at /Users"]


def test_a_server_that_does_not_start_is_reported_with_its_own_words(tmp_path: Path) -> None:
    def command(_port: int) -> list[str | Path]:
        return [sys.executable, "-c", "raise SystemExit('no such schema file')"]

    starting = served(command, token="t", folder=tmp_path, log=tmp_path / "log")  # noqa: S106 (no secret)
    with pytest.raises(SystemExit, match="no such schema file"), starting:
        pass


def test_a_party_that_nobody_knows_is_a_usage_error() -> None:
    command = [sys.executable, str(HERE / "run.py"), "nobody"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert all(party in done.stdout for party in PARTIES)


def test_the_files_are_those_of_the_parties() -> None:
    assert {path.stem for path in (HERE / "expected").iterdir()} == set(PARTIES)
    assert {path.stem for path in (HERE / "requirements").iterdir()} == set(FROM_PYPI)
    assert {path.stem for path in (HOME / "docs" / "interop").glob("*.md")} >= set(PARTIES)


@pytest.mark.parametrize("party", FROM_PYPI)
def test_every_package_of_a_party_is_pinned_by_name_and_version_alone(party: str) -> None:
    lines = requirements(party).read_text("utf-8").splitlines()
    assert any(line.startswith(f"{party}==") for line in lines)
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_every_package_of_node_is_pinned_by_name_and_version_alone() -> None:
    pinned = json.loads(PINS.read_text("utf-8"))["dependencies"]
    assert set(pinned) == {"express", "scimmy", "scimmy-routers"}
    assert [each for each in pinned.values() if not re.fullmatch(r"[\d.]+", each)] == []
    assert [path.name for path in PINS.parent.iterdir()] == [PINS.name]


def test_the_testers_meet_every_schema_file_each_way_to_serve(tmp_path: Path) -> None:
    ours = {str(path) for path in (HERE / "schemas").glob("*.json")}
    for name, options in settings(tmp_path).items():
        used = {options[at + 1] for at, option in enumerate(options) if option == "--schema"}
        assert used == ours, name


def test_the_testers_meet_a_server_with_every_tolerance_switched_off(tmp_path: Path) -> None:
    options = settings(tmp_path)["without tolerances"]
    for name in tolerances.names():
        assert ("--without-tolerance", name) in pairwise(options)


def test_a_server_that_does_not_stop_is_ended_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peers.serving.STOP_SECONDS", 0.2)
    deaf = """
import signal, socket, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
door = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    door.accept()
"""

    def command(port: int) -> list[str | Path]:
        return [sys.executable, "-c", deaf, str(port)]

    serving = served(command, token="t", folder=tmp_path, log=tmp_path / "log")  # noqa: S106 (no secret)
    with pytest.raises(SystemExit, match="did not stop"), serving:
        pass
