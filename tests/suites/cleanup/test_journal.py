from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias
from urllib.parse import unquote

import pytest

from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import Trouble
from reports import Redactor
from suites.cleanup.claims import Claims
from suites.cleanup.journal import Journal
from suites.cleanup.journal import JournalError
from suites.cleanup.journal import count_created
from suites.cleanup.journal import load_open
from suites.cleanup.journal import target_of
from suites.cleanup.journal import write_target
from suites.cleanup.tidying import sweep
from suites.evidence import CaseLog
from suites.reach.connection import Connection
from suites.reach.lanes import Lanes
from suites.replay import RecordingSend
from suites.target.model import Target

Json: TypeAlias = Any
# As a run names what it makes: who has such a name was made by it.
OURS = "scimproof-0a1b2c-3d4e5f-"
BARBARA = f"{OURS}bjensen"
USER = json.dumps({"userName": BARBARA}).encode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def events(path: Path) -> list[tuple[str, str, str | None]]:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(line["event"], line["name"], line["id"]) for line in lines]


class Server:
    """Keeps resources, and notes what it was asked to delete."""

    def __init__(self, *resources: tuple[str, str, str], delete: int = 204, get: int = 200) -> None:
        self.resources = list(resources)
        self.calls: list[str] = []
        self._delete, self._get = delete, get

    def __call__(self, method: str, target: str) -> tuple[int, bytes]:
        self.calls.append(f"{method} {unquote(target)}")
        kind, _, rest = target.strip("/").replace("?", "/").partition("/")
        if method == "DELETE":
            known = [each for each in self.resources if each[:2] == (kind, unquote(rest))]
            if self._delete == 204:
                self.resources = [each for each in self.resources if each not in known]
            return (self._delete if known else 404), b""
        asked = re.fullmatch(r'filter=(\w+) eq "(.*)"', unquote(rest))
        assert asked is not None
        name = re.sub(r"\\(.)", r"\1", asked[2])
        found = [
            {"id": each[1], asked[1]: each[2]}
            for each in self.resources
            if each[0] == kind and each[2].lower() == name.lower()
        ]
        return self._get, json.dumps({"Resources": found}).encode()


def send_into(path: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[], Reply]) -> Journal:
    """Send a create as a mock IdP does, over a transport that runs `act`."""
    credential = Credential(kind="bearer", secret="secret-of-test")  # noqa: S106 - made up
    connection = Connection(Target(url="http://127.0.0.1:1/v2", credential=credential))
    monkeypatch.setattr(Connection, "idp_send", property(lambda self: lambda request: act()))
    journal = Journal(path, owner="w.1")
    log = CaseLog("case", Redactor(), lambda line: None)
    request = Request("POST", "/Users", (), USER, Step("create", Certainty.DOC, ()))
    RecordingSend(connection, log, journal)(request)
    return journal


