"""The ways to the server under test: sockets, or a WSGI application in this process."""

from __future__ import annotations

import base64
import os
import shlex
import threading
import time
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter

from idp_profiles.elsewhere import Elsewhere
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Headers
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import AppSend
from idp_profiles.transport import Send
from idp_profiles.transport import Trouble
from idp_profiles.transport import WireSend
from idp_profiles.transport import call_wsgi

from .target import Target
from .tokens import CLIENT_CREDENTIALS
from .tokens import Tokens
from .verdicts import Blocked

WsgiApp = Callable[..., Any]
_STEP = Step("of no IdP", Certainty.TEST, ())


def authorization(credential: Credential) -> str:
    """Return the Authorization value that the suite's own client sends for a credential.

    One that is traded for tokens has none: `Connection.target` has the token in its place.
    """
    if credential.kind == "bearer":
        return f"Bearer {credential.secret}"
    if credential.kind == "basic":
        pair = f"{credential.user}:{credential.secret}".encode()
        return "Basic " + base64.b64encode(pair).decode()
    return credential.secret


def shown_authorization(credential: Credential) -> str:
    """Return the same with `$SCIM_TOKEN` in place of the secret, for a reproducing command."""
    if credential.kind == "bearer":
        # What SCIM_TOKEN holds may be traded first.
        return f"Bearer {'$SCIM_ACCESS_TOKEN' if credential.token_url else '$SCIM_TOKEN'}"
    if credential.kind == "basic":
        user = shlex.quote(f"{credential.user}:")
        return f"Basic $(printf %s {user}\"$SCIM_TOKEN\" | base64 | tr -d '\\n')"
    return "$SCIM_TOKEN"


@dataclass(slots=True)
class Patience:
    """Sleeps on behalf of the run, within a budget of seconds for all waits together."""

    budget: float
    sleep: Callable[[float], None] = time.sleep
    spent: float = 0.0

    def wait(self, seconds: float) -> None:
        """Sleep, or raise Blocked when the run has no time left for it."""
        if self.spent + seconds > self.budget:
            raise Blocked(
                f"the server asks to wait {seconds:g} s, and of the wait budget of "
                f"{self.budget:g} s only {self.budget - self.spent:g} s are left "
                "(raise wait_budget in the target file)"
            )
        self.spent += seconds
        self.sleep(seconds)


@dataclass(slots=True)
class Throttle:
    """Keeps the run below a number of requests a second (None = no limit)."""

    per_second: float | None
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def pace(self) -> None:
        """Sleep until the next request may leave."""
        if self.per_second is None:
            return
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next)
            self._next = at + 1 / self.per_second
        time.sleep(max(0.0, at - now))


