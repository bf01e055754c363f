"""What a profile would have sent: its scenarios played in memory, with nobody listening."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from idp_profiles.elsewhere import is_elsewhere
from idp_profiles.made_up import made_up_stage
from idp_profiles.mapping import AttributeMapping
from idp_profiles.mock import MockIdp
from idp_profiles.model import Credential
from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.model import Trouble
from idp_profiles.profile import Profile
from idp_profiles.profile import Scenario
from idp_profiles.profile import Stage
from idp_profiles.profile import Variant
from idp_profiles.wire import member

from .changes import Change
from .forms import alike
from .recorded import Heard
from .recorded import Recorded
from .redaction import Raw
from .redaction import Redactor
from .stand_in import StandIn

_TOKEN = "nobodys-token"  # noqa: S105 # it leaves this process nowhere
# How far ahead in a recording the answer to a request is looked for.
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """One scenario of a profile in one of its known wire forms.

    `also` are switches that other scenarios know: who writes blanks as plus signs does so
    everywhere.
    """

    scenario: Scenario[Any]
    variant: Variant
    also: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The scenario's id, with what is not as usual."""
        forms = [] if self.variant.name == "default" else [self.variant.name]
        forms += [f"{key}={value}" for key, value in self.also]
        return f"{self.scenario.id} ({', '.join(forms)})" if forms else self.scenario.id

    @property
    def switches(self) -> dict[str, str]:
        """How the open points of the profile are set."""
        return {**dict(self.also), **self.variant.switches}


@dataclass(frozen=True, slots=True)
class PersonPaths:
    """The paths that a mapping fills from a person, in lower case; `match` is never missing."""

    all: frozenset[str]
    match: str


@dataclass(frozen=True, slots=True)
class Played:
    """What one play came to: the requests as a recording would show them."""

    requests: tuple[Recorded, ...]
    paths: PersonPaths


class Player:
    """Plays a profile's scenarios in one dialect."""

    def __init__(
        self,
        profile: Profile[Any],
        dialect: str,
        mapping: AttributeMapping | None,
        listed: Mapping[str, list[Json]],
    ) -> None:
        self._profile = profile
        self._mapping = mapping
        self._listed = listed
        self.dialect = dialect

    def candidates(self) -> list[Candidate]:
        """Return every scenario of the dialect in every known wire form."""
        return [
            Candidate(scenario, variant)
            for scenario in self._profile.scenarios.values()
            for variant in self._profile.variants(scenario.id, self.dialect)
        ]

    def switches(self) -> list[tuple[tuple[str, str], ...]]:
        """Return the settings that some known wire form of the dialect has, each once."""
        found = (tuple(sorted(one.switches.items())) for one in self.candidates())
        return [one for one in dict.fromkeys(found) if one]

    def play(self, candidate: Candidate, recorded: Sequence[Recorded] = ()) -> Played | None:
        """Return what the scenario sends; None when it cannot be played or sends nothing.

        With `recorded`, the profile hears what the recorded server answered to the same requests.
        """
        try:
            return self._played(candidate, recorded)
        except (ValueError, LookupError, TypeError):
            # A recorded answer that no profile can use: the scenario is not what was recorded.
            if recorded:
                return None
            raise

    def _played(self, candidate: Candidate, recorded: Sequence[Recorded]) -> Played | None:
        idp = self._started(candidate)
        stage = made_up_stage(candidate.scenario.people)
        server = StandIn(self._listed)
        quiet = MockIdp(idp, server, sleep=_no_time)
        for script in candidate.scenario.arrange(idp, stage):
            quiet.run("", script)
        act = candidate.scenario.act(idp, stage)
        if act is None:
            return None
        send = Echo(server, recorded)
        mock = MockIdp(idp, send, sleep=_no_time)
        mock.before = self._meddling(candidate.scenario, idp, stage, server)
        mock.run(candidate.scenario.id, act)
        requests = _recorded(send.heard)
        return Played(requests, _paths(idp)) if requests else None

    def update(self, candidate: Candidate, change: Change) -> Played | None:
        """Return what the profile sends when just these attributes of a person change."""
        idp = self._started(candidate)
        mapping = getattr(idp, "mapping", None)
        if not isinstance(mapping, AttributeMapping) or not hasattr(idp, "update"):
            return None
        person, changed = change.of(made_up_stage(1).person, mapping)
        if not changed:
            return None
        server = StandIn(self._listed)
        send = Echo(server, ())
        MockIdp(idp, server, sleep=_no_time).assign(person)
        MockIdp(idp, send, sleep=_no_time).update(person, **changed)
        requests = _recorded(send.heard)
        return Played(requests, _paths(idp)) if requests else None

    def _started(self, candidate: Candidate) -> Any:  # noqa: ANN401 # the class is known at run time
        mapping = self._mapping or candidate.variant.mapping
        for kind in ("bearer", "basic"):
            try:
                return self._profile.start(
                    dialect=self.dialect,
                    credential=Credential(kind, _TOKEN, "nobody" if kind == "basic" else ""),
                    switches=candidate.switches,
                    mapping=mapping,
                )
            except ValueError:
                if kind == "basic":
                    raise
        return None

    def _meddling(
        self,
        scenario: Scenario[Any],
        idp: Any,  # noqa: ANN401 # the class is known at run time
        stage: Stage,
        server: StandIn,
    ) -> Callable[[Request], None] | None:
        interfere = scenario.interfere
        if interfere is None:
            return None
        other = MockIdp(idp, server, sleep=_no_time)

        def meddle(request: Request) -> None:
            scripts: list[Script] = list(interfere(idp, stage, request))
            for script in scripts:
                other.run("", script)

        return meddle


