"""Exchanges as JSON, with every secret replaced where the evidence is written."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote

from .masking import MASK as MASK
from .masking import masked
from .model import Credential
from .model import Exchange
from .model import Headers
from .model import Json

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_SECRET_MEMBERS = frozenset({"access_token", "refresh_token", "id_token"})
_SHORTEST = 6  # characters of a password that is looked for where its place does not tell
_SHORTEST_COOKIE = 8  # of a session; what is shorter is a setting


def secrets_of(credential: Credential) -> tuple[str, ...]:
    """Return the strings that give a credential away, in the forms in which they travel."""
    pair = f"{credential.user}:{credential.secret}"
    bare = credential.secret.partition(" ")[2] if credential.kind == "header" else ""
    paired = credential.kind in {"basic", "oauth2-client-credentials"}
    encoded = base64.b64encode(pair.encode()).decode() if paired else ""
    return tuple(secret for secret in (credential.secret, bare, encoded) if secret)


def exchange_json(exchange: Exchange, *, secrets: Iterable[str] = ()) -> dict[str, Json]:
    """Return one exchange as a JSON object, redacted; the names of the members are a contract.

    `response` is null when no reply came, and `error` then says why.
    """
    mask = _Mask({*secrets, *_told(exchange)})
    request, reply = exchange.request, exchange.reply
    record: dict[str, Json] = {
        "scenario": request.step.scenario,
        "step": request.step.name,
        "request": {
            "method": request.method,
            "target": mask.text(request.target),
            "headers": mask.headers(request.headers),
            "body": mask.body(request.body),
        },
        "response": None,
    }
    if reply is not None:
        headers, body = mask.headers(reply.headers), mask.body(reply.body)
        record["response"] = {"status": reply.status, "headers": headers, "body": body}
    if exchange.error is not None:
        record["error"] = mask.text(exchange.error)
    return record


class _Mask:
    """Replaces known secrets, and what is secret by its place."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = frozenset(filter(None, secrets))

    def text(self, text: str) -> str:
        return masked(text, self._secrets)

    def headers(self, headers: Headers) -> dict[str, Json]:
        shown: dict[str, Json] = {}
        for name, value in headers:
            text = MASK if name.lower() in _SECRET_HEADERS else self.text(value)
            shown[name] = f"{shown[name]}, {text}" if name in shown else text
        return shown

    def body(self, body: bytes | None) -> Json:
        """Return a body as JSON if it is some, else as text, else None."""
        if not body:
            return None
        text = body.decode("utf-8", errors="replace")
        try:
            parsed = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            return self.text(text)
        return self.json(parsed)

    def json(self, value: Json) -> Json:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.json(item) for item in value]
        if not isinstance(value, dict):
            return value
        password_value = _sets_password(value)
        return {
            self.text(key): MASK
            if _is_secret(key) or (password_value and key.lower() == "value")
            else self.json(item)
            for key, item in value.items()
        }


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _told(exchange: Exchange) -> Iterator[str]:
    """Yield what an exchange itself says is secret: a session's cookie, passwords that were sent.

    A server may repeat them where no name gives them away.
    """
    for name, value in exchange.reply.headers if exchange.reply else ():
        if name.lower() == "set-cookie":
            bare = value.partition(";")[0].partition("=")[2].strip('" ')
            yield from (each for each in (bare, unquote(bare)) if len(each) >= _SHORTEST_COOKIE)
    body = exchange.request.body
    if body and b"password" in body.lower():
        with suppress(ValueError, RecursionError):
            yield from (each for each in _passwords(json.loads(body)) if len(each) >= _SHORTEST)


def _passwords(value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _passwords(item)
    elif isinstance(value, dict):
        sets = _sets_password(value)
        for key, item in value.items():
            if isinstance(item, str) and (_is_password(key) or (sets and key.lower() == "value")):
                yield item
            else:
                yield from _passwords(item)


def _is_secret(key: str) -> bool:
    # A token endpoint's reply is recorded before anybody knows the token in it (RFC 6749 5.1).
    return _is_password(key) or key.lower() in _SECRET_MEMBERS


def _is_password(key: str) -> bool:
    # Extension attributes may be named with their URN in front, and a pathless PATCH may use it.
    return key.lower().rpartition(":")[2] == "password"


def _sets_password(value: dict[str, Json]) -> bool:
    """Tell whether an object is a PATCH operation on the password."""
    path = next((item for key, item in value.items() if key.lower() == "path"), None)
    return isinstance(path, str) and _is_password(path)
