"""What Entra does when people leave and come back, about their managers, roles and on demand."""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from idp_profiles.entra.roles import Role
from idp_profiles.model import Credential
from tests.idp_profiles.entra.people import ANN
from tests.idp_profiles.entra.people import BOB
from tests.idp_profiles.entra.people import EMPTY
from tests.idp_profiles.entra.people import ENTERPRISE
from tests.idp_profiles.entra.people import KEPT
from tests.idp_profiles.entra.people import found
from tests.idp_profiles.entra.people import linked
from tests.idp_profiles.entra.people import stop
from tests.idp_profiles.entra.people import without


class TestLeaving:
    @pytest.mark.parametrize("kept", [False, "False", "false"])
    def test_an_account_that_is_off_already_is_left_alone(self, entra_desk: Any, kept: Any) -> None:
        desk = linked(entra_desk((200, {**KEPT, "active": kept})))
        assert desk.mock.unassign(ANN).ok
        assert len(desk.lines) == 1

    def test_a_server_that_returns_no_active_gets_an_add(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((200, without("active")), (204, None)))
        assert desk.mock.unassign(ANN).ok
        assert desk.operations() == [{"op": "Add", "path": "active", "value": "False"}]

    def test_somebody_unassigned_is_neither_updated_nor_deleted(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((200, KEPT)))
        assert desk.mock.unassign(ANN).ok
        desk.sent.clear()
        assert desk.mock.update(ANN, jobTitle="Boss").ok
        assert desk.mock.purge(ANN).ok
        assert desk.sent == []

    def test_somebody_deleted_in_the_directory_is_purged(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((200, KEPT), (200, KEPT), (404, {})))
        assert desk.mock.soft_delete(ANN).ok
        assert desk.mock.purge(ANN).ok
        assert desk.lines[-1] == "DELETE /Users/u-1"
        assert desk.idp.user_id(ANN) is None

    def test_thirty_days_after_the_deletion_somebody_is_purged(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((200, KEPT), (204, None), (204, None)))
        assert desk.mock.soft_delete(ANN).ok
        outcome = desk.mock.expire(ANN)
        assert (outcome.ok, outcome.waited) == (True, 30 * 24 * 3600)
        assert desk.lines[-1] == "DELETE /Users/u-1"

    def test_out_of_scope_deletions_can_be_skipped(self, entra_desk: Any) -> None:
        desk = linked(entra_desk(EMPTY, toggles={"skip_out_of_scope_deletions": True}))
        assert desk.mock.unassign(ANN).ok
        assert desk.mock.soft_delete(ANN).ok
        assert desk.sent == []

    def test_whoever_hides_disabled_users_gets_a_post(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((200, KEPT), (200, KEPT), EMPTY, (409, {})))
        assert desk.mock.unassign(ANN).ok
        assert stop(desk.mock.reassign(ANN)) == ("EntryConflict", "object")
        assert desk.lines[-1] == "POST /Users"

    def test_somebody_new_who_is_there_and_off_is_switched_on(self, entra_desk: Any) -> None:
        desk = entra_desk(found({**KEPT, "active": False}), (204, None))
        assert desk.mock.assign(ANN).ok
        assert desk.operations() == [{"op": "Replace", "path": "active", "value": "True"}]

    def test_a_user_name_that_changes_leaves_the_nickname_alone(self, entra_desk: Any) -> None:
        desk = entra_desk(found(KEPT), (200, KEPT), (204, None))
        assert desk.mock.assign(ANN).ok
        assert desk.mock.rename(ANN, "lee@example.com").ok
        assert [one["path"] for one in desk.operations()] == ["userName"]


