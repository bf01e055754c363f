"""What Microsoft's test tools send: the forms that published results and the workflow show."""

# ruff: noqa: ANN401 # JSON of any shape, and the profile's own class

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from idp_profiles import load
from idp_profiles.entra.gallery_values import CLEARED
from idp_profiles.entra.gallery_values import clearing
from idp_profiles.entra.gallery_values import manager_operation
from idp_profiles.entra.gallery_values import page
from idp_profiles.entra.gallery_values import update_values
from idp_profiles.entra.names import ENTERPRISE
from idp_profiles.entra.names import GROUP
from idp_profiles.entra.names import USER
from idp_profiles.entra.tool_values import MANAGER
from idp_profiles.entra.tool_values import first_values
from idp_profiles.entra.tool_values import folded
from idp_profiles.entra.tool_values import group_body
from idp_profiles.entra.tool_values import later_values
from idp_profiles.entra.tool_values import one_by_one
from idp_profiles.entra.tool_values import role_changes
from idp_profiles.entra.tool_values import role_value
from idp_profiles.entra.tool_values import user_body
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Request
from tests.idp_profiles.entra.people import ANN

PROFILE = load("entra")
# The attributes of a user in the results that were published (W2), all but manager and roles.
PUBLISHED = {
    *("userName", "active", "displayName", "title", "emails", "preferredLanguage", "name"),
    *("addresses", "phoneNumbers", "userType", "nickName", "locale", "timezone", "profileUrl"),
    *("schemas", ENTERPRISE),
}


@pytest.fixture(params=["default", "flag"])
def entra(request: pytest.FixtureRequest) -> Any:
    return PROFILE.start(dialect=request.param, credential=Credential("bearer", "token-1"))


def body_of(request: Request) -> Any:
    return json.loads(request.body or b"null")


class TestHeaders:
    def test_the_validator_writes_with_a_charset_and_names_nothing_else(self, entra: Any) -> None:
        written = entra.validator.create("/Groups", group_body("Ring", "1"))
        assert written.headers == (
            ("Authorization", "Bearer token-1"),
            ("Content-Type", "application/scim+json; charset=utf-8"),
        )

    def test_the_gallery_accepts_what_it_writes(self, entra: Any) -> None:
        written = entra.gallery.create("/Groups", group_body("Ring", "1"))
        assert written.headers == (
            ("Authorization", "Bearer token-1"),
            ("Content-Type", "application/scim+json"),
            ("Accept", "application/scim+json"),
        )
        assert entra.gallery.get("/Schemas").headers == (
            ("Authorization", "Bearer token-1"),
            ("Accept", "application/scim+json"),
        )

    def test_neither_carries_what_the_service_adds(self, entra: Any) -> None:
        sent = [entra.validator.delete("/Users", "1"), entra.gallery.delete("/Users", "1")]
        assert {name for each in sent for name, _ in each.headers} == {"Authorization"} | {"Accept"}


class TestTargets:
    def test_a_look_up_has_plus_signs_for_blanks(self, entra: Any) -> None:
        found = entra.validator.find("/Users", "userName", "ann@example.com")
        assert found.target == "/Users?filter=userName+eq+%22ann%40example.com%22"

    def test_members_are_left_out_before_the_filter(self, entra: Any) -> None:
        found = entra.validator.find("/Groups", "displayName", "A B", excludedAttributes="members")
        wanted = "/Groups?excludedAttributes=members&filter=displayName+eq+%22A+B%22"
        assert found.target == wanted

    def test_an_id_stays_one_segment(self, entra: Any) -> None:
        read = entra.validator.read("/Groups", "a/b", excludedAttributes="members")
        assert read.target == "/Groups/a%2Fb?excludedAttributes=members"

    def test_a_page_of_five(self) -> None:
        assert page("/Users", 6, 5) == "/Users?startIndex=6&count=5"


class TestSteps:
    def test_who_says_so_is_known(self, entra: Any) -> None:
        steps = [entra.validator.get("/Schemas").step, entra.gallery.get("/Schemas").step]
        assert [step.certainty for step in steps] == [Certainty.WILD, Certainty.CODE]
        assert {key for step in steps for key in step.sources} <= set(PROFILE.facts.sources)


