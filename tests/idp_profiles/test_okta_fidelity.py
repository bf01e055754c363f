"""What the Okta profile puts on the wire, byte for byte, against the collected sequences.

The sequences live in facts/okta.json and how each one is brought about in facts/okta_plays.json;
no profile reads them. A listener on a raw socket catches what the transport sends, and the oracle
of conftest.py works out from the sequence what it had to be.
"""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from idp_profiles import MockIdp
from idp_profiles import load
from idp_profiles.model import Credential
from idp_profiles.model import Script
from idp_profiles.okta import Okta
from idp_profiles.profile import Stage
from idp_profiles.transport import WireSend

_FOLDER = Path(__file__).parent / "facts"
FACTS = json.loads((_FOLDER / "okta.json").read_text(encoding="utf-8"))
PLAYS = json.loads((_FOLDER / "okta_plays.json").read_text(encoding="utf-8"))
SEQUENCES = {sequence["id"]: sequence for sequence in FACTS["sequences"]}
PROFILE = load("okta")
TOKEN = "wire-token-1"  # noqa: S105 # nobody's token


def many_users(app: Any) -> None:
    for number in range(205):
        user = {"id": f"u{number}", "name": {"familyName": "F"}, "active": True}
        app.users[f"u{number}"] = {**user, "userName": f"u{number}"}


def many_groups(app: Any) -> None:
    for number in range(150):
        app.groups[f"g{number}"] = {"id": f"g{number}", "displayName": f"g{number}"}


def many_users_short_pages(app: Any) -> None:
    many_users(app)
    app.most_per_page = 90


def many_groups_short_pages(app: Any) -> None:
    many_groups(app)
    app.most_per_page = 90


def conflict(app: Any) -> None:
    app.hide_users = True
    app.refuse_creates = [409]


def rate_limited(app: Any) -> None:
    app.refuse_creates = [429, 429]


def add_last(idp: Okta, stage: Stage) -> Script:
    return idp.change_members(stage.group, added=stage.people[-1:])


def remove_first(idp: Okta, stage: Stage) -> Script:
    return idp.change_members(stage.group, removed=stage.people[:1])


PREPARATIONS: dict[str, Callable[[Any], None]] = {
    prepare.__name__: prepare
    for prepare in (
        many_users,
        many_groups,
        many_users_short_pages,
        many_groups_short_pages,
        conflict,
        rate_limited,
    )
}
ACTS = {"add_last": add_last, "remove_first": remove_first}


@dataclass
class Caught:
    """What one play brought about."""

    requests: list[bytes]
    replies: list[bytes]
    host: str
    stage: Stage


