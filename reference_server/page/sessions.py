"""Sessions: who is signed in on the page, known by a cookie, and how often others may try."""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field

from reference_server.messages import Request
from reference_server.messages import header_values

from .views import Member

IDLE_SECONDS = 30 * 60
MOST_SECONDS = 8 * 60 * 60
_MOST_SESSIONS = 100
_LONGEST_COOKIE = 4_096


@dataclass(slots=True)
class Session:
    """One sign-in; `token` must come back with everything that changes something."""

    member: Member
    token: str = field(repr=False)
    began: float
    used: float

    def accepts(self, token: str) -> bool:
        """Compare a token that came with a request in constant time."""
        return hmac.compare_digest(self.token.encode(), token.encode("utf-8", "replace"))


class Sessions:
    """The sessions of one page, kept by digests: what is in memory opens nothing."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._kept: dict[str, Session] = {}

    def begin(self, member: Member) -> str:
        """Open a session under a name that nobody can have chosen; return the name."""
        name, now = secrets.token_urlsafe(32), self._clock()
        with self._guard:
            self._forget_old(now)
            while len(self._kept) >= _MOST_SESSIONS:
                del self._kept[next(iter(self._kept))]
            self._kept[_digest(name)] = Session(member, secrets.token_urlsafe(32), now, now)
        return name

    def find(self, name: str) -> Session | None:
        """Return the session of a name, and count it as used now."""
        now = self._clock()
        with self._guard:
            self._forget_old(now)
            session = self._kept.get(_digest(name))
            if session is not None:
                session.used = now
            return session

    def end(self, name: str) -> None:
        """Close a session, if there is one of that name."""
        with self._guard:
            self._kept.pop(_digest(name), None)

    def _forget_old(self, now: float) -> None:
        over = [name for name, each in self._kept.items() if _is_over(each, now)]
        for name in over:
            del self._kept[name]


def _is_over(session: Session, now: float) -> bool:
    return now - session.began >= MOST_SECONDS or now - session.used >= IDLE_SECONDS


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


class Tries:
    """Wrong secrets: a few at once, then one every so many seconds.

    All who try share one count, since a request does not say where it comes from. So a flood keeps
    people from signing in while it lasts; who is signed in notices nothing of it.
    """

    def __init__(
        self, clock: Callable[[], float], *, at_once: int = 10, seconds_each: float = 6.0
    ) -> None:
        self._clock = clock
        self._at_once = at_once
        self._seconds_each = seconds_each
        self._guard = threading.Lock()
        self._left = float(at_once)
        self._seen = clock()

    def take(self) -> int:
        """Use up one try; return 0, or after how many seconds there is one again."""
        with self._guard:
            now = self._clock()
            gained = max(0.0, now - self._seen) / self._seconds_each
            self._left = min(float(self._at_once), self._left + gained)
            self._seen = now
            if self._left < 1:
                return max(1, math.ceil((1 - self._left) * self._seconds_each))
            self._left -= 1
            return 0

    def give_back(self) -> None:
        """Let a try that was right cost nothing."""
        with self._guard:
            self._left = min(float(self._at_once), self._left + 1)


@dataclass(frozen=True, slots=True)
class Cookie:
    """The cookie of a page, as a request needs it.

    Its name tells the port, since cookies do not: two servers on one machine would else sign each
    other's people out. Behind https it has the prefix that no page over http can set.
    """

    name: str
    path: str
    secure: bool

    @classmethod
    def of(cls, request: Request, path: str, *, secure: bool) -> Cookie:
        """Return the cookie of the page at a path."""
        port = (request.header("Host") or "").rpartition(":")[2]
        ending = f"-{port}" if port.isascii() and port.isdigit() and len(port) <= 5 else ""
        return cls(f"{'__Secure-' if secure else ''}scimproof-page{ending}", path, secure)

    def read(self, request: Request) -> str | None:
        """Return its value; None also when it came twice, since one of the two is foreign."""
        found = [
            value
            for line in header_values(request.headers, "Cookie")
            for name, equals, value in (
                each.strip().partition("=") for each in line[:_LONGEST_COOKIE].split(";")
            )
            if equals and name == self.name
        ]
        return found[0] if len(found) == 1 else None

    def written(self, value: str) -> tuple[str, str]:
        """Return the header that sets it."""
        return "Set-Cookie", f"{self.name}={value}; {self._attributes()}; Max-Age={MOST_SECONDS}"

    def removed(self) -> tuple[str, str]:
        """Return the header that takes it away."""
        return "Set-Cookie", f"{self.name}=; {self._attributes()}; Max-Age=0"

    def _attributes(self) -> str:
        secure = "; Secure" if self.secure else ""
        return f"Path={self.path}; HttpOnly; SameSite=Strict{secure}"
