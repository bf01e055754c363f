"""A connection that is refused was never used: the request waits for a server that starts again."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterator

import pytest
import requests

from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import Trouble
from suites.reach.breaker import AGAIN
from suites.reach.connection import Connection
from suites.target.model import Target
from suites.verdicts import Unanswered
from tests.suites.bad_targets import lives
from tests.suites.bad_targets.hostile import TOKEN
from tests.suites.bad_targets.hostile import HangUp
from tests.suites.bad_targets.hostile import Hostile
from tests.suites.bad_targets.hostile import quietly

BODY = b'{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "one"}'
HEADERS = (("Authorization", f"Bearer {TOKEN}"), ("Content-Type", "application/scim+json"))
Ask = Callable[[Connection, str], int]


def by_client(connection: Connection, method: str) -> int:
    return connection.request(method, "/Users", HEADERS, _body(method)).status_code


def by_idp(connection: Connection, method: str) -> int:
    step = Step("a test", Certainty.TEST, ())
    return connection.idp_send(Request(method, "/Users", HEADERS, _body(method), step)).status


def _body(method: str) -> bytes | None:
    return BODY if method == "POST" else None


@pytest.fixture
def server() -> Iterator[Hostile]:
    with Hostile(lambda asked, right: right()) as running:
        yield running


@pytest.fixture
def connection(server: Hostile) -> Iterator[Connection]:
    made = Connection(Target(url=server.url, credential=Credential("bearer", TOKEN), timeout=5.0))
    yield made
    made.close()


@pytest.mark.parametrize("ask", [by_client, by_idp])
def test_a_server_that_restarts_costs_no_request(
    server: Hostile, connection: Connection, ask: Ask
) -> None:
    assert ask(connection, "GET") == 200
    server.vanish()
    # Whatever was kept alive is over, which the next request finds out.
    connection.close()
    quietly(server.come_back, 0.4)
    assert ask(connection, "POST") == 201
    assert [each.method for each in server.asked] == ["GET", "POST"]


@pytest.mark.parametrize("ask", [by_client, by_idp])
def test_a_server_that_never_answered_is_not_waited_for(
    server: Hostile, connection: Connection, ask: Ask
) -> None:
    server.vanish()
    started = time.monotonic()
    with pytest.raises((Trouble, requests.ConnectionError)):
        ask(connection, "POST")
    assert time.monotonic() - started < sum(AGAIN) / 2


def test_a_server_that_is_gone_for_good_costs_a_few_seconds_in_all(
    server: Hostile, connection: Connection
) -> None:
    assert by_client(connection, "GET") == 200
    connection.watch(200, "GET", "/Users", HEADERS)
    server.vanish()
    started = time.monotonic()
    for _ in range(2):
        with pytest.raises((Trouble, requests.ConnectionError)):
            by_client(connection, "POST")
    with pytest.raises(Unanswered) as gone:
        by_client(connection, "POST")
    assert time.monotonic() - started < 10
    assert str(gone.value).endswith("refused; the first without a reply was POST /Users")


def test_what_was_sent_is_not_sent_again() -> None:
    def answer(asked: lives.Asked, right: lives.Rightly) -> lives.Right:
        if asked.method == "POST":
            raise HangUp
        return right()

    with Hostile(answer) as server:
        target = Target(url=server.url, credential=Credential("bearer", TOKEN), timeout=5.0)
        connection = Connection(target)
        assert by_client(connection, "GET") == 200
        with pytest.raises(requests.ConnectionError):
            by_client(connection, "POST")
        connection.close()
        assert [each.method for each in server.asked] == ["GET", "POST"]
