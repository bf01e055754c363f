"""What goes wrong between an IdP and an app, on purpose: answers, silence, lost replies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from idp_profiles.model import Headers
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Trouble
from idp_profiles.transport import Send

_LOST = "The connection broke before the reply came."
_DOWN = "Nothing answers: the connection was refused."


@dataclass(slots=True)
class _Fault:
    at: str
    left: int | None
    happen: Callable[[Request], Reply]

    def takes(self, request: Request) -> bool:
        return self.left != 0 and f"{request.method} {request.target}".startswith(self.at)


class Faults:
    """Sends on, unless a fault was set for the request; the latest fault comes first.

    `at` says which requests a fault is for, by how they begin (`POST /Users`), `times` for how
    many of them; without either it is for all.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._faults: list[_Fault] = []

    def __call__(self, request: Request) -> Reply:
        """Return the reply of the server or of a fault; raises Trouble where no reply comes."""
        for fault in reversed(self._faults):
            if fault.takes(request):
                if fault.left is not None:
                    fault.left -= 1
                return fault.happen(request)
        return self._send(request)

    def answer(
        self, status: int, *, at: str = "", times: int | None = None, retry_after: int | None = None
    ) -> None:
        """Answer in place of the server, which hears nothing of the request."""
        if not 100 <= status <= 599:
            raise ValueError(f"{status} is no status of HTTP")
        headers: Headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
        phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
        self._add(at, times, lambda _: Reply(status, phrase, headers))

    def lose(self, *, at: str = "", times: int | None = None) -> None:
        """Let the server act, and lose its reply: what a time-out after the work looks like."""

        def happen(request: Request) -> Reply:
            self._send(request)
            raise Trouble(_LOST)

        self._add(at, times, happen)

    def down(self, *, at: str = "", times: int | None = None) -> None:
        """Refuse the connection: the server is down and does nothing."""

        def happen(_: Request) -> Reply:
            raise Trouble(_DOWN)

        self._add(at, times, happen)

    def clear(self) -> None:
        """Let everything through again."""
        self._faults.clear()

    def close(self) -> None:
        """Close the connections behind."""
        close = getattr(self._send, "close", None)
        if close is not None:
            close()

    def _add(self, at: str, times: int | None, happen: Callable[[Request], Reply]) -> None:
        if times is not None and times < 1:
            raise ValueError(f"a fault happens at least once, not {times} times")
        self._faults.append(_Fault(at, times, happen))
