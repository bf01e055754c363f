"""The independent client: it looks at the server with `requests`, never with a profile's code."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import quote

import requests

from idp_profiles.mapping import nested
from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Reply
from idp_profiles.wire import merge

from .connection import Connection
from .connection import authorization
from .evidence import CaseLog
from .evidence import Entry
from .evidence import RawExchange
from .journal import Journal
from .spelling import spelled
from .verdicts import Blocked

SCIM_JSON = "application/scim+json"
USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_PARTS_OF_GROUPS = "attributes=members,displayName,externalId"
RETRIES = 3  # of a 429 or 503 that carries Retry-After


def pause_of(status: int, retry_after: str | None) -> float | None:
    """Return how many seconds a reply asks to wait, as a number or a date; None when it does not.

    Both forms are of RFC 7231 section 7.1.3.
    """
    wait = (retry_after or "").strip()
    if status not in (429, 503) or not wait:
        return None
    if wait.isdecimal():
        return float(wait)
    try:
        until = parsedate_to_datetime(wait)
    except (ValueError, OverflowError):
        return None
    return max(0.0, until.timestamp() - time.time())


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
        body: Json = json.loads(self._response.content.decode("utf-8"))
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
        are. `headers` replaces the standard ones. Raises Blocked on transport trouble.
        """
        payload = _payload(body)
        chosen = self.standard_headers(payload) if headers is None else headers
        made = self._journal.intend_all(method, target, payload)
        response, entry = self._patiently(method, target, chosen, payload)
        self._journal.answered_all(made, response.status_code, response.content)
        wanted = method == "GET" if settle is None else settle
        seconds = self._connection.target.settle if wanted else 0.0
        fetch = partial(self._patiently, method, target, chosen, payload)
        return _refreshable(response, entry, fetch, time.monotonic() + seconds)

    def literal(self, method: str, target: str) -> Seen:
        """Send a request whose target goes out exactly as it is written."""
        headers = self.standard_headers(None)
        return Seen(*self._once(method, target, headers, None, literal=True), lambda: None)

    def settle(self) -> None:
        """Wait until the last write of this log can be seen, where the target says it lags."""
        if self._connection.target.settle:
            due = self._log.wrote + self._connection.target.settle
            time.sleep(max(0.0, due - time.monotonic()))

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
        return self._search("/Users", "userName", user_name)

    def groups_named(self, name: str) -> Seen:
        """Search groups by displayName."""
        return self._search("/Groups", "displayName", name)

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
        for path, value in self._connection.target.required_attributes.items():
            body = merge(body, nested(path, value))
        urns = [name for name in body if name.lower().startswith("urn:")]
        body.update({"schemas": [USER_URN, *urns], **more})
        return self.send("POST", "/Users", body=body)

    def create_group(self, name: str, member_ids: tuple[str, ...] = ()) -> Seen:
        """Create a group directly."""
        members: list[Json] = [{"value": member_id} for member_id in member_ids]
        body: dict[str, Json] = {"schemas": [GROUP_URN], "displayName": name, "members": members}
        return self.send("POST", "/Groups", body=body)

    def delete(self, kind: str, resource_id: str) -> Seen:
        """Delete a resource behind the IdP's back."""
        return self.send("DELETE", f"/{kind}/{quote(resource_id, safe='', errors='surrogatepass')}")

    def raw(self, method: str, target: str) -> tuple[int, bytes]:
        """Send without recording, for deletion at the end; raises OSError on trouble."""
        for last in (*[False] * RETRIES, True):
            response = self._connection.request(method, target, self.standard_headers(None), None)
            pause = pause_of(response.status_code, response.headers.get("Retry-After"))
            if pause is None or last:
                break
            try:
                self._connection.patience.wait(pause)
            except Blocked:  # no time is left to wait: the refusal is the answer
                break
        return response.status_code, response.content

    def _search(self, endpoint: str, attribute: str, value: str) -> Seen:
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        wanted = quote(f'{attribute} eq "{text}"', safe="")
        return self.send("GET", f"{endpoint}?filter={wanted}")

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
        for last in (*[False] * RETRIES, True):
            response, entry = self._once(method, target, headers, payload)
            pause = pause_of(response.status_code, response.headers.get("Retry-After"))
            if pause is None or last:
                break
            self._connection.patience.wait(pause)
        return response, entry

    def _once(
        self,
        method: str,
        target: str,
        headers: Headers,
        payload: bytes | None,
        *,
        literal: bool = False,
    ) -> tuple[requests.Response, Entry]:
        started = time.perf_counter()
        raw = RawExchange(method=method, target=target, headers=headers, body=payload, reply=None)
        send = self._connection.literal if literal else self._connection.request
        try:
            response = send(method, target, headers, payload)
        except requests.RequestException as trouble:
            reason = f"{method} {target.partition('?')[0]}: {_plain(trouble)}"
            passed = time.perf_counter() - started
            entry = self._log.record(replace(raw, error=reason, seconds=passed))
            raise Blocked(f"transport trouble at {reason}", entry=entry) from trouble
        passed = time.perf_counter() - started
        return response, self._log.record(replace(raw, reply=_reply(response), seconds=passed))


def _payload(body: Json | bytes) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body, ensure_ascii=False).encode()


def _refreshable(
    response: requests.Response,
    entry: Entry,
    fetch: Callable[[], tuple[requests.Response, Entry]],
    deadline: float,
) -> Seen:
    """Return a reply that can be fetched again until a point of the monotonic clock."""

    def again() -> Seen | None:
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        time.sleep(min(0.2, left))
        return Seen(*fetch(), again)

    return Seen(response, entry, again)


def _reply(response: requests.Response) -> Reply:
    return Reply(
        response.status_code,
        response.reason or "",
        tuple(response.headers.items()),
        response.content,
    )


def _plain(trouble: requests.RequestException) -> str:
    if isinstance(trouble, requests.Timeout):
        return "no reply in time"
    if isinstance(trouble, requests.exceptions.SSLError):
        return "TLS failed"
    if isinstance(trouble, requests.ConnectionError):
        return "the connection broke or was refused"
    return type(trouble).__name__
