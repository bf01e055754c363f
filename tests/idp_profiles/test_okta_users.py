"""What Okta makes of replies about people: when it goes on, what it keeps, when it stops."""

from __future__ import annotations

# ruff: noqa: ANN401 # fixtures are factories whose classes no test can import
from dataclasses import replace
from typing import Any

import pytest

from idp_profiles.model import Group
from idp_profiles.model import Trouble
from idp_profiles.okta.mappings import ENTERPRISE_MAPPING
from idp_profiles.okta.names import ENTERPRISE

NOBODY = (200, {"totalResults": 0, "Resources": []})
CREATED = (201, {"id": "u1"})


def user(**more: Any) -> dict[str, Any]:
    return {"id": "u1", "userName": "p1+x@example.com", "name": {"familyName": "F"}, **more}


def found(**more: Any) -> tuple[int, Any]:
    return (200, {"totalResults": 1, "Resources": [user(**more)]})


@pytest.fixture
def person(make_stage: Any) -> Any:
    return make_stage(1).person


@pytest.mark.parametrize(
    "lookup",
    [
        pytest.param(NOBODY, id="empty-list"),
        pytest.param((200, {"totalResults": 0}), id="no-resources"),
        pytest.param((200, {"totalresults": 0, "resources": []}), id="lower-case"),
        pytest.param((404, {"detail": "no such user", "status": "404"}), id="404"),
    ],
)
def test_these_lookups_mean_that_nobody_is_there(desk: Any, person: Any, lookup: Any) -> None:
    seat = desk(lookup, CREATED)
    assert seat.mock.assign(person).ok
    assert [request.method for request in seat.sent] == ["GET", "POST"]
    assert seat.idp.user_id(person) == "u1"


def test_a_match_under_lower_case_names_is_linked(desk: Any, person: Any) -> None:
    match = (200, {"totalresults": 1, "resources": [user()]})
    seat = desk(match, (200, user()), (200, user()))
    assert seat.mock.assign(person).ok
    assert [request.method for request in seat.sent] == ["GET", "GET", "PUT"]


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        pytest.param((500, {"detail": "boom"}), "answered with 500", id="500"),
        pytest.param((302, None), "follows no redirect", id="redirect"),
        pytest.param((200, "<html>"), "not JSON", id="html"),
        pytest.param((404, "Not Found"), "not JSON", id="404-without-json"),
        pytest.param((200, [1]), "no object", id="array"),
        pytest.param((200, {"totalResults": 1}), "no resource with an id", id="no-resources"),
        pytest.param((200, {"totalResults": 1, "Resources": [{}]}), "with an id", id="no-id"),
    ],
)
def test_a_lookup_like_this_stops_the_assignment(
    desk: Any, person: Any, answer: Any, because: str
) -> None:
    seat = desk(answer)
    outcome = seat.mock.assign(person)
    assert not outcome.ok
    assert because in outcome.stopped.because
    assert "Error while verifying if user p1+x@example.com exists: " in outcome.console
    assert len(seat.sent) == 1


@pytest.mark.parametrize(
    ("answer", "console"),
    [
        pytest.param((201, None), "Create new user returned empty user.", id="empty-body"),
        pytest.param((201, {}), "Create new user returned empty user.", id="no-id"),
        pytest.param((201, {"id": ""}), "Create new user returned empty user.", id="empty-id"),
        pytest.param((201, {"id": 7}), "Create new user returned empty user.", id="number-id"),
        pytest.param((201, {"id": "bulkId:1"}), "returned empty user.", id="bulk-id"),
        pytest.param((200, {"id": "u1"}), "OK.", id="200"),
        pytest.param((409, {"detail": "taken"}), "Conflict. Errors reported by", id="409"),
        pytest.param((201, "Created!"), "Invalid JSON: Unrecognized token 'Created'", id="text"),
    ],
)
def test_a_create_like_this_stops_and_leaves_no_link(
    desk: Any, person: Any, answer: Any, console: str
) -> None:
    seat = desk(NOBODY, answer)
    outcome = seat.mock.assign(person)
    assert not outcome.ok
    assert "Error while creating user Given1 Fämily1: " in outcome.console
    assert console in outcome.console
    assert seat.idp.user_id(person) is None
    assert len(seat.sent) == 2


def test_somebody_who_is_assigned_already_is_not_sent_again(desk: Any, person: Any) -> None:
    seat = desk(NOBODY, CREATED)
    seat.mock.assign(person)
    assert seat.mock.assign(person).ok
    assert len(seat.sent) == 2


def test_an_active_match_is_linked_without_activation(desk: Any, person: Any) -> None:
    seat = desk(found(active=True), (200, user()))
    assert seat.mock.assign(person).ok
    assert [request.method for request in seat.sent] == ["GET", "GET", "PUT"]


@pytest.mark.parametrize("answer", [(204, None), (200, None), (200, {"id": "u1"})])
def test_a_patch_may_be_answered_with_or_without_a_body(
    desk: Any, person: Any, answer: Any
) -> None:
    seat = desk(answer)
    seat.idp.link(person, "u1")
    assert seat.mock.deactivate(person).ok


