"""The WSGI door (PEP 3333)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from wsgiref.handlers import SimpleHandler
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

import reference_server
from reference_server import Application
from reference_server import Credential
from reference_server import Response
from reference_server.wsgi import application
from reference_server.wsgi import wsgi_app

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
BODY = json.dumps({"schemas": [USER], "userName": "bjensen"}).encode()

Call = Callable[..., tuple[str, dict[str, str], bytes]]


@pytest.fixture
def call(scim: Scim) -> Call:
    app = wsgi_app(scim.app)

    def ask(
        method: str, path: str, body: bytes = b"", **environ: Json
    ) -> tuple[str, dict[str, str], bytes]:
        full = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "HTTP_AUTHORIZATION": "Bearer secret",
            "HTTP_HOST": "scim.example.com",
            "wsgi.input": io.BytesIO(body),
            **environ,
        }
        if body:
            full.setdefault("CONTENT_LENGTH", str(len(body)))
        setup_testing_defaults(full)
        seen: list[Any] = []
        content = b"".join(app(full, lambda status, headers: seen.extend((status, headers))))
        return seen[0], dict(seen[1]), content

    return ask


def test_create_and_read(call: Call) -> None:
    status, headers, content = call(
        "POST", "/scim/v2/Users", BODY, CONTENT_TYPE="application/scim+json"
    )
    assert status == "201 Created"
    assert headers["Content-Length"] == str(len(content))
    path = headers["Location"].removeprefix("http://scim.example.com")
    assert call("GET", path)[2] == content


def test_a_wrong_media_type_is_seen(call: Call) -> None:
    assert call("POST", "/scim/v2/Users", BODY, CONTENT_TYPE="text/plain")[0].startswith("415")


def test_the_query_reaches_the_application_undecoded(call: Call) -> None:
    call("POST", "/scim/v2/Users", BODY)
    query = "filter=userName+eq+%22bjensen%22"
    content = call("GET", "/scim/v2/Users", QUERY_STRING=query)[2]
    assert json.loads(content)["totalResults"] == 1


def test_head_and_204_have_no_body(call: Call) -> None:
    identifier = json.loads(call("POST", "/scim/v2/Users", BODY)[2])["id"]
    status, headers, content = call("HEAD", f"/scim/v2/Users/{identifier}")
    assert (status, content) == ("200 OK", b"")
    assert int(headers["Content-Length"]) > 0
    status, headers, content = call("DELETE", f"/scim/v2/Users/{identifier}")
    assert (status, content, "Content-Length" in headers) == ("204 No Content", b"", False)


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({"PATH_INFO": "/scim/v2/Users/a/b"}, id="decoded-slash-is-lost"),
        pytest.param(
            {"PATH_INFO": "/scim/v2/Users/a/b", "RAW_URI": "/scim/v2/Users/a%2Fb?x=1"}, id="raw"
        ),
        pytest.param({"SCRIPT_NAME": "/scim", "PATH_INFO": "/v2/Users/x"}, id="mounted"),
        pytest.param({"PATH_INFO": "/scim/v2/Users/\u00c3\u00a9"}, id="beyond-ascii"),
    ],
)
def test_paths_are_rebuilt(call: Call, environ: dict[str, str]) -> None:
    expected = {
        "/scim/v2/Users/a/b": "User 'a/b'" if "RAW_URI" in environ else "nothing at",
        "/v2/Users/x": "User 'x'",
        "/scim/v2/Users/\u00c3\u00a9": "User '\u00e9'",
    }[environ["PATH_INFO"]]
    status, _, content = call("GET", "", **environ)
    assert status == "404 Not Found"
    assert expected in json.loads(content)["detail"]


@pytest.mark.parametrize("token", ["s\u00e9cret", "s\u00c3\u00a9cret"])
def test_header_values_are_utf_8(make_scim: Callable[..., Scim], token: str) -> None:
    app = wsgi_app(make_scim(credentials=[Credential("header", "s\u00e9cret")]).app)
    environ: dict[str, Any] = {"PATH_INFO": "/scim/v2/Users", "HTTP_AUTHORIZATION": token}
    setup_testing_defaults(environ)
    seen: list[str] = []
    app(environ, lambda status, headers: seen.append(status))
    assert seen == ["200 OK"]


def test_https_shows_in_locations(call: Call) -> None:
    environ = {"wsgi.url_scheme": "https"}
    assert call("POST", "/scim/v2/Users", BODY, **environ)[1]["Location"].startswith("https://")


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"CONTENT_LENGTH": "+5"}, "400"),
        ({"CONTENT_LENGTH": "x"}, "400"),
        ({"CONTENT_LENGTH": "9000000", "wsgi.input": io.BytesIO(b"x" * 9_000_000)}, "413"),
        ({"CONTENT_LENGTH": "", "wsgi.input_terminated": True}, "201"),
        ({"CONTENT_LENGTH": ""}, "400"),
    ],
)
def test_the_length_of_the_body_is_read_strictly(
    call: Call, environ: dict[str, Any], status: str
) -> None:
    assert call("POST", "/scim/v2/Users", BODY, **environ)[0].startswith(status)


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("DELETE", 204)])
def test_a_server_around_it_makes_up_no_length_of_0(method: str, status: int) -> None:
    app = Application("/scim/v2", lambda _: Response(status, (), iter((b"much",))))
    environ: dict[str, Any] = {"REQUEST_METHOD": method}
    setup_testing_defaults(environ)
    sent = io.BytesIO()
    SimpleHandler(io.BytesIO(), sent, io.StringIO(), environ).run(wsgi_app(app))
    assert sent.getvalue().startswith(b"HTTP/1.0 %d" % status)
    assert b"content-length" not in sent.getvalue().lower()
    assert sent.getvalue().endswith(b"\r\n\r\n")


def test_the_door_keeps_the_rules_of_wsgi(scim: Scim) -> None:
    checked = validator(wsgi_app(scim.app))
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/scim/v2/Users",
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(BODY)),
        "CONTENT_TYPE": "application/json",
        "HTTP_AUTHORIZATION": "Bearer secret",
        "wsgi.input": io.BytesIO(BODY),
    }
    setup_testing_defaults(environ)
    seen: list[str] = []

    def start_response(status: str, headers: Json, exc_info: Json = None) -> Callable[..., None]:
        seen.append(status)
        return lambda content: None

    result = checked(environ, start_response)
    content = b"".join(result)
    result.close()  # type: ignore[attr-defined]  # the validator's iterator has it, and insists
    assert (seen, json.loads(content)["userName"]) == (["201 Created"], "bjensen")


# --- the application that the environment describes

DEPLOYED = ("SCIM_TOKEN", "SCIMPROOF_DB", "SCIMPROOF_TENANTS", "SCIMPROOF_BASE_PATH")
Deployed = Callable[..., tuple[str, bytes, str]]


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Deployed:
    """Set the variables, ask an application of its own, and return status, content and log."""

    def ask(
        variables: dict[str, str], path: str = "/scim/v2/Users", word: str = "t", **environ: Json
    ) -> tuple[str, bytes, str]:
        for name in DEPLOYED:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        log = io.StringIO()
        full = {"PATH_INFO": path, "HTTP_AUTHORIZATION": f"Bearer {word}", "wsgi.errors": log}
        full |= {"wsgi.multiprocess": False, **environ}
        setup_testing_defaults(full)
        seen: list[str] = []
        content = b"".join(type(application)()(full, lambda status, _: seen.append(status)))
        return seen[0], content, log.getvalue()

    return ask


def test_a_token_is_all_that_a_deployment_needs(deployed: Deployed) -> None:
    status, content, log = deployed({"SCIM_TOKEN": "t"})
    assert (status, json.loads(content)["totalResults"], log) == ("200 OK", 0, "")
    assert deployed({"SCIM_TOKEN": "t"}, word="x")[0] == "401 Unauthorized"
    variables = {"SCIM_TOKEN": "t", "SCIMPROOF_BASE_PATH": "/v2"}
    assert deployed(variables, path="/v2/Users")[0] == "200 OK"


def test_a_deployment_keeps_what_it_has_in_its_database(deployed: Deployed, tmp_path: Path) -> None:
    variables = {"SCIM_TOKEN": "t", "SCIMPROOF_DB": str(tmp_path / "scim.db")}
    sent = {"wsgi.input": io.BytesIO(BODY), "CONTENT_LENGTH": str(len(BODY))}
    made = deployed(variables, REQUEST_METHOD="POST", **sent, **{"wsgi.multiprocess": True})
    assert made[0] == "201 Created"
    assert json.loads(deployed(variables)[1])["totalResults"] == 1


def test_a_deployment_serves_tenants(deployed: Deployed, tmp_path: Path) -> None:
    file = tmp_path / "tenants.toml"
    file.write_text('[[tenants]]\nname = "acme"\ntoken_env = "SCIM_TOKEN"\n', encoding="utf-8")
    variables = {"SCIM_TOKEN": "t", "SCIMPROOF_TENANTS": str(file)}
    assert deployed(variables, path="/acme/scim/v2/Users")[0] == "200 OK"
    assert deployed(variables)[0] == "404 Not Found"


@pytest.mark.parametrize(
    ("variables", "environ", "words"),
    [
        ({}, {}, "SCIM_TOKEN is not set"),
        ({"SCIM_TOKEN": "hush "}, {}, "variable SCIM_TOKEN: the token has blanks"),
        ({"SCIM_TOKEN": "hush"}, {"wsgi.multiprocess": True}, "SCIMPROOF_DB is not set"),
        ({"SCIM_TOKEN": "hush", "SCIMPROOF_DB": "/nowhere/x.db"}, {}, "folder"),
        ({"SCIM_TOKEN": "hush", "SCIMPROOF_BASE_PATH": "v2"}, {}, "must look like"),
        ({"SCIMPROOF_TENANTS": "/nowhere/x.toml"}, {}, "cannot be read"),
        (
            {"SCIMPROOF_TENANTS": "/nowhere/x.toml", "SCIMPROOF_BASE_PATH": "/v2"},
            {},
            "SCIMPROOF_BASE_PATH is set beside SCIMPROOF_TENANTS",
        ),
    ],
)
def test_a_deployment_that_cannot_be_says_why_in_the_log_and_not_to_the_client(
    deployed: Deployed, variables: dict[str, str], environ: dict[str, bool], words: str
) -> None:
    status, content, log = deployed(variables, **environ)
    assert status == "500 Internal Server Error"
    assert json.loads(content)["detail"] == "The server is not set up; see its log."
    assert words in log
    assert (log.startswith("scimproof: "), log.count("\n")) == (True, 1)
    assert "hush" not in log


def test_the_module_is_imported_without_any_variables() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from reference_server.wsgi import application, wsgi_app"],
        cwd=Path(reference_server.__file__).parent.parent,
        env={},
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
