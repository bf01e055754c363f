"""A server that repeats every secret that it is sent, in every spelling and place."""

from __future__ import annotations

import base64
import html
import json
import threading
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any
from typing import TypeAlias
from urllib.parse import parse_qs
from urllib.parse import quote

import reference_server
from reference_server.messages import joined

Json: TypeAlias = Any
SESSION = "c00kie/of=a+session.9Kd2"
MADE_UP = ("scimproof", "that-is-over", "no-token")
GATEWAY = "gateway-key.7Hs+9/of=us"


def spellings(secret: str) -> dict[str, str]:
    """Return how a secret can be written so that a reader gets it back."""
    raw = secret.encode()
    return {
        "plain": secret,
        "upper": secret.upper(),
        "lower": secret.lower(),
        "quoted": quote(secret, safe=""),
        "percent": "".join(f"%{byte:02x}" for byte in raw),
        "hex": raw.hex(),
        "HEX": raw.hex().upper(),
        "base64": base64.b64encode(raw).decode(),
        "url-safe": base64.urlsafe_b64encode(raw).decode(),
        "pair": base64.b64encode(b"some-user:" + raw).decode(),
        "escaped": "".join(f"\\u{ord(character):04x}" for character in secret),
        "html": html.escape(secret),
    }


def needles(secret: str) -> set[str]:
    """Return what gives a secret away wherever it is found, in lower case."""
    found = {each.lower() for name, each in spellings(secret).items() if name != "pair"}
    for shift in range(3):
        # Whatever stands around it, these characters of base64 come of the secret alone.
        code = base64.b64encode(b"\0" * shift + secret.encode()).decode()
        found.add(code[4 if shift else 0 : -4].lower())
    return found


def leaks(places: Mapping[str, str], secrets: Iterable[str]) -> list[str]:
    """Return in which place which secret stands, with what is around it."""
    found = []
    lowered = {place: text.lower() for place, text in places.items()}
    for secret in secrets:
        for needle in needles(secret):
            for place, text in lowered.items():
                at = text.find(needle)
                if at >= 0:
                    around = places[place][max(0, at - 90) : at + len(needle) + 40]
                    found.append(f"{place}: {secret!r} as {needle!r} in …{around!r}…")
    return found


@dataclass
class Echoing:
    """The reference server, which tells everything that it has heard."""

    app: reference_server.Application
    secrets: set[str] = field(default_factory=lambda: {SESSION})
    passwords: set[str] = field(default_factory=set)
    asked: int = 0

    def __post_init__(self) -> None:
        self.base_path = self.app.base_path
        self._turn = threading.Lock()

    def handle(self, request: reference_server.Request) -> reference_server.Response:
        reply = self.app.handle(request)
        body = joined(reply.body)
        with self._turn:
            self.asked += 1
            told = set(self._heard(request, reply, body))
            self.secrets |= told
            number = self.asked
        told |= {SESSION}
        if number % 23 == 0:
            page = "".join(f"<p>{text}</p>" for each in told for text in spellings(each).values())
            content = f"<html><title>{request.query}</title>{page}</html>".encode()
            return reference_server.Response(500, self._headers(told, "text/html"), content)
        kept = tuple(pair for pair in reply.headers if pair[0].lower() != "content-length")
        if reply.status == 204:
            return replace(reply, headers=(*kept, *self._headers(told)))
        return replace(reply, headers=(*kept, *self._headers(told)), body=_talkative(body, told))

    def _headers(self, told: set[str], kind: str = "") -> tuple[tuple[str, str], ...]:
        named = [
            ("Set-Cookie", f"session={SESSION}; Path=/; HttpOnly"),
            ("X-Session-Seen", SESSION),
        ]
        for n, each in enumerate(sorted(told)):
            if each.isascii() and each.isprintable():
                named += [(f"X-Heard-{n}", each), (f"Link-{n}", f"</x?t={quote(each, safe='')}>")]
        return (*named, *([("Content-Type", kind)] if kind else []))

    def _heard(
        self, request: reference_server.Request, reply: reference_server.Response, body: bytes
    ) -> Iterator[str]:
        sent = request.header("Authorization") or ""
        scheme, _, rest = sent.partition(" ")
        if scheme.lower() == "basic":
            with suppress(ValueError):
                pair = base64.b64decode(rest).decode()
                yield from _ours({pair.partition(":")[2]})
                yield from {rest} if [*_ours({pair})] else ()
        else:
            yield from _ours({rest or sent})
        yield from filter(None, [request.header("X-Gateway-Key")])
        form = parse_qs(request.body.decode("utf-8", "replace"))
        for name in ("client_secret", "client_assertion", "assertion"):
            yield from _ours(form.get(name, ()))
        with suppress(ValueError, AttributeError):
            yield from filter(None, [json.loads(body).get("access_token")])
        with suppress(ValueError):
            words = {each for each in passwords_in(json.loads(request.body)) if len(each) >= 6}
            self.passwords |= words
            yield from words


def _ours(found: Iterable[str]) -> Iterator[str]:
    """Leave out what is wrong on purpose: made up by the run, and nobody's."""
    for each in found:
        if len(each) >= 6 and not any(
            word in each for word in ("scimproof", "that-is-over", "no-token")
        ):
            yield each


def _talkative(body: bytes, told: set[str]) -> bytes:
    text = {
        f"{n} {name}": each
        for n, one in enumerate(sorted(told))
        for name, each in spellings(one).items()
    }
    try:
        document = json.loads(body)
    except ValueError:
        return body
    if not isinstance(document, dict):
        return body
    if "detail" in document:
        document["detail"] = f"{document['detail']} (you sent {' and '.join(sorted(told))})"
    return json.dumps({**document, "urn:example:heard": text}).encode()


def passwords_in(value: Json) -> Iterator[str]:
    """Yield the passwords of a body, by member or by PATCH path."""
    if isinstance(value, dict):
        for key, member in value.items():
            sets = str(value.get("path", "")).lower() == "password" and key == "value"
            if (key.lower() == "password" or sets) and isinstance(member, str):
                yield member
            else:
                yield from passwords_in(member)
    elif isinstance(value, list):
        for member in value:
            yield from passwords_in(member)
