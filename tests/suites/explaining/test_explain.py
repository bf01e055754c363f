"""`scimproof explain`: exit status, text, note and JSON, and nothing of anybody in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest

import reference_server
from idp_profiles.__main__ import main as drive_by_hand
from idp_profiles.diagnosis.explaining import explain
from idp_profiles.diagnosis.formats import blindness
from idp_profiles.diagnosis.rules import causes
from idp_profiles.model import Exchange
from reference_server.http_adapter import Server
from suites import command as door
from suites.explaining.explained import commands_of
from suites.explaining.explained import links
from suites.explaining.explained import requirements_of
from suites.proving.case_list import Case
from suites.requirements import catalogue
from tests.idp_profiles.diagnosis.histories import HISTORIES
from tests.idp_profiles.diagnosis.histories import History
from tests.idp_profiles.diagnosis.logs import TOKEN
from tests.idp_profiles.diagnosis.logs import access_log
from tests.idp_profiles.diagnosis.logs import har
from tests.idp_profiles.diagnosis.logs import played

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "explain.md"
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command in this process: exit status, output, errors."""

    def run(*words: object) -> tuple[int, str, str]:
        status = door.run_command(["explain", *(str(word) for word in words)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    exchanges = played("entra", "create-user", "empty-search-404").mock.exchanges
    return access_log(tmp_path / "access.log", exchanges)


@pytest.fixture
def healthy(tmp_path: Path) -> Path:
    return har(tmp_path / "healthy.har", played("okta", "create-user").mock.exchanges)


def test_a_healthy_log_says_so_and_ends_with_0(call: Call, healthy: Path) -> None:
    status, out, _ = call(healthy)
    assert status == 0
    assert "Nothing went wrong in this log." in out
    assert "Identity provider: Okta (certain, by its User-Agent" in out


def test_a_cause_is_named_with_all_that_helps_and_ends_with_1(call: Call, broken: Path) -> None:
    status, out, _ = call(broken)
    assert status == 1
    for part in (
        "A look-up that finds nobody is answered 404",
        'GET /Users?filter=userName eq "user-1" -> 404',
        "create-user, 'look up the user'",
        "SystemForCrossDomainIdentityManagementServiceIncompatible",
        "ENTRA-MATCH-6, ENTRA-CONN-1, RFC7644-3.4.2-11",
        "scimproof idp entra --scenario create-user --url $SCIM_URL",
        "scimproof run --idp entra --only ENTRA-MATCH-6 --url $SCIM_URL",
        "What this log cannot show:\n  - bodies",
    ):
        assert part in out


def test_the_note_is_a_letter_in_the_words_of_the_console(call: Call, broken: Path) -> None:
    status, out, _ = call(broken, "--note")
    assert status == 1
    assert out.startswith("Hello,\n\nwe looked at the log of the provisioning from probably Micro")
    assert "Your admin console shows: SystemForCrossDomainIdentityManagementService" in out
    assert "scimproof" not in out
    assert "placeholders such as user-1 stand for them" in out


def test_the_note_of_a_healthy_log_accuses_nobody(call: Call, healthy: Path) -> None:
    status, out, _ = call(healthy, "--note")
    assert status == 0
    assert "Nothing went wrong in this log." in out
    assert "What went wrong" not in out


def test_json_has_everything_in_one_object(call: Call, broken: Path) -> None:
    status, out, _ = call(broken, "--json")
    told = json.loads(out)
    assert status == 1
    assert (told["format"], told["log"], told["entries"]) == (
        *("scimproof-explanation/1", "access-log"),
        2,
    )
    (finding,) = told["findings"]
    assert {key: finding[key] for key in ("cause", "idp", "scenario", "step", "times")} == {
        "cause": "lookup-404",
        "idp": "entra",
        "scenario": "create-user",
        "step": "look up the user",
        "times": 2,
    }
    assert finding["requirements"][0] == "ENTRA-MATCH-6"
    assert told["cannot_show"] == blindness()["access-log"]["blind"]


def test_the_idp_can_be_said(call: Call, broken: Path) -> None:
    _, out, _ = call(broken, "--json", "--idp", "jumpcloud")
    assert json.loads(out)["findings"][0]["idp"] == "jumpcloud"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "Missing argument 'FILE'"),
        (("nowhere.har",), "nowhere.har cannot be explained: it cannot be opened"),
        ((".",), "it is a folder"),
        (("x.log", "--idp", "nobody"), "'nobody' is not one of"),
        (("x.log", "--json", "--note"), "choose one"),
        (("x.log", "--frobnicate"), "No such option"),
    ],
)
def test_what_cannot_be_read_ends_with_4(call: Call, words: tuple[str, ...], reason: str) -> None:
    status, out, err = call(*words)
    assert (status, out) == (4, "")
    assert reason in err


def test_help_says_what_can_be_read(call: Call) -> None:
    status, out, _ = call("--help")
    assert status == 0
    assert "HAR 1.2" in out
    assert "4 the file cannot be read" in " ".join(out.split())


# -- nothing of anybody gets out ---------------------------------------------------------------


def secrets_of(exchanges: Iterable[Exchange]) -> set[str]:
    """Return whatever bodies and targets name: ids, names, addresses, the token."""
    found = {TOKEN}
    for exchange in exchanges:
        reply = exchange.reply
        for body in (exchange.request.body, reply.body if reply else None):
            found |= _texts(json.loads(body)) if body and body[:1] == b"{" else set()
        found |= set(re.findall(r'"([^"]+)"', unquote_plus(exchange.request.target)))
        found |= set(re.findall(r"/(?:Users|Groups)/([^?]+)", exchange.request.target))
    return {text for text in found if len(text) > 3 and not _is_plain(text)}


