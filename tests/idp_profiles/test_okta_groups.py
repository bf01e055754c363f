"""What Okta sends about groups, to whom it applies, and what stops a push."""

from __future__ import annotations

# ruff: noqa: ANN401 # fixtures are factories whose classes no test can import
from dataclasses import replace
from typing import Any

import pytest

from idp_profiles.model import Group

NOBODY = (200, {"totalResults": 0, "Resources": []})
CREATED = (201, {"id": "g1"})
DONE = (204, None)


@pytest.fixture
def people(make_stage: Any) -> Any:
    return make_stage(5).people


def linked(seat: Any, people: Any) -> Any:
    for number, person in enumerate(people, start=1):
        seat.idp.link(person, f"u{number}")
    return seat


def pushed(seat: Any, people: Any) -> Group:
    group = Group("Team", tuple(people))
    assert seat.mock.push_group(group).ok
    seat.sent.clear()
    return group


def test_only_people_with_an_active_account_are_members(desk: Any, people: Any) -> None:
    seat = linked(desk(DONE), people[:2])
    seat.mock.deactivate(people[1])
    seat = linked(desk(NOBODY, CREATED, DONE), people[:1])
    seat.idp.link(people[1], "u2", active=False)
    seat.mock.push_group(Group("Team", people))
    assert seat.body(1)["members"] == [{"value": "u1", "display": people[0].user_name}]


def test_without_immediate_memberships_no_member_is_sent(desk: Any, people: Any) -> None:
    seat = desk(NOBODY, CREATED, DONE, toggles={"push_memberships_immediately": False})
    linked(seat, people)
    assert seat.mock.push_group(Group("Team", people)).ok
    assert seat.body(1)["members"] == []
    assert [request.method for request in seat.sent] == ["GET", "POST", "PATCH"]


def test_a_group_of_that_name_is_taken_over_without_a_post(desk: Any, people: Any) -> None:
    there = (200, {"totalResults": 1, "Resources": [{"id": "g9", "displayName": "Team"}]})
    seat = linked(desk(there, DONE), people[:1])
    assert seat.mock.push_group(Group("Team", people)).ok
    assert seat.idp.group_id("Team") == "g9"
    assert seat.lines[1:] == ["PATCH /Groups/g9", "PATCH /Groups/g9"]


@pytest.mark.parametrize(
    ("answers", "console"),
    [
        pytest.param([(400, {"detail": "no filter"})], "Bad Request. Errors", id="lookup"),
        pytest.param(
            [NOBODY, (400, {"detail": "no"})], "while creating user group Team", id="post"
        ),
        pytest.param([NOBODY, (201, {})], "while creating user group Team", id="post-without-id"),
        pytest.param([NOBODY, (201, "x")], "Invalid JSON: Unrecognized token 'x'", id="post-text"),
        pytest.param([NOBODY, CREATED, (400, {})], "while updating user group Team", id="name"),
        pytest.param(
            [NOBODY, CREATED, DONE, (501, {"detail": "no PATCH"})],
            "Error while updating user group membership for group Team Not Implemented. Errors "
            "reported by remote server: no PATCH",
            id="members",
        ),
    ],
)
def test_a_refusal_puts_the_mapping_into_error(
    desk: Any, people: Any, answers: Any, console: str
) -> None:
    seat = linked(desk(*answers), people)
    outcome = seat.mock.push_group(Group("Team", people))
    assert not outcome.ok
    assert outcome.console.startswith(
        "Unable to update Group Push mapping target App group Team: Error while "
    )
    assert console in outcome.console
    assert len(seat.sent) == len(answers)


def test_removals_come_first_then_one_addition(desk: Any, people: Any) -> None:
    seat = linked(desk(NOBODY, CREATED, DONE), people)
    group = pushed(seat, people[:3])
    seat.mock.change_members(group, added=people[3:], removed=people[:2])
    assert seat.body()["Operations"] == [
        {"op": "remove", "path": 'members[value eq "u1"]'},
        {"op": "remove", "path": 'members[value eq "u2"]'},
        {
            "op": "add",
            "path": "members",
            "value": [
                {"value": "u4", "display": people[3].user_name},
                {"value": "u5", "display": people[4].user_name},
            ],
        },
    ]


