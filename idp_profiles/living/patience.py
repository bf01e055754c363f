"""Waiting for real where a server asks for it: the clock of a living mock IdP is only moved on."""

from __future__ import annotations

import time
from collections.abc import Callable

from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.transport import Send

_LONGEST = 60.0
_USUAL = 1.0


class Patience:
    """Sends, and after a 429 or a 503 with Retry-After lets the next request wait, bounded.

    `say` hears one sentence before each wait.
    """

    def __init__(
        self,
        send: Send,
        say: Callable[[str], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._send = send
        self._say = say
        self._sleep = sleep
        self._owed = 0.0

    def __call__(self, request: Request) -> Reply:
        """Wait as long as the last reply asked for, then send."""
        if self._owed:
            self._say(f"Waiting {self._owed:g} seconds, as the server asked.")
            owed, self._owed = self._owed, 0.0
            self._sleep(owed)
        reply = self._send(request)
        self._owed = _asked(reply)
        return reply

    def close(self) -> None:
        """Close the connections behind."""
        close = getattr(self._send, "close", None)
        if close is not None:
            close()


def _asked(reply: Reply) -> float:
    stated = (reply.header("Retry-After") or "").strip()
    known = stated.isascii() and stated.isdigit()
    if reply.status == 429 or (reply.status == 503 and known):
        return min(float(stated) if known else _USUAL, _LONGEST)
    return 0.0
