"""A mock IdP without sockets: behind canned replies, or in front of the reference server."""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from idp_profiles import MockIdp
from idp_profiles import load
from idp_profiles.made_up import made_up_stage
from idp_profiles.model import Credential
from idp_profiles.model import Outcome
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Trouble
from idp_profiles.transport import AppSend
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.wsgi import wsgi_app
from tests.idp_profiles.sheets import TOKEN


class Desk:
    """A mock IdP at a desk: canned replies, and a clock that only counts.

    `answers` are (status, body) or Reply or Trouble, taken one by one; the last one stays.
    """

    def __init__(self, name: str, *answers: Any, **settings: Any) -> None:
        profile = load(name)
        self._answers = list(answers)
        self.slept: list[float] = []
        self.sent: list[Request] = []
        dialect = settings.pop("dialect", profile.usual_dialect)
        credential = settings.pop("credential", Credential("bearer", TOKEN))
        idp = profile.start(dialect=dialect, credential=credential, **settings)
        self.mock: MockIdp[Any] = MockIdp(idp, self._send, self.slept.append)

    @property
    def idp(self) -> Any:
        return self.mock.idp

    @property
    def lines(self) -> list[str]:
        """What was sent: methods and targets."""
        return [f"{request.method} {request.target}" for request in self.sent]

    def body(self, number: int = -1) -> Any:
        """What one request held."""
        return json.loads(self.sent[number].body or b"null")

    def answer(self, *answers: Any) -> None:
        """Change what is answered from now on."""
        self._answers = list(answers)
        self.sent.clear()

    def _send(self, request: Request) -> Reply:
        self.sent.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Trouble):
            raise answer
        if isinstance(answer, Reply):
            return answer
        status, body = answer
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        return Reply(status, HTTPStatus(status).phrase, (), b"" if body is None else content)


def on_reference_server(
    name: str, scenario_id: str, variant_name: str, *, without: Sequence[str] = ()
) -> Outcome:
    """Play one form of a scenario on the reference server; raises when it cannot be prepared.

    `without` names tolerances that are off.
    """
    profile = load(name)
    scenario = profile.scenarios[scenario_id]
    variant = next(one for one in scenario.variants if one.name == variant_name)
    known = [ServerCredential(kind="bearer", secret=TOKEN)]
    app = create_app(credentials=known, without_tolerances=without)
    idp = profile.start(
        dialect=profile.usual_dialect,
        credential=Credential("bearer", TOKEN),
        switches=variant.switches,
        mapping=variant.mapping,
    )
    mock = MockIdp(idp, AppSend(wsgi_app(app), "/scim/v2"), sleep=lambda seconds: None)
    stage = made_up_stage(scenario.people)
    for script in scenario.arrange(idp, stage):
        outcome = mock.run("", script)
        assert outcome.ok, outcome.stopped
    outcome = mock.run(scenario_id, scenario.act(idp, stage))
    assert scenario.reached(outcome) is outcome.ok
    return outcome


def forms_of(name: str) -> list[tuple[str, str]]:
    """Return every form of every scenario of a profile."""
    scenarios = load(name).scenarios.values()
    return [(scenario.id, form.name) for scenario in scenarios for form in scenario.variants]
