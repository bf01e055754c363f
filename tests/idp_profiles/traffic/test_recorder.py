"""The recorder passes everything on literally, whatever comes, and writes whole lines."""

from __future__ import annotations

# ruff: noqa: ANN401 # fixtures are factories whose classes no test can import
import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from idp_profiles.traffic.file import Writer
from idp_profiles.traffic.file import read
from idp_profiles.traffic.proxy import Recorder
from idp_profiles.traffic.recorded import TrafficError
from idp_profiles.traffic.upstream import Upstream
from tests.idp_profiles.traffic.booth import lines_of
from tests.idp_profiles.traffic.booth import recorder

ROOT = Path(__file__).parents[3]
OK = b'HTTP/1.1 200 Fine\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"id":"42"}'


def always(reply: bytes) -> Callable[[str, str, bytes], bytes]:
    return lambda method, target, body: reply


def spoken(running: Recorder, *messages: bytes) -> bytes:
    """Send raw bytes and return all that comes back until the recorder is silent or hangs up."""
    with socket.create_connection(("127.0.0.1", running.server_port), 5) as connection:
        for message in messages:
            connection.sendall(message)
        connection.shutdown(socket.SHUT_WR)
        heard = b""
        while chunk := connection.recv(65536):
            heard += chunk
        return heard


def test_method_target_headers_and_body_arrive_byte_for_byte(tmp_path: Path, listen: Any) -> None:
    listener = listen(always(OK))
    head = (
        b"PATCH //scim/v2/Users/a%2fb?x=%c3%a9&filter=userName+eq+%22A%22&& HTTP/1.1\r\n"
        b"Host: the-recorder\r\n"
        b"uSeR-aGeNt: odd   spacing\r\n"
        b"Authorization: Bearer s3cret\r\n"
        b"X-Twice: 1\r\nAccept: a\r\nX-Twice: 2\r\n"
        b"Content-Length: 9\r\n\r\n"
    )
    with recorder(f"{listener.url}/scim/v2", tmp_path / "r") as running:
        answer = spoken(running, head, b'{"a": 1 }')
    expected = head.replace(b"the-recorder", f"127.0.0.1:{listener.port}".encode())
    assert listener.caught == [expected + b'{"a": 1 }']
    assert answer.startswith(b"HTTP/1.1 200 Fine\r\n")
    assert answer.endswith(b'\r\n\r\n{"id":"42"}')


def test_a_target_below_the_base_url_is_relative_and_another_is_elsewhere(
    tmp_path: Path, listen: Any
) -> None:
    listener = listen(always(OK))
    with recorder(f"{listener.url}/t/acme/scim", tmp_path / "r") as running:
        assert running.url.endswith("/t/acme/scim")
        spoken(running, b"GET /t/acme/scim/Users?count=1 HTTP/1.1\r\nHost: x\r\n\r\n")
        spoken(running, b"POST /oauth/token HTTP/1.1\r\nHost: x\r\n\r\n")
    inside, outside = lines_of(tmp_path / "r")
    assert (inside["request"]["target"], inside["elsewhere"]) == ("/Users?count=1", False)
    assert (outside["request"]["target"], outside["elsewhere"]) == ("/oauth/token", True)
    assert "acme" not in (tmp_path / "r").read_text()


def test_a_connection_serves_one_request_after_the_other(tmp_path: Path, listen: Any) -> None:
    listener = listen(always(OK))
    request = b"GET /Users HTTP/1.1\r\nHost: x\r\nConnection: Keep-Alive\r\n\r\n"
    with recorder(listener.url, tmp_path / "r") as running:
        answer = spoken(running, request * 3)
    assert answer.count(b"HTTP/1.1 200") == 3
    assert [one["number"] for one in lines_of(tmp_path / "r")] == [1, 2, 3]


