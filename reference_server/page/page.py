"""The page of one tenant: sign-in, one document, and what its script asks for.

It lives beside the protocol, at a path of its own, and changes nothing of it. What a browser sends
by itself opens nothing: the cookie is SameSite, whatever changes something must come from the page
itself (Sec-Fetch-Site, else Origin) and carry the session's token.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qsl

from reference_server.http_rules import allow
from reference_server.http_rules import options
from reference_server.messages import Handler
from reference_server.messages import Headers
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response
from reference_server.router import origin
from reference_server.router import scheme

from .masking import SHOWN
from .masking import shortened
from .replies import PageError
from .replies import document
from .replies import json_reply
from .replies import plain
from .replies import redirect
from .sessions import Cookie
from .sessions import Session
from .sessions import Sessions
from .sessions import Tries
from .traffic import Exchange
from .traffic import Message
from .traffic import Traffic
from .views import Field
from .views import Member
from .views import Refusal
from .views import View

ROWS = 100  # people, groups and requests in one answer
_LARGEST = 16 * 1024  # bytes of what the page sends
_LARGEST_NUMBER = 15  # digits
_FORM = "application/x-www-form-urlencoded"
_WRONG = "That is none of the secrets of this server."
_OVER = "Nobody is signed in here, or not any more."


@dataclass(frozen=True, slots=True)
class _Visit:
    """A request of somebody signed in."""

    request: Request
    parameters: Mapping[str, str]
    session: Session

    @property
    def member(self) -> Member:
        return self.session.member

    def number(self, name: str) -> int:
        """Return a parameter that is a number; 0 without it."""
        text = self.parameters.get(name, "0")
        if not (text.isascii() and text.isdigit() and len(text) <= _LARGEST_NUMBER):
            raise PageError(400, f"{name} must be a number.")
        return int(text)


_Answer: TypeAlias = Callable[[_Visit], Response]


class Page:
    """The page at one path, for one view."""

    def __init__(self, view: View, path: str, *, clock: Callable[[], float] = time.time) -> None:
        self._view = view
        self._path = path
        self._sessions = Sessions(clock)
        self._tries = Tries(clock)
        self._traffic = Traffic(view.secrets, clock)
        self._reads: dict[str, _Answer] = {
            "/requests": self._requests,
            "/request": self._request,
            "/people": self._people,
            "/groups": self._groups,
            "/record": self._record,
            "/settings": self._settings,
        }
        self._writes: dict[str, Callable[[Request], Response]] = {
            "/sign-in": self._sign_in,
            "/sign-out": self._sign_out,
            "/act": self._act,
        }

    def beside(self, handle: Handler) -> Handler:
        """Return a handler that shows the page at its path, and looks on elsewhere."""
        recorded = self._traffic.recorded(handle)

        def answer(request: Request) -> Response:
            inside = request.path == self._path or request.path.startswith(f"{self._path}/")
            return self.answer(request) if inside else recorded(request)

        return answer

    def answer(self, request: Request) -> Response:
        """Answer a request to the page."""
        try:
            return self._routed(request, request.path[len(self._path) :])
        except PageError as refused:
            return refused.response()

    def _routed(self, request: Request, place: str) -> Response:
        methods = ("POST",) if place in self._writes else ("GET",)
        if place not in ("", "/", *self._reads, *self._writes):
            raise PageError(404, "The page has nothing there.")
        if request.method == "OPTIONS":
            return options(methods)
        if place in ("/", "/sign-in") and request.method in ("GET", "HEAD"):
            return redirect(self._path)
        if request.method not in methods and not (request.method, methods[0]) == ("HEAD", "GET"):
            raise PageError(405, "That is not possible here.", (("Allow", allow(methods)),))
        if place in self._writes:
            self._check_sender(request)
            return self._writes[place](request)
        return self._read(request, place)

    def _read(self, request: Request, place: str) -> Response:
        session = self._session(request)
        if place == "":
            return self._form(request) if session is None else self._document(session)
        if session is None:
            raise PageError(401, _OVER)
        return self._reads[place](_Visit(request, _fields(request.query), session))

    # Who is signed in

    def _sign_in(self, request: Request) -> Response:
        secret = _form(request).get("secret", "").strip()
        wait = self._tries.take()
        if wait:
            words = f"There were too many wrong tries. Try again in {wait} s."
            return self._form(request, words, 429, (("Retry-After", str(wait)),))
        member = self._view.sign_in(secret) if secret else None
        if member is None:
            return self._form(request, _WRONG, 403)
        self._tries.give_back()
        cookie = self._cookie(request)
        self._sessions.end(cookie.read(request) or "")
        return redirect(self._path, (cookie.written(self._sessions.begin(member)),))

    def _sign_out(self, request: Request) -> Response:
        cookie = self._cookie(request)
        session = self._session(request)
        if session is not None:
            _check_token(session, _form(request).get("token", ""))
            self._sessions.end(cookie.read(request) or "")
        return redirect(self._path, (cookie.removed(),))

    def _session(self, request: Request) -> Session | None:
        name = self._cookie(request).read(request)
        session = self._sessions.find(name) if name else None
        if name is None or session is None:
            return None
        if not self._view.is_in(session.member):
            self._sessions.end(name)
            return None
        return session

    def _cookie(self, request: Request) -> Cookie:
        return Cookie.of(request, self._path, secure=scheme(request) == "https")

    @staticmethod
    def _check_sender(request: Request) -> None:
        """Refuse what another site made a browser send; who is no browser says neither."""
        site, sender = request.header("Sec-Fetch-Site"), request.header("Origin")
        if site is not None:
            own = site == "same-origin"
        else:
            host = (request.header("Host") or "").lower()
            own = sender is None or sender.lower().partition("://")[2] == host
        if not own:
            raise PageError(403, "This was sent by another site.")

    # What is shown

    def _form(
        self, request: Request, complaint: str = "", status: int = 200, headers: Headers = ()
    ) -> Response:
        values = {
            "title": self._view.title[:200],
            "subtitle": self._view.subtitle[:200],
            "label": self._view.secret_label,
            "complaint": complaint,
            "path": self._path,
        }
        # A cookie that opens nothing is of no use to anybody.
        stale = self._cookie(request).read(request) is not None and not complaint
        removed = (self._cookie(request).removed(),) if stale else ()
        return document("sign_in", values, status, (*headers, *removed))

    def _document(self, session: Session) -> Response:
        member = session.member
        values = {
            "title": self._view.title[:200],
            "subtitle": self._view.subtitle[:200],
            "member": member.name[:200],
            "role": member.role[:200],
            "watches": "yes" if member.may_watch else "no",
            "token": session.token,
            "path": self._path,
        }
        return document("page", values)

    def _requests(self, visit: _Visit) -> Response:
        self._check_watching(visit)
        last, found = self._traffic.after(visit.number("after"))
        return json_reply({"last": last, "requests": [_line(each) for each in found]})

    def _request(self, visit: _Visit) -> Response:
        self._check_watching(visit)
        found = self._traffic.exchange(visit.number("number"))
        if found is None:
            raise PageError(404, "That request is not kept any more.")
        whole = {"sent": _message(found.sent), "reply": _message(found.reply)}
        return json_reply({**_line(found), **whole})

    @staticmethod
    def _check_watching(visit: _Visit) -> None:
        if not visit.member.may_watch:
            raise PageError(403, "The requests are for others to see.")

    def _people(self, visit: _Visit) -> Response:
        found = self._view.people(visit.member, visit.number("start"), ROWS)
        return json_reply({"total": found.total, "rows": plain(tuple(found.rows))})

    def _groups(self, visit: _Visit) -> Response:
        found = self._view.groups(visit.member, visit.number("start"), ROWS)
        return json_reply({"total": found.total, "rows": plain(tuple(found.rows))})

    def _record(self, visit: _Visit) -> Response:
        found = self._view.record(visit.member, visit.parameters.get("id", ""))
        if found is None:
            raise PageError(404, "It is not there any more.")
        text = json.dumps(found, ensure_ascii=False, indent=2)
        return json_reply({"text": shortened(text, SHOWN)})

    def _settings(self, visit: _Visit) -> Response:
        found = self._view.settings(visit.member, origin(visit.request))
        return json_reply({"sections": plain(tuple(found))})

    def _act(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            raise PageError(401, _OVER)
        wanted = _form(request)
        _check_token(session, wanted.get("token", ""))
        try:
            outcome = self._view.act(session.member, wanted.get("action", ""), origin(request))
        except Refusal as refused:
            raise PageError(403, str(refused)[:1000]) from refused
        shown = [_once(each) for each in outcome.shown_once]
        return json_reply({"message": outcome.message[:1000], "shown": shown})


def _once(field: Field) -> Json:
    """Return a field whole: half a token is none."""
    return {"label": field.label, "value": field.value, "copy": field.copy, "note": field.note}


def _line(exchange: Exchange) -> dict[str, Json]:
    return {
        "number": exchange.number,
        "at": exchange.at,
        "method": exchange.method,
        "target": exchange.target,
        "status": exchange.status,
        "milliseconds": round(exchange.milliseconds, 2),
    }


def _message(message: Message) -> Json:
    return {
        "headers": [list(each) for each in message.headers],
        "body": _laid_out(message.body),
        "size": message.size,
    }


def _laid_out(text: str) -> str:
    """Return JSON on lines of its own, and what is none as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


def _check_token(session: Session, token: str) -> None:
    if not session.accepts(token):
        raise PageError(403, "The token of this page is missing or old: load the page again.")


def _form(request: Request) -> dict[str, str]:
    """Read what a form or the script has sent."""
    if len(request.body) > _LARGEST:
        raise PageError(413, "That is too much.")
    media_type = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    if media_type != _FORM:
        raise PageError(415, f"The body must be {_FORM}.")
    try:
        return _fields(request.body.decode("ascii"))
    except UnicodeDecodeError as fault:
        raise PageError(400, "The body is no form.") from fault


def _fields(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError as fault:
        raise PageError(400, "The parameters cannot be read.") from fault
    return dict(reversed(pairs))  # the first counts
