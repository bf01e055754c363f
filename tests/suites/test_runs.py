"""Whole runs of the command against a server that remembers what it was asked."""

from __future__ import annotations

import base64
import hashlib
import json
import platform
import subprocess
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.parse import unquote

import jsonschema
import pytest

import idp_profiles
import reports
from reports.__main__ import main as report_command
from suites.proving.case_list import Case
from suites.requirements import catalogue

ARTEFACTS = {
    *("report.json", "report.html", "report.md", "junit.xml", "badge.svg", "badge.json"),
    *("transcript.jsonl", "journal.jsonl"),
}
# The deviations that put into replies what no artefact may hold.
ECHOES = ("password-echoed", "put-ignored", "errors-as-text", "create-refuses-password")
Command = Callable[[Path], Any]


@dataclass(frozen=True)
class Ran:
    """A run that has ended, and the server that it was about."""

    done: Any
    server: Any

    @property
    def texts(self) -> Iterator[tuple[str, str]]:
        """Everything that the run wrote or said, by the name of the place."""
        yield "the terminal", self.done.said
        for path in sorted(self.done.directory.rglob("*")):
            if path.is_file():
                yield path.name, path.read_text(encoding="utf-8")

    def lines(self, name: str) -> list[dict[str, Any]]:
        text = (self.done.directory / name).read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="session")
def ran(
    command_in: Command,
    recording: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
    token: str,
) -> Callable[..., Ran]:
    """Run `scimproof run`, of Okta unless something else is wanted, once for each set of words."""
    known: dict[tuple[object, ...], Ran] = {}

    def start(
        *options: str,
        deviations: tuple[str, ...] = (),
        what: tuple[str, ...] = ("--idp", "okta"),
    ) -> Ran:
        key = (what, options, deviations)
        if key not in known:
            server = recording(*deviations)
            command = command_in(tmp_path_factory.mktemp("run"))
            done = command.run(*what, "--url", server.url, *options, SCIM_TOKEN=token)
            known[key] = Ran(done, server)
        return known[key]

    return start


@pytest.fixture
def plain(ran: Callable[..., Ran]) -> Ran:
    return ran()


@pytest.fixture
def protocol(ran: Callable[..., Ran]) -> Ran:
    return ran(what=("--suite", "protocol"))


@pytest.fixture
def echoing(ran: Callable[..., Ran]) -> Ran:
    return ran(deviations=ECHOES)


@pytest.fixture
def parallel(ran: Callable[..., Ran]) -> Ran:
    return ran("-n", "2")


def test_a_right_server_passes(plain: Ran) -> None:
    assert plain.done.status == 0, plain.done.said
    summary = plain.done.report["summary"]
    assert summary["pass"] > 100
    bad = ("fail", "error", "inconclusive", "warn", "waived")
    assert [summary[name] for name in bad] == [0] * 5


def test_every_skip_has_a_reason(plain: Ran) -> None:
    skipped = [each for each in plain.done.report["results"] if each["verdict"] == "skip"]
    assert [each["case"] for each in skipped if not each["actual"]] == []


def test_the_report_is_valid_by_the_published_schema(plain: Ran) -> None:
    validator = jsonschema.Draft202012Validator(reports.schema())
    assert list(validator.iter_errors(plain.done.report)) == []


def test_a_failing_run_has_a_valid_report_too(echoing: Ran) -> None:
    assert echoing.done.status == 1
    validator = jsonschema.Draft202012Validator(reports.schema())
    assert list(validator.iter_errors(echoing.done.report)) == []


def test_every_artefact_is_there(plain: Ran) -> None:
    found = {path.name for path in plain.done.directory.iterdir()}
    assert found == ARTEFACTS


def test_every_case_but_the_large_ones_has_its_result(
    plain: Ran, known_cases: tuple[Case, ...]
) -> None:
    relied_on = set(idp_profiles.load("okta").facts.relies_on)
    wanted = sorted(
        f"suites/{case.name}"
        for case in known_cases
        if not case.large and (case.requirement[:4] == "OKTA" or case.requirement in relied_on)
    )
    assert sorted(each["case"] for each in plain.done.report["results"]) == wanted


def test_the_whole_protocol_stays_below_1400_requests(protocol: Ran) -> None:
    assert protocol.done.status == 0, protocol.done.said
    assert 300 < len(protocol.server.seen.requests) < 1400


def test_the_transcript_has_what_the_server_saw(plain: Ran) -> None:
    lines = plain.lines("transcript.jsonl")
    # What a history makes up on the way to the server never reached it, and is said so.
    sent = [line for line in lines if "made up by the case" not in str(line["error"])]
    said = Counter(line["request"]["method"] for line in sent)
    seen = Counter(request.method for request in plain.server.seen.requests)
    for method in ("POST", "PUT", "PATCH"):
        assert said[method] == seen[method], method


def test_every_delete_is_about_something_that_the_run_created(plain: Ran, protocol: Ran) -> None:
    for run in (plain, protocol):
        lines = run.lines("journal.jsonl")
        created = {line["id"] for line in lines if line["event"] == "created"}
        replies = zip(run.server.seen.requests, run.server.seen.replies, strict=True)
        deleted = [
            unquote(request.path.rpartition("/")[2])
            for request, reply in replies
            if request.method == "DELETE" and reply.status < 300
        ]
        assert deleted
        assert set(deleted) <= created
        assert len(set(deleted)) == len(deleted)


