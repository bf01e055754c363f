"""The account of what a run creates: it is deleted again, whatever stands behind the path."""

from __future__ import annotations

import json

import pytest

from idp_profiles.ledger import Ledger
from idp_profiles.model import Certainty
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.model import Trouble


class Server:
    """Creates and deletes; a lost reply means that the create was done all the same."""

    def __init__(self, *, loses_replies: bool = False) -> None:
        self.names: dict[str, str] = {}
        self.lines: list[str] = []
        self._loses_replies = loses_replies

    def __call__(self, request: Request) -> Reply:
        self.lines.append(f"{request.method} {request.target}")
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
