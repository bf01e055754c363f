"""The connection test, imports, entitlements: what Okta takes from lists, and what stops it."""

from __future__ import annotations

# ruff: noqa: ANN401 # fixtures are factories whose classes no test can import
from typing import Any

import pytest

from idp_profiles.model import Trouble


def listing(resources: list[Any], **more: Any) -> tuple[int, Any]:
    return (200, {"totalResults": len(resources), "Resources": resources, **more})


def user(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"u{number}", "userName": f"u{number}", "name": {"familyName": "F"}, **more}


VERBS = ["test_connection", "import_users", "import_groups"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"totalResults": "2", "Resources": []}, id="total-as-text"),
        pytest.param({"totalResults": 0, "startIndex": "1", "Resources": []}, id="start-as-text"),
        pytest.param({"totalResults": 0, "itemsPerPage": "0", "Resources": []}, id="page-as-text"),
        pytest.param({"totalResults": True, "Resources": []}, id="total-as-boolean"),
        pytest.param({"totalResults": 1.0, "Resources": []}, id="total-as-fraction"),
        pytest.param({"Resources": []}, id="no-total"),
        pytest.param({"totalResults": 1}, id="no-resources"),
        pytest.param({"totalResults": 1, "Resources": {"id": "u1"}}, id="resources-no-array"),
        pytest.param([], id="array"),
    ],
)
def test_a_list_like_this_stops_the_whole_job(desk: Any, verb: str, body: Any) -> None:
    outcome = getattr(desk((200, body)).mock, verb)()
    assert not outcome.ok
    assert outcome.stopped.scope == "job"


@pytest.mark.parametrize("verb", VERBS)
def test_an_empty_list_in_lower_case_is_fine(desk: Any, verb: str) -> None:
    body = {"totalresults": 0, "startindex": 1, "itemsperpage": 0, "resources": []}
    assert getattr(desk((200, body)).mock, verb)().ok


@pytest.mark.parametrize(
    ("answer", "console"),
    [
        pytest.param((404, "gone"), "Error authenticating: null", id="wrong-path"),
        pytest.param(Trouble("Nothing listens."), "Error authenticating: null", id="no-server"),
        pytest.param(
            (401, {"detail": "bad token"}),
            "Error authenticating: Unauthorized. Errors reported by remote server: bad token",
            id="401",
        ),
        pytest.param((401, None), "Error authenticating: Unauthorized.", id="401-without-body"),
        pytest.param(
            (502, "error"),
            "Error authenticating: Bad Gateway. Errors reported by remote server: Invalid JSON: "
            "Unrecognized token 'error' ... line: 1, column: 6",
            id="502-text",
        ),
        pytest.param(
            (200, "<!doctype html>"),
            "Error authenticating: OK. Errors reported by remote server: Invalid JSON: "
            "Unrecognized token '<' ... line: 1, column: 2",
            id="login-page",
        ),
    ],
)
def test_the_dialog_shows_what_was_wrong(desk: Any, answer: Any, console: str) -> None:
    outcome = desk(answer).mock.test_connection()
    assert outcome.console == console
    assert outcome.stopped.scope == "job"


def test_trouble_is_kept_beside_what_the_console_shows(desk: Any) -> None:
    assert desk(Trouble("Nothing listens.")).mock.test_connection().trouble == "Nothing listens."


def test_groups_are_probed_only_with_group_import(desk: Any) -> None:
    for settings, arguments, lines in (
        ({}, {}, 1),
        ({"toggles": {"import_groups": True}}, {}, 2),
        ({}, {"import_groups": True}, 2),
    ):
        seat = desk(listing([]), **settings)
        seat.mock.test_connection(**arguments)
        assert len(seat.sent) == lines


def test_an_import_skips_inactive_users_and_counts_them(desk: Any) -> None:
    users = [user(1), user(2, active=False), user(3, active=True)]
    seat = desk(listing(users))
    assert seat.mock.import_users().ok
    assert [one["id"] for one in seat.idp.imported.users] == ["u1", "u3"]
    assert seat.idp.imported.skipped_inactive == 1
    assert seat.idp.imported.errors == ()


