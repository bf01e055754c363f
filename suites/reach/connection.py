"""The ways to the server under test: sockets, or a WSGI application in this process."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from typing import TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter

from idp_profiles.deadline import left
from idp_profiles.deadline import within
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
from idp_profiles.transport import decoded
from suites.cleanup.spared import Spared
from suites.manners.pace import Throttle as Throttle
from suites.manners.patience import Patience as Patience
from suites.manners.timed_session import TimedAdapter
from suites.manners.turns import Manners
from suites.target.model import Target
from suites.target.tokens import CLIENT_CREDENTIALS
from suites.target.tokens import Tokens
from suites.verdicts import Blocked

from . import in_process
from . import silences
from .breaker import AGAIN
from .breaker import Breaker
from .lag import Lag
from .telltale import session_values

WsgiApp = Callable[..., Any]
T = TypeVar("T")
_STEP = Step("of no IdP", Certainty.TEST, ())
# Asked twice where the connection breaks; a DELETE that was done would find nothing to delete.
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


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


class Connection:
    """One way to one target; `app`, or one that the target names, means in-process, else sockets.

    Where the target's credential is traded for tokens, `target` has the present token for its
    credential, and what it was traded for beside the others that the server accepts. Every
    request, whoever sends it, waits for its turn by the `manners` of the run.
    """

    def __init__(
        self,
        target: Target,
        *,
        app: WsgiApp | None = None,
        patience: Patience | None = None,
        manners: Manners | None = None,
    ) -> None:
        self._target = target
        self._traded = target.credential
        if app is None and target.app:
            app = in_process.application(target.app, target.timeout)
        self._app = app
        self.manners = manners or Manners(target, patience=patience)
        self.patience = self.manners.patience
        self.breaker = Breaker()
        self.spared = Spared(target)
        self.lag = Lag()
        self._wary = False  # of connections that were used before, since one of them broke
        self._send = Elsewhere(self._first_send(), self._reach)
        traded = target.credential.kind == CLIENT_CREDENTIALS
        self._tokens = Tokens(target.credential, self._buy) if traded else None
        self._session = requests.Session()
        # Neither proxies nor ~/.netrc may change what is sent; netrc would replace Authorization.
        self._session.trust_env = False
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, TimedAdapter())
        if app is not None:
            for origin in self._inside():
                self._session.mount(f"{origin}/", _InProcess(app))
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
    def cookies(self) -> set[str]:
        """The sessions that the server gave the suite's own client, for redaction."""
        return set().union(*(session_values(each.value or "") for each in self._session.cookies))

    @property
    def idp_send(self) -> Send:
        """The literal transport for mock IdPs; an absolute target reaches the host it names."""
        return self._paced

    def _inside(self) -> set[str]:
        """Return the origins at which the application of this process is."""
        if self._app is None:
            return set()
        other = self._target.other_tenant
        urls = (self._target.url, *((other.url,) if other else ()))
        return {"://".join(urlsplit(url)[:2]) for url in urls}

    def _first_send(self) -> Send:
        target = self._target
        if self._app is not None:
            origin = "://".join(urlsplit(target.url)[:2])
            return AppSend(self._app, target.base_path, extra_headers=target.headers, origin=origin)
        return self._wire(target.url, own=True)

    def _reach(self, origin: str) -> Send:
        """Return the way to a host: a token endpoint may be the target's own or somebody else's."""
        own = f"{self._target.url}/".startswith(f"{origin}/")
        if self._app is not None and origin in self._inside():
            return AppSend(self._app, "", extra_headers=self._target.headers, origin=origin)
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

    def _paced(self, request: Request) -> Reply:
        def send() -> Reply:
            with self.manners.turn(request.method, request.target, request.headers, request.body):
                return self._send(request)

        return self._watched(request.method, request.target, send)

    def allow(self, method: str, target: str, headers: Headers, body: bytes | None) -> None:
        """Raise what keeps a request from being sent, before anybody writes down its intent."""
        self.manners.allow(method, target, headers, body)
        self.spared.check(method, target, body)
        self.manners.clock.check()
        if not target.startswith("http"):
            self.breaker.check()

    def _watched(
        self, method: str, target: str, send: Callable[[], T], *, tidies: bool = False
    ) -> T:
        """Send while the server answers, and count what it does; raises Unanswered or Gone."""
        if target.startswith("http"):
            return send()  # another server, which may well answer where this one does not
        self.breaker.check(tidies=tidies)
        what = f"{method} {target.partition('?')[0]}"
        for pause in (*AGAIN, None):
            try:
                answer = send()
            except (Trouble, requests.RequestException) as trouble:
                self.breaker.silent(silences.why(trouble), what, hung=silences.hung(trouble))
                if pause is None or not self._may_return(trouble):
                    raise
                self.manners.clock.sleep(pause)
            else:
                break
        self.breaker.answered(what)
        return answer

    def _may_return(self, trouble: Exception) -> bool:
        """Return whether a request was never sent, to a server that may just be starting again."""
        return silences.refused(trouble) and self.breaker.may_return

    def watch(self, status: int, method: str, target: str, headers: Headers) -> None:
        """From now on ask this again where the server seems gone; it was answered so at first."""

        def glance(seconds: float) -> int | None:
            turn = self.manners.turn(method, target, headers, None, tidies=True)
            try:
                with turn, within(seconds):
                    merged = {**dict(self.target.headers), **dict(headers)}
                    reply = self._ask(method, self.target.url + target, merged, None)
            except (requests.RequestException, OSError):
                return None
            return int(reply.status_code)

        self.breaker.began(status, glance)

    def _buy(self, request: Request) -> Reply:
        """Ask a token endpoint, which may be busy for the moment like everybody else."""
        try:
            return self.patience.ask(
                lambda: self._paced(request),
                lambda reply: (reply.status, reply.header("Retry-After")),
            )
        except Blocked as problem:
            raise Trouble(problem.reason) from None

    def request(
        self,
        method: str,
        target: str,
        headers: Headers,
        body: bytes | None,
        *,
        tidies: bool = False,
    ) -> requests.Response:
        """Send one request of the suite's own client; raises requests.RequestException.

        Several threads may send at once. A target that is a whole URL is another tenant's. What
        `tidies` up may go out when the run is over.
        """
        known = self.target  # it may have to buy a token first, which is a request with its turn
        merged = {**dict(known.headers), **dict(headers)}

        def send() -> requests.Response:
            if self._wary and method not in _READS:
                self._session.get_adapter(known.url).close()
            with self.manners.turn(method, target, headers, body, tidies=tidies):
                place = target if target.startswith("http") else known.url + target
                return self._ask(method, place, merged, body)

        try:
            return self._watched(method, target, send, tidies=tidies)
        except requests.ConnectionError as trouble:
            # A connection that was kept alive may have been closed meanwhile, or by bad luck.
            self._wary = True
            if method not in _READS or silences.hung(trouble) or not silences.is_luck(trouble):
                raise
        return self._watched(method, target, send, tidies=tidies)

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> requests.Response:
        """Send one request, with the cookies that are kept and no other settings of `requests`."""
        prepared = requests.PreparedRequest()
        jar = self._session.cookies
        prepared.prepare(method=method, url=url, headers=headers, data=body, cookies=jar)
        return self._session.send(prepared, timeout=left(), allow_redirects=False, proxies={})

    def literal(
        self, method: str, target: str, headers: Headers, body: bytes | None
    ) -> requests.Response:
        """Send a target as it is written, which `requests` would tidy up (`/../`, `%2e`)."""
        try:
            reply = self._paced(Request(method, target, headers, body, _STEP))
        except Trouble as trouble:
            raise requests.ConnectionError(str(trouble)) from trouble
        return _response(reply, self.target.url + target)

    def move_to(self, url: str) -> None:
        """Go on at another base URL, to which the first one redirects.

        Raises ValueError on one that no request could leave for.
        """
        before, self._target = self._send, replace(self._target, url=url)
        self._send = Elsewhere(self._first_send(), self._reach)
        before.close()

    def close(self) -> None:
        """Close every socket."""
        self.manners.close()
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
        origin = f"{split.scheme}://{split.netloc}"
        try:
            reply = decoded(
                call_wsgi(self._app, request.method or "GET", target, headers, body, origin=origin)
            )
        except Trouble as trouble:
            raise requests.ConnectionError(str(trouble)) from trouble
        response = _response(reply, request.url or "")
        response.request = request
        return response

    def close(self) -> None:
        """Nothing to close."""
