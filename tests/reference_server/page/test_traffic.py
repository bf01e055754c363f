"""The last requests: what is kept of them, and what it costs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from reference_server import Application
from reference_server import Credential
from reference_server import Request
from reference_server import create_app
from reference_server.errors import ScimError
from reference_server.messages import Response
from reference_server.page.traffic import MOST
from reference_server.page.traffic import Traffic
from tests.reference_server.page.visitor import Visitor
from tests.reference_server.page.visitor import signed_in

if TYPE_CHECKING:
    from conftest import Json

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
WORD = "a token that is long"


@pytest.fixture
def app() -> Application:
    return create_app(credentials=[Credential("bearer", WORD)], page=True)


def send(app: Application, method: str, target: str, body: Json = None, **headers: str) -> Response:
    path, _, query = target.partition("?")
    sent = {"Host": "h", "Authorization": f"Bearer {WORD}", **headers}
    content = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
    given = tuple((name.replace("_", "-"), value) for name, value in sent.items())
    return app.handle(Request(method, f"/scim/v2{path}", query, given, content))


def lines(visitor: Visitor, after: int = 0) -> list[Json]:
    found: list[Json] = visitor.get(f"/requests?after={after}").json["requests"]
    return found


def whole(visitor: Visitor, number: int) -> Json:
    return visitor.get(f"/request?number={number}").json


def test_requests_are_listed_as_they_come_in(app: Application) -> None:
    visitor = signed_in(app, WORD)
    assert visitor.get("/requests").json == {"last": 0, "requests": []}
    send(app, "POST", "/Users", {"schemas": [USER], "userName": "bjensen"})
    send(app, "GET", "/Users?filter=userName%20eq%20%22x%22")
    told = visitor.get("/requests?after=0").json
    assert told["last"] == 2
    seen = [
        (each["number"], each["method"], each["target"], each["status"])
        for each in told["requests"]
    ]
    assert seen == [
        (1, "POST", "/scim/v2/Users", 201),
        (2, "GET", "/scim/v2/Users?filter=userName%20eq%20%22x%22", 200),
    ]
    assert all(each["milliseconds"] >= 0 and each["at"] > 0 for each in told["requests"])
    assert lines(visitor, after=2) == []
    send(app, "DELETE", "/Users/x")
    assert [each["status"] for each in lines(visitor, after=2)] == [404]


def test_a_request_can_be_looked_into(app: Application) -> None:
    visitor = signed_in(app, WORD)
    body = {"schemas": [USER], "userName": "bjensen", "password": "hunter22"}
    send(app, "POST", "/Users", body, User_Agent="Okta")
    told = whole(visitor, 1)
    assert ["User-Agent", "Okta"] in told["sent"]["headers"]
    assert ["Authorization", "Bearer [hidden]"] in told["sent"]["headers"]
    assert json.loads(told["sent"]["body"]) == {**body, "password": "[hidden]"}
    assert told["sent"]["size"] == len(json.dumps(body))
    reply = json.loads(told["reply"]["body"])
    assert reply["userName"] == "bjensen"
    assert "\n" in told["reply"]["body"]
    assert visitor.get("/request?number=2").status == 404
    assert visitor.get("/request?number=x").status == 400
    assert visitor.get("/requests?after=-1").status == 400
    assert visitor.get(f"/requests?after={'9' * 400}").status == 400


def test_refusals_and_strangers_are_listed_too(app: Application) -> None:
    visitor = signed_in(app, WORD)
    send(app, "GET", "/Users", Authorization="Bearer guess-of-a-stranger")
    send(app, "BREW", "/Users")
    send(app, "POST", "/Users", b"{")
    send(app, "GET", "/../etc/passwd")
    assert [each["status"] for each in lines(visitor)] == [401, 501, 400, 404]
    assert "guess-of" not in visitor.get("/request?number=1").text


def test_the_page_itself_is_not_listed(app: Application) -> None:
    visitor = signed_in(app, WORD)
    for place in ("", "/people", "/nothing"):
        visitor.get(place)
    assert lines(visitor) == []


def test_the_servers_secret_is_hidden_wherever_somebody_quotes_it(app: Application) -> None:
    visitor = signed_in(app, WORD)
    quoted = WORD.replace(" ", "%20")
    send(app, "GET", f"/Users?x={quoted}&y={WORD.replace(' ', '+')}", X_Strange=f"<{WORD}>")
    send(app, "GET", f"/{quoted}")
    send(app, "POST", "/Users", {"schemas": [USER], "userName": WORD})
    send(app, "GET", "/Users", Authorization=f"Wrong {WORD}")
    send(app, "GET", "/Users", Cookie=f"a={WORD}")
    text = visitor.get("/requests").text
    text += "".join(visitor.get(f"/request?number={number}").text for number in range(1, 6))
    for spelling in (WORD, quoted, WORD.replace(" ", "+")):
        assert spelling not in text


def test_a_reply_does_not_quote_the_password_of_its_request() -> None:
    def quoting(request: Request) -> Response:
        return Response(400, (("X-Echo", request.body.decode()),), b"bad: " + request.body)

    traffic = Traffic(tuple)
    traffic.recorded(quoting)(Request("POST", "/", body=b'{"password":"hunter22"}'))
    kept = traffic.exchange(1)
    assert "hunter22" not in repr(kept)


def test_only_the_last_are_kept(app: Application) -> None:
    visitor = signed_in(app, WORD)
    for _ in range(MOST + 50):
        send(app, "GET", "/Users/x")
    told = visitor.get("/requests?after=0").json
    assert told["last"] == MOST + 50
    assert [told["requests"][0]["number"], len(told["requests"])] == [MOST + 50 - 99, 100]
    assert visitor.get("/request?number=50").status == 404
    assert visitor.get("/request?number=51").status == 200


def test_bodies_do_not_fill_the_memory() -> None:
    traffic = Traffic(tuple)
    handle = traffic.recorded(lambda _: Response(200, (), b"y" * 1_000_000))
    for _ in range(70):
        handle(Request("POST", "/", body=b"x" * 1_000_000))
    _, kept = traffic.after(0)
    assert 10 < len(kept) < 70
    assert sum(len(each.sent.body) + len(each.reply.body) for each in kept) <= 8 * 1024 * 1024


def test_a_body_of_one_megabyte_is_shown_in_part(app: Application) -> None:
    visitor = signed_in(app, WORD)
    send(app, "POST", "/Users", {"schemas": [USER], "userName": "u", "title": "t" * 1_000_000})
    answer = visitor.get("/request?number=1")
    assert answer.json["sent"]["size"] > 1_000_000
    assert len(answer.text) < 200_000
    assert lines(visitor)[0]["status"] == 201


def test_a_reply_in_parts_still_leaves_whole(app: Application) -> None:
    visitor = signed_in(app, WORD)
    for number in range(40):
        user = {"schemas": [USER], "userName": f"u{number}", "title": "t" * 10_000}
        assert send(app, "POST", "/Users", user).status == 201
    response = send(app, "GET", "/Users")
    assert not isinstance(response.body, bytes)
    assert len(json.loads(b"".join(response.body))["Resources"]) == 40
    reply = whole(visitor, 41)["reply"]
    assert (reply["size"], reply["body"].startswith("(a long reply")) == (None, True)


def failing(fault: Exception) -> Callable[[Request], Response]:
    def handle(_: Request) -> Response:
        raise fault

    return handle


@pytest.mark.parametrize(
    ("fault", "status"), [(ScimError(409, "taken"), 409), (RuntimeError("hunter22"), 500)]
)
def test_a_failure_is_listed_and_goes_on_its_way(fault: Exception, status: int) -> None:
    traffic = Traffic(tuple)
    with pytest.raises(type(fault)):
        traffic.recorded(failing(fault))(Request("GET", "/x"))
    kept = traffic.exchange(1)
    assert kept is not None
    assert (kept.status, "hunter22" in repr(kept)) == (status, False)


HOSTILE = ["<img src=x onerror=alert(1)>", "\u202eevil", "\ud800", "a\r\nSet-Cookie: x=y", "ä" * 50]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_whatever_is_sent_reaches_the_browser_as_json(app: Application, text: str) -> None:
    visitor = signed_in(app, WORD)
    given = (("Host", text), ("Authorization", text), (text, text))
    app.handle(
        Request(text, f"/scim/v2/{text}", text, given, text.encode("utf-8", "surrogatepass"))
    )
    for place in ("/requests", "/request?number=1"):
        answer = visitor.get(place)
        assert answer.status == 200
        assert answer.header("Content-Type") == "application/json"
        assert answer.header("X-Content-Type-Options") == "nosniff"
        assert answer.text.isascii()
        assert all("\n" not in value for _, value in answer.response.headers)
    assert lines(visitor)[0]["method"] == text[:40]


def test_numbers_are_given_once_however_many_ask_at_once(app: Application) -> None:
    visitor = signed_in(app, WORD)

    def ask() -> None:
        for _ in range(40):
            send(app, "GET", "/Users/x")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    last, seen = 0, []
    told = visitor.get("/requests?after=0").json
    seen = [each["number"] for each in told["requests"]]
    last = told["last"]
    assert (last, seen) == (160, list(range(61, 161)))


def test_what_a_stranger_sends_is_not_looked_into(app: Application) -> None:
    visitor = signed_in(app, WORD)
    body = b'{"password":"hunter22","userName":"x"}'
    send(app, "POST", "/Users", body, Authorization="Bearer x")
    told = whole(visitor, 1)
    assert (told["sent"]["body"], told["sent"]["size"]) == ("(not kept: a stranger sent it)", 38)
    assert "401" in told["reply"]["body"]


def test_many_passwords_in_one_request_cost_little_and_are_all_hidden(app: Application) -> None:
    visitor = signed_in(app, WORD)
    words = [f"hunter-{number:05}" for number in range(8_000)]
    body = json.dumps([{"password": word} for word in words]).encode()
    assert len(body) < 256 * 1024
    started = time.process_time()
    send(app, "POST", f"/Bulk?x={words[0]}", body, X_Other=words[1])
    send(app, "POST", "/Bulk", body)
    assert time.process_time() - started < 2
    text = visitor.get("/request?number=1").text + visitor.get("/requests").text
    assert "hunter-" not in text
    assert [each["target"] for each in lines(visitor)] == ["[hidden]", "/scim/v2/Bulk"]


def test_long_headers_do_not_fill_the_memory() -> None:
    traffic = Traffic(tuple)
    handle = traffic.recorded(lambda _: Response(200))
    for number in range(MOST):
        handle(Request("GET", "/", headers=((f"X-{number}", "x" * 100_000),)))
    assert 10 < len(traffic.after(0)[1]) < 100