class Theatre:
    """Plays a scenario against the listener and works out what had to arrive."""

    def __init__(self, listen: Any, make_stage: Any, oracle: Any) -> None:
        self._listen, self._make_stage, self.oracle = listen, make_stage, oracle

    def play(self, sequence_id: str, play: dict[str, Any], dialect: str) -> Caught:
        app = self.oracle.app()
        listener = self._listen(app)
        scenario = PROFILE.scenarios[sequence_id]
        stage = self._make_stage(scenario.people)
        send = WireSend(listener.url + self.oracle.base)
        idp = PROFILE.start(
            dialect=dialect,
            credential=Credential("bearer", TOKEN),
            switches=play.get("switches", {}),
            toggles=play.get("toggles", {}),
            mapping=play.get("mapping"),
        )
        mock = MockIdp(idp, send, sleep=lambda seconds: None)
        for script in () if play.get("bare") else scenario.arrange(idp, stage):
            outcome = mock.run("", script)
            assert outcome.ok, outcome.console
        listener.caught.clear()
        listener.replies.clear()
        PREPARATIONS.get(play.get("prepare", ""), lambda app: None)(app)
        app.hidden = set(play.get("hidden", ()))
        acting = ACTS.get(play.get("act", ""), scenario.act)(idp, stage)
        assert acting is not None
        mock.run(sequence_id, acting)
        send.close()
        skip = play.get("skip", 0)
        host = f"127.0.0.1:{listener.port}"
        return Caught(listener.caught[skip:], listener.replies[skip:], host, stage)

    def expected(
        self, sequence: dict[str, Any], play: dict[str, Any], caught: Caught
    ) -> list[bytes]:
        """Return the bytes that the sequence says, with the variables of this play."""
        expected: list[bytes] = []
        last_get = None
        for number, move in enumerate(play["moves"]):
            step, own = step_of(sequence, move)
            people = people_of(caught.stage, own)
            variables = {**self.variables(play, caught.stage, own), "lastGetBody": last_get}
            expected.append(self.oracle.expected(step, variables, people, caught.host))
            if step["method"] == "GET" and number < len(caught.replies):
                last_get = served(caught.replies[number])
        return expected

    def variables(self, play: dict[str, Any], stage: Stage, own: dict[str, Any]) -> dict[str, Any]:
        person, id_of = stage.people[own.get("who", 0)], self.oracle.id_of
        group = stage.new_group_name if play.get("group") == "squad" else stage.group.name
        named = stage.new_given_name if play.get("newly_named") else person.given_name
        return {
            "authorization": f"Bearer {TOKEN}",
            "userName": person.user_name,
            "givenName": named,
            "familyName": person.family_name,
            "email": person.email,
            "displayName": person.display_name,
            "oktaUserId": person.idp_id,
            "randomPassword": person.password,
            "newPassword": stage.new_password,
            "scimUserId": id_of(person.user_name),
            "scimGroupId": id_of(group),
            "groupName": stage.group.name,
            "newGroupName": stage.new_group_name,
            "newUserName": stage.new_user_name,
            "newEmail": stage.new_email,
            "changedAttributes": {"name": {"givenName": stage.new_given_name}},
            "attribute": "nickName",
            "startIndex+100": own.get("startIndex"),
            "resourceType.endpoint": own.get("endpoint"),
            "roleId": "r1",
            "roleName": "Admin",
            "entitlementId": "e1",
            "entitlementName": "Seat",
            "resourceTypeName": "license",
        }


