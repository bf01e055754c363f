"""One look at the target before the first case: can it be judged at all, and what does it offer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

import requests

from idp_profiles.model import Certainty
from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import Trouble

from .client import SCIM_JSON
from .connection import Connection
from .connection import authorization
from .values import items
from .values import strings
from .values import value_at

CONFIG_URN = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
PROBE = "/Users?startIndex=1&count=1"
GROUPS = "/Groups?startIndex=1&count=1"
SIMULATION = "X-Scimproof-Simulation"  # what every reply of a simulated product carries
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


def look(connection: Connection) -> Look:
    """Probe the target with the user's credential; six requests at most, none of which writes."""
    headers: Headers = (
        ("Accept", SCIM_JSON),
        ("User-Agent", "scimproof"),
        ("Authorization", authorization(connection.target.credential)),
    )
    if connection.trouble is not None:
        return Look(trouble=f"{connection.trouble} (target {connection.target.url})")
    step = Step("first look", Certainty.DOC, ())
    try:
        reply = connection.idp_send(Request("GET", PROBE, headers, None, step))
    except Trouble as trouble:
        return Look(trouble=f"{trouble} (target {connection.target.url})")
    simulated = reply.header(SIMULATION) is not None
    trouble_text = _refusal(reply.status, reply.body, reply.header("Location"), connection)
    if trouble_text and not (200 <= reply.status < 300 and _is_scim(connection, headers)):
        return Look(trouble=trouble_text, simulated=simulated)
    return replace(_found(connection, headers, reply.header("Server")), simulated=simulated)


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
            "address. Give the SCIM base URL itself."
        )
    if status in (401, 403):
        return (
            f"{where} answered {status}: the server refuses the credential. Check SCIM_TOKEN and "
            "the authentication kind (SCIM_AUTH=bearer, header or basic)."
        )
    is_json = _parses(body)
    if status == 404 and not is_json:
        return f"{where} answered 404 without a SCIM error: check the path of the base URL."
    if 200 <= status < 300 and not is_json:
        kind = "HTML" if body.lstrip()[:1] == b"<" else "something that is not JSON"
        return f"{where} answered {status} with {kind}: this is not the SCIM base URL."
    return None


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


def _get(connection: Connection, target: str, headers: Headers) -> _Answer:
    try:
        reply = connection.request("GET", target, headers, None)
    except requests.RequestException:
        return _Answer(0, {})
    try:
        body = json.loads(reply.content)
    except (ValueError, RecursionError):
        body = {}
    return _Answer(reply.status_code, body if isinstance(body, dict) else {})
