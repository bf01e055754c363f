"""The account of what a run creates: it is deleted again, whatever stands behind the path."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from idp_profiles.ledger import Ledger
from idp_profiles.ledger import plain_headers
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Headers
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.model import Trouble


class Server:
    """Creates and deletes; a lost reply means that the create was done all the same."""

    def __init__(self, *, loses_replies: bool = False) -> None:
        self.names: dict[str, str] = {}
        self.lines: list[str] = []
        self.headers: list[Headers] = []
        self._loses_replies = loses_replies

    def __call__(self, request: Request) -> Reply:
        self.lines.append(f"{request.method} {request.target}")
        self.headers.append(request.headers)
        if request.method == "POST":
            self.names["id-1"] = json.loads(request.body or b"{}")["userName"]
            if self._loses_replies:
                raise Trouble("no reply.")
            return Reply(201, body=b'{"id": "id-1"}')
        if request.method == "GET":
            found = [{"id": key} for key in self.names]
            return Reply(200, body=json.dumps({"Resources": found}).encode())
        self.names.pop(request.target.rpartition("/")[2], None)
        return Reply(204)


def create(target: str) -> Request:
    step = Step("create the user", Certainty.DOC, ())
    return Request("POST", target, (), b'{"userName": "zoe"}', step)


@pytest.mark.parametrize("target", ["/Users", "/Users?flag", "/Users?flag=true&x=1"])
def test_what_was_created_is_deleted(target: str) -> None:
    server = Server()
    ledger = Ledger(server)
    ledger(create(target))
    assert ledger.sweep() == ()
    assert server.names == {}
    assert server.lines[-1] == "DELETE /Users/id-1"


@pytest.mark.parametrize("target", ["/Users", "/Users?flag"])
def test_a_create_whose_reply_was_lost_is_looked_up_by_name(target: str) -> None:
    server = Server(loses_replies=True)
    ledger = Ledger(server)
    with pytest.raises(Trouble):
        ledger(create(target))
    assert ledger.sweep() == ()
    assert server.names == {}
    assert server.lines[1] == "GET /Users?filter=userName%20eq%20%22zoe%22"


def test_what_was_created_is_kept_without_headers_and_swept_by_a_later_run() -> None:
    server = Server()
    ledger = Ledger(server)
    secret = replace(create("/Users"), headers=(("Authorization", "Bearer geheim"),))
    ledger(secret)
    kept = json.loads(json.dumps(ledger.save()))
    assert kept == [{"endpoint": "/Users", "name": "zoe", "id": "id-1"}]
    later = Ledger(server, plain_headers(Credential("bearer", "geheim")))
    later.load(kept)
    assert later.created == {"/Users": 1}
    assert later.sweep() == ()
    assert server.headers[-1] == (("Authorization", "Bearer geheim"),)
    assert (server.names, later.save()) == ({}, [])


@pytest.mark.parametrize(
    "wrong", [None, 1, [1], [{}], [{"endpoint": "/Keys", "name": "zoe", "id": "id-1"}]]
)
def test_what_is_no_list_of_what_was_created_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="no list of what was created"):
        Ledger(Server()).load(wrong)


def test_a_clean_up_uses_the_headers_that_the_server_took_last() -> None:
    server = Server()
    ledger = Ledger(server, (("Authorization", "Bearer first"),))
    ledger(replace(create("/Users"), headers=(("Authorization", "Bearer second"),)))
    ledger.sweep()
    assert server.headers[-1] == (("Authorization", "Bearer second"),)
    ledger(create("/Users"))
    ledger.authorise((("Authorization", "Bearer third"),))
    ledger.sweep()
    assert server.headers[-1] == (("Authorization", "Bearer third"),)


def test_a_token_endpoint_is_no_place_where_things_are_created() -> None:
    server = Server()
    ledger = Ledger(server)
    ledger(create("https://login.example.com/Users"))
    assert ledger.save() == []


@pytest.mark.parametrize(
    ("credential", "headers"),
    [
        (Credential("bearer", "x"), (("Authorization", "Bearer x"),)),
        (Credential("header", "Token x"), (("Authorization", "Token x"),)),
        (Credential("basic", "x", "u"), (("Authorization", "Basic dTp4"),)),
        (Credential("oauth2-client-credentials", "x", "u"), ()),
    ],
)
def test_a_credential_that_needs_no_trade_is_a_header(
    credential: Credential, headers: Headers
) -> None:
    assert plain_headers(credential) == headers