def _texts(value: Any) -> set[str]:  # noqa: ANN401 # JSON
    if isinstance(value, dict):
        names = ("op", "path", "schemas", "type", "resourceType", "scimType", "detail", "status")
        return {text for key, item in value.items() if key not in names for text in _texts(item)}
    if isinstance(value, list):
        return {text for item in value for text in _texts(item)}
    return {value} if isinstance(value, str) else set()


def _is_plain(text: str) -> bool:
    """Tell whether a text is a word of the protocol, or of a job, that names nobody."""
    return text.startswith("urn:") or bool(re.fullmatch(r"[A-Z]?[a-z]{0,12}|\d{1,4}", text))


@pytest.mark.parametrize("history", [pytest.param(each, id=each.name) for each in HISTORIES])
def test_nothing_shown_names_anybody(call: Call, history: History, tmp_path: Path) -> None:
    exchanges = history.play()
    secrets = secrets_of(exchanges)
    assert secrets >= {TOKEN}
    for write in (har, access_log):
        for form in ((), ("--note",), ("--json",)):
            status, out, err = call(write(tmp_path / "log", exchanges), *form)
            assert status in (0, 1)
            assert [secret for secret in secrets if secret in out + err] == []


def test_hostile_words_of_a_log_are_not_repeated(call: Call, tmp_path: Path) -> None:
    marked = "Zebedäus"
    lines = [
        f'{marked} - {marked} [22/Nov/2026:09:00:00 +0000] "GET /{marked}/scim/v2/Users'
        f'?filter={marked}%20eq%20%22{marked}%22&startIndex={marked}&{marked}=1 HTTP/1.1" 404 9 '
        f'"{marked}" "{marked}"',
        f'1 - - [22/Nov/2026:09:00:01 +0000] "ZEBEDAEUS /scim/v2/Users/{marked} H" 500 9 "-" "-"',
    ]
    (tmp_path / "log").write_text("\n".join(lines), encoding="utf-8")
    for form in ((), ("--note",), ("--json",)):
        status, out, _ = call(tmp_path / "log", *form)
        assert status == 1
        assert marked.lower() not in out.lower()
        assert "ZEBEDAEUS" not in out


# -- the requirements and the commands ---------------------------------------------------------


def test_every_cause_is_linked_and_every_link_is_a_cause() -> None:
    assert set(links()["causes"]) == {cause["id"] for cause in causes()}


def linked() -> set[str]:
    of_causes = {
        each for known in links()["causes"].values() for ids in known.values() for each in ids
    }
    return of_causes | {each for known in links()["moves"].values() for each in known.values()}


def test_every_linked_requirement_exists_and_is_of_the_idp_it_stands_for() -> None:
    assert linked() - set(catalogue()) == set()
    for known in links()["causes"].values():
        for name, ids in known.items():
            idps = {catalogue()[each].idp for each in ids}
            assert idps <= ({None} if name == "any" else {name.partition("/")[0]})
    for idp, moves in links()["moves"].items():
        assert {catalogue()[each].idp for each in moves.values()} == {idp}


def test_every_linked_requirement_of_an_idp_has_a_case_that_can_be_run(
    known_cases: tuple[Case, ...],
) -> None:
    checked = {case.requirement for case in known_cases}
    wanted = {each for each in linked() if catalogue()[each].idp}
    assert wanted - checked == set()


@pytest.mark.parametrize("history", [pytest.param(each, id=each.name) for each in HISTORIES])
def test_every_finding_comes_with_a_replay_and_a_requirement(
    history: History, tmp_path: Path
) -> None:
    finding = explain(har(tmp_path / "log", history.play())).findings[0]
    replay, check = commands_of(finding)
    assert replay.startswith(f"scimproof idp {history.idp} --scenario ")
    assert check.startswith(f"scimproof run --idp {history.idp} --only {history.idp.upper()}-")
    assert requirements_of(finding)[0] in check


@pytest.mark.parametrize(
    ("scenario", "deviation"),
    [
        ("create-user", "empty-search-404"),
        ("disable-user-default", "active-text-refused"),
        ("rename-username", "patch-op-must-be-lower-case"),
    ],
)
def test_the_command_that_is_printed_meets_the_fault_again(
    scenario: str, deviation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = har(tmp_path / "log", played("entra", scenario, deviation).mock.exchanges)
    replay = commands_of(explain(broken).findings[0])[0].split()[2:-2]
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    ends = {}
    for deviations in ([deviation], []):
        credential = reference_server.Credential(kind="bearer", secret=TOKEN)
        app = reference_server.create_app(credentials=[credential], deviations=deviations)
        with Server(app) as server:
            ends[bool(deviations)] = drive_by_hand([*replay, "--url", server.url])
    assert ends == {True: 1, False: 0}


# -- the guide ---------------------------------------------------------------------------------


def test_the_example_in_the_guide_is_what_the_command_prints(call: Call, tmp_path: Path) -> None:
    exchanges = played("entra", "create-user", "empty-search-404").mock.exchanges
    _, out, _ = call(access_log(tmp_path / "access.log", exchanges))
    examples = re.findall(r"```text\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert out in examples


def test_the_guide_names_every_cause_and_every_option(call: Call) -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert [each["id"] for each in causes() if f"`{each['id']}`" not in guide] == []
    _, out, _ = call("--help")
    options = set(re.findall(r"--[a-z]+", out)) - {"--help"}
    assert [name for name in options if f"access.log {name}" not in guide] == []
