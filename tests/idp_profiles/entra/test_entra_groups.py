"""What Entra does about groups, the connection and Microsoft's test tools, apart from the bytes."""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from idp_profiles.model import Group
from idp_profiles.model import Trouble
from tests.idp_profiles.entra.people import ANN
from tests.idp_profiles.entra.people import BOB
from tests.idp_profiles.entra.people import EMPTY
from tests.idp_profiles.entra.people import SERVICE
from tests.idp_profiles.entra.people import found
from tests.idp_profiles.entra.people import linked
from tests.idp_profiles.entra.people import stop

TEAM = Group("Team", (ANN, BOB), "g-object-1")
KEPT = {"id": "g-1", "displayName": "Team", "externalId": "g-object-1"}
MADE = (201, KEPT)


def in_app(desk: Any) -> Any:
    linked(desk, (ANN, "u-1"), (BOB, "u-2"))
    desk.idp.link_group(TEAM, "g-1")
    return desk


class TestGroups:
    def test_a_new_group_is_created_without_its_members(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY, MADE)
        assert desk.mock.push_group(TEAM).ok
        assert "members" not in desk.body()
        assert desk.idp.group_id(TEAM) == "g-1"

    def test_a_group_that_is_as_it_should_be_is_left_alone(self, entra_desk: Any) -> None:
        desk = entra_desk(found(KEPT))
        assert desk.mock.push_group(TEAM).ok
        assert len(desk.lines) == 1

    def test_a_matched_group_gets_what_differs(self, entra_desk: Any) -> None:
        desk = entra_desk(found({**KEPT, "displayName": "TEAM", "externalId": "x"}), (204, None))
        assert desk.mock.push_group(TEAM).ok
        assert [(one["op"], one["path"]) for one in desk.operations()] == [
            ("Replace", "displayName"),
            ("Replace", "externalId"),
        ]

    def test_two_groups_of_one_name_are_skipped(self, entra_desk: Any) -> None:
        outcome = entra_desk(found(KEPT, {"id": "g-2"})).mock.push_group(TEAM)
        assert stop(outcome) == ("DuplicateTargetEntries", "object")

    def test_a_group_of_that_name_refuses_the_create(self, entra_desk: Any) -> None:
        outcome = entra_desk(EMPTY, (409, {})).mock.push_group(TEAM)
        assert stop(outcome) == ("EntryConflict", "object")

    def test_a_filter_that_is_unknown_stops_the_job(self, entra_desk: Any) -> None:
        assert stop(entra_desk((404, {})).mock.push_group(TEAM)) == (SERVICE, "job")

    def test_a_group_that_is_gone_stays_broken(self, entra_desk: Any) -> None:
        outcome = in_app(entra_desk((404, {}))).mock.rename_group(TEAM, "Squad")
        assert stop(outcome) == ("InvalidAnchor", "object")

    def test_a_deleted_group_is_created_anew_when_it_comes_back(self, entra_desk: Any) -> None:
        desk = in_app(entra_desk((404, {}), EMPTY, MADE))
        assert desk.mock.delete_group(TEAM).ok
        assert desk.idp.group_id(TEAM) is None
        assert desk.mock.push_group(TEAM).ok
        assert desk.lines[-1] == "POST /Groups"

    def test_a_group_without_an_object_id_is_known_by_its_name(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY, MADE)
        assert desk.mock.push_group(replace(TEAM, idp_id="")).ok
        assert desk.body()["externalId"] == "Team"

    def test_a_group_that_was_never_provisioned_is_named(self, entra_desk: Any) -> None:
        with pytest.raises(ValueError, match="'Team' was not provisioned yet"):
            entra_desk(EMPTY).mock.rename_group(TEAM, "Squad")

    def test_a_group_that_no_filter_finds_would_be_created_twice(self, entra_desk: Any) -> None:
        assert stop(entra_desk(EMPTY).mock.match_group(TEAM)) == ("EntryConflict", "object")

    @pytest.mark.parametrize(
        "settings", [{"switches": {"licence": "none"}}, {"toggles": {"provision_groups": False}}]
    )
    def test_without_a_licence_or_a_mapping_no_group_is_sent(
        self, entra_desk: Any, settings: Any
    ) -> None:
        desk = in_app(entra_desk(EMPTY, **settings))
        for outcome in (
            desk.mock.push_group(TEAM),
            desk.mock.add_members(TEAM, TEAM.members),
            desk.mock.remove_members(TEAM, TEAM.members),
            desk.mock.rename_group(TEAM, "Squad"),
            desk.mock.read_group(TEAM),
            desk.mock.provision_group_on_demand(TEAM, TEAM.members),
            desk.mock.delete_group(TEAM),
        ):
            assert outcome.ok
        assert desk.sent == []