class Echo:
    """Answers with what the recorded server answered, else as the stand-in does."""

    def __init__(self, server: StandIn, recorded: Sequence[Recorded]) -> None:
        self._server = server
        self._left = list(recorded)
        self.heard: list[Request] = []

    def __call__(self, request: Request) -> Reply:
        """Return the answer to a request; raises Trouble where the recording has none."""
        self.heard.append(request)
        answer = self._server(request)
        at = self._same(request)
        if at is None:
            return answer
        told = self._left[at]
        del self._left[: at + 1]
        if told.reply is None:
            raise Trouble(f"Nothing answered: {told.error}.")
        if told.reply.content.form == "none":
            return Reply(told.reply.status)
        if told.reply.content.form != "json":
            return answer
        return self._echoed(request, told.reply.status, told.reply.content.body)

    def _same(self, request: Request) -> int | None:
        ahead = self._left[:_AHEAD] if not is_elsewhere(request) else []
        return next((at for at, one in enumerate(ahead) if alike(request, one)), None)

    def _echoed(self, request: Request, status: int, body: Json) -> Reply:
        endpoint, _, key = request.target.partition("?")[0].strip("/").partition("/")
        listed = member(body, "Resources") if isinstance(body, dict) else None
        if key and isinstance(body, dict) and "id" in body:
            # The profile's own link leads to it, whatever id the recorded server gave.
            body = {**body, "id": key}
        for one in [body, *(listed if isinstance(listed, list) else [])]:
            if isinstance(one, dict) and isinstance(one.get("id"), str):
                self._server.keep(endpoint, one)
        return Reply(status, "", (), json.dumps(body).encode())


def _recorded(requests: Sequence[Request]) -> tuple[Recorded, ...]:
    redactor = Redactor()
    return tuple(
        redactor.exchange(
            number,
            Raw(
                at=float(number),
                method=request.method,
                target=request.target,
                headers=request.headers,
                body=Heard(request.body or b"", len(request.body or b"")),
            ),
        )
        for number, request in enumerate(requests, start=1)
        if not is_elsewhere(request)
    )


def listed_in(recorded: Sequence[Recorded]) -> Mapping[str, list[Json]]:
    """Return what the recorded server listed beside people and groups: schemas, types, roles."""
    found: dict[str, list[Json]] = {}
    for one in recorded:
        endpoint = one.target.partition("?")[0].strip("/")
        content = one.reply.content.body if one.reply else None
        listed = member(content, "Resources") if isinstance(content, dict) else None
        if endpoint not in {"Users", "Groups"} and isinstance(listed, list):
            found[endpoint] = listed
    return found


def _paths(idp: Any) -> PersonPaths:  # noqa: ANN401 # the class is known at run time
    mapping = getattr(idp, "mapping", None)
    if not isinstance(mapping, AttributeMapping):
        return PersonPaths(frozenset(), "")
    filled = frozenset(entry.path.lower() for entry in mapping.entries if entry.source)
    return PersonPaths(filled, mapping.match.lower())


def _no_time(seconds: float) -> None:
    """Let no time pass: the clock is the driver's."""
    del seconds
