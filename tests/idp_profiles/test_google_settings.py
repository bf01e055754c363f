"""Settings of the mock Google Workspace, its verbs by hand, and whether its facts agree."""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from idp_profiles import load
from idp_profiles.__main__ import main
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.http_adapter import Server
from tests.idp_profiles.desks import Desk
from tests.idp_profiles.plays import stage_of
from tests.idp_profiles.sheets import TOKEN

NAME = "google"
ANN, BOB, CY = stage_of({}).people
EMPTY = {"totalResults": 0, "Resources": []}
SYNC, DAY = 3 * 3600, 86400


def shown(user_id: Any = "u1", **more: Any) -> dict[str, Any]:
    return {"id": user_id, "userName": "x", **more}


def listed(*resources: Any) -> dict[str, Any]:
    return {"totalResults": len(resources), "Resources": list(resources)}


# -- settings


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"dialect": "x"}, "no dialect 'x'; known: catalogue"),
        ({"switches": {"updat": "put"}}, "no switch 'updat'; did you mean 'update'"),
        ({"switches": {"app_off_after": "2d"}}, "no value '2d'; known: within-24h, 1d, 7d, 30d"),
        ({"toggles": {"x": True}}, "no toggle 'x'"),
        ({"auth_mode": "x"}, "no mode 'x'; known: access-token, consent"),
        ({"auth_mode": "consent"}, "no source shows its requests"),
        ({"credential": Credential("basic", "p", "u")}, "takes a bearer token"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Desk(NAME, (200, EMPTY), **settings)


def test_another_apps_map_can_be_given() -> None:
    unit = "urn:ietf:params:scim:schemas:extension:Example:2.0:User"
    attributes: Any = [
        {"path": "userName", "source": "email"},
        {"path": f"{unit}:orgUnitPath", "source": "orgUnit"},
    ]
    desk = Desk(NAME, (200, EMPTY), (201, shown()), mapping={"attribute": attributes})
    person = replace(ANN, attributes={"orgUnit": "/Sales"})
    assert desk.mock.turn_on(person).ok
    assert desk.body()[unit] == {"orgUnitPath": "/Sales"}
    assert "emails" not in desk.body()


# -- by hand

BY_HAND: dict[str, tuple[str, ...]] = {
    "test-connection": (),
    "assign": ("--user-name", "a@example.com"),
    "update": ("--user-name", "a@example.com", "--given-name", "Zed"),
    "rename": ("--user-name", "a@example.com", "--new-user-name", "b@example.com"),
    "deactivate": ("--user-name", "b@example.com"),
    "reactivate": ("--user-name", "b@example.com"),
    "delete": ("--user-name", "b@example.com"),
}


def test_every_verb_by_hand_ends_well_on_the_reference_server_without_waiting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(credentials=[ServerCredential(kind="bearer", secret=TOKEN)])
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    assert set(BY_HAND) == set(load(NAME).verbs)
    with Server(app) as server:
        for verb, options in BY_HAND.items():
            status = main([NAME, verb, "--url", server.url, *options])
            assert status == 0, (verb, capsys.readouterr().err)
        assert main([NAME, "deactivate", "--url", server.url, "--user-name", "b@example.com"]) == 1
    assert "Google Workspace waits 3 hours; we go on at once." in capsys.readouterr().err


# -- the facts


def test_every_source_of_every_fact_is_listed() -> None:
    profile = load(NAME)
    facts = profile.facts
    used = {
        *(key for quirk in facts.quirks for key in quirk.sources),
        *(key for never in facts.never_sent for key in never.sources),
        *(key for mode in facts.auth_modes for key in mode.sources),
        *(key for limit in facts.limits.values() for key in limit.sources),
        *(key for one in profile.scenarios.values() for s in one.steps for key in s.sources),
        *(key for one in profile.scenarios.values() for v in one.variants for key in v.sources),
    }
    assert used - set(facts.sources) == set()
    # Histories are made of many sequences, none of them their own.
    played = {one.feature for one in profile.scenarios.values()}
    assert played | {"Histories"} == set(profile.features)


def test_only_the_traced_steps_and_the_probe_are_better_than_inferred() -> None:
    known = {
        (step.scenario, step.name)
        for one in load(NAME).scenarios.values()
        for step in one.steps
        if step.certainty is not Certainty.INFERRED
    }
    assert known == {
        ("probe", "check the credentials"),
        ("provision-new", "look up the user"),
        ("provision-new", "create the user"),
        ("provision-existing", "look up the user"),
    }
