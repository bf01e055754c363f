"""People whom SCIM sends: what the product then shows of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference_server.products.clockify_probes import ANNA
from tests.reference_server.products.clockify_probes import INES
from tests.reference_server.products.clockify_probes import LIAM
from tests.reference_server.products.clockify_probes import UMA
from tests.reference_server.products.clockify_talk import GROUP
from tests.reference_server.products.clockify_talk import USER
from tests.reference_server.products.clockify_talk import Talk
from tests.reference_server.products.clockify_talk import said_of

Json = Any


@pytest.fixture
def talk() -> Talk:
    return Talk().switch_on()


def zone(talk: Talk, email: str = ANNA) -> str:
    return str(talk.person(email)["settings"]["timeZone"])


def whole(name: str, /, **more: Json) -> Json:
    return {"schemas": [USER], "userName": f"{name}@example.com", **said_of(name), **more}


# -- coming, changing, leaving ------------------------------------------------------------------


def test_the_id_is_the_same_on_both_sides(talk: Talk) -> None:
    anna = talk.provision("anna")
    assert talk.person(ANNA)["id"] == anna
    assert len(anna) == 24
    int(anna, 16)


def test_somebody_who_is_sent_as_inactive_is_inactive_from_the_start(talk: Talk) -> None:
    anna = talk.provision("anna", active=False)
    assert talk.status(ANNA) == "INACTIVE"
    assert not talk.opens(talk.key(anna))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"name": {"givenName": "A", "familyName": "B"}, "displayName": "C"}, "A B"),
        ({"name": {"familyName": "B"}}, "B"),
        ({"name": {"formatted": "Dr A B"}, "displayName": "C"}, "Dr A B"),
        ({"name": None, "displayName": "C"}, "C"),
        ({"name": None}, ANNA),
    ],
)
def test_the_name_is_made_of_what_is_sent(talk: Talk, said: Json, name: str) -> None:
    talk.provision("anna", **said)
    assert talk.person(ANNA)["name"] == name


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"displayName": "Annie"}, "Annie"),
        ({"name.givenName": "Annie"}, "Annie Example"),
        ({"name.formatted": "Dr Anna"}, "Dr Anna"),
        ({"name.givenName": "Annie", "displayName": "Boss"}, "Annie Example"),
        ({"title": "Boss"}, "Anna Example"),
    ],
)
def test_whatever_a_provider_changes_of_a_name_shows(talk: Talk, change: Json, name: str) -> None:
    talk.set(talk.provision("anna", displayName="Anna Example"), **change)
    assert talk.person(ANNA)["name"] == name


@pytest.mark.parametrize(
    ("emails", "email"),
    [
        ([{"value": "1@x.org", "type": "home"}, {"value": "2@x.org", "type": "work"}], "2@x.org"),
        ([{"value": "1@x.org", "primary": True}, {"value": "2@x.org", "type": "work"}], "1@x.org"),
        ([{"value": "1@x.org"}, {"value": "2@x.org"}], "1@x.org"),
        ([], ANNA),
    ],
)
def test_the_email_is_the_primary_one_or_the_best_there_is(
    talk: Talk, emails: Json, email: str
) -> None:
    talk.provision("anna", emails=emails)
    assert email in talk.people()


def test_somebody_without_an_address_is_there_all_the_same(talk: Talk) -> None:
    talk.provision("anna", userName="anna", emails=[])
    assert talk.person("")["name"] == "Anna Example"


def test_a_member_is_renamed_by_the_first_request_for_them_and_not_before(talk: Talk) -> None:
    uma = talk.person(UMA)
    assert uma["name"] == "Uma User"
    body = {"schemas": [USER], "userName": UMA, "name": {"givenName": "U", "familyName": "U"}}
    assert talk.scim("PUT", f"/Users/{uma['id']}", body).status == 200
    assert talk.person(UMA)["name"] == "U U"
    assert talk.person(LIAM)["name"] == "Liam Limited"


def test_a_member_whom_the_provider_knows_already_is_no_other(talk: Talk) -> None:
    refused = talk.scim("POST", "/Users", {"schemas": [USER], "userName": UMA.upper()})
    assert refused.status == 409
    assert sum(each.startswith("uma") for each in talk.people()) == 1


def test_an_invited_person_stays_so_until_the_provider_activates_them(talk: Talk) -> None:
    ines = talk.person(INES)["id"]
    talk.set(ines, title="Boss")
    assert talk.status(INES) == "PENDING"
    talk.set(ines, active=True)
    assert (talk.status(INES), talk.person(INES)["status"]) == ("ACTIVE", "ACTIVE")


@pytest.mark.parametrize("whole_user", [False, True], ids=["patch", "put"])
def test_deactivation_takes_status_and_key_at_once_and_gives_them_back(
    talk: Talk, whole_user: bool
) -> None:
    anna = talk.provision("anna")
    key = talk.key(ANNA)

    def become(active: bool) -> tuple[str, bool]:
        if whole_user:
            talk.scim("PUT", f"/Users/{anna}", whole("anna", active=active))
        else:
            talk.set(anna, active=active)
        return talk.status(ANNA), talk.opens(key)

    assert [become(False), become(True)] == [("INACTIVE", False), ("ACTIVE", True)]


def test_a_removed_person_is_gone_with_key_and_memberships_and_comes_back_as_another(
    talk: Talk,
) -> None:
    anna = talk.provision("anna")
    key = talk.key(ANNA)
    talk.push("Crew", anna)
    assert talk.scim("DELETE", f"/Users/{anna}").status == 204
    assert (ANNA in talk.people(), talk.opens(key)) == (False, False)
    assert talk.groups()["Crew"]["userIds"] == []
    again = talk.provision("anna")
    assert again != anna
    assert talk.key(ANNA) != key


def test_the_order_of_the_data_protection_rules_can_be_kept(talk: Talk) -> None:
    anna = talk.provision("anna")
    talk.set(anna, active=False)
    nobody = whole("x1", active=False)
    nobody["name"] = {"givenName": "Removed", "familyName": "User"}
    assert talk.scim("PUT", f"/Users/{anna}", nobody).status == 200
    shown = talk.person("x1@example.com")
    assert (shown["name"], shown["id"]) == ("Removed User", anna)
    assert talk.status("x1@example.com") == "INACTIVE"
    assert "Anna" not in str(talk.people())
    talk.scim("DELETE", f"/Users/{anna}")
    assert "x1@example.com" not in talk.people()


def test_people_without_an_address_or_with_one_for_two_are_seen_when_scim_is_on_again(
    talk: Talk,
) -> None:
    same = [{"value": ANNA, "primary": True}]
    ids = [talk.provision("anna"), talk.provision("ben", emails=same)]
    ids.append(talk.provision("cyd", userName="cyd", emails=[]))
    talk.simulated("DELETE", "scim")
    talk.switch_on()
    names = [talk.scim("GET", f"/Users/{each}").json["userName"] for each in ids]
    assert names == [ANNA, *ids[1:]]


# -- the time zone ----------------------------------------------------------------------------


def choose(talk: Talk, who: str, name: str) -> None:
    found = talk.simulated("PUT", "/user/settings", by=who, body={"timeZone": name})
    assert found.status == 200


def test_the_time_zone_follows_the_provider_until_somebody_chooses_one(talk: Talk) -> None:
    anna = talk.provision("anna", timezone="Asia/Tokyo")
    talk.set(anna, timezone="Asia/Aden")
    assert zone(talk) == "Asia/Aden"
    choose(talk, ANNA, "Europe/Paris")
    talk.set(anna, timezone="Asia/Tokyo")
    assert zone(talk) == "Europe/Paris"
    talk.scim("PUT", f"/Users/{anna}", whole("anna", timezone="Asia/Aden"))
    assert zone(talk) == "Europe/Paris"


def test_a_time_zone_that_was_chosen_survives_a_whole_new_sync(talk: Talk) -> None:
    choose(talk, "user", "Europe/Paris")
    talk.simulated("DELETE", "scim")
    talk.switch_on()
    uma = talk.person(UMA)["id"]
    body = {"schemas": [USER], "userName": UMA, "timezone": "Asia/Tokyo"}
    assert talk.scim("PUT", f"/Users/{uma}", body).status == 200
    assert zone(talk, UMA) == "Europe/Paris"


def test_a_provider_that_sends_no_time_zone_changes_none(talk: Talk) -> None:
    anna = talk.provision("anna", timezone="Asia/Tokyo")
    talk.scim("PUT", f"/Users/{anna}", whole("anna"))
    assert zone(talk) == "Asia/Tokyo"


# -- whole or not at all ------------------------------------------------------------------------


def test_a_refused_change_leaves_the_product_as_it_was(talk: Talk) -> None:
    anna = talk.provision("anna")
    before = talk.people()
    bad = [
        {"op": "replace", "value": {"active": False, "name.givenName": "X"}},
        {"op": "replace", "path": "userName", "value": UMA},
    ]
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": bad}
    assert talk.scim("PATCH", f"/Users/{anna}", body).status == 409
    assert talk.people() == before


def test_of_a_bulk_request_what_succeeds_takes_effect(talk: Talk) -> None:
    created = [
        {"method": "POST", "path": "/Users", "bulkId": name, "data": whole(name)}
        for name in ("anna", "ben", "anna")
    ]
    members = [{"value": "bulkId:ben"}]
    crew = {"schemas": [GROUP], "displayName": "Crew", "members": members}
    group = {"method": "POST", "path": "/Groups", "bulkId": "g", "data": crew}
    created[2]["bulkId"] = "again"
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [*created, group],
    }
    found = talk.scim("POST", "/Bulk", body)
    assert [each["status"] for each in found.json["Operations"]] == ["201", "201", "409", "201"]
    ben = talk.person("ben@example.com")["id"]
    assert talk.groups()["Crew"]["userIds"] == [ben]
    assert sum(each == ANNA for each in talk.people()) == 1


def test_hundreds_come_in_and_are_all_there(talk: Talk) -> None:
    for number in range(300):
        talk.provision(f"person{number:03}")
    everybody = {email for email in talk.people() if email.startswith("person")}
    assert everybody == {f"person{number:03}@example.com" for number in range(300)}


# -- groups -----------------------------------------------------------------------------------


def test_a_group_follows_its_members_however_they_are_written(talk: Talk) -> None:
    anna, ben, cyd = (talk.provision(name) for name in ("anna", "ben", "cyd"))
    crew = talk.push("Crew", anna)
    talk.join(crew, ben)
    talk.part(crew, anna)
    assert talk.groups()["Crew"]["userIds"] == [ben]
    members = [{"value": cyd}, {"value": ben}]
    body = {"schemas": [GROUP], "displayName": "Gang", "members": members}
    assert talk.scim("PUT", f"/Groups/{crew}", body).status == 200
    gang = talk.groups()["Gang"]
    assert (gang["id"], set(gang["userIds"])) == (crew, {ben, cyd})
    talk.patch(crew, {"op": "remove", "path": "members"}, endpoint="Groups")
    assert talk.groups()["Gang"]["userIds"] == []
    assert talk.scim("DELETE", f"/Groups/{crew}").status == 204
    assert talk.groups() == {}


def test_a_group_within_a_group_is_no_member_of_it(talk: Talk) -> None:
    inner = talk.push("Inner", talk.provision("anna"))
    talk.push("Outer", inner)
    assert talk.groups()["Outer"]["userIds"] == []


def test_two_groups_of_one_name_are_two(talk: Talk) -> None:
    first, second = talk.push("Crew"), talk.push("Crew")
    found = [each["id"] for each in talk.api("GET", "user-groups").json]
    assert sorted(found) == sorted((first, second))
