"""What Entra does about people, apart from the bytes: when it sends what, and when it stops."""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from idp_profiles.model import Reply
from idp_profiles.model import Trouble
from tests.idp_profiles.entra.people import ANN
from tests.idp_profiles.entra.people import BOB
from tests.idp_profiles.entra.people import EMPTY
from tests.idp_profiles.entra.people import ENTERPRISE
from tests.idp_profiles.entra.people import KEPT
from tests.idp_profiles.entra.people import SERVICE
from tests.idp_profiles.entra.people import found
from tests.idp_profiles.entra.people import linked
from tests.idp_profiles.entra.people import stop
from tests.idp_profiles.entra.people import without


class TestRequests:
    def test_there_is_no_user_agent_and_a_version_in_every_request(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY, (201, KEPT))
        assert desk.mock.assign(ANN).ok
        for request in desk.sent:
            names = [name for name, _ in request.headers]
            assert "User-Agent" not in names
            assert "Adscimversion" in names

    def test_two_mocks_of_one_seed_send_the_same(self, entra_desk: Any) -> None:
        first, second, other = (entra_desk(EMPTY, seed=seed) for seed in (7, 7, 8))
        for desk in (first, second, other):
            assert desk.mock.test_connection().ok
        assert first.lines == second.lines != other.lines

    def test_special_characters_in_an_id_cannot_change_the_path(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((200, KEPT)), (ANN, "a/../b?c"))
        desk.mock.update(ANN)
        assert desk.lines == ["GET /Users/a%2F..%2Fb%3Fc"]


class TestMatching:
    def test_one_match_is_linked_and_left_alone_when_nothing_differs(self, entra_desk: Any) -> None:
        desk = entra_desk(found(KEPT))
        assert desk.mock.assign(ANN).ok
        assert len(desk.lines) == 1
        assert desk.idp.user_id(ANN) == "u-1"

    def test_two_matches_are_skipped(self, entra_desk: Any) -> None:
        desk = entra_desk(found(KEPT, {"id": "u-2"}))
        assert stop(desk.mock.assign(ANN)) == ("DuplicateTargetEntries", "object")

    def test_the_second_attribute_is_tried_only_when_the_first_finds_nobody(
        self, entra_desk: Any
    ) -> None:
        switches = {"matching": "userName-externalId"}
        desk = entra_desk(found(KEPT), switches=switches)
        assert desk.mock.assign(ANN).ok
        assert len(desk.lines) == 1
        desk = entra_desk(EMPTY, found(KEPT), switches=switches)
        assert desk.mock.assign(ANN).ok
        assert desk.lines[1] == "GET /Users?filter=externalId+eq+%22o-1%22"

    def test_a_matching_attribute_without_a_value_is_passed_over(self, entra_desk: Any) -> None:
        desk = entra_desk((201, KEPT), switches={"matching": "email"})
        assert desk.mock.assign(replace(ANN, email="")).ok
        assert desk.lines == ["POST /Users"]

    def test_somebody_who_is_in_the_app_and_not_found_would_be_created_twice(
        self, entra_desk: Any
    ) -> None:
        outcome = entra_desk(EMPTY).mock.match(ANN)
        assert stop(outcome) == ("EntryConflict", "object")

    def test_a_match_without_an_id_stops_it(self, entra_desk: Any) -> None:
        for unusable in (None, "", 7):
            outcome = entra_desk(found({**KEPT, "id": unusable})).mock.assign(ANN)
            assert stop(outcome) == (SERVICE, "object")


