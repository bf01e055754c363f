"""What the OneLogin profile puts on the wire, byte for byte, against the collected sequences.

The sequences and the templates live in facts/onelogin.json, which no profile reads.
"""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
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

SEQUENCES = sequences_of("onelogin")
_FILE = Path(__file__).parent / "facts" / "onelogin.json"
TEMPLATES = {
    name: entry["body"]
    for name, entry in json.loads(_FILE.read_text(encoding="utf-8"))["templates"].items()
}
PROFILE = load("onelogin")

ATTRIBUTES = {
    "title": "Chief",
    "department": "Tests",
    "external_manager_id": "m-1",
    "manager_firstname": "Max",
}
NEW_NAME = {"firstname": "Zoë"}
PLAYS = {
    "enable": Play(moves=(0,)),
    "provision-new": Play(moves=(0, 1)),
    "provision-existing": Play(moves=(0, 1)),
    "update": Play(moves=(0,), variables=NEW_NAME),
    "group-read": Play(moves=(0,)),
    "group-create": Play(moves=(0,)),
    "group-member-add": Play(moves=(0,)),
    "group-member-remove": Play(moves=(0,)),
    "group-member-remove-filter": Play(moves=(0,)),
    "suspend-put": Play(moves=(0,)),
    "suspend-patch": Play(moves=(0,)),
    "delete": Play(moves=(0,)),
    "sync-logins": Play(moves=(0,)),
}


def clean(sequence_id: str, numbers: tuple[int, ...]) -> dict[str, Any]:
    """Return the changes that take the stray marks out of a sequence."""
    steps = SEQUENCES[sequence_id]["steps"]
    paths = {f"{number}.path": steps[number]["path"].rstrip("?") for number in numbers}
    queries = {
        f"{number}.query": steps[number]["query"].rstrip("&")
        for number in numbers
        if steps[number]["query"]
    }
    return {**paths, **queries}


ODD = {"template": "v2-odd"}
VARIANTS = {
    "provision-new/wild-urns": Play(moves=(0, 1), variables={"template": "v2-wild-urns"}),
    "provision-new/object-email": Play(moves=(0, 1), variables={"template": "v1-object-email"}),
    "provision-new/odd": Play(moves=(0, 1), variables=ODD),
    "provision-new/odd-digit": Play(moves=(0, 1), variables={**ODD, "activeString": "1"}),
    "provision-new/custom-user-agent": Play(
        moves=(0, 1),
        changes={"0.headers.User-Agent": "OneLogin SCIM", "1.headers.User-Agent": "OneLogin SCIM"},
    ),
    "provision-new/plain-json": Play(moves=(0, 1), variables={"contentType": "application/json"}),
    "provision-new/clean-urls": Play(moves=(0, 1), changes=clean("provision-new", (0, 1))),
    "provision-existing/wild-urns": Play(moves=(0, 1), variables={"template": "v2-wild-urns"}),
    "provision-existing/object-email": Play(
        moves=(0, 1), variables={"template": "v1-object-email"}
    ),
    "provision-existing/odd": Play(moves=(0, 1), variables=ODD),
    "update/wild-urns": Play(moves=(0,), variables={**NEW_NAME, "template": "v2-wild-urns"}),
    "update/object-email": Play(moves=(0,), variables={**NEW_NAME, "template": "v1-object-email"}),
    "update/odd": Play(moves=(0,), variables={**NEW_NAME, **ODD}),
    "update/clean-urls": Play(moves=(0,), variables=NEW_NAME, changes=clean("update", (0,))),
    "group-member-remove/filter": Play(
        moves=(0,),
        changes={"0.body": SEQUENCES["group-member-remove-filter"]["steps"][0]["body"]},
    ),
    "sync-logins/small-pages": Play(
        moves=((0, {"start": "1"}), (0, {"start": "3"})),
        changes={"0.query": "startIndex={{start}}&count=2"},
    ),
    "suspend-put/patch": Play(
        moves=(0,),
        changes={
            "0.method": "PATCH",
            "0.body": SEQUENCES["suspend-patch"]["steps"][0]["body"],
        },
    ),
}