def test_the_intent_is_on_disk_before_the_create_leaves(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def act() -> Reply:
        seen.extend(events(path))
        return Reply(201, body=b'{"id": "7"}')

    send_into(path, monkeypatch, act)
    assert seen == [("intent", BARBARA, None)]
    assert events(path) == [("intent", BARBARA, None), ("created", BARBARA, "7")]


def test_who_was_created_without_a_name_has_the_one_that_the_server_gave(path: Path) -> None:
    journal = Journal(path, owner="w.1")
    item = journal.intend("POST", "/Users", b"{}")
    assert item is not None
    journal.answered(item, 201, b'{"id": "7", "userName": "u7"}')
    (found,) = load_open(path)
    assert (found.name, found.id) == ("u7", "7")


def test_a_lost_reply_leaves_the_intent(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def act() -> Reply:
        raise Trouble("nobody answers")

    with pytest.raises(Trouble):
        send_into(path, monkeypatch, act)
    (item,) = load_open(path)
    assert (item.kind, item.name, item.id, item.refused) == ("Users", BARBARA, None, False)


@pytest.mark.parametrize(
    ("method", "target", "kind"),
    [
        ("POST", "/Users", "Users"),
        ("POST", "/Users/", "Users"),
        ("POST", "/Groups?attributes=id", "Groups"),
        ("POST", "/Users/.search", None),
        ("POST", "/Bulk", None),
        ("POST", "/Me", "Users"),
        ("PUT", "/Users/7", "Users"),  # which some servers take for a create
        ("PUT", "/Users", None),
        ("PATCH", "/Users/7", None),
        ("GET", "/Users", None),
    ],
)
def test_only_a_create_is_written_down(
    path: Path, method: str, target: str, kind: str | None
) -> None:
    item = Journal(path, owner="w").intend(method, target, USER)
    assert (item.kind if item else None) == kind
    assert path.exists() is (item is not None)


def made(path: Path | None, *creates: tuple[str, str, int, bytes]) -> Journal:
    """Return a journal of creates: kind, name, status (0 = lost) and body."""
    journal = Journal(path, owner="w")
    for kind, name, status, body in creates:
        attribute = {"Users": "userName", "Groups": "displayName"}[kind]
        item = journal.intend("POST", f"/{kind}", json.dumps({attribute: name}).encode())
        assert item is not None
        if status:
            journal.answered(item, status, body)
    return journal


def test_the_last_that_came_is_the_first_that_goes(path: Path) -> None:
    journal = made(
        path,
        ("Users", "a", 201, b'{"id": "1"}'),
        ("Groups", "g", 201, b'{"id": "2"}'),
        ("Users", "b", 201, b'{"id": "3"}'),
    )
    server = Server(("Users", "1", "a"), ("Groups", "2", "g"), ("Users", "3", "b"))
    sweep(journal, server)
    assert server.calls == ["DELETE /Users/3", "DELETE /Groups/2", "DELETE /Users/1"]
    assert load_open(path) == []


def test_of_several_at_once_the_groups_go_before_the_users(path: Path) -> None:
    users = [("Users", f"u{n}", 201, b'{"id": "u%d"}' % n) for n in range(4)]
    groups = [("Groups", f"g{n}", 201, b'{"id": "g%d"}' % n) for n in range(4)]
    journal = made(path, *(each for pair in zip(groups, users, strict=True) for each in pair))
    known = [(kind, str(json.loads(body)["id"]), name) for kind, name, _, body in users + groups]
    server = Server(*known)
    sweep(journal, server, Lanes().each)
    assert sorted(server.calls[:4]) == [f"DELETE /Groups/g{n}" for n in range(4)]
    assert sorted(server.calls[4:]) == [f"DELETE /Users/u{n}" for n in range(4)]
    assert load_open(path) == []


def test_a_second_sweep_has_nothing_to_do(path: Path) -> None:
    journal = made(path, ("Users", "a", 201, b'{"id": "1"}'))
    sweep(journal, Server(("Users", "1", "a")))
    server = Server()
    sweep(journal, server)
    assert server.calls == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(0, b"", id="no reply"),
        pytest.param(500, b"oops", id="500"),
        pytest.param(409, b"{}", id="refused, and created all the same"),
        pytest.param(201, b"", id="no body"),
        pytest.param(201, b"<html>", id="no JSON"),
        pytest.param(201, b"[" * 100_000, id="nested without end"),
        pytest.param(201, b"[]", id="no object"),
        pytest.param(201, b"{}", id="no id"),
    ],
)
def test_what_came_without_an_id_is_found_by_its_name(path: Path, status: int, body: bytes) -> None:
    name = OURS + 'o"brien\\x'
    journal = made(path, ("Users", name, status, body))
    server = Server(("Users", "9", name), ("Users", "8", "somebody else"))
    sweep(journal, server)
    assert server.calls[-1] == "DELETE /Users/9"
    assert [each[1] for each in server.resources] == ["8"]
    assert load_open(path) == []


def test_the_name_is_compared_without_regard_to_case() -> None:
    server = Server(("Users", "9", BARBARA.upper()))
    sweep(made(None, ("Users", BARBARA, 0, b"")), server)
    assert server.resources == []


def test_a_server_that_ignores_the_filter_loses_nobody_else() -> None:
    body = json.dumps({"Resources": [{"id": "1", "userName": "ceo"}, {"id": "2"}, {}]}).encode()
    calls: list[str] = []

    def call(method: str, target: str) -> tuple[int, bytes]:
        calls.append(method)
        return 200, body

    sweep(made(None, ("Users", BARBARA, 0, b"")), call)
    assert calls == ["GET"]


