"""A mock IdP changes nothing that the run did not create, wherever a look-up leads it."""

from __future__ import annotations

import json

import pytest

from idp_profiles.model import Certainty
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.model import Stopped
from suites.cleanup.journal import Journal
from suites.cleanup.strangers import spare_strangers

OURS = "scimproof-0a1b2c-3d4e5f-ada@example.com"
STEP = Step("step", Certainty.TEST, ())
HEADERS = (("Authorization", "Bearer x"), ("Content-Type", "application/scim+json"))


class Server:
    """Answers every read alike, and keeps what it was asked."""

    def __init__(self, status: int = 200, body: object = None) -> None:
        self.asked: list[Request] = []
        self._reply = Reply(status, body=b"" if body is None else json.dumps(body).encode())

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        return self._reply


def journal(*created: str) -> Journal:
    made = Journal(None, owner="w")
    for resource_id in created:
        item = made.intend("POST", "/Users", json.dumps({"userName": OURS}).encode())
        assert item is not None
        made.answered(item, 201, json.dumps({"id": resource_id}).encode())
    return made


def passes(method: str, target: str, server: Server, known: Journal | None = None) -> bool:
    request = Request(method, target, HEADERS, b"{}", STEP)
    try:
        spare_strangers(request, known or journal(), server)
    except Stopped as stopped:
        return "did not create" not in stopped.because
    return True


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("target", ["/Users/a%20b", "/Users/a%20b?", "//Users/a%20b?flag&x=y"])
def test_what_the_run_created_is_changed_without_a_question(method: str, target: str) -> None:
    server = Server()
    assert passes(method, target, server, journal("a b"))
    assert server.asked == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_somebody_elses_user_is_left_alone(method: str) -> None:
    server = Server(body={"id": "1", "userName": "boss@example.com"})
    assert not passes(method, "/Users/1", server, journal("2"))
    (asked,) = server.asked
    assert (asked.method, asked.target) == ("GET", "/Users/1")
    assert asked.headers == HEADERS[:1]


def test_a_user_whose_create_told_no_id_is_known_by_its_name() -> None:
    assert passes("PUT", "/Users/1", Server(body={"userName": OURS}))
    assert passes("PATCH", "/Groups/1", Server(body={"displayName": OURS}))


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_where_nothing_is_nobody_is_harmed(status: int) -> None:
    assert passes("DELETE", "/Users/1", Server(status))


@pytest.mark.parametrize(
    "server",
    [
        Server(500),
        Server(403, {"userName": OURS}),
        Server(200),
        Server(200, [OURS]),
        Server(200, {"displayName": OURS}),
    ],
    ids=["broken", "refused", "no body", "no object", "no user name"],
)
def test_what_cannot_be_told_to_be_ours_is_left_alone(server: Server) -> None:
    assert not passes("PUT", "/Users/1", server)


@pytest.mark.parametrize(
    ("method", "target"),
    [("GET", "/Users/1"), ("POST", "/Users"), ("POST", "/Users/.search"), ("PUT", "/Schemas/1")],
)
def test_what_changes_no_user_and_no_group_passes(method: str, target: str) -> None:
    server = Server(500)
    assert passes(method, target, server)
    assert server.asked == []


def test_what_was_deleted_is_still_known() -> None:
    known = journal("1")
    known.remove(known.items[0], lambda method, target: (204, b""))
    assert passes("DELETE", "/Users/1", Server(500), known)
