"""`scimproof traffic`: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import socket
import threading
from pathlib import Path

import pytest

from idp_profiles.traffic.__main__ import main
from idp_profiles.traffic.proxy import Recorder
from suites.command import run_command
from tests.idp_profiles.traffic.booth import TOKEN
from tests.idp_profiles.traffic.booth import in_operations
from tests.idp_profiles.traffic.booth import record
from tests.idp_profiles.traffic.booth import server
from tests.idp_profiles.traffic.test_recorder import spoken


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SCIM_URL", "SCIM_AUTH", "SCIM_USER", "SCIM_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def recording(tmp_path: Path) -> str:
    path = tmp_path / "recording.jsonl"
    record(path, "okta", "oin", "deactivate-user-oin")
    return str(path)


@pytest.fixture
def deviating(tmp_path: Path) -> str:
    path = tmp_path / "deviating.jsonl"
    twist = in_operations(lambda one: {**one, "op": "Replace"})
    record(path, "okta", "oin", "deactivate-user-oin", twist=twist)
    return str(path)


def test_compare_says_that_nothing_differs(
    recording: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", recording, "--idp", "okta"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Compared with Okta, dialect oin."
    assert lines[1].startswith("same     1-2  create-user")
    assert lines[-1] == "No difference."


def test_compare_says_in_words_what_differs(
    deviating: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", deviating, "--idp", "okta", "--dialect", "oin"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == [
        'differs  exchange 3: body, Operations.op: the recording has "Replace"; '
        'the profile sends "replace"',
        "1 difference.",
    ]
    assert any(line.startswith("differs  3  deactivate-user-oin") for line in lines)


def test_compare_prints_one_json_object(deviating: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", deviating, "--idp", "okta", "--dialect", "oin", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["idp"], found["dialect"], found["result"]) == ("okta", "oin", "differs")
    assert [one["result"] for one in found["stretches"]] == ["same", "differs"]
    (difference,) = found["differences"]
    assert difference["exchanges"] == [3]
    assert (difference["part"], difference["where"]) == ("body", "Operations.op")
    assert (difference["profile"], difference["recording"]) == ('"replace"', '"Replace"')


def test_replay_says_what_each_exchange_came_to(
    recording: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    with server() as running:
        assert main(["replay", recording, "--url", running.url]) == 0
        out = capsys.readouterr().out
        assert [line.split()[0] for line in out.splitlines()] == ["same"] * 3
        assert main(["replay", recording, "--url", running.url, "--json"]) == 0
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        statuses = [(one["recorded"], one["now"]) for one in lines]
        assert statuses == [(200, 200), (201, 201), (200, 200)]
        # Both replays took away what they made.
        assert main(["replay", recording, "--url", running.url, "--keep"]) == 0
        monkeypatch.setenv("SCIM_TOKEN", "wrong")
        assert main(["replay", recording, "--url", running.url]) == 1


def test_replay_takes_the_credential_from_a_file(recording: str, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    with server() as running:
        assert main(["replay", recording, "--url", running.url, "--token-file", str(token)]) == 0


def test_replay_sends_a_verbatim_header_or_a_pair(
    recording: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCIM_AUTH", "header")
    monkeypatch.setenv("SCIM_TOKEN", f"Bearer {TOKEN}")
    with server() as running:
        assert main(["replay", recording, "--url", running.url]) == 0
        monkeypatch.setenv("SCIM_AUTH", "basic")
        monkeypatch.setenv("SCIM_USER", "somebody")
        assert main(["replay", recording, "--url", running.url]) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "nowhere", "--idp", "okta"],
        ["compare", "RECORDING", "--idp", "oktaa"],
        ["compare", "RECORDING", "--idp", "okta", "--dialect", "dutch"],
        ["compare", "RECORDING", "--idp", "okta", "--mapping", "nowhere.toml"],
        ["compare", "RECORDING"],
        ["compare", "BROKEN", "--idp", "okta"],
        ["compare", "EMPTY", "--idp", "okta"],
        ["replay", "RECORDING"],
        ["replay", "RECORDING", "--url", "http://127.0.0.1:9/"],
        ["replay", "RECORDING", "--url", "ftp://x", "--token-file", "TOKEN"],
        ["replay", "RECORDING", "--url", "http://127.0.0.1:9/", "--token-file", "nowhere"],
        ["replay", "BROKEN", "--url", "http://127.0.0.1:9/", "--token-file", "TOKEN"],
        ["record", "--upstream", "nonsense", "--listen", "0", "--out", "NEW"],
        ["record", "--upstream", "http://x/", "--listen", "port", "--out", "NEW"],
        ["record", "--upstream", "http://x/", "--listen", "99999", "--out", "NEW"],
        ["record", "--upstream", "http://x/", "--listen", "0", "--out", "RECORDING"],
        ["record", "--upstream", "http://x/", "--listen", "0", "--out", "nowhere/x/y"],
        ["record", "--upstream", "https://x/", "--listen", "0", "--out", "NEW", "--ca-file", "no"],
        ["nonsense"],
        ["compare", "--nonsense"],
    ],
)
def test_a_bad_option_or_file_ends_with_4_and_one_line(
    recording: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    places = {
        "RECORDING": recording,
        **{name: str(tmp_path / name.lower()) for name in ("BROKEN", "EMPTY", "TOKEN", "NEW")},
    }
    (tmp_path / "broken").write_text("{")
    (tmp_path / "empty").write_text('{"format": "scimproof-traffic/1"}\n')
    (tmp_path / "token").write_text("t")
    assert main([places.get(one, one) for one in arguments]) == 4
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("Error: ")
    assert "Traceback" not in shown.err
    assert not (tmp_path / "new").exists()


def test_a_port_that_is_taken_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        out = tmp_path / "new"
        arguments = ["record", "--upstream", "http://127.0.0.1:9/", "--listen", port]
        assert main([*arguments, "--out", str(out)]) == 4
    assert "cannot listen" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_a_disk_that_is_full_ends_the_recording_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(running: Recorder) -> None:
        running.writer._file.close()
        running.writer._file = os.fdopen(os.open("/dev/full", os.O_WRONLY), "w")
        begin(running)
        request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        threading.Thread(target=spoken, args=(running, request), daemon=True).start()

    begin = Recorder.start
    monkeypatch.setattr(Recorder, "start", ask)
    arguments = ["record", "--upstream", "http://127.0.0.1:9/", "--listen", "0"]
    assert main([*arguments, "--out", str(tmp_path / "new")]) == 4
    assert "No space left" in capsys.readouterr().err


def test_the_front_door_forwards_to_it(recording: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["traffic", "compare", recording, "--idp", "okta"]) == 0
    assert "No difference." in capsys.readouterr().out
    assert run_command(["traffic", "compare", recording, "--idp", "nobody"]) == 4
