"""`python -m reference_server` and its page, over a socket."""

from __future__ import annotations

import re
import socket
from http.client import HTTPConnection
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlencode
from urllib.parse import urlsplit

import pytest

from reference_server import Credential
from reference_server import create_app
from reference_server.http_adapter import Server
from tests.reference_server.live import WORD
from tests.reference_server.live import address
from tests.reference_server.live import process

READY = re.compile(r"ready at (http://\S+)")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(
    url: str, method: str = "GET", body: str = "", **headers: str
) -> tuple[HTTPResponse, bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request(method, target, body or None, headers)
    reply = connection.getresponse()
    content = reply.read()
    connection.close()
    return reply, content


def test_it_shows_a_page_and_says_where(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with process(["-m", "reference_server", "--port", "0"], log) as started:
        url = address(started, log, READY)
        said = log.read_text("utf-8")
        assert said.endswith(f"scimproof: page at {url}/page, open to whoever has the token\n")
        reply, content = ask(f"{url}/page")
        assert (reply.status, b"sign-in" in content) == (200, True)
        form = urlencode({"secret": WORD})
        reply, _ = ask(f"{url}/page/sign-in", "POST", form, **FORM)
        cookie = (reply.getheader("Set-Cookie") or "").partition(";")[0]
        assert (reply.status, cookie.startswith("scimproof-page-")) == (303, True)
        ask(f"{url}/Users", Authorization=f"Bearer {WORD}")
        reply, content = ask(f"{url}/page/requests", Cookie=cookie)
        assert (reply.status, content.count(b'"number"')) == (200, 1)
        for method in ("HEAD", "OPTIONS"):
            reply, content = ask(f"{url}/page", method)
            assert (reply.status in (200, 204), content) == (True, b"")


def test_without_a_page_it_shows_none(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with process(["-m", "reference_server", "--port", "0", "--no-page"], log) as started:
        url = address(started, log, READY)
        assert "page" not in log.read_text("utf-8")
        assert ask(f"{url}/page")[0].status == 401
        assert ask(f"{url}/page", Authorization=f"Bearer {WORD}")[0].status == 404


def test_each_tenant_gets_a_page(tmp_path: Path) -> None:
    file = tmp_path / "tenants.toml"
    file.write_text('[[tenants]]\nname = "acme"\ntoken_env = "SCIM_TOKEN"\n')
    log = tmp_path / "log"
    arguments = ["-m", "reference_server", "--port", "0", "--tenants", str(file)]
    with process(arguments, log) as started:
        url = address(started, log, READY)
        assert "each tenant has a page at /page below its path" in log.read_text("utf-8")
        assert b"Tenant acme" in ask(f"{url}/acme/scim/v2/page")[1]
        assert ask(f"{url}/page")[0].status == 404


def test_a_product_gets_a_page(tmp_path: Path) -> None:
    log = tmp_path / "log"
    arguments = ["-m", "reference_server", "--port", "0", "--product", "clockify"]
    with process(arguments, log, SCIMPROOF_OWNER_KEY="k" * 30) as started:
        url = address(started, log, READY)
        assert f"page at {url}/page, open to whoever has a key" in log.read_text("utf-8")
        reply, _ = ask(f"{url}/page/sign-in", "POST", urlencode({"secret": "k" * 30}), **FORM)
        assert reply.status == 303
        assert reply.getheader("X-Scimproof-Simulation") == "clockify"


HEADERS = [
    b"Cookie: scimproof-page=a\x00b",
    b"Cookie: scimproof-page=a\rSet-Cookie: evil=1",
    b"Cookie: " + b"scimproof-page=x; " * 3_000,
    b"Host: evil\r\nHost: other",
    b"X-Forwarded-Proto: https\tx",
    b"Cookie: scimproof-page=\xff\xfe",
    b"Sec-Fetch-Site: same-origin\x0bx",
]


@pytest.mark.parametrize("line", HEADERS, ids=range(len(HEADERS)))
def test_no_header_splits_a_reply(line: bytes) -> None:
    app = create_app(credentials=[Credential("bearer", WORD)], page=True)
    with Server(app) as server:
        form = urlencode({"secret": WORD}).encode()
        with socket.create_connection((server.host, server.port), timeout=20) as client:
            client.sendall(
                b"POST /scim/v2/page/sign-in HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n"
                b"Content-Length: %d\r\n%s\r\n\r\n%s" % (len(form), line, form)
            )
            reply = b""
            while more := client.recv(65_536):
                reply += more
        head = reply.partition(b"\r\n\r\n")[0]
        assert head[:12] in (b"HTTP/1.1 303", b"HTTP/1.1 400")
        assert head.count(b"Set-Cookie:") <= 1
        assert b"evil" not in head