@pytest.mark.parametrize("name", [None, {}, {"familyName": ""}, {"givenName": "A"}, "A F"])
def test_a_user_without_last_name_is_an_import_error(desk: Any, name: Any) -> None:
    seat = desk(listing([user(1, name=name), user(2)]))
    assert seat.mock.import_users().ok
    assert [one["id"] for one in seat.idp.imported.users] == ["u2"]
    assert seat.idp.imported.errors == ("user 'u1' has no last name",)
    assert [one["id"] for one in seat.idp.imported.nameless] == ["u1"]


def test_an_import_goes_on_by_a_hundred_even_when_pages_are_shorter(desk: Any) -> None:
    page = (200, {"totalResults": 201, "itemsPerPage": 1, "Resources": [user(1)]})
    seat = desk(page)
    assert seat.mock.import_users().ok
    assert [line.split("=")[1].split("&")[0] for line in seat.lines] == ["1", "101", "201"]


def test_an_import_that_is_promised_more_than_it_gets_ends(desk: Any) -> None:
    seat = desk((200, {"totalResults": 10**9, "Resources": []}))
    assert seat.mock.import_users().ok
    assert len(seat.sent) == 1
    assert "a page is empty" in seat.idp.imported.errors[0]


def test_an_import_with_groups_keeps_both(desk: Any) -> None:
    seat = desk(listing([user(1)]), listing([{"id": "g1"}]))
    assert seat.mock.import_users(import_groups=True).ok
    assert (len(seat.idp.imported.users), len(seat.idp.imported.groups)) == (1, 1)


def test_a_failed_import_keeps_the_one_before(desk: Any) -> None:
    seat = desk(listing([user(1)]), (500, None))
    seat.mock.import_users()
    assert not seat.mock.import_users().ok
    assert len(seat.idp.imported.users) == 1


# -- governance

ROLE = "urn:okta:scim:schemas:core:1.0:Role"
ENTITLEMENT = "urn:okta:scim:schemas:core:1.0:Entitlement"


def test_only_endpoints_of_roles_and_entitlements_are_read(desk: Any) -> None:
    types = [
        {"schema": "urn:ietf:params:scim:schemas:core:2.0:User", "endpoint": "/Users"},
        {"schema": ROLE, "endpoint": "/Roles"},
        {"schema": ENTITLEMENT, "endpoint": "/My Seats"},
        {"schema": ROLE, "endpoint": "https://elsewhere.example/Roles"},
    ]
    roles = listing([{"id": "r1", "displayName": "Admin"}, {"id": "r2"}])
    seats = listing([{"id": "e1", "displayName": "Seat"}])
    seat = desk(listing(types), listing([]), roles, seats, dialect="governance")
    assert seat.mock.discover_entitlements().ok
    assert seat.lines == ["GET /ResourceTypes", "GET /Schemas", "GET /Roles", "GET /My%20Seats"]
    assert [one["id"] for one in seat.idp.discovered.roles] == ["r1"]
    assert seat.idp.discovered.entitlements == ()
    assert len(seat.idp.discovered.errors) == 2


@pytest.mark.parametrize("dialect", ["aiw", "oin"])
def test_entitlements_exist_in_governance_only(desk: Any, make_stage: Any, dialect: str) -> None:
    seat = desk(listing([]), dialect=dialect)
    with pytest.raises(ValueError, match="has no entitlements"):
        seat.mock.discover_entitlements()
    with pytest.raises(ValueError, match="has no entitlements"):
        seat.mock.grant(make_stage(1).person, roles=[{"value": "r1"}])


def test_a_grant_keeps_the_rest_of_the_user(desk: Any, make_stage: Any) -> None:
    person = make_stage(1).person
    current = (200, {"id": "u1", "title": "kept", "roles": [{"value": "old"}]})
    seat = desk(current, dialect="governance")
    seat.idp.link(person, "u1")
    role = {"value": "r1", "display": "Admin"}
    assert seat.mock.grant(person, roles=[role]).ok
    assert seat.body() == {"id": "u1", "title": "kept", "roles": [role]}


def test_granting_nothing_sends_nothing(desk: Any, make_stage: Any) -> None:
    seat = desk(listing([]), dialect="governance")
    seat.idp.link(make_stage(1).person, "u1")
    assert seat.mock.grant(make_stage(1).person).ok
    assert seat.sent == []
