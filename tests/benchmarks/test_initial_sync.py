"""The Locust file itself: a master and two workers of their own, as on three machines."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from idp_profiles.model import Certainty
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import WireSend
from suites.cleanup.journal import load_open
from tests.benchmarks.odd_server import TOKEN

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = ROOT / "benchmarks" / "initial_sync.py"
WITHIN = 90.0  # a run takes 10 s; the machine may do other things as well


@pytest.fixture(autouse=True)
def _locust() -> None:
    """Skip where Locust is not installed, which is a mistake on the project's own CI."""
    if importlib.util.find_spec("locust") is None:
        reason = "Locust is not installed: pip install -e '.[dev]'"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server in a process of its own."""

    url: str

    def total(self, kind: str = "Users") -> int:
        step = Step("look", Certainty.DOC, ())
        headers = (("Authorization", f"Bearer {TOKEN}"),)
        with WireSend(self.url) as send:
            shown = send(Request("GET", f"/{kind}?count=0", headers, None, step)).json()
        assert isinstance(shown, dict)
        return int(str(shown["totalResults"]))


def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LOCUST")}
    return {**kept, "SCIM_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)}


@contextmanager
def serving(*odd: str) -> Iterator[Endpoint]:
    command = [sys.executable, str(ROOT / "tests" / "benchmarks" / "odd_server.py"), *odd]
    server = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        yield Endpoint(line.removeprefix("ready at ").strip())
    finally:
        server.terminate()
        server.wait(10)
        assert server.stdout is not None
        server.stdout.close()


class Locust:
    """Processes of Locust with everything that they said."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, *options: str, **changed: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "locust", "-f", str(FILE), "--headless", *options]
        number = len(self._running)
        with (self._folder / f"said{number}").open("wb") as said:
            process = subprocess.Popen(  # noqa: S603 - ours
                command,
                cwd=self._folder,
                env={**environment(), **changed},
                stdout=said,
                stderr=said,
            )
        self._running.append(process)
        return process

    def said(self) -> str:
        return "\n".join(each.read_text("utf-8") for each in sorted(self._folder.glob("said*")))

    def end(self) -> None:
        for process in self._running:
            process.kill()
            process.wait(10)


@pytest.fixture
def locust(tmp_path: Path) -> Iterator[Locust]:
    processes = Locust(tmp_path)
    yield processes
    processes.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def no_token_in(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            assert TOKEN.encode() not in file.read_bytes(), file


def counted(locust_said: str) -> int:
    """Return how many requests Locust itself counted, by its last table."""
    return int(re.findall(r"^ +Aggregated +(\d+) +\d+\(", locust_said, re.MULTILINE)[-1])


def read(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / "sync.json").read_text("utf-8"))
    return report


def test_two_workers_sync_four_tenants_once_each_for_ten_seconds(
    tmp_path: Path, locust: Locust
) -> None:
    port = str(free_port())
    with serving("--slow", "0.05") as endpoint:
        to_master = ("--master-host", "127.0.0.1", "--master-port", port)
        master = locust.start(
            *("--master", "--expect-workers", "2", "--master-bind-host", "127.0.0.1"),
            *("--master-bind-port", port, "--only-summary", "--host", endpoint.url),
            *("--tenants", "4", "--people", "60", "--idp", "entra:3,okta"),
            *("--day-factor", "15000", "--seed", "7", "--sync-report", "report"),
        )
        workers = [locust.start("--worker", *to_master) for _ in range(2)]
        assert master.wait(WITHIN) == 0, locust.said()
        assert [worker.wait(WITHIN) for worker in workers] == [0, 0]
        assert (endpoint.total(), endpoint.total("Groups")) == (0, 0)
    report, said = read(tmp_path / "report"), locust.said()
    assert report["good"], said
    check_sharing(report)
    check_sums(report, said)
    for tenant in report["tenants"]:
        journal = tmp_path / "report" / "tenants" / tenant["name"] / "journal.jsonl"
        assert load_open(journal) == []
    assert "# Load from many identity providers" in said
    assert (tmp_path / "report" / "sync.md").read_text("utf-8") in said
    assert "Traceback" not in said
    no_token_in(tmp_path)


def check_sharing(report: dict[str, Any]) -> None:
    """Check that both workers took part and no tenant was synced twice."""
    shares = [set(worker["tenants"]) for worker in report["workers"]]
    assert len(shares) == 2
    assert all(shares)
    assert not shares[0] & shares[1]
    names = [tenant["name"] for tenant in report["tenants"]]
    assert sorted(names) == ["tenant1", "tenant2", "tenant3", "tenant4"]
    assert [tenant["idp"] for tenant in report["tenants"]] == ["entra"] * 3 + ["okta"]


