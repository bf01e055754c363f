"""Faults on the line: who hears of a request, who hears of the reply, and how often."""

from __future__ import annotations

import pytest

from idp_profiles.living.faults import Faults
from idp_profiles.model import Certainty
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.model import Trouble


def ask(method: str, target: str = "/Users") -> Request:
    return Request(method, target, (), None, Step("ask", Certainty.TEST, ()))


class Server:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.closed = False

    def __call__(self, request: Request) -> Reply:
        self.heard.append(request.method)
        return Reply(204)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def faults(server: Server) -> Faults:
    return Faults(server)


def test_without_a_fault_everything_passes(faults: Faults, server: Server) -> None:
    assert faults(ask("GET")).status == 204
    assert server.heard == ["GET"]


def test_an_answer_comes_in_place_of_the_server(faults: Faults, server: Server) -> None:
    faults.answer(429, retry_after=7)
    reply = faults(ask("GET"))
    assert (reply.status, reply.header("Retry-After")) == (429, "7")
    assert server.heard == []


def test_a_lost_reply_leaves_the_work_done(faults: Faults, server: Server) -> None:
    faults.lose()
    with pytest.raises(Trouble, match="before the reply came"):
        faults(ask("POST"))
    assert server.heard == ["POST"]


def test_a_server_that_is_down_does_nothing(faults: Faults, server: Server) -> None:
    faults.down()
    with pytest.raises(Trouble, match="refused"):
        faults(ask("POST"))
    assert server.heard == []


def test_a_fault_is_for_some_requests_and_some_times_only(faults: Faults, server: Server) -> None:
    faults.answer(500, at="POST /Users", times=2)
    faults.answer(503, at="POST /Users/.search")
    asked = [ask("GET"), ask("POST", "/Users/.search"), *[ask("POST")] * 3]
    assert [faults(each).status for each in asked] == [204, 503, 500, 500, 204]


def test_faults_are_taken_away(faults: Faults) -> None:
    faults.answer(500)
    faults.down()
    faults.clear()
    assert faults(ask("GET")).status == 204


@pytest.mark.parametrize("status", [99, 600])
def test_a_status_is_one_of_http(faults: Faults, status: int) -> None:
    with pytest.raises(ValueError, match="no status of HTTP"):
        faults.answer(status)


def test_a_fault_happens_at_least_once(faults: Faults) -> None:
    with pytest.raises(ValueError, match="not 0 times"):
        faults.down(times=0)


def test_what_is_behind_is_closed(faults: Faults, server: Server) -> None:
    faults.close()
    assert server.closed