def test_a_refused_patch_is_not_repeated_as_put(desk: Any, person: Any) -> None:
    seat = desk((501, {"detail": "PATCH is not supported"}))
    seat.idp.link(person, "u1")
    outcome = seat.mock.deactivate(person)
    assert not outcome.ok
    assert seat.lines == ["PATCH /Users/u1"]
    assert "Not Implemented. Errors reported by remote server: PATCH is" in outcome.console


@pytest.mark.parametrize("answer", [(204, None), (200, None), (200, "ok"), (202, {})])
def test_a_put_must_be_answered_with_200_and_the_user(desk: Any, person: Any, answer: Any) -> None:
    seat = desk((200, user()), answer)
    seat.idp.link(person, "u1")
    outcome = seat.mock.update(person, given_name="New")
    assert not outcome.ok
    assert "Error while trying to push profile update for p1+x@example.com: " in outcome.console


def test_a_profile_update_heals_what_the_app_lost(desk: Any, person: Any) -> None:
    seat = desk((200, user(locale="fr", extra=1)), (200, user()))
    seat.idp.link(person, "u1")
    seat.mock.update(person, given_name="New")
    assert list(seat.body())[:5] == ["id", "userName", "name", "locale", "extra"]
    assert seat.body()["name"] == {"familyName": "Fämily1", "givenName": "New"}
    assert seat.body()["locale"] == "en-US"
    assert seat.body()["externalId"] == person.idp_id


def test_a_profile_update_leaves_active_groups_and_password_alone(desk: Any, person: Any) -> None:
    seat = desk((200, user(active=False, groups=[{"value": "g1"}])), (200, user()))
    seat.idp.link(person, "u1")
    seat.mock.update(person, given_name="New")
    assert seat.body()["active"] is False
    assert seat.body()["groups"] == [{"value": "g1"}]
    assert "password" not in seat.body()


def test_changing_nothing_that_is_mapped_sends_nothing(desk: Any, person: Any) -> None:
    seat = desk((500, None))
    seat.idp.link(person, "u1")
    assert seat.mock.update(person, hobby="chess").ok
    assert seat.mock.update(person, given_name=person.given_name).ok
    assert seat.sent == []


def test_a_change_that_failed_goes_out_with_the_next_one(desk: Any, person: Any) -> None:
    seat = desk((500, None), (200, user()), (200, user()))
    seat.idp.link(person, "u1")
    assert not seat.mock.update(person, given_name="New").ok
    assert seat.mock.update(person, family_name="Newer").ok
    assert seat.body()["name"] == {"familyName": "Newer", "givenName": "New"}


def test_a_user_who_is_gone_stops_the_update(desk: Any, person: Any) -> None:
    seat = desk((404, {"detail": "gone"}))
    seat.idp.link(person, "u1")
    outcome = seat.mock.update(person, given_name="New")
    assert "Not Found. Errors reported by remote server: gone" in outcome.console
    assert len(seat.sent) == 1


def test_a_user_who_is_gone_is_created_again_where_the_switch_says_so(
    desk: Any, person: Any
) -> None:
    seat = desk((404, {"detail": "gone"}), (201, {"id": "u2"}), switches={"missing_user": "create"})
    seat.idp.link(person, "u1")
    assert seat.mock.update(person, given_name="New").ok
    assert seat.lines == ["GET /Users/u1", "POST /Users"]
    assert seat.idp.user_id(person) == "u2"


def test_an_id_cannot_lead_out_of_its_path(desk: Any, person: Any) -> None:
    seat = desk((204, None))
    seat.idp.link(person, "../Groups?x#y")
    seat.mock.deactivate(person)
    assert seat.lines == ["PATCH /Users/..%2FGroups%3Fx%23y"]


def test_a_second_deactivation_sends_nothing(desk: Any, person: Any) -> None:
    seat = desk((204, None))
    seat.idp.link(person, "u1")
    seat.mock.deactivate(person)
    seat.mock.deactivate(person)
    assert len(seat.sent) == 1


def test_after_a_failed_deactivation_it_can_be_tried_again(desk: Any, person: Any) -> None:
    seat = desk((500, None), (204, None))
    seat.idp.link(person, "u1")
    assert not seat.mock.deactivate(person).ok
    assert seat.mock.deactivate(person).ok
    assert len(seat.sent) == 2


def test_a_person_deleted_in_okta_is_looked_up_when_hired_again(desk: Any, person: Any) -> None:
    seat = desk((204, None), found(active=False), (204, None), (200, user()))
    seat.idp.link(person, "u1")
    seat.mock.deactivate(person)
    assert seat.mock.delete_in_idp(person).exchanges == ()
    assert seat.mock.assign(replace(person, idp_id="00uANOTHER")).ok
    assert [request.method for request in seat.sent] == ["PATCH", "GET", "PATCH", "GET", "PUT"]


