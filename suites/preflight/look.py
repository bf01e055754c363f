"""One look at the target before the first case: can it be judged at all, and what does it offer."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from http import HTTPStatus

import requests

from idp_profiles.model import Certainty
from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import Trouble
from suites.client import SCIM_JSON
from suites.manners.moving import FOLLOWED
from suites.manners.moving import NotFollowed
from suites.manners.moving import new_base
from suites.reach import silences
from suites.reach.connection import Connection
from suites.reach.connection import authorization
from suites.reach.onward import follow
from suites.values import items
from suites.values import strings
from suites.values import value_at
from suites.verdicts import Blocked

CONFIG_URN = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
PROBE = "/Users?startIndex=1&count=1"
GROUPS = "/Groups?startIndex=1&count=1"
SIMULATION = "X-Scimproof-Simulation"  # what every reply of a simulated product carries
_PAUSES = (0.2, 0.6)  # seconds before the first request is sent again
# One of them is there wherever a SCIM server is.
_ANYWHERE = ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas", GROUPS)
_ABSENT = frozenset({*range(300, 400), 401, 403, 404, 405, 501})


@dataclass(frozen=True, slots=True)
class Look:
    """What the first look found; `trouble` is the one reason why nothing can be judged."""

    trouble: str | None = None
    capabilities: Mapping[str, Json] = field(default_factory=dict)
    software: str | None = None
    resource_schemas: tuple[str, ...] = ()  # of the announced resource types
    extensions: tuple[str, ...] = ()  # of the announced resource types
    cursor: bool | None = None  # whether lists go by cursor (RFC 9865 section 4); None is unknown
    discovers: bool = True  # whether /ResourceTypes or /Schemas is there at all
    simulated: bool = False  # whether the target says that it is a simulation of ours

    def offers(self, kind: str, name: str) -> bool:
        """Return whether discovery (`resourceTypes`, `schemas`) lists a name; True if unknown."""
        value = self._listed(kind)
        return True if value is None else name in value

    def announces(self, kind: str, name: str) -> bool:
        """Return whether discovery lists a name; False if unknown, unless nothing could be asked.

        The schemas of resource types count where `/Schemas` itself says nothing.
        """
        if self.trouble:
            return True  # the trouble is the reason to give, not a skip
        value = self._listed(kind)
        if value is None and kind == "schemas":
            return name in self.resource_schemas
        return value is not None and name in value

    def _listed(self, kind: str) -> list[Json] | None:
        known = self.capabilities.get(kind)
        value = known.get("value") if isinstance(known, dict) else None
        return value if isinstance(value, list) else None


def look(connection: Connection, *, moved: bool = False) -> Look:
    """Probe the target with the user's credential; ten requests at most, none of which writes.

    Where the base URL redirects nothing else is sent there. If the run may, it goes on from where
    the redirect leads, once.
    """
    headers: Headers = (
        ("Accept", SCIM_JSON),
        ("User-Agent", "scimproof"),
        ("Authorization", authorization(connection.target.credential)),
    )
    if connection.trouble is not None:
        return Look(trouble=f"{connection.trouble} (target {connection.target.url})")
    try:
        probe = Request("GET", PROBE, headers, None, Step("first look", Certainty.DOC, ()))
        reply = connection.patience.ask(lambda: _first_onward(connection, probe), _told)
    except (Trouble, Blocked) as trouble:
        return _no_answer(connection, trouble)
    if reply.status in FOLLOWED and connection.target.allow_redirect and not moved:
        return _elsewhere(connection, reply)
    simulated = reply.header(SIMULATION) is not None
    if (useless := _useless(connection, reply, headers)) is not None:
        return Look(trouble=useless, simulated=simulated)
    connection.watch(reply.status, "GET", PROBE, headers)
    return replace(_found(connection, headers, reply.header("Server")), simulated=simulated)


def _no_answer(connection: Connection, trouble: Exception) -> Look:
    connection.manners.clock.check()
    url = connection.target.url
    return Look(trouble=f"{trouble}{_advice(trouble, url)} (target {url})")


def _useless(connection: Connection, reply: Reply, headers: Headers) -> str | None:
    """Return why nothing can be judged by this answer to the first request, None where it can."""
    why = (
        _refusal(reply.status, reply.body, reply.header("Location"), connection)
        or _only_pages(connection, reply, headers)
        or _nothing_here(connection, reply.status, headers)
    )
    if why and not (200 <= reply.status < 300 and _is_scim(connection, headers)):
        return why
    return None


def _first(connection: Connection, probe: Request) -> Reply:
    """Send the first request; a connection that breaks at once may have been bad luck."""
    for pause in _PAUSES:
        try:
            return connection.idp_send(probe)
        except Trouble as trouble:
            if not _may_pass(trouble):
                raise
            time.sleep(pause)
    return connection.idp_send(probe)


def _first_onward(connection: Connection, probe: Request) -> Reply:
    """Send the first request, and again where the server wants it repeated below its base URL."""
    return follow(
        connection.target.url,
        probe.target,
        lambda place: _first(connection, replace(probe, target=place)),
        lambda reply: (reply.status, reply.header("Location")),
    )


def _advice(trouble: Exception, url: str) -> str:
    """Return what a user can do about it, where the sentence does not say so by itself."""
    if "certificate required" in str(trouble):
        return " The server wants a certificate of its clients: see SCIM_CLIENT_CERT."
    closed = url.startswith("https:") and "closed the connection" in str(trouble)
    if closed or silences.is_cut(trouble):
        return (
            " It does not say why: perhaps the server wants a certificate of its clients (see "
            "SCIM_CLIENT_CERT), or something in front of it turns the run away."
        )
    return ""


def _may_pass(trouble: Trouble) -> bool:
    """Return whether to ask again: bad luck, a reason that was lost, a server that just starts."""
    return silences.is_luck(trouble) or isinstance(trouble.__cause__, ConnectionRefusedError)


def _told(reply: Reply) -> tuple[int, str | None]:
    return reply.status, reply.header("Retry-After")


def _elsewhere(connection: Connection, reply: Reply) -> Look:
    """Go where a redirect leads and look there, or say why not."""
    asked, endpoint = connection.target.url, PROBE.partition("?")[0]
    location = reply.header("Location")
    try:
        connection.move_to(new_base(connection.target, endpoint, location))
    except (NotFollowed, ValueError) as problem:
        where = f"GET {asked}{endpoint} redirects to {_host(location)}"
        return Look(trouble=f"{where}, and is not followed: {problem}.")
    return look(connection, moved=True)


def _is_scim(connection: Connection, headers: Headers) -> bool:
    """Return whether the configuration shows a SCIM server, whatever it makes of a list of users.

    What is wrong with the list is then for the cases to say.
    """
    config = _get(connection, "/ServiceProviderConfig", headers).document
    return CONFIG_URN in strings(value_at(config, "schemas"))


def _refusal(status: int, body: bytes, location: str | None, connection: Connection) -> str | None:
    where = f"GET {connection.target.url}{PROBE.partition('?')[0]}"
    if 300 <= status < 400:
        return (
            f"{where} redirects to {_host(location)}: this looks like a login page or a moved "
            "address. Give the SCIM base URL itself, or allow it with --scim-allow-redirect."
        )
    if status == 429:
        return f"{where} was answered 429 again and again: the server throttles the run."
    if status in (401, 403):
        return (
            f"{where} answered {status}: the server refuses the credential. Check SCIM_TOKEN and "
            "the authentication kind (SCIM_AUTH=bearer, header or basic)."
        )
    if _is_too_deep(body):
        return f"{where} answered {status} with JSON that is nested too deeply for any reader."
    is_json = _parses(body)
    if status == 404 and not is_json:
        return f"{where} answered 404 without a SCIM error: check the path of the base URL."
    if 200 <= status < 300 and not is_json:
        return f"{where} answered {status} with {_kind(body)}: this is not the SCIM base URL."
    return None


def _only_pages(connection: Connection, reply: Reply, headers: Headers) -> str | None:
    """Return what is wrong where a gateway, or a server that broke down, answers everything."""
    if reply.status < 500 or _parses(reply.body):
        return None
    try:
        config = connection.request("GET", "/ServiceProviderConfig", headers, None)
    except (requests.RequestException, Blocked):
        return None
    if config.status_code < 500 or _parses(config.content):
        return None
    where = f"GET {connection.target.url}{PROBE.partition('?')[0]}"
    return (
        f"{where} answered {reply.status} with {_kind(reply.body)}, and so does "
        "/ServiceProviderConfig: the server is down, or a gateway answers in its place."
    )


def _nothing_here(connection: Connection, status: int, headers: Headers) -> str | None:
    """Return what is wrong where a SCIM server answers 404 to everything: the path is another."""
    if status != HTTPStatus.NOT_FOUND:
        return None
    if any(_get(connection, each, headers).status != status for each in _ANYWHERE):
        return None
    asked = ", ".join(each.partition("?")[0] for each in (PROBE, *_ANYWHERE))
    return (
        f"{connection.target.url} answers 404 to each of {asked}: nothing of SCIM is there. "
        "Check the path of the base URL."
    )


def _kind(body: bytes) -> str:
    if not body.strip():
        return "an empty body"
    return "HTML" if body.lstrip()[:1] == b"<" else "something that is not JSON"


def _is_too_deep(body: bytes) -> bool:
    try:
        json.loads(body)
    except RecursionError:
        return True
    except ValueError:
        return False
    return False


def _parses(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), (dict, list))
    except (ValueError, RecursionError):
        return False


def _host(location: str | None) -> str:
    return (location or "an address it does not name").partition("?")[0][:200]


def _found(connection: Connection, headers: Headers, software: str | None) -> Look:
    found: dict[str, Json] = {}
    config = _get(connection, "/ServiceProviderConfig", headers).document
    for name in ("patch", "bulk", "filter", "changePassword", "sort", "etag"):
        supported = value_at(config, f"{name}.supported")
        found[name] = _known(supported if isinstance(supported, bool) else None)
    types = _get(connection, "/ResourceTypes", headers)
    schemas = _get(connection, "/Schemas", headers)
    # A resource type is known by its name, its id is the server's own (RFC 7643 section 6).
    names = _names(types.document, "name")
    found["resourceTypes"] = _probed(connection, headers) if names is None else _known(names)
    found["schemas"] = _known(_names(schemas.document, "id"))
    urns = _names(types.document, "schema")
    return Look(
        capabilities=found,
        software=software,
        resource_schemas=tuple(map(str, urns)) if isinstance(urns, list) else (),
        extensions=tuple(map(str, _extensions(types.document))),
        cursor=value_at(config, "pagination.cursor") is True if config else None,
        discovers=types.is_there or schemas.is_there,
    )


def _probed(connection: Connection, headers: Headers) -> Json:
    """Return which resource types there are, as far as a read of the groups tells."""
    if _get(connection, GROUPS, headers).status in (404, 501):
        return {"value": ["User"], "origin": "probed"}
    return _known(None)


def _known(value: Json) -> Json:
    return {"value": value, "origin": "unknown" if value is None else "announced"}


def _names(document: dict[str, Json], key: str) -> Json:
    resources = value_at(document, "Resources")
    if not isinstance(resources, list) or not resources:
        return None
    named = [item for item in resources if isinstance(item, dict)]
    return [str(value_at(i, key) or value_at(i, "id") or value_at(i, "name")) for i in named]


def _extensions(types: dict[str, Json]) -> list[Json]:
    listed = [items(value_at(t, "schemaExtensions")) for t in items(value_at(types, "Resources"))]
    return [value_at(each, "schema") for found in listed for each in found]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a discovery endpoint answers; status 0 when no reply came."""

    status: int
    document: dict[str, Json]

    @property
    def is_there(self) -> bool:
        """False where nothing of SCIM answers: a refusal, a redirect, a page of a web site."""
        return bool(self.document) if self.status < 300 else self.status not in _ABSENT


def _read_onward(connection: Connection, target: str, headers: Headers) -> requests.Response:
    return follow(
        connection.target.url,
        target,
        lambda place: connection.request("GET", place, headers, None),
        lambda seen: (seen.status_code, seen.headers.get("Location")),
    )


def _get(connection: Connection, target: str, headers: Headers) -> _Answer:
    try:
        reply = connection.patience.ask(
            lambda: _read_onward(connection, target, headers),
            lambda seen: (seen.status_code, seen.headers.get("Retry-After")),
        )
    except (requests.RequestException, Blocked):
        return _Answer(0, {})
    try:
        body = json.loads(reply.content)
    except (ValueError, RecursionError):
        body = {}
    if isinstance(body, list):  # without the ListResponse around it, which RFC7644-4-8 judges
        body = {"Resources": body} if body else {}
    return _Answer(reply.status_code, body if isinstance(body, dict) else {})