class TestManagers:
    def test_the_second_pass_links_only_those_whose_manager_has_an_account(
        self, entra_desk: Any
    ) -> None:
        desk = entra_desk(EMPTY, (201, KEPT), (204, None))
        assert desk.mock.assign(ANN, BOB).ok
        assert desk.mock.link_references([ANN, BOB]).ok
        assert len(desk.lines) == 2
        desk.idp.link(BOB, "u-2")
        assert desk.mock.link_references([ANN, BOB]).ok
        assert desk.lines[-1] == "PATCH /Users/u-1"
        assert desk.operations()[0] == {
            "op": "Add",
            "path": f"{ENTERPRISE}:manager",
            "value": "u-2",
        }

    def test_another_manager_is_a_replace(self, entra_desk: Any) -> None:
        carl = replace(ANN, user_name="carl@example.com", idp_id="o-3")
        desk = linked(entra_desk((204, None)), (ANN, "u-1"), (BOB, "u-2"), (carl, "u-3"))
        assert desk.mock.set_manager(ANN, BOB).ok
        assert desk.mock.set_manager(ANN, carl).ok
        assert [desk.operations(n)[0]["op"] for n in (0, 1)] == ["Add", "Replace"]

    def test_a_manager_who_is_known_to_be_there_is_replaced(self, entra_desk: Any) -> None:
        carl = replace(ANN, user_name="carl@example.com", idp_id="o-3")
        desk = linked(entra_desk((204, None)), (ANN, "u-1"), (BOB, "u-2"), (carl, "u-3"))
        desk.idp.link_manager(ANN, BOB)
        assert desk.mock.set_manager(ANN, carl).ok
        assert desk.operations()[0]["op"] == "Replace"

    def test_a_manager_is_noted_only_of_somebody_with_an_account(self, entra_desk: Any) -> None:
        with pytest.raises(ValueError, match="who have accounts"):
            linked(entra_desk()).idp.link_manager(ANN, BOB)

    def test_a_reference_that_is_there_is_not_sent_again(self, entra_desk: Any) -> None:
        desk = entra_desk(found({"id": "u-1"}), switches={"reference_check": "on"})
        assert linked(desk, (ANN, "u-1"), (BOB, "u-2")).mock.set_manager(ANN, BOB).ok
        assert len(desk.lines) == 1

    def test_a_refused_reference_check_stops_the_reference(self, entra_desk: Any) -> None:
        desk = entra_desk((400, {}), switches={"reference_check": "on"})
        outcome = linked(desk, (ANN, "u-1"), (BOB, "u-2")).mock.set_manager(ANN, BOB)
        assert stop(outcome) == ("SystemForCrossDomainIdentityManagementBadRequest", "object")

    def test_a_server_without_locations_gets_a_relative_reference(self, entra_desk: Any) -> None:
        desk = entra_desk((204, None), switches={"manager_form": "array-with-ref"})
        assert linked(desk, (ANN, "u-1"), (BOB, "u-2")).mock.set_manager(ANN, BOB).ok
        assert desk.operations()[0]["value"] == [{"$ref": "Users/u-2", "value": "u-2"}]


class TestRoles:
    A, B = Role("A", "r-a"), Role("B", "r-b")

    def granted(self, desk: Any, form: str, *roles: Role) -> Any:
        desk.idp.map_roles(form)
        assert linked(desk).mock.grant_roles(ANN, roles, "role-single-patch").ok
        return desk

    def test_a_role_that_is_primary_already_is_not_sent(self, entra_desk: Any) -> None:
        for primary in (True, "True"):
            current = {**KEPT, "roles": [{"primary": primary, "value": "A"}]}
            assert len(self.granted(entra_desk((200, current)), "single", self.A).lines) == 1

    def test_a_first_role_is_added(self, entra_desk: Any) -> None:
        current = {**KEPT, "roles": [{"primary": False, "value": "A"}]}
        desk = self.granted(entra_desk((200, current), (204, None)), "single", self.A)
        assert desk.operations()[0]["op"] == "Add"

    def test_the_replacing_form_sends_the_list_only_when_it_differs(self, entra_desk: Any) -> None:
        current = {**KEPT, "roles": [{"value": "A"}, {"value": "B"}]}
        desk = self.granted(entra_desk((200, current)), "assertive", self.A, self.B)
        assert len(desk.lines) == 1
        desk = self.granted(entra_desk((200, current), (204, None)), "assertive", self.B)
        assert [one["value"] for one in desk.operations()[0]["value"]] == ["B"]

    def test_without_an_expression_no_role_is_sent(self, entra_desk: Any) -> None:
        assert len(self.granted(entra_desk((200, KEPT)), "none", self.A).lines) == 1

    def test_an_unknown_expression_is_named(self, entra_desk: Any) -> None:
        with pytest.raises(ValueError, match="'roles' has no value 'x'; known: none, single"):
            entra_desk(EMPTY).idp.map_roles("x")


class TestOnDemand:
    def test_the_flag_has_no_effect(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY, found({**KEPT, "displayName": "x"}), (204, None), dialect="flag")
        assert desk.mock.provision_on_demand(ANN).ok
        assert desk.operations() == [{"op": "Replace", "path": "displayName", "value": "Ann Lee"}]

    def test_nobody_is_restored(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY, found({**KEPT, "active": False}))
        assert desk.mock.provision_on_demand(ANN).ok
        assert len(desk.lines) == 2

    def test_somebody_unassigned_can_be_disabled(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((200, KEPT), (204, None), EMPTY, found(KEPT), (204, None)))
        assert desk.mock.unassign(ANN).ok
        assert desk.mock.provision_on_demand(ANN).ok
        assert desk.operations() == [{"op": "Replace", "path": "active", "value": "False"}]

    def test_roles_are_left_out(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY, EMPTY, (201, KEPT), switches={"roles": "single"})
        desk.idp.map_roles("single")
        desk.idp.grant_roles(ANN, (Role("A"),), "role-single-create").close()
        assert desk.mock.provision_on_demand(ANN).ok
        assert desk.body()["roles"] == []

    def test_a_failed_probe_stops_the_job(self, entra_desk: Any) -> None:
        credential = Credential("bearer", "wrong")
        outcome = entra_desk((401, {}), credential=credential).mock.provision_on_demand(ANN)
        assert stop(outcome) == ("InvalidCredentials", "job")
