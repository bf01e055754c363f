"""Every sequence and every verb against the reference server, in this process."""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from idp_profiles import MockIdp
from idp_profiles import load
from idp_profiles.elsewhere import Elsewhere
from idp_profiles.entra import Entra
from idp_profiles.made_up import made_up_stage
from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import Entry
from idp_profiles.model import Credential
from idp_profiles.model import Outcome
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.profile import Variant
from idp_profiles.profile import Wishes
from idp_profiles.transport import AppSend
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.wsgi import wsgi_app

PROFILE = load("entra")
TOKEN = "server-token-1"  # noqa: S105 # nobody's token
BADGE = "urn:ietf:params:scim:schemas:extension:Acme:2.0:User:badge"
WITH_BADGE = AttributeMapping(
    entries=(
        Entry(path="userName", source="user_name"),
        Entry(path="active", constant=True),
        Entry(path=BADGE, source="badge"),
    )
)
ENDPOINT = "https://login.example.com/token"
CLIENTS = {"oauth-token-header", "oauth-token-body", "wif-token"}


class Server:
    """A reference server with a custom extension, and a token endpoint beside it."""

    def __init__(self, *tokens: str, without: tuple[str, ...] = ()) -> None:
        credentials = [ServerCredential("bearer", token) for token in (TOKEN, *tokens)]
        file = Path(__file__).parent / "custom_extension.json"
        self._app = create_app(
            credentials=credentials, schema_files=[file], without_tolerances=without
        )
        self.asked: list[Request] = []

    def send(self) -> Elsewhere:
        return Elsewhere(AppSend(wsgi_app(self._app), "/scim/v2"), lambda origin: self.token)

    def token(self, request: Request) -> Reply:
        self.asked.append(request)
        issued = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}
        return Reply(200, "OK", (), json.dumps(issued).encode())


def mock_of(server: Server, dialect: str, **settings: Any) -> MockIdp[Entra]:
    credential = settings.pop("credential", Credential("bearer", TOKEN))
    idp = PROFILE.start(dialect=dialect, credential=credential, **settings)
    return MockIdp(idp, server.send(), sleep=lambda seconds: None)


def play(scenario_id: str, dialect: str, variant: Variant, *without: str) -> Outcome:
    server, scenario = Server(without=without), PROFILE.scenarios[scenario_id]
    settings: dict[str, Any] = {"switches": variant.switches, "mapping": variant.mapping}
    if scenario_id in CLIENTS:
        kind = "jwt-bearer" if scenario_id == "wif-token" else "client-credentials"
        settings["credential"] = Credential(f"oauth2-{kind}", "s", "id")
        settings["switches"] = {**variant.switches, "token_endpoint": ENDPOINT}
    if scenario_id == "custom-extension-attribute":
        settings["mapping"] = WITH_BADGE
    mock = mock_of(server, dialect, **settings)
    stage = made_up_stage(scenario.people)
    for script in scenario.arrange(mock.idp, stage):
        prepared = mock.run("", script)
        assert prepared.ok, prepared.console
    acting = scenario.act(mock.idp, stage)
    assert acting is not None
    return mock.run(scenario_id, acting)


# That a token was typed with the word Bearer, and goes out twice, this server bears.
CASES = [
    pytest.param(scenario.id, dialect, variant, id=f"{scenario.id}-{dialect}-{variant.name}")
    for scenario in PROFILE.scenarios.values()
    for dialect in scenario.dialects
    for variant in PROFILE.variants(scenario.id, dialect)
]


@pytest.mark.parametrize(("scenario_id", "dialect", "variant"), CASES)
def test_every_form_of_every_sequence_reaches_its_last_step(
    scenario_id: str, dialect: str, variant: Variant
) -> None:
    outcome = play(scenario_id, dialect, variant)
    assert outcome.ok, outcome.console
    assert PROFILE.scenarios[scenario_id].reached(outcome)
    assert outcome.exchanges


