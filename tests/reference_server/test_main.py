"""`python -m reference_server`: options, ready line, clean stop, clear refusals."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

import reference_server
from reference_server import __main__ as command
from reference_server import deviations
from reference_server import tolerances
from reference_server.database import Database

ROOT = Path(reference_server.__file__).parent.parent
READY = re.compile(r"scimproof: ready at (http://\S+)")
PAGE = re.compile(r"scimproof: page at (http://\S+), open to whoever has the token")
TOKEN = re.compile(r"scimproof: token (\S+)")

WORD = "t0ken"

# What came out of a JSON reader.
Json: TypeAlias = Any

USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "bjensen"}

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(*options: str, **environment: str) -> subprocess.Popen[str]:
        variables = {k: v for k, v in os.environ.items() if k != "SCIM_TOKEN"} | environment
        process = subprocess.Popen(  # noqa: S603 - our own command, our own options
            [sys.executable, "-m", "reference_server", "--port", "0", *options],
            cwd=ROOT,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ask(url: str, authorization: str) -> int:
    request = urllib.request.Request(url, headers={"Authorization": authorization})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310 - loopback
        return int(response.status)


def talk(url: str, body: Json = None, word: str = WORD, method: str | None = None) -> Json:
    """Return what a request answers: JSON, or the status of a refusal."""
    headers = {"Authorization": f"Bearer {word}", "Content-Type": "application/scim+json"}
    content = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, content, headers, method=method)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310 - loopback
            return json.loads(response.read() or b"null")
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code


def line_of(process: subprocess.Popen[str], pattern: re.Pattern[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    match = pattern.match(line)
    assert match is not None, line
    return match[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_a_signal_and_leaves_cleanly(start: Start, number: signal.Signals) -> None:
    process = start(**{"SCIM_TOKEN": WORD})
    url = line_of(process, READY)
    assert url.endswith("/scim/v2")
    assert line_of(process, PAGE) == f"{url}/page"
    assert ask(f"{url}/Users", f"Bearer {WORD}") == 200
    process.send_signal(number)
    rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_it_makes_a_token_and_shows_it_once(start: Start) -> None:
    process = start("--auth", "header", "--base-path", "/v2")
    token = line_of(process, TOKEN)
    url = line_of(process, READY)
    assert url.endswith("/v2")
    assert ask(f"{url}/Users", token) == 200
    process.terminate()
    rest, errors = process.communicate(timeout=10)
    assert token not in rest + errors


def refusal(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    status = command.main(["--port", "0", *options])
    shown = capsys.readouterr()
    assert (status, shown.out) == (4, "")
    assert shown.err.startswith("scimproof: ")
    assert shown.err.count("\n") == 1
    return shown.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--port", "x"], "'x'"),
        (["--port", "70000"], "'70000'"),
        (["--nothing"], "--nothing"),
        (["--auth", "digest"], "digest"),
        (["--base-path", "scim"], "'scim'"),
        (["--schema", "no-such-file.json"], "no-such-file.json"),
        (["--deviation", "no-such-deviation"], "no-such-deviation"),
        (["--auth", "basic", "--user", "a:b"], "colon"),
        (["--host", "256.256.256.256"], "256.256.256.256"),
        (["--without-tolerance", "no-such-tolerance"], "no-such-tolerance"),
        (["--db", "/no/such/folder/scim.db"], "/no/such/folder/scim.db"),
        (["--tenants", "no-such-file.toml"], "no-such-file.toml"),
        (["--tenants", "x.toml", "--me", "bjensen"], "--me and --tenants exclude each other"),
        (["--tenants", "x.toml", "--base-path", "/v2"], "--base-path and --tenants exclude"),
        (["--tenants", "x.toml", "--oauth", "y.toml"], "--oauth and --tenants exclude"),
        (["--oauth", "no-such-file.toml"], "no-such-file.toml"),
    ],
)
def test_a_bad_option_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert words in refusal(capsys, *options)


def test_a_bad_schema_file_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_text('{"schemas": [{}]}', encoding="utf-8")
    assert "x.json" in refusal(capsys, "--schema", str(tmp_path / "x.json"))


def test_a_port_in_use_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "in use" in refusal(capsys, "--port", port)


def test_a_token_that_no_header_can_carry_is_refused_and_not_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "se\ncret")
    message = refusal(capsys, "--token-env", "MY_TOKEN")
    assert "MY_TOKEN" in message
    assert "cret" not in message.replace("secret", "")


def test_a_tenant_without_a_token_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACME_TOKEN", raising=False)
    file = tmp_path / "tenants.toml"
    file.write_text('[[tenants]]\nname = "acme"\ntoken_env = "ACME_TOKEN"\n', encoding="utf-8")
    message = refusal(capsys, "--tenants", str(file))
    assert "tenant 1 (acme): the variable ACME_TOKEN holds no token" in message


def test_a_file_of_another_program_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "x.db").write_bytes(b"songs" * 500)
    assert "x.db" in refusal(capsys, "--db", str(tmp_path / "x.db"))


def test_a_damaged_database_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "x.db"
    Database(file).close()
    content = file.read_bytes()
    # The first page is what tells whose the file is; the tables are behind it.
    file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    assert f"{file} cannot be used as the database file: " in refusal(capsys, "--db", str(file))


def test_it_lists_the_tolerances(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--list-tolerances"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == list(tolerances.names())
    assert all(line.partition(": ")[2] for line in lines)


def test_it_lists_the_deviations(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--list-deviations"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == list(deviations.names())
    assert all(line.partition(": ")[2] for line in lines)


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--help"]) == 0
    assert "--token-env" in capsys.readouterr().out


def test_a_deviation_changes_the_server(start: Start) -> None:
    process = start("--deviation", "create-answers-200", **{"SCIM_TOKEN": WORD})
    url = line_of(process, READY)
    body = b'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"x"}'
    headers = {"Authorization": f"Bearer {WORD}", "Content-Type": "application/scim+json"}
    request = urllib.request.Request(f"{url}/Users", body, headers)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310 - loopback
        assert response.status == 200


# --- with a database file, tenants, an account


def test_what_is_in_the_database_outlives_the_server(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "scim.db"
    seeds = Path(reference_server.__file__).parent / "data" / "entitlements.json"
    options = ("--db", str(file), "--schema", str(seeds))
    first = start(*options, **{"SCIM_TOKEN": WORD})
    url = line_of(first, READY)
    made = talk(f"{url}/Users", USER)
    assert isinstance(made, dict)
    seeded = talk(f"{url}/Entitlements")["totalResults"]
    assert seeded > 0
    first.terminate()
    assert first.wait(timeout=10) == 0
    assert [each.name for each in tmp_path.iterdir()] == ["scim.db"]
    second = start(*options, **{"SCIM_TOKEN": WORD})
    again = line_of(second, READY)
    shown = talk(f"{again}/Users/{made['id']}")
    assert shown["meta"]["version"] == made["meta"]["version"]
    # Resources that a schema file brings are made once.
    assert talk(f"{again}/Entitlements")["totalResults"] == seeded


def test_two_servers_share_a_database(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "scim.db"
    servers = [start("--db", str(file), **{"SCIM_TOKEN": WORD}) for _ in range(2)]
    one, two = (line_of(each, READY) for each in servers)
    made = talk(f"{one}/Users", USER)
    assert talk(f"{two}/Users", USER) == 409
    assert talk(f"{two}/Users/{made['id']}")["userName"] == "bjensen"
    assert talk(f"{two}/Users/{made['id']}", method="DELETE") is None
    assert talk(f"{one}/Users/{made['id']}") == 404
    assert talk(f"{one}/Users", USER)["id"] != made["id"]


def test_a_seed_that_a_client_deleted_stays_deleted(start: Start, tmp_path: Path) -> None:
    seeds = Path(reference_server.__file__).parent / "data" / "entitlements.json"
    options = ("--db", str(tmp_path / "scim.db"), "--schema", str(seeds))
    first = start(*options, **{"SCIM_TOKEN": WORD})
    url = line_of(first, READY)
    gone = talk(f"{url}/Entitlements")["Resources"][0]["id"]
    assert talk(f"{url}/Entitlements/{gone}", method="DELETE") is None
    first.kill()  # nothing may be left to a clean stop
    first.wait(timeout=10)
    url = line_of(start(*options, **{"SCIM_TOKEN": WORD}), READY)
    assert talk(f"{url}/Entitlements/{gone}") == 404


def test_tenants_are_served_and_listed(start: Start, tmp_path: Path) -> None:
    (tmp_path / "b.token").write_text("b t0ken\n", encoding="utf-8")
    file = tmp_path / "tenants.toml"
    file.write_text(
        """
        [[tenants]]
        name = "a{url}"
        base_path = "/a"
        token_env = "A_TOKEN"
        account = "bjensen"
        [[tenants]]
        name = "b"
        token_file = "b.token"
        """,
        encoding="utf-8",
    )
    process = start("--tenants", str(file), **{"A_TOKEN": WORD})
    first = line_of(process, re.compile(r"scimproof: tenant a\{url\} at (http://\S+/a)$"))
    second = line_of(process, re.compile(r"scimproof: tenant b at (http://\S+/b/scim/v2)$"))
    assert f"{line_of(process, READY)}/a" == first
    made = talk(f"{first}/Users", USER)
    assert talk(f"{first}/Me")["id"] == made["id"]
    assert talk(f"{second}/Users", word="b t0ken")["totalResults"] == 0
    assert talk(f"{second}/Users", word=WORD) == 401
    process.terminate()
    assert WORD not in "".join(process.communicate(timeout=10))


def test_a_token_endpoint_is_served_and_shown(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "oauth.toml"
    file.write_text('[[clients]]\nid = "an-idp"\nsecret_env = "CLIENT"\n', encoding="utf-8")
    process = start("--oauth", str(file), **{"SCIM_TOKEN": WORD, "CLIENT": "its-secret"})
    path = line_of(process, re.compile(r"scimproof: tokens at (/\S+)$"))
    url = line_of(process, READY)
    assert url.endswith(path.removesuffix("/oauth/token"))
    form = b"grant_type=client_credentials&client_id=an-idp&client_secret=its-secret"
    request = urllib.request.Request(f"{url}/oauth/token", form)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310 - loopback
        token = json.loads(response.read())["access_token"]
    assert ask(f"{url}/Users", f"Bearer {token}") == 200
    process.terminate()
    assert "its-secret" not in "".join(process.communicate(timeout=10))


def test_me_is_the_account_that_is_named(start: Start) -> None:
    url = line_of(start("--me", "BJensen", **{"SCIM_TOKEN": WORD}), READY)
    assert talk(f"{url}/Me") == 404
    made = talk(f"{url}/Users", USER)
    assert talk(f"{url}/Me")["id"] == made["id"]


def test_a_tolerance_can_be_switched_off(start: Start) -> None:
    urls = [
        line_of(start(*options, **{"SCIM_TOKEN": WORD}), READY)
        for options in ((), ("--without-tolerance", "boolean-text"))
    ]
    answers = [talk(f"{url}/Users", {**USER, "active": "True"}) for url in urls]
    assert (answers[0]["active"], answers[1]) == (True, 400)
