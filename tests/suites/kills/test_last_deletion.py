"""What is deleted last, what is deactivated in place of that, and what is left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Certainty
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from suites.cleanup.journal import Journal
from suites.cleanup.last_deletion import LastDeletion
from suites.cleanup.strangers import spare_strangers
from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.evidence import Unmasked
from suites.making.bodies import plain_user
from suites.making.people import Registry
from suites.reach import embedded
from suites.verbs import Scim

Json: TypeAlias = Any
MARK = "scimproof-0a1b2c-"
NAME = f"{MARK}3d4e5f-ann1@example.com"


class Bench:
    """An own server, with the client of one case and its journal."""

    def __init__(self, *deviations: str) -> None:
        self.server = embedded.start(deviations=deviations, sockets=False)
        self.journal = Journal(None, owner="case")
        log = CaseLog("case", Unmasked(), lambda line: None)
        self.client = ScimClient(self.server.connection, log, self.journal)
        self.scim = Scim(self.client)
        self.people = Registry(seed=1, run_id="0a1b2c", case="case", domain="example.com")
        self.slept: list[float] = []

    def user(self) -> str:
        return str(self.scim.post("/Users", plain_user(self.people.person())).object()["id"])

    def group(self, *members: str) -> str:
        made = self.client.create_group(self.people.unique("team"), members)
        return str(made.object()["id"])

    def end(self, **more: Json) -> list[Json]:
        """Delete everything; return what is left behind."""
        settings = {"marks": frozenset({MARK}), "sleep": self.slept.append, **more}
        LastDeletion(self.journal, settings.pop("send", self.client.raw), **settings).run()
        return [item.to_json() for item in self.journal.items if not item.done]

    def shown(self, endpoint: str = "Users") -> list[Json]:
        listed = self.scim.get(f"/{endpoint}").object()
        return list(listed["Resources"])


@pytest.fixture
def start() -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def begin(*deviations: str) -> Bench:
        made.append(Bench(*deviations))
        return made[-1]

    yield begin
    for bench in made:
        bench.server.close()


Start: TypeAlias = Callable[..., Bench]


def test_everything_goes_where_the_server_deletes(start: Start) -> None:
    bench = start()
    bench.group(bench.user(), bench.user())
    assert bench.end() == []
    assert bench.shown() == bench.shown("Groups") == []


def test_who_cannot_be_deleted_is_deactivated_and_told(start: Start) -> None:
    bench = start("delete-refused")
    made = bench.user()
    for _ in range(2):
        (left,) = bench.end()
        assert (left["id"], left["deactivated"]) == (made, True)
        assert left["why"] == "DELETE answered 405; it is deactivated instead"
        assert [each["active"] for each in bench.shown()] == [False]


@pytest.mark.parametrize(
    ("refused", "method", "said"),
    [
        pytest.param(("PATCH",), "PUT", None, id="by PUT"),
        pytest.param(
            ("PATCH", "PUT"),
            None,
            "DELETE answered 405; deactivating it failed as well: "
            "PATCH answered 501, PUT answered 501",
            id="not at all",
        ),
    ],
)
def test_a_server_without_patch_is_asked_by_put(
    start: Start, refused: tuple[str, ...], method: str | None, said: str | None
) -> None:
    bench = start("delete-refused")
    bench.user()
    sent: list[str] = []

    def send(method: str, target: str, body: Json = None) -> tuple[int, bytes]:
        sent.append(method)
        return (501, b"") if method in refused else bench.client.raw(method, target, body)

    (left,) = bench.end(send=send)
    assert [each["active"] for each in bench.shown()] == [method is None]
    assert left.get("deactivated") is (True if method else None)
    assert said in (None, left["why"])
    assert [each for each in sent if each in ("PATCH", "PUT")] == ["PATCH", "PUT"]


def test_a_server_that_deactivates_whom_it_deletes_has_nothing_left(start: Start) -> None:
    bench = start("delete-deactivates")
    bench.user()
    assert bench.end() == []
    assert [each["active"] for each in bench.shown()] == [False]


def test_who_is_there_after_the_delete_is_told_and_deactivated(start: Start) -> None:
    bench = start("delete-ignored")
    bench.user()
    (left,) = bench.end(settle=3.0)
    assert left["why"] == (
        "DELETE answered 204, and it is there all the same; it is deactivated instead"
    )
    assert bench.slept.count(3.0) >= 1
    assert [each["active"] for each in bench.shown()] == [False]


def test_what_a_case_deleted_in_vain_is_found_by_the_mark_of_the_run(start: Start) -> None:
    bench = start("delete-ignored")
    made = bench.user()
    (item,) = bench.journal.items
    bench.journal.remove(item, bench.client.raw)
    assert item.done
    (left,) = bench.end()
    assert (left["id"], left["deactivated"]) == (made, True)


def test_a_group_that_cannot_be_deleted_is_told(start: Start) -> None:
    bench = start("group-delete-refused")
    made = bench.group(bench.user())
    (left,) = bench.end()
    assert (left["type"], left["id"], left["why"]) == ("Groups", made, "DELETE answered 405")
    assert bench.shown() == []


def test_a_member_is_deleted_once_the_group_is_gone(start: Start) -> None:
    bench = start("delete-of-member-refused")
    team = bench.group()
    late = bench.user()
    bench.scim.patch(
        f"/Groups/{team}", {"op": "add", "path": "members", "value": [{"value": late}]}
    )
    assert bench.end() == []
    assert bench.shown() == []


def test_an_id_that_is_somebody_elses_by_now_is_left_alone(start: Start) -> None:
    bench = start()
    made = bench.user()
    stranger = {"op": "replace", "path": "userName", "value": "ceo@example.com"}
    bench.scim.patch(f"/Users/{made}", stranger)
    (left,) = bench.end()
    assert left["why"] == "it is called 'ceo@example.com' now, and may be somebody else's"
    assert [each["active"] for each in bench.shown()] == [True]


def test_the_id_of_what_had_no_name_may_be_somebody_elses_too(start: Start) -> None:
    bench = start()
    made = bench.user()
    bench.journal.items[0].name = ""
    stranger = {"op": "replace", "path": "userName", "value": "ceo@example.com"}
    bench.scim.patch(f"/Users/{made}", stranger)
    (left,) = bench.end()
    assert left["why"] == "it is called 'ceo@example.com' now, and may be somebody else's"
    assert [each["userName"] for each in bench.shown()] == ["ceo@example.com"]


def test_an_account_of_a_given_name_is_deleted_where_the_run_made_it(start: Start) -> None:
    bench = start()
    bench.scim.post("/Users", {**plain_user(bench.people.person()), "userName": "me@example.com"})
    assert bench.end() == []
    assert bench.shown() == []


def test_what_a_case_renamed_is_deleted_all_the_same(start: Start) -> None:
    bench = start()
    made = bench.user()
    name = {"op": "replace", "path": "userName", "value": NAME}
    bench.scim.patch(f"/Users/{made}", name)
    assert bench.end() == []
    assert bench.shown() == []


def test_a_create_that_is_answered_with_somebody_else_costs_nobody_the_account() -> None:
    journal = Journal(None, owner="case")
    item = journal.intend("POST", "/Users", json.dumps({"userName": NAME}).encode())
    assert item is not None
    journal.answered(item, 200, b'{"id": "1", "userName": "ceo@example.com"}')
    asked: list[str] = []

    def send(method: str, target: str, body: Json = None) -> tuple[int, bytes]:
        asked.append(method)
        return 200, b'{"totalResults": 0}'

    LastDeletion(journal, send).run()
    assert set(asked) == {"GET"}
    assert "somebody else's" in str(item.why)


@pytest.mark.parametrize("body", [{}, {"userName": {"a": 1}}, {"userName": ""}])
def test_a_create_without_a_name_belongs_to_the_run_whatever_the_server_calls_it(
    body: Json,
) -> None:
    journal = Journal(None, owner="case")
    item = journal.intend("POST", "/Users", json.dumps(body).encode())
    assert item is not None
    journal.answered(item, 201, b'{"id": "1", "userName": "user-1"}')
    assert (item.name, item.id) == ("user-1", "1")


def test_a_name_that_the_server_cut_short_is_still_ours() -> None:
    journal = Journal(None, owner="case")
    item = journal.intend("POST", "/Users", json.dumps({"userName": NAME}).encode())
    assert item is not None
    journal.answered(item, 201, json.dumps({"id": "1", "userName": NAME[:20]}).encode())
    assert item.id == "1"


class Plain:
    """A server that can list and delete; `searches` tells whether it takes filters."""

    def __init__(self, *users: tuple[str, str], searches: bool = False) -> None:
        self.users = dict(users)
        self.searches = searches

    def __call__(self, method: str, target: str, body: Json = None) -> tuple[int, bytes]:
        place, _, query = target.partition("?")
        if method == "DELETE":
            return (204 if self.users.pop(place.rpartition("/")[2], None) else 404), b""
        if place != "/Users":
            return 404, b""
        if "filter" in query and not self.searches:
            return 501, b""
        start = int(query.partition("startIndex=")[2] or 1) - 1
        page = [{"id": key, "userName": name} for key, name in self.users.items()][start:][:2]
        return 200, json.dumps({"totalResults": len(self.users), "Resources": page}).encode()


@pytest.mark.parametrize("searches", [False, True], ids=["no filters", "filters ignored"])
def test_a_lost_create_is_found_on_a_later_page(searches: bool) -> None:
    others = [(str(n), f"p{n}@example.com") for n in range(5)]
    server = Plain(*others, ("9", NAME), searches=searches)
    journal = Journal(None, owner="case")
    journal.intend("POST", "/Users", json.dumps({"userName": NAME}).encode())
    LastDeletion(journal, server).run()
    assert [item.why for item in journal.items] == [None]
    assert list(server.users.items()) == others


@pytest.mark.parametrize("nameless", [False, True])
def test_a_lost_create_without_a_name_is_settled_when_everybody_has_one(nameless: bool) -> None:
    server = Plain(("1", "ceo@example.com"), *([("2", "")] if nameless else []))
    journal = Journal(None, owner="case")
    journal.intend("POST", "/Users", b"{}")
    LastDeletion(journal, server).run()
    assert [item.done for item in journal.items] == [not nameless]
    assert len(server.users) == 1 + nameless


def test_a_server_that_is_gone_is_not_asked_for_each() -> None:
    journal = Journal(None, owner="case")
    asked: list[str] = []
    for n in range(9):
        item = journal.intend("POST", "/Users", json.dumps({"userName": NAME}).encode())
        assert item is not None
        journal.answered(item, 201, json.dumps({"id": str(n)}).encode())

    def send(method: str, target: str, body: Json = None) -> tuple[int, bytes]:
        asked.append(target)
        raise ConnectionRefusedError("nobody is there")

    LastDeletion(journal, send).run()
    assert len(asked) == 3
    assert all("nobody is there" in str(item.why) for item in journal.items)


def test_what_an_idp_finds_again_after_a_lost_reply_is_known_before_it_is_renamed() -> None:
    journal = Journal(None, owner="case")
    item = journal.intend("POST", "/Users", json.dumps({"userName": NAME}).encode())
    assert item is not None
    step = Step("rename", Certainty.DOC, ())
    body = json.dumps({"id": "7", "userName": NAME}).encode()
    spare_strangers(
        Request("PATCH", "/Users/7", (), b"{}", step),
        journal,
        lambda request: Reply(200, "", (), body),
    )
    assert item.id == "7"


def test_a_put_that_creates_is_known() -> None:
    journal = Journal(None, owner="case")
    for status, known in ((201, True), (404, False), (200, False)):
        item = journal.intend("PUT", f"/Users/{status}", json.dumps({"userName": NAME}).encode())
        assert item is not None
        journal.answered(item, status, json.dumps({"id": str(status)}).encode())
        assert (item.id is not None) is known
    assert journal.intend("PUT", "/Users/201", b"{}") is None