@pytest.mark.parametrize(
    ("tolerance", "scenario_id", "dialect", "form"),
    [
        ("add-creates-value", "add-multivalued-absent", "default", "default"),
        ("array-for-single-value", "manager-set-default", "default", "doc-array"),
        ("bare-string-manager", "manager-set-default", "default", "default"),
        ("bare-string-manager", "create-user", "flag", "manager-bare-string"),
        ("boolean-text", "disable-user-default", "default", "default"),
        ("boolean-text", "role-single-patch", "default", "default"),
        ("capitalised-operations", "rename-group", "default", "default"),
        ("dotted-keys", "update-many-flag", "flag", "default"),
        ("filter-after-brackets", "match-by-email", "default", "default"),
        ("filter-on-single-value", "manager-remove", "flag", "default"),
        ("foreign-schemas", "create-group", "default", "legacy-schema-uri"),
        ("qualified-keys", "update-many-flag", "flag", "default"),
        ("repeated-bearer", "test-connection", "default", "bearer-typed"),
    ],
)
def test_entra_stops_where_a_server_does_not_bear_with_it(
    tolerance: str, scenario_id: str, dialect: str, form: str
) -> None:
    variants = PROFILE.variants(scenario_id, dialect)
    variant = next(one for one in variants if one.name == form)
    outcome = play(scenario_id, dialect, variant, tolerance)
    assert outcome.stopped is not None
    assert outcome.stopped.scope == ("job" if tolerance == "repeated-bearer" else "object")


@pytest.mark.parametrize("scenario_id", sorted(CLIENTS | {"custom-extension-attribute"}))
def test_what_the_app_does_not_offer_has_nothing_to_send(scenario_id: str) -> None:
    scenario = PROFILE.scenarios[scenario_id]
    mock = mock_of(Server(), "default")
    stage = made_up_stage(1)
    assert [*scenario.arrange(mock.idp, stage)] == []
    assert scenario.act(mock.idp, stage) is None


WISHES = Wishes(
    user_name="zoe@example.com",
    given_name="Zoë",
    display_name="Zoë Z",
    new_user_name="zoe.z@example.com",
    group="Team",
    new_name="Squad",
    members=("zoe@example.com",),
)
ORDER = (
    "test-connection",
    "discover-schemas",
    "assign",
    "update",
    "push-group",
    "remove-members",
    "add-members",
    "provision-group-on-demand",
    "provision-on-demand",
    "unassign",
    "reassign",
    "rename-group",
    "rename",
    "delete-group",
    "purge",
)
# What is there again under its old name before the verb is used.
RENAMED = {
    "delete-group": Wishes(group="Squad"),
    "purge": Wishes(user_name="zoe.z@example.com"),
}


@pytest.mark.parametrize("dialect", ["default", "flag"])
def test_every_verb_works_by_hand_one_after_the_other(dialect: str) -> None:
    server = Server()
    assert set(ORDER) == set(PROFILE.verbs)
    for name in ORDER:
        mock = mock_of(server, dialect)
        for script in PROFILE.verbs[name].run(mock.idp, RENAMED.get(name, WISHES)):
            outcome = mock.run("", script)
            assert outcome.ok, f"{name}: {outcome.console}"
        assert mock.exchanges, name


def test_an_update_by_hand_changes_what_was_asked_for_and_nothing_else() -> None:
    server = Server()
    for name in ("assign", "update"):
        mock = mock_of(server, "default")
        wishes = Wishes(user_name="zoe@example.com", given_name="Zoe" if name == "assign" else "Z")
        for script in PROFILE.verbs[name].run(mock.idp, wishes):
            assert mock.run("", script).ok
    body = json.loads(mock.exchanges[-1].request.body or b"")
    assert body["Operations"] == [{"op": "Replace", "path": "name.givenName", "value": "Z"}]


def test_a_verb_about_somebody_who_is_not_there_says_so() -> None:
    mock = mock_of(Server(), "default")
    outcomes = [mock.run("", one) for one in PROFILE.verbs["unassign"].run(mock.idp, WISHES)]
    assert outcomes[0].stopped is not None
    assert "has no user 'zoe@example.com'" in outcomes[0].stopped.because


def test_a_blank_secret_is_a_token_that_a_server_can_be_told_to_trust() -> None:
    mock = mock_of(Server(), "default", auth_mode="blank-secret", clock=lambda: 1.0)
    shown = dict(next(mock.idp.test_connection()).headers)["Authorization"]
    trusting = Server(shown.removeprefix("Bearer "))
    mock = mock_of(trusting, "default", auth_mode="blank-secret", clock=lambda: 1.0)
    assert mock.test_connection().ok


def test_one_token_serves_a_whole_run() -> None:
    server = Server()
    mock = mock_of(
        server,
        "flag",
        credential=Credential("oauth2-client-credentials", "s", "id"),
        switches={"token_endpoint": ENDPOINT},
    )
    stage = made_up_stage(2)
    assert mock.assign(stage.people[0]).ok
    assert mock.assign(stage.people[1]).ok
    assert len(server.asked) == 1
