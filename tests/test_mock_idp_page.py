"""The examples of docs/mock-idp.md run as they stand there, and so does docs/by-hand.md."""

from __future__ import annotations

import ast
import io
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from idp_profiles.__main__ import main as idp
from idp_profiles.living.commands import COMMANDS
from idp_profiles.living.engine import Turn
from idp_profiles.living.office import Office
from idp_profiles.living.opening import open_office
from idp_profiles.model import Credential
from idp_profiles.model import Reply
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.http_adapter import Server

ROOT = Path(__file__).resolve().parent.parent
BY_HAND = ROOT / "docs" / "by-hand.md"
PAGE = ROOT / "docs" / "mock-idp.md"
EXAMPLE = ROOT / "examples" / "flask_endpoint"
_FILE = re.compile(r"`examples/flask_endpoint/(\w+\.py)`:\n\n```python\n(.*?)```\n", re.DOTALL)
_BLOCK = re.compile(r"```python\n(.*?)```\n", re.DOTALL)

# What the page leaves to its reader: an application.
READERS = """
import pytest

from reference_server import Credential, create_app
from reference_server.wsgi import wsgi_app


@pytest.fixture(autouse=True)
def app_of_the_reader(monkeypatch):
    app = wsgi_app(create_app(credentials=[Credential("bearer", "token")]))
    monkeypatch.setitem(globals(), "APP", app)


"""


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def files() -> dict[str, str]:
    return dict(_FILE.findall(text()))


def snippets() -> list[str]:
    """Return the blocks that are no file and not the sketch for another framework."""
    rest = _FILE.sub("", text()).partition("\n## Django\n")[0]
    return _BLOCK.findall(rest)


def run(folder: Path) -> str:
    """Run pytest in a folder as the page's readers do, and return what it printed."""
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "scimproof"]
    done = subprocess.run(  # noqa: S603 - our own interpreter on our own examples
        [*command, "-p", "no:cacheprovider"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_page_shows_the_files_of_the_example() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLE.glob("*.py")}
    assert files() == kept, "copy the files of examples/flask_endpoint into the page"


def test_the_flask_example_runs_as_the_page_shows_it(tmp_path: Path) -> None:
    if find_spec("flask") is None:
        reason = "Flask is not installed: pip install flask"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    for name, content in files().items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    wanted = len(re.findall(r"^def test_", files()["test_endpoint.py"], re.MULTILINE)) + 1
    assert f"{wanted} passed" in run(tmp_path)


def test_every_snippet_runs_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "test_snippets.py").write_text(READERS + "\n\n".join(snippets()), encoding="utf-8")
    assert len(snippets()) == 5
    assert "5 passed" in run(tmp_path)


def test_the_sketch_is_python_at_least() -> None:
    (sketch,) = _BLOCK.findall(text().partition("\n## Django\n")[2])
    ast.parse(sketch)


def test_every_method_that_the_page_names_exists() -> None:
    known = {"turn": Turn(title=""), "faults": office().faults}
    for thing, name in re.findall(r"`(office|entra|turn|faults)\.(\w+)", text()):
        assert hasattr(known.get(thing, office()), name), f"{thing}.{name}"


def test_every_command_is_a_method_of_the_office() -> None:
    alone = {"status", "who", "help", "quit"}
    other = {"token": "rotate", "fault": "faults"}
    names = [other.get(name, name.replace("-", "_")) for name in COMMANDS.keys() - alone]
    assert [name for name in names if not hasattr(office(), name)] == []


# -- the session of docs/by-hand.md


def blocks() -> list[str]:
    """Return the sessions: what a terminal showed, block after block."""
    return re.findall(r"```text\n(.*?)```\n", BY_HAND.read_text(encoding="utf-8"), re.DOTALL)


def typed(shown: str) -> list[str]:
    return re.findall(r"^entra> (.+)$", shown, re.MULTILINE)


def outline(shown: str) -> list[str]:
    """Return what does not depend on the server: commands, steps, requests, the console."""
    lines = [
        line for line in shown.splitlines() if not line.startswith(("    ", "  <", "A living"))
    ]
    return [re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}", "ID", line) for line in lines]


def test_every_command_of_the_session_exists() -> None:
    words = [line.split()[0] for block in blocks() for line in typed(block)]
    assert {word for word in words if word not in COMMANDS} == {"asign"}  # it is about a mistake
    assert len(words) > 25


def test_the_session_can_be_had_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one in which the server does everything as ours does: requests and console agree."""
    *_, with_flag, _ = blocks()
    monkeypatch.setenv("SCIM_TOKEN", "token")
    heard = io.StringIO()
    monkeypatch.setattr("sys.stdout", heard)
    monkeypatch.setattr("sys.stderr", heard)
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(typed(with_flag))))
    with Server(create_app(credentials=[ServerCredential("bearer", "token")])) as server:
        assert idp(["entra", "--dialect", "flag", "--url", server.url]) == 0
    assert outline(heard.getvalue()) == outline(with_flag)
    assert len(outline(with_flag)) > 20


def office() -> Office:
    return open_office("entra", send=lambda _: Reply(503), credential=Credential("bearer", "x"))
