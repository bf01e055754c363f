"""Every scenario of the smaller profiles, played by hand, ends well and leaves nothing behind."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from idp_profiles import load
from idp_profiles.by_hand import Hand
from idp_profiles.by_hand import Settings
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import AppSend
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.wsgi import wsgi_app

TOKEN = "hand-t0ken"  # noqa: S105 # nobody's token
NAMES = ("jumpcloud", "google", "onelogin")
ALL = [(name, scenario) for name in NAMES for scenario in load(name).scenarios]


def left_behind(send: AppSend, endpoint: str) -> int:
    step = Step("look", Certainty.DOC, ())
    headers = (("Authorization", f"Bearer {TOKEN}"),)
    total: int = json.loads(send(Request("GET", endpoint, headers, None, step)).body)[
        "totalResults"
    ]
    return total


@pytest.mark.parametrize(("name", "scenario"), ALL)
def test_a_scenario_ends_well_and_leaves_nothing_behind(name: str, scenario: str) -> None:
    app = create_app(credentials=[ServerCredential(kind="bearer", secret=TOKEN)])
    send, said = AppSend(wsgi_app(app), "/scim/v2"), Console(file=io.StringIO(), width=200)
    profile = load(name)
    settings = Settings(
        dialect=profile.usual_dialect,
        credential=Credential("bearer", TOKEN),
        auth_mode=None,
        switches={},
        toggles={},
        mapping=None,
    )
    hand = Hand(profile, settings, send, as_json=True, out=said, err=said)
    assert hand.scenario(profile.scenarios[scenario], keep=False)
    assert (left_behind(send, "/Users"), left_behind(send, "/Groups")) == (0, 0)
    assert isinstance(said.file, io.StringIO)
    assert TOKEN not in said.file.getvalue()
