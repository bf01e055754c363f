"""Every output option at once, against a server that repeats all secrets: none is anywhere."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

import reference_server
from reference_server.http_adapter import Server
from tests.suites.secrets.echoing import GATEWAY
from tests.suites.secrets.echoing import Echoing
from tests.suites.secrets.echoing import leaks

Command: TypeAlias = Any  # the fixture of the folder above: runs the command
TOKEN = "t0k3n-not/to+be=seen.Zq7"  # noqa: S105 - made up
PASSWORD = "p4ss\"word of'us/9+Kd"  # noqa: S105 - made up
UNSENT = "Unsent-Pa55word"  # of the saboteur
ONLY = (
    *("OKTA-LINK-1", "OKTA-CREATE-1", "OKTA-UPD-1", "OKTA-PUSH-1", "SEC-AUTH-1", "SEC-AUTH-10"),
    *("RFC7643-4.1.1-33", "RFC7643-4.1.1-36", "RFC7644-3.5.2-3", "RFC7644-3.3-7", "SEC-AUTH-3"),
)
EVERYTHING = (
    *("-vv", "-rA", "-l", "--tb=long", "--durations=0", "--log-cli-level=DEBUG", "--setup-show"),
    *("--log-file=session.log", "--log-file-level=DEBUG", "--junitxml=pytest.xml", "--debug"),
    *("--alluredir=allure", "-p", "saboteur"),
)
KINDS = {
    "bearer": (reference_server.Credential("bearer", TOKEN), {"SCIM_TOKEN": TOKEN}),
    "header": (
        reference_server.Credential("header", f"SSWS {TOKEN}"),
        {"SCIM_TOKEN": f"SSWS {TOKEN}", "SCIM_AUTH": "header"},
    ),
    "basic": (
        reference_server.Credential("basic", PASSWORD, "scim"),
        {"SCIM_TOKEN": PASSWORD, "SCIM_AUTH": "basic", "SCIM_USER": "scim"},
    ),
}


CLIENT = "s3cret-of-a-client/9+x=Wq"
OAUTH = """
url = "{url}"
[authentication]
kind = "oauth2-client-credentials"
token_url = "{url}/oauth/token"
client_id = "an-idp"
"""


@dataclass
class Place:
    """A folder of runs against one echoing server."""

    folder: Path
    url: str
    heard: Echoing
    environment: dict[str, str]
    said: dict[str, str]
    command: Command

    def scimproof(self, name: str, *words: str | Path, status: int | None = None) -> None:
        """Run the command, and keep what it said."""
        kept = ("PYTHONPATH",)  # of the saboteur, who has no part in this
        variables = {key: each for key, each in self.environment.items() if key not in kept}
        done = self.command(*words, **variables)
        self.said[f"output of {name}"] = done.said
        assert status is None or done.status == status, done.said

    def call(self, name: str, *words: str | Path, status: int | None = None) -> str:
        """Run a Python module with arguments, keep what it said, and return it."""
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", *map(str, words)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        self.said[f"output of {name}"] = done.stdout + done.stderr
        assert status is None or done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def places(self) -> dict[str, str]:
        """Return everything that was printed and written."""
        found = dict(self.said)
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                found[str(path.relative_to(self.folder))] = path.read_text("utf-8", "replace")
        return found

    def leaks(self, *more: str) -> list[str]:
        return leaks(self.places(), {*self.heard.secrets, *self.heard.passwords, *more})


@pytest.fixture
def echoing(
    tmp_path: Path, quiet_environment: Callable[..., dict[str, str]], command: Command
) -> Iterator[Callable[[str], Place]]:
    servers: list[Server] = []

    def start(kind: str) -> Place:
        if kind == "oauth":
            known = reference_server.OAuth(
                clients=[reference_server.Client(id="an-idp", secret=CLIENT)]
            )
            app = reference_server.create_app(credentials=[], oauth=known)
            secret, variables = CLIENT, {"SCIM_TOKEN": CLIENT}
        else:
            credential, variables = KINDS[kind]
            app = reference_server.create_app(credentials=[credential])
            secret = credential.secret
        heard = Echoing(app)
        server = Server(heard).start()  # type: ignore[arg-type]  # it handles requests
        servers.append(server)
        environment = quiet_environment(
            **variables,
            SABOTEUR_SECRETS="\n".join([secret, GATEWAY]),
            SCIM_HEADERS=f'{{"X-Gateway-Key": "{GATEWAY}", "X-Tenant": "acme"}}',
        )
        here = str(Path(__file__).parent)
        environment["PYTHONPATH"] = os.pathsep.join([environment["PYTHONPATH"], here])
        (tmp_path / "oauth.toml").write_text(OAUTH.format(url=server.url))
        return Place(tmp_path, server.url, heard, environment, {}, command)

    yield start
    for server in servers:
        server.stop()


def only() -> list[str]:
    return [word for each in ONLY for word in ("--only", each)]


@pytest.mark.parametrize(
    ("kind", "workers"), [("bearer", ("-n", "0")), ("basic", ("-n", "2")), ("oauth", ("-n", "0"))]
)
def test_nothing_that_a_run_prints_or_writes_holds_a_secret(
    echoing: Callable[[str], Place], kind: str, workers: tuple[str, ...]
) -> None:
    place = echoing(kind)
    where = ("--target", "oauth.toml") if kind == "oauth" else ("--url", place.url)
    words = ("scimproof", "run", *where, "--report", "report", *only())
    said = place.call("the run", *words, *workers, *EVERYTHING)
    assert "RuntimeError: cannot go on with" in said  # the traceback is there
    assert "cut_early" in said
    assert (place.folder / "report" / "report.json").exists()
    assert {GATEWAY} < place.heard.secrets
    assert place.heard.passwords
    assert place.leaks(UNSENT) == []
    assert len([each for each in place.places() if each.startswith("allure")]) > 10
    assert "pytest.xml" in place.places()


def test_nothing_that_comes_after_a_run_holds_a_secret(
    echoing: Callable[[str], Place],
) -> None:
    place = echoing("header")
    few = ("--only", "OKTA-CREATE-1", "--only", "SEC-AUTH-10", "--only", "RFC7643-4.1.1-36")
    for name in ("one", "two"):
        words = ("run", "--url", place.url, "--report", f"runs/{name}", *few)
        place.scimproof(f"run {name}", *words, "-s", "-v")
    place.scimproof("render", "report", "render", "runs/one", "--full")
    place.scimproof("compare", "report", "compare", "runs/one", "runs/two", "--format", "html")
    place.scimproof("card", "report", "card", "runs/one")
    place.scimproof("submission", "report", "submission", "okta", "runs/one", "--format", "md")
    place.scimproof("matrix", "report", "matrix", "runs", "--output", "matrix")
    place.scimproof("trend", "report", "trend", "runs", "--format", "json")
    place.scimproof("verify", "report", "verify", "runs/one", "--renderings", status=0)
    place.scimproof("explain", "explain", "runs/one/transcript.jsonl")
    place.scimproof("cleanup", "cleanup", "runs/one", status=0)
    assert place.leaks() == []


def test_a_mock_idp_by_hand_and_a_recording_hold_no_secret(
    echoing: Callable[[str], Place],
) -> None:
    place = echoing("bearer")
    words = ("scimproof", "traffic", "record", "--upstream", place.url)
    recorder = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", *words, "--listen", "0", "--out", "recording.jsonl"],
        cwd=place.folder,
        env=place.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert recorder.stdout is not None
    first = recorder.stdout.readline()
    found = re.search(r"http://\S+", first)
    assert found is not None, first
    url = found[0].rstrip("/.,")
    for scenario in ("create-user", "update-profile"):
        chosen = ("--scenario", scenario, "--url", url, "--json")
        said = place.call(scenario, "scimproof", "idp", "okta", *chosen)
        assert '"response"' in said
    recorder.send_signal(signal.SIGINT)
    place.said["recorder"] = first + recorder.communicate(timeout=20)[0]
    assert (place.folder / "recording.jsonl").stat().st_size > 1000
    assert place.leaks() == []


@pytest.mark.parametrize(
    ("workers", "when"), [("0", "AT_THE_END"), ("0", "IN_BETWEEN"), ("2", "IN_BETWEEN")]
)
def test_an_error_in_pytest_itself_holds_no_secret(
    echoing: Callable[[str], Place], workers: str, when: str
) -> None:
    """Also in somebody's own pytest, with its cache."""
    place = echoing("bearer")
    place.environment[f"SABOTEUR_{when}"] = "1"
    words = ("pytest", "-p", "scimproof", "-p", "saboteur", "-n", workers, "-l", "--idp", "okta")
    where = ("--scim-url", place.url, "--scim-report", "report", "--rootdir", str(place.folder))
    said = place.call("pytest", *words, *where, "--scim-only", "OKTA-LINK-1")
    assert "cannot go on with" in said
    assert place.leaks(UNSENT) == []
