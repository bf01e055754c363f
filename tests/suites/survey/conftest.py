from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from reference_server import Request
from suites.command import run_command

Call: TypeAlias = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Call:
    """The command in this process, in a folder of its own, with nothing set but the token."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str | Path, **environment: str) -> tuple[int, str, str]:
        with monkeypatch.context() as context:
            for name, value in environment.items():
                context.setenv(name, value)
            status = run_command([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


Create: TypeAlias = Callable[..., str]


@pytest.fixture
def created(token: str) -> Create:
    """Create a resource behind everybody's back, and return its id."""

    def create(app: Any, kind: str, **body: Any) -> str:  # noqa: ANN401 - a server and plain JSON
        headers = (
            ("Authorization", f"Bearer {token}"),
            ("Content-Type", "application/scim+json"),
            ("Host", "localhost"),
        )
        schema = "User" if kind == "Users" else "Group"
        whole = {"schemas": [f"urn:ietf:params:scim:schemas:core:2.0:{schema}"], **body}
        content = json.dumps(whole).encode()
        reply = app.handle(Request("POST", f"{app.base_path}/{kind}", "", headers, content))
        return str(json.loads(reply.body)["id"])

    return create
