"""Runs that do not go through smoothly: Ctrl-C, a kill, a refused deletion, waivers."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import jsonschema
import pytest
import requests

import reports
from reports.__main__ import main as report_command

# The fixture of the folder: runs the command.
Command: TypeAlias = Any
SLOW = {"SCIM_REQUESTS_PER_SECOND": "60"}


def wait_for(process: subprocess.Popen[str], journal: Path, event: str, count: int) -> None:
    """Wait until a journal has an event some times; fails when the run ends before."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if journal.exists() and journal.read_text(encoding="utf-8").count(f'"{event}"') >= count:
            return
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.02)
    raise AssertionError(f"nothing was {event}")


def stored(url: str, token: str) -> dict[str, int]:
    headers = {"Authorization": f"Bearer {token}"}
    with requests.Session() as session:
        return {
            kind: session.get(f"{url}/{kind}", headers=headers, timeout=20).json()["totalResults"]
            for kind in ("Users", "Groups")
        }


@pytest.mark.parametrize(
    ("workers", "how"),
    [
        pytest.param((), signal.SIGINT, id="ctrl-c alone"),
        pytest.param(("-n", "2"), signal.SIGINT, id="ctrl-c with two workers"),
        pytest.param((), signal.SIGTERM, id="a cancelled job"),
    ],
)
def test_an_end_from_outside_leaves_a_report_and_nothing_on_the_server(
    command: Command,
    cli_server: Callable[..., str],
    token: str,
    workers: tuple[str, ...],
    how: signal.Signals,
) -> None:
    url = cli_server()
    process = command.start("--idp", "okta", "--url", url, *workers, SCIM_TOKEN=token, **SLOW)
    # A case that deletes what it made has its result; what cases share is made before that.
    wait_for(process, command.directory / "journal.jsonl", "deleted", 2)
    process.send_signal(how)
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 2, said
    assert "Traceback" not in said
    report = json.loads((command.directory / "report.json").read_text(encoding="utf-8"))
    assert list(jsonschema.Draft202012Validator(reports.schema()).iter_errors(report)) == []
    assert report["run"]["interrupted"] is True
    assert 0 < len(report["results"]) < 250
    assert report["created"] >= 2
    assert report["left_behind"] == []
    assert stored(url, token) == {"Users": 0, "Groups": 0}
    # Nobody writes to the transcript after its hash was taken, not even a worker that is ended.
    content = (command.directory / "transcript.jsonl").read_bytes()
    assert report["transcript"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert report_command(["verify", str(command.directory)]) == 0


def test_what_a_killed_run_left_is_cleaned_up(
    command: Command, cli_server: Callable[..., str], token: str
) -> None:
    url = cli_server()
    process = command.start("--idp", "okta", "--url", url, SCIM_TOKEN=token, **SLOW)
    wait_for(process, command.directory / "journal.jsonl", "created", 8)
    process.kill()
    process.communicate(timeout=60)
    assert not (command.directory / "report.json").exists()
    assert sum(stored(url, token).values()) > 0

    again = command.run("--idp", "okta", "--url", url, SCIM_TOKEN=token)
    assert again.status == 4
    assert "scimproof cleanup" in again.said

    elsewhere = command("cleanup", command.directory, "--url", url + "/other", SCIM_TOKEN=token)
    assert elsewhere.status == 4
    assert "nothing is deleted" in elsewhere.err
    assert sum(stored(url, token).values()) > 0

    # The journal knows the server, so that the folder alone is enough.
    done = command("cleanup", command.directory, SCIM_TOKEN=token)
    assert done.status == 0
    assert re.fullmatch(
        r"scimproof: [1-9]\d* resource\(s\) deleted, 0 deactivated, 0 left behind\n", done.out
    )
    assert stored(url, token) == {"Users": 0, "Groups": 0}

    once_more = command("cleanup", command.directory, SCIM_TOKEN=token)
    nothing = "scimproof: 0 resource(s) deleted, 0 deactivated, 0 left behind\n"
    assert (once_more.status, once_more.out) == (0, nothing)


def test_a_cleanup_that_cannot_reach_the_server_says_what_stays(
    command: Command, tmp_path: Path, token: str
) -> None:
    lines = [
        {"event": "target", "url": "http://127.0.0.1:1"},
        {"event": "created", "key": "main.1-1", "type": "Users", "name": "ann", "id": "7"},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "journal.jsonl").write_text(text, encoding="utf-8")
    done = command("cleanup", tmp_path, SCIM_TOKEN=token)
    assert done.status == 1
    assert '"name": "ann"' in done.out
    assert "0 deactivated, 1 left behind" in done.out
    assert token not in done.said
    assert "Traceback" not in done.said


def test_a_server_that_refuses_every_delete_is_told_on(
    command: Command, recording: Callable[..., Any], token: str
) -> None:
    server = recording()
    known = server.seen.app.handle

    class Stubborn:
        base_path = server.seen.base_path

        def handle(self, request: Any) -> Any:  # noqa: ANN401 - as the application
            refused = request.method == "DELETE" and "/Users/" in request.path
            return type(known(request))(403, (), b"{}") if refused else known(request)

    server.seen.app = Stubborn()
    done = command.run("--only", "OKTA-LINK-1", "--url", server.url, SCIM_TOKEN=token)
    assert done.status == 0, done.said
    report = done.report
    told = {(each["why"], each["deactivated"]) for each in report["left_behind"]}
    assert told == {("DELETE answered 403; it is deactivated instead", True)}
    assert "deactivated instead" in done.out
    notes = [note for each in report["results"] for note in each["notes"]]
    assert any(re.match("could not be deleted: Users .*: DELETE answered 403", n) for n in notes)


def test_waivers_count_expire_and_become_needless(
    command: Command, recording: Callable[..., Any], token: str
) -> None:
    url = recording("put-ignored").url
    waivers = [
        {"requirement": "OKTA-UPD-1", "reason": "known"},
        {"requirement": "OKTA-UPD-5", "reason": "was known", "expires": "2020-01-31"},
        {"requirement": "OKTA-UPD-7", "reason": "was fixed"},
    ]
    wanted = [word for each in waivers for word in ("--only", each["requirement"])]
    done = command.run(*wanted, "--url", url, SCIM_TOKEN=token, SCIM_WAIVERS=json.dumps(waivers))
    verdicts = {each["requirement"]: each["verdict"] for each in done.report["results"]}
    assert verdicts == {"OKTA-UPD-1": "waived", "OKTA-UPD-5": "fail", "OKTA-UPD-7": "pass"}
    assert "1 failed, 1 passed" in done.out
    assert "1 xfailed" in done.out
    assert "The waiver of OKTA-UPD-7 is not needed any more (reason: was fixed)" in done.out
    assert "The waiver of OKTA-UPD-5 expired on 2020-01-31 (reason: was known)" in done.out
    assert [each["state"] for each in done.report["waivers"]] == ["used", "expired", "needless"]
    assert done.status == 1

    needless = command.run(
        *("--only", "OKTA-UPD-7", "--url", url),
        SCIM_TOKEN=token,
        SCIM_WAIVERS=json.dumps(waivers),
    )
    assert needless.status == 1
    active = command.run(
        *("--only", "OKTA-UPD-1", "--url", url),
        SCIM_TOKEN=token,
        SCIM_WAIVERS=json.dumps(waivers[:1]),
    )
    assert active.status == 0, active.said