def expected(
    sequence: dict[str, Any], given: Play, caught: Caught, templates: dict[str, Any] = TEMPLATES
) -> list[bytes]:
    """Return the bytes that the sequence says, with the variables of this play."""
    told = {**variables(caught), **given.variables}
    template = templates[told["template"]]
    return [
        expected_bytes(
            with_template(sequence["steps"][number], template),
            {**told, **own},
            caught.host,
            blank="+",
            literal_query=True,
        )
        for number, own in moves_of(given)
    ]


def with_template(step: dict[str, Any], template: dict[str, Any]) -> dict[str, Any]:
    """Return the step with the template in the place of its body."""
    bodies = {
        "{{template}}": template,
        "{{template with active false}}": {**template, "active": False},
    }
    body = step["body"]
    return {**step, "body": bodies.get(body, body) if isinstance(body, str) else body}


def variables(caught: Caught) -> dict[str, Any]:
    stage: Stage = caught.stage
    person = stage.person
    nobody = re.search(rb"%22(nobody.*?)%22", caught.requests[0])
    return {
        "token": TOKEN,
        "template": "v2-core",
        "contentType": "application/scim+json",
        "activeString": "true",
        # Which name is looked up is not established; that nobody has it is tested elsewhere.
        "neverExisting": nobody.group(1).decode().replace("%40", "@") if nobody else "none",
        "scimusername": person.user_name,
        "firstname": person.given_name,
        "lastname": person.family_name,
        "email": person.email,
        "displayName": person.display_name,
        "title": ATTRIBUTES["title"],
        "department": ATTRIBUTES["department"],
        "managerId": ATTRIBUTES["external_manager_id"],
        "managerName": ATTRIBUTES["manager_firstname"],
        "scimUserId": id_of(person.user_name),
        "scimGroupId": id_of(stage.group.name),
        "groupName": stage.group.name,
        "count": "100",
    }


def played(sequence_id: str, given: Play, listen: Any) -> Caught:
    return play(PROFILE, sequence_id, Play(**{**vars(given), "attributes": ATTRIBUTES}), listen)


def test_every_sequence_of_the_facts_is_played_and_is_a_scenario() -> None:
    assert len(SEQUENCES) == 13
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
    caught = played(sequence_id, given, listen)
    assert caught.requests == expected(SEQUENCES[sequence_id], given, caught)


@pytest.mark.parametrize("name", VARIANTS)
def test_the_bytes_of_a_variant_differ_from_the_sequence_as_told(name: str, listen: Any) -> None:
    sequence_id, _, variant_name = name.partition("/")
    variants = PROFILE.variants(sequence_id, PROFILE.usual_dialect)
    variant = next(one for one in variants if one.name == variant_name)
    given = Play(**{**vars(VARIANTS[name]), "switches": variant.switches})
    caught = played(sequence_id, given, listen)
    assert caught.requests == expected(changed(SEQUENCES[sequence_id], given), given, caught)


@pytest.mark.parametrize("sequence_id", SEQUENCES)
def test_one_changed_leaf_anywhere_in_a_sequence_is_noticed(sequence_id: str, listen: Any) -> None:
    given, sequence = PLAYS[sequence_id], SEQUENCES[sequence_id]
    caught = played(sequence_id, given, listen)
    survivors = [
        path
        for path, mutant in mutants(sequence, given.steps())
        if expected(mutant, given, caught) == caught.requests
    ]
    assert survivors == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_one_changed_leaf_anywhere_in_a_template_is_noticed(name: str, listen: Any) -> None:
    given = Play(moves=(0, 1), switches={"template": name}, variables={"template": name})
    caught = played("provision-new", given, listen)
    # A template is the body of a step that has nothing else.
    wrapped = {"steps": [{"method": "", "path": "", "query": "", "headers": {}}]}
    wrapped["steps"][0]["body"] = copy.deepcopy(TEMPLATES[name])
    survivors = []
    for path, mutant in mutants(wrapped, {0}):
        body = mutant["steps"][0]["body"]
        if path[1] == "body" and caught.requests == expected(
            SEQUENCES["provision-new"], given, caught, {name: body}
        ):
            survivors.append(path)
    assert survivors == []


def test_the_patch_of_a_membership_has_the_length_that_the_log_shows(listen: Any) -> None:
    caught = played("group-member-add", PLAYS["group-member-add"], listen)
    body = caught.requests[0].partition(b"\r\n\r\n")[2]
    user_id = id_of(caught.stage.person.user_name)
    assert len(body) - len(user_id) + 36 == 165
