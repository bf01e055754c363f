"""The client of the protocol's cases, against the reference server without sockets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from suites.cleanup.journal import Journal
from suites.cleanup.tidying import sweep
from suites.client import GROUP_URN
from suites.client import USER_URN
from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.evidence import Unmasked
from suites.expect import expect
from suites.making.lab import Lab
from suites.making.people import Registry
from suites.making.world import World
from suites.making.world import seed
from suites.reach import embedded
from suites.reach.connection import Connection
from suites.reach.embedded import Embedded
from suites.schemas.definitions import rfc
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered


class Bench:
    """A server that may deviate, and a client of it with log and journal."""

    def __init__(self, path: Path, *deviations: str) -> None:
        self.server: Embedded = embedded.start(deviations=deviations, sockets=False)
        self.log = CaseLog("case", Unmasked(), lambda line: None)
        self.journal = Journal(path, owner="t.1")
        connection: Connection = self.server.connection
        self.scim = Scim(ScimClient(connection, self.log, self.journal))
        people = Registry(seed=1, run_id="r", case="case", domain="example.com")
        self.lab = Lab(self.scim, people, rfc(), connection.target)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    made: list[Bench] = []

    def begin(*deviations: str) -> Bench:
        made.append(Bench(tmp_path / "journal.jsonl", *deviations))
        return made[-1]

    yield begin
    for bench in made:
        bench.server.close()


def world_of(bench: Bench) -> World:
    return seed(bench.lab, with_groups=True)


# -- requests


def test_the_query_is_encoded(start: Any) -> None:  # noqa: ANN401 - a maker of benches
    bench = start()
    bench.scim.get("/Users", filter='userName eq "a+b&c"', count=1, attributes=["id", "name.x"])
    target = bench.log.entries[-1].target
    assert target.count("&") == 2
    assert unquote(target) == '/Users?filter=userName eq "a+b&c"&count=1&attributes=id,name.x'


def test_headers_are_changed_and_taken_away(start: Any) -> None:  # noqa: ANN401
    bench = start()
    reply = bench.scim.get("/Users", headers={"Authorization": None, "Accept": "text/html"})
    sent = dict(bench.log.entries[-1].request_headers)
    assert (reply.status, sent["Accept"]) == (401, "text/html")
    assert "Authorization" not in sent


def test_bytes_are_sent_as_they_are(start: Any) -> None:  # noqa: ANN401
    bench = start()
    assert bench.scim.post("/Users", b'{"userName": ').status == 400
    assert bench.log.entries[-1].request_body == '{"userName": '


def test_the_verbs_do_what_they_say(start: Any) -> None:  # noqa: ANN401
    bench = start()
    made = bench.lab.user()
    assert bench.scim.put(made, {**made.stored, "title": "Boss"}).object()["title"] == "Boss"
    bench.scim.patch(made, {"op": "remove", "path": "title"})
    assert "title" not in bench.scim.get(made).object()
    assert bench.scim.head(made).content == b""
    assert bench.scim.search("/Users", count=0).object()["totalResults"] == 1
    assert bench.scim.delete(made).status == 204
    assert bench.scim.get(made).status == 404


def test_a_search_follows_the_pages(start: Any) -> None:  # noqa: ANN401
    bench = start()
    world = world_of(bench)
    reply = bench.scim.find("userName pr", count=3)
    assert len(bench.log.entries) == 22 + 3
    expect(reply).finds(*world.users, among=world.users)


# -- the journal of bulk requests


def test_what_a_bulk_request_creates_is_deleted(start: Any, tmp_path: Path) -> None:  # noqa: ANN401
    bench = start()
    user = {"schemas": [USER_URN], "userName": "bulk@example.com"}
    group = {"schemas": [GROUP_URN], "displayName": "bulk"}
    bench.scim.bulk(
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": user},
        {"method": "POST", "path": "/Groups", "bulkId": "b", "data": group},
        {"method": "POST", "path": "/Users", "bulkId": "c", "data": {"schemas": [USER_URN]}},
        {"method": "DELETE", "path": "/Users/nobody"},
    )
    known = [(each.kind, each.id is not None, each.refused) for each in bench.journal.items]
    assert known == [("Users", True, False), ("Groups", True, False), ("Users", False, True)]
    sweep(bench.journal, bench.scim.client.raw)
    assert all(each.done for each in bench.journal.items)
    assert bench.scim.get("/Users").object()["totalResults"] == 0
    lines = [json.loads(line) for line in (tmp_path / "journal.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines[:3]] == ["intent"] * 3


def test_a_bulk_request_without_an_answer_is_searched_by_name(start: Any) -> None:  # noqa: ANN401
    bench = start()
    items = bench.journal.intend_all(
        "POST", "/Bulk", b'{"Operations": [{"method": "POST", "path": "/Users", "data": {}}]}'
    )
    bench.journal.answered_all(items, 500, b"")
    assert [(each.id, each.refused) for each in items] == [(None, False)]


# -- resources


def test_a_user_has_everything_the_schema_has_room_for(start: Any) -> None:  # noqa: ANN401
    made = start().lab.user()
    paths = ("name.middleName", "addresses.region", "ims.value", "photos", "externalId")
    assert made.kept(*paths) is made
    assert made.values("emails.type") == ["work", "home"]


def test_a_server_that_refuses_so_much_is_given_less(start: Any) -> None:  # noqa: ANN401
    bench = start("create-refuses-external-id")
    made = bench.lab.user()
    assert made.has("nickName")
    assert len(made.values("emails.value")) == 2
    with pytest.raises(NotOffered, match=r"made without externalId: POST /Users answered 400 \("):
        made.kept("externalId")


def test_a_server_that_creates_nobody_blocks(start: Any) -> None:  # noqa: ANN401
    bench = start("create-seats-limited")
    bench.lab.plain_user()
    bench.lab.plain_user()
    with pytest.raises(Blocked, match="POST /Users answered 403") as caught:
        bench.lab.plain_user()
    assert caught.value.by == "RFC7644-3.3-1"


def test_an_empty_reply_to_a_create_is_made_good_by_a_read(start: Any) -> None:  # noqa: ANN401
    assert start("create-empty-body").lab.user().has("userName")


# -- the world


def test_the_world_is_made_with_few_requests(start: Any) -> None:  # noqa: ANN401
    bench = start()
    world = world_of(bench)
    assert len(bench.log.entries) == 22
    assert not world.missing
    assert [each.key for each in world.users] == [
        *("ada", "ben", "cyd", "dot", "eve", "fay", "gus", "hal")
    ]
    assert [len(each.values("members")) for each in world.groups] == [3, 2, 0]


@pytest.mark.parametrize(
    "path",
    ["title", "userType", "nickName", "externalId", "emails", "ims", "name", "name.middleName"],
)
def test_every_attribute_has_a_match_and_a_decoy(start: Any, path: str) -> None:  # noqa: ANN401
    world = world_of(start())
    assert 0 < len(world.having(path)) < len(world.users)


def test_texts_have_twins_that_differ_by_case(start: Any) -> None:  # noqa: ANN401
    world = world_of(start())
    assert {each.key for each in world.equal("nickName", f"ace {world.mark}")} == {"ada", "ben"}
    assert {each.key for each in world.equal("externalId", f"x-{world.mark}-A")} == {"ada", "ben"}


def test_what_the_server_does_not_keep_is_not_expected(start: Any) -> None:  # noqa: ANN401
    world = world_of(start("create-drops-emails"))
    with pytest.raises(NotOffered, match="keeps no emails of a user"):
        world.having("emails")


def test_who_cannot_be_made_blocks_only_those_who_ask(start: Any) -> None:  # noqa: ANN401
    world = world_of(start("create-seats-limited"))
    assert world["ada"].key == "ada"
    with pytest.raises(Blocked):
        world["hal"]


def test_a_server_without_groups_has_a_world_all_the_same(start: Any) -> None:  # noqa: ANN401
    world = seed(start().lab, with_groups=False)
    assert not world.groups
    with pytest.raises(NotOffered, match="no groups"):
        world["crew"]


# -- what a query found


def made(key: str) -> Made:
    return Made(kind="Users", id=key, key=key, sent={}, stored={}, reply=None)  # type: ignore[arg-type]  # not looked at


class Listed:
    def __init__(self, *ids: str, status: int = 200, **more: object) -> None:
        self.status = status
        self.entry: Any = None
        self._body = {"Resources": [{"id": each} for each in ids], **more}

    def header(self, name: str) -> str | None:
        return None

    def json(self) -> Any:  # noqa: ANN401 - JSON
        return self._body

    def refresh(self) -> bool:
        return False


ALL = [made(key) for key in ("a", "b", "c")]


@pytest.mark.parametrize("ids", [("a",), ("x", "a", "y"), ("a", "c")])
def test_other_peoples_resources_are_not_looked_at(ids: tuple[str, ...]) -> None:
    expect(Listed(*ids)).finds(ALL[0], among=ALL, perhaps=[ALL[2]])


@pytest.mark.parametrize("ids", [(), ("b",), ("a", "b"), ("a", "a"), ("c",)])
def test_a_missing_a_wrong_and_a_double_one_are_mismatches(ids: tuple[str, ...]) -> None:
    with pytest.raises(Mismatch, match="expected a found"):
        expect(Listed(*ids)).finds(ALL[0], among=ALL, perhaps=[ALL[2]])


def test_a_filter_that_is_not_supported_warns_at_most() -> None:
    with pytest.raises(Mismatch) as caught:
        expect(Listed(status=400, scimType="invalidFilter")).finds(ALL[0], among=ALL)
    assert caught.value.at_most == "warn"
    with pytest.raises(Mismatch) as caught:
        expect(Listed(status=400, scimType="invalidValue")).finds(ALL[0], among=ALL)
    assert caught.value.at_most is None


def test_the_order_is_that_of_our_own() -> None:
    expect(Listed("x", "b", "y", "a")).in_order(ALL[1], ALL[0], among=ALL)
    with pytest.raises(Mismatch, match="expected the order a, b, got b, a"):
        expect(Listed("b", "a")).in_order(ALL[0], ALL[1], among=ALL)