def test_a_lost_create_that_cannot_be_looked_for_is_not_forgotten(path: Path) -> None:
    journal = made(path, ("Users", BARBARA, 0, b""))
    sweep(journal, Server(get=500))
    (item,) = journal.items
    assert not item.done
    assert "search" in str(item.why)
    assert [each.name for each in load_open(path)] == [BARBARA]


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"Resources": [7]}', b"[" * 100_000])
def test_a_search_that_answers_nonsense_settles_nothing(body: bytes) -> None:
    journal = made(None, ("Users", BARBARA, 0, b""))
    sweep(journal, lambda method, target: (200, body))
    assert [item.done for item in journal.items] == [False]


def test_a_refused_create_is_let_go_where_the_search_is_refused_too() -> None:
    journal = made(None, ("Groups", "team", 501, b""), ("Users", BARBARA, 401, b""))
    sweep(journal, Server(get=501))
    assert [item.done for item in journal.items] == [False, True]


def test_what_the_server_keeps_is_told(path: Path) -> None:
    journal = made(path, ("Users", "a", 201, b'{"id": "1"}'), ("Users", "b", 201, b'{"id": "2"}'))
    sweep(journal, Server(("Users", "1", "a"), delete=403))
    first, second = journal.items
    assert second.done
    assert first.to_json() == {
        "type": "Users",
        "name": "a",
        "id": "1",
        "why": "DELETE answered 403",
    }
    assert [item.id for item in load_open(path)] == ["1"]


def test_a_later_sweep_takes_the_reason_back() -> None:
    journal = made(None, ("Users", "a", 201, b'{"id": "1"}'))
    sweep(journal, Server(("Users", "1", "a"), delete=503))
    sweep(journal, Server(("Users", "1", "a")))
    assert [(item.done, item.why) for item in journal.items] == [(True, None)]


def test_one_resource_in_trouble_does_not_keep_the_others(path: Path) -> None:
    journal = made(path, ("Users", "a", 201, b'{"id": "1"}'), ("Users", "b", 201, b'{"id": "2"}'))

    def call(method: str, target: str) -> tuple[int, bytes]:
        if target.endswith("2"):
            raise ConnectionResetError("the line broke")
        return 204, b""

    sweep(journal, call)
    assert [(item.done, item.why) for item in journal.items] == [
        (True, None),
        (False, "the line broke"),
    ]


def test_an_id_cannot_change_the_path() -> None:
    calls: list[str] = []

    def call(method: str, target: str) -> tuple[int, bytes]:
        calls.append(target)
        return 204, b""

    sweep(made(None, ("Users", "a", 201, b'{"id": "../Groups/1?x#y"}')), call)
    assert calls == ["/Users/..%2FGroups%2F1%3Fx%23y"]


def test_an_id_that_utf_8_cannot_carry_does_not_stop_the_deletion() -> None:
    calls: list[str] = []

    def call(method: str, target: str) -> tuple[int, bytes]:
        calls.append(target)
        return 204, b""

    sweep(made(None, ("Users", "a", 201, b'{"id": "x\\ud800"}')), call)
    assert calls == ["/Users/x%ED%A0%80"]


def test_journals_of_several_cases_share_a_file(path: Path) -> None:
    for owner in ("gw0.1", "gw1.1"):
        journal = Journal(path, owner=owner)
        item = journal.intend("POST", "/Users", b'{"userName": "of %s"}' % owner.encode())
        assert item is not None
        journal.answered(item, 201, b'{"id": "of %s"}' % owner.encode())
    assert [item.id for item in load_open(path)] == ["of gw0.1", "of gw1.1"]
    assert count_created(path) == 2


def test_a_line_torn_by_a_crash_is_passed_over(path: Path) -> None:
    made(path, ("Users", "a", 201, b'{"id": "1"}'))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"event": "intent", "key": "w-2", "ty')
    assert [item.id for item in load_open(path)] == ["1"]


def test_what_is_no_journal_is_said_to_be_none(path: Path) -> None:
    path.write_text("hello\n", encoding="utf-8")
    with pytest.raises(JournalError, match="cannot be read"):
        load_open(path)


