"""A recording sent again: placeholders become made-up people, ids those of the new server."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote
from urllib.parse import urlsplit

from idp_profiles.model import Certainty
from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.model import Trouble
from idp_profiles.transport import Send
from idp_profiles.wire import NotJson
from idp_profiles.wire import encode
from idp_profiles.wire import json_object
from idp_profiles.wire import member

from .parts import ANYBODY
from .placeholders import MASK
from .placeholders import PLACEHOLDER
from .placeholders import spelled_like
from .recorded import Recorded

_STEP = Step("replay", Certainty.WILD, (), "replay")
# The transport's own, and what belongs to the recorded body or connection.
_NOT_SENT = frozenset(
    {"host", "content-length", "transfer-encoding", "content-encoding", "expect", "connection"}
)
_PHONE = "+1-555-555-{:04d}"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One exchange sent again: what was answered then, and what now."""

    recorded: Recorded
    sent: Request | None
    reply: Reply | None
    why: str = ""

    @property
    def verdict(self) -> str:
        """`same`, `differs`, or `left out` for what cannot be sent again."""
        if self.sent is None:
            return "left out"
        then = self.recorded.reply.status if self.recorded.reply else None
        return "same" if self.reply is not None and self.reply.status == then else "differs"


class Replay:
    """Sends a recording's requests in their order, with people of its own.

    `authorization` is the value of the header; `domain` is where the made-up addresses are.
    """

    def __init__(self, send: Send, authorization: str, *, domain: str = "example.com") -> None:
        self._send = send
        self._authorization = authorization
        self._names = MadeUp(domain)

    def run(self, entries: tuple[Recorded, ...]) -> Iterator[Replayed]:
        """Send one request after the other and yield what came of each."""
        for recorded in entries:
            why = _unsendable(recorded)
            if why:
                yield Replayed(recorded, None, None, why)
                continue
            request = self._request(recorded)
            try:
                reply = self._send(request)
            except Trouble as trouble:
                yield Replayed(recorded, request, None, str(trouble))
                return
            self._names.learn(recorded, reply)
            yield Replayed(recorded, request, reply)

    def _request(self, recorded: Recorded) -> Request:
        body = None
        if recorded.content.form == "json":
            body = encode(self._names.in_json(recorded.content.body))
        target = self._names.in_target(recorded.target)
        return Request(recorded.method, target, self._headers(recorded), body, _STEP)

    def _headers(self, recorded: Recorded) -> Headers:
        """Return the recorded headers in their order; a masked one but ours is not sent."""
        headers: list[tuple[str, str]] = []
        for name, value in recorded.headers:
            if name.lower() == "authorization":
                headers.append((name, self._authorization))
            elif name.lower() not in _NOT_SENT and MASK not in value:
                headers.append((name, self._names.in_text(value)))
        return tuple(headers)


class MadeUp:
    """The made-up value of each placeholder, and the ids that the new server gave."""

    def __init__(self, domain: str) -> None:
        self._prefix = f"scimproof-{secrets.token_hex(4)}"
        self._domain = domain
        self._learnt: dict[str, str] = {}
        self._sent: set[str] = set()

    def in_target(self, target: str) -> str:
        """Return a target with every placeholder replaced, encoded as the placeholder was."""

        def replaced(found: re.Match[str]) -> str:
            raw = found.group()
            value = self._value(raw.replace("%40", "@"))
            # The sign of an address stays as it was written; the rest has to be safe anywhere.
            return quote(value, safe="@" if "@" in raw else "")

        return ANYBODY.sub(replaced, target)

    def in_text(self, text: str) -> str:
        """Return a text with every placeholder replaced."""
        return PLACEHOLDER.sub(lambda found: self._value(found.group()), text)

    def in_json(self, value: Json) -> Json:
        """Return a body with every placeholder replaced; a masked secret is made up."""
        if value == MASK:
            return f"S-{secrets.token_urlsafe(9)}!"
        if isinstance(value, str):
            return self.in_text(value)
        if isinstance(value, list):
            return [self.in_json(item) for item in value]
        if isinstance(value, dict):
            return {self.in_text(key): self.in_json(item) for key, item in value.items()}
        return value

    def learn(self, recorded: Recorded, reply: Reply) -> None:
        """Take over what the new server gave in the places where the recorded one gave something.

        What the IdP itself said before is not the server's to give.
        """
        then = recorded.reply
        if then is None:
            return
        location, now = then.header("Location"), reply.header("Location")
        if location and now:
            self._pair(location.rpartition("/")[2], urlsplit(now).path.rpartition("/")[2])
        try:
            new: Json = dict(json_object(reply))
        except NotJson:
            return
        self._walk(then.content.body, new)

    def _walk(self, old: Json, new: Json) -> None:
        if isinstance(old, str) and isinstance(new, str):
            self._pair(old, new)
        elif isinstance(old, dict) and isinstance(new, dict):
            for key, item in old.items():
                self._walk(item, member(new, key))
        elif isinstance(old, list) and isinstance(new, list):
            for one, other in self._like(old, new):
                self._walk(one, other)

    def _like(self, old: list[Json], new: list[Json]) -> Iterator[tuple[Json, Json]]:
        """Yield elements that stand for the same thing, else those in the same place."""
        left = list(new)
        for at, one in enumerate(old):
            wanted = PLACEHOLDER.sub(lambda found: self._known(found.group()), _mark(one))
            same = [other for other in left if wanted and _mark(other) == wanted.casefold()]
            if same:
                left.remove(same[0])
                yield one, same[0]
            elif not wanted and at < len(new):
                yield one, new[at]

    def _pair(self, old: str, new: str) -> None:
        found = PLACEHOLDER.fullmatch(old)
        if found and old.lower() not in self._sent and new:
            self._learnt.setdefault(old.lower(), new)

    def _value(self, placeholder: str) -> str:
        """Return what stands for a placeholder, which is then said to the server."""
        self._sent.add(placeholder.lower())
        return self._known(placeholder)

    def _known(self, placeholder: str) -> str:
        key = placeholder.lower()
        return spelled_like(self._learnt.get(key) or self._made_up(key), placeholder)

    def _made_up(self, key: str) -> str:
        kind, _, rest = key.partition("-")
        number = rest.partition("@")[0].partition(".")[0]
        if kind == "person":
            return f"{self._prefix}-{number}@{self._domain}"
        if kind == "phone":
            # The range that is reserved for examples.
            return _PHONE.format(100 + int(number) % 100)
        if kind == "host":
            return f"{self._prefix}-{number}.{self._domain}"
        return f"{self._prefix}-{kind}-{number}"


def _mark(value: Json) -> str:
    """Return what a resource is known by, whichever server it is on."""
    if not isinstance(value, dict):
        return ""
    name = member(value, "userName") or member(value, "displayName")
    return name.casefold() if isinstance(name, str) else ""


def _unsendable(recorded: Recorded) -> str:
    if recorded.elsewhere:
        return "it went elsewhere than the SCIM endpoints"
    if recorded.content.form == "hidden":
        return f"its body is not in the recording: {recorded.content.why}"
    if recorded.content.form == "form":
        return "it is a form, and its secrets are not in the recording"
    return ""


def as_json(one: Replayed) -> Mapping[str, Json]:
    """Return what came of one exchange as a line of JSON."""
    then = one.recorded.reply
    return {
        "number": one.recorded.number,
        "method": one.recorded.method,
        "target": one.recorded.target,
        "recorded": then.status if then else None,
        "now": one.reply.status if one.reply else None,
        "result": one.verdict,
        "why": one.why,
    }
