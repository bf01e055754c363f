"""A recorder between a mock IdP and a server, all on loopback, and what it wrote."""

# ruff: noqa: ANN401 # mock IdPs are of many classes

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from idp_profiles import MockIdp
from idp_profiles import load
from idp_profiles.made_up import made_up_stage
from idp_profiles.model import Credential
from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.profile import Stage
from idp_profiles.traffic.file import Writer
from idp_profiles.traffic.proxy import Recorder
from idp_profiles.traffic.upstream import Upstream
from idp_profiles.transport import WireSend
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.http_adapter import Server

TOKEN = "b00th-t0ken-never-seen"  # noqa: S105 # nobody's token
ENTITLEMENTS = Path(__file__).parents[3] / "reference_server" / "data" / "entitlements.json"
Twist = Callable[[Request], Request]


@contextmanager
def server() -> Iterator[Server]:
    """Serve a fresh reference server."""
    credentials = [ServerCredential(kind="bearer", secret=TOKEN)]
    with Server(create_app(credentials=credentials, schema_files=[ENTITLEMENTS])) as running:
        yield running


@contextmanager
def recorder(upstream: str, path: Path, **settings: Any) -> Iterator[Recorder]:
    """Record into a file."""
    timeout = settings.pop("timeout", 5.0)
    running = Recorder(Upstream(upstream, timeout=timeout), Writer(path), **settings)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def record(
    path: Path,
    idp_name: str,
    dialect: str,
    scenario_id: str,
    *,
    twist: Twist | None = None,
    stage: Stage | None = None,
    **settings: Any,
) -> Stage:
    """Play a scenario, with all that has to be there first, through a recorder.

    `twist` is how the sender deviates; what has to be there first is sent as it should be.
    """
    profile = load(idp_name)
    scenario = profile.scenarios[scenario_id]
    stage = stage or made_up_stage(scenario.people)
    with server() as running, recorder(running.url, path) as between:
        idp = profile.start(dialect=dialect, credential=Credential("bearer", TOKEN), **settings)
        with WireSend(between.url) as send, WireSend(running.url) as aside:
            _play(idp, scenario, stage, _twisted(send, twist), send, aside)
    return stage


def _play(idp: Any, scenario: Any, stage: Stage, send: Any, plain: Any, aside: Any) -> None:
    for script in scenario.arrange(idp, stage):
        MockIdp(idp, plain, sleep=no_time).run("", script)
    act = scenario.act(idp, stage)
    assert act is not None
    other = MockIdp(idp, aside, sleep=no_time)

    def meddle(request: Request) -> None:
        for script in list(scenario.interfere(idp, stage, request)):
            other.run("", script)

    before = meddle if scenario.interfere else None
    MockIdp(idp, send, sleep=no_time, before=before).run(scenario.id, act)


def no_time(seconds: float) -> None:
    del seconds


def _twisted(send: Callable[[Request], Reply], twist: Twist | None) -> Callable[[Request], Reply]:
    return send if twist is None else lambda request: send(twist(request))


def lines_of(path: Path) -> list[Any]:
    """Return the exchanges of a recording as they stand in the file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]


# -- the ways in which a sender can deviate


def in_body(method: str, change: Callable[[Any], Json]) -> Twist:
    """Deviate in the bodies of a method."""

    def twist(request: Request) -> Request:
        if request.method != method or not request.body:
            return request
        body = json.dumps(change(json.loads(request.body))).encode()
        return replace(request, body=body)

    return twist


def in_operations(change: Callable[[dict[str, Json]], dict[str, Json]]) -> Twist:
    """Deviate in each operation of a PATCH."""

    def changed(body: Any) -> Json:
        return {**body, "Operations": [change(one) for one in body["Operations"]]}

    return in_body("PATCH", changed)


def in_target(old: str, new: str) -> Twist:
    """Deviate in the targets that hold a text."""
    return lambda request: replace(request, target=request.target.replace(old, new))


def in_headers(change: Callable[[list[tuple[str, str]]], list[tuple[str, str]]]) -> Twist:
    """Deviate in the headers."""
    return lambda request: replace(request, headers=tuple(change(list(request.headers))))
