"""Requests whose query carries a flag of the base URL are accounted for like any other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from idp_profiles.ledger import Ledger
from idp_profiles.model import Certainty
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from reports import Redactor
from suites.cleanup.journal import Journal
from suites.evidence import CaseLog
from suites.evidence import RawExchange
from suites.evidence import curl

BODY = json.dumps({"userName": "scimproof-0a1b2c-3d4e5f-ann@example.com"}).encode()
FLAGGED = ("/Users?aadOptscim062020", "/Users/?aadOptscim062020", "//Users?aadOptscim062020=true")


@pytest.mark.parametrize("target", [*FLAGGED, "/Users?"])
def test_a_flagged_create_is_in_the_journal(tmp_path: Path, target: str) -> None:
    journal = Journal(tmp_path / "journal.jsonl", owner="test")
    item = journal.intend("POST", target, BODY)
    assert item is not None
    journal.answered(item, 201, b'{"id": "u-1"}')
    calls: list[str] = []

    def call(method: str, path: str) -> tuple[int, bytes]:
        calls.append(f"{method} {path}")
        return 204, b""

    journal.remove(item, call)
    assert calls == ["DELETE /Users/u-1"]


@pytest.mark.parametrize("target", ["/?aadOptscim062020/Users", "/?aadOptscim062020", "/Me/x?y"])
def test_what_no_server_takes_for_a_create_is_not(tmp_path: Path, target: str) -> None:
    assert Journal(tmp_path / "journal.jsonl", owner="test").intend("POST", target, BODY) is None


@pytest.mark.parametrize("target", FLAGGED)
def test_a_flagged_create_is_swept_by_hand_too(target: str) -> None:
    sent: list[str] = []

    def send(request: Request) -> Reply:
        sent.append(f"{request.method} {request.target}")
        return Reply(201 if request.method == "POST" else 204, body=b'{"id": "u-1"}')

    ledger = Ledger(send)
    ledger(Request("POST", target, (), BODY, Step("create", Certainty.DOC, ())))
    assert ledger.sweep() == ()
    assert sent[1:] == ["DELETE /Users/u-1"]


def test_a_request_with_the_word_bearer_twice_is_reproduced_with_it() -> None:
    log = CaseLog("case", Redactor(["abc123"]), lambda line: None)
    headers = (("Authorization", "Bearer Bearer abc123"),)
    raw = RawExchange(method="GET", target="/Users", headers=headers, body=None, reply=Reply(401))
    line = curl(log.record(raw), "https://scim.example.com/v2", "Bearer $SCIM_TOKEN")
    assert '"Authorization: Bearer Bearer $SCIM_TOKEN"' in line
    assert "abc123" not in line