def chunked_upstream(script: Callable[[socket.socket, bytes], None]) -> tuple[str, list[bytes]]:
    """Serve one connection by hand; return its URL and what it heard."""
    listening = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def serve() -> None:
        with listening, listening.accept()[0] as connection:
            connection.settimeout(5)
            content = b""
            while b"0\r\n\r\n" not in content:
                chunk = connection.recv(65536)
                if not chunk:
                    break
                content += chunk
            heard.append(content)
            script(connection, content)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}", heard


def test_chunked_bodies_go_through_both_ways_and_are_recorded(tmp_path: Path) -> None:
    def answer(connection: socket.socket, content: bytes) -> None:
        del content
        connection.sendall(
            b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n"
            b'Content-Type: application/json\r\n\r\n5\r\n{"id"\r\n6;x=y\r\n:"42"}\r\n0\r\n\r\n'
        )

    url, heard = chunked_upstream(answer)
    with recorder(url, tmp_path / "r") as running:
        said = spoken(
            running,
            b"POST /Users HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
            b'c\r\n{"userName":\r\n',
            b'6\r\n"ada"}\r\n0\r\nTrailer: x\r\n\r\n',
        )
    assert b"Transfer-Encoding: chunked\r\n" in heard[0]
    assert heard[0].endswith(b'c\r\n{"userName":\r\n6\r\n"ada"}\r\n0\r\n\r\n')
    assert b"".join(said.split(b"\r\n")[-6::2]) == b'{"id":"42"}'
    (line,) = lines_of(tmp_path / "r")
    assert line["request"]["body"]["content"] == {"userName": "user-1"}
    assert line["response"]["body"]["content"] == {"id": "id-1"}


def test_a_reply_without_length_ends_with_the_connection(tmp_path: Path) -> None:
    def until_it_closes(connection: socket.socket, content: bytes) -> None:
        del content
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n{}")

    for version, body in (("1.1", b"2\r\n{}\r\n0\r\n\r\n"), ("1.0", b"{}")):
        url, _ = chunked_upstream(until_it_closes)
        path = tmp_path / version
        with recorder(url, path) as running:
            head = f"POST /Users HTTP/{version}\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            said = spoken(running, head.encode(), b"0\r\n\r\n")
        assert said.partition(b"\r\n\r\n")[2] == body
        assert lines_of(path)[0]["response"]["body"]["content"] == {}


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked", 400),
        (b"Content-Length: 5\r\nContent-Length: 6", 400),
        (b"Content-Length: +5", 400),
        (b"Content-Length: 99999999999999999999", 400),
        (b"Transfer-Encoding: gzip", 400),
        (b"Transfer-Encoding: chunked", 400),
    ],
)
def test_a_body_whose_end_nobody_can_tell_is_refused(
    tmp_path: Path, listen: Any, head: bytes, status: int
) -> None:
    listener = listen(always(OK))
    with recorder(listener.url, tmp_path / "r") as running:
        said = spoken(running, b"POST /Users HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\nhello")
    assert said.startswith(f"HTTP/1.1 {status} ".encode())
    (line,) = lines_of(tmp_path / "r")
    assert line["response"] is None
    assert f"answered {status}" in line["error"]