def test_a_password_is_made_up_where_the_person_has_none(desk: Any, person: Any) -> None:
    seat = desk(NOBODY, CREATED)
    seat.mock.assign(replace(person, password=""))
    assert len(seat.body()["password"]) == 8
    assert seat.body()["password"] in seat.idp.secrets


def test_the_same_seed_makes_up_the_same_password(desk: Any, person: Any) -> None:
    made = []
    for seed in (1, 1, 2):
        seat = desk(NOBODY, CREATED, seed=seed)
        seat.mock.assign(replace(person, password=""))
        made.append(seat.body()["password"])
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize(
    ("verb", "toggle"),
    [
        ("assign", "create_users"),
        ("update", "update_users"),
        ("deactivate", "deactivate_users"),
        ("sync_password", "sync_password"),
    ],
)
def test_a_feature_that_is_switched_off_sends_nothing(
    desk: Any, person: Any, verb: str, toggle: str
) -> None:
    seat = desk((500, None), toggles={toggle: False})
    more: dict[str, Any] = {"update": {"given_name": "New"}}.get(verb, {})
    if verb == "sync_password":
        more = {"new_password": "another"}
    if verb != "assign":
        seat.idp.link(person, "u1")
    assert getattr(seat.mock, verb)(person, **more).ok
    assert seat.sent == []


def test_switching_deactivation_on_later_does_not_replay_it(desk: Any, person: Any) -> None:
    seat = desk((500, None), toggles={"deactivate_users": False})
    seat.idp.link(person, "u1")
    seat.mock.deactivate(person)
    assert seat.idp.user_id(person) == "u1"
    assert seat.mock.update(person, given_name="New").ok
    assert seat.sent == []


def test_user_name_updates_can_be_excluded(desk: Any, person: Any) -> None:
    seat = desk((200, user()), toggles={"exclude_username_updates": True})
    seat.idp.link(person, "u1")
    assert seat.mock.rename(person, user_name="other@example.com").ok
    assert seat.sent == []
    seat.mock.rename(person, email="other@example.com")
    assert seat.body()["userName"] == "p1+x@example.com"
    assert seat.body()["emails"][0]["value"] == "other@example.com"


@pytest.mark.parametrize(
    ("how", "sent"), [("empty", {"nickName": ""}), ("null", {"nickName": None}), ("missing", {})]
)
def test_an_update_to_nothing_clears_as_the_switch_says(
    desk: Any, person: Any, how: str, sent: dict[str, Any]
) -> None:
    person = replace(person, attributes={"nickName": "Ada"})
    seat = desk((200, user(nickName="Ada")), (200, user()), switches={"cleared": how})
    seat.idp.link(person, "u1")
    seat.mock.update(person, nickName="")
    assert {k: v for k, v in seat.body().items() if k == "nickName"} == sent


def test_a_cleared_name_inside_an_object_leaves_its_neighbours(desk: Any, person: Any) -> None:
    before = user(name={"givenName": "A", "familyName": "F", "formatted": "A F"})
    seat = desk((200, before), (200, user()), switches={"cleared": "missing"})
    seat.idp.link(person, "u1")
    seat.mock.clear(person, "given_name")
    assert seat.body()["name"] == {"familyName": "Fämily1", "formatted": "A F"}


@pytest.mark.parametrize("verb", ["assign_group", "provision_backlog"])
def test_one_failure_among_many_people_stops_no_other(
    desk: Any, make_stage: Any, verb: str
) -> None:
    people = make_stage(3).people
    answers = (NOBODY, (409, {"detail": "taken"}), NOBODY, CREATED, NOBODY, (500, None))
    seat = desk(*answers)
    outcome = getattr(seat.mock, verb)(Group("Team", people) if verb == "assign_group" else people)
    assert not outcome.ok
    assert "Conflict. Errors reported by remote server: taken" in outcome.console
    assert len(seat.sent) == 6
    assert [seat.idp.user_id(person) for person in people] == [None, "u1", None]


def test_trouble_with_one_of_many_people_is_still_trouble(desk: Any, make_stage: Any) -> None:
    seat = desk(Trouble("Nothing listens."), NOBODY, CREATED)
    outcome = seat.mock.provision_backlog(make_stage(2).people)
    assert outcome.trouble == "Nothing listens."


@pytest.mark.parametrize(
    ("switch", "schemas"),
    [("listed", ["urn:core", ENTERPRISE]), ("unlisted", ["urn:core"])],
)
def test_an_update_that_brings_an_extension_lists_it_as_the_switch_says(
    desk: Any, person: Any, switch: str, schemas: list[str]
) -> None:
    settings = {"switches": {"enterprise_urn": switch}, "mapping": ENTERPRISE_MAPPING}
    seat = desk((200, user(schemas=["urn:core"])), (200, user()), **settings)
    seat.idp.link(person, "u1")
    seat.mock.update(person, department="Moved")
    assert seat.body()["schemas"] == schemas
    assert seat.body()[ENTERPRISE] == {"employeeNumber": "0001", "department": "Moved"}
