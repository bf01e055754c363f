"""scimproof in somebody else's pytest run: it is there when asked, and otherwise not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

OWN_TESTS = """
import sys

import reports
import suites


def test_their_packages_are_theirs():
    assert (reports.MINE, suites.MINE) == (1, 2)


def test_nothing_of_scimproof_is_loaded():
    assert "scimproof" in sys.modules
    rooms = ("idp_profiles", "reference_server")
    heavy = ("requests", "jsonschema", "faker", "rich", "jinja2", "click", "urllib3")
    assert [name for name in (*rooms, *heavy) if name in sys.modules] == []
    home = sys.modules["scimproof"].__file__.rpartition("scimproof.py")[0].rstrip("/")
    assert sys.path[0] != home


def test_its_markers_are_known(pytestconfig):
    names = [line.partition("(")[0].partition(":")[0] for line in pytestconfig.getini("markers")]
    assert {"scim_requirement", "scim_large"} <= set(names)
"""

MOCK_TESTS = '''
import json

import pytest

from idp_profiles.model import Person

ANN = Person(
    user_name="ann@example.com", given_name="Ann", family_name="Lee", email="ann@example.com",
    display_name="Ann Lee", idp_id="00u1",
)


class Shop:
    """A WSGI application that takes one user."""

    def __init__(self):
        self.asked = []

    def __call__(self, environ, start_response):
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        self.asked.append((method, path, environ.get("HTTP_AUTHORIZATION")))
        if method == "POST":
            sent = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            status, body = "201 Created", {**sent, "id": "1"}
        else:
            empty = {"totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": []}
            schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
            status, body = "200 OK", {"schemas": schemas, **empty}
        start_response(status, [("Content-Type", "application/scim+json")])
        return [json.dumps(body).encode()]


def test_a_person_is_assigned(mock_idp):
    shop = Shop()
    okta = mock_idp("okta", shop, "token-of-test")
    outcome = okta.assign(ANN)
    assert outcome.ok
    assert [(method, path) for method, path, _ in shop.asked] == [
        ("GET", "/scim/v2/Users"),
        ("POST", "/scim/v2/Users"),
    ]
    assert {value for _, _, value in shop.asked} == {"Bearer token-of-test"}


def test_settings_are_passed_on(mock_idp):
    shop = Shop()
    okta = mock_idp(
        "okta", shop, "typed", kind="header", dialect="oin", base_path="/else",
        toggles={"create_users": False},
    )
    assert okta.assign(ANN).ok
    assert all(path.startswith("/else/") for _, path, _ in shop.asked)
    assert not [method for method, _, _ in shop.asked if method == "POST"]


def test_an_unknown_name_is_told_at_once(mock_idp):
    with pytest.raises(ValueError, match="did you mean 'okta'"):
        mock_idp("octa", Shop(), "t")


def test_an_unknown_setting_is_told_at_once(mock_idp):
    with pytest.raises((TypeError, ValueError)):
        mock_idp("okta", Shop(), "t", surprise=1)


def test_transport_trouble_is_an_outcome(mock_idp):
    outcome = mock_idp("okta", "http://127.0.0.1:1", "t").assign(ANN)
    assert not outcome.ok
    assert "refused" in outcome.trouble
'''

CLASH = """
import pytest
import suites


def test_a_clash_of_names_is_explained(mock_idp_or_reason):
    assert "scimproof" in mock_idp_or_reason
    assert "suites" in mock_idp_or_reason


@pytest.fixture
def mock_idp_or_reason(request):
    with pytest.raises(ImportError) as caught:
        request.getfixturevalue("mock_idp")
    return str(caught.value)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a strict configuration and packages that are called as ours."""
    for number, name in enumerate(("reports", "suites"), start=1):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"MINE = {number}\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\naddopts = --strict-markers --strict-config\npythonpath = .\n", encoding="utf-8"
    )
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest as the project's people do, with scimproof installed beside it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SCIM_", "PYTEST_"))
    }
    return subprocess.run(  # noqa: S603 - pytest
        [
            *(
                sys.executable,
                "-W",
                "error",
                "-m",
                "pytest",
                "-p",
                "scimproof",
                "-p",
                "no:randomly",
            ),
            *("-p", "no:cacheprovider", "-q", *arguments),
        ],
        cwd=project,
        # As installed: behind the project's own folder. Other plugins stay away, so that what
        # is loaded is loaded by scimproof.
        env={**kept, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def left_behind(project: Path) -> Iterator[str]:
    for path in project.rglob("*"):
        if path.name.startswith((".scim", "report.")):
            yield str(path)


def test_their_tests_run_untouched(project: Path) -> None:
    (project / "test_own.py").write_text(OWN_TESTS, encoding="utf-8")
    done = run(project, "-W", "error")
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
    assert "scimproof" not in done.stdout
    assert list(left_behind(project)) == []


def test_the_mock_idp_is_a_fixture_of_theirs(tmp_path: Path) -> None:
    (tmp_path / "test_mock.py").write_text(MOCK_TESTS, encoding="utf-8")
    done = run(tmp_path, "-W", "error")
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout
    assert list(left_behind(tmp_path)) == []


def test_packages_of_the_same_name_get_a_clear_answer(project: Path) -> None:
    (project / "test_clash.py").write_text(CLASH, encoding="utf-8")
    done = run(project, "-W", "error")
    assert done.returncode == 0, done.stdout


def test_an_option_starts_a_run_of_our_cases_there_too(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own():\n    assert False\n", encoding="utf-8")
    done = run(tmp_path, "--scim-only", "OKTA-CONN-1")
    assert done.returncode == 0, done.stdout
    assert len(list((tmp_path / ".scim-reports").glob("2*/report.json"))) == 1
    assert (tmp_path / ".scim-reports" / "latest" / "report.html").exists()


def test_an_option_beside_named_tests_leaves_those_alone(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n", encoding="utf-8")
    done = run(tmp_path, "--scim-report", "out", "test_own.py")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    assert not (tmp_path / "out").exists()