class TestRefusals:
    @pytest.mark.parametrize(
        ("status", "code", "scope"),
        [
            (400, "SystemForCrossDomainIdentityManagementBadRequest", "object"),
            (401, "InvalidCredentials", "job"),
            (403, "InsufficientRights", "object"),
            (404, SERVICE, "job"),
            (405, "MethodNotAllowed", "object"),
            (422, "UnprocessableEntity", "object"),
            (429, "TooManyRequests", "object"),
            (500, "InternalServerError", "object"),
            (503, "InternalServerError", "object"),
            (302, SERVICE, "object"),
        ],
    )
    def test_a_refused_filter(self, entra_desk: Any, status: int, code: str, scope: str) -> None:
        outcome = entra_desk((status, {"detail": "why not"})).mock.assign(ANN)
        assert stop(outcome) == (code, scope)
        assert outcome.console.endswith("The application said: why not")

    def test_a_conflict_is_not_answered_by_an_update(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY, (409, {"scimType": "uniqueness"}))
        assert stop(desk.mock.assign(ANN)) == ("EntryConflict", "object")
        assert [line.split("?")[0] for line in desk.lines] == ["GET /Users", "POST /Users"]

    @pytest.mark.parametrize("body", ["<html>", "[]", ""])
    def test_a_body_that_cannot_be_read(self, entra_desk: Any, body: str) -> None:
        outcome = entra_desk(EMPTY, (201, body)).mock.assign(ANN)
        assert stop(outcome) == (SERVICE, "object")
        assert ("deserialize" in outcome.console) == bool(body)

    def test_a_list_that_is_none(self, entra_desk: Any) -> None:
        outcome = entra_desk((200, {"totalResults": 1})).mock.assign(ANN)
        assert stop(outcome) == (SERVICE, "object")

    def test_no_answer_is_a_time_out_and_no_verdict(self, entra_desk: Any) -> None:
        outcome = entra_desk(Trouble("nothing came for 60 seconds.")).mock.assign(ANN)
        assert stop(outcome) == ("Timeout", "object")
        assert outcome.trouble == "nothing came for 60 seconds."

    def test_an_account_that_is_gone_stays_broken(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((404, {})))
        assert stop(desk.mock.update(ANN, jobTitle="Boss")) == ("InvalidAnchor", "object")
        assert stop(desk.mock.unassign(ANN)) == ("InvalidAnchor", "object")

    def test_a_create_may_be_answered_with_200(self, entra_desk: Any) -> None:
        assert entra_desk(EMPTY, (200, KEPT)).mock.assign(ANN).ok

    @pytest.mark.parametrize("manager", ["u-9", ["u-9"], 9])
    def test_a_manager_in_no_rfc_form_makes_the_user_unreadable(
        self, entra_desk: Any, manager: Any
    ) -> None:
        odd = {**KEPT, ENTERPRISE: {"manager": manager}}
        for answers in ((found(odd),), (EMPTY, (201, odd))):
            assert stop(entra_desk(*answers).mock.assign(ANN)) == (SERVICE, "object")
        assert stop(linked(entra_desk((200, odd))).mock.update(ANN)) == (SERVICE, "object")

    def test_a_manager_in_rfc_form_or_none_is_fine(self, entra_desk: Any) -> None:
        for manager in (None, {"value": "u-9"}):
            odd = {**KEPT, ENTERPRISE: {"manager": manager}}
            assert entra_desk(found(odd)).mock.assign(ANN).ok


class TestTooManyRequests:
    LATER = Reply(429, "Slow", (("Retry-After", "7"),))

    def test_retry_after_is_taken_as_not_honoured(self, entra_desk: Any) -> None:
        desk = entra_desk(self.LATER)
        assert stop(desk.mock.assign(ANN)) == ("TooManyRequests", "object")
        assert desk.slept == []

    def test_retry_after_can_be_honoured(self, entra_desk: Any) -> None:
        desk = entra_desk(self.LATER, self.LATER, found(KEPT), switches={"retry_after": "honoured"})
        assert desk.mock.assign(ANN).ok
        assert desk.slept == [7.0, 7.0]

    def test_patience_ends(self, entra_desk: Any) -> None:
        desk = entra_desk(self.LATER, switches={"retry_after": "honoured"})
        assert stop(desk.mock.assign(ANN)) == ("TooManyRequests", "object")
        assert len(desk.sent) == 3

    def test_a_429_without_seconds_is_not_waited_for(self, entra_desk: Any) -> None:
        soon = Reply(429, "Slow", (("Retry-After", "soon"),))
        desk = entra_desk(soon, switches={"retry_after": "honoured"})
        assert not desk.mock.assign(ANN).ok
        assert desk.slept == []


