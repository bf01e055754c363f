"""Templates and settings of the mock OneLogin, its verbs by hand, and whether its facts agree."""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from idp_profiles import load
from idp_profiles.__main__ import main
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Group
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.http_adapter import Server
from tests.idp_profiles.desks import Desk
from tests.idp_profiles.plays import stage_of
from tests.idp_profiles.sheets import TOKEN

NAME = "onelogin"
ANN, BOB, _ = stage_of({}).people
EMPTY = {"totalResults": 0, "Resources": []}
NAMES = {"name": {"givenName": "G", "familyName": "F"}}
ONE, TWO = Group("One"), Group("Two")


def shown(user_id: Any = "u1", **more: Any) -> dict[str, Any]:
    return {"id": user_id, "userName": "x", **NAMES, **more}


def listed(*resources: Any) -> dict[str, Any]:
    return {"totalResults": len(resources), "Resources": list(resources)}


def provisioned(**settings: Any) -> Desk:
    """OneLogin with an account for Ann and two known groups."""
    desk = Desk(NAME, (200, EMPTY), (201, shown()), **settings)
    assert desk.mock.assign(ANN).ok
    groups = [{"id": "g1", "displayName": "One"}, {"id": "g2", "displayName": "Two"}]
    desk.answer((200, listed(*groups)))
    assert desk.mock.refresh_entitlements().ok
    desk.answer((200, shown()))
    return desk


# -- templates


def test_a_template_of_ones_own_is_the_body(tmp_path: Path) -> None:
    template: dict[str, Any] = {
        "schemas": ["urn:example:User"],
        "userName": "{$parameters.scimusername}",
        "title": "Mx {$user.lastname}",
        "x": [{"cost": "{$user.custom_fields.cost}", "level": 5, "none": None}],
        "gone": "{$parameters.nothing}",
    }
    file = tmp_path / "template.json"
    file.write_text(json.dumps(template), encoding="utf-8")
    person = replace(ANN, attributes={"cost": 12})
    for given in (template, file):
        desk = Desk(NAME, (200, EMPTY), (201, shown()), mapping=given)
        assert desk.mock.assign(person).ok
        assert desk.body() == {
            "schemas": ["urn:example:User"],
            "userName": ANN.user_name,
            "title": f"Mx {ANN.family_name}",
            "x": [{"cost": "12", "level": 5, "none": None}],
            "gone": "",
        }


def test_a_mapping_can_stand_in_for_a_template(tmp_path: Path) -> None:
    attribute = '[[attribute]]\npath = "userName"\nsource = "email"\n'
    file = tmp_path / "mapping.toml"
    file.write_text(attribute, encoding="utf-8")
    table: Any = {"attribute": [{"path": "userName", "source": "email"}]}
    for given in (file, table):
        desk = Desk(NAME, (200, EMPTY), (201, shown()), mapping=given)
        assert desk.mock.assign(ANN).ok
        assert desk.body()["userName"] == ANN.email
        desk.answer((200, shown()))
        assert desk.mock.suspend(ANN).ok
        assert desk.body()["active"] is False


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read"), ("{", "is not JSON"), ("[]", "is no JSON object")],
)
def test_an_unusable_template_file_is_named(
    content: str | None, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "template.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        Desk(NAME, (200, EMPTY), mapping=file)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"dialect": "x"}, "no dialect 'x'; known: provisioner"),
        ({"switches": {"templat": "v2-core"}}, "did you mean 'template'"),
        ({"switches": {"template": "v3"}}, "no value 'v3'"),
        ({"toggles": {"approve": True}}, "no toggle 'approve'"),
        ({"auth_mode": "basic"}, "no mode 'basic'; known: bearer"),
        ({"credential": Credential("basic", "p", "u")}, "takes a bearer token"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Desk(NAME, (200, EMPTY), **settings)


# -- by hand

BY_HAND: dict[str, tuple[str, ...]] = {
    "test-connection": (),
    "assign": ("--user-name", "a@example.com"),
    "update": ("--user-name", "a@example.com", "--given-name", "Zed"),
    "rename": ("--user-name", "a@example.com", "--new-user-name", "b@example.com"),
    "import-users": (),
    "push-group": ("--group", "G", "--member", "b@example.com"),
    "import-groups": (),
    "remove-members": ("--group", "G", "--member", "b@example.com"),
    "deactivate": ("--user-name", "b@example.com"),
    "reactivate": ("--user-name", "b@example.com"),
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
        assert main([NAME, "deactivate", "--url", server.url, "--user-name", "b@example.com"]) == 1


def test_a_scenario_by_hand_leaves_nothing_behind_although_urls_have_stray_marks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(credentials=[ServerCredential(kind="bearer", secret=TOKEN)])
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    with Server(app) as server:
        options = ("--scenario", "group-member-add", "--url", server.url)
        assert main([NAME, *options]) == 0
        capsys.readouterr()
        assert main([NAME, "import-users", "--url", server.url, "--json"]) == 0
    reply = json.loads(capsys.readouterr().out)["response"]["body"]
    assert reply["totalResults"] == 0


def test_a_template_file_can_be_given_by_hand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    app = create_app(credentials=[ServerCredential(kind="bearer", secret=TOKEN)])
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    template = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "{$parameters.scimusername}",
        "nickName": "made by {$user.firstname}",
        "name": {"givenName": "{$user.firstname}", "familyName": "{$user.lastname}"},
    }
    file = tmp_path / "template.json"
    file.write_text(json.dumps(template), encoding="utf-8")
    with Server(app) as server:
        options = ("--url", server.url, "--json", "--mapping", str(file))
        assert main([NAME, "assign", "--user-name", "a@example.com", *options]) == 0
        assert '"nickName": "made by A"' in capsys.readouterr().out
        assert main(["okta", "assign", "--user-name", "a@example.com", *options]) == 4
    assert "is not TOML" in capsys.readouterr().err


# -- the facts


def test_every_source_of_every_fact_is_listed() -> None:
    profile = load(NAME)
    facts = profile.facts
    used = {
        *(key for quirk in facts.quirks for key in quirk.sources),
        *(key for never in facts.never_sent for key in never.sources),
        *(key for mode in facts.auth_modes for key in mode.sources),
        *(key for one in profile.scenarios.values() for s in one.steps for key in s.sources),
        *(key for one in profile.scenarios.values() for v in one.variants for key in v.sources),
    }
    assert used - set(facts.sources) == set()
    # Histories are made of many sequences, none of them their own.
    played = {one.feature for one in profile.scenarios.values()}
    assert played | {"Histories"} == set(profile.features)


def test_only_logged_and_documented_steps_are_better_than_inferred() -> None:
    known = {
        (step.scenario, step.name): step.certainty
        for one in load(NAME).scenarios.values()
        for step in one.steps
        if step.certainty is not Certainty.INFERRED
    }
    assert known == {
        ("enable", "look for nobody"): Certainty.WILD,
        ("provision-new", "look up the user"): Certainty.WILD,
        ("provision-existing", "look up the user"): Certainty.WILD,
        ("provision-existing", "replace the user"): Certainty.WILD,
        ("update", "replace the user"): Certainty.WILD,
        ("group-read", "read the groups"): Certainty.DOC,
    }
