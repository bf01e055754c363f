"""`python -m reference_server`: options, ready line, clean stop, clear refusals."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

import reference_server
from reference_server import __main__ as command
from reference_server import deviations

ROOT = Path(reference_server.__file__).parent.parent
READY = re.compile(r"scimproof: ready at (http://\S+)")
TOKEN = re.compile(r"scimproof: token (\S+)")

WORD = "t0ken"

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