def test_a_leaver_whose_account_is_inactive_is_still_removed(desk: Any, people: Any) -> None:
    seat = linked(desk(NOBODY, CREATED, DONE), people)
    group = pushed(seat, people)
    seat.mock.deactivate(people[0])
    seat.mock.change_members(group, removed=people[:1])
    assert seat.body()["Operations"] == [{"op": "remove", "path": 'members[value eq "u1"]'}]


def test_changes_go_out_in_chunks_across_removals_and_additions(desk: Any, make_stage: Any) -> None:
    people = make_stage(260).people
    seat = linked(desk(NOBODY, CREATED, DONE), people)
    group = pushed(seat, people[:130])
    seat.mock.change_members(group, added=people[130:], removed=people[:130])
    counts = []
    for number in range(len(seat.sent)):
        operations = seat.body(number)["Operations"]
        removed = sum(one["op"] == "remove" for one in operations)
        counts.append((removed, sum(len(one.get("value", ())) for one in operations)))
    assert counts == [(100, 0), (30, 70), (0, 60)]


def test_the_chunk_can_be_larger(desk: Any, make_stage: Any) -> None:
    people = make_stage(260).people
    seat = linked(desk(NOBODY, CREATED, DONE, switches={"member_chunk": "256"}), people)
    group = pushed(seat, [])
    seat.mock.change_members(group, added=people)
    assert [len(seat.body(n)["Operations"][0]["value"]) for n in (0, 1)] == [256, 4]


def test_push_now_sends_the_group_as_it_is_by_now_also_when_empty(desk: Any, people: Any) -> None:
    seat = linked(desk(NOBODY, CREATED, DONE), people)
    group = pushed(seat, people[:2])
    seat.mock.push_now(replace(group, members=()))
    assert seat.body()["Operations"] == [{"op": "replace", "path": "members", "value": []}]


def test_pushing_a_group_again_sends_its_complete_list(desk: Any, people: Any) -> None:
    seat = linked(desk(NOBODY, CREATED, DONE), people)
    group = pushed(seat, people[:2])
    assert seat.mock.push_group(replace(group, members=people[1:3])).ok
    assert [one["value"] for one in seat.body()["Operations"][0]["value"]] == ["u2", "u3"]


def test_a_renamed_group_is_found_under_its_new_name(desk: Any, people: Any) -> None:
    seat = linked(desk(NOBODY, CREATED, DONE), people)
    group = pushed(seat, people)
    seat.mock.rename_group(group, "Squad")
    assert seat.idp.group_id("Squad") == "g1"
    assert seat.idp.group_id("Team") is None
    seat.mock.change_members(group, removed=people[:1])
    assert len(seat.sent) == 2


def test_without_the_rename_setting_no_rename_is_sent(desk: Any, people: Any) -> None:
    seat = linked(desk(NOBODY, CREATED, DONE, toggles={"rename_app_groups": False}), people)
    group = pushed(seat, people)
    assert seat.mock.rename_group(group, "Squad").ok
    assert seat.sent == []


def test_a_deactivated_push_sends_nothing_and_catches_up_when_activated(
    desk: Any, people: Any
) -> None:
    seat = linked(desk(NOBODY, CREATED, DONE), people)
    group = pushed(seat, people[:1])
    seat.mock.deactivate_push(group)
    seat.mock.change_members(group, added=people[1:2])
    assert seat.sent == []
    seat.mock.activate_push(group)
    assert [one["value"] for one in seat.body()["Operations"][0]["value"]] == ["u1", "u2"]


def test_unlinking_without_deletion_sends_nothing_and_forgets(desk: Any, people: Any) -> None:
    seat = linked(desk(NOBODY, CREATED, DONE), people)
    group = pushed(seat, people)
    assert seat.mock.unlink_group(group, delete=False).ok
    assert seat.sent == []
    assert seat.idp.group_id("Team") is None


def test_a_delete_that_is_refused_keeps_the_mapping(desk: Any, people: Any) -> None:
    seat = linked(desk(NOBODY, CREATED, DONE, DONE, (500, None)), people[:1])
    group = pushed(seat, people)
    assert not seat.mock.unlink_group(group, delete=True).ok
    assert seat.idp.group_id("Team") == "g1"