def check_sums(report: dict[str, Any], said: str) -> None:
    """Check that the workers' figures add up, with the server's and with Locust's own."""
    phases, tenants = report["phases"], report["tenants"]
    for phase in ("initial", "day"):
        assert phases[phase]["count"] == sum(tenant[phase]["count"] for tenant in tenants) > 0
        rows = [row for row in report["requests"] if row["phase"] == phase]
        assert phases[phase]["count"] == sum(row["count"] for row in rows)
        assert phases[phase]["failed"] == 0
    assert counted(said) == phases["initial"]["count"] + phases["day"]["count"]
    for tenant in tenants:
        assert tenant["synced"] == tenant["counted_first"] == tenant["people"] == 60
        assert tenant["users"] == tenant["counted"] == 61  # one joined
        assert tenant["initial_seconds"] <= report["first_load_seconds"] + 0.01
    creates = [row for row in report["requests"] if row["request"] == "POST /Users"]
    assert sum(row["count"] for row in creates) == sum(tenant["users"] for tenant in tenants)
    # One request after the other would be twenty a second of a tenant at most.
    assert max(tenant["rate"] for tenant in tenants) > 30


def test_ctrl_c_ends_the_traffic_and_deletes_what_was_made(tmp_path: Path, locust: Locust) -> None:
    with serving("--slow", "0.01") as endpoint:
        run = locust.start("--host", endpoint.url, "--people", "5000", "--sync-report", "report")
        until = time.monotonic() + WITHIN
        while endpoint.total() < 20:
            assert time.monotonic() < until, locust.said()
        run.send_signal(signal.SIGINT)
        assert run.wait(WITHIN) == 1, locust.said()
        assert (endpoint.total(), endpoint.total("Groups")) == (0, 0)
    (tenant,) = read(tmp_path / "report")["tenants"]
    assert (tenant["state"], tenant["why"]) == ("ended", "stopped")
    assert 20 <= tenant["deleted"] < 5000
    assert "Traceback" not in locust.said()
    no_token_in(tmp_path)


def test_a_worker_that_is_killed_is_named_and_its_tenant_is_not_synced_by_another(
    tmp_path: Path, locust: Locust
) -> None:
    port = str(free_port())
    with serving("--slow", "0.01") as endpoint:
        master = locust.start(
            *("--master", "--expect-workers", "1", "--master-bind-host", "127.0.0.1"),
            *("--master-bind-port", port, "--host", endpoint.url, "--people", "5000"),
            *("--sync-report", "report"),
        )
        worker = locust.start("--worker", "--master-host", "127.0.0.1", "--master-port", port)
        until = time.monotonic() + WITHIN
        while endpoint.total() < 20:
            assert time.monotonic() < until, locust.said()
        worker.kill()
        assert master.wait(WITHIN) == 1, locust.said()
        left = load_open(tmp_path / "report" / "tenants" / "tenant1" / "journal.jsonl")
        assert len(left) >= endpoint.total() >= 20
    report = read(tmp_path / "report")
    assert not report["good"]
    assert [each["lost"] for each in report["workers"]] == [True]
    no_token_in(tmp_path)


def test_a_worker_without_the_token_ends_the_run_before_anything_is_sent(
    tmp_path: Path, locust: Locust
) -> None:
    port = str(free_port())
    with serving() as endpoint:
        master = locust.start(
            *("--master", "--expect-workers", "1", "--master-bind-host", "127.0.0.1"),
            *("--master-bind-port", port, "--host", endpoint.url, "--sync-report", "report"),
        )
        to_master = ("--master-host", "127.0.0.1", "--master-port", port)
        locust.start("--worker", *to_master, SCIM_TOKEN="")
        assert master.wait(WITHIN) == 4, locust.said()
        assert endpoint.total() == 0
    assert "the environment variable SCIM_TOKEN holds no token" in locust.said()
    assert "Traceback" not in locust.said()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--host", "https://scim.example.com/v2"), "--may-load scim.example.com"),
        (("--host", "http://127.0.0.1:1", "--idp", "nobody"), "no identity provider 'nobody'"),
        (("--host", "http://127.0.0.1:1", "--tenants-file", "none.toml"), "cannot be read"),
        (("--host", "http://127.0.0.1:1", "--token-file", "none"), "cannot be read"),
        ((), "--host"),
    ],
)
def test_a_wrong_start_is_refused_in_one_sentence(
    tmp_path: Path, locust: Locust, options: tuple[str, ...], why: str
) -> None:
    assert locust.start(*options).wait(WITHIN) == 4, locust.said()
    assert why in locust.said()
    assert "Traceback" not in locust.said()
    assert list(tmp_path.iterdir()) == [tmp_path / "said0"]
