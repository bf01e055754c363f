"""A recording sent again: other people, other ids, the same conversation."""

from __future__ import annotations

# ruff: noqa: ANN401 # JSON of any shape
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Trouble
from idp_profiles.traffic.file import read
from idp_profiles.traffic.placeholders import PLACEHOLDER
from idp_profiles.traffic.recorded import Content
from idp_profiles.traffic.recorded import Recorded
from idp_profiles.traffic.recorded import RecordedReply
from idp_profiles.traffic.replay import MadeUp
from idp_profiles.traffic.replay import Replay
from idp_profiles.transport import WireSend
from tests.idp_profiles.traffic.booth import TOKEN
from tests.idp_profiles.traffic.booth import record
from tests.idp_profiles.traffic.booth import server

BEARER = f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("name", "dialect", "scenario"),
    [
        ("okta", "oin", "group-members-change-patch"),
        ("okta", "oin", "link-existing-user-oin"),
        ("okta", "oin", "sync-password-oin"),
        ("okta", "aiw", "group-change-put"),
        ("okta", "aiw", "rename-user"),
        ("entra", "default", "update-many-default"),
        ("entra", "default", "group-remove-member-default"),
        ("entra", "flag", "manager-set-flag"),
        ("jumpcloud", "custom", "group-member-remove"),
    ],
)
def test_another_server_answers_a_replay_as_the_recorded_one_did(
    tmp_path: Path, name: str, dialect: str, scenario: str
) -> None:
    path = tmp_path / "r"
    record(path, name, dialect, scenario)
    entries = read(path).entries
    sent: list[Request] = []
    with server() as running, WireSend(running.url) as wire:

        def send(request: Request) -> Reply:
            sent.append(request)
            return wire(request)

        # Twice on one server: the people are others each time, so that nothing is there already.
        for _ in range(2):
            told = list(Replay(send, BEARER).run(entries))
            assert [one.verdict for one in told] == ["same"] * len(entries)
    text = "".join(f"{one.target}{one.body!r}" for one in sent)
    own = re.sub(r"scimproof-[0-9a-f]{8}-(?:[a-z]+-)?[0-9]+", "", text)
    assert PLACEHOLDER.findall(own) == []
    assert "redacted" not in text


def test_the_wire_form_is_that_of_the_recording(tmp_path: Path) -> None:
    path = tmp_path / "r"
    record(path, "okta", "oin", "create-user")
    entries = read(path).entries
    sent: list[Request] = []

    def send(request: Request) -> Reply:
        sent.append(request)
        return Reply(200, "", (), b"{}")

    list(Replay(send, BEARER).run(entries))
    names = [name for name, _ in entries[0].headers if name not in {"Host", "Connection"}]
    assert [name for name, _ in sent[0].headers] == names
    assert dict(sent[0].headers)["Authorization"] == BEARER
    assert "%20eq%20%22scimproof-" in sent[0].target
    assert "%40example.com%22&startIndex=1&count=100" in sent[0].target


def recorded(number: int, method: str, target: str, **more: Any) -> Recorded:
    body, reply = more.pop("body", None), more.pop("reply", None)
    content = Content() if body is None else Content("json", 1, body)
    answer = None if reply is None else RecordedReply(200, (), Content("json", 1, reply))
    return Recorded(
        number=number,
        at=float(number),
        method=method,
        target=target,
        headers=(),
        content=more.pop("content", content),
        reply=answer,
        **more,
    )


def run(entries: tuple[Recorded, ...], *answers: Any) -> tuple[list[Request], list[str]]:
    sent: list[Request] = []
    left = list(answers)

    def send(request: Request) -> Reply:
        sent.append(request)
        answer = left.pop(0)
        if isinstance(answer, Trouble):
            raise answer
        return Reply(200, "", (), json.dumps(answer).encode())

    told = list(Replay(send, BEARER).run(entries))
    return sent, [one.verdict for one in told]


