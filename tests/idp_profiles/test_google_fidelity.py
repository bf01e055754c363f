"""What the Google profile puts on the wire, byte for byte, against the collected sequences.

The sequences live in facts/google.json, which no profile reads.
"""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import copy
from typing import Any

import pytest

from idp_profiles import load
from idp_profiles.profile import Stage
from tests.idp_profiles.plays import Caught
from tests.idp_profiles.plays import Play
from tests.idp_profiles.plays import changed
from tests.idp_profiles.plays import moves_of
from tests.idp_profiles.plays import play
from tests.idp_profiles.sheets import TOKEN
from tests.idp_profiles.sheets import expected_bytes
from tests.idp_profiles.sheets import id_of
from tests.idp_profiles.sheets import mutants
from tests.idp_profiles.sheets import sequences_of

SEQUENCES = sequences_of("google")
PROFILE = load("google")

RENAMED = {"givenName": "Zoë"}
PLAYS = {
    "probe": Play(moves=(0,)),
    "provision-new": Play(moves=(0, 1)),
    "provision-existing": Play(moves=(0, 1)),
    "update": Play(moves=(0,), variables=RENAMED),
    "update-patch": Play(moves=(0,), variables={"familyName": "Zoë"}),
    "suspend": Play(moves=(0,)),
    "reactivate": Play(moves=(0, 1)),
    "delete": Play(moves=(0,)),
}
LOOKUP, CREATE = SEQUENCES["provision-new"]["steps"]
PUT = SEQUENCES["update"]["steps"][0]


def bare(step: dict[str, Any]) -> dict[str, str]:
    return {name: value for name, value in step["headers"].items() if name != "Content-Type"}


def accepting(step: dict[str, Any]) -> dict[str, str]:
    return {**step["headers"], "Accept": "application/json"}


def put(number: int, *, active: bool) -> dict[str, Any]:
    body = {**copy.deepcopy(PUT["body"]), "active": active}
    return {f"{number}.method": "PUT", f"{number}.body": body}


def flat(body: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return what the captured create holds between schemas and active, path by path."""
    names = body["name"]
    return [
        *((key, body[key]) for key in ("userName", "emails", "displayName")),
        *((f"name.{key}", names[key]) for key in names),
    ]


VARIANTS = {
    "provision-new/start-index-first": Play(
        moves=(0, 1), changes={"0.query": 'startIndex=1&filter=userName eq "{{primaryEmail}}"'}
    ),
    "provision-new/filter-plus-encoding": Play(moves=(0, 1), blank="+"),
    "provision-new/get-without-content-type": Play(
        moves=(0, 1), changes={"0.headers": bare(LOOKUP)}
    ),
    "provision-new/with-accept": Play(
        moves=(0, 1), changes={"0.headers": accepting(LOOKUP), "1.headers": accepting(CREATE)}
    ),
    "provision-existing/patch": Play(
        moves=(0, 1),
        changes={
            "1.method": "PATCH",
            "1.body": {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [
                    *(
                        {"op": "replace", "path": path, "value": value}
                        for path, value in flat(CREATE["body"])
                    ),
                    {"op": "replace", "path": "active", "value": True},
                ],
            },
        },
    ),
    "update/patch": Play(
        moves=(0,),
        changes={
            "0.method": "PATCH",
            "0.body": {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{"op": "replace", "path": "name.givenName", "value": "Zoë"}],
            },
        },
    ),
    "suspend/put": Play(moves=(0,), changes=put(0, active=False)),
    "reactivate/put": Play(moves=(0, 1), changes=put(1, active=True)),
}


def expected(sequence: dict[str, Any], given: Play, caught: Caught) -> list[bytes]:
    """Return the bytes that the sequence says, with the variables of this play."""
    told = {**variables(caught.stage), **given.variables}
    return [
        expected_bytes(sequence["steps"][number], {**told, **own}, caught.host, blank=given.blank)
        for number, own in moves_of(given)
    ]


def variables(stage: Stage) -> dict[str, Any]:
    person = stage.person
    return {
        "token": TOKEN,
        "primaryEmail": person.email,
        "fullName": person.display_name,
        "givenName": person.given_name,
        "familyName": person.family_name,
        "scimUserId": id_of(person.email),
    }


def test_every_sequence_of_the_facts_is_played_and_is_a_scenario() -> None:
    assert len(SEQUENCES) == 8
    assert set(PLAYS) == set(SEQUENCES) == set(PROFILE.scenarios)


def test_every_known_variant_of_the_profile_is_played() -> None:
    known = {
        f"{scenario.id}/{variant.name}"
        for scenario in PROFILE.scenarios.values()
        for variant in scenario.variants[1:]
    }
    assert set(VARIANTS) == known


@pytest.mark.parametrize("sequence_id", SEQUENCES)
def test_every_step_of_a_sequence_is_seen(sequence_id: str) -> None:
    steps = range(len(SEQUENCES[sequence_id]["steps"]))
    assert PLAYS[sequence_id].steps() == set(steps)


@pytest.mark.parametrize("sequence_id", SEQUENCES)
def test_the_bytes_on_the_wire_are_those_of_the_sequence(sequence_id: str, listen: Any) -> None:
    given = PLAYS[sequence_id]
    caught = play(PROFILE, sequence_id, given, listen)
    assert caught.requests == expected(SEQUENCES[sequence_id], given, caught)


@pytest.mark.parametrize("name", VARIANTS)
def test_the_bytes_of_a_variant_differ_from_the_sequence_as_told(name: str, listen: Any) -> None:
    sequence_id, _, variant_name = name.partition("/")
    variants = PROFILE.variants(sequence_id, PROFILE.usual_dialect)
    variant = next(one for one in variants if one.name == variant_name)
    told = {**PLAYS[sequence_id].variables, **VARIANTS[name].variables}
    given = Play(**{**vars(VARIANTS[name]), "switches": variant.switches, "variables": told})
    caught = play(PROFILE, sequence_id, given, listen)
    assert caught.requests == expected(changed(SEQUENCES[sequence_id], given), given, caught)


@pytest.mark.parametrize("sequence_id", SEQUENCES)
def test_one_changed_leaf_anywhere_in_a_sequence_is_noticed(sequence_id: str, listen: Any) -> None:
    given, sequence = PLAYS[sequence_id], SEQUENCES[sequence_id]
    caught = play(PROFILE, sequence_id, given, listen)
    survivors = [
        path
        for path, mutant in mutants(sequence, given.steps())
        if expected(mutant, given, caught) == caught.requests
    ]
    assert survivors == []