def test_each_case_deletes_its_own_before_the_next_begins(plain: Ran) -> None:
    events = [line["event"] for line in plain.lines("journal.jsonl")]
    last_intent = len(events) - 1 - events[::-1].index("intent")
    assert events[:last_intent].count("deleted") > 50


def test_nothing_is_left_on_the_server(plain: Ran, echoing: Ran, parallel: Ran) -> None:
    for run in (plain, echoing, parallel):
        assert run.server.seen.stored() == {"Users": 0, "Groups": 0}
        assert run.done.report["left_behind"] == []
        assert run.done.report["created"] > 50


def test_the_command_names_the_report(plain: Ran) -> None:
    assert str(Path("report") / "report.html") in plain.done.out


# -- secrets ----------------------------------------------------------------------------------


def spellings(secret: str) -> set[str]:
    """The forms in which a secret may turn up."""
    raw = secret.encode()
    coded = {base64.b64encode(b"x" * shift + raw).decode()[4:-4] for shift in range(3)}
    return {secret, quote(secret), quote(secret, safe=""), raw.hex(), *coded}


def test_the_token_is_in_no_artefact(plain: Ran, echoing: Ran, token: str) -> None:
    for run in (plain, echoing):
        places = [
            place
            for place, text in run.texts
            if any(form.lower() in text.lower() for form in spellings(token))
        ]
        assert places == []


def test_no_password_is_in_an_artefact(plain: Ran, echoing: Ran) -> None:
    for run in (plain, echoing):
        passwords = run.server.seen.passwords()
        assert len(passwords) >= 3
        places = {
            (place, password)
            for place, text in run.texts
            for password in passwords
            for form in (password, json.dumps(password)[1:-1])
            if form in text
        }
        assert places == set()


def test_the_server_did_echo_the_passwords(echoing: Ran) -> None:
    bodies = b"".join(reply.body for reply in echoing.server.seen.replies)
    forms = (json.dumps(each)[1:-1].encode() for each in echoing.server.seen.passwords())
    assert any(form in bodies for form in forms)


def test_the_reproducing_command_holds_the_variable(echoing: Ran) -> None:
    lines = [each["reproduce"] for each in echoing.done.report["results"] if each["reproduce"]]
    assert lines
    shown = [
        f'"Authorization: {value}"' for value in ("Bearer $SCIM_TOKEN", "Bearer $SCIM_WRONG_TOKEN")
    ]
    shown.append('"Authorization: $SCIM_WRONG_TOKEN"')
    assert [line for line in lines if not any(each in line for each in shown)] == []
    assert any(shown[0] in line for line in lines)
    for line in lines:
        # `-n` reads the line without running it.
        subprocess.run(["bash", "-n", "-c", line], check=True)  # noqa: S603, S607 - only parsed


# -- several workers --------------------------------------------------------------------------


def test_two_workers_write_one_report_with_each_result_once(plain: Ran, parallel: Ran) -> None:
    assert parallel.done.status == 0, parallel.done.said
    cases = [each["case"] for each in parallel.done.report["results"]]
    assert len(cases) == len(set(cases))
    assert sorted(cases) == sorted(each["case"] for each in plain.done.report["results"])


def test_two_workers_share_one_folder(parallel: Ran) -> None:
    folder = parallel.done.directory.parent
    assert [path.name for path in folder.iterdir()] == ["report"]
    assert {path.name for path in parallel.done.directory.iterdir()} <= ARTEFACTS


def test_two_workers_know_the_target(plain: Ran, parallel: Ran) -> None:
    found = parallel.done.report["target"]
    assert found["url"] == parallel.server.url
    assert found["capabilities"] == plain.done.report["target"]["capabilities"]
    assert found["capabilities"]["patch"]["value"] is True


@pytest.mark.parametrize("run", ["plain", "parallel", "echoing"])
def test_report_and_transcript_fit_each_other(run: str, request: pytest.FixtureRequest) -> None:
    ran: Ran = request.getfixturevalue(run)
    content = (ran.done.directory / "transcript.jsonl").read_bytes()
    assert ran.done.report["transcript"] == {
        "file": "transcript.jsonl",
        "sha256": hashlib.sha256(content).hexdigest(),
        "lines": sum(1 for line in content.splitlines() if line.strip()),
        "bytes": len(content),
    }
    assert report_command(["verify", str(ran.done.directory), "--renderings"]) == 0


def test_the_report_says_what_decided_it(plain: Ran) -> None:
    versions = plain.done.report["run"]["versions"]
    assert versions["catalogue"]["requirements"] == len(catalogue())
    assert list(versions["profiles"]) == ["okta"]
    assert versions["python"] == platform.python_version()


def test_both_workers_took_part(parallel: Ran) -> None:
    owners = {
        line["key"].partition(".")[0] for line in parallel.lines("journal.jsonl") if "key" in line
    }
    assert owners == {"gw0", "gw1"}