def test_a_server_that_is_down_is_a_502_and_recorded_as_such(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with recorder(f"http://127.0.0.1:{port}/scim", tmp_path / "r") as running:
        said = spoken(running, b"GET /scim/Users HTTP/1.1\r\nHost: x\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 502 ")
    assert json.loads(said.partition(b"\r\n\r\n")[2])["status"] == "502"
    (line,) = lines_of(tmp_path / "r")
    assert line["response"] is None
    assert "refused" in line["error"]
    assert "502" in line["error"]
    assert str(port) not in (tmp_path / "r").read_text()


def test_a_server_that_hangs_up_or_speaks_no_http_is_a_502(tmp_path: Path, listen: Any) -> None:
    for at, reply in enumerate((b"", b"SSH-2.0-x\r\n\r\n")):
        listener = listen(always(reply))
        with recorder(listener.url, tmp_path / str(at), timeout=1) as running:
            said = spoken(running, b"GET /Users HTTP/1.1\r\nHost: x\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 502 ")
        assert "502" in lines_of(tmp_path / str(at))[0]["error"]


def test_a_reply_that_breaks_off_is_recorded_as_far_as_it_came(tmp_path: Path) -> None:
    def half(connection: socket.socket, content: bytes) -> None:
        del content
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"userName":"ada')

    url, _ = chunked_upstream(half)
    with recorder(url, tmp_path / "r") as running:
        said = spoken(
            running,
            b"POST /Users HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        )
    assert b"Content-Length: 99" in said
    (line,) = lines_of(tmp_path / "r")
    assert line["response"]["status"] == 200
    assert line["response"]["body"] == {"form": "hidden", "bytes": 16, "why": "broken off"}
    assert "broke off" in line["error"]


def test_a_request_that_breaks_off_is_recorded_without_its_text(
    tmp_path: Path, listen: Any
) -> None:
    listener = listen(always(OK))
    with recorder(listener.url, tmp_path / "r") as running:
        said = spoken(
            running,
            b'POST /Users HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"userName":"ada',
        )
    assert said.startswith(b"HTTP/1.1 400 ")
    (line,) = lines_of(tmp_path / "r")
    assert line["request"]["body"]["why"] == "broken off"
    assert "ada" not in json.dumps(line)


def test_binary_and_broken_bodies_go_through_and_only_their_size_is_kept(
    tmp_path: Path, listen: Any
) -> None:
    listener = listen(always(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x00\xff\xfe\x80"))
    bodies = [bytes(range(256)), b'{"userName": "ada"', b"\xff\xfe{}", b"[" * 5000, b"NaN"]
    with recorder(listener.url, tmp_path / "r") as running:
        for body in bodies:
            head = f"POST /Users HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
            assert spoken(running, head.encode() + body).endswith(b"\x00\xff\xfe\x80")
    assert [one.partition(b"\r\n\r\n")[2] for one in listener.caught] == bodies
    lines = lines_of(tmp_path / "r")
    shown = [one["request"]["body"] for one in lines]
    assert shown == [{"form": "hidden", "bytes": len(body), "why": "no JSON"} for body in bodies]
    assert {one["response"]["body"]["form"] for one in lines} == {"hidden"}


def test_a_giant_body_is_let_through_and_not_kept(tmp_path: Path, listen: Any) -> None:
    size = 9 * 1024 * 1024
    listener = listen(always(OK))
    body = b'{"userName":"' + b"a" * size + b'"}'
    with recorder(listener.url, tmp_path / "r") as running:
        head = f"POST /Users HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        assert spoken(running, head.encode(), body).startswith(b"HTTP/1.1 200")
    assert len(listener.caught[0]) > size
    (line,) = lines_of(tmp_path / "r")
    assert line["request"]["body"]["why"] == "too large to be recorded"
    assert (tmp_path / "r").stat().st_size < 2000


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_beyond_the_limit_is_a_413(tmp_path: Path, listen: Any, chunked: bool) -> None:
    listener = listen(always(OK))
    framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: 2000"
    body = b"7d0\r\n" + b"x" * 2000 + b"\r\n0\r\n\r\n" if chunked else b"x" * 2000
    with recorder(listener.url, tmp_path / "r", largest=1000) as running:
        said = spoken(
            running, b"POST /Users HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n" + body
        )
    assert said.startswith(b"HTTP/1.1 413 ")
    assert "413" in lines_of(tmp_path / "r")[0]["error"]
    assert listener.caught == []


def test_a_head_and_a_204_have_no_body(tmp_path: Path, listen: Any) -> None:
    def answer(method: str, target: str, body: bytes) -> bytes:
        if method == "HEAD":
            return b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"
        return b"HTTP/1.1 204 No Content\r\n\r\n"

    with recorder(listen(answer).url, tmp_path / "r") as running:
        said = spoken(
            running,
            b"HEAD /Users/1 HTTP/1.1\r\nHost: x\r\n\r\n",
            b"DELETE /Users/1 HTTP/1.1\r\nHost: x\r\n\r\n",
            b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        )
    assert said.count(b"HTTP/1.1 204") == 2
    assert said.endswith(b"\r\n\r\n")
    assert [one["request"]["method"] for one in lines_of(tmp_path / "r")] == [
        *("HEAD", "DELETE", "OPTIONS")
    ]


def test_an_expectation_is_met_by_the_recorder_itself(tmp_path: Path, listen: Any) -> None:
    listener = listen(always(OK))
    with recorder(listener.url, tmp_path / "r") as running:
        said = spoken(
            running,
            b"POST /Users HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
            b"{}",
        )
    assert said.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ")
    assert b"Expect" not in listener.caught[0]
    assert ["Expect", "100-continue"] in lines_of(tmp_path / "r")[0]["request"]["headers"]


@pytest.mark.parametrize(
    "nonsense", [b"\x16\x03\x01\x00", b"hello\r\n\r\n", b"GET / HTTP/9\r\n\r\n"]
)
def test_what_is_no_http_is_refused_and_leaves_no_line(
    tmp_path: Path, listen: Any, nonsense: bytes
) -> None:
    with recorder(listen(always(OK)).url, tmp_path / "r") as running:
        spoken(running, nonsense + b"\r\n\r\n")
        spoken(running, b"GET /Users HTTP/1.1\r\nHost: x\r\n\r\n")
    assert len(lines_of(tmp_path / "r")) == 1


def test_many_connections_at_once_write_whole_lines(tmp_path: Path, listen: Any) -> None:
    listener = listen(always(OK))
    with recorder(listener.url, tmp_path / "r") as running:

        def ask(number: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", running.server_port, timeout=10)
            for turn in range(10):
                body = json.dumps({"userName": f"person{number}-{turn}", "title": "x" * 2000})
                connection.request("POST", "/Users", body, {"Content-Type": "application/json"})
                assert connection.getresponse().read() == b'{"id":"42"}'
            connection.close()

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    lines = lines_of(tmp_path / "r")
    assert sorted(one["number"] for one in lines) == list(range(1, 81))
    assert len({one["request"]["body"]["content"]["userName"] for one in lines}) == 80


def test_only_the_owner_can_read_the_file_and_none_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "r"
    writer = Writer(path)
    writer.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(TrafficError, match="exists already"):
        Writer(path)


def test_it_listens_on_loopback_unless_told_otherwise(tmp_path: Path) -> None:
    with recorder("http://127.0.0.1:9", tmp_path / "r") as running:
        assert running.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "url", ["ftp://x", "x", "http://", "http://user:pw@x/", "http://x/?q=1", "http://x/#f"]
)
def test_an_upstream_that_cannot_be_one_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="--upstream"):
        Upstream(url, timeout=1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_a_whole_file(tmp_path: Path, listen: Any, number: signal.Signals) -> None:
    listener = listen(always(OK))
    path = tmp_path / "r.jsonl"
    arguments = ["record", "--upstream", listener.url, "--listen", "0", "--out", str(path)]
    with subprocess.Popen(  # noqa: S603 # our own command
        [sys.executable, "-m", "idp_profiles.traffic", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().rpartition(" ")[2].strip()
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
        for turn in range(3):
            connection.request("POST", "/Users", json.dumps({"userName": f"ada{turn}"}))
            connection.getresponse().read()
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)
        connection.close()
    assert process.returncode == 0
    assert "3 exchanges" in errors
    assert "ada" not in errors
    assert path.read_text().endswith("\n")
    assert len(read(path).entries) == 3
