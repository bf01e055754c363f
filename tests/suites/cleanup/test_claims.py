from __future__ import annotations

import json
from pathlib import Path

import pytest

from idp_profiles.model import Credential
from suites.cleanup.claims import Claims
from suites.cleanup.journal import Item
from suites.cleanup.journal import Journal
from suites.cleanup.journal import load_open
from suites.cleanup.tidying import sweep
from suites.run.state import Options
from suites.run.state import RunState
from suites.target.model import Target
from suites.verdicts import Blocked

NAME = "scimproof-0a1b2c-3d4e5f-ann@example.com"
BODY = json.dumps({"userName": NAME}).encode()
STRANGER = json.dumps({"userName": "ceo@example.com"}).encode()


class Calls:
    def __init__(self) -> None:
        self.sent: list[str] = []

    def __call__(self, method: str, target: str, body: bytes | None = None) -> tuple[int, bytes]:
        self.sent.append(f"{method} {target}")
        return 204, b""


def created(journal: Journal, resource_id: str) -> Item:
    item = journal.intend("POST", "/Users", BODY)
    assert item is not None
    journal.answered(item, 201, json.dumps({"id": resource_id}).encode())
    return item


def test_after_a_create_with_somebody_elses_id_nothing_is_deleted_unseen(tmp_path: Path) -> None:
    path, claims, calls = tmp_path / "journal.jsonl", Claims(), Calls()
    first = Journal(path, owner="main.1", claims=claims)
    created(first, "7")
    first.seen("GET", "/Users/7?attributes=userName", 200, STRANGER)
    second = Journal(path, owner="main.2", claims=claims)
    item = created(second, "8")
    for journal in (second, first):
        sweep(journal, calls)
    assert calls.sent == []
    assert item.why is not None
    assert "nothing is deleted unseen" in item.why
    with pytest.raises(Blocked, match="GET /Users/7 shows another name than was sent"):
        claims.check()
    assert [each.id for each in load_open(path)] == ["7", "8"]  # for the end of the run


@pytest.mark.parametrize(
    ("method", "target", "status", "body"),
    [
        ("GET", "/Users/7", 200, BODY),
        ("GET", "/Users/7", 404, STRANGER),
        ("GET", "/Users/9", 200, STRANGER),
        ("GET", "/Groups/7", 200, STRANGER),
        ("GET", "/Users/7", 200, b"no JSON"),
        ("PATCH", "/Users/7", 200, STRANGER),
    ],
)
def test_what_shows_no_stranger_leaves_the_deletion_as_it_is(
    tmp_path: Path, method: str, target: str, status: int, body: bytes
) -> None:
    journal, calls = Journal(tmp_path / "journal.jsonl", owner="main.1", claims=Claims()), Calls()
    created(journal, "7")
    journal.seen(method, target, status, body)
    sweep(journal, calls)
    assert calls.sent == ["DELETE /Users/7"]


def test_who_was_renamed_by_the_run_is_no_stranger(tmp_path: Path) -> None:
    journal, calls = Journal(tmp_path / "journal.jsonl", owner="main.1", claims=Claims()), Calls()
    created(journal, "7")
    journal.seen("PUT", "/Users/7", 200, STRANGER)
    journal.seen("GET", "/Users/7", 200, STRANGER)
    sweep(journal, calls)
    assert calls.sent == ["DELETE /Users/7"]


def test_what_one_case_learned_ends_the_others_of_the_run() -> None:
    credential = Credential("bearer", "token")
    target = Target(url="http://127.0.0.1:1/scim/v2", credential=credential)
    state = RunState(Options(), target, None, owner="main")
    journal = state.open_journal()
    created(journal, "7")
    state.check_ids()
    journal.seen("GET", "/Users/7", 200, STRANGER)
    with pytest.raises(Blocked, match="somebody else's"):
        state.check_ids()
    state.close()


class Directory(Calls):
    """A server that finds Ann by her name."""

    def __call__(self, method: str, target: str, body: bytes | None = None) -> tuple[int, bytes]:
        super().__call__(method, target, body)
        found = {"totalResults": 1, "Resources": [{"id": "7", "userName": NAME}]}
        return (200, json.dumps(found).encode()) if method == "GET" else (204, b"")


def test_who_was_created_without_a_word_of_the_id_is_nobody_elses_to_delete() -> None:
    claims, calls = Claims(), Directory()
    shared, own = (Journal(None, owner=owner, claims=claims) for owner in ("shared", "case"))
    made = shared.intend("POST", "/Users", BODY)
    assert made is not None
    shared.answered_all([made], 201, b"")
    refused = own.intend("PUT", "/Users/7", BODY)
    assert refused is not None
    own.answered_all([refused], 412, b"")
    sweep(own, calls)
    assert not [each for each in calls.sent if each.startswith("DELETE")]
    sweep(shared, calls)
    assert calls.sent[-1] == "DELETE /Users/7"


def test_a_second_create_of_a_name_whose_reply_was_lost_is_deleted() -> None:
    claims, calls = Claims(), Directory()
    journal = Journal(None, owner="case", claims=claims)
    created(journal, "6")
    assert journal.intend("POST", "/Users", BODY) is not None
    sweep(journal, calls)
    deleted = [each for each in calls.sent if each.startswith("DELETE")]
    assert deleted == ["DELETE /Users/7", "DELETE /Users/6"]


def test_an_address_tells_the_id_of_a_create_without_a_body() -> None:
    journal = Journal(None, owner="case")
    item = journal.intend("POST", "/Users", BODY)
    assert item is not None
    journal.answered_all([item], 201, b"", "https://scim.example/v2/Users/a%2Fb")
    assert item.id == "a/b"
