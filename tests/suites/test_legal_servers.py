"""No false alarm: what the RFC allows and Okta copes with is held against nobody."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from typing import TypeAlias

import pytest

import reference_server
from reference_server.deviations import shaping
from reference_server.deviations.documents import ENTERPRISE
from reference_server.deviations.documents import drop
from reference_server.http_adapter import Server
from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import in_one_piece

ROOT = Path(__file__).resolve().parents[2]
Result: TypeAlias = dict[str, Any]
Environment: TypeAlias = Callable[..., dict[str, str]]


def _loaded() -> ModuleType:
    """Load the variations, which lie beside this file and not on the path."""
    file = Path(__file__).with_name("legal_servers.py")
    spec = importlib.util.spec_from_file_location("legal_servers", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["legal_servers"] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


legal_servers = _loaded()
NAMES = [*legal_servers.LEGAL.entries]


@pytest.fixture(scope="session")
def judged(
    tmp_path_factory: pytest.TempPathFactory, quiet_environment: Environment
) -> list[Result]:
    """Every result of the cases on the legal servers, from one run without sockets."""
    folder = tmp_path_factory.mktemp("legal")
    paths = f"{ROOT}:{Path(__file__).parent}"
    done = subprocess.run(  # noqa: S603 - our own suites
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", "suites/isolated.ini", "--rootdir=.", "-p", "legal_servers"),
            *("--scim-report", str(folder), "suites/idp/okta"),
        ],
        cwd=ROOT,
        env=quiet_environment(PYTHONPATH=paths),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    report = folder / "report.json"
    assert report.exists(), done.stdout[-3000:] + done.stderr[-1000:]
    results: list[Result] = json.loads(report.read_text(encoding="utf-8"))["results"]
    return results


@pytest.mark.parametrize("name", NAMES)
def test_a_legal_server_is_not_accused(judged: list[Result], name: str) -> None:
    entry = legal_servers.LEGAL.entries[name]
    mine = [result for result in judged if name in result["case"]]
    assert {result["requirement"] for result in mine} == set(entry.requirements)
    wrong = {
        f"{result['verdict']} {result['case']}": result["actual"]
        for result in mine
        if result["verdict"] not in entry.verdicts
        # A dialect may have nothing to ask here.
        and not (result["verdict"] == "skip" and "never sends null" in str(result["actual"]))
    }
    assert wrong == {}


# -- what only a whole run shows


def _bare(handle: Handler) -> Handler:
    """Have users and nothing else: no discovery, no groups, no enterprise extension."""
    missing = shaping.on("GET POST", "Groups ResourceTypes Schemas ServiceProviderConfig")
    handle = shaping.refuse(handle, missing, 404, "There is nothing here.")
    return shaping.edit_requests(
        handle, shaping.on("POST PUT", "Users"), lambda body: drop(body, ENTERPRISE)
    )


def _needing_a_title(handle: Handler) -> Handler:
    """Refuse a user without title, as the target file says."""
    needed = shaping.on("POST PUT", "Users", body=lambda body: not body.get("title"))
    return shaping.refuse(handle, needed, 400, "title is required.")


class _Changed:
    """The reference server behind a wrapper."""

    def __init__(self, wrap: Callable[[Handler], Handler], token: str) -> None:
        credential = reference_server.Credential("bearer", token)
        app = reference_server.create_app(credentials=[credential])
        self.base_path = app.base_path
        self._handle = wrap(in_one_piece(app.handle))

    def handle(self, request: Request) -> reference_server.Response:
        return self._handle(request)


@pytest.fixture
def serving(token: str) -> Iterator[Callable[[Callable[[Handler], Handler]], str]]:
    servers: list[Server] = []

    def start(wrap: Callable[[Handler], Handler]) -> str:
        servers.append(Server(_Changed(wrap, token)).start())  # type: ignore[arg-type]  # handles requests all the same
        return servers[-1].url

    yield start
    for server in servers:
        server.stop()


def test_a_server_with_users_alone_passes_whole(command: Any, serving: Any, token: str) -> None:  # noqa: ANN401 - fixtures of the conftest
    done = command.run("--idp", "okta", "--url", serving(_bare), SCIM_TOKEN=token)
    verdicts = {result["verdict"] for result in done.report["results"]}
    assert verdicts == {"pass", "skip"}, done.said
    assert done.status == 0
    types = done.report["target"]["capabilities"]["resourceTypes"]
    assert types == {"value": ["User"], "origin": "probed"}


def test_what_a_server_requires_is_sent_in_every_form(
    command: Any,  # noqa: ANN401 - as above
    serving: Any,  # noqa: ANN401 - as above
    token: str,
) -> None:
    asked = [f"--only=OKTA-{number}" for number in ("CREATE-7", "CREATE-8", "UPD-2", "LINK-1")]
    done = command.run(
        *("--idp", "okta", "--url", serving(_needing_a_title), *asked),
        SCIM_TOKEN=token,
        SCIM_REQUIRED_ATTRIBUTES='{"title": "Engineer"}',
    )
    assert {result["verdict"] for result in done.report["results"]} == {"pass"}, done.said
