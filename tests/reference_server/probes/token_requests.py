"""Probes of `deviations/token_requests.py`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

from reference_server import Client
from reference_server import Issuer
from reference_server import OAuth
from reference_server import Request
from reference_server import SharedKey
from reference_server.messages import joined
from tests.reference_server.deviation_talk import BASE
from tests.reference_server.deviation_talk import RIGHT
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk

WORD = "of-a-made-up-client"
KEY = "a-shared-key-of-at-least-32-bytes"
TRUST = Issuer(issuer="idp", audience="app", keys=[SharedKey(KEY)], subject="sub")
HEAD = b'{"alg":"HS256"}'
FORM = "application/x-www-form-urlencoded"
PAIR = {"Authorization": "Basic " + base64.b64encode(f"client:{WORD}".encode()).decode()}
IN_BODY = {"client_id": "client", "client_secret": WORD}
WRONG_BODY = {**IN_BODY, "client_secret": "wrong"}


def _open(t: Talk) -> Talk:
    clients = [Client(id="client", secret=WORD), Client(id="federated", assertions=[TRUST])]
    t.oauth = OAuth(clients=clients, issuers=[TRUST])
    return t


def _ask(t: Talk, headers: dict[str, str] | None = None, **form: str) -> tuple[int, bytes]:
    body = urlencode({"grant_type": "client_credentials", **form}).encode()
    sent = {"Content-Type": FORM, **(headers or {})}
    request = Request("POST", f"{BASE}/oauth/token", "", tuple(sent.items()), body)
    reply = _open(t).handle(request)
    return reply.status, joined(reply.body)


def _token(t: Talk, headers: dict[str, str] | None = None, **form: str) -> Json:
    found = json.loads(_ask(t, headers, **form)[1])
    assert isinstance(found, dict)
    return found


def _opens(t: Talk, token: object) -> int:
    return t.status("GET", "/Users", Authorization=f"Bearer {token}")


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _jwt(key: str = KEY) -> str:
    claims = {"iss": "idp", "aud": "app", "sub": "sub", "exp": 2_000_000_000}
    text = f"{_part(HEAD)}.{_part(json.dumps(claims).encode())}"
    return f"{text}.{_part(hmac.digest(key.encode(), text.encode(), hashlib.sha256))}"


def _asserting(key: str = KEY) -> dict[str, str]:
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return {"client_assertion_type": kind, "client_assertion": _jwt(key)}


def _both_ways(t: Talk) -> tuple[int, int]:
    return _ask(t, PAIR)[0], _ask(t, **IN_BODY)[0]


def _twice(t: Talk, right: dict[str, str], wrong: dict[str, str]) -> tuple[int, int, int]:
    before = _ask(t, **wrong)[0]
    return before, _ask(t, **right)[0], _ask(t, **wrong)[0]


def _names(t: Talk) -> list[str]:
    return sorted(_token(t, PAIR))


def _issued(t: Talk) -> int:
    return _opens(t, _token(t, PAIR)["access_token"])


NAMES = ["access_token", "expires_in", "token_type"]

PROBES: dict[str, tuple[Look, object, object]] = {
    "client-in-body-unread": (_both_ways, (200, 200), (200, 401)),
    "client-in-header-unread": (_both_ways, (200, 200), (401, 200)),
    "client-given-twice-refused": (
        lambda t: (*_both_ways(t), _ask(t, PAIR, **IN_BODY)[0]),
        (200, 200, 200),
        (200, 200, 400),
    ),
    "client-unchecked": (
        lambda t: _twice(t, IN_BODY, WRONG_BODY),
        (401, 200, 401),
        (401, 200, 200),
    ),
    "assertion-unchecked": (
        lambda t: (*_twice(t, _asserting(), _asserting(KEY[::-1])), _ask(t, **WRONG_BODY)[0]),
        (401, 200, 401, 401),
        (401, 200, 200, 401),
    ),
    "assertion-refused": (
        lambda t: (_ask(t, **_asserting())[0], _ask(t, PAIR)[0]),
        (200, 200),
        (400, 200),
    ),
    "token-form-refused": (
        lambda t: (_ask(t, PAIR)[0], t.create("anna").status),
        (200, 201),
        (415, 201),
    ),
    "token-as-form": (
        lambda t: (_ask(t, PAIR)[1][:1], b"access_token=" in _ask(t, PAIR)[1]),
        (b"{", False),
        (b"a", True),
    ),
    "token-type-left-out": (_names, NAMES, NAMES[:2]),
    "token-life-left-out": (_names, NAMES, NAMES[::2]),
    "token-worthless": (lambda t: (_issued(t), _opens(t, RIGHT[7:])), (200, 200), (401, 200)),
    "token-renewal-refused": (
        lambda t: (_ask(t)[0], _ask(t, PAIR)[0], _ask(t, PAIR)[0]),
        (401, 200, 200),
        (401, 200, 400),
    ),
    "jwt-refused": (lambda t: (_issued(t), _opens(t, _jwt())), (200, 200), (200, 401)),
    "repeated-bearer-refused": (
        lambda t: (
            t.status("GET", "/Users", Authorization=RIGHT),
            t.status("GET", "/Users", Authorization=f"Bearer {RIGHT}"),
        ),
        (200, 200),
        (200, 401),
    ),
}
