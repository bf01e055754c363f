"""Whatever a server does, a run ends with a report, and accuses it of what it does alone."""

from __future__ import annotations

import json
import math
import re
import ssl
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias
from xml.etree import ElementTree

import jsonschema
import pytest
import requests

import reports
from idp_profiles.model import Credential
from idp_profiles.model import Trouble
from reports import Report
from reports.findings.blockers import blocked
from suites.preflight.look import look
from suites.reach import silences
from suites.reach.connection import Connection
from suites.target.model import Target
from tests.sizes import sample
from tests.sizes import sized
from tests.suites.bad_targets import answers
from tests.suites.bad_targets.certificates import make
from tests.suites.bad_targets.certificates import over_tls
from tests.suites.bad_targets.hostile import TOKEN
from tests.suites.bad_targets.hostile import Asked
from tests.suites.bad_targets.hostile import HangUp
from tests.suites.bad_targets.hostile import Hostile
from tests.suites.bad_targets.hostile import Right
from tests.suites.bad_targets.hostile import Rightly
from tests.suites.bad_targets.zoo import BRIEF
from tests.suites.bad_targets.zoo import JUDGED
from tests.suites.bad_targets.zoo import MORTAL
from tests.suites.bad_targets.zoo import MUTE
from tests.suites.bad_targets.zoo import Beast

# The fixture of the folder above, and what it returns.
Command: TypeAlias = Any
Done: TypeAlias = Any
Tls: TypeAlias = Callable[..., Path]

BEASTS = {each.name: each for each in (*MUTE, *JUDGED, *MORTAL)}
WORKERS = ("-n", "2")
FIGURES = {"hostile servers": len(BEASTS)}


def chosen(family: tuple[Beast, ...], one_in: int) -> list[str]:
    return sample((each.name for each in family), one_in)


def judged(command: Command, beast: Beast, *options: str) -> tuple[Done, Report]:
    """Run against a hostile server, and check what holds of any run."""
    everything = sized(0, 1) == 1 and beast.whole
    only = [word for each in BRIEF for word in ("--only", each)]
    narrowed = only[:2] if beast.trouble else [] if everything else only
    limit = 75.0 if everything else beast.seconds
    with beast.start() as server:
        started = time.monotonic()
        done = command.run(
            *("--idp", "okta", "--url", server.url, "--timeout", str(beast.timeout)),
            *("--max-seconds", str(limit), *narrowed, *options),
            SCIM_TOKEN=TOKEN,
        )
        # What tidies up has its own time, half as long as the run at most.
        assert time.monotonic() - started < 1.5 * limit + 10
    return done, well_ended(done)


def well_ended(done: Done) -> Report:
    """Check what holds of every run, and return its report."""
    assert "Traceback" not in done.said
    assert "INTERNALERROR" not in done.said
    assert done.status in (0, 1), done.said
    report = done.report
    assert list(jsonschema.Draft202012Validator(reports.schema()).iter_errors(report)) == []
    errors = [each["actual"] for each in report["results"] if each["verdict"] == "error"]
    assert errors == []
    assert TOKEN not in done.said
    for name in ("report.html", "report.md", "junit.xml", "transcript.jsonl", "journal.jsonl"):
        assert (done.directory / name).exists()
    return Report.from_json(report)


def of(report: Report, *verdicts: str) -> set[str]:
    return {each.requirement for each in report.results if each.verdict in verdicts}


def mute(done: Done, report: Report, part: str) -> None:
    """Check a run of which one sentence is all there is to say."""
    assert done.status == 1
    assert part in (report.target.trouble or "nothing")
    assert {(each.verdict, each.actual) for each in report.results} == {
        ("inconclusive", report.target.trouble)
    }
    assert report.left_behind == ()
    assert " ".join(part.split()) in " ".join(done.said.split())


@pytest.mark.parametrize("name", chosen(MUTE, 7))
def test_a_server_that_says_nothing_is_one_sentence(command: Command, name: str) -> None:
    done, report = judged(command, BEASTS[name], "-n", "0")
    mute(done, report, BEASTS[name].trouble)


@pytest.mark.parametrize("name", chosen(JUDGED, 5))
def test_a_server_is_accused_of_what_it_does_and_of_nothing_else(
    command: Command, name: str
) -> None:
    beast = BEASTS[name]
    done, report = judged(command, beast, "-n", "0")
    truthful(beast, report)
    if beast.status == 1 or not of(report, "fail"):
        assert done.status == beast.status, done.said
    blocked_once(done, report)


@pytest.mark.parametrize(
    ("name", "workers"),
    [
        pytest.param(each.name, workers, id=f"{each.name}, {len(workers)}")
        for each in MORTAL
        for workers in ((), WORKERS)
    ][:: sized(5, 1)],
)
def test_a_server_that_dies_on_the_way_is_accused_of_nothing(
    command: Command, name: str, workers: tuple[str, ...]
) -> None:
    beast = BEASTS[name]
    done, report = judged(command, beast, *(workers or ("-n", "0")))
    truthful(beast, report)
    blocked_once(done, report)


def truthful(beast: Beast, report: Report) -> None:
    """Compare the verdicts with what is known to be true of a server."""
    assert report.target.trouble is None
    accused = of(report, "fail", "warn")
    assert {each for each in accused if not re.fullmatch(beast.accused, each)} == set()
    assert set(beast.fails) <= of(report, "fail", "warn")
    assert set(beast.passes) & of(report, "fail", "warn") == set()
    assert set(beast.passes) <= of(report, "pass")
    reasons = [each.sentence for each in blocked(report)]
    assert all(reasons)
    assert any(beast.blocked in reason for reason in reasons) or not beast.blocked, reasons
    counts = Counter(each.verdict for each in report.results)
    assert counts["pass"] > counts["inconclusive"] or not beast.recovers, counts


