"""A `send` that keeps account of what a run creates, so that it can be deleted again.

The intent is noted before a POST leaves, so that a create whose reply was lost can be found.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import quote

from .model import Certainty
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

    request: Request
    name: str
    id: str = ""


class Ledger:
    """Sends, and remembers what was created."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._intents: list[_Intent] = []

    def __call__(self, request: Request) -> Reply:
        """Send a request and note what it creates."""
        if request.method != "POST" or _endpoint(request) not in _NAMES:
            return self._send(request)
        intent = _Intent(request, _name_in(request))
        self._intents.append(intent)
        reply = self._send(request)
        intent.id = _id_in(reply)
        if not intent.id and reply.status >= 400:
            self._intents.remove(intent)
        return reply

    def sweep(self) -> tuple[str, ...]:
        """Delete what was created, last first; return a sentence for each thing left behind."""
        left = [self._remove(intent) for intent in reversed(self._intents)]
        self._intents.clear()
        return tuple(sentence for sentence in left if sentence)

    def _remove(self, intent: _Intent) -> str:
        endpoint = _endpoint(intent.request)
        try:
            resource_id = intent.id or self._find(intent)
            if not resource_id:
                return ""
            target = f"{endpoint}/{quote(resource_id, safe='')}"
            reply = self._send(_like(intent.request, "DELETE", target))
        except Trouble as trouble:
            return f"{endpoint} {intent.name!r} may be left behind: {trouble}"
        if reply.status in {200, 202, 204, 404}:
            return ""
        return f"{target} ({intent.name!r}) is left behind: DELETE was answered {reply.status}."

    def _find(self, intent: _Intent) -> str:
        """Look up a resource whose create was answered by nobody."""
        endpoint = _endpoint(intent.request)
        wanted = equals(_NAMES[endpoint], intent.name)
        reply = self._send(_like(intent.request, "GET", f"{endpoint}?{query({'filter': wanted})}"))
        try:
            found = member(json_object(reply), "Resources")
        except NotJson:
            return ""
        first = found[0] if isinstance(found, list) and found else None
        return str(first.get("id") or "") if isinstance(first, dict) else ""


def _endpoint(request: Request) -> str:
    """Return where a request goes; an IdP may add a query to everything, or double a slash."""
    return "/" + request.target.partition("?")[0].strip("/")


def _like(request: Request, method: str, target: str) -> Request:
    headers = tuple(pair for pair in request.headers if pair[0].lower() != "content-type")
    return Request(method, target, headers, None, _STEP)


def _name_in(request: Request) -> str:
    body: Json = json.loads(request.body or b"{}")
    return str(body.get(_NAMES[_endpoint(request)], "")) if isinstance(body, dict) else ""


def _id_in(reply: Reply) -> str:
    try:
        created = json_object(reply).get("id")
    except NotJson:
        return ""
    return created if isinstance(created, str) and reply.status < 300 else ""
