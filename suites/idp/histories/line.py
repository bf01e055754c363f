"""The line between a mock IdP and a server: it breaks, is slow, or is refused, as it is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from idp_profiles.model import Exchange
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.transport import Send
from idp_profiles.transport import Trouble
from suites.evidence import CaseLog

EVERY = ("GET", "POST", "PUT", "PATCH", "DELETE")
WRITES = EVERY[1:]
_SAID = "made up by the case: "


class Fault(StrEnum):
    """What may happen to a request."""

    SILENCE = "no answer"
    LOST = "time-out after the server acted"
    RESET = "connection reset"
    BUSY = "429"
    BROKEN = "500"
    DOWN = "503"
    REFUSED = "401"


_REPLIES = {
    Fault.BUSY: Reply(429, headers=(("Retry-After", "7"),)),
    Fault.BROKEN: Reply(500),
    Fault.DOWN: Reply(503),
    Fault.REFUSED: Reply(401, headers=(("WWW-Authenticate", "Bearer"),)),
}


@dataclass(slots=True)
class _Plan:
    """A fault that hits requests of these methods, some times or (None) until it is mended."""

    fault: Fault
    times: int | None
    methods: tuple[str, ...]
    header: str | None = None

    def meets(self, request: Request) -> bool:
        if self.times == 0 or request.method not in self.methods:
            return False
        headers = {name.lower(): value for name, value in request.headers}
        if self.header is not None and headers.get("authorization") != self.header:
            return False
        self.times = None if self.times is None else self.times - 1
        return True


class Line:
    """The way of an engine's requests to the server of a case.

    What the line makes up itself becomes evidence too, as a request without a reply. On a server
    that shows its writes late, a read waits until what was written before can be seen.
    """

    def __init__(
        self,
        send: Send,
        log: CaseLog,
        settle: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._send = send
        self._log = log
        self._settle = settle
        self._sleep = sleep
        self._plans: list[_Plan] = []
        self.before: Callable[[Request], None] | None = None
        self.authorization: str | None = None

    def breaks(
        self, fault: Fault, *, times: int | None = 1, methods: Iterable[str] = EVERY
    ) -> None:
        """Let a fault hit the next requests of some methods; `times` None means until mended."""
        self._plans.append(_Plan(fault, times, tuple(methods)))

    def revoke(self) -> None:
        """Refuse the credential that was sent last, until it is mended."""
        self._plans.append(_Plan(Fault.REFUSED, None, EVERY, self.authorization))

    @property
    def is_broken(self) -> bool:
        """Whether a fault is still to come."""
        return any(plan.times != 0 for plan in self._plans)

    def mend(self) -> None:
        """Let every request pass again."""
        self._plans.clear()

    def __call__(self, request: Request) -> Reply:
        """Send a request as far as the line goes; raises Trouble."""
        headers = {name.lower(): value for name, value in request.headers}
        self.authorization = headers.get("authorization")
        if self.before is not None:
            self.before(request)
        if self._settle and request.method == "GET":
            self._sleep(max(0.0, self._log.wrote + self._settle - time.monotonic()))
        plan = next((plan for plan in self._plans if plan.meets(request)), None)
        if plan is None:
            return self._send(request)
        return self._broken(request, plan.fault)

    def _broken(self, request: Request, fault: Fault) -> Reply:
        if fault is Fault.LOST:
            self._send(request)
            raise Trouble(f"{_SAID}the reply to {request.method} was lost")
        self._log.record_idp(Exchange(request, None, error=f"{_SAID}{fault}"))
        if fault in _REPLIES:
            return _REPLIES[fault]
        raise Trouble(f"{_SAID}{fault}")


def is_made_up(trouble: str | None) -> bool:
    """Tell whether transport trouble is of the case's own making."""
    return trouble is not None and _SAID in trouble
