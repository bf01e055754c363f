"""A `send` that keeps account of what a run creates, so that it can be deleted again.

The intent is noted before a POST leaves, so that a create whose reply was lost can be found. What
was created can be kept and taken up again by a later run, without any header.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .elsewhere import is_elsewhere
from .model import Certainty
from .model import Credential
from .model import Headers
from .model import Json
from .model import Reply
from .model import Request
from .model import Step
from .model import Trouble
from .transport import Send
from .wire import NotJson
from .wire import equals
from .wire import json_object
from .wire import member
from .wire import query

_NAMES = {"/Users": "userName", "/Groups": "displayName"}
_STEP = Step("clean up", Certainty.DOC, (), "clean-up")


@dataclass(slots=True)
class _Intent:
    """One resource that was asked for; its id is known once the reply came."""

    endpoint: str
    name: str
    id: str = ""


class Ledger:
    """Sends, and remembers what was created.

    `headers` authorise the requests that clean up, until the server took a request of the run.
    """

    def __init__(self, send: Send, headers: Headers = ()) -> None:
        self._send = send
        self._headers = headers
        self._intents: list[_Intent] = []

    def __call__(self, request: Request) -> Reply:
        """Send a request and note what it creates."""
        if is_elsewhere(request):
            return self._send(request)
        endpoint = _endpoint(request)
        self._headers = self._headers or request.headers
        if request.method != "POST" or endpoint not in _NAMES:
            return self._sent(request)
        intent = _Intent(endpoint, _name_in(request))
        self._intents.append(intent)
        reply = self._sent(request)
        intent.id = _id_in(reply)
        if not intent.id and reply.status >= 400:
            self._intents.remove(intent)
        return reply

    def authorise(self, headers: Headers) -> None:
        """Clean up with other headers from now on, as after a change of the token."""
        self._headers = headers

    @property
    def created(self) -> Counter[str]:
        """How many were created, by endpoint: what a sweep would delete."""
        return Counter(intent.endpoint for intent in self._intents)

    def sweep(self) -> tuple[str, ...]:
        """Delete what was created, last first; return a sentence for each thing left behind."""
        left = [self._remove(intent) for intent in reversed(self._intents)]
        self._intents.clear()
        return tuple(sentence for sentence in left if sentence)

    def save(self) -> list[Json]:
        """Return what was created as JSON types."""
        return [{"endpoint": one.endpoint, "name": one.name, "id": one.id} for one in self._intents]

    def load(self, kept: Any) -> None:  # noqa: ANN401 - JSON
        """Take up what `save` returned; raises ValueError for anything else."""
        try:
            intents = [_Intent(str(row["endpoint"]), row["name"], row["id"]) for row in kept]
        except (KeyError, TypeError) as problem:
            raise ValueError(f"this is no list of what was created: {problem!r}") from None
        if any(one.endpoint not in _NAMES for one in intents):
            raise ValueError("this is no list of what was created: an endpoint is none of ours")
        self._intents = intents

    def _sent(self, request: Request) -> Reply:
        reply = self._send(request)
        if reply.status < 400:
            self._headers = request.headers
        return reply

    def _remove(self, intent: _Intent) -> str:
        try:
            resource_id = intent.id or self._find(intent)
            if not resource_id:
                return ""
            target = f"{intent.endpoint}/{quote(resource_id, safe='', errors='surrogatepass')}"
            reply = self._send(self._own("DELETE", target))
        except Trouble as trouble:
            return f"{intent.endpoint} {intent.name!r} may be left behind: {trouble}"
        if reply.status in {200, 202, 204, 404}:
            return ""
        return f"{target} ({intent.name!r}) is left behind: DELETE was answered {reply.status}."

    def _find(self, intent: _Intent) -> str:
        """Look up a resource whose create was answered by nobody."""
        wanted = query({"filter": equals(_NAMES[intent.endpoint], intent.name)})
        reply = self._send(self._own("GET", f"{intent.endpoint}?{wanted}"))
        try:
            found = member(json_object(reply), "Resources")
        except NotJson:
            return ""
        first = found[0] if isinstance(found, list) and found else None
        return str(first.get("id") or "") if isinstance(first, dict) else ""

    def _own(self, method: str, target: str) -> Request:
        headers = tuple(pair for pair in self._headers if pair[0].lower() != "content-type")
        return Request(method, target, headers, None, _STEP)


def plain_headers(credential: Credential) -> Headers:
    """Return headers that authorise a clean-up; none for a credential that is traded first."""
    pair = f"{credential.user}:{credential.secret}".encode()
    values = {
        "bearer": f"Bearer {credential.secret}",
        "header": credential.secret,
        "basic": f"Basic {base64.b64encode(pair).decode()}",
    }
    value = values.get(credential.kind)
    return () if value is None else (("Authorization", value),)


def _endpoint(request: Request) -> str:
    """Return where a request goes; an IdP may add a query to everything, or double a slash."""
    return "/" + request.target.partition("?")[0].strip("/")


def _name_in(request: Request) -> str:
    body: Json = json.loads(request.body or b"{}")
    return str(body.get(_NAMES[_endpoint(request)], "")) if isinstance(body, dict) else ""


def _id_in(reply: Reply) -> str:
    try:
        created = json_object(reply).get("id")
    except NotJson:
        return ""
    return created if isinstance(created, str) and reply.status < 300 else ""
