"""What the authentik profile puts on the wire, byte for byte, against the collected sequences.

The sequences live in facts/authentik.json, which no profile reads.
"""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import copy
from typing import Any

import pytest

from idp_profiles import load
from tests.idp_profiles.authentik_plays import LATER
from tests.idp_profiles.authentik_plays import Play
from tests.idp_profiles.authentik_plays import expected
from tests.idp_profiles.authentik_plays import play
from tests.idp_profiles.sheets import mutants
from tests.idp_profiles.sheets import sequences_of

SEQUENCES = sequences_of("authentik")
PROFILE = load("authentik")

SQUAD = {"groupName": "Squad", "scimGroupId": "id-TeamCo"}
NO_USER, NO_GROUP = {"POST /Users": (409,)}, {"POST /Groups": (409,)}
PLAYS = {
    "user-create": Play(moves=(0, 1)),
    "user-create-conflict": Play(moves=(0, 1), refused=NO_USER),
    "user-update": Play(moves=(0,), variables=LATER),
    "user-update-gone": Play(moves=(0, 1), variables=LATER, refused={"PUT /Users": (404,)}),
    "user-deactivate": Play(moves=(0,)),
    "user-reactivate": Play(moves=(0,)),
    "user-delete": Play(moves=(0,)),
    "group-create": Play(moves=(0, 1)),
    "group-create-put": Play(moves=(0, 1)),
    "group-create-conflict": Play(moves=(0, 1, 2), refused=NO_GROUP),
    "group-update": Play(moves=(0, 1), variables=SQUAD),
    "group-update-put": Play(moves=(0, 2), variables=SQUAD),
    "group-compare": Play(moves=(0, 1)),
    "group-member-add": Play(moves=(0,)),
    "group-member-remove": Play(moves=(0,)),
    "group-delete": Play(moves=(0,)),
    "full-sync": Play(moves=(0, 1, 2)),
}
REFUSED_PUT = Play(moves=(0, 1, 2), variables=SQUAD, refused={"PUT /Groups": (501,)})
IN_DIALECTS = [(key, dialect) for key, one in SEQUENCES.items() for dialect in one["dialects"]]


def told(sequence_id: str, dialect: str) -> dict[str, Any]:
    """Return a sequence as the dialect says it."""
    sequence = copy.deepcopy(SEQUENCES[sequence_id])
    for step in sequence["steps"]:
        if step["path"] == "/ServiceProviderConfig" and dialect == "salesforce":
            step["path"] = "/ServiceProviderConfigs"
    return sequence


def survivors(sequence: dict[str, Any], given: Play, caught: Any) -> list[Any]:
    return [
        path
        for path, mutant in mutants(sequence, set(given.moves))
        if expected(mutant, given, caught) == caught.requests
    ]


def test_every_sequence_of_the_facts_is_played_and_is_a_scenario() -> None:
    assert len(SEQUENCES) == 17
    assert set(PLAYS) == set(SEQUENCES) == set(PROFILE.scenarios)


@pytest.mark.parametrize("sequence_id", SEQUENCES)
def test_a_scenario_exists_in_the_dialects_of_its_sequence(sequence_id: str) -> None:
    assert list(PROFILE.scenarios[sequence_id].dialects) == SEQUENCES[sequence_id]["dialects"]


@pytest.mark.parametrize(("sequence_id", "dialect"), IN_DIALECTS)
def test_the_bytes_on_the_wire_are_those_of_the_sequence(
    sequence_id: str, dialect: str, listen: Any
) -> None:
    given = PLAYS[sequence_id]
    caught = play(PROFILE, sequence_id, dialect, given, listen)
    assert caught.requests == expected(told(sequence_id, dialect), given, caught)


def test_a_refused_put_is_followed_by_two_operations_in_aws_mode(listen: Any) -> None:
    sequence = SEQUENCES["group-update-put"]
    caught = play(PROFILE, "group-update-put", "aws", REFUSED_PUT, listen)
    assert caught.requests == expected(sequence, REFUSED_PUT, caught)
    assert survivors(sequence, REFUSED_PUT, caught) == []


def test_the_unquoted_filter_differs_in_its_quotes_only(listen: Any) -> None:
    sequence = copy.deepcopy(SEQUENCES["user-create-conflict"])
    sequence["steps"][1]["query"] = "filter=userName eq {{userName}}"
    given = Play(moves=(0, 1), refused=NO_USER, switches=switches_of("user-create-conflict"))
    caught = play(PROFILE, "user-create-conflict", "default", given, listen)
    assert caught.requests == expected(sequence, given, caught)


def test_the_patch_with_schemas_differs_in_them_only(listen: Any) -> None:
    sequence = copy.deepcopy(SEQUENCES["group-update"])
    urn = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
    sequence["steps"][0]["body"]["schemas"] = [urn]
    given = Play(moves=(0, 1), variables=SQUAD, switches=switches_of("group-update"))
    caught = play(PROFILE, "group-update", "default", given, listen)
    assert caught.requests == expected(sequence, given, caught)


def test_every_known_variant_is_played() -> None:
    more = {
        scenario.id: [variant.name for variant in scenario.variants[1:]]
        for scenario in PROFILE.scenarios.values()
        if scenario.variants[1:]
    }
    assert more == {"user-create-conflict": ["unquoted"], "group-update": ["with-schemas"]}


@pytest.mark.parametrize("sequence_id", SEQUENCES)
def test_one_changed_leaf_anywhere_in_a_sequence_is_noticed(sequence_id: str, listen: Any) -> None:
    given, dialect = PLAYS[sequence_id], SEQUENCES[sequence_id]["dialects"][0]
    caught = play(PROFILE, sequence_id, dialect, given, listen)
    assert survivors(SEQUENCES[sequence_id], given, caught) == []


def switches_of(scenario_id: str) -> Any:
    return PROFILE.scenarios[scenario_id].variants[1].switches
