"""Makes logs for real: plays scenarios against the reference server and writes what went by."""

from __future__ import annotations

# ruff: noqa: ANN401 # settings of profiles, whose kinds differ
import json
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

from idp_profiles import MockIdp
from idp_profiles import load
from idp_profiles.made_up import made_up_stage
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.profile import Stage
from idp_profiles.transport import AppSend
from idp_profiles.transport import Send
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.wsgi import wsgi_app

TOKEN = "0123-t0ken-of-nobody"  # noqa: S105 # nobody's token
BASE = "/scim/v2"
BEGIN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass
class Scene:
    """A mock IdP at work on a server that was set up for one test."""

    mock: MockIdp[Any]
    stage: Stage
    send: Send
    name: str

    def play(self, scenario_id: str) -> bool:
        """Play a scenario, and whatever it needs; True when the IdP got through all of it."""
        scenario = load(self.name).scenarios[scenario_id]
        ok = [
            self.mock.run("", script).ok for script in scenario.arrange(self.mock.idp, self.stage)
        ]
        script = scenario.act(self.mock.idp, self.stage)
        if script is not None:
            ok.append(self.mock.run(scenario_id, script).ok)
        return all(ok)


def server(*deviations: str, token: str = TOKEN) -> AppSend:
    """Return a way to a fresh reference server."""
    app = create_app(
        credentials=[ServerCredential(kind="bearer", secret=token)], deviations=list(deviations)
    )
    return AppSend(wsgi_app(app), BASE)


def scene(
    name: str, *deviations: str, dialect: str = "", send: Send | None = None, **settings: Any
) -> Scene:
    """Return a mock IdP before a server that misbehaves as said."""
    profile = load(name)
    idp = profile.start(
        dialect=dialect or profile.usual_dialect,
        credential=Credential("bearer", TOKEN),
        **settings,
    )
    send = send or server(*deviations)
    return Scene(MockIdp(idp, send, lambda _: None), made_up_stage(4), send, name)


def played(name: str, scenario_id: str, *deviations: str, **how: Any) -> Scene:
    """Return the scene after one scenario, in the dialect that has it."""
    dialects = load(name).scenarios[scenario_id].dialects
    usual = load(name).usual_dialect
    how.setdefault("dialect", usual if usual in dialects else dialects[0])
    made = scene(name, *deviations, **how)
    made.play(scenario_id)
    return made


def har(path: Path, exchanges: Iterable[Exchange]) -> Path:
    """Write exchanges as a HAR file."""
    entries = [_entry(number, exchange) for number, exchange in enumerate(exchanges)]
    log = {"version": "1.2", "creator": {"name": "tests", "version": "1"}, "entries": entries}
    path.write_text(json.dumps({"log": log}), encoding="utf-8")
    return path


def _entry(number: int, exchange: Exchange) -> dict[str, Any]:
    request, reply = exchange.request, exchange.reply
    body = {"text": request.body.decode()} if request.body is not None else None
    sent: dict[str, Any] = {
        "method": request.method,
        "url": f"https://app.example.com{BASE}{request.target}",
        "headers": [{"name": name, "value": value} for name, value in request.headers],
    }
    if body is not None:
        sent["postData"] = {"mimeType": "application/scim+json", **body}
    got: dict[str, Any] = {"status": 0, "headers": [], "content": {}}
    if reply is not None:
        got = {
            "status": reply.status,
            "headers": [{"name": name, "value": value} for name, value in reply.headers],
            "content": {"text": reply.body.decode(), "mimeType": reply.header("Content-Type")},
        }
    when = (BEGIN + timedelta(seconds=2 * number)).isoformat()
    return {"startedDateTime": when, "time": 12.5, "request": sent, "response": got}


def access_log(path: Path, exchanges: Iterable[Exchange], *, combined: bool = True) -> Path:
    """Write exchanges as an access log, in the combined or the common format."""
    lines = []
    for number, exchange in enumerate(exchanges):
        request, reply = exchange.request, exchange.reply
        when = (BEGIN + timedelta(seconds=2 * number)).strftime("%d/%b/%Y:%H:%M:%S %z")
        status, size = (reply.status, len(reply.body)) if reply is not None else (499, 0)
        agent = dict(request.headers).get("User-Agent") or "-"
        line = f'192.0.2.7 - - [{when}] "{request.method} {BASE}{request.target} HTTP/1.1"'
        lines.append(f"{line} {status} {size}" + (f' "-" "{agent}"' if combined else ""))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


Writer = Callable[[Path, Sequence[Exchange]], Path]
