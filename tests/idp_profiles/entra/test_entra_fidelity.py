"""What the Entra profile puts on the wire, byte for byte, against the collected sequences.

The sequences live in facts/entra.json and how each one is brought about in facts/entra_plays.json;
no profile reads them. A listener on a raw socket catches what the transport sends, and the oracle
of conftest.py works out from the sequence what it had to be.
"""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from idp_profiles import MockIdp
from idp_profiles import load
from idp_profiles.elsewhere import Elsewhere
from idp_profiles.model import Credential
from idp_profiles.model import Person
from idp_profiles.profile import Stage
from idp_profiles.transport import WireSend

_FOLDER = Path(__file__).parent.parent / "facts"
FACTS = json.loads((_FOLDER / "entra.json").read_text(encoding="utf-8"))
PLAYS = json.loads((_FOLDER / "entra_plays.json").read_text(encoding="utf-8"))
SEQUENCES = {sequence["id"]: sequence for sequence in FACTS["sequences"]}
PROFILE = load("entra")
TOKEN, CLIENT = "wire-token-1", Credential("", "client+secret/1", "client id")


@dataclass
class Caught:
    """What one play brought about."""

    requests: list[bytes]
    host: str
    stage: Stage


class Theatre:
    """Plays a scenario against the listener and works out what had to arrive."""

    def __init__(self, listen: Any, make_stage: Any, oracle: Any) -> None:
        self._listen, self._make_stage, self.oracle = listen, make_stage, oracle

    def play(self, sequence_id: str, play: dict[str, Any], dialect: str) -> Caught:
        listener = self._listen(self.oracle.app())
        scenario = PROFILE.scenarios[sequence_id]
        stage = self._make_stage(scenario.people)
        send = Elsewhere(WireSend(listener.url + self.oracle.base))
        idp = PROFILE.start(
            dialect=dialect,
            credential=credential_of(play),
            switches={**play.get("switches", {}), **endpoint_of(play, listener.url)},
            mapping=play.get("mapping"),
            clock=lambda: self.oracle.now,
        )
        mock = MockIdp(idp, send, sleep=lambda seconds: None)
        for script in scenario.arrange(idp, stage):
            outcome = mock.run("", script)
            assert outcome.ok, outcome.console
        listener.caught.clear()
        acting = scenario.act(idp, stage)
        assert acting is not None
        outcome = mock.run(sequence_id, acting)
        send.close()
        assert outcome.ok, outcome.console
        return Caught(list(listener.caught), f"127.0.0.1:{listener.port}", stage)

    def expected(
        self, sequence: dict[str, Any], play: dict[str, Any], caught: Caught
    ) -> list[bytes]:
        """Return the bytes that the sequence says, with the variables of this play."""
        return [
            self._expected(sequence, play, move, caught, seen)
            for move, seen in zip(moves_of(play), [*caught.requests, *[b""] * 9], strict=False)
        ]

    def _expected(
        self,
        sequence: dict[str, Any],
        play: dict[str, Any],
        move: dict[str, Any],
        caught: Caught,
        seen: bytes,
    ) -> bytes:
        shown = SEQUENCES[move["of"]] if "of" in move else sequence
        step = shown["steps"][move["step"]]
        step = {**step, "body": move.get("body", step.get("body"))}
        variables = {**self.variables(play, move, caught), **play.get("variables", {})}
        service = shown["flag"] != "validator"
        return bytes(self.oracle.expected(step, variables, seen, service=service))

    def variables(
        self, play: dict[str, Any], move: dict[str, Any], caught: Caught
    ) -> dict[str, Any]:
        stage, id_of = caught.stage, self.oracle.id_of
        person, other = (stage.people[move.get(who, 0)] for who in ("who", "other"))
        ids = {f"id{n}": id_of(one.user_name) for n, one in enumerate(stage.people, start=1)}
        return {
            **ids,
            **about(person),
            **about_all(stage),
            "host": caught.host,
            "token": self.oracle.issued if "client" in play else TOKEN,
            "tokenEndpoint": f"http://{caught.host}/oauth/token",
            "userId": id_of(person.user_name),
            "userId2": id_of(other.user_name),
            "managerScimId": id_of(stage.people[-1].user_name),
            "groupId": id_of(stage.group.name),
        }


def about(person: Person) -> dict[str, Any]:
    attributes = person.attributes
    return {
        **attributes,
        "userName": person.user_name,
        "userNameUpper": person.user_name.upper(),
        "displayName": person.display_name,
        "givenName": person.given_name,
        "familyName": person.family_name,
        "mail": person.email,
        "oldMail": person.email,
        "objectId": person.idp_id,
        "office": attributes["physicalDeliveryOfficeName"],
        "street": attributes["streetAddress"],
        "telephone": attributes["telephoneNumber"],
        "fax": attributes["facsimileTelephoneNumber"],
        "employeeId": attributes["employeeNumber"],
    }


