"""The facade for somebody's tests: the IdP's own verbs, each one run and answered at once."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from typing import Generic
from typing import TypeVar
from typing import cast

from .drive import drive
from .model import Exchange
from .model import Outcome
from .model import Request
from .model import Script
from .transport import Send

IdpT = TypeVar("IdpT")


class MockIdp(Generic[IdpT]):
    """A mock IdP that acts: `mock.assign(person)` sends what the IdP sends, and tells how it went.

    Every verb of the IdP that makes a script is a verb here and returns an Outcome. Everything
    else (links, what an import found) is asked of `mock.idp`. `before` is called before each
    request leaves.
    """

    def __init__(
        self,
        idp: IdpT,
        send: Send,
        sleep: Callable[[float], None] = time.sleep,
        *,
        before: Callable[[Request], None] | None = None,
        after: Callable[[Exchange], None] | None = None,
    ) -> None:
        self.idp = idp
        self.before = before
        self._after = after
        self._send = send
        self._sleep = sleep
        self._exchanges: list[Exchange] = []

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges so far, oldest first."""
        return tuple(self._exchanges)

    def run(self, scenario_id: str, script: Script) -> Outcome:
        """Run a script as the named scenario (an empty name keeps the steps' own)."""
        return drive(
            script,
            self._send,
            sleep=self._sleep,
            scenario=scenario_id,
            before=self.before,
            after=self._record,
        )

    def __getattr__(self, verb: str) -> Callable[..., Outcome]:
        """Return the IdP's verb, made to run its script."""
        if verb.startswith("_"):
            raise AttributeError(verb)
        method = getattr(self.idp, verb, None)
        if method is None:
            raise AttributeError(f"{type(self.idp).__name__} has no verb {verb!r}")

        def act(*args: object, **details: object) -> Outcome:
            script = method(*args, **details)
            if not inspect.isgenerator(script):
                raise TypeError(f"{verb!r} sends nothing by nature: ask mock.idp.{verb}")
            return self.run("", cast(Script, script))

        act.__name__ = verb
        act.__doc__ = method.__doc__
        return act

    def _record(self, exchange: Exchange) -> None:
        self._exchanges.append(exchange)
        if self._after is not None:
            self._after(exchange)