class Connection:
    """One way to one target; `app` means in-process, else sockets.

    Where the target's credential is traded for tokens, `target` has the present token for its
    credential, and what it was traded for beside the others that the server accepts.
    """

    def __init__(
        self, target: Target, *, app: WsgiApp | None = None, patience: Patience | None = None
    ) -> None:
        self._target = target
        self._traded = target.credential
        self._app = app
        self.patience = patience or Patience(target.wait_budget)
        workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        limit = target.requests_per_second
        # Each worker takes its share, so that all together stay below the limit.
        self._throttle = Throttle(None if limit is None else limit / workers)
        self._send = Elsewhere(self._first_send(), self._reach)
        traded = target.credential.kind == CLIENT_CREDENTIALS
        self._tokens = Tokens(target.credential, self.idp_send) if traded else None
        self._session = requests.Session()
        # Neither proxies nor ~/.netrc may change what is sent; netrc would replace Authorization.
        self._session.trust_env = False
        if app is not None:
            self._session.mount("http://", _InProcess(app))
        else:
            self._session.verify = str(target.ca_file) if target.ca_file else True
            self._session.cert = str(target.client_cert) if target.client_cert else None
        self._session.headers.clear()

    @property
    def target(self) -> Target:
        """The target, with a credential that can be sent as it is."""
        if self._tokens is None:
            return self._target
        token = self._tokens.current()
        if self._target.credential.secret != token:
            kept = self._target
            others = [each for each in kept.also_accepts if each is not self._traded]
            self._target = replace(
                kept,
                credential=Credential("bearer", token, token_url=self._traded.token_url),
                also_accepts=(self._traded, *others),
            )
        return self._target

    @property
    def trouble(self) -> str | None:
        """Why there is no token to be had, where one is needed."""
        return self._tokens.trouble if self._tokens is not None else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret so far, for redaction: the target's, and the tokens of this process."""
        issued = self._tokens.issued if self._tokens is not None else ()
        return (*self._target.secrets, *issued)

    @property
    def idp_send(self) -> Send:
        """The literal transport for mock IdPs; an absolute target reaches the host it names."""
        return self._paced

    def _first_send(self) -> Send:
        if self._app is not None:
            return AppSend(self._app, self._target.base_path)
        return self._wire(self._target.url, own=True)

    def _reach(self, origin: str) -> Send:
        """Return the way to a host: a token endpoint may be the target's own or somebody else's."""
        own = f"{self._target.url}/".startswith(f"{origin}/")
        if own and self._app is not None:
            return AppSend(self._app, "")
        return self._wire(origin, own=own)

    def _wire(self, url: str, *, own: bool) -> Send:
        # A stranger gets neither our certificate nor a header that may hold a gateway's key.
        target = self._target
        return WireSend(
            url,
            timeout=target.timeout,
            ca_file=target.ca_file,
            client_cert=target.client_cert if own else None,
            extra_headers=target.headers if own else (),
        )

    def _paced(self, request: Any) -> Any:  # noqa: ANN401 - the Send protocol's own types
        self._throttle.pace()
        return self._send(request)

    def request(
        self, method: str, target: str, headers: Headers, body: bytes | None
    ) -> requests.Response:
        """Send one request of the suite's own client; raises requests.RequestException.

        Several threads may send at once. A target that is a whole URL is another tenant's.
        """
        self._throttle.pace()
        merged = {**dict(self.target.headers), **dict(headers)}
        return self._session.request(
            method,
            target if target.startswith("http") else self.target.url + target,
            headers=merged,
            data=body,
            timeout=self.target.timeout,
            allow_redirects=False,
        )

    def literal(
        self, method: str, target: str, headers: Headers, body: bytes | None
    ) -> requests.Response:
        """Send a target as it is written, which `requests` would tidy up (`/../`, `%2e`)."""
        self._throttle.pace()
        try:
            reply = self._send(Request(method, target, headers, body, _STEP))
        except Trouble as trouble:
            raise requests.ConnectionError(str(trouble)) from trouble
        return _response(reply, self.target.url + target)

    def close(self) -> None:
        """Close every socket."""
        self._session.close()
        close = getattr(self._send, "close", None)
        if close is not None:
            close()


def _response(reply: Reply, url: str) -> requests.Response:
    response = requests.Response()
    response.status_code = reply.status
    response.reason = reply.reason
    for name, value in reply.headers:
        former = response.headers.get(name)
        response.headers[name] = value if former is None else f"{former}, {value}"
    response.url = url
    response._content = reply.body  # the documented way needs a socket-like raw object
    return response


class _InProcess(BaseAdapter):
    """Lets `requests` talk to a WSGI application without a socket."""

    def __init__(self, app: WsgiApp) -> None:
        super().__init__()
        self._app = app

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        split = urlsplit(request.url or "")
        target = f"{split.path}?{split.query}" if split.query else split.path
        body = request.body.encode() if isinstance(request.body, str) else request.body
        headers = tuple((str(name), str(value)) for name, value in request.headers.items())
        reply = call_wsgi(self._app, request.method or "GET", target, headers, body)
        response = _response(reply, request.url or "")
        response.request = request
        return response

    def close(self) -> None:
        """Nothing to close."""
