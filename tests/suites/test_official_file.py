"""Okta's SPEC test judges by whoever is listed first, and whom the run left is nobody's fault."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from typing import cast

import pytest

from idp_profiles.model import Person
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.okta.official import LIST_RESPONSE
from idp_profiles.okta.official import SPEC
from idp_profiles.okta.official import SpecVariables
from suites.cleanup.journal import Journal
from suites.idp.accounts import Account
from suites.idp.okta.official_file import OfficialFile
from suites.verdicts import Mismatch

ADA = Person(
    user_name="ada@example.com",
    given_name="Ada",
    family_name="Lovelace",
    email="ada@example.com",
    display_name="Ada Lovelace",
    idp_id="ada",
)


class Server:
    """Lists an incomplete user first, and has a member of the crew, who is whole or not."""

    def __init__(self, *, whole: bool) -> None:
        self.notes: list[str] = []
        self._users = {"first": user("first", emails=[]), "crew": user("crew")}
        if not whole:
            del self._users["crew"]["name"]

    def send(self, request: Request) -> Reply:
        """Answer a read, a search or a list of one."""
        found = self._users["crew" if "filter" in request.target else "first"]
        if not request.target.startswith("/Users?"):
            return Reply(200, body=json.dumps(self._users[request.target[7:]]).encode())
        numbers = {"totalResults": 2, "itemsPerPage": 1, "startIndex": 1}
        body = {"schemas": [LIST_RESPONSE], "Resources": [found], **numbers}
        return Reply(200, body=json.dumps(body).encode())

    def note(self, text: str) -> None:
        """Keep a remark."""
        self.notes.append(text)

    def last_entry(self) -> None:
        """Show no evidence."""


def user(user_id: str, **more: object) -> dict[str, Any]:
    name = {"givenName": "Ada", "familyName": "Lovelace"}
    whole = {"userName": "x@example.com", "active": True, "emails": [{"value": "x@example.com"}]}
    return {"id": user_id, "name": name, **whole, **more}


def judge(server: Server, number: int, *made: str) -> None:
    """Send request 1, or 1 and 2, in a run that has made some users."""
    journal = Journal(None, owner="w")
    for user_id in made:
        item = journal.intend("POST", "/Users", b'{"userName": "x@example.com"}')
        assert item is not None
        journal.answered(item, 201, json.dumps({"id": user_id}).encode())
    clock = SimpleNamespace(sleep=lambda seconds: None)
    connection = SimpleNamespace(
        target=SimpleNamespace(settle=0.0, every_user={}), manners=SimpleNamespace(clock=clock)
    )
    bench = SimpleNamespace(journal=journal, connection=connection)
    drawn = SpecVariables.made_up(auth="Bearer x")
    spec = OfficialFile(cast("Any", server), cast("Any", bench), drawn)
    spec.send(SPEC[0])
    spec.passes_on_the_first(SPEC[number - 1], [Account(ADA, "crew")])


@pytest.mark.parametrize("number", [1, 2])
def test_whom_another_case_has_left_incomplete_is_not_judged(number: int) -> None:
    judge(Server(whole=True), number, "first", "crew")


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_wrong_with_everybody_is_found_all_the_same(number: int) -> None:
    with pytest.raises(Mismatch, match="givenName"):
        judge(Server(whole=False), number, "first", "crew")


@pytest.mark.parametrize("number", [1, 2])
def test_who_was_there_before_the_run_is_judged_and_named(number: int) -> None:
    server = Server(whole=True)
    with pytest.raises(Mismatch, match="emails"):
        judge(server, number, "crew")
    (note,) = server.notes
    assert "'first', was there before this run" in note
