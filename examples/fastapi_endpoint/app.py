"""A SCIM endpoint for people, made with FastAPI: an ASGI application with a lifespan.

What it keeps is made when the application starts, and closed when it ends. It takes lookups with
`eq`, create, replace, PATCH of whole attributes, and delete; passwords it takes and forgets.
"""

from __future__ import annotations

import hmac
import os
import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from typing import Any

from fastapi import APIRouter
from fastapi import Depends
from fastapi import FastAPI
from fastapi import HTTPException
from fastapi import Request
from fastapi import Response
from fastapi.responses import JSONResponse

Json = dict[str, Any]
URN = "urn:ietf:params:scim:api:messages:2.0"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


class ScimResponse(JSONResponse):
    """JSON with the media type of SCIM (RFC 7644 section 3.1)."""

    media_type = "application/scim+json"


class Refused(Exception):
    """An error of SCIM (RFC 7644 section 3.12)."""

    def __init__(self, status: int, detail: str, kind: str = "") -> None:
        self.status = status
        self.body = {"schemas": [f"{URN}:Error"], "status": str(status), "detail": detail}
        self.body |= {"scimType": kind} if kind else {}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, dict[str, Json]]]:
    """Open what the application keeps; a real one would open its database here."""
    users: dict[str, Json] = {}
    yield {"users": users}
    users.clear()


def known(request: Request) -> dict[str, Json]:
    """Return the users, or refuse who has not the token."""
    sent, right = request.headers.get("Authorization", ""), os.environ["SCIM_TOKEN"]
    if not hmac.compare_digest(sent.encode(), f"Bearer {right}".encode()):
        raise Refused(401, "The bearer token is missing or wrong.")
    users: dict[str, Json] = request.state.users
    return users


Users = Annotated[dict[str, Json], Depends(known)]
router = APIRouter(prefix="/scim/v2/Users", default_response_class=ScimResponse)


@router.get("")
async def find(users: Users, request: Request) -> Json:
    """Return a page of the users that a filter finds."""
    asked, found = request.query_params, list(users.values())
    if text := asked.get("filter"):
        parts = re.fullmatch(r'(\w+) eq ("(?:[^"\\]|\\.)*"|true|false)', text)
        if parts is None:
            raise Refused(400, "Only `attribute eq value` can be asked for.", "invalidFilter")
        name, value = parts[1], parts[2].strip('"').lower()
        found = [each for each in found if str(each.get(name)).lower() == value]
    start = max(1, number(asked.get("startIndex", "1")))
    page = found[start - 1 :][: max(0, number(asked.get("count", "100")))]
    paging = {"totalResults": len(found), "startIndex": start, "itemsPerPage": len(page)}
    return {"schemas": [f"{URN}:ListResponse"], **paging, "Resources": page}


@router.post("", status_code=201)
async def create(users: Users, request: Request, response: Response) -> Json:
    """Keep a new user."""
    user = saved(users, await sent_object(request), str(uuid.uuid4()), request)
    response.headers["Location"] = user["meta"]["location"]
    return user


@router.get("/{key}")
async def read(users: Users, key: str) -> Json:
    """Return one user."""
    return one(users, key)


@router.put("/{key}")
async def replace(users: Users, key: str, request: Request) -> Json:
    """Keep what a user is from now on."""
    one(users, key)
    return saved(users, await sent_object(request), key, request)


@router.patch("/{key}")
async def change(users: Users, key: str, request: Request) -> Json:
    """Change attributes of a user, by a path or by an object of them."""
    user, message = one(users, key), await sent_object(request)
    operations = message.get("Operations")
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations):
        raise Refused(400, "The Operations are no list of objects.", "invalidSyntax")
    for each in operations:
        value, path = each.get("value"), each.get("path")
        if not isinstance(value if path is None else path, dict if path is None else str):
            raise Refused(400, "A path is a text; without one the value is an object.")
        user = user | (value if path is None else {path: value})
    return saved(users, user, key, request)


@router.delete("/{key}", status_code=204, response_class=Response)
async def delete(users: Users, key: str) -> None:
    """Forget a user."""
    del users[one(users, key)["id"]]


def saved(users: dict[str, Json], sent: Json, key: str, request: Request) -> Json:
    """Keep a user, or refuse it."""
    name = sent.get("userName")
    if not isinstance(name, str) or not name.strip():
        raise Refused(400, "userName is missing.", "invalidValue")
    others = (each for each in users.values() if each["id"] != key)
    if any(each["userName"].lower() == name.lower() for each in others):
        raise Refused(409, f"There is a {name!r} already.", "uniqueness")
    place = f"{request.base_url}scim/v2/Users/{key}"
    kept = {name: value for name, value in sent.items() if value is not None and name != "password"}
    users[key] = kept | {"schemas": [USER], "id": key}
    users[key]["meta"] = {"resourceType": "User", "location": place}
    return users[key]


def one(users: dict[str, Json], key: str) -> Json:
    """Return a user, or refuse."""
    if key not in users:
        raise Refused(404, f"There is no user {key!r}.")
    return users[key]


async def sent_object(request: Request) -> Json:
    """Return the JSON object that was sent, whatever its media type is called."""
    try:
        sent = await request.json()
    except ValueError:
        sent = None
    if not isinstance(sent, dict):
        raise Refused(400, "The body is no JSON object.", "invalidSyntax")
    return sent


def number(text: str) -> int:
    """Return a number of the query string, or refuse."""
    if not text.lstrip("-").isdecimal():
        raise Refused(400, f"{text!r} is no number.", "invalidValue")
    return int(text)


app = FastAPI(lifespan=lifespan, openapi_url=None)
app.include_router(router)


@app.exception_handler(Refused)
async def refused(request: Request, why: Refused) -> ScimResponse:
    """Answer an error of SCIM."""
    headers = {"WWW-Authenticate": "Bearer"} if why.status == 401 else None
    return ScimResponse(why.body, why.status, headers)


@app.exception_handler(HTTPException)
@app.exception_handler(404)
async def unknown(request: Request, why: HTTPException) -> ScimResponse:
    """Answer what FastAPI refuses, in the form of SCIM."""
    return await refused(request, Refused(why.status_code, str(why.detail)))
