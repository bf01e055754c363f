"""The transport without sockets gives a WSGI application the same as a real server would."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler
from wsgiref.simple_server import make_server

import pytest

from idp_profiles.model import Certainty
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import AppSend
from idp_profiles.transport import WireSend
from idp_profiles.transport import call_wsgi

STEP = Step("step", Certainty.DOC, ())
SHOWN = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH")


def mirror(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with what arrived."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    seen: dict[str, Any] = {name: environ.get(name) or "" for name in SHOWN}
    seen |= {key: value for key, value in environ.items() if key.startswith("HTTP_")}
    # These two name the place, which is not the same without a socket.
    seen.pop("HTTP_HOST")
    seen["body"] = environ["wsgi.input"].read(length).decode()
    content = json.dumps(seen, sort_keys=True).encode()
    if environ["QUERY_STRING"] == "refuse":
        start_response("418 I'm a Teapot", [("X-Odd", "1"), ("x-odd", "2")])
        return [b"short", b" and stout"]
    start_response("200 OK", [("Content-Type", "application/json")])
    return [content]


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *arguments: object) -> None:
        del arguments


@pytest.fixture
def served() -> Iterator[str]:
    with make_server("127.0.0.1", 0, mirror, handler_class=QuietHandler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/scim/v2"
        server.shutdown()
        thread.join()


REQUESTS = [
    pytest.param("GET", "/Users?filter=a%20eq%20%22b%22&x=+", None, id="query"),
    pytest.param("GET", "/Users/%C3%A4%2F..", None, id="encoded-path"),
    pytest.param("POST", "/Users", '{"name":"Zoë"}'.encode(), id="body"),
    pytest.param("PATCH", "/Users/1", b"{}", id="patch"),
    pytest.param("DELETE", "/Users/1", None, id="no-body"),
    pytest.param("GET", "/Users?refuse", None, id="odd-reply"),
]


@pytest.mark.parametrize(("method", "target", "body"), REQUESTS)
def test_an_application_sees_and_answers_the_same_both_ways(
    served: str, method: str, target: str, body: bytes | None
) -> None:
    headers = (("Content-Type", "application/scim+json"), ("X-Twice", "a"), ("X-Twice", "b"))
    asked = Request(method, target, headers, body, STEP)
    with WireSend(served) as wire:
        over_sockets = wire(asked)
    inside = AppSend(mirror, "/scim/v2/")(asked)
    assert (inside.status, inside.reason) == (over_sockets.status, over_sockets.reason)
    assert inside.body == over_sockets.body
    added = {"date", "server", "content-length", "connection"}
    kept = tuple(pair for pair in over_sockets.headers if pair[0].lower() not in added)
    assert inside.headers == kept


def test_an_application_that_raises_answers_500_and_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise KeyError("missing")

    with caplog.at_level(logging.ERROR):
        reply = call_wsgi(broken, "GET", "/Users", (), None)
    assert reply.status == 500
    assert "GET /Users" in caplog.text
    assert "KeyError: 'missing'" in caplog.text


def test_an_application_may_write_and_yield_and_is_closed() -> None:
    closed: list[bool] = []

    class Chunks:
        def __iter__(self) -> Iterator[bytes]:
            yield b"two"

        def close(self) -> None:
            closed.append(True)

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])(b"one ")
        return Chunks()

    assert call_wsgi(app, "GET", "/", (), None) == Reply(200, "OK", (), b"one two")
    assert closed == [True]


def test_extra_headers_reach_the_application() -> None:
    send = AppSend(mirror, "", extra_headers=(("X-Tenant", "7"),))
    seen = send(Request("GET", "/", (), None, STEP)).json()
    assert isinstance(seen, dict)
    assert seen["HTTP_X_TENANT"] == "7"
    send.close()
