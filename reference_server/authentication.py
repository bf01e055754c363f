"""Authentication: who may enter, and how often (RFC 7644 section 2)."""

from __future__ import annotations

import base64
import binascii
import hmac
import math
import threading
from collections import deque
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta

from .errors import ScimError
from .messages import Headers
from .messages import Request

_KINDS = ("bearer", "header", "basic")


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most so many requests within any window of so many seconds."""

    requests: int
    seconds: int

    def __post_init__(self) -> None:
        if self.requests < 1 or self.seconds < 1:
            raise ValueError("a rate limit needs at least one request and one second")


@dataclass(frozen=True, slots=True)
class Credential:
    """One way in.

    `bearer`: a bearer token (RFC 6750); `header`: the secret is the whole value of the
    Authorization header; `basic`: user and password (RFC 7617).
    """

    kind: str
    secret: str = field(repr=False)
    user: str = ""
    limit: RateLimit | None = None

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"the kind {self.kind!r} is not one of {', '.join(_KINDS)}")
        if not self.secret:
            raise ValueError("a credential needs a secret")
        if ":" in self.user:
            raise ValueError("a user name for basic authentication has no colon (RFC 7617)")

    def matches(self, authorization: str) -> bool:
        """Compare an Authorization header in constant time."""
        if self.kind == "header":
            return _equal(authorization, self.secret)
        scheme, _, rest = authorization.partition(" ")
        if self.kind == "bearer":
            # RFC 9110 section 11.1: the name of a scheme is case-insensitive.
            return scheme.lower() == "bearer" and _equal(rest.strip(" "), self.secret)
        pair = _decoded(rest.strip(" ")) if scheme.lower() == "basic" else None
        return pair is not None and _equal(pair, f"{self.user}:{self.secret}")


def _equal(given: str, wanted: str) -> bool:
    # Bytes: compare_digest takes no text beyond ASCII.
    return hmac.compare_digest(_bytes(given), _bytes(wanted))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(text: str) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


class Gate:
    """Lets requests with a credential pass, within their limits."""

    def __init__(self, credentials: Sequence[Credential], clock: Callable[[], datetime]) -> None:
        if not credentials:
            raise ValueError("at least one credential is needed, else nobody can enter")
        self._credentials = tuple(credentials)
        self._clock = clock
        self._lock = threading.Lock()
        self._recent: tuple[deque[datetime], ...] = tuple(deque() for _ in credentials)

    def check(self, request: Request) -> None:
        """Raise 401 for a stranger, 429 for somebody who asks too often."""
        given = request.header("Authorization")
        if given is None:
            raise self._unauthorized("The Authorization header is missing.")
        # All are compared, so that the time does not tell which one came close.
        matches = [each.matches(given) for each in self._credentials]
        if not any(matches):
            raise self._unauthorized("The credentials in the Authorization header are wrong.")
        self._count(matches.index(True))

    def _unauthorized(self, detail: str) -> ScimError:
        return ScimError(401, detail, headers=self._challenges())

    def _challenges(self) -> Headers:
        basic = any(each.kind == "basic" for each in self._credentials)
        other = any(each.kind != "basic" for each in self._credentials)
        bearer_challenge = (("WWW-Authenticate", 'Bearer realm="scim"'),) if other else ()
        basic_challenge = (("WWW-Authenticate", 'Basic realm="scim", charset="UTF-8"'),)
        return bearer_challenge + (basic_challenge if basic else ())

    def _count(self, number: int) -> None:
        limit = self._credentials[number].limit
        if limit is None:
            return
        window = timedelta(seconds=limit.seconds)
        with self._lock:
            now = self._clock()
            recent = self._recent[number]
            while recent and recent[0] <= now - window:
                recent.popleft()
            if len(recent) < limit.requests:
                recent.append(now)
                return
            wait = max(1, math.ceil((recent[0] + window - now).total_seconds()))
        detail = f"More than {limit.requests} requests in {limit.seconds} s; wait {wait} s."
        raise ScimError(429, detail, headers=(("Retry-After", str(wait)),))