class TestMembers:
    def test_only_people_with_accounts_are_members(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((200, KEPT), (204, None)))
        desk.idp.link_group(TEAM, "g-1")
        assert desk.mock.add_members(TEAM, TEAM.members).ok
        assert [one["value"] for one in desk.operations()] == [[{"$ref": None, "value": "u-1"}]]

    def test_nobody_to_add_is_no_patch(self, entra_desk: Any) -> None:
        desk = in_app(entra_desk((200, KEPT)))
        assert desk.mock.add_members(TEAM, ()).ok
        assert len(desk.lines) == 1

    def test_a_member_that_is_there_is_not_sent_again(self, entra_desk: Any) -> None:
        answers = ((200, KEPT), found({"id": "g-1"}), EMPTY, (204, None))
        desk = in_app(entra_desk(*answers, switches={"reference_check": "on"}))
        assert desk.mock.add_members(TEAM, TEAM.members).ok
        assert desk.operations()[0]["value"] == [{"$ref": None, "value": "u-2"}]

    @pytest.mark.parametrize(("size", "patches"), [("1", 7), ("5", 2), ("20", 1), ("100", 1)])
    @pytest.mark.parametrize("dialect", ["default", "flag"])
    def test_members_come_and_go_in_batches(
        self, entra_desk: Any, dialect: str, size: str, patches: int
    ) -> None:
        crowd = [replace(ANN, idp_id=f"o-{n}") for n in range(7)]
        desk = entra_desk((200, KEPT), dialect=dialect, switches={"members_per_patch": size})
        linked(desk, *((person, f"u-{n}") for n, person in enumerate(crowd)))
        desk.idp.link_group(TEAM, "g-1")
        for verb in (desk.mock.add_members, desk.mock.remove_members):
            desk.sent.clear()
            assert verb(TEAM, crowd).ok
            assert len(desk.lines) == 1 + patches

    def test_a_flagged_batch_of_removals_has_one_operation_for_each(self, entra_desk: Any) -> None:
        desk = in_app(entra_desk((200, KEPT), (204, None), dialect="flag"))
        assert desk.mock.remove_members(TEAM, TEAM.members).ok
        assert desk.operations() == [
            {"op": "remove", "path": 'members[value eq "u-1"]'},
            {"op": "remove", "path": 'members[value eq "u-2"]'},
        ]

    def test_a_refused_member_stops_this_group(self, entra_desk: Any) -> None:
        outcome = in_app(entra_desk((200, KEPT), (400, {}))).mock.add_members(TEAM, [ANN])
        code, scope = stop(outcome)
        assert (code[-10:], scope) == ("BadRequest", "object")

    def test_on_demand_takes_five_members(self, entra_desk: Any) -> None:
        with pytest.raises(ValueError, match="a group takes 5 members, not 6"):
            entra_desk(EMPTY).mock.provision_group_on_demand(TEAM, [ANN] * 6)


class TestConnection:
    def test_both_probes_have_guids_of_their_own(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY)
        assert desk.mock.test_connection().ok
        first, second = (line.rpartition("eq+%22")[2] for line in desk.lines)
        assert first != second

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            ((401, {}), "InvalidCredentials"),
            ((403, {}), "InsufficientRights"),
            ((404, {}), SERVICE),
            ((302, {}), SERVICE),
            ((500, {}), "InternalServerError"),
            ((200, "<html>"), SERVICE),
            ((200, {"totalResults": 1}), SERVICE),
            (Trouble("no reply."), "Timeout"),
        ],
    )
    @pytest.mark.parametrize("before", [(), (EMPTY,)])
    def test_a_probe_that_fails_stops_the_job(
        self, entra_desk: Any, before: Any, answer: Any, code: str
    ) -> None:
        outcome = entra_desk(*before, answer).mock.test_connection()
        assert stop(outcome) == (code, "job")

    def test_the_probe_asks_by_the_first_matching_attribute(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY, switches={"matching": "externalId"})
        assert desk.mock.test_connection().ok
        assert desk.lines[0].startswith("GET /Users?filter=externalId+eq+")

    def test_schemas_that_cannot_be_read_are_not_offered(self, entra_desk: Any) -> None:
        assert entra_desk(found({"id": "urn:x"})).mock.discover_schemas().ok
        assert stop(entra_desk((404, {})).mock.discover_schemas())[0] == SERVICE


class TestToolsOfMicrosoft:
    def test_a_page_that_starts_elsewhere_fails_the_test(self, entra_desk: Any) -> None:
        outcome = entra_desk((200, {"startIndex": 1, "Resources": []})).mock.read_pages()
        assert stop(outcome) == ("SFComplianceFailed", "object")
        assert outcome.stopped is not None
        assert "starts at 6 says startIndex 1" in outcome.stopped.because

    def test_the_validator_needs_an_account(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY)
        with pytest.raises(ValueError, match="has no account in the app yet"):
            desk.mock.validator_replace(ANN)
