"""What the Keycloak profile puts on the wire, byte for byte, against the collected sequences.

The sequences live in facts/keycloak.json, which no profile reads.
"""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

from typing import Any

import pytest

from idp_profiles import load
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

SEQUENCES = sequences_of("keycloak")
PROFILE = load("keycloak")
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

ZOE = {"givenName": "Zoë"}
SQUAD = {"groupName": "Squad"}
PLAYS = {
    "user-create": Play(moves=(0,)),
    "user-update": Play(moves=(0,), variables=ZOE),
    "user-deactivate": Play(moves=(0,)),
    "user-reactivate": Play(moves=(0,)),
    "user-delete": Play(moves=(0,)),
    "group-create": Play(moves=(0,)),
    "group-update": Play(moves=(0,), variables=SQUAD),
    "group-member-add": Play(moves=(0, 1)),
    "group-empty": Play(moves=(0, 1)),
    "group-delete": Play(moves=(0,)),
    "full-sync": Play(moves=(0, 1)),
}


def patch(*operations: tuple[str, str, Any]) -> dict[str, Any]:
    rows = [{"path": path, "op": op, "value": value} for path, op, value in operations]
    return {"0.method": "PATCH", "0.body": {"schemas": [PATCH_OP], "Operations": rows}}


def user_patch(active: str) -> dict[str, Any]:
    return patch(
        ("active", "replace", active),
        ("userName", "replace", "{{userName}}"),
        ("displayName", "replace", "{{givenName}} {{familyName}}"),
    )


def refer(number: int) -> dict[str, str]:
    place = f"{{{{member{number}}}}}"
    return {"value": place, "$ref": f"Users/{place}"}


def group_patch(*members: dict[str, str]) -> dict[str, Any]:
    return patch(
        ("members", "replace" if members else "remove", list(members) or None),
        ("displayName", "replace", "{{groupName}}"),
        ("externalId", "replace", "{{groupId}}"),
    )


TYPED = {"value": "{{member1}}", "type": "User"}
VARIANTS = {
    "user-update/patch": Play(moves=(0,), variables=ZOE, changes=user_patch("true")),
    "user-deactivate/patch": Play(moves=(0,), changes=user_patch("false")),
    "user-reactivate/patch": Play(moves=(0,), changes=user_patch("true")),
    "group-update/patch": Play(moves=(0,), variables=SQUAD, changes=group_patch(refer(1))),
    "group-member-add/patch": Play(moves=(0, 1), changes=group_patch(refer(1), refer(2))),
    "group-empty/patch": Play(moves=(0, 1), changes=group_patch()),
    "group-update/typed": Play(
        moves=(0,),
        variables=SQUAD,
        changes={"0.body.members": [{**TYPED, "$ref": "Users/{{member1}}"}]},
    ),
    "group-update/typed-patch": Play(moves=(0,), variables=SQUAD, changes=group_patch(TYPED)),
}


def expected(sequence: dict[str, Any], given: Play, caught: Caught) -> list[bytes]:
    """Return the bytes that the sequence says, with the variables of this play."""
    told = {**variables(caught), **given.variables}
    steps = [sequence["steps"][number] for number, _ in moves_of(given)]
    return [expected_bytes(step, told, caught.host) for step in steps]


def variables(caught: Caught) -> dict[str, Any]:
    first, second = caught.stage.people[:2]
    return {
        "token": TOKEN,
        "keycloakId": first.idp_id,
        "userName": first.user_name,
        "givenName": first.given_name,
        "familyName": first.family_name,
        "email": first.email,
        "scimUserId": id_of(first.user_name),
        "keycloakId2": second.idp_id,
        "userName2": second.user_name,
        "givenName2": second.given_name,
        "familyName2": second.family_name,
        "email2": second.email,
        "member1": id_of(first.user_name),
        "member2": id_of(second.user_name),
        "groupId": caught.stage.group.idp_id,
        "groupName": caught.stage.group.name,
        "scimGroupId": id_of(caught.stage.group.name),
    }


def test_every_sequence_of_the_facts_is_played_and_is_a_scenario() -> None:
    assert len(SEQUENCES) == 11
    assert set(PLAYS) == set(SEQUENCES) == set(PROFILE.scenarios)


def test_every_known_variant_is_played() -> None:
    known = {
        f"{scenario.id}/{variant.name}"
        for scenario in PROFILE.scenarios.values()
        for variant in scenario.variants[1:]
    }
    assert set(VARIANTS) == known


@pytest.mark.parametrize("sequence_id", SEQUENCES)
def test_every_step_of_a_sequence_is_seen(sequence_id: str) -> None:
    assert PLAYS[sequence_id].steps() == set(range(len(SEQUENCES[sequence_id]["steps"])))


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
    given = Play(**{**vars(VARIANTS[name]), "switches": variant.switches})
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
