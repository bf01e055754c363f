"""What the Okta profile puts on the wire, byte for byte, against the collected sequences.

The sequences live in facts/okta.json; no profile reads them. A listener on a raw socket catches
what the transport sends, and a small evaluator, which shares no code with the profile, works out
from the sequence what it had to be.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from idp_profiles import MockIdp
from idp_profiles import load
from idp_profiles.model import Credential
from idp_profiles.model import Person
from idp_profiles.model import Request
from idp_profiles.profile import Stage
from idp_profiles.transport import WireSend

FACTS = json.loads((Path(__file__).parent / "facts" / "okta.json").read_text(encoding="utf-8"))
SEQUENCES = {sequence["id"]: sequence for sequence in FACTS["sequences"]}
PROFILE = load("okta")
BASE = "/scim/v2"
TOKEN = "wire-token-1"  # noqa: S105 # nobody's token
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


# -- a canned application: just enough memory to answer what the sequences ask


class CannedApp:
    """Answers in JSON; `before_reply` may replace an answer."""

    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.hide_users = False
        self.refuse_creates: list[int] = []
        self.members_shown = True

    def __call__(self, method: str, target: str, body: bytes) -> bytes:
        path, _, query = target.removeprefix(BASE).partition("?")
        status, answer = self.answer(method, path, query, json.loads(body) if body else {})
        content = b"" if answer is None else json.dumps(answer).encode()
        head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(content)}\r\n\r\n"
        return head.encode() + content

    def answer(self, method: str, path: str, query: str, body: dict[str, Any]) -> tuple[int, Any]:
        collection, _, resource = path.removeprefix("/").partition("/")
        store = {"Users": self.users, "Groups": self.groups}.get(collection)
        if store is None:
            return 200, page(DISCOVERY[path], query)
        if method == "POST":
            return self._create(store, body)
        if method == "GET" and not resource:
            return 200, page(self._found(store, query), query)
        if method == "GET":
            return 200, self._shown(store[resource])
        if method == "PUT":
            store[resource] = {**body, "id": resource}
            return 200, self._shown(store[resource])
        if method == "PATCH":
            value = body["Operations"][0].get("value")
            store[resource].update(value if isinstance(value, dict) else {})
        return 204, None

    def _create(self, store: dict[str, Any], body: dict[str, Any]) -> tuple[int, Any]:
        if self.refuse_creates:
            error = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": "no"}
            return self.refuse_creates.pop(0), error
        name = body.get("userName") or body["displayName"]
        store[id_of(name)] = {
            **{key: value for key, value in body.items() if key != "password"},
            "id": id_of(name),
            # Things that Okta knows nothing of and has to return.
            "meta": {"resourceType": "Whatever", "version": 'W/"1"'},
            "urn:example:unknown": {"kept": [1, {"deep": None}], "number": 1.5},
        }
        return 201, self._shown(store[id_of(name)])

    def _shown(self, resource: dict[str, Any]) -> dict[str, Any]:
        shown = {key: value for key, value in resource.items() if key != "password"}
        if isinstance(shown.get("name"), dict):
            # A derived part that goes stale when only givenName changes.
            shown["name"] = {"formatted": "Old Name", **shown["name"]}
        return shown

    def _found(self, store: dict[str, Any], query: str) -> list[dict[str, Any]]:
        wanted = re.search(r"filter=\w+(?:%20|\+)eq(?:%20|\+)(.*?)&", query)
        resources = [self._shown(one) for one in store.values()]
        if wanted is None:
            return resources
        value = json.loads(unquote(wanted.group(1).replace("+", "%20")))
        name = "userName" if store is self.users else "displayName"
        return [] if self.hide_users else [one for one in resources if one[name] == value]


def page(resources: list[dict[str, Any]], query: str) -> dict[str, Any]:
    start = int((re.search(r"startIndex=(\d+)", query) or ["", "1"])[1])
    count = int((re.search(r"count=(\d+)", query) or ["", "100"])[1])
    shown = resources[start - 1 : start - 1 + count]
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": len(resources),
        "startIndex": start,
        "itemsPerPage": len(shown),
        "Resources": shown,
    }


def id_of(name: str) -> str:
    """The id that the canned application gives: known to the evaluator without asking anybody."""
    return "id-" + "".join(letter for letter in name if letter.isalnum() and letter.isascii())


DISCOVERY: dict[str, list[dict[str, Any]]] = {
    "/ResourceTypes": [
        {"id": "User", "schema": CORE + "User", "endpoint": "/Users"},
        {"id": "Role", "schema": "urn:okta:scim:schemas:core:1.0:Role", "endpoint": "/Roles"},
        {
            "id": "Entitlement",
            "schema": "urn:okta:scim:schemas:core:1.0:Entitlement",
            "endpoint": "/Permits",
        },
    ],
    "/Schemas": [{"id": CORE + "User"}],
    "/Roles": [{"id": "r1", "displayName": "Admin"}, {"id": "r2", "displayName": "Guest"}],
    "/Permits": [{"id": "e1", "displayName": "Seat", "type": "license"}],
}


# -- the evaluator: a sequence of the facts and some variables -> the bytes of each request


@dataclass(frozen=True)
class Move:
    """One expected request: which step of the sequence, about whom, with which variables."""

    step: int
    who: int = 0
    start: int = 1
    more: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Play:
    """How a sequence is brought about, and the steps that must be seen."""

    dialect: str
    moves: tuple[Move, ...]
    switches: dict[str, str] = field(default_factory=dict)
    toggles: dict[str, bool] = field(default_factory=dict)
    name: str = "default"
    given_name: str = ""
    skip: int = 0
    prepare: Callable[[CannedApp], None] | None = None
    act: Callable[[Any, Stage], Any] | None = None
    mapping: Any = None
    steps: tuple[dict[str, Any], ...] = ()
    arrange: bool = True


class Evaluator:
    """Fills the places of a template."""

    def __init__(self, variables: dict[str, Any], people: dict[str, list[Person]]) -> None:
        self._variables = variables
        self._people = people

    def fill(self, template: Any) -> Any:
        if isinstance(template, str):
            return self._text(template)
        if isinstance(template, list):
            return [item for element in template for item in self._element(element)]
        if isinstance(template, dict):
            if set(template) == {"$merge"}:
                left, right = (self.fill(part) for part in template["$merge"])
                return overlaid(left, right)
            return {self._text(key): self.fill(value) for key, value in template.items()}
        return template

    def _element(self, element: Any) -> Iterator[Any]:
        """An element about members stands for one element per member."""
        text = json.dumps(element)
        for group in ("member", "added", "removed"):
            if "{{" + group + "." in text and '"value": [' not in text:
                for person in self._people[group]:
                    yield Evaluator({**self._variables, **named(group, person)}, {}).fill(element)
                return
        if text == '"{{chunk of members}}"':
            one = {"value": "{{member.scimUserId}}", "display": "{{member.userName}}"}
            yield from self._element(one)
            return
        yield self.fill(element)

    def _text(self, template: str) -> Any:
        whole = re.fullmatch(r"\{\{([\w.]+)\}\}", template)
        if whole:
            return copy.deepcopy(self._variables[whole.group(1)])
        return re.sub(r"\{\{([\w.+]+)(\|urlencode)?\}\}", self._place, template)

    def _place(self, place: re.Match[str]) -> str:
        value = str(self._variables[place.group(1)])
        return percent(value) if place.group(2) else value


def percent(value: str) -> str:
    """Percent-encode everything but letters, digits and four marks, byte by byte."""
    keep = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(chr(b) if b in keep else f"%{b:02X}" for b in escaped.encode())


def overlaid(left: Any, right: Any) -> Any:
    if not (isinstance(left, dict) and isinstance(right, dict)):
        return right
    result = {k: overlaid(v, right[k]) if k in right else v for k, v in left.items()}
    return {**result, **{k: v for k, v in right.items() if k not in left}}


def named(group: str, person: Person) -> dict[str, str]:
    return {
        f"{group}.scimUserId": id_of(person.user_name),
        f"{group}.userName": person.user_name,
    }


def expected_bytes(step: dict[str, Any], evaluator: Evaluator, host: str) -> bytes:
    query = step["query"]
    target = BASE + evaluator.fill(step["path"])
    if query is not None:
        target += "?" + evaluator.fill(query)
    body = b""
    lines = [f"{step['method']} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {evaluator.fill(value)}" for name, value in step["headers"].items()]
    if step["body"] is not None:
        filled = evaluator.fill(step["body"])
        body = json.dumps(filled, ensure_ascii=False, separators=(",", ":")).encode()
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def variables_for(play: Play, stage: Stage, move: Move) -> dict[str, Any]:
    person = stage.people[move.who]
    return {
        "authorization": f"Bearer {TOKEN}",
        "userName": person.user_name,
        "givenName": play.given_name or person.given_name,
        "familyName": person.family_name,
        "email": person.email,
        "displayName": person.display_name,
        "oktaUserId": person.idp_id,
        "randomPassword": person.password,
        "newPassword": stage.new_password,
        "scimUserId": id_of(person.user_name),
        "scimGroupId": id_of(stage.group.name),
        "groupName": stage.group.name,
        "newGroupName": stage.new_group_name,
        "newUserName": stage.new_user_name,
        "newEmail": stage.new_email,
        "changedAttributes": {"name": {"givenName": stage.new_given_name}},
        "attribute": "nickName",
        "startIndex+100": move.start,
        "roleId": "r1",
        "roleName": "Admin",
        "entitlementId": "e1",
        "entitlementName": "Seat",
        "resourceTypeName": "license",
        **dict(move.more),
    }


# -- one run: the scenario against the listener


@dataclass
class Caught:
    """What one play brought about."""

    requests: list[bytes]
    replies: list[bytes]
    host: str
    stage: Stage


def played(listen: Any, make_stage: Any, sequence_id: str, play: Play) -> Caught:
    app = CannedApp()
    listener = listen(app)
    scenario = PROFILE.scenarios[sequence_id]
    stage = make_stage(scenario.people)
    send = WireSend(listener.url + BASE)
    idp = PROFILE.start(
        dialect=play.dialect,
        credential=Credential("bearer", TOKEN),
        switches=play.switches,
        toggles=play.toggles,
        mapping=play.mapping,
    )
    mock = MockIdp(idp, send, sleep=lambda seconds: None)
    for script in scenario.arrange(idp, stage) if play.arrange else ():
        outcome = mock.run("", script)
        assert outcome.ok, outcome.console
    listener.caught.clear()
    listener.replies.clear()
    if play.prepare is not None:
        play.prepare(app)
    script = (play.act or scenario.act)(idp, stage)
    mock.run(sequence_id, script)
    send.close()
    return Caught(
        listener.caught[play.skip :],
        listener.replies[play.skip :],
        f"127.0.0.1:{listener.port}",
        stage,
    )


def expectations(sequence: dict[str, Any], play: Play, caught: Caught) -> list[bytes]:
    steps = play.steps or sequence["steps"]
    stage, expected, last_get = caught.stage, [], None
    for number, move in enumerate(play.moves):
        people = {"member": list(stage.people[:-1]), "added": [], "removed": []}
        variables = variables_for(play, stage, move)
        for group in people:
            people[group] = variables.pop(f"people of {group}", people[group])
        variables["lastGetBody"] = last_get
        evaluator = Evaluator(variables, people)
        expected.append(expected_bytes(steps[move.step], evaluator, caught.host))
        if steps[move.step]["method"] == "GET" and number < len(caught.replies):
            last_get = served(caught.replies[number])
    return expected


def served(reply: bytes) -> Any:
    body = json.loads(reply.partition(b"\r\n\r\n")[2] or b"null")
    # The body of a lookup is what the app has of the one person found.
    if isinstance(body, dict) and body.get("Resources"):
        return body["Resources"][0]
    return body


def same_bytes(expected: list[bytes], caught: list[bytes]) -> bool:
    return expected == caught


# -- which plays bring each sequence about


def moves(*steps: int) -> tuple[Move, ...]:
    return tuple(Move(step) for step in steps)


def many_users(app: CannedApp) -> None:
    for number in range(205):
        app.users[f"u{number}"] = {
            "id": f"u{number}",
            "userName": f"u{number}",
            "name": {"familyName": "F"},
            "active": True,
        }


def many_groups(app: CannedApp) -> None:
    for number in range(150):
        app.groups[f"g{number}"] = {"id": f"g{number}", "displayName": f"g{number}", "members": []}


def conflict(app: CannedApp) -> None:
    app.hide_users = True
    app.refuse_creates = [409]


def rate_limited(app: CannedApp) -> None:
    app.refuse_creates = [429, 429]


BOTH = ("aiw", "oin")
LINKED = "Zoë"


def pair(*steps: int) -> list[Play]:
    return [Play(dialect, moves(*steps)) for dialect in BOTH]


def everywhere(**details: Any) -> list[Play]:
    return [Play(dialect, **details) for dialect in BOTH]


PEOPLE_MOVES = (Move(0, 0), Move(1, 0), Move(0, 1), Move(1, 1))
IMPORT_MOVES = (Move(0), Move(1, start=101), Move(1, start=201), Move(2))
ON = {"import_groups": True}

PLAYS: dict[str, list[Play]] = {
    "test-credentials": [
        *everywhere(moves=moves(0, 1), toggles=ON, name="with-groups"),
        *pair(0),
    ],
    "save-provisioning-settings": pair(0),
    "create-user": pair(0, 1),
    "create-user-group-assignment": everywhere(moves=PEOPLE_MOVES),
    "link-existing-user-aiw": [Play("aiw", moves(0, 1, 2), given_name=LINKED)],
    "link-existing-user-oin": [Play("oin", moves(0, 1, 2, 3), given_name=LINKED)],
    "create-user-conflict": everywhere(moves=moves(0, 1), prepare=conflict),
    "update-profile": pair(0, 1),
    "rename-user": pair(0, 1),
    "push-empty-values": pair(0, 1),
    "deactivate-user-oin": [Play("oin", moves(0))],
    "deactivate-user-aiw": [Play("aiw", moves(0, 1))],
    "reactivate-user-oin": [
        Play("oin", moves(1)),
        Play("oin", moves(0, 1, 2, 3), {"reassign": "full"}, name="full"),
    ],
    "reactivate-user-aiw": [
        Play("aiw", moves(1, 2)),
        Play("aiw", moves(0, 1, 2), {"reassign": "full"}, name="full"),
    ],
    "sync-password-oin": [Play("oin", moves(0))],
    "sync-password-aiw": [Play("aiw", moves(0, 1))],
    "suspend-or-delete-user": everywhere(moves=()),
    "provision-user-backlog": everywhere(moves=(Move(0, 0), Move(1, 0), Move(0, 1), Move(2, 1))),
    "import-users": [
        *everywhere(
            moves=IMPORT_MOVES, prepare=many_users, toggles=ON, arrange=False, name="paged"
        ),
        *pair(0),
    ],
    "import-groups": [
        *everywhere(
            moves=(Move(0), Move(1, start=101)), prepare=many_groups, arrange=False, name="paged"
        ),
        *pair(0),
    ],
    "push-group-create-patch": [
        Play("oin", moves(0, 1, 2, 3)),
        Play("oin", moves(1, 3), {"group_lookup": "off", "name_patch": "never"}, name="2021"),
    ],
    "push-group-create-put": [Play("aiw", moves(0, 1, 2, 3))],
    "push-empty-group": [
        Play("oin", moves(0), {"group_lookup": "off", "name_patch": "never"}),
        Play("aiw", moves(0, 1, 2), {"group_lookup": "off"}),
    ],
    "group-members-change-patch": [
        Play("oin", (Move(1, more=()),)),
        Play("oin", moves(0, 1), {"name_patch": "every-change"}, name="with-name"),
    ],
    "group-members-replace-patch": [Play("oin", moves(0))],
    "group-members-large": [Play("oin", moves(0, 0))],
    "group-change-put": [Play("aiw", moves(0, 1))],
    "group-rename-patch": [Play("oin", moves(0))],
    "group-link-existing": [
        Play("oin", moves(0, 1, 2)),
        Play("oin", moves(0, 2), toggles={"rename_app_groups": False}, name="keep-name"),
    ],
    "group-delete": pair(0),
    "group-unlink-leave": everywhere(moves=()),
    "rate-limit": everywhere(moves=moves(0, 0, 0), prepare=rate_limited, skip=1),
    "entitlement-discovery": [
        Play(
            "governance",
            (
                Move(0),
                Move(1),
                Move(2, more=(("resourceType.endpoint", "/Roles"),)),
                Move(2, more=(("resourceType.endpoint", "/Permits"),)),
            ),
        )
    ],
    "entitlement-assign": [Play("governance", moves(0, 1))],
    "import-user-schema": [Play("oin", moves(0, 1))],
}


def who_is_in(sequence_id: str, play: Play, stage: Stage) -> Play:
    """Say who joins, who leaves and who is in the group, for the sequences about members."""
    first, last = list(stage.people[:1]), list(stage.people[-1:])
    groups: dict[str, Any] = {
        "group-members-change-patch": [{"people of removed": first, "people of added": last}] * 2,
        "group-change-put": [{"people of member": list(stage.people[1:-1]) + last}] * 2,
        "group-members-large": [
            {"people of member": list(stage.people[:100])},
            {"people of member": list(stage.people[100:])},
        ],
        "group-link-existing": [
            {"people of member": list(stage.people[1:]), "scimGroupId": id_of("Squad")}
        ]
        * 3,
    }.get(sequence_id, [{}] * len(play.moves))
    changed = tuple(
        replace(move, more=(*move.more, *more.items()))
        for move, more in zip(play.moves, groups, strict=False)
    )
    return replace(play, moves=changed)


ALL_PLAYS = [
    pytest.param(sequence_id, play, id=f"{sequence_id}-{play.dialect}-{play.name}")
    for sequence_id, plays in PLAYS.items()
    for play in plays
]


def test_every_sequence_of_the_facts_is_played_and_is_a_scenario() -> None:
    assert len(SEQUENCES) == 35
    assert set(PLAYS) == set(SEQUENCES) == set(PROFILE.scenarios)


@pytest.mark.parametrize("sequence_id", SEQUENCES)
def test_every_step_of_a_sequence_is_seen_in_some_play(sequence_id: str) -> None:
    seen = {move.step for play in PLAYS[sequence_id] for move in play.moves}
    assert seen == set(range(len(SEQUENCES[sequence_id]["steps"])))


@pytest.mark.parametrize(("sequence_id", "play"), ALL_PLAYS)
def test_the_bytes_on_the_wire_are_those_of_the_sequence(
    listen: Any, make_stage: Any, sequence_id: str, play: Play
) -> None:
    caught = played(listen, make_stage, sequence_id, play)
    play = who_is_in(sequence_id, play, caught.stage)
    assert caught.requests == expectations(SEQUENCES[sequence_id], play, caught)


def test_an_expected_sequence_with_one_changed_leaf_does_not_match(
    listen: Any, make_stage: Any
) -> None:
    """The comparison looks at everything: each method, path, query, header and body counts."""
    survivors = []
    checked = 0
    for sequence_id in ("create-user", "rename-user", "push-group-create-patch", "group-delete"):
        play = PLAYS[sequence_id][0]
        caught = played(listen, make_stage, sequence_id, play)
        play = who_is_in(sequence_id, play, caught.stage)
        for path, mutated in mutants(SEQUENCES[sequence_id]):
            checked += 1
            if same_bytes(expectations(mutated, play, caught), caught.requests):
                survivors.append((sequence_id, path))
    assert not survivors
    assert checked > 100


def mutants(sequence: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Yield the sequence with one letter added to one leaf, one after the other."""
    for number, step in enumerate(sequence["steps"]):
        for part in ("method", "path", "query", "headers", "body"):
            for path in leaves(step[part], (part,)):
                mutated = copy.deepcopy(sequence)
                target = mutated["steps"][number]
                for key in path[:-1]:
                    target = target[key]
                value = target[path[-1]]
                target[path[-1]] = not value if isinstance(value, bool) else f"{value}~"
                yield (number, *path), mutated


def leaves(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    # The body of the last GET is put in whole: adding a letter to its name says nothing.
    elif value is not None and value != "{{lastGetBody}}":
        yield path
