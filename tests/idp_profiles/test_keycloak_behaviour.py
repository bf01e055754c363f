"""What the mock Keycloak does: links, what it reads back, what it ignores, its settings."""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from idp_profiles import load
from idp_profiles.__main__ import main
from idp_profiles.model import Credential
from idp_profiles.model import Group
from idp_profiles.model import Trouble
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.http_adapter import Server
from tests.idp_profiles.desks import Desk
from tests.idp_profiles.desks import forms_of
from tests.idp_profiles.desks import on_reference_server
from tests.idp_profiles.plays import stage_of
from tests.idp_profiles.sheets import TOKEN

NAME = "keycloak"
PROFILE = load(NAME)
ANN, BOB, _ = stage_of({}).people
TEAM = Group("Team", (ANN,), "kc-1")
SHOWN: dict[str, Any] = {"id": "u1", "userName": "x", "displayName": "X", "active": True}


def provisioned(**settings: Any) -> Desk:
    """Keycloak with Ann in the app, and in a group."""
    desk = Desk(NAME, (201, SHOWN), **settings)
    assert desk.mock.assign(ANN).ok
    assert desk.mock.push_group(TEAM).ok
    desk.answer((200, {}))
    return desk


@pytest.mark.parametrize(("scenario", "form"), forms_of(NAME))
def test_every_form_of_every_scenario_ends_well_on_the_reference_server(
    scenario: str, form: str
) -> None:
    outcome = on_reference_server(NAME, scenario, form)
    assert outcome.ok, outcome.stopped


# -- links


@pytest.mark.parametrize("missing", ["id", "userName", "displayName", "active"])
def test_a_reply_that_does_not_show_everything_loses_the_link(missing: str) -> None:
    shown = {key: value for key, value in SHOWN.items() if key != missing}
    desk = Desk(NAME, (201, shown))
    outcome = desk.mock.assign(ANN)
    assert outcome.stopped is not None
    assert missing in outcome.stopped.because
    later = desk.mock.deactivate(ANN)
    assert (later.ok, len(desk.sent)) == (False, 1)
    assert "scim mapping not found" in later.console


def test_what_was_linked_elsewhere_is_sent_without_a_create() -> None:
    desk = Desk(NAME, (200, {}))
    desk.idp.link(ANN, "u9")
    desk.idp.link_group(TEAM, "g9")
    assert desk.mock.add_member(TEAM, ANN).ok
    assert desk.mock.assign(ANN).ok
    assert desk.lines == ["PUT /Groups/g9", "PUT /Users/u9"]


def test_a_user_with_a_link_is_not_created_again() -> None:
    desk = provisioned()
    assert desk.mock.assign(ANN).ok
    assert desk.mock.push_group(TEAM).ok
    assert desk.sent == []


@pytest.mark.parametrize("status", [204, 404, 500])
def test_a_deleted_object_is_forgotten_in_any_case(status: int) -> None:
    desk = provisioned()
    desk.answer((status, None))
    assert desk.mock.delete(ANN).ok is (status == 204)
    assert desk.mock.delete_group(TEAM).ok is (status == 204)
    assert (desk.idp.user_id(ANN), desk.idp.group_id(TEAM)) == (None, None)
    assert desk.mock.delete(ANN).ok
    assert desk.lines == ["DELETE /Users/u1", "DELETE /Groups/u1"]


def test_a_user_without_a_verified_address_does_not_count() -> None:
    desk = Desk(NAME, (201, SHOWN))
    hidden = replace(ANN, attributes={"emailVerified": False})
    for outcome in (desk.mock.assign(hidden), desk.mock.deactivate(hidden)):
        assert outcome.ok
    assert desk.sent == []


def test_roles_and_the_user_name_as_a_display_name() -> None:
    desk = Desk(NAME, (201, SHOWN))
    person = replace(ANN, given_name="", family_name="", attributes={"roles": ["admin"]})
    assert desk.mock.assign(person).ok
    body = desk.body()
    assert (body["displayName"], body["roles"]) == (ANN.user_name, [{"value": "admin"}])
    assert "name" not in body


# -- what fails


