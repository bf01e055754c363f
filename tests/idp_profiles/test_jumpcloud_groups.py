"""What the mock JumpCloud does about bound groups, and what its verbs by hand do."""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import pytest

from idp_profiles import load
from idp_profiles.__main__ import main
from idp_profiles.model import Group
from idp_profiles.model import Reply
from idp_profiles.profile import Wishes
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.http_adapter import Server
from tests.idp_profiles.desks import Desk
from tests.idp_profiles.plays import stage_of
from tests.idp_profiles.sheets import TOKEN

NAME = "jumpcloud"
ANN, BOB, CY = stage_of({}).people
EMPTY = {"totalResults": 0, "Resources": []}
TEAM = Group("Team", (ANN, BOB))


class App:
    """Just enough of an app: every user and group gets an id, everything else succeeds."""

    def __init__(self) -> None:
        self.made = 0

    def seated(self, **settings: Any) -> Desk:
        desk = Desk(NAME, (200, EMPTY), **settings)
        desk.mock = type(desk.mock)(desk.idp, lambda request: self._send(desk, request), print)
        return desk

    def _send(self, desk: Desk, request: Any) -> Any:
        desk.sent.append(request)
        body: Any = EMPTY
        status = 200
        if request.method == "POST":
            self.made += 1
            status, body = 201, {"id": f"r{self.made}"}
        if request.method == "PUT":
            body = json.loads(request.body)
        return Reply(status, HTTPStatus(status).phrase, (), json.dumps(body).encode())


def seated(**settings: Any) -> Desk:
    desk = App().seated(**settings)
    assert desk.mock.bind_group(TEAM).ok
    desk.sent.clear()
    return desk


def test_a_bound_group_brings_its_members_first() -> None:
    desk = App().seated()
    assert desk.mock.bind_group(TEAM).ok
    methods = [line.split("?")[0] for line in desk.lines]
    assert methods == [
        *("GET /Users", "POST /Users") * 2,
        "GET /Groups",
        "POST /Groups",
        "PATCH /Groups/r3",
    ]
    assert desk.body()["Operations"][0]["value"] == [{"value": "r1"}, {"value": "r2"}]


def test_an_empty_group_is_created_by_its_first_member_only() -> None:
    desk = App().seated()
    empty = replace(TEAM, members=())
    assert desk.mock.bind_group(empty).ok
    assert desk.sent == []
    assert desk.mock.add_members(empty, [ANN]).ok
    assert [line.split("?")[0] for line in desk.lines] == [
        "GET /Users",
        "POST /Users",
        "GET /Groups",
        "POST /Groups",
        "PATCH /Groups/r2",
    ]


def test_a_group_of_the_same_name_is_taken_over() -> None:
    desk = Desk(
        NAME,
        (200, EMPTY),
        (201, {"id": "u1"}),
        (200, {"totalResults": 1, "Resources": [{"id": "g9"}]}),
        (204, None),
    )
    assert desk.mock.bind_group(Group("Team", (ANN,))).ok
    assert desk.lines[-1] == "PATCH /Groups/g9"
    assert desk.idp.group_id("Team") == "g9"


def test_no_group_call_leaves_while_group_management_is_off() -> None:
    desk = App().seated(toggles={"manage_groups": False})
    assert desk.mock.bind_group(TEAM).ok
    assert desk.mock.add_members(TEAM, [CY]).ok
    assert desk.mock.rename_group(TEAM, "Else").ok
    assert desk.mock.remove_members(TEAM, [CY]).ok
    assert desk.mock.delete_group(TEAM).ok
    assert [line for line in desk.lines if "/Groups" in line] == []
    assert [line for line in desk.lines if line.startswith("POST /Users")] != []


def test_unbinding_leaves_the_group_and_deactivates_who_has_no_other() -> None:
    desk = seated()
    assert desk.mock.bind_group(Group("Other", (BOB,))).ok
    desk.sent.clear()
    assert desk.mock.unbind_group(TEAM).ok
    assert desk.lines == ["PUT /Users/r1"]
    assert desk.body()["active"] is False
    assert desk.mock.unbind_group(Group("Other")).ok
    assert desk.lines == ["PUT /Users/r1", "PUT /Users/r2"]


def test_who_leaves_their_last_group_is_deactivated() -> None:
    desk = seated()
    assert desk.mock.remove_members(TEAM, [ANN]).ok
    assert desk.lines == ["PATCH /Groups/r3", "PUT /Users/r1"]
    assert desk.mock.unbind_group(TEAM).ok
    assert desk.lines[2:] == ["PUT /Users/r2"]


def test_several_leavers_are_one_list_or_one_patch_each() -> None:
    desk = seated()
    assert desk.mock.remove_members(TEAM, [ANN, BOB], "value-list").ok
    assert desk.body(0)["Operations"][0]["value"] == [{"value": "r1"}, {"value": "r2"}]
    desk = seated(switches={"member_removal": "path-filter"})
    assert desk.mock.remove_members(TEAM, [ANN, BOB]).ok
    assert desk.lines[:2] == ["PATCH /Groups/r3"] * 2
    assert desk.body(1)["Operations"][0]["path"] == 'members[value eq "r2"]'


def test_a_deleted_group_goes_first_and_its_members_after_it() -> None:
    desk = seated()
    assert desk.mock.delete_group(TEAM).ok
    assert desk.lines == ["DELETE /Groups/r3", "PUT /Users/r1", "PUT /Users/r2"]
    with pytest.raises(ValueError, match="'Team' is not bound"):
        desk.mock.rename_group(TEAM, "Else")


