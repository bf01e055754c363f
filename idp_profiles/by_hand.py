"""Drive one mock IdP by hand: a scenario with made-up people, or one verb with given names."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from .ledger import Ledger
from .listing import Printer
from .listing import brief_printer
from .listing import json_printer
from .listing import people_printer
from .made_up import made_up_stage
from .mapping import AttributeMapping
from .mock import MockIdp
from .model import Credential
from .model import Exchange
from .model import Outcome
from .model import Request
from .profile import Profile
from .profile import Scenario
from .profile import Stage
from .profile import Variant
from .profile import Wishes
from .transport import Send


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the mock IdP is set up."""

    dialect: str
    credential: Credential
    auth_mode: str | None
    switches: Mapping[str, str]
    toggles: Mapping[str, bool]
    # A file is read by the profile itself: some take a template instead of a mapping.
    mapping: AttributeMapping | Path | None


class Hand:
    """One run by hand: what is printed where, and what it came to.

    Exchanges go to `out`, sentences about the run to `err`.
    """

    def __init__(
        self,
        profile: Profile[Any],  # Any: the class of the mock IdP is known at run time only
        settings: Settings,
        send: Send,
        *,
        as_json: bool,
        out: Console,
        err: Console,
    ) -> None:
        self._profile = profile
        self._send = send
        self._as_json = as_json
        self._out, self._err = out, err
        self._rate_limited = False
        self._idp = profile.start(
            dialect=settings.dialect,
            credential=settings.credential,
            auth_mode=settings.auth_mode,
            switches=settings.switches,
            toggles=settings.toggles,
            mapping=settings.mapping,
        )

    def scenario(self, scenario: Scenario[Any], *, keep: bool) -> bool:
        """Play a scenario; True when the IdP reached the last step.

        What it created is deleted at the end, also after an interrupt, unless it is to be kept.
        """
        ledger = Ledger(self._send)
        try:
            return self._play(scenario, made_up_stage(scenario.people), ledger)
        finally:
            for sentence in () if keep else ledger.sweep():
                self._say(sentence)

    def verb(self, name: str, wishes: Wishes) -> bool:
        """Do one thing by hand; True when the IdP reached the last step."""
        mock = MockIdp(self._idp, self._send, self._sleep, after=self._printer())
        for script in self._profile.verbs[name].run(self._idp, wishes):
            outcome = mock.run("", script)
            if not outcome.ok:
                return self._end(outcome, reached=False)
        if not mock.exchanges:
            self._say("Nothing was sent.")
        return True

    def _play(self, scenario: Scenario[Any], stage: Stage, ledger: Ledger) -> bool:
        if not self._prepare(scenario, stage, ledger):
            return False
        script = scenario.act(self._idp, stage)
        if script is None:
            self._say(f"{scenario.id} has nothing to send: the app offers nothing to work with.")
            return False
        mock = MockIdp(self._idp, ledger, self._sleep, after=self._printer())
        mock.before = self._interference(scenario, stage, ledger)
        outcome = mock.run(scenario.id, script)
        if not outcome.exchanges and outcome.ok:
            self._say("Nothing is sent, as it should be.")
        return self._end(outcome, reached=scenario.reached(outcome))

    def _prepare(self, scenario: Scenario[Any], stage: Stage, ledger: Ledger) -> bool:
        heard: list[Exchange] = []
        brief = brief_printer(self._err)
        mock = MockIdp(self._idp, ledger, self._sleep, after=self._noting(heard.append))
        for script in scenario.arrange(self._idp, stage):
            heard.clear()
            outcome = mock.run("", script)
            for exchange in heard:
                (brief if outcome.ok else self._printer())(exchange)
            if not outcome.ok:
                self._say(f"The scenario {scenario.id} could not be prepared.")
                return self._end(outcome, reached=False)
        return True

    def _interference(
        self, scenario: Scenario[Any], stage: Stage, ledger: Ledger
    ) -> Callable[[Request], None] | None:
        interfere = scenario.interfere
        if interfere is None:
            return None
        other = MockIdp(self._idp, ledger, self._sleep, after=brief_printer(self._err))

        def meddle(request: Request) -> None:
            for script in interfere(self._idp, stage, request):
                other.run("", script)

        return meddle

    def _printer(self) -> Printer:
        make = json_printer if self._as_json else people_printer
        return self._noting(make(self._out, lambda: self._idp.secrets))

    def _noting(self, show: Printer) -> Printer:
        """Return a printer that also keeps in mind whether the server asked for patience."""

        def note(exchange: Exchange) -> None:
            self._rate_limited = exchange.reply is not None and exchange.reply.status == 429
            show(exchange)

        return note

    def _end(self, outcome: Outcome, *, reached: bool) -> bool:
        if outcome.console:
            self._say(f"{self._profile.title} shows: {self._masked(outcome.console)}")
        if outcome.stopped is not None:
            self._say(f"Because: {self._masked(outcome.stopped.because)}.".replace("..", "."))
        elif outcome.trouble is not None:
            self._say(self._masked(outcome.trouble))
        if reached:
            self._say(f"{self._profile.title} reached the last step.")
        return reached

    def _masked(self, text: str) -> str:
        for secret in self._idp.secrets:
            text = text.replace(secret, "[redacted]")
        return text

    def _say(self, sentence: str) -> None:
        self._err.print(sentence, markup=False, highlight=False, soft_wrap=True)

    def _sleep(self, seconds: float) -> None:
        if not self._rate_limited:
            # A schedule of the IdP's, not the server's wish: nobody has to sit it out.
            self._say(f"{self._profile.title} waits {seconds / 3600:g} hours; we go on at once.")
            return
        self._say(f"Waiting {seconds:g} seconds, as {self._profile.title} does after a 429.")
        time.sleep(seconds)


def variant_named(scenario: Scenario[Any], dialect: str, name: str) -> Variant:
    """Return a variant of a scenario; raises ValueError naming the known ones."""
    known = {
        one.name: one for one in scenario.variants if not one.dialects or dialect in one.dialects
    }
    if name not in known:
        names = ", ".join(known)
        raise ValueError(f"the scenario {scenario.id!r} has no variant {name!r}; known: {names}")
    return known[name]
