"""The journal of bulk requests: whatever the reply looks like, nothing created is left behind."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from idp_profiles.model import Json
from suites.cleanup.journal import Item
from suites.cleanup.journal import Journal
from suites.cleanup.journal import load_open
from suites.cleanup.tidying import sweep
from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.evidence import Unmasked
from suites.making.bodies import plain_group
from suites.making.bodies import plain_user
from suites.making.people import Registry
from suites.reach import embedded
from suites.values import value_at
from suites.verbs import Scim

Start = Callable[..., tuple[Scim, Journal]]
STRANGE = (
    "bulk-all-or-nothing",
    "bulk-answers-202",
    "bulk-id-left-out",
    "bulk-id-made-anew",
    "bulk-ids-swapped",
    "bulk-location-is-endpoint",
    "bulk-location-left-out",
    "bulk-partial-failure-400",
    "bulk-post-to-resource-accepted",
    "bulk-post-without-id-accepted",
    "bulk-refused-501",
    "bulk-results-as-object",
    "bulk-results-misnamed",
    "bulk-results-of-failures-only",
    "bulk-same-id-accepted",
    "bulk-status-as-number",
    "bulk-status-left-out",
    "bulk-statuses-simplified",
)


@pytest.fixture
def people() -> Registry:
    return Registry(seed=1, run_id="0a1b2c", case="case", domain="example.com")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    made = []

    def begin(*deviations: str) -> tuple[Scim, Journal]:
        server = embedded.start(deviations=deviations, sockets=False)
        made.append(server)
        journal = Journal(tmp_path / "journal.jsonl", owner="t.1")
        log = CaseLog("case", Unmasked(), lambda line: None)
        return Scim(ScimClient(server.connection, log, journal)), journal

    yield begin
    for server in made:
        server.close()


def operations(people: Registry) -> list[Json]:
    """Return creates in every form that a case sends, and a failure among them."""
    users = [{**plain_user(people.person())} for _ in range(5)]
    group = plain_group(people.unique("team"))
    return [
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": users[0]},
        {"method": "POST", "path": "/Groups", "bulkId": "b", "data": group},
        {"method": "DELETE", "path": "/Users/nobody"},
        {"method": "POST", "path": "/Users", "data": users[1]},
        {"method": "POST", "path": "/Users/nobody", "bulkId": "c", "data": users[2]},
        {"method": "POST", "path": "/Users", "bulkId": "d", "data": users[3]},
    ]


@pytest.mark.parametrize("name", ["nothing", *STRANGE])
def test_nothing_is_left_behind(name: str, start: Start, people: Registry, tmp_path: Path) -> None:
    scim, journal = start(*(() if name == "nothing" else (name,)))
    scim.bulk(*operations(people))
    same: list[Json] = [{**plain_user(people.person())} for _ in range(2)]
    create: dict[str, Json] = {"method": "POST", "path": "/Users", "bulkId": "e"}
    scim.bulk(*({**create, "data": each} for each in same))
    assert len(journal.items) == 7
    sweep(journal, scim.client.raw)
    assert [item.why for item in journal.items if not item.done] == []
    for endpoint in ("/Users", "/Groups"):
        assert value_at(scim.get(endpoint).object(), "totalResults") == 0
    assert load_open(tmp_path / "journal.jsonl") == []


def test_a_create_is_matched_by_its_bulk_id_not_by_its_place(
    start: Start, people: Registry
) -> None:
    scim, journal = start()
    scim.bulk(*reversed(operations(people)))
    found = {item.name: item.id for item in journal.items if item.id}
    for name, resource_id in found.items():
        users, groups = (
            scim.get(f"/{kind}/{resource_id}").object() for kind in ("Users", "Groups")
        )
        assert name in (users.get("userName"), groups.get("displayName"))
    assert len(found) == 3


def test_a_reply_that_is_no_json_leaves_the_search_by_name() -> None:
    journal = Journal(None, owner="w")
    body = b'{"Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {}}]}'
    items = journal.intend_all("POST", "/Bulk", body)
    journal.answered_all(items, 200, b"<html>")
    assert [(each.id, each.refused) for each in items] == [(None, False)]


def test_an_id_comes_from_the_location_or_else_from_the_resource() -> None:
    journal = Journal(None, owner="w")
    create = b'{"method": "POST", "path": "Users", "bulkId": "%s", "data": {}}'
    body = b'{"Operations": [%s]}' % b", ".join(create % name for name in (b"a", b"b", b"c"))
    items = journal.intend_all("POST", "/Bulk", body)
    reply = b"""{"Operations": [
        {"bulkId": "c", "status": {"code": "201"}, "location": "/Users", "response": {"id": "3"}},
        {"bulkId": "b", "status": 201, "location": "Users/x%2Fy?z=1"},
        {"bulkId": "a", "status": "201", "location": "https://h/v2/Accounts/7"}
    ]}"""
    journal.answered_all(items, 200, reply)
    assert [each.id for each in items] == [None, "x/y", "3"]


def test_what_is_taken_over_is_still_its_entrys_own() -> None:
    journal = Journal(None, owner="w")
    first, second = (Item(f"w-{n}", "Users", "same", id="7") for n in (1, 2))
    journal.take_over([first, second])
    calls: list[str] = []

    def call(method: str, target: str) -> tuple[int, bytes]:
        calls.append(f"{method} {target}")
        return 204, b""

    journal.remove(second, call)
    assert calls == []
    journal.remove(first, call)
    assert calls == ["DELETE /Users/7"]
