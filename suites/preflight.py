"""One look at the target before the first case: can it be judged at all, and what does it offer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

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

PROBE = "/Users?startIndex=1&count=1"


@dataclass(frozen=True, slots=True)
class Look:
    """What the first look found; `trouble` is the one reason why nothing can be judged."""

    trouble: str | None = None
    capabilities: Mapping[str, Json] = field(default_factory=dict)
    software: str | None = None

    def offers(self, kind: str, name: str) -> bool:
        """Return whether discovery (`resourceTypes`, `schemas`) lists a name; True if unknown."""
        known = self.capabilities.get(kind)
        value = known.get("value") if isinstance(known, dict) else None
        return name in value if isinstance(value, list) else True


def look(connection: Connection) -> Look:
    """Probe the target with the user's credential; four requests at most, none of which writes."""
    headers: Headers = (
        ("Accept", SCIM_JSON),
        ("User-Agent", "scimproof"),
        ("Authorization", authorization(connection.target.credential)),
    )
    step = Step("first look", Certainty.DOC, ())
    try:
        reply = connection.idp_send(Request("GET", PROBE, headers, None, step))
    except Trouble as trouble:
        return Look(trouble=f"{trouble} (target {connection.target.url})")
    trouble_text = _refusal(reply.status, reply.body, reply.header("Location"), connection)
    if trouble_text:
        return Look(trouble=trouble_text)
    return Look(capabilities=_capabilities(connection, headers), software=reply.header("Server"))


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


def _capabilities(connection: Connection, headers: Headers) -> dict[str, Json]:
    found: dict[str, Json] = {}
    config = _get(connection, "/ServiceProviderConfig", headers)
    for name in ("patch", "bulk", "filter", "changePassword", "sort", "etag"):
        part = config.get(name)
        supported = part.get("supported") if isinstance(part, dict) else None
        found[name] = _known(supported if isinstance(supported, bool) else None)
    # A resource type is known by its name, its id is the server's own (RFC 7643 section 6).
    found["resourceTypes"] = _known(_names(_get(connection, "/ResourceTypes", headers), "name"))
    found["schemas"] = _known(_names(_get(connection, "/Schemas", headers), "id"))
    return found


def _known(value: Json) -> Json:
    return {"value": value, "origin": "unknown" if value is None else "announced"}


def _names(document: dict[str, Json], key: str) -> Json:
    resources = document.get("Resources")
    if not isinstance(resources, list) or not resources:
        return None
    named = [item for item in resources if isinstance(item, dict)]
    return [str(item.get(key) or item.get("id") or item.get("name")) for item in named]


def _get(connection: Connection, target: str, headers: Headers) -> dict[str, Json]:
    try:
        body = json.loads(connection.request("GET", target, headers, None).content)
    except (requests.RequestException, ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