def step_of(sequence: dict[str, Any], move: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the step that a move names, of this sequence or of another one."""
    if isinstance(move, int):
        return sequence["steps"][move], {}
    first, second = move
    if isinstance(first, str):
        return SEQUENCES[first]["steps"][second], {}
    return sequence["steps"][first], second


def people_of(stage: Stage, own: dict[str, Any]) -> dict[str, Any]:
    """Return who the members are that a step talks about, chosen by slices such as `1:`."""
    slices = {"member": ":-1", "added": ":0", "removed": ":0", **own}
    chosen = {}
    for role in ("member", "added", "removed"):
        first, _, last = slices[role].partition(":")
        chosen[role] = list(stage.people[slice(int(first or 0), int(last) if last else None)])
    return chosen


def served(reply: bytes) -> Any:
    body = json.loads(reply.partition(b"\r\n\r\n")[2] or b"null")
    # The body of a lookup is what the app has of the one person found.
    if isinstance(body, dict) and body.get("Resources"):
        return body["Resources"][0]
    return body


def changed(sequence: dict[str, Any], play: dict[str, Any]) -> dict[str, Any]:
    """Return the sequence with the parts replaced in which a variant differs."""
    result = copy.deepcopy(sequence)
    for place, value in play.get("changes", {}).items():
        number, part = place.split(".")
        result["steps"][int(number)][part] = value
    for variant in sequence.get("variants", ()):
        if variant["name"] == play.get("variant_body"):
            result["steps"][1]["body"]["Operations"] = [
                json.loads(json.dumps(one).replace("{{member.", "{{added."))
                for one in variant["Operations"]
            ]
    return result


@pytest.fixture
def theatre(listen: Any, make_stage: Any, oracle: Any) -> Theatre:
    return Theatre(listen, make_stage, oracle)


def params(table: dict[str, list[dict[str, Any]]]) -> list[Any]:
    return [
        pytest.param(name, play, dialect, id=f"{name}-{dialect}-{play.get('name', 'default')}")
        for name, plays in table.items()
        for play in plays
        for dialect in play["dialects"]
    ]


def test_every_sequence_of_the_facts_is_played_and_is_a_scenario() -> None:
    assert len(SEQUENCES) == 35
    assert set(PLAYS["plays"]) == set(SEQUENCES) == set(PROFILE.scenarios)


def test_every_known_variant_of_the_profile_is_played() -> None:
    known = {
        f"{scenario.id}/{variant.name}"
        for scenario in PROFILE.scenarios.values()
        for variant in scenario.variants[1:]
    }
    assert set(PLAYS["variants"]) == known


@pytest.mark.parametrize("sequence_id", SEQUENCES)
def test_every_step_of_a_sequence_is_seen_in_some_play(sequence_id: str) -> None:
    seen = {
        move if isinstance(move, int) else move[0]
        for play in PLAYS["plays"][sequence_id]
        for move in play["moves"]
    }
    assert seen == set(range(len(SEQUENCES[sequence_id]["steps"])))


@pytest.mark.parametrize(("sequence_id", "play", "dialect"), params(PLAYS["plays"]))
def test_the_bytes_on_the_wire_are_those_of_the_sequence(
    theatre: Theatre, sequence_id: str, play: dict[str, Any], dialect: str
) -> None:
    caught = theatre.play(sequence_id, play, dialect)
    sequence = changed(SEQUENCES[sequence_id], play)
    assert caught.requests == theatre.expected(sequence, play, caught)


@pytest.mark.parametrize(("name", "play", "dialect"), params(PLAYS["variants"]))
def test_the_bytes_of_a_variant_differ_from_the_sequence_as_told(
    theatre: Theatre, name: str, play: dict[str, Any], dialect: str
) -> None:
    sequence_id, _, variant_name = name.partition("/")
    variants = PROFILE.variants(sequence_id, dialect)
    variant = next(one for one in variants if one.name == variant_name)
    play = {**play, "switches": variant.switches, "mapping": variant.mapping}
    caught = theatre.play(sequence_id, play, dialect)
    sequence = changed(SEQUENCES[sequence_id], play)
    assert caught.requests == theatre.expected(sequence, play, caught)


SENDING = [name for name, plays in PLAYS["plays"].items() if plays[0]["moves"]]


@pytest.mark.parametrize("sequence_id", SENDING)
def test_one_changed_letter_anywhere_in_a_sequence_is_noticed(
    theatre: Theatre, sequence_id: str
) -> None:
    play = PLAYS["plays"][sequence_id][0]
    caught = theatre.play(sequence_id, play, play["dialects"][0])
    assert caught.requests == theatre.expected(SEQUENCES[sequence_id], play, caught)
    survivors = [
        path
        for path, mutant in mutants(SEQUENCES[sequence_id], used_steps(play))
        if theatre.expected(mutant, play, caught) == caught.requests
    ]
    assert not survivors


def used_steps(play: dict[str, Any]) -> set[int]:
    return {move if isinstance(move, int) else move[0] for move in play["moves"]}


def mutants(
    sequence: dict[str, Any], steps: set[int]
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Yield the sequence with one letter added to one leaf, one leaf after the other."""
    for number in steps:
        for part in ("method", "path", "query", "headers", "body"):
            for path in leaves(sequence["steps"][number][part], (part,)):
                mutant = copy.deepcopy(sequence)
                target = mutant["steps"][number]
                for key in path[:-1]:
                    target = target[key]
                value = target[path[-1]]
                target[path[-1]] = not value if isinstance(value, bool) else f"{value}~"
                yield (number, *path), mutant


def leaves(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    # These two are put in whole: a letter more would only misspell their names.
    elif value is not None and value not in ("{{lastGetBody}}", "{{changedAttributes}}"):
        yield path
