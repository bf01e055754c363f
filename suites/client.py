"""The independent client: it looks at the server with `requests`, never with a profile's code."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeAlias
from urllib.parse import quote

import requests

from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Reply
from idp_profiles.wire import merge

from .cleanup.journal import Journal
from .evidence import CaseLog
from .evidence import Entry
from .evidence import RawExchange
from .manners.patience import BUSY
from .manners.patience import is_throttled
from .manners.patience import throttled
from .reach.connection import Connection
from .reach.connection import authorization
from .reach.lag import Lag
from .reach.lanes import SLOW
from .reach.lanes import lanes
from .reach.onward import REPEATED
from .reach.onward import follow
from .reach.silences import why
from .schemas.spelling import spelled
from .target.every_user import beneath
from .verdicts import Blocked
from .verdicts import Unanswered

SCIM_JSON = "application/scim+json"
USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_Answer: TypeAlias = requests.Response | requests.RequestException  # a reply, or none
_PARTS_OF_GROUPS = "attributes=members,displayName,externalId"


def _shows_members(seen: Seen) -> bool:
    return any(name.lower() == "members" for name in seen.object())


class Seen:
    """One reply as the client saw it; a read can be fetched again while the settle time runs."""

    def __init__(
        self, response: requests.Response, entry: Entry, again: Callable[[], Seen | None]
    ) -> None:
        self._response = response
        self._entry = entry
        self._again = again

    @property
    def status(self) -> int:
        """The HTTP status."""
        return int(self._response.status_code)

    @property
    def entry(self) -> Entry:
        """The exchange that shows it."""
        return self._entry

    @property
    def seconds(self) -> float:
        """How long the exchange took."""
        return self._entry.seconds

    def header(self, name: str) -> str | None:
        """Return a header of the reply, or None."""
        value: str | None = self._response.headers.get(name)
        return value

    @property
    def content(self) -> bytes:
        """The body as it came."""
        return bytes(self._response.content)

    def json(self) -> Json:
        """Return the body as JSON; raises ValueError when it is none."""
        # A reader may pass over a byte order mark (RFC 8259 section 8.1); RFC7644-3.8-6 judges it.
        body: Json = json.loads(self._response.content.decode("utf-8-sig"))
        return body

    def object(self) -> dict[str, Json]:
        """Return the body as a JSON object, names as the RFCs spell them; empty when it is none."""
        try:
            body = spelled(self.json())
        except (ValueError, RecursionError):
            return {}
        return body if isinstance(body, dict) else {}

    def refresh(self) -> bool:
        """Fetch again; False when that cannot help or the settle time is over."""
        newer = self._again()
        if newer is None:
            return False
        self._response, self._entry = newer._response, newer._entry
        return True


class ScimClient:
    """Sends requests for one case, records them, and writes down what it creates."""

    def __init__(
        self, connection: Connection, log: CaseLog, journal: Journal, *, case_id: str = ""
    ) -> None:
        self._connection = connection
        self._log = log
        self._journal = journal
        self._case_id = case_id if connection.target.case_header else ""

    def send(
        self,
        method: str,
        target: str,
        *,
        body: Json | bytes = None,
        headers: Headers | None = None,
        settle: bool | None = None,
    ) -> Seen:
        """Send one request and return its reply.

        `target` is encoded and relative to the base URL. `body` is sent as JSON, bytes as they
        are. `headers` replaces the standard ones. A read waits for the settle time of the target
        after the last write, unless `settle` says otherwise. Raises Blocked on transport trouble.
        """
        payload = _payload(body)
        chosen = self.standard_headers(payload) if headers is None else headers
        self._connection.allow(method, target, chosen, payload)
        wanted = method == "GET" if settle is None else settle
        if wanted:
            self.settle()
        made = self._journal.intend_all(method, target, payload)
        try:
            response, entry = self._patiently(method, target, chosen, payload)
        except Blocked as problem:
            if problem.entry is not None and problem.entry.status is not None:
                self._journal.answered_all(made, problem.entry.status, b"")
            raise
        where = response.headers.get("Location")
        self._journal.answered_all(made, response.status_code, response.content, where)
        self._journal.seen(method, target, response.status_code, response.content)
        seconds = self._connection.target.settle if wanted else 0.0
        fetch = partial(self._patiently, method, target, chosen, payload)
        return self._refreshable(response, entry, fetch, seconds)

    def together(self, targets: Sequence[str]) -> list[Seen]:
        """Read several things that do not depend on each other, in this order; raises Blocked.

        A server that takes its time is asked all at once.
        """
        if len(targets) < 2 or not self._log.is_slow:
            return [self.send("GET", target) for target in targets]
        self.settle()
        headers = self.standard_headers(None)
        tried = lanes().each(lambda target: self._try("GET", target, headers, None), targets)
        return [
            self._read(target, headers, *each) for target, each in zip(targets, tried, strict=True)
        ]

    def _read(self, target: str, headers: Headers, raw: RawExchange, answer: _Answer) -> Seen:
        """Return what a read brought that is recorded only now; a busy server is asked again."""
        response, entry = self._recorded(raw, answer)
        if response.status_code in BUSY | REPEATED:
            return self.send("GET", target)
        fetch = partial(self._patiently, "GET", target, headers, None)
        return self._refreshable(response, entry, fetch, self._connection.target.settle)

    @property
    def lag(self) -> Lag:
        """How late reads of this process were."""
        return self._connection.lag

    def literal(self, method: str, target: str) -> Seen:
        """Send a request whose target goes out exactly as it is written."""
        headers = self.standard_headers(None)
        return Seen(*self._once(method, target, headers, None, literal=True), lambda: None)

    def settle(self) -> None:
        """Wait until the last write of this log can be seen, where the target says it lags."""
        if self._connection.target.settle:
            due = self._log.wrote + self._connection.target.settle
            self._connection.manners.clock.sleep(due - time.monotonic())

    def impatient(self, method: str, target: str, headers: Headers) -> Seen:
        """Send one request and take a 429 or 503 for the answer it is."""
        return Seen(*self._once(method, target, headers, None), lambda: None)

    def user(self, user_id: str) -> Seen:
        """Read one user by id."""
        return self.send("GET", f"/Users/{quote(user_id, safe='', errors='surrogatepass')}")

    def group(self, group_id: str) -> Seen:
        """Read one group by id, asking for its members by name where it shows none.

        A server may show them on request only (RFC 7643 section 7, `returned`).
        """
        path = f"/Groups/{quote(group_id, safe='', errors='surrogatepass')}"
        seen = self.send("GET", path)
        if seen.status != 200 or _shows_members(seen):
            return seen
        again = self.send("GET", f"{path}?{_PARTS_OF_GROUPS}")
        return again if again.status == 200 and _shows_members(again) else seen

    def users_named(self, user_name: str) -> Seen:
        """Search users by userName."""
        return self.send("GET", search("/Users", "userName", user_name))

    def groups_named(self, name: str) -> Seen:
        """Search groups by displayName."""
        return self.send("GET", search("/Groups", "displayName", name))

    def create_user(self, person: Person, **more: Json) -> Seen:
        """Create a user directly, as another client of the server would."""
        body: dict[str, Json] = {
            "schemas": [USER_URN],
            "userName": person.user_name,
            "name": {"givenName": person.given_name, "familyName": person.family_name},
            "emails": [{"value": person.email, "type": "work", "primary": True}],
            "displayName": person.display_name,
            "active": True,
        }
        target = self._connection.target
        # What is usual here is nothing that a case asks for, so a requirement goes before it.
        usual = merge(body, target.required)
        whole = beneath({**usual, **more}, target.every_user)
        return self.send("POST", "/Users", body=whole)

    def create_group(self, name: str, member_ids: tuple[str, ...] = ()) -> Seen:
        """Create a group directly."""
        members: list[Json] = [{"value": member_id} for member_id in member_ids]
        body: dict[str, Json] = {"schemas": [GROUP_URN], "displayName": name, "members": members}
        return self.send("POST", "/Groups", body=body)

    def delete(self, kind: str, resource_id: str) -> Seen:
        """Delete a resource behind the IdP's back."""
        return self.send("DELETE", f"/{kind}/{quote(resource_id, safe='', errors='surrogatepass')}")

    def raw(self, method: str, target: str, body: Json = None) -> tuple[int, bytes]:
        """Send without recording, for deletion at the end; raises OSError on trouble.

        A server that is busy for longer than there is time to wait is told of as what it answered.
        """
        replies: list[requests.Response] = []
        payload = _payload(body)

        def send(place: str) -> requests.Response:
            headers = self.standard_headers(payload)
            replies.append(self._connection.request(method, place, headers, payload, tidies=True))
            return replies[-1]

        with suppress(Blocked):
            base = self._connection.target.url
            self._connection.patience.ask(lambda: follow(base, target, send, _leads), _told)
        return replies[-1].status_code, replies[-1].content

    def standard_headers(self, payload: bytes | None) -> Headers:
        """Return the headers that go out unless a request has its own."""
        headers = [
            ("Accept", SCIM_JSON),
            ("Authorization", authorization(self._connection.target.credential)),
            ("User-Agent", "scimproof"),
        ]
        headers += [("Content-Type", SCIM_JSON)] if payload is not None else []
        headers += [("X-Scimproof-Case", self._case_id)] if self._case_id else []
        return tuple(headers)

    def _patiently(
        self, method: str, target: str, headers: Headers, payload: bytes | None
    ) -> tuple[requests.Response, Entry]:
        response, entry = self._connection.patience.ask(
            lambda: self._onward(method, target, headers, payload), lambda seen: _told(seen[0])
        )
        if self._is_ours(headers) and is_throttled(*_told(response)):
            raise Unanswered(
                throttled(method, target.partition("?")[0], response.status_code), entry=entry
            )
        return response, entry

    def _onward(
        self, method: str, target: str, headers: Headers, payload: bytes | None
    ) -> tuple[requests.Response, Entry]:
        """Send one request, and again where the server wants it repeated below its base URL."""

        def send(place: str) -> tuple[requests.Response, Entry]:
            if place != target:
                self._connection.allow(method, place, headers, payload)
            return self._once(method, place, headers, payload)

        return follow(self._connection.target.url, target, send, lambda seen: _leads(seen[0]))

    def _refreshable(
        self,
        response: requests.Response,
        entry: Entry,
        fetch: Callable[[], tuple[requests.Response, Entry]],
        seconds: float,
    ) -> Seen:
        """Return a reply that can be fetched again for some seconds; how long helps is noted."""
        lag, wrote, deadline = self._connection.lag, self._log.wrote, time.monotonic() + seconds
        number, latest = 0, [time.monotonic()]

        def again() -> Seen | None:
            nonlocal number
            left = deadline - time.monotonic()
            # What was read among others may have had its time while those were looked at.
            is_early = seconds and latest[0] < deadline and self._log.wrote == wrote
            if left <= 0 and not is_early:
                lag.gives_up(number)
                return None
            time.sleep(max(0.0, min(0.2, left)))
            latest[0] = time.monotonic()
            newer = Seen(*fetch(), again)
            if wrote and entry.method == "GET":
                number = number or lag.read()
                lag.waits(number, time.monotonic() - wrote)
            return newer

        return Seen(response, entry, again)

    def _is_ours(self, headers: Headers) -> bool:
        """Return whether a request has the credential of the run, and is none of a stranger's."""
        return authorization(self._connection.target.credential) in (value for _, value in headers)

    def _once(
        self,
        method: str,
        target: str,
        headers: Headers,
        payload: bytes | None,
        *,
        literal: bool = False,
    ) -> tuple[requests.Response, Entry]:
        return self._recorded(*self._try(method, target, headers, payload, literal=literal))

    def _try(
        self,
        method: str,
        target: str,
        headers: Headers,
        payload: bytes | None,
        *,
        literal: bool = False,
    ) -> tuple[RawExchange, _Answer]:
        """Send one request and return what came of it, which nobody has written down yet."""
        self._journal.check()
        raw = RawExchange(method=method, target=target, headers=headers, body=payload, reply=None)
        send = self._connection.literal if literal else self._connection.request
        try:
            answer: _Answer = send(method, target, headers, payload)
        except requests.RequestException as trouble:
            answer = trouble
        seconds = self._connection.manners.took  # of the request alone: it may have had to wait
        self._connection.lag.is_slow = seconds >= SLOW
        return replace(raw, seconds=seconds), answer

    def _recorded(self, raw: RawExchange, answer: _Answer) -> tuple[requests.Response, Entry]:
        """Write an exchange down; raises Blocked where no reply came."""
        if isinstance(answer, requests.Response):
            return answer, self._log.record(replace(raw, reply=_reply(answer)))
        reason = f"{raw.method} {raw.target.partition('?')[0]}: {why(answer)}"
        entry = self._log.record(replace(raw, error=reason))
        self._connection.manners.clock.check()
        raise Unanswered(f"transport trouble at {reason}", entry=entry) from answer


def search(endpoint: str, attribute: str, *values: str) -> str:
    """Return the target of a search for what has one of these values."""
    texts = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return f"{endpoint}?filter=" + quote(
        " or ".join(f'{attribute} eq "{t}"' for t in texts), safe=""
    )


def _payload(body: Json | bytes) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body, ensure_ascii=False).encode()


def _told(response: requests.Response, header: str = "Retry-After") -> tuple[int, str | None]:
    return response.status_code, response.headers.get(header)


_leads = partial(_told, header="Location")


def _reply(response: requests.Response) -> Reply:
    return Reply(
        response.status_code,
        response.reason or "",
        tuple(response.headers.items()),
        response.content,
    )
