"""What the JumpCloud profile puts on the wire, byte for byte, against the collected sequences.

The sequences live in facts/jumpcloud.json, which no profile reads.
"""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import re
from typing import Any

import pytest

from idp_profiles import MockIdp
from idp_profiles import load
from idp_profiles.model import Credential
from idp_profiles.profile import Stage
from idp_profiles.transport import WireSend
from tests.idp_profiles.plays import Caught
from tests.idp_profiles.plays import Play
from tests.idp_profiles.plays import changed
from tests.idp_profiles.plays import moves_of
from tests.idp_profiles.plays import play
from tests.idp_profiles.sheets import LEFT_OUT
from tests.idp_profiles.sheets import TOKEN
from tests.idp_profiles.sheets import Many
from tests.idp_profiles.sheets import SheetApp
from tests.idp_profiles.sheets import expected_bytes
from tests.idp_profiles.sheets import id_of
from tests.idp_profiles.sheets import mutants
from tests.idp_profiles.sheets import sequences_of

SEQUENCES = sequences_of("jumpcloud")
PROFILE = load("jumpcloud")
PHOTOS = [{"value": "https://photos.example.com/1.png"}]
HOME = {
    "phone": "+1-555-010-0001",
    "country": "AT",
    "locality": "Wien",
    "region": "W",
    "postalCode": "1010",
    "streetAddress": "Ring 1",
}
WORK = {"title": "Chief", "department": "Tests"}
ALWAYS = {
    **WORK,
    **HOME,
    "token": TOKEN,
    "contentType": "application/scim+json",
    "accept": "application/scim+json",
    "userAgent": "Go-http-client/1.1",
    "echo:photos": PHOTOS,
    "count": "100",
}
SMALL = {"displayName", "locale", "preferredLanguage", "addresses", "phoneNumbers"}


def with_photos(app: SheetApp) -> None:
    app.extra = {"photos": PHOTOS}


def no_delete(app: SheetApp) -> None:
    app.refused["DELETE /Users"] = 405


def whole(*moves: Any, **more: Any) -> Play:
    """A play whose people work somewhere and whose PUTs return photos."""
    return Play(moves=moves, attributes=WORK, prepare=with_photos, **more)


def first_two(number: int) -> tuple[Any, ...]:
    return ((number, {"who": 0}), (number, {"who": 1}))


LAST = {"members": slice(-1, None)}
FIRST = {"members": slice(0, 1)}
STAYING = {"members": slice(1, -1)}
TEAM = {"members": slice(0, -1)}

PLAYS = {
    "test-connection": Play(moves=(0, 1, 2, 3, 4)),
    "test-connection-no-delete": Play(moves=(0, 1), refuse=no_delete),
    "test-connection-groups": Play(moves=(0, 1, 2, 3)),
    "provision-new": Play(moves=(0, 1), attributes=HOME),
    "provision-existing": whole(0, 1),
    "update": whole(0, 1, variables={"givenName": "Zoë"}),
    "deactivate": whole(0),
    "reactivate": whole(0, 1),
    "delete": Play(moves=(0,)),
    "group-create": Play(moves=(0, 1, (2, TEAM))),
    "group-member-add": Play(moves=((0, LAST),)),
    "group-member-remove": Play(moves=((0, FIRST),)),
    "group-member-remove-p2": Play(moves=(0,)),
    "group-put-p3": Play(moves=((0, STAYING),)),
    "group-rename": Play(moves=(0,)),
    "group-unbind": whole(*first_two(0)),
    "group-delete": whole(0, *first_two(1)),
    "import": Play(moves=(0,)),
    "integration-off": Play(moves=()),
}
_PLAIN = {"contentType": "application/json", "accept": "application/json"}
VARIANTS = {
    "test-connection/plain-json": Play(moves=(0, 1, 2, 3, 4), variables=_PLAIN),
    "test-connection/no-user-agent": Play(moves=(0, 1, 2, 3, 4), variables={"userAgent": LEFT_OUT}),
    "test-connection/empty-user-agent": Play(moves=(0, 1, 2, 3, 4), variables={"userAgent": ""}),
    "test-connection/filter-plus-encoding": Play(moves=(0, 1, 2, 3, 4), blank="+"),
    "test-connection/without-read": Play(moves=(0, 1, 3, 4)),
    "test-connection-groups/rename": Play(
        moves=(0, 1, 2, 3),
        changes={
            "2.body.Operations": [
                {"op": "replace", "path": "displayName", "value": "{{testGroupName}} renamed"}
            ]
        },
    ),
    "provision-new/plain-json": Play(moves=(0, 1), attributes=HOME, variables=_PLAIN),
    "provision-new/no-user-agent": Play(
        moves=(0, 1), attributes=HOME, variables={"userAgent": LEFT_OUT}
    ),
    "provision-new/empty-user-agent": Play(
        moves=(0, 1), attributes=HOME, variables={"userAgent": ""}
    ),
    "provision-new/filter-plus-encoding": Play(moves=(0, 1), attributes=HOME, blank="+"),
    "provision-new/small-mapping": Play(
        moves=(0, 1),
        attributes=HOME,
        changes={
            "1.body": {
                key: value
                for key, value in SEQUENCES["provision-new"]["steps"][1]["body"].items()
                if key not in SMALL
            }
        },
    ),
    "provision-existing/without-echo": whole(0, 1, variables={"echo:photos": LEFT_OUT}),
    "update/without-read": whole(1, variables={"givenName": "Zoë"}),
    "group-create/members-in-post": Play(
        moves=(0, (1, TEAM), (2, TEAM)),
        changes={
            "1.body": {
                "displayName": "{{groupName}}",
                "members": "{{displayed}}",
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            }
        },
    ),
    "group-member-add/repeated": Play(moves=((0, LAST), (0, LAST))),
    "group-member-remove/path-filter": Play(
        moves=(0,),
        changes={
            "0.body.Operations": [
                {"op": "remove", "path": 'members[value eq "{{scimUserId}}"]'},
            ]
        },
    ),
    "group-member-remove/full-put": Play(
        moves=((0, STAYING),),
        changes={
            "0.method": "PUT",
            "0.body": SEQUENCES["group-put-p3"]["steps"][0]["body"],
        },
    ),
    "group-put-p3/with-display": Play(
        moves=((0, STAYING),),
        changes={"0.body.members": "{{displayed}}"},
    ),
    "group-rename/pathless": Play(
        moves=(0,),
        changes={
            "0.body.Operations": [
                {
                    "op": "replace",
                    "value": {"id": "{{scimGroupId}}", "displayName": "{{newGroupName}}"},
                }
            ]
        },
    ),
    "import/small-pages": Play(
        moves=((0, {"start": "1"}), (0, {"start": "3"})),
        changes={"0.query": "startIndex={{start}}&count=2"},
    ),
    "import/count-first": Play(moves=(0,), changes={"0.query": "count={{count}}&startIndex=1"}),
}