def test_a_delete_carries_a_content_type_though_it_has_no_body(desk: Any) -> None:
    seat = desk(NOBODY, CREATED, DONE)
    group = pushed(seat, [])
    seat.mock.unlink_group(group, delete=True)
    request = seat.sent[0]
    assert (request.method, request.body) == ("DELETE", None)
    assert ("Content-Type", "application/scim+json; charset=utf-8") in request.headers


def test_a_group_that_was_not_pushed_cannot_be_changed(desk: Any) -> None:
    with pytest.raises(ValueError, match="the group 'Team' was not pushed or linked yet"):
        desk(DONE).mock.rename_group(Group("Team"), "Squad")


def test_a_group_that_is_noted_as_pushed_can_be_changed(desk: Any, people: Any) -> None:
    seat = linked(desk(DONE), people)
    seat.idp.link_pushed(Group("Team"), "g5")
    assert seat.mock.change_members(Group("Team"), added=people[:1]).ok
    assert seat.lines == ["PATCH /Groups/g5"]


# -- the PUT template


@pytest.mark.parametrize(
    ("shown", "display"),
    [
        pytest.param({"display": "As the app shows it"}, "As the app shows it", id="shown"),
        pytest.param({}, None, id="none"),
        pytest.param({"display": None}, None, id="null"),
    ],
)
def test_the_put_echoes_what_the_app_displays(
    desk: Any, people: Any, shown: Any, display: str | None
) -> None:
    current = (200, {"id": "g1", "members": [{"value": "u1", **shown}]})
    seat = linked(desk(NOBODY, CREATED, current, dialect="aiw"), people[:2])
    assert seat.mock.push_group(Group("Team", people)).ok
    assert seat.body()["members"] == [
        {"value": "u1", "display": display},
        {"value": "u2", "display": people[1].user_name},
    ]


def test_a_group_without_shown_members_gets_user_names(desk: Any, people: Any) -> None:
    seat = linked(
        desk(NOBODY, CREATED, (200, {"id": "g1", "members": None}), dialect="aiw"), people
    )
    assert seat.mock.push_group(Group("Team", people[:1])).ok
    assert seat.body()["members"] == [{"value": "u1", "display": people[0].user_name}]


def test_a_rename_by_put_carries_the_members(desk: Any, people: Any) -> None:
    seat = linked(desk(NOBODY, CREATED, (200, {"id": "g1"}), dialect="aiw"), people)
    group = pushed(seat, people[:1])
    seat.mock.rename_group(group, "Squad")
    assert seat.lines == ["GET /Groups/g1", "PUT /Groups/g1"]
    assert seat.body()["displayName"] == "Squad"
    assert len(seat.body()["members"]) == 1


def test_a_put_that_is_answered_without_a_body_stops(desk: Any, people: Any) -> None:
    seat = linked(desk(NOBODY, CREATED, (200, {"id": "g1"}), (200, None), dialect="aiw"), people)
    assert not seat.mock.push_group(Group("Team", people)).ok


def app_group(*members: str) -> tuple[int, Any]:
    group = {"id": "g7", "displayName": "Theirs", "members": [{"value": one} for one in members]}
    return (200, {"totalResults": 1, "Resources": [group]})


def test_linking_by_put_keeps_the_members_that_the_app_has(desk: Any, people: Any) -> None:
    seat = desk(app_group("other", "u1"), (200, {"id": "g7"}), dialect="aiw")
    linked(seat, people)
    assert seat.mock.link_group("Theirs", people[:1], Group("Team")).ok
    assert seat.body()["displayName"] == "Team"
    assert [one["value"] for one in seat.body()["members"]] == ["other", "u1"]


def test_linking_by_put_without_rename_keeps_the_name(desk: Any, people: Any) -> None:
    toggles = {"rename_app_groups": False}
    current = (200, {"id": "g7", "displayName": "Theirs"})
    seat = desk(app_group(), current, dialect="aiw", toggles=toggles)
    assert seat.mock.link_group("Theirs", [], Group("Team")).ok
    assert seat.body()["displayName"] == "Theirs"


def test_there_is_nothing_to_link_without_a_group_of_that_name(desk: Any) -> None:
    seat = desk(NOBODY)
    assert seat.mock.link_group("Theirs", [], Group("Team")).ok
    assert seat.lines == ["GET /Groups?startIndex=1&count=100"]
    assert seat.idp.group_id("Team") is None
