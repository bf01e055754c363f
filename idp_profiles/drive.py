"""Run a script through any send function, on any clock, and record the exchanges."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from .model import HEARD
from .model import Exchange
from .model import Outcome
from .model import Reply
from .model import Request
from .model import Script
from .model import Stopped
from .model import Trouble
from .model import Wait

_NO_REPLY = Reply(status=0)


@dataclass(slots=True)
class _Run:
    """One script on its way: what was sent so far and how long it waited."""

    script: Script
    send: Callable[[Request], Reply]
    sleep: Callable[[float], None]
    scenario: str
    before: Callable[[Request], None] | None
    after: Callable[[Exchange], None] | None
    exchanges: list[Exchange] = field(default_factory=list)
    waited: float = 0.0

    def play(self) -> None:
        """Answer every move of the script until it ends; raises what the script raises."""
        move = self._resume(None)
        while move is not None:
            if isinstance(move, Wait):
                self.sleep(move.seconds)
                self.waited += move.seconds
                # The value of a `yield Wait(...)` means nothing; no reply belongs to it.
                move = self._resume(_NO_REPLY)
            else:
                move = self._exchange(move)

    def _resume(self, news: Reply | Trouble | None) -> Request | Wait | None:
        """Return the script's next move, None at its end."""
        heard = HEARD.set(self.exchanges[-1] if self.exchanges else None)
        try:
            if isinstance(news, Trouble):
                return self.script.throw(news)
            return next(self.script) if news is None else self.script.send(news)
        except StopIteration:
            return None
        finally:
            HEARD.reset(heard)

    def _exchange(self, request: Request) -> Request | Wait | None:
        if self.scenario:
            request = replace(request, step=replace(request.step, scenario=self.scenario))
        if self.before is not None:
            self.before(request)
        started = time.perf_counter()
        try:
            reply = self.send(request)
        except Trouble as trouble:
            seconds = time.perf_counter() - started
            self._record(Exchange(request, None, seconds, str(trouble)))
            return self._resume(trouble)
        self._record(Exchange(request, reply, time.perf_counter() - started))
        return self._resume(reply)

    def _record(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        if self.after is not None:
            self.after(exchange)

    def outcome(self, *, stopped: Stopped | None = None, trouble: str | None = None) -> Outcome:
        """Return what the run came to."""
        last = self.exchanges[-1].request.step.scenario if self.exchanges else ""
        return Outcome(
            scenario=self.scenario or last,
            ok=stopped is None and trouble is None,
            console=stopped.console if stopped is not None else trouble or "",
            exchanges=tuple(self.exchanges),
            stopped=stopped,
            trouble=trouble,
            waited=self.waited,
        )


def drive(
    script: Script,
    send: Callable[[Request], Reply],
    *,
    sleep: Callable[[float], None],
    scenario: str = "",
    before: Callable[[Request], None] | None = None,
    after: Callable[[Exchange], None] | None = None,
) -> Outcome:
    """Run a script to its end and return the outcome.

    `before` is called before each request leaves, `after` with each finished exchange. A
    `scenario` is written into every step. Trouble that ends in Stopped shows up as both.
    """
    run = _Run(script, send, sleep, scenario, before, after)
    try:
        run.play()
    except Stopped as stopped:
        cause = stopped.__cause__
        trouble = str(cause) if isinstance(cause, Trouble) else None
        return run.outcome(stopped=stopped, trouble=trouble)
    except Trouble as trouble:
        return run.outcome(trouble=str(trouble))
    finally:
        script.close()
    return run.outcome()