def about_all(stage: Stage) -> dict[str, Any]:
    return {
        "clientId": CLIENT.user,
        "clientSecret": CLIENT.secret,
        "scope": "scim write",
        "newUserName": stage.new_user_name,
        "roleValue": "Reader",
        "roleA": "Reader",
        "roleB": "Writer",
        "groupName": stage.group.name,
        "groupObjectId": stage.group.idp_id,
        "newGroupName": stage.new_group_name,
    }


def credential_of(play: dict[str, Any]) -> Credential:
    if "client" not in play:
        return Credential("bearer", TOKEN)
    return Credential(play["client"], CLIENT.secret, CLIENT.user)


def endpoint_of(play: dict[str, Any], url: str) -> dict[str, str]:
    if "client" not in play:
        return {}
    return {"token_endpoint": f"{url}/oauth/token", "scope": "scim write"}


def moves_of(play: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"step": move} if isinstance(move, int) else move for move in play["moves"]]


def changed(sequence: dict[str, Any], play: dict[str, Any]) -> dict[str, Any]:
    """Return the sequence with the parts replaced in which a variant differs."""
    result = copy.deepcopy(sequence)
    for place, value in play.get("changes", {}).items():
        number, part = place.split(".")
        result["steps"][int(number)][part] = value
    return result


@pytest.fixture
def theatre(listen: Any, entra_stage: Any, entra_oracle: Any) -> Theatre:
    return Theatre(listen, entra_stage, entra_oracle)


ALL_PLAYS = [
    pytest.param(name, play, dialect, id=f"{name}-{dialect}-{number}")
    for name, plays in PLAYS["plays"].items()
    for number, play in enumerate(plays)
    for dialect in play["dialects"]
]
VARIANTS = [
    pytest.param(name, play, dialect, id=f"{name}-{dialect}")
    for name, play in PLAYS["variants"].items()
    for dialect in play["dialects"]
]


def test_every_sequence_of_the_facts_is_played_and_is_a_scenario() -> None:
    assert len(SEQUENCES) == 47
    assert set(PLAYS["plays"]) == set(SEQUENCES) == set(PROFILE.scenarios)


def test_every_sequence_is_played_in_every_dialect_of_its_scenario() -> None:
    played = {
        name: {dialect for play in plays for dialect in play["dialects"]}
        for name, plays in PLAYS["plays"].items()
    }
    assert played == {name: set(one.dialects) for name, one in PROFILE.scenarios.items()}


def test_every_known_variant_of_the_profile_is_played_in_its_dialects() -> None:
    known = {
        f"{scenario.id}/{variant.name}": set(variant.dialects or scenario.dialects)
        for scenario in PROFILE.scenarios.values()
        for variant in scenario.variants[1:]
    }
    assert {name: set(play["dialects"]) for name, play in PLAYS["variants"].items()} == known


@pytest.mark.parametrize("sequence_id", SEQUENCES)
def test_every_step_of_a_sequence_is_seen_in_some_play(sequence_id: str) -> None:
    plays = [
        *PLAYS["plays"][sequence_id],
        *(play for name, play in PLAYS["variants"].items() if name.startswith(f"{sequence_id}/")),
    ]
    seen = {move["step"] for play in plays for move in moves_of(play) if "of" not in move}
    assert seen == set(range(len(SEQUENCES[sequence_id]["steps"])))


@pytest.mark.parametrize(("sequence_id", "play", "dialect"), ALL_PLAYS)
def test_the_bytes_on_the_wire_are_those_of_the_sequence(
    theatre: Theatre, sequence_id: str, play: dict[str, Any], dialect: str
) -> None:
    caught = theatre.play(sequence_id, play, dialect)
    assert caught.requests == theatre.expected(SEQUENCES[sequence_id], play, caught)


@pytest.mark.parametrize(("name", "play", "dialect"), VARIANTS)
def test_the_bytes_of_a_variant_differ_from_the_sequence_as_told(
    theatre: Theatre, name: str, play: dict[str, Any], dialect: str
) -> None:
    sequence_id, _, variant_name = name.partition("/")
    variants = PROFILE.variants(sequence_id, dialect)
    variant = next(one for one in variants if one.name == variant_name)
    played = {**play, "switches": variant.switches, "mapping": variant.mapping}
    caught = theatre.play(sequence_id, played, dialect)
    assert caught.requests == theatre.expected(changed(SEQUENCES[sequence_id], play), play, caught)


@pytest.mark.parametrize("sequence_id", SEQUENCES)
def test_one_changed_letter_anywhere_in_a_sequence_is_noticed(
    theatre: Theatre, sequence_id: str
) -> None:
    play = PLAYS["plays"][sequence_id][0]
    caught = theatre.play(sequence_id, play, play["dialects"][0])
    used = {move["step"] for move in moves_of(play) if "of" not in move}
    survivors = [
        path
        for path, mutant in mutants(SEQUENCES[sequence_id], used)
        if theatre.expected(mutant, play, caught) == caught.requests
    ]
    assert not survivors


def mutants(
    sequence: dict[str, Any], steps: set[int]
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Yield the sequence with one letter added to one leaf, one leaf after the other."""
    for number in steps:
        for part in ("method", "path", "query", "headers", "body"):
            for path in leaves(sequence["steps"][number].get(part), (part,)):
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
    elif value is not None:
        yield path
