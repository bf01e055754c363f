"""A look at a server that changes nothing: GETs of discovery, and of the beginning of two lists."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

import requests

from idp_profiles.model import Headers
from idp_profiles.model import Json
from reports import Redactor
from suites.cleanup.journal import Journal
from suites.client import SCIM_JSON
from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.reach import silences
from suites.reach.connection import Connection
from suites.reach.connection import authorization
from suites.schemas.definitions import Definitions
from suites.schemas.definitions import made_of
from suites.target.existing import find
from suites.target.model import Target
from suites.values import items
from suites.values import strings
from suites.values import value_at
from suites.verdicts import Blocked

USERS, GROUPS = "/Users?startIndex=1&count=1", "/Groups?startIndex=1&count=1"
CONFIG, TYPES, SCHEMAS = "/ServiceProviderConfig", "/ResourceTypes", "/Schemas"
PATHS = (CONFIG, TYPES, SCHEMAS, USERS, GROUPS)
_SCIM = "urn:ietf:params:scim:"
REFUSED = (401, 403)
_ABSENT = (404, 501)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came to one GET; status 0 where no reply came, for the reason that `trouble` gives."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    trouble: str = ""

    @property
    def document(self) -> Json:
        """The body as JSON, None where it is none."""
        try:
            found: Json = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found

    @property
    def is_scim(self) -> bool:
        """Whether it is a SCIM message of any kind."""
        named = strings(value_at(self.document, "schemas"))
        return any(each.lower().startswith(_SCIM) for each in named)


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a server; `kind` is the authentication that worked, if any did."""

    url: str
    answers: Mapping[str, Answer] = field(repr=False)
    mask: Redactor = field(repr=False)
    kind: str = ""
    tried: tuple[str, ...] = ()
    there: tuple[str, ...] = ()  # the userNames of existing_users that were found

    def document(self, path: str) -> Json:
        """Return what a place shows where it answers, else None."""
        answer = self.answers.get(path, Answer())
        return answer.document if 200 <= answer.status < 300 else None

    @property
    def is_scim(self) -> bool:
        """Whether anything that SCIM knows has answered."""
        return any(each.is_scim for each in self.answers.values())

    @property
    def trouble(self) -> str:
        """Why a run would get nowhere, in words; empty where it would."""
        probe, where = self.answers[USERS], f"GET {self.url}/Users"
        if not probe.status:
            return f"{where}: {probe.trouble}"
        if probe.status in REFUSED:
            return f"{where} answered {probe.status}: {self._refusal}"
        if 300 <= probe.status < 400:
            leads = self.mask.text(probe.headers.get("location", "nowhere")).partition("?")[0]
            return f"{where} redirects to {leads[:200]}: give the SCIM base URL itself"
        if self.is_scim and not self._is_beside:
            return ""
        if self.is_scim:
            return (
                f"{where} answered {probe.status}, and nothing of discovery is there: the "
                "path of the base URL is wrong, most end in /scim/v2"
            )
        kind = "HTML" if probe.body.lstrip()[:1] == b"<" else "something that is not SCIM"
        return f"{where} answered {probe.status} with {kind}: this is not the SCIM base URL"

    @property
    def breaks(self) -> str:
        """What came of the list of users where a run could go on without it; empty where it came.

        Then nothing tells whether the credential works: discovery may be open to all.
        """
        status = self.answers[USERS].status
        return f"GET /Users answered {status}" if status >= 400 and not self.trouble else ""

    @property
    def _is_beside(self) -> bool:
        """Whether a SCIM server answers that nothing is where the base URL leads."""
        statuses = {answer.status for answer in self.answers.values()}
        elsewhere = value_at(self.answers[USERS].document, "scimType") == "invalidVers"
        return statuses == {404} or (elsewhere and min(statuses) >= 400)

    @property
    def refuses(self) -> bool:
        """Whether it answers, and lets nobody in."""
        return self.answers[USERS].status in REFUSED

    @property
    def _refusal(self) -> str:
        if not self.tried:
            return "it wants a credential; set SCIM_TOKEN, or name a file with --token-file"
        return f"it refuses the credential (tried as {' and as '.join(self.tried)})"

    @property
    def lacks_groups(self) -> bool:
        """Whether a list of groups was asked for and is not there."""
        return self.answers.get(GROUPS, Answer()).status in _ABSENT

    @property
    def definitions(self) -> Definitions:
        """What the schemas define."""
        return made_of(self.document(TYPES), self.document(SCHEMAS))

    @property
    def latency(self) -> float:
        """Seconds that a read takes, in the middle of those that were answered."""
        times = [each.seconds for each in self.answers.values() if each.status]
        return statistics.median(times) if times else 0.0

    def header(self, *names: str) -> str:
        """Return the first of these headers in any reply, masked; empty without one."""
        found = (each.headers.get(name) for name in names for each in self.answers.values())
        return self.mask.text(next((value for value in found if value), ""))[:200]

    def total(self, path: str) -> int | None:
        """Return how many resources a list says that there are."""
        found = value_at(self.document(path), "totalResults")
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def names(self, path: str, key: str) -> list[str]:
        """Return what the entries of a discovery list are called."""
        listed = items(value_at(self.document(path), "Resources"))
        return [self.mask.text(str(value_at(each, key)))[:200] for each in listed]


def amount(count: float, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is one."""
    shown = f"{count:,.0f}"
    return f"{shown} {noun}" if shown == "1" else f"{shown} {noun}s"


def look_at(targets: Mapping[str, Target]) -> Sight:
    """Look at a server in the first of these ways that it lets in, by kind of authentication.

    An empty kind stands for a look without a credential.
    """
    sight = Sight("", {}, Redactor())
    for kind, target in targets.items():
        connection = Connection(target)
        try:
            sight = _seen(connection, kind)
        finally:
            connection.close()
        if sight.answers[USERS].status not in REFUSED:
            break
    return replace(sight, tried=tuple(filter(None, targets)))


def _seen(connection: Connection, kind: str) -> Sight:
    target, trouble = connection.target, connection.trouble
    if trouble is not None:
        return Sight(target.url, {USERS: Answer(trouble=trouble)}, Redactor(connection.secrets))
    headers: Headers = (("Accept", SCIM_JSON), ("User-Agent", "scimproof"))
    if kind:
        headers = (*headers, ("Authorization", authorization(target.credential)))
    answers = {USERS: _answer(connection, USERS, headers)}
    if answers[USERS].status:  # where nobody answers, four more questions would hang as long
        answers |= {path: _answer(connection, path, headers) for path in PATHS if path != USERS}
    let_in = kind if answers[USERS].status not in (0, *REFUSED) else ""
    there = _there(connection) if let_in and target.existing_users else ()
    return Sight(target.url, answers, Redactor(connection.secrets), let_in, there=there)


def _there(connection: Connection) -> tuple[str, ...]:
    """Return which of the users whom the file names the server shows."""
    log = CaseLog("survey", Redactor(connection.secrets), lambda line: None)
    client = ScimClient(connection, log, Journal(None, owner="survey"))
    try:
        return tuple(each.user_name for each in find(client, connection.target.existing_users))
    except Blocked:
        return ()


def _answer(connection: Connection, path: str, headers: Headers) -> Answer:
    started = time.perf_counter()
    try:
        reply = connection.request("GET", path, headers, None)
    except requests.RequestException as trouble:
        return Answer(trouble=silences.why(trouble))
    except Blocked as problem:
        return Answer(trouble=problem.reason)
    named = {name.lower(): value for name, value in reply.headers.items()}
    return Answer(reply.status_code, named, reply.content, time.perf_counter() - started)