def test_one_member_who_cannot_be_deactivated_stops_no_other() -> None:
    desk = Desk(NAME, *[(200, EMPTY), (201, {"id": "u1"})] * 2, (200, EMPTY), (201, {"id": "g1"}))
    desk.mock.bind_group(TEAM)
    desk.answer((500, {"detail": "no"}))
    outcome = desk.mock.unbind_group(TEAM)
    assert not outcome.ok
    assert len(desk.sent) == 2


def test_one_member_who_cannot_be_created_stops_no_other() -> None:
    desk = Desk(NAME, (200, EMPTY), (400, None), (200, EMPTY), (201, {"id": "u2"}))
    outcome = desk.mock.bind_group(TEAM)
    assert outcome.console.startswith(f"user_create_provision failed for {ANN.user_name}")
    assert desk.idp.user_id(BOB) == "u2"
    assert [line.split("?")[0] for line in desk.lines[4:]] == ["GET /Groups"]


def test_a_group_that_cannot_be_deleted_does_not_keep_its_members_active() -> None:
    desk = Desk(NAME, *[(200, EMPTY), (201, {"id": "u1"})] * 2, (200, EMPTY), (201, {"id": "g1"}))
    desk.mock.bind_group(TEAM)
    desk.answer((500, {"detail": "no"}), (200, {"id": "u1"}))
    outcome = desk.mock.delete_group(TEAM)
    assert (
        outcome.console == "group_delete_provision failed for Team: 500 Internal Server Error: no"
    )
    assert [body["active"] for body in (desk.body(1), desk.body(2))] == [False, False]


GROUP_EVENTS = {
    "rename_group": ("group_update_provision", ("Else",)),
    "add_members": ("group_update_provision", ([CY],)),
    "remove_members": ("group_update_provision", ([ANN],)),
    "delete_group": ("group_delete_provision", ()),
}


@pytest.mark.parametrize("verb", GROUP_EVENTS)
@pytest.mark.parametrize("status", [400, 404, 409, 429, 501])
def test_a_refused_group_call_is_logged_as_an_event(verb: str, status: int) -> None:
    event, arguments = GROUP_EVENTS[verb]
    desk = Desk(
        NAME,
        *[(200, EMPTY), (201, {"id": "u1"})] * 2,
        *[(200, EMPTY), (201, {"id": "u3"})],
        *[(200, EMPTY), (201, {"id": "g1"}), (204, None)],
    )
    desk.mock.bind(CY)
    assert desk.mock.bind_group(TEAM).ok
    desk.answer((status, {"detail": "Nope."}))
    outcome = getattr(desk.mock, verb)(TEAM, *arguments)
    assert outcome.console.startswith(f"{event} failed for ")
    assert outcome.console.endswith("Nope.")
    groups = [line for line in desk.lines if "/Groups" in line]
    assert (len(groups), desk.slept) == (1, [])


def test_a_refused_group_is_an_event_of_its_own() -> None:
    desk = Desk(NAME, (200, EMPTY), (201, {"id": "u1"}), (200, EMPTY), (400, None))
    outcome = desk.mock.bind_group(Group("Team", (ANN,)))
    assert outcome.console == "group_create_provision failed for Team: 400 Bad Request"


# -- by hand


BY_HAND = {
    "test-connection": ("--user-name", "t@example.com"),
    "activate": ("--user-name", "t@example.com"),
    "assign": ("--user-name", "a@example.com"),
    "update": ("--user-name", "a@example.com", "--given-name", "Zed"),
    "rename": ("--user-name", "a@example.com", "--new-user-name", "b@example.com"),
    "deactivate": ("--user-name", "b@example.com"),
    "reactivate": ("--user-name", "b@example.com"),
    "expire-password": ("--user-name", "b@example.com"),
    "import-users": (),
    "push-group": ("--group", "G", "--member", "b@example.com"),
    "add-members": ("--group", "G", "--member", "b@example.com"),
    "remove-members": ("--group", "G", "--member", "b@example.com"),
    "rename-group": ("--group", "G", "--new-name", "H"),
    "delete-group": ("--group", "H"),
    "delete": ("--user-name", "b@example.com"),
}


def test_every_verb_by_hand_ends_well_on_the_reference_server(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(credentials=[ServerCredential(kind="bearer", secret=TOKEN)])
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    assert set(BY_HAND) == set(load(NAME).verbs)
    with Server(app) as server:
        for verb, options in BY_HAND.items():
            status = main([NAME, verb, "--url", server.url, *options])
            assert status == 0, (verb, capsys.readouterr().err)
        monkeypatch.setenv("SCIM_URL", server.url)
        assert main([NAME, "deactivate", "--user-name", "b@example.com"]) == 1


def test_an_update_by_hand_keeps_the_names_that_the_app_has() -> None:
    found = {
        "id": "u1",
        "name": {"givenName": "Kept", "familyName": "Name"},
        "displayName": "Kept Name",
        "emails": [{"value": "kept@example.com"}],
    }
    desk = Desk(NAME, (200, {"totalResults": 1, "Resources": [found]}), (200, found))
    wishes = Wishes(user_name="a@example.com", family_name="New")
    for script in load(NAME).verbs["update"].run(desk.idp, wishes):
        assert desk.mock.run("", script).ok
    body = desk.body()
    assert body["name"] == {"familyName": "New", "givenName": "Kept"}
    assert (body["displayName"], body["emails"][0]["value"]) == ("Kept Name", "kept@example.com")
