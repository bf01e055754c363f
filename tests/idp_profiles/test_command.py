"""`python -m idp_profiles okta ...`: what it prints, what it leaves behind, how it ends."""

from __future__ import annotations

# ruff: noqa: ANN401 # fixtures are factories whose classes no test can import
import io
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from idp_profiles import load
from idp_profiles.__main__ import main
from idp_profiles.by_hand import Hand
from idp_profiles.by_hand import Settings
from idp_profiles.model import Credential
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Trouble
from idp_profiles.transport import AppSend
from idp_profiles.transport import Send
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.http_adapter import Server
from reference_server.wsgi import wsgi_app

TOKEN = "command-t0ken"  # noqa: S105 # nobody's token
ROOT = Path(__file__).parents[2]


def new_app() -> Any:
    entitlements = ROOT / "reference_server" / "data" / "entitlements.json"
    credentials = [ServerCredential(kind="bearer", secret=TOKEN)]
    return create_app(credentials=credentials, schema_files=[entitlements])


@pytest.fixture
def url() -> Iterator[str]:
    with Server(new_app()) as server:
        yield server.url


@pytest.fixture
def run(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the command against the reference server; return exit status and both outputs."""
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    monkeypatch.setenv("SCIM_URL", url)
    monkeypatch.delenv("SCIM_AUTH", raising=False)

    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(["okta", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def listed(run: Any, verb: str = "import-users") -> list[Any]:
    _, out, _ = run(verb, "--json")
    resources = json.loads(out)["response"]["body"]["Resources"]
    assert isinstance(resources, list)
    return resources


def test_a_scenario_prints_one_exchange_a_line_in_the_promised_form(run: Any) -> None:
    status, out, err = run("--scenario", "push-group-create-patch", "--json")
    records = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [one["step"] for one in records] == [
        "look up the group",
        "create the group",
        "send the group's name",
        "add members",
    ]
    for one in records:
        assert list(one) == ["scenario", "step", "request", "response"]
        assert list(one["request"]) == ["method", "target", "headers", "body"]
        assert list(one["response"]) == ["status", "headers", "body"]
        assert one["scenario"] == "push-group-create-patch"
        assert one["request"]["headers"]["Authorization"] == "[redacted]"
    assert TOKEN not in out + err
    assert "Okta reached the last step." in err


def test_a_scenario_leaves_nothing_behind(run: Any) -> None:
    run("--scenario", "group-members-change-patch")
    assert listed(run) == []
    assert listed(run, "import-groups") == []


def test_a_scenario_leaves_everything_where_it_is_told_to_keep(run: Any) -> None:
    run("--scenario", "create-user", "--keep")
    (user,) = listed(run)
    assert user["userName"].startswith("scimproof-")
    assert user["userName"].endswith("@example.com")


def possible(dialect: str) -> list[str]:
    return [one.id for one in load("okta").scenarios.values() if dialect in one.dialects]


@pytest.mark.parametrize(
    ("dialect", "scenario"),
    [
        pytest.param(dialect, scenario, id=f"{dialect}-{scenario}")
        for dialect in ("aiw", "oin", "governance")
        for scenario in possible(dialect)
        if scenario != "group-members-large"
    ],
)
def test_every_scenario_reaches_its_last_step_on_a_right_server(
    dialect: str, scenario: str
) -> None:
    hand, printed = seated(AppSend(wsgi_app(new_app()), "/scim/v2"), dialect)
    assert hand.scenario(load("okta").scenarios[scenario], keep=False)
    assert TOKEN not in printed()


def seated(send: Send, dialect: str = "oin") -> tuple[Hand, Callable[[], str]]:
    settings = Settings(
        dialect=dialect,
        credential=Credential("bearer", TOKEN),
        auth_mode=None,
        switches={},
        toggles={},
        mapping=None,
    )
    paper = io.StringIO()
    console = Console(file=paper)
    hand = Hand(load("okta"), settings, send, as_json=False, out=console, err=console)
    return hand, paper.getvalue


class Flaky:
    """Sends on, but does something else at one request."""

    def __init__(self, inner: Send, at: str, then: Callable[[Request, Send], Reply]) -> None:
        self._inner, self._at, self._then = inner, at, then

    def __call__(self, request: Request) -> Reply:
        if f"{request.method} {request.target}".startswith(self._at):
            return self._then(request, self._inner)
        return self._inner(request)


def interrupted(request: Request, send: Send) -> Reply:
    raise KeyboardInterrupt


def lost(request: Request, send: Send) -> Reply:
    """The server acts, but its reply never arrives."""
    send(request)
    raise Trouble("The reply was lost.")


def lost_and_interrupted(request: Request, send: Send) -> Reply:
    send(request)
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("at", "then"),
    [
        pytest.param("PATCH /Groups", interrupted, id="interrupt"),
        pytest.param("POST /Groups", lost_and_interrupted, id="interrupt-after-the-create"),
        pytest.param("POST /Groups", lost, id="lost-reply"),
    ],
)
def test_what_was_created_is_deleted_whatever_happens(
    at: str, then: Callable[[Request, Send], Reply]
) -> None:
    inner = AppSend(wsgi_app(new_app()), "/scim/v2")
    hand, _ = seated(Flaky(inner, at, then))
    scenario = load("okta").scenarios["push-group-create-patch"]
    if then is lost:
        assert not hand.scenario(scenario, keep=False)
    else:
        with pytest.raises(KeyboardInterrupt):
            hand.scenario(scenario, keep=False)
    assert _count(inner) == 0


def _count(send: Send) -> int:
    idp = load("okta").start(dialect="oin", credential=Credential("bearer", TOKEN))
    total = 0
    for script in (idp.import_users(), idp.import_groups()):
        reply = send(next(script))
        body = reply.json()
        assert isinstance(body, dict)
        total += int(str(body["totalResults"]))
    return total


def test_what_cannot_be_deleted_is_said() -> None:
    def refuse(request: Request, send: Send) -> Reply:
        return Reply(405)

    inner = AppSend(wsgi_app(new_app()), "/scim/v2")
    hand, printed = seated(Flaky(inner, "DELETE", refuse))
    assert hand.scenario(load("okta").scenarios["create-user"], keep=False)
    assert "is left behind: DELETE was answered 405." in printed()


def test_what_was_created_last_is_deleted_first() -> None:
    deleted: list[str] = []

    def note(request: Request, send: Send) -> Reply:
        deleted.append(request.target.split("/")[1])
        return send(request)

    inner = AppSend(wsgi_app(new_app()), "/scim/v2")
    hand, _ = seated(Flaky(inner, "DELETE", note))
    assert hand.scenario(load("okta").scenarios["push-group-create-patch"], keep=False)
    assert deleted == ["Groups", "Users", "Users", "Users"]


def test_a_server_that_repeats_the_token_does_not_get_it_printed() -> None:
    def repeat(request: Request) -> Reply:
        return Reply(401, f"No {TOKEN}", (), json.dumps({"detail": f"bad {TOKEN}"}).encode())

    hand, printed = seated(repeat)
    assert not hand.scenario(load("okta").scenarios["create-user"], keep=False)
    assert "bad [redacted]" in printed()
    assert TOKEN not in printed()


def test_assigning_twice_makes_one_user(run: Any) -> None:
    for _ in range(2):
        assert run("assign", "--user-name", "ada@example.com", "--given-name", "Ada")[0] == 0
    assert [user["userName"] for user in listed(run)] == ["ada@example.com"]


def test_people_change_by_hand(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = ("--user-name", "ada@example.com")
    run("assign", *ada, "--given-name", "Ada", "--family-name", "Old")
    assert run("update", *ada, "--family-name", "New")[0] == 0
    assert run("deactivate", *ada)[0] == 0
    assert [user["active"] for user in listed(run)] == [False]
    assert run("reactivate", *ada, "--dialect", "aiw")[0] == 0
    monkeypatch.setenv("SCIM_NEW_PASSWORD", "another-pw")
    status, out, err = run("sync-password", *ada)
    assert status == 0
    assert "another-pw" not in out + err
    assert run("rename", *ada, "--new-user-name", "lovelace@example.com")[0] == 0
    (user,) = listed(run)
    assert (user["userName"], user["active"]) == ("lovelace@example.com", True)
    assert user["name"] == {"givenName": "Ada", "familyName": "New"}


@pytest.mark.parametrize("dialect", ["oin", "aiw"])
def test_groups_change_by_hand_and_strangers_stay_in_them(run: Any, dialect: str) -> None:
    for name in ("ada", "bob", "eve"):
        run("assign", "--user-name", name)
    way = ("--dialect", dialect)
    run("push-group", "--group", "Team", "--member", "ada", "--member", "bob", *way)
    assert run("rename-group", "--group", "Team", "--new-name", "Squad", *way)[0] == 0
    assert run("add-members", "--group", "Squad", "--member", "eve", *way)[0] == 0
    assert run("remove-members", "--group", "Squad", "--member", "bob", *way)[0] == 0
    people = {user["id"]: user["userName"] for user in listed(run)}
    (group,) = listed(run, "import-groups")
    assert group["displayName"] == "Squad"
    assert {people[member["value"]] for member in group["members"]} == {"ada", "eve"}
    run("push-now", "--group", "Squad", "--member", "bob", *way)
    (group,) = listed(run, "import-groups")
    assert [people[member["value"]] for member in group["members"]] == ["bob"]
    assert run("delete-group", "--group", "Squad", *way)[0] == 0
    assert listed(run, "import-groups") == []


def test_a_person_who_is_not_there_is_one_sentence(run: Any) -> None:
    status, _, err = run("deactivate", "--user-name", "nobody")
    assert status == 1
    assert "the app has no user 'nobody'; assign the person first" in err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--scenario", "create-user", "assign"), "either --scenario ID or one verb"),
        (("--scenario", "nope"), "no scenario 'nope'"),
        (("fly",), "there is no verb 'fly'"),
        (("assign",), "assign needs --user-name"),
        (("sync-password", "--user-name", "x"), "needs SCIM_NEW_PASSWORD in the environment"),
        (("add-members", "--group", "x"), "needs --member"),
        (("--bogus",), "No such option '--bogus'"),
        (("test-connection", "--timeout", "soon"), "'soon' is not a valid float"),
        (("test-connection", "--dialect", "x"), "there is no dialect 'x'"),
        (("--scenario", "group-change-put", "--dialect", "oin"), "it does in aiw"),
        (("--scenario", "create-user", "--variant", "x"), "no variant 'x'; known: default"),
        (("test-connection", "--variant", "x"), "--variant needs --scenario"),
        (("test-connection", "--switch", "x"), "--switch takes KEY=VALUE, not 'x'"),
        (("test-connection", "--switch", "x=y"), "there is no switch 'x'"),
        (("test-connection", "--toggle", "import_groups=maybe"), "is on or off, not 'maybe'"),
        (("test-connection", "--mapping", "/nowhere"), "'/nowhere' cannot be read"),
        (("test-connection", "--token-file", "/nowhere"), "'/nowhere' cannot be read"),
        (("test-connection", "--url", "ftp://x"), "must start with http:// or https://"),
        (("discover-entitlements",), "the dialect 'oin' has no entitlements"),
    ],
)
def test_a_bad_option_is_one_sentence_and_status_4(
    run: Any, arguments: tuple[str, ...], complaint: str
) -> None:
    status, out, err = run(*arguments)
    assert status == 4
    assert complaint in err
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    assert out == ""


def test_nothing_to_do_is_one_sentence_and_status_4(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    status, out, err = run()
    assert (status, out) == (4, "")
    assert "either --scenario ID or one verb, or commands on standard input" in err


def test_without_a_credential_nothing_is_sent(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCIM_TOKEN")
    status, _, err = run("test-connection")
    assert status == 4
    assert "set SCIM_TOKEN, or name a --token-file" in err


def test_the_credential_may_come_from_a_file(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SCIM_TOKEN")
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    assert run("test-connection", "--token-file", str(file))[0] == 0


def test_the_credential_may_be_a_verbatim_header(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIM_AUTH", "header")
    monkeypatch.setenv("SCIM_TOKEN", f"Bearer {TOKEN}")
    assert run("test-connection")[0] == 0


def test_a_wrong_token_is_what_the_console_shows(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIM_TOKEN", "not-the-token")
    status, out, err = run("test-connection")
    assert status == 1
    assert "Okta shows: Error authenticating: Unauthorized. Errors reported by" in err
    assert "not-the-token" not in out + err


def test_a_scenario_that_cannot_be_prepared_shows_why(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCIM_TOKEN", "not-the-token")
    status, out, err = run("--scenario", "update-profile", "--json")
    assert status == 1
    assert json.loads(out)["response"]["status"] == 401
    assert "The scenario update-profile could not be prepared." in err


def test_a_dead_port_is_one_sentence_and_status_1(run: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    status, _, err = run("--scenario", "create-user", "--url", f"http://127.0.0.1:{port}/v2")
    assert status == 1
    assert f"Nothing listens at 127.0.0.1:{port}: the connection was refused." in err
    assert "Traceback" not in err


def test_the_list_names_scenarios_and_verbs(run: Any) -> None:
    status, out, _ = run("--list")
    assert status == 0
    for name in ("entitlement-assign", "mapped-minimum", "remove-members"):
        assert name in out
    _, out, _ = run("--list", "--json")
    assert len(out.splitlines()) == 35
    assert json.loads(out.splitlines()[0])["steps"][0]["certainty"] == "wild"


def test_a_variant_and_switches_change_what_is_sent(run: Any) -> None:
    _, out, _ = run("--scenario", "create-user", "--variant", "filter-plus-encoding", "--json")
    assert "filter=userName+eq+" in out
    _, out, _ = run("test-connection", "--toggle", "import_groups=on", "--json")
    assert len(out.splitlines()) == 2


def test_the_module_is_a_command_of_its_own(url: str) -> None:
    done = subprocess.run(  # noqa: S603 # this interpreter, fixed arguments
        [sys.executable, "-m", "idp_profiles", "okta", "test-connection", "--url", url],
        env={"SCIM_TOKEN": TOKEN, "PATH": ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "GET /Users?startIndex=1&count=2" in done.stdout
