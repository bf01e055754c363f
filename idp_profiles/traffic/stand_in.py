"""A small SCIM server in memory that a profile can play against: it accepts whatever is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Mapping
from urllib.parse import unquote_plus

from idp_profiles.elsewhere import is_elsewhere
from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.wire import member

_LITERAL = re.compile(r'"((?:\\.|[^"\\])*)"')
_DISCOVERY: dict[str, list[Json]] = {
    "ResourceTypes": [
        {"id": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User"}
    ],
    "Schemas": [
        {"id": "urn:ietf:params:scim:schemas:core:2.0:User", "name": "User", "attributes": []}
    ],
}
_FEATURES = ("patch", "bulk", "filter", "changePassword", "sort", "etag")


class StandIn:
    """Keeps what it is sent, finds it again by any of its texts, and never refuses."""

    def __init__(self, listed: Mapping[str, list[Json]]) -> None:
        self._discovery = {**_DISCOVERY, **listed}
        self._stores: dict[str, dict[str, dict[str, Json]]] = {}
        self._count = 0

    def keep(self, endpoint: str, resource: dict[str, Json]) -> None:
        """Take a resource in that somebody else made."""
        self._stores.setdefault(endpoint, {})[str(resource.get("id"))] = resource

    def __call__(self, request: Request) -> Reply:
        """Return an answer to a profile's request."""
        if is_elsewhere(request):
            return _reply(
                200, {"access_token": "stand-in", "token_type": "Bearer", "expires_in": 3600}
            )
        path, _, query = request.target.partition("?")
        endpoint, _, key = path.strip("/").partition("/")
        serve: dict[str, Callable[[str, str, Json], Reply]] = {
            "POST": self._create,
            "PUT": self._replace,
            "PATCH": self._patch,
            "DELETE": self._delete,
        }
        if request.method in serve:
            body: Json = json.loads(request.body) if request.body else None
            return serve[request.method](endpoint, unquote_plus(key), body)
        return self._read(endpoint, unquote_plus(key), query)

    def _create(self, endpoint: str, key: str, body: Json) -> Reply:
        del key
        self._count += 1
        given = body if isinstance(body, dict) else {}
        kept = {name: value for name, value in given.items() if name != "password"}
        made = {**kept, "id": f"stand-in-{self._count}"}
        self.keep(endpoint, made)
        return _reply(201, made)

    def _replace(self, endpoint: str, key: str, body: Json) -> Reply:
        self.keep(endpoint, {**(body if isinstance(body, dict) else {}), "id": key})
        return _reply(200, self._stores[endpoint][key])

    def _patch(self, endpoint: str, key: str, body: Json) -> Reply:
        resource = self._stores.setdefault(endpoint, {}).setdefault(key, {"id": key})
        listed = member(body, "Operations") if isinstance(body, dict) else None
        for operation in listed if isinstance(listed, list) else []:
            if isinstance(operation, dict):
                _apply(resource, operation)
        return _reply(200, resource)

    def _delete(self, endpoint: str, key: str, body: Json) -> Reply:
        del body
        self._stores.get(endpoint, {}).pop(key, None)
        return Reply(204, "No Content")

    def _read(self, endpoint: str, key: str, query: str) -> Reply:
        if endpoint == "ServiceProviderConfig":
            return _reply(200, {name: {"supported": True} for name in _FEATURES})
        store = self._stores.get(endpoint, {})
        if key:
            found = store.get(key)
            return _reply(404, {"status": "404"}) if found is None else _reply(200, found)
        parameters = dict(one.partition("=")[::2] for one in query.split("&"))
        everything: list[Json] = [*self._discovery.get(endpoint, []), *store.values()]
        if "filter" in parameters:
            everything = _matches(everything, unquote_plus(parameters["filter"]))
        return _reply(200, _page(everything, parameters))


def _page(resources: list[Json], parameters: dict[str, str]) -> Json:
    start = max(1, _number(parameters.get("startIndex", ""), 1))
    shown = resources[start - 1 : start - 1 + _number(parameters.get("count", ""), 100)]
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": len(resources),
        "startIndex": start,
        "itemsPerPage": len(shown),
        "Resources": shown,
    }


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() else otherwise


def _matches(resources: list[Json], wanted: str) -> list[Json]:
    """Return the resources that hold every literal of a filter somewhere."""
    found = [re.sub(r"\\(.)", r"\1", text) for text in _LITERAL.findall(wanted)]
    texts = {json.loads(f'"{text}"').casefold() if "\\" in text else text for text in found}
    held = [(one, {text.casefold() for text in _texts(one)}) for one in resources]
    return [one for one, inside in held if {text.casefold() for text in texts} <= inside]


def _texts(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value]
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in below for text in _texts(item)]


def _apply(resource: dict[str, Json], operation: dict[str, Json]) -> None:
    """Apply an operation as far as a profile's next question can tell."""
    path, value = member(operation, "path"), member(operation, "value")
    if not isinstance(path, str):
        resource.update(value if isinstance(value, dict) else {})
    elif path == "active":
        resource["active"] = value in (True, "True", "true")
    elif path == "members" and str(member(operation, "op")).lower() == "add":
        present = resource.get("members")
        listed = present if isinstance(present, list) else []
        resource["members"] = [*listed, *(value if isinstance(value, list) else [value])]
    elif "[" not in path and "." not in path and not path.lower().startswith("urn:"):
        resource[path] = value


def _reply(status: int, body: Json) -> Reply:
    headers = (("Content-Type", "application/scim+json"),)
    return Reply(status, "", headers, json.dumps(body).encode())