def test_ids_of_the_recorded_server_become_those_of_the_new_one() -> None:
    entries = (
        recorded(1, "POST", "/Users", body={"userName": "user-1"}, reply={"id": "id-1"}),
        recorded(2, "GET", "/Users/id-1", reply={"id": "id-1"}),
        recorded(3, "PATCH", "/Groups/id-2", body={"path": 'members[value eq "id-1"]'}),
    )
    sent, _ = run(entries, {"id": "new/1"}, {"id": "new/1"}, {})
    assert sent[1].target == "/Users/new%2F1"
    assert json.loads(sent[2].body or b"") == {"path": 'members[value eq "new/1"]'}
    assert sent[2].target.startswith("/Groups/scimproof-")


def test_what_the_idp_said_first_is_not_the_servers_to_change() -> None:
    entries = (
        recorded(1, "POST", "/Users", body={"externalId": "id-1"}, reply={"externalId": "id-1"}),
        recorded(2, "POST", "/Users", body={"externalId": "id-1"}),
    )
    sent, _ = run(entries, {"externalId": "made by the server"}, {})
    assert sent[0].body == sent[1].body


def test_resources_of_a_list_are_told_apart_by_their_names() -> None:
    listed = [{"id": "id-1", "userName": "user-1"}, {"id": "id-2", "userName": "user-2"}]
    entries = (
        recorded(1, "POST", "/Users", body={"userName": "user-1"}, reply={}),
        recorded(2, "POST", "/Users", body={"userName": "user-2"}, reply={}),
        recorded(3, "GET", "/Users", reply={"Resources": listed}),
        recorded(4, "DELETE", "/Users/id-1"),
    )
    sent: list[Request] = []

    def send(request: Request) -> Reply:
        sent.append(request)
        names = [json.loads(one.body or b"")["userName"] for one in sent[:2]]
        others = [{"id": f"at-{at}", "userName": name} for at, name in enumerate(names)]
        return Reply(200, "", (), json.dumps({"Resources": others[::-1]}).encode())

    list(Replay(send, BEARER).run(entries))
    assert sent[3].target == "/Users/at-0"


def test_what_is_not_in_the_recording_is_left_out_and_told() -> None:
    entries = (
        recorded(1, "POST", "/oauth/token", elsewhere=True),
        recorded(2, "POST", "/Users", content=Content("hidden", 9, why="no JSON")),
        recorded(3, "POST", "/Users", content=Content("form", 9, [])),
        recorded(4, "GET", "/Users", reply={}),
    )
    sent, verdicts = run(entries, {})
    assert verdicts == ["left out", "left out", "left out", "same"]
    assert len(sent) == 1


def test_a_server_that_cannot_be_reached_ends_the_replay() -> None:
    entries = (recorded(1, "GET", "/Users", reply={}), recorded(2, "GET", "/Users", reply={}))
    sent, verdicts = run(entries, Trouble("Nothing listens."))
    assert (verdicts, len(sent)) == (["differs"], 1)


def test_another_status_differs() -> None:
    then = recorded(1, "GET", "/Users", reply={})
    assert then.reply is not None
    refused = replace(then, reply=replace(then.reply, status=404))
    _, verdicts = run((then, refused), {}, {})
    assert verdicts == ["same", "differs"]


def test_made_up_values_keep_letter_case_and_relation() -> None:
    names = MadeUp("example.com")
    plain = names.in_text("person-1@redacted.invalid")
    assert names.in_text("PERSON-1@REDACTED.INVALID") == plain.upper()
    assert names.in_text("pErson-1@redacted.invalid").casefold() == plain.casefold()
    assert names.in_text("pErson-1@redacted.invalid") != plain
    assert plain.endswith("@example.com")
    assert names.in_text("person-2@redacted.invalid") != plain
    assert names.in_text("phone-3").startswith("+1-555-555-")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"nonsense", b'"x"', b'{"id": 7}', b'{"Resources": 3}', b"\xff"]
)
def test_whatever_a_server_answers_the_replay_goes_on(body: bytes) -> None:
    listed = {"id": "id-1", "Resources": [{"id": "id-2", "userName": "user-1"}], "meta": {}}
    entries = (
        recorded(1, "GET", "/Users", reply=listed),
        recorded(2, "GET", "/Users/id-1", reply=listed),
    )
    told = list(Replay(lambda request: Reply(200, "", (), body), BEARER).run(entries))
    assert [one.verdict for one in told] == ["same", "same"]
