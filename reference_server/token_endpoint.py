"""The token endpoint (RFC 6749 section 3.2): credentials of a client for a short-lived token.

Grants: `client_credentials` (section 4.4), the client known by its secret in the header or in the
body, or by an assertion (RFC 7523 section 2.2); and an assertion as the grant (section 2.1 there).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Callable
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl
from urllib.parse import unquote_plus

from .access_tokens import AccessTokens
from .http_rules import PLAIN_JSON
from .http_rules import options
from .json_web_tokens import SKEW
from .json_web_tokens import Issuer
from .json_web_tokens import TokenRefused
from .json_web_tokens import read_token
from .messages import Handler
from .messages import Headers
from .messages import Json
from .messages import Request
from .messages import Response
from .oauth import Client
from .oauth import OAuth
from .oauth import known_issuers
from .tolerances import Tolerance
from .tolerances import Tolerances

_FORM = "application/x-www-form-urlencoded"
_LARGEST = 65_536  # bytes of a token request; an assertion has some two thousand
_MOST_FIELDS = 50
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# RFC 6749 section 5.1: no cache may keep what has a token in it.
_NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
_CHALLENGE = (("WWW-Authenticate", 'Basic realm="token", charset="UTF-8"'),)
_WRONG = "The client is unknown, or its credentials are wrong."


class _Refused(Exception):
    """An answer of RFC 6749 section 5.2."""

    def __init__(
        self, error: str, description: str, status: int = 400, headers: Headers = ()
    ) -> None:
        super().__init__(description)
        self.error = error
        self.status = status
        self.headers = headers


class TokenEndpoint:
    """Answers requests for tokens; everything is judged by the clock that it is given."""

    def __init__(
        self,
        oauth: OAuth,
        tokens: AccessTokens,
        clock: Callable[[], datetime],
        tolerances: Tolerances,
    ) -> None:
        self._oauth = oauth
        self._tokens = tokens
        self._clock = clock
        self._twice = tolerances.allow(Tolerance.CLIENT_CREDENTIALS_TWICE)

    def beside(self, base_path: str, handle: Handler) -> Handler:
        """Return a handler that answers at the token endpoint, and elsewhere as before."""
        path = base_path + self._oauth.path

        def answer(request: Request) -> Response:
            return self.answer(request) if request.path == path else handle(request)

        return answer

    def answer(self, request: Request) -> Response:
        """Answer one request: a token, or the error of RFC 6749 section 5.2."""
        if request.method == "OPTIONS":
            return options(("POST",))
        try:
            return _reply(200, self._granted(request))
        except _Refused as refused:
            body: dict[str, Json] = {"error": refused.error, "error_description": str(refused)}
            return _reply(refused.status, body, refused.headers)

    def _granted(self, request: Request) -> dict[str, Json]:
        form = _form(request)
        grant = form.get("grant_type")
        if grant is None:
            raise _Refused("invalid_request", "grant_type is missing.")
        if grant not in ("client_credentials", _JWT_BEARER):
            raise _Refused("unsupported_grant_type", "The grant_type is none of this server.")
        client = self._authenticated(request, form)
        if grant == _JWT_BEARER:
            client = self._asserted(form, client)
        elif client is None:
            raise _invalid_client("The client has to authenticate.")
        scope = _scope(client, form.get("scope", ""))
        answer: dict[str, Json] = {
            "access_token": self._tokens.issue(client),
            "token_type": "Bearer",
            "expires_in": self._oauth.lifetime,
        }
        return {**answer, "scope": scope} if scope else answer

    # -- who asks

    def _authenticated(self, request: Request, form: Mapping[str, str]) -> Client | None:
        """Return the client that authenticates, None when nobody tries to; raises _Refused."""
        given = request.header("Authorization")
        ways = [given is not None, "client_secret" in form, "client_assertion" in form]
        if sum(ways) > 1 and not (self._twice and not ways[2]):
            # RFC 6749 section 2.3: not more than one method in each request.
            raise _Refused("invalid_request", "The client authenticates in more than one way.")
        found: list[Client] = []
        if given is not None:
            found += [self._by_basic(given)]
        if "client_secret" in form:
            found += [self._by_secret(form.get("client_id", ""), form["client_secret"])]
        if "client_assertion" in form:
            found += [self._by_assertion(form)]
        claimed = form.get("client_id")
        if any(each.id != (claimed or found[0].id) for each in found):
            raise _invalid_client(_WRONG)
        return found[0] if found else None

    def _by_basic(self, authorization: str) -> Client:
        scheme, _, rest = authorization.partition(" ")
        pair = _pair(rest.strip(" ")) if scheme.lower() == "basic" else None
        if pair is None:
            raise _invalid_client("The Authorization header is no Basic credential.")
        # Section 2.3.1 encodes both parts as a form does; many clients leave that out.
        for read in (unquote_plus, str):
            client = self._known(read(pair[0]), read(pair[1]))
            if client is not None:
                return client
        raise _invalid_client(_WRONG)

    def _by_secret(self, client_id: str, secret: str) -> Client:
        client = self._known(client_id, secret)
        if client is None:
            raise _invalid_client(_WRONG)
        return client

    def _known(self, client_id: str, secret: str) -> Client | None:
        client = self._oauth.client(client_id)
        wanted = client.secret if client is not None else ""
        same = hmac.compare_digest(_bytes(secret), _bytes(wanted))
        return client if client is not None and wanted and same else None

    def _by_assertion(self, form: Mapping[str, str]) -> Client:
        if form.get("client_assertion_type") != _ASSERTION_TYPE:
            raise _Refused("invalid_request", "The client_assertion_type is none of this server.")
        assertion, claimed = form["client_assertion"], form.get("client_id")
        for client in self._oauth.clients:
            if claimed in (None, client.id) and not self._fault(client, assertion):
                return client
        raise _invalid_client(self._why(claimed, assertion))

    # -- the assertion as the grant

    def _asserted(self, form: Mapping[str, str], client: Client | None) -> Client:
        assertion = form.get("assertion")
        if assertion is None:
            raise _Refused("invalid_request", "assertion is missing.")
        claimed = client.id if client is not None else form.get("client_id")
        for each in self._oauth.clients:
            if claimed in (None, each.id) and not self._fault(each, assertion):
                return each
        raise _Refused("invalid_grant", self._why(claimed, assertion))

    def _fault(self, client: Client, assertion: str) -> str:
        """Return what is wrong with an assertion of a client; nothing when it is believed."""
        faults = [
            self._fault_for(client, issuer, assertion)
            for issuer in known_issuers(client.assertions)
        ]
        return min(faults, key=bool, default=_WRONG)

    def _fault_for(self, client: Client, issuer: Issuer, assertion: str) -> str:
        now = self._clock()
        try:
            claims = read_token(assertion, issuer, now)
        except TokenRefused as fault:
            return str(fault)
        if claims.subject != (issuer.subject or client.id):
            return "The token is about another subject."  # RFC 7523 section 3, point 2
        return "The token is over." if claims.expires + SKEW <= now else ""

    def _why(self, claimed: str | None, assertion: str) -> str:
        """Return what to tell about an assertion: the fault, when it is clear whose it is."""
        client = self._oauth.client(claimed) if claimed is not None else None
        return _WRONG if client is None else self._fault(client, assertion)


def _form(request: Request) -> dict[str, str]:
    """Read the parameters (RFC 6749 section 3.2 and appendix B)."""
    if request.method != "POST":
        allow = (("Allow", "OPTIONS, POST"),)
        raise _Refused("invalid_request", "Tokens are asked for by POST.", 405, allow)
    content_type = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    if content_type != _FORM:
        raise _Refused("invalid_request", f"The body must be {_FORM}.")
    if len(request.body) > _LARGEST:
        raise _Refused("invalid_request", f"The body is larger than {_LARGEST} bytes.", 413)
    try:
        text = request.body.decode("ascii")
        pairs = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise _Refused("invalid_request", "The body is no form in UTF-8.") from None
    # A parameter without a value counts as left out, and none may be repeated.
    given = [(name, value) for name, value in pairs if value]
    if len(dict(given)) != len(given):
        raise _Refused("invalid_request", "A parameter is given more than once.")
    return dict(given)


def _scope(client: Client, wanted: str) -> str:
    """Return the scope that is granted: what is asked for, else all that the client may have."""
    asked = wanted.split()
    if client.scopes and not set(asked) <= set(client.scopes):
        raise _Refused("invalid_scope", "The client may not have all of this scope.")
    return " ".join(asked or client.scopes)


def _invalid_client(description: str) -> _Refused:
    return _Refused("invalid_client", description, 401, _CHALLENGE)


def _pair(text: str) -> tuple[str, str] | None:
    try:
        user, colon, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (user, password) if colon else None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _reply(status: int, body: dict[str, Json], headers: Headers = ()) -> Response:
    content = json.dumps(body).encode()
    return Response(status, (("Content-Type", PLAIN_JSON), *_NO_STORE, *headers), content)
