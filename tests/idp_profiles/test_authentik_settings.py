"""The mock authentik on the reference server, its settings and facts, its verbs by hand."""

# JSON of any shape

from __future__ import annotations

import json
from typing import Any

import pytest

from idp_profiles import MockIdp
from idp_profiles import load
from idp_profiles.__main__ import main
from idp_profiles.made_up import made_up_stage
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Outcome
from idp_profiles.wsgi_transport import AppSend
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.http_adapter import Server
from reference_server.wsgi import wsgi_app
from tests.idp_profiles.desks import Desk
from tests.idp_profiles.sheets import TOKEN

NAME = "authentik"
PROFILE = load(NAME)


# -- on the reference server

FORMS = [
    (scenario.id, dialect, form.name)
    for scenario in PROFILE.scenarios.values()
    for dialect in scenario.dialects
    for form in scenario.variants
]
# What the RFC does not allow: authentik stops there when the tolerance is switched off.
BEYOND = [
    ("user-create-conflict", "unquoted", "unquoted-value", "invalidFilter"),
    ("group-update", "default", "patch-without-schemas", "invalidSyntax"),
]


def on_reference_server(
    scenario_id: str, dialect: str, form_name: str, without: tuple[str, ...] = ()
) -> Outcome:
    scenario = PROFILE.scenarios[scenario_id]
    form = next(one for one in scenario.variants if one.name == form_name)
    app = create_app(
        credentials=[ServerCredential(kind="bearer", secret=TOKEN)], without_tolerances=without
    )
    idp = PROFILE.start(
        dialect=dialect, credential=Credential("bearer", TOKEN), switches=form.switches
    )
    mock = MockIdp(idp, AppSend(wsgi_app(app), "/scim/v2"), sleep=lambda seconds: None)
    stage = made_up_stage(scenario.people)
    for script in scenario.arrange(idp, stage):
        outcome = mock.run("", script)
        assert outcome.ok, outcome.stopped
    return mock.run(scenario_id, scenario.act(idp, stage))


@pytest.mark.parametrize(("scenario", "dialect", "form"), FORMS)
def test_every_form_ends_well_on_the_reference_server(
    scenario: str, dialect: str, form: str
) -> None:
    outcome = on_reference_server(scenario, dialect, form)
    assert outcome.ok, outcome.stopped


@pytest.mark.parametrize(("scenario", "form", "tolerance", "wrong"), BEYOND)
def test_what_breaks_the_rfc_ends_where_it_is_not_tolerated(
    scenario: str, form: str, tolerance: str, wrong: str
) -> None:
    outcome = on_reference_server(scenario, "default", form, (tolerance,))
    assert not outcome.ok
    reply = outcome.exchanges[-1].reply
    assert reply is not None
    assert json.loads(reply.body)["scimType"] == wrong


def test_what_the_sequence_changes_has_changed_on_the_reference_server() -> None:
    outcome = on_reference_server("group-compare", "default", "default")
    before, _ = outcome.exchanges
    assert before.reply is not None
    assert len(json.loads(before.reply.body)["members"]) == 2


# -- settings


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"dialect": "azure"}, "azure"),
        ({"auth_mode": "oauth"}, "oauth"),
        ({"auth_mode": "x"}, "'x'"),
        ({"switches": {"user_filter": "x"}}, "user_filter"),
        ({"toggles": {"x": True}}, "'x'"),
        ({"credential": Credential("basic", "s", "u")}, "basic"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(settings: dict[str, Any], names: str) -> None:
    with pytest.raises(ValueError, match=names):
        Desk(NAME, (200, None), **settings)


def test_every_key_of_a_source_is_known() -> None:
    facts = PROFILE.facts
    used = {
        key
        for one in (*facts.auth_modes, *facts.quirks, *facts.never_sent, *facts.limits.values())
        for key in one.sources
    }
    steps = [step for scenario in PROFILE.scenarios.values() for step in scenario.steps]
    used |= {key for step in steps for key in step.sources}
    assert used == set(facts.sources)


def test_every_step_is_read_from_the_code() -> None:
    for scenario in PROFILE.scenarios.values():
        assert {step.certainty for step in scenario.steps} == {Certainty.CODE}
        assert scenario.feature in PROFILE.features


# -- by hand


def test_the_verbs_work_by_hand_one_command_after_the_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    app = create_app(credentials=[ServerCredential(kind="bearer", secret=TOKEN)])
    person = ["--user-name", "ann@example.com"]
    group = ["--group", "Team", "--member", "ann@example.com"]
    schemas = ["--switch", "patch_schemas=sent"]
    with Server(app) as server:
        for verb in (
            ["assign", *person],
            ["update", *person, "--family-name", "New"],
            ["deactivate", *person],
            ["reactivate", *person],
            ["push-group", *group],
            ["remove-members", *group],
            ["add-members", *group],
            ["rename-group", "--group", "Team", "--new-name", "Squad", *schemas],
            ["delete-group", "--group", "Squad"],
            ["rename", *person, "--new-user-name", "bea@example.com"],
            ["delete", "--user-name", "bea@example.com"],
        ):
            assert main([NAME, *verb, "--url", server.url]) == 0, verb
        assert main([NAME, "delete", *person, "--url", server.url]) == 1
    assert "assign the user first" in "".join(capsys.readouterr())