def test_a_kind_that_no_run_creates_is_never_deleted(path: Path) -> None:
    line = {"event": "created", "key": "w-1", "type": "../Admins", "name": "x", "id": "1"}
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(JournalError, match=r"'\.\./Admins'"):
        load_open(path)


def test_no_file_means_nothing_open(path: Path) -> None:
    assert (load_open(path), count_created(path), target_of(path)) == ([], 0, None)


def test_the_journal_knows_which_server_it_is_about(path: Path) -> None:
    write_target(path, "https://scim.example.com/v2")
    made(path, ("Users", "a", 201, b'{"id": "1"}'))
    assert target_of(path) == "https://scim.example.com/v2"
    assert len(load_open(path)) == 1


# -- nothing that the run did not make


@pytest.mark.parametrize("status", [0, 409, 500, 201])
def test_nobody_is_looked_for_by_a_name_that_others_may_have(path: Path, status: int) -> None:
    journal = made(path, ("Users", "ceo@example.com", status, b""))
    server = Server(("Users", "1", "ceo@example.com"))
    sweep(journal, server)
    assert server.calls == []
    assert [item.done for item in journal.items] == [status == 409]


def test_a_refused_second_user_does_not_cost_the_first(path: Path) -> None:
    claims = Claims()
    shared = Journal(path, owner="shared", claims=claims)
    first = shared.intend("POST", "/Users", USER)
    assert first is not None
    shared.answered(first, 201, b'{"id": "1"}')
    case = Journal(path, owner="case", claims=claims)
    second = case.intend("POST", "/Users", USER)
    assert second is not None
    case.answered(second, 409, b"{}")

    server = Server(("Users", "1", BARBARA))
    sweep(case, server)
    assert [each[1] for each in server.resources] == ["1"]
    assert second.done
    assert [item.key for item in load_open(path)] == [first.key]

    sweep(shared, server)
    assert server.resources == []
    assert load_open(path) == []


def test_a_second_user_who_was_made_all_the_same_is_deleted_alone() -> None:
    claims = Claims()
    shared, case = (Journal(None, owner=name, claims=claims) for name in ("shared", "case"))
    for journal, status, body in ((shared, 201, b'{"id": "1"}'), (case, 409, b"{}")):
        item = journal.intend("POST", "/Users", USER)
        assert item is not None
        journal.answered(item, status, body)
    server = Server(("Users", "1", BARBARA), ("Users", "2", BARBARA))
    sweep(case, server)
    assert [each[1] for each in server.resources] == ["1"]


def test_a_create_that_is_answered_with_another_user_does_not_cost_that_user() -> None:
    claims = Claims()
    shared, case = (Journal(None, owner=name, claims=claims) for name in ("shared", "case"))
    for journal in (shared, case):
        item = journal.intend("POST", "/Users", USER)
        assert item is not None
        journal.answered(item, 200, b'{"id": "1"}')
    server = Server(("Users", "1", BARBARA))
    sweep(case, server)
    assert server.calls == []
    sweep(shared, server)
    assert server.resources == []


def test_an_id_that_is_given_once_more_belongs_to_who_got_it_last() -> None:
    claims = Claims()
    for owner in ("first", "second"):
        journal = Journal(None, owner=owner, claims=claims)
        item = journal.intend("POST", "/Users", USER)
        assert item is not None
        journal.answered(item, 201, b'{"id": "1"}')
        server = Server(("Users", "1", BARBARA))
        sweep(journal, server)
        assert server.resources == [], owner


def test_a_cleanup_spares_nobody_of_the_run(path: Path) -> None:
    for owner, status, body in (("a", 201, b'{"id": "1"}'), ("b", 409, b"{}"), ("c", 0, b"")):
        journal = Journal(path, owner=owner)
        item = journal.intend("POST", "/Users", USER)
        assert item is not None
        if status:
            journal.answered(item, status, body)
    late = Journal(path, owner="cleanup")
    late.take_over(load_open(path))
    server = Server(("Users", "1", BARBARA))
    sweep(late, server)
    assert server.resources == []
    assert load_open(path) == []
