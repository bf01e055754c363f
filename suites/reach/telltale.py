"""What an exchange tells that is a secret from then on, whoever repeats it where."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from urllib.parse import parse_qs
from urllib.parse import unquote

from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Reply
from suites.values import value_at

# A shorter cookie is a setting rather than a session, and its value an ordinary word.
SHORTEST_COOKIE = 8
# So it is with what stands in a credential's place on purpose, such as `Bearer wrong`.
SHORTEST_TOKEN = 16
_TRADED = ("client_secret", "client_assertion", "assertion")
_ISSUED = ("access_token", "refresh_token")


def secrets_in(headers: Headers, body: bytes | None, reply: Reply | None) -> set[str]:
    """Return the passwords, traded secrets, tokens and cookies that an exchange shows."""
    found = _passwords(body) | _traded(body, reply) | _credentials(headers)
    given = [value for name, value in headers if name.lower() == "cookie"]
    for name, value in reply.headers if reply else ():
        if name.lower() == "set-cookie":
            given.append(value.partition(";")[0])
    return found.union(*map(_cookies, given))


def _credentials(headers: Headers) -> set[str]:
    """Return the token of a request: an IdP gets and signs tokens that nobody else knows."""
    sent = (value for name, value in headers if name.lower() == "authorization")
    tokens = (value.strip().rpartition(" ")[2] for value in sent)
    return {each for each in tokens if len(each) >= SHORTEST_TOKEN}


def session_values(value: str) -> set[str]:
    """Return the spellings of a cookie's value that give a session away."""
    bare = value.strip().strip('"')
    return {each for each in (bare, unquote(bare)) if len(each) >= SHORTEST_COOKIE}


def _cookies(line: str) -> set[str]:
    values = (pair.partition("=")[2] for pair in line.split(";"))
    return set().union(*map(session_values, values))


def _traded(body: bytes | None, answer: Reply | None) -> set[str]:
    """Return what a token endpoint is given and what it gives (RFC 6749 section 5.1, RFC 7523)."""
    found: set[str] = set()
    reply = answer.body if answer else b""
    if b"access_token" in reply:
        # What is no JSON is masked by the name of the member all the same.
        with contextlib.suppress(ValueError, RecursionError):
            found |= {str(value_at(json.loads(reply), name)) for name in _ISSUED}
    if body and any(name.encode() in body for name in _TRADED):
        form = parse_qs(body.decode("utf-8", "replace"))
        found |= {value for name in _TRADED for value in form.get(name, ())}
    return found - {"None"}


def _passwords(body: bytes | None) -> set[str]:
    """Return the passwords that a request sends, by member or by PATCH path."""
    if not body or b"password" not in body.lower():
        return set()
    try:
        return set(_secret_values(json.loads(body)))
    except (ValueError, RecursionError):
        return set()


def _secret_values(value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _secret_values(item)
    elif isinstance(value, dict):
        named = str(value.get("path", "")).lower() == "password"
        for key, item in value.items():
            if isinstance(item, str) and (key.lower() == "password" or (named and key == "value")):
                yield item
            else:
                yield from _secret_values(item)