class TestValues:
    def test_a_user_has_the_attributes_of_the_published_results(self) -> None:
        body = user_body(first_values(ANN, literal=True))
        assert set(body) == PUBLISHED
        assert body["schemas"] == [USER, ENTERPRISE]
        assert body["phoneNumbers"] == [
            {"type": "work", "primary": True, "value": "+421-2-5550-1000"},
            {"type": "mobile", "value": "+421-2-5550-1001"},
            {"type": "fax", "value": "+421-2-5550-1002"},
        ]

    def test_literal_values_are_letters_where_a_form_is_due(self) -> None:
        literal, plain = first_values(ANN, literal=True), first_values(ANN)
        for path in ("locale", "profileUrl"):
            assert str(literal[path]).isupper()
            assert literal[path] != plain[path]
        assert literal['addresses[type eq "work"].country'] == "Sierra Leone"

    def test_every_later_value_differs_from_the_first(self) -> None:
        first, later = first_values(ANN), later_values(ANN)
        assert set(first) - set(later) == {"userName", "active"}
        assert [path for path, value in later.items() if value == first[path]] == []

    def test_two_people_share_no_words(self) -> None:
        other = replace(ANN, user_name="other@example.com")
        assert first_values(ANN)["title"] != first_values(other)["title"]

    def test_what_a_schema_lacks_is_left_out(self) -> None:
        values = first_values(ANN, lambda path: path in ("userName", "title"))
        assert set(user_body(values)) == {"userName", "title", "schemas"}

    def test_only_the_role_of_the_results_has_a_text_for_primary(self) -> None:
        literal = role_value(ANN, "first", literal=True)
        assert literal["primary"] == "True"
        assert set(literal) == {"primary", "display", "value", "type"}
        assert role_value(ANN, "first")["primary"] is True
        assert set(role_changes(ANN, "later")) == {
            'roles[primary eq "True"].display',
            'roles[primary eq "True"].value',
        }


class TestOperations:
    values = {"name.givenName": "A", 'emails[type eq "work"].value': "b", "title": "C"}  # noqa: RUF012 # read only

    def test_the_short_form_selects_first_and_folds_the_rest(self) -> None:
        assert folded("replace", self.values) == [
            {"op": "replace", "path": 'emails[type eq "work"].value', "value": "b"},
            {"op": "replace", "value": {"name.givenName": "A", "title": "C"}},
        ]

    def test_the_verbose_form_has_an_operation_for_each(self) -> None:
        paths = [each["path"] for each in one_by_one("add", self.values)]  # type: ignore[index,call-overload]  # objects, as written
        assert paths == [*self.values]

    def test_a_selection_alone_needs_no_other_operation(self) -> None:
        assert len(folded("replace", {'emails[type eq "work"].value': "b"})) == 1

    def test_a_patch_is_one(self, entra: Any) -> None:
        patch = entra.validator.patch("/Groups", "1", folded("replace", {"displayName": "B"}))
        assert (patch.method, patch.target) == ("PATCH", "/Groups/1")
        assert body_of(patch) == {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "value": {"displayName": "B"}}],
        }

    def test_a_group_has_no_members(self) -> None:
        body = group_body("Ring", "7")
        assert body == {"displayName": "Ring", "externalId": "7", "schemas": [GROUP]}


class TestGallery:
    def test_a_manager_is_a_text(self) -> None:
        assert manager_operation("Add", "7") == {"op": "Add", "path": MANAGER, "value": "7"}

    def test_clearing_is_a_replace(self) -> None:
        assert clearing(CLEARED[:1], None) == [{"op": "replace", "path": "title", "value": None}]

    def test_updates_are_words_of_the_test(self) -> None:
        values = update_values(ANN)
        assert str(values["title"]).startswith("upd-")
        assert values["displayName"] == f"{values['name.givenName']} {values['name.familyName']}"
        assert len({str(value) for value in values.values()}) == len(values)
