"""A small SCIM 2.0 endpoint for users, made with Flask; everything is kept in memory.

It takes what identity providers send about people: lookups with `eq`, create, replace, PATCH with
value filters, delete. It has no groups, no sorting, no ETags and no Bulk, and says so.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterable
from datetime import UTC
from datetime import datetime

from flask import Flask
from flask import Response
from flask import json
from flask import request
from patching import apply
from patching import matching
from schema import ENTERPRISE
from schema import USER
from schema import Json
from schema import Refused
from schema import documents
from schema import kept
from schema import same
from schema import spelled
from werkzeug.exceptions import HTTPException

BASE = "/scim/v2"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
MOST = 100


def create_app(tokens: set[str]) -> Flask:
    """Return the application; whoever has one of the tokens may do everything."""
    app = Flask(__name__)
    users: dict[str, Json] = {}

    @app.before_request
    def authorise() -> None:
        sent = request.headers.get("Authorization", "").encode()
        if not any(hmac.compare_digest(sent, f"Bearer {token}".encode()) for token in tokens):
            raise Refused(401, "The bearer token is missing or wrong.")

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        body = {"schemas": [ERROR], "status": str(error.status), "detail": error.detail}
        return scim(body | ({"scimType": error.kind} if error.kind else {}), error.status)

    @app.errorhandler(HTTPException)
    def unknown(error: HTTPException) -> Response:
        return refused(Refused(error.code or 500, error.description or error.name))

    @app.get(f"{BASE}/Users")
    def listed() -> Response:
        found = matching(map(shown, users.values()), request.args.get("filter"))
        start = max(1, number("startIndex", 1))
        page = found[start - 1 :][: min(MOST, max(0, number("count", MOST)))]
        return list_of([projected(user) for user in page], len(found), start)

    @app.post(f"{BASE}/Users")
    def created() -> Response:
        user, now = checked(sent_object(), users), moment()
        user |= {"id": str(uuid.uuid4()), "meta": {"created": now, "lastModified": now}}
        users[user["id"]] = user
        return one(user, 201)

    @app.get(f"{BASE}/Users/<key>")
    def read(key: str) -> Response:
        return one(known(users, key))

    @app.put(f"{BASE}/Users/<key>")
    def replaced(key: str) -> Response:
        return stored(users, known(users, key), sent_object())

    @app.patch(f"{BASE}/Users/<key>")
    def patched(key: str) -> Response:
        user = known(users, key)
        return stored(users, user, apply(user, sent_object()))

    @app.delete(f"{BASE}/Users/<key>")
    def deleted(key: str) -> Response:
        del users[known(users, key)["id"]]
        return Response(status=204)

    app.get(f"{BASE}/ServiceProviderConfig")(config)
    app.get(f"{BASE}/<any(Schemas, ResourceTypes):kind>")(discovery)
    app.get(f"{BASE}/<any(Schemas, ResourceTypes):kind>/<key>")(discovery)
    return app


def stored(users: dict[str, Json], user: Json, wanted: Json) -> Response:
    """Keep what a user is to be from now on; nothing changes when that cannot be."""
    new = checked(wanted, users, user["id"]) | {"id": user["id"], "meta": user["meta"]}
    if new != user:
        new["meta"] = user["meta"] | {"lastModified": moment()}
        users[user["id"]] = new
    return one(new)


def checked(sent: Json, users: dict[str, Json], key: str = "") -> Json:
    """Return what is kept of a user, or refuse it."""
    user = kept(sent)
    name = user.get("userName", "")
    if not name.strip():
        raise Refused(400, "userName is missing.", "invalidValue")
    if any(same(each["userName"]) == same(name) and each["id"] != key for each in users.values()):
        raise Refused(409, f"The userName {name!r} is taken.", "uniqueness")
    return user


def known(users: dict[str, Json], key: str) -> Json:
    """Return a user, or refuse."""
    if key not in users:
        raise Refused(404, f"There is no user {key!r}.")
    return users[key]


def shown(user: Json) -> Json:
    """Return a user as the world sees it."""
    place = f"{request.host_url.rstrip('/')}{BASE}/Users/{user['id']}"
    schemas = [USER, *([ENTERPRISE] if ENTERPRISE in user else [])]
    meta = user["meta"] | {"resourceType": "User", "location": place}
    return {"schemas": schemas} | user | {"meta": meta}


def projected(user: Json) -> Json:
    """Return what `attributes` and `excludedAttributes` leave of a user (RFC 7644, 3.4.2.5)."""
    wanted, unwanted = (
        [name.strip().split(".") for name in request.args.get(key, "").split(",") if name.strip()]
        for key in ("attributes", "excludedAttributes")
    )
    always = {name: user[name] for name in ("schemas", "id")}
    if wanted:
        return always | picked(user, map(bare, wanted))
    for path in map(bare, unwanted):
        user = without(user, path)
    return user | always


def bare(path: list[str]) -> list[str]:
    """Return a path without the URN of the schema, whose dots have parted it as well."""
    whole = ".".join(path)
    for urn in (USER, ENTERPRISE):
        if whole.lower().startswith(f"{urn.lower()}:"):
            rest = whole[len(urn) + 1 :].split(".")
            return rest if urn == USER else [urn, *rest]
    return [ENTERPRISE] if whole.lower() == ENTERPRISE.lower() else path


def picked(holder: Json, paths: Iterable[list[str]]) -> Json:
    """Return of an object what some paths lead to."""
    found: Json = {}
    for name, *rest in paths:
        name = spelled(holder, name)
        value = holder.get(name)
        if rest and isinstance(value, list):
            value = [picked(row, [rest]) for row in value]
        elif rest and isinstance(value, dict):
            value = found.get(name, {}) | picked(value, [rest])
        if value is not None:
            found[name] = value
    return found


def without(holder: Json, path: list[str]) -> Json:
    """Return an object without what a path leads to."""
    name, *rest = path
    name = spelled(holder, name)
    value = holder.get(name)
    if not rest:
        return {key: each for key, each in holder.items() if key != name}
    if isinstance(value, list):
        return holder | {name: [without(row, rest) for row in value]}
    return holder | {name: without(value, rest)} if isinstance(value, dict) else holder


def config() -> Response:
    """Return what the endpoint can do (RFC 7643 section 5)."""
    no, yes = {"supported": False}, {"supported": True}
    offers = {"patch": yes, "filter": yes | {"maxResults": MOST}, "sort": no, "etag": no}
    offers |= {"bulk": no | {"maxOperations": 0, "maxPayloadSize": 0}, "changePassword": no}
    way = {"type": "oauthbearertoken", "name": "Bearer token", "description": "A fixed token"}
    place = {"resourceType": "ServiceProviderConfig", "location": request.base_url}
    rest = {"authenticationSchemes": [way], "meta": place}
    return scim({"schemas": [f"{CORE}ServiceProviderConfig"], **offers, **rest})


def discovery(kind: str, key: str = "") -> Response:
    """Return the schemas or the resource types, or one of them (RFC 7644 section 4)."""
    if "filter" in request.args:
        raise Refused(403, "What can be discovered is not filtered.")
    extension = [{"schema": ENTERPRISE, "required": False}]
    user: Json = {"schemas": [f"{CORE}ResourceType"], "id": "User", "name": "User"}
    types = [user | {"endpoint": "/Users", "schema": USER, "schemaExtensions": extension}]
    found = documents() if kind == "Schemas" else types
    for each in found:
        place = f"{request.host_url.rstrip('/')}{BASE}/{kind}/{each['id']}"
        each["meta"] = {"resourceType": kind.removesuffix("s"), "location": place}
    if not key:
        return list_of(found, len(found), 1)
    for each in found:
        if each["id"] == key:
            return scim(each)
    raise Refused(404, f"There is no {key!r} among the {kind}.")


def sent_object() -> Json:
    """Return the JSON object that was sent, whatever its media type is called."""
    try:
        sent = request.get_json(force=True, silent=True)
    except RecursionError:
        sent = None
    if not isinstance(sent, dict):
        raise Refused(400, "The body is no JSON object.", "invalidSyntax")
    return sent


def number(name: str, usual: int) -> int:
    """Return a number of the query string, or refuse."""
    try:
        return int(request.args.get(name, usual))
    except ValueError:
        raise Refused(400, f"{name} is no number.", "invalidValue") from None


def moment() -> str:
    """Return the present time."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def one(user: Json, status: int = 200) -> Response:
    """Return one user."""
    whole = shown(user)
    reply = scim(projected(whole), status)
    reply.headers["Location"] = whole["meta"]["location"]
    return reply


def list_of(resources: list[Json], total: int, start: int) -> Response:
    """Return one page of a list."""
    paging = {"totalResults": total, "startIndex": start, "itemsPerPage": len(resources)}
    return scim({"schemas": [LIST], **paging, "Resources": resources})


def scim(body: Json, status: int = 200) -> Response:
    """Return a SCIM reply."""
    reply = Response(json.dumps(body), status, mimetype="application/scim+json")
    if status == 401:
        reply.headers["WWW-Authenticate"] = "Bearer"
    return reply
