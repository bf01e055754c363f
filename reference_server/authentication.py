"""Authentication: who may enter, and how often (RFC 7644 section 2)."""

from __future__ import annotations

import base64
import binascii
import hmac
import math
import re
import threading
from collections import deque
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from typing import Protocol

from .access import Access
from .errors import ScimError
from .messages import Headers
from .messages import Request
from .tolerances import Tolerance
from .tolerances import Tolerances

_KINDS = ("bearer", "header", "basic")
_BEARERS = re.compile(r"(?:bearer +)+", re.IGNORECASE)


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
    Authorization header; `basic`: user and password (RFC 7617). `account` is the userName of the
    user that `/Me` means for whoever enters this way (RFC 7644 section 3.11), `access` what they
    may do, and `expires` the moment from which nobody enters this way any more (section 7.4).
    """

    kind: str
    secret: str = field(repr=False)
    user: str = ""
    limit: RateLimit | None = None
    account: str | None = None
    access: Access = Access.ALL
    expires: datetime | None = None

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"the kind {self.kind!r} is not one of {', '.join(_KINDS)}")
        if not self.secret:
            raise ValueError("a credential needs a secret")
        if ":" in self.user:
            raise ValueError("a user name for basic authentication has no colon (RFC 7617)")
        if self.access is Access.OWN and self.account is None:
            raise ValueError("a credential for one's own user needs the account of that user")
        if self.expires is not None and self.expires.tzinfo is None:
            raise ValueError("the moment at which a credential expires needs a zone")

    def matches(self, authorization: str, *, repeated: bool = False) -> bool:
        """Compare an Authorization header in constant time; the word Bearer may be repeated."""
        if self.kind == "header":
            return _equal(authorization, self.secret)
        scheme, _, rest = authorization.partition(" ")
        if self.kind == "bearer":
            # RFC 9110 section 11.1: the name of a scheme is case-insensitive.
            given = rest.strip(" ")
            right = _equal(given, self.secret)
            if repeated and given[:6].lower() == "bearer":
                right |= _equal(_BEARERS.sub("", given), self.secret)
            return scheme.lower() == "bearer" and right
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


class Tokens(Protocol):
    """Bearer tokens that are not listed, because they are issued while the server runs."""

    def credential(self, token: str) -> Credential | None:
        """Return what a token lets in, with the moment of its end; None when it is no good."""


def _bearer_token(authorization: str, *, repeated: bool) -> str | None:
    """Return the token of an Authorization header, None when it is of another scheme."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return None
    given = rest.strip(" ")
    return _BEARERS.sub("", given) if repeated and given[:7].lower() == "bearer " else given


class Guard(Protocol):
    """Who decides at each request whether it may enter."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of credentials to announce."""

    def check(self, request: Request) -> Credential:
        """Return who asks, or raise the error that turns the request away."""


class Gate:
    """Lets requests with a credential pass, within their limits."""

    def __init__(
        self,
        credentials: Sequence[Credential],
        clock: Callable[[], datetime],
        tolerances: Tolerances,
        tokens: Tokens | None = None,
    ) -> None:
        if not credentials and tokens is None:
            raise ValueError("at least one credential is needed, else nobody can enter")
        self._tokens = tokens
        self._credentials = tuple(credentials)
        self._clock = clock
        self._repeated = tolerances.allow(Tolerance.REPEATED_BEARER)
        self._lock = threading.Lock()
        self._recent: tuple[deque[datetime], ...] = tuple(deque() for _ in credentials)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the credentials, each once, in the order given, and that of tokens."""
        issued = () if self._tokens is None else ("oauth2",)
        return (*dict.fromkeys(each.kind for each in self._credentials), *issued)

    def check(self, request: Request) -> Credential:
        """Return who asks; raise 401 for a stranger, 429 for somebody who asks too often."""
        given = request.header("Authorization")
        if given is None:
            raise self._unauthorized("The Authorization header is missing.")
        # All are compared, so that the time does not tell which one came close.
        matches = [each.matches(given, repeated=self._repeated) for each in self._credentials]
        if not any(matches):
            return self._holder(given)
        number = matches.index(True)
        self._check_lifetime(self._credentials[number])
        self._count(number)
        return self._credentials[number]

    def entry(self, secret: str) -> Credential | None:
        """Return the credential of a secret that somebody typed; none that has expired."""
        # As in check: all are compared.
        matches = [_equal(secret, each.secret) for each in self._credentials]
        found = self._credentials[matches.index(True)] if any(matches) else None
        if found is None and self._tokens is not None:
            found = self._tokens.credential(secret)
        return found if found is not None and self.is_good(found) else None

    def is_good(self, credential: Credential) -> bool:
        """Tell whether a credential has not expired."""
        return credential.expires is None or self._clock() < credential.expires

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody may read anywhere."""
        return tuple(each.secret for each in self._credentials)

    def _holder(self, authorization: str) -> Credential:
        """Return whose token it is that is none of the credentials, or raise 401."""
        token = _bearer_token(authorization, repeated=self._repeated)
        found = self._tokens.credential(token) if self._tokens and token else None
        if found is None:
            raise self._unauthorized("The credentials in the Authorization header are wrong.")
        self._check_lifetime(found)
        return found

    def _check_lifetime(self, credential: Credential) -> None:
        if not self.is_good(credential):
            invalid = 'Bearer realm="scim", error="invalid_token"'  # RFC 6750 section 3.1
            headers = (("WWW-Authenticate", invalid),) if credential.kind == "bearer" else None
            detail = "The credentials in the Authorization header have expired."
            raise ScimError(401, detail, headers=headers or self._challenges())

    def _unauthorized(self, detail: str) -> ScimError:
        return ScimError(401, detail, headers=self._challenges())

    def _challenges(self) -> Headers:
        basic = any(each.kind == "basic" for each in self._credentials)
        other = self._tokens is not None or any(each.kind != "basic" for each in self._credentials)
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