@pytest.mark.parametrize("status", [301, 400, 404, 409, 429, 500, 503])
def test_what_the_server_refuses_is_logged_and_not_repeated(status: int) -> None:
    desk = provisioned()
    desk.answer((status, "no way"))
    outcome = desk.mock.deactivate(ANN)
    assert (outcome.ok, len(desk.sent), desk.slept) == (False, 1, [])
    assert outcome.console == f"WARN no way {status}"
    assert desk.idp.user_id(ANN) == "u1"


def test_a_refused_group_does_not_hold_back_its_user() -> None:
    desk = provisioned()
    desk.answer((500, None), (200, {}))
    assert not desk.mock.add_member(TEAM, ANN).ok
    assert desk.lines == ["PUT /Groups/u1", "PUT /Users/u1"]


def test_a_broken_network_is_tried_ten_times() -> None:
    desk = provisioned()
    desk.answer(Trouble("Gone."))
    outcome = desk.mock.deactivate(ANN)
    assert (outcome.trouble, len(desk.sent)) == ("Gone.", 10)
    assert desk.slept[:3] == [0.5, 0.75, 1.125]
    desk.answer(Trouble("Gone."), (200, {}))
    assert desk.mock.deactivate(ANN).ok


# -- everything


def test_a_full_sync_creates_what_has_no_link_and_leaves_some_out() -> None:
    desk = provisioned()
    admin = replace(BOB, user_name="admin", idp_id="admin")
    assert desk.idp.is_active(admin)
    assert desk.idp.user_id(BOB) is None
    desk.answer((200, {}), (201, {**SHOWN, "id": "u2"}), (200, {}))
    assert desk.mock.full_sync().ok
    methods = [line.partition(" ")[0] for line in desk.lines]
    assert (methods, desk.idp.user_id(BOB)) == (["PUT", "POST", "PUT"], "u2")
    assert desk.mock.deactivate(ANN).ok
    desk.answer((200, {}))
    assert desk.mock.full_sync().ok
    assert desk.lines == ["PUT /Users/u2", "PUT /Groups/u1"]


# -- settings


@pytest.mark.parametrize(
    ("settings", "value"),
    [
        ({}, f"Bearer {TOKEN}"),
        ({"credential": Credential("basic", "s", "u")}, "Basic dTpz"),
        ({"auth_mode": "NONE"}, None),
    ],
)
def test_the_mode_decides_the_authorization(settings: dict[str, Any], value: str | None) -> None:
    desk = Desk(NAME, (201, SHOWN), **settings)
    assert desk.mock.assign(ANN).ok
    assert dict(desk.sent[0].headers).get("Authorization") == value


def test_the_content_type_can_be_plain_json() -> None:
    desk = Desk(NAME, (201, SHOWN), switches={"content_type": "application/json"})
    assert desk.mock.assign(ANN).ok
    assert dict(desk.sent[0].headers)["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"dialect": "core"}, "core"),
        ({"auth_mode": "x"}, "'x'"),
        ({"auth_mode": "BASIC_AUTH"}, "user and password"),
        ({"switches": {"user_update": "x"}}, "user_update"),
        ({"toggles": {"x": True}}, "'x'"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(settings: dict[str, Any], names: str) -> None:
    with pytest.raises(ValueError, match=names):
        Desk(NAME, (200, None), **settings)


def test_every_key_of_a_source_is_known() -> None:
    facts = PROFILE.facts
    used = {key for one in (*facts.auth_modes, *facts.quirks) for key in one.sources}
    used |= {key for one in (*facts.never_sent, *facts.limits.values()) for key in one.sources}
    steps = [step for scenario in PROFILE.scenarios.values() for step in scenario.steps]
    used |= {key for step in steps for key in step.sources}
    assert used == set(facts.sources)


def test_the_verbs_work_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    app = create_app(credentials=[ServerCredential(kind="bearer", secret=TOKEN)])
    with Server(app) as server:
        for verb in (["assign", "--user-name", "ann@example.com"], ["push-group", "--group", "T"]):
            assert main([NAME, *verb, "--url", server.url]) == 0, verb