def blocked_once(done: Done, report: Report) -> None:
    """Check that every form names a blocker once, however many cases it stood in the way of."""
    blockers = blocked(report)
    lines = [line for line in done.out.splitlines() if re.match(r"\? .*\bnot judged: ", line)]
    assert len(lines) <= min(len(blockers), 11)
    markdown = (done.directory / "report.md").read_text(encoding="utf-8")
    section = markdown.partition("## Not judged")[2].partition("\n## ")[0]
    assert section.count("\n- ") <= len(blockers)
    tree = ElementTree.parse(done.directory / "junit.xml")  # noqa: S314 - our own file
    stuck = [each for each in tree.iter("failure") if each.get("type") == "inconclusive"]
    assert len(stuck) == len(blockers)
    assert len(list(tree.iter("testcase"))) == len(report.results)


# -- below HTTP -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    made: dict[str, Path] = {}

    def certificate(kind: str, **wrong: Any) -> Path:  # noqa: ANN401 - what `make` takes
        if kind not in made:
            made[kind] = make(tmp_path_factory.mktemp("tls") / kind, **wrong)
        return made[kind]

    return certificate


@pytest.mark.parametrize(
    ("kind", "wrong", "trusted", "part"),
    [
        ("expired", {"expired": True}, True, "not trusted (certificate has expired)"),
        ("self-signed", {}, False, "not trusted (self-signed certificate)"),
        ("another", {"name": "DNS:scim.example"}, True, "not valid for '127.0.0.1'"),
    ],
)
def test_a_certificate_that_is_wrong_is_one_sentence(
    command: Command, tls: Tls, kind: str, wrong: dict[str, Any], trusted: bool, part: str
) -> None:
    certificate = tls(kind, **wrong)
    known = {"SCIM_CA_FILE": str(certificate)} if trusted else {}
    with over_tls(certificate) as server:
        url = server.url.replace("http://", "https://")
        done = command.run("--only", BRIEF[0], "--url", url, SCIM_TOKEN=TOKEN, **known)
        assert server.asked == []
    mute(done, well_ended(done), part)


def test_a_server_that_wants_a_certificate_of_ours_is_one_sentence(
    command: Command, tls: Tls
) -> None:
    certificate = tls("self-signed")
    with over_tls(certificate, wants=certificate) as server:
        url = server.url.replace("http://", "https://")
        words = ("--only", BRIEF[0], "--url", url)
        done = command.run(*words, SCIM_TOKEN=TOKEN, SCIM_CA_FILE=str(certificate))
    mute(done, well_ended(done), "certificate required")
    assert "SCIM_CLIENT_CERT" in done.said


def looked(server: Hostile, certificate: Path) -> str:
    """Look at a server behind TLS and return why it cannot be judged."""
    credential = Credential(kind="bearer", secret=TOKEN)
    url = server.url.replace("http://", "https://")
    connection = Connection(Target(url=url, credential=credential, ca_file=certificate))
    try:
        return look(connection).trouble or ""
    finally:
        connection.close()


def test_a_server_whose_alert_was_lost_is_asked_until_it_says_what_it_wants(tls: Tls) -> None:
    certificate = tls("self-signed")
    with over_tls(certificate, wants=certificate, cuts=2) as server:
        said = looked(server, certificate)
        assert server.connections == 3
    assert "certificate required" in said
    assert "SCIM_CLIENT_CERT" in said


def test_a_server_that_cuts_tls_once_is_judged(tls: Tls) -> None:
    certificate = tls("self-signed")
    with over_tls(certificate, cuts=1) as server:
        assert looked(server, certificate) == ""


@pytest.mark.parametrize("reads", [False, True])
def test_a_server_that_ends_every_connection_of_tls_may_want_a_certificate(
    tls: Tls, reads: bool
) -> None:
    def hang_up(asked: Asked, right: Rightly) -> Right:
        raise HangUp

    certificate = tls("self-signed")
    with over_tls(certificate, cuts=0 if reads else math.inf, answer=hang_up) as server:
        said = looked(server, certificate)
        assert server.connections == 3
    assert "perhaps the server wants a certificate" in said
    assert "SCIM_CLIENT_CERT" in said


@pytest.mark.parametrize(
    ("said", "may_pass"),
    [
        ("TLS with x fails: eof occurred in violation of protocol (_ssl.c:2427).", True),
        ("TLS with x fails: unexpected eof while reading.", True),
        ("TLS with x fails: tlsv13 alert certificate required.", False),
    ],
)
def test_tls_that_ends_without_a_word_may_be_bad_luck(said: str, may_pass: bool) -> None:
    trouble = Trouble(said)
    trouble.__cause__ = ssl.SSLError(said)
    assert silences.is_luck(trouble) is may_pass
    assert silences.is_luck(requests.exceptions.SSLError(said)) is may_pass


def test_an_application_that_hangs_is_not_asked_again() -> None:
    late = Trouble("The application app:app did not answer GET /Users within 10 seconds.")
    assert silences.hung(late)
    assert not silences.is_luck(late)


def test_a_large_body_is_read_once_and_judged(command: Command) -> None:
    with Hostile(answers.sends_50_mb) as server:
        done = command.run(
            *("--only", "RFC7644-3.4.2-4", "--url", server.url, "-n", "0"), SCIM_TOKEN=TOKEN
        )
    report = well_ended(done)
    assert json.dumps(report.to_json()).count(" " * 5000) == 0
    assert len((done.directory / "report.json").read_bytes()) < 1_000_000
