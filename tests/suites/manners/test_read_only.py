"""A run that changes nothing: what leaves, what is judged, and what is given to a case."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Request
from idp_profiles.model import Step
from suites.making.stock import Hand
from suites.making.stock import Stock
from suites.making.stock import _NotSeen
from suites.making.stock import _NotSent
from suites.manners.guard import READ_ONLY
from suites.reach.connection import Connection
from suites.security.credentials import may_guess
from suites.target.model import Target
from suites.verbs import Made
from suites.verdicts import NotOffered

# The fixtures of the folder, and JSON.
Command: TypeAlias = Any
Door: TypeAlias = Any
Json: TypeAlias = Any
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
STEP = Step("of no IdP", Certainty.TEST, ())
TOKEN_URL = "https://login.example.com/token"  # noqa: S105 - an address
ROOM = ("--suite", "protocol", "--suite", "security", "--suite", "consistency", "--suite", "idp")


def readable(**more: object) -> Connection:
    credential = Credential(kind="bearer", secret="secret-of-test")  # noqa: S106 - made up
    bought = Credential("oauth2-client-credentials", "s", user="c", token_url=TOKEN_URL)
    return Connection(
        Target(
            url="http://127.0.0.1:1/v2",
            credential=credential,
            also_accepts=(bought,),
            read_only=True,
            **more,  # type: ignore[arg-type]  # fields of a target
        )
    )


@pytest.mark.parametrize(
    ("method", "target", "headers", "body"),
    [
        ("POST", "/Users", (), b"{}"),
        ("PUT", "/Users/1", (), b"{}"),
        ("PATCH", "/Users/1", (), b"{}"),
        ("DELETE", "/Users/1", (), None),
        ("POST", "/Bulk", (), b"{}"),
        ("POST", "/Users/.search/../1", (), b"{}"),
        ("POST", "https://login.example.com/other", (), b"grant_type=x"),
        ("PUT", TOKEN_URL, (), b"x"),
        ("TRACE", "/Users", (), None),
        ("SCIMPROOF", "/Users", (), None),
        ("GET", "/Users/1", (("X-HTTP-Method-Override", "DELETE"),), None),
        ("GET", "/Users/1?_method=DELETE", (), None),
        ("GET", "/Users/1?count=1&method=DELETE", (), None),
        ("GET", "/Users/1", (), b'{"active": false}'),
    ],
)
def test_nothing_that_could_change_something_leaves(
    method: str, target: str, headers: tuple[tuple[str, str], ...], body: bytes | None
) -> None:
    connection = readable()
    for way in (connection.request, connection.literal):
        with pytest.raises(NotOffered, match=READ_ONLY):
            way(method, target, headers, body)
    with pytest.raises(NotOffered, match=READ_ONLY):
        connection.idp_send(Request(method, target, headers, body, STEP))
    connection.close()


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", '/Users?filter=userName eq "method"'),
        ("HEAD", "/Users/1"),
        ("OPTIONS", "/Users"),
        ("POST", "/Users/.search"),
        ("POST", "/.search"),
        ("POST", TOKEN_URL),
    ],
)
def test_reads_searches_and_the_purchase_of_a_token_leave(method: str, target: str) -> None:
    connection = readable()
    connection.manners.allow(method, target, (), b"{}" if method == "POST" else None)
    connection.close()


def test_only_a_password_is_not_guessed() -> None:
    target = readable().target
    may_guess(target)
    basic = Target(url=target.url, credential=Credential("basic", "pw", user="me"), read_only=True)
    with pytest.raises(NotOffered, match="could lock the account"):
        may_guess(basic)


def found(number: int, **shown: Json) -> Made:
    stored = {"id": str(number), "userName": f"user{number}", **shown}
    return Made(
        kind="Users",
        id=str(number),
        key=f"existing {number}",
        sent=_NotSent(),
        stored=stored,
        reply=_NotSeen(),
    )


def team(*members: Made) -> Made:
    made = found(99, displayName="Crew", members=[{"value": each.id} for each in members])
    return Made(
        kind="Groups",
        id="99",
        key="crew",
        sent=made.sent,
        stored=made.stored,
        reply=made.reply,
    )


ONE, TWO, THREE = found(1), found(2), found(3)


def test_a_case_is_given_each_user_once_and_none_with_values_of_its_own() -> None:
    hand = Hand(lambda: Stock((ONE, TWO)))
    assert (hand.user({}), hand.user({})) == (ONE, TWO)
    with pytest.raises(NotOffered, match="no further user"):
        hand.user({})
    with pytest.raises(NotOffered, match="values of its own"):
        hand.user({"title": "Engineer"})


def test_a_group_has_the_members_that_were_asked_for() -> None:
    group = team(THREE, ONE)
    stock = Stock((ONE, TWO, THREE), (group,))
    assert stock.staff(3) == (ONE, THREE, TWO)
    assert stock.group_of((ONE, THREE)) is group
    assert stock.group_of(()) is group
    with pytest.raises(NotOffered, match="no group that fits"):
        stock.group_of((ONE, TWO))
    with pytest.raises(NotOffered, match="fewer than 4 users"):
        stock.staff(4)


@pytest.mark.parametrize(
    "asks",
    [
        lambda made: made.sent["userName"],
        lambda made: {**made.sent},
        lambda made: made.sent.get("userName"),
        lambda made: len(made.sent),
        lambda made: made.reply.status,
        lambda made: made.reply.header("Location"),
    ],
)
def test_nobody_knows_how_an_existing_user_was_made(asks: Callable[[Made], object]) -> None:
    with pytest.raises(NotOffered, match="needs to know how a resource was made"):
        asks(ONE)


def test_the_world_of_a_run_that_is_read_only_has_no_decoys() -> None:
    world = Stock((ONE, TWO)).world()
    assert [each.id for each in world.users] == ["1", "2"]
    assert world["ada"].value("userName") == "user1"
    assert world.alone == '(userName eq "user1" or userName eq "user2")'
    for missing in (lambda: world["hal"], lambda: world.mark, lambda: world.tag):
        with pytest.raises(NotOffered, match=READ_ONLY):
            missing()
    with pytest.raises(NotOffered, match="shows no user"):
        Stock(()).world()


PEOPLE = (
    ("Anna", "Berg", {"title": "Guide", "active": True}),
    ("Bob", "Smith", {"title": "Cook", "nickName": "Bobby"}),
    ("Carla", "Díaz", {"active": False}),
    ("dai", "evans", {ENTERPRISE: {"department": "Tours", "employeeNumber": "7"}}),
    ("Eva", "O'Neil", {"externalId": "hr-5", "userType": "Employee"}),
    ("Finn_1", "Olsen-Ray", {"preferredLanguage": "nb-NO", "locale": "nb-NO"}),
)


def people(door: Door) -> None:
    """Let the server have users and groups that others made, and changed since."""
    ids = []
    for first, last, more in PEOPLE:
        body = {
            "schemas": [USER, *([ENTERPRISE] if ENTERPRISE in more else [])],
            "userName": f"{first}.{last}@corp.example",
            "name": {"givenName": first, "familyName": last},
            "displayName": f"{first} {last}",
            "emails": [
                {"value": f"{first}@home.example", "type": "home"},
                {"value": f"{first}@corp.example", "type": "work", "primary": True},
            ],
            **more,
        }
        ids.append(door.ask("POST", "/Users", body)["id"])
    change = {"op": "replace", "path": "displayName", "value": "Anna B."}
    operations = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}
    door.ask("PATCH", f"/Users/{ids[0]}", {**operations, "Operations": [change]})
    for name, members in (("Crew", ids[:2]), ("Everybody", ids), ("Nobody", [])):
        listed = [{"value": each} for each in members]
        door.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": name, "members": listed})


def test_a_run_that_is_read_only_judges_much_and_changes_nothing(
    command: Command, guarded: Callable[..., Any], door_token: str
) -> None:
    server = guarded()
    people(server.door)
    before = [server.door.ask("GET", place) for place in ("/Users", "/Groups")]
    server.door.requests.clear()
    done = command.run(
        *("--url", server.url, "--read-only", "--idp", "all", *ROOM), SCIM_TOKEN=door_token
    )
    sent = Counter((r.method, r.path.rpartition("/")[2]) for r in server.door.requests)
    assert before == [server.door.ask("GET", place) for place in ("/Users", "/Groups")]
    assert done.status == 0, done.said
    written = {pair for pair in sent if pair[0] not in ("GET", "HEAD", "OPTIONS")}
    assert written == {("POST", ".search")}
    results = done.report["results"]
    assert {each["verdict"] for each in results} <= {"pass", "warn", "skip"}
    judged = Counter(each["suite"] for each in results if each["verdict"] != "skip")
    assert judged["protocol"] > 350
    assert judged["security"] > 15
    assert judged["idp"] > 15
    assert done.report["created"] == 0
    assert done.report["run"]["options"]["read_only"] is True
    texts = [done.out, *(_read(done.directory, name) for name in ("report.html", "report.md"))]
    assert all("Read-only: the run created and changed nothing." in text for text in texts)
    assert "partial run" in json.loads(_read(done.directory, "badge.json"))["message"]


def _read(directory: Path, name: str) -> str:
    return (directory / name).read_text(encoding="utf-8")


def test_only_the_users_that_are_named_are_read(
    command: Command, guarded: Callable[..., Any], door_token: str
) -> None:
    server = guarded()
    people(server.door)
    target = command.folder / "target.toml"
    target.write_text('read_only = true\nexisting_users = ["bob.smith@corp.example"]\n')
    server.door.requests.clear()
    done = command.run(
        *("--url", server.url, "--target", target, "--suite", "protocol"),
        *("--only", "RFC7644-3.4.1-1", "--only", "RFC7644-3.4.2.2-4"),
        SCIM_TOKEN=door_token,
    )
    assert done.status == 0, done.said
    assert "Read-only" in done.out
    ids = {r.path for r in server.door.requests if r.path.startswith("/scim/v2/Users/")}
    assert len(ids) == 1


def test_read_only_wants_a_server_that_is_named(command: Command) -> None:
    done = command.run("--read-only", "--suite", "protocol")
    assert done.status == 4
    assert "--scim-read-only is for a server that you name" in done.said