class TestUpdates:
    def test_add_where_the_server_has_nothing_and_replace_where_it_has(
        self, entra_desk: Any
    ) -> None:
        current = {**without("displayName"), "title": "Clerk", "emails": []}
        desk = linked(entra_desk((200, current), (204, None)))
        assert desk.mock.update(ANN, jobTitle="Boss", department="Law").ok
        assert [(one["op"], one["path"]) for one in desk.operations()] == [
            ("Add", "displayName"),
            ("Add", 'emails[type eq "work"].value'),
            ("Replace", "title"),
            ("Add", f"{ENTERPRISE}:department"),
        ]

    def test_what_became_empty_is_not_sent(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((200, {**KEPT, "title": "Clerk"})))
        assert desk.mock.update(ANN, display_name="", jobTitle=None).ok
        assert len(desk.lines) == 1

    def test_a_value_kept_in_another_form_is_sent_every_time(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((200, {**KEPT, "displayName": "ANN LEE"})))
        for _ in range(2):
            assert desk.mock.update(ANN).ok
        assert [line.split(" ")[0] for line in desk.lines] == ["GET", "PATCH"] * 2

    def test_names_and_types_are_read_in_any_case(self, entra_desk: Any) -> None:
        current = {
            **without("emails"),
            "EMAILS": [{"TYPE": "Work", "Value": "ann@example.com"}],
        }
        desk = linked(entra_desk((200, current)))
        assert desk.mock.update(ANN).ok
        assert len(desk.lines) == 1

    def test_nothing_is_sent_about_somebody_without_an_account(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY)
        for outcome in (
            desk.mock.update(ANN, jobTitle="Boss"),
            desk.mock.unassign(ANN),
            desk.mock.purge(ANN),
            desk.mock.set_manager(ANN, BOB),
            desk.mock.remove_manager(ANN),
            desk.mock.remove_value(ANN, "title", "x"),
        ):
            assert outcome.ok
        assert desk.sent == []

    def test_an_unmapped_active_is_never_sent(self, entra_desk: Any) -> None:
        mapping = {"attribute": [{"path": "userName", "source": "user_name"}]}
        desk = linked(entra_desk((200, {"id": "u-1"}), mapping=mapping))
        assert desk.mock.update(ANN).ok
        assert desk.operations() == [{"op": "Add", "path": "userName", "value": ANN.user_name}]
        assert desk.mock.unassign(ANN).ok
        assert [line.split(" ")[0] for line in desk.lines] == ["GET", "PATCH", "GET"]


class TestFlag:
    def test_one_replaced_attribute_keeps_its_path(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((200, KEPT), (204, None), dialect="flag"))
        assert desk.mock.update(ANN, display_name="Ann").ok
        assert desk.operations() == [{"op": "replace", "path": "displayName", "value": "Ann"}]

    def test_only_replaced_simple_attributes_are_folded(self, entra_desk: Any) -> None:
        desk = linked(entra_desk((200, KEPT), (204, None), dialect="flag"))
        changes = {"display_name": "A", "given_name": "B", "email": "c@d", "jobTitle": "E"}
        assert desk.mock.update(ANN, **changes).ok
        assert desk.operations() == [
            {"op": "replace", "path": 'emails[type eq "work"].value', "value": "c@d"},
            {"op": "add", "path": "title", "value": "E"},
            {"op": "replace", "value": {"displayName": "A", "name.givenName": "B"}},
        ]

    def test_a_flagged_patch_that_no_source_shows_is_inferred(self, entra_desk: Any) -> None:
        shown = {}
        for dialect in ("default", "flag"):
            desk = linked(entra_desk((200, KEPT), (204, None), dialect=dialect))
            assert desk.mock.update(ANN, jobTitle="Boss").ok
            shown[dialect] = [request.step.certainty.value for request in desk.sent]
        assert shown == {"default": ["doc", "doc"], "flag": ["doc", "inferred"]}

    def test_the_flag_reaches_every_request_line_when_switched_so(self, entra_desk: Any) -> None:
        desk = entra_desk(
            EMPTY, (201, KEPT), dialect="flag", switches={"flag_on_request_line": "yes"}
        )
        assert desk.mock.assign(ANN).ok
        assert all("?aadOptscim062020" in line for line in desk.lines)

    def test_a_job_without_the_flag_never_shows_it(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY, (201, KEPT), switches={"flag_on_request_line": "yes"})
        assert desk.mock.assign(ANN).ok
        assert not any("aadOptscim062020" in line for line in desk.lines)