def expected(sequence: dict[str, Any], given: Play, caught: Caught) -> list[bytes]:
    """Return the bytes that the sequence says, with the variables of this play."""
    found = re.search(rb'"externalId":"([0-9a-f]{24})"', b"".join(caught.requests))
    fresh = found.group(1).decode() if found else "none"
    return [
        expected_bytes(
            sequence["steps"][number],
            {**variables(sequence["id"], caught.stage, own, fresh), **given.variables, **own},
            caught.host,
            blank=given.blank,
        )
        for number, own in moves_of(given)
    ]


def variables(sequence_id: str, stage: Stage, own: dict[str, Any], fresh: str) -> dict[str, Any]:
    person = stage.people[own.get("who", 0)]
    members = stage.people[own.get("members", slice(1, -1))]
    ids = Many(id_of(one.user_name) for one in members)
    # The test user's name is the address that the admin gave.
    login = person.email if sequence_id.startswith("test-connection") else person.user_name
    return {
        **ALWAYS,
        "testEmail": stage.person.email,
        "hex24": fresh,
        "testGroupName": stage.group.name,
        "userName": person.user_name,
        "givenName": person.given_name,
        "familyName": person.family_name,
        "displayName": person.display_name,
        "email": person.email,
        "jcUserId": person.idp_id,
        "scimUserId": ids if "members" in own else id_of(login),
        "scimGroupId": id_of(stage.group.name),
        "groupName": stage.group.name,
        "newGroupName": stage.new_group_name,
        "displayed": [
            {"display": each.display_name, "value": id_of(each.user_name)} for each in members
        ],
    }


def test_every_sequence_of_the_facts_is_played_and_is_a_scenario() -> None:
    assert len(SEQUENCES) == 19
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
    settings = {"switches": variant.switches, "mapping": variant.mapping}
    given = Play(**{**vars(VARIANTS[name]), **settings})
    caught = play(PROFILE, sequence_id, given, listen)
    assert caught.requests == expected(changed(SEQUENCES[sequence_id], given), given, caught)


@pytest.mark.parametrize("sequence_id", [name for name in SEQUENCES if PLAYS[name].moves])
def test_one_changed_leaf_anywhere_in_a_sequence_is_noticed(sequence_id: str, listen: Any) -> None:
    given, sequence = PLAYS[sequence_id], SEQUENCES[sequence_id]
    caught = play(PROFILE, sequence_id, given, listen)
    survivors = [
        path
        for path, mutant in mutants(sequence, given.steps())
        if expected(mutant, given, caught) == caught.requests
    ]
    assert survivors == []


def test_photos_are_left_out_where_the_app_has_none(listen: Any) -> None:
    given = Play(moves=(0, 1), attributes=WORK, variables={"echo:photos": LEFT_OUT})
    caught = play(PROFILE, "provision-existing", given, listen)
    assert caught.requests == expected(SEQUENCES["provision-existing"], given, caught)


@pytest.mark.parametrize("status", [404, 405, 501])
def test_every_refusal_of_a_delete_leads_to_a_deactivation(status: int, listen: Any) -> None:
    sequence_id = "test-connection-no-delete"
    given = Play(moves=(0, 1), refuse=lambda app: app.refused.update({"DELETE /Users": status}))
    caught = play(PROFILE, sequence_id, given, listen)
    assert caught.requests == expected(SEQUENCES[sequence_id], given, caught)


def test_a_slash_left_at_the_end_of_the_base_url_is_doubled(listen: Any) -> None:
    class Sloppy(SheetApp):
        def __call__(self, method: str, target: str, body: bytes) -> bytes:
            return super().__call__(method, target.replace("//", "/"), body)

    listener = listen(Sloppy())
    assert slash_left(listener) == b"GET /scim/v2//Users?filter="


def slash_left(listener: Any) -> bytes:
    idp = PROFILE.start(
        dialect="custom",
        credential=Credential("bearer", TOKEN),
        switches={"base_url_slash": "left"},
    )
    with WireSend(f"{listener.url}/scim/v2") as send:
        assert MockIdp(idp, send).test_connection("new@example.com").ok
    first: bytes = listener.caught[0]
    return first[: len(b"GET /scim/v2//Users?filter=")]
