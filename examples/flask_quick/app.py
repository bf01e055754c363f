"""A SCIM endpoint for people in sixty lines of Flask; everything is kept in memory."""

import os
import re
import uuid

from flask import Flask, Response, abort, json, request
from werkzeug.exceptions import HTTPException

app, users, URN = Flask(__name__), {}, "urn:ietf:params:scim:api:messages:2.0"


def scim(body, status=200):
    return Response(json.dumps(body), status, content_type="application/scim+json")


@app.before_request
def authorise():
    if request.headers.get("Authorization") != f"Bearer {os.environ['SCIM_TOKEN']}":
        abort(401, "The bearer token is missing or wrong.")


@app.errorhandler(HTTPException)
def refused(why):
    body = {"schemas": [f"{URN}:Error"], "status": str(why.code), "detail": why.description}
    return scim(body, why.code)


def save(user, key):
    name = user.get("userName") or abort(400, "userName is missing.")
    if any(each["userName"].lower() == name.lower() and at != key for at, each in users.items()):
        abort(409, f"There is a {name!r} already.")
    place = f"{request.host_url}scim/v2/Users/{key}"
    users[key] = user | {"id": key, "meta": {"resourceType": "User", "location": place}}
    return users[key]


@app.route("/scim/v2/Users", methods=["GET", "POST"])
def everybody():
    if request.method == "POST":
        return scim(save(request.get_json(force=True), str(uuid.uuid4())), 201)
    found, start = list(users.values()), request.args.get("startIndex", 1, int)
    if text := request.args.get("filter"):
        asked = re.fullmatch(r'(\w+) eq "(.*)"', text) or abort(400, "Only eq can be asked for.")
        found = [each for each in found if str(each.get(asked[1])).lower() == asked[2].lower()]
    page = found[start - 1 :][: request.args.get("count", 100, int)]
    paging = {"totalResults": len(found), "startIndex": start, "itemsPerPage": len(page)}
    return scim({"schemas": [f"{URN}:ListResponse"], **paging, "Resources": page})


@app.route("/scim/v2/Users/<key>", methods=["GET", "PUT", "PATCH", "DELETE"])
def one(key):
    user = users.get(key) or abort(404, "There is no such person.")
    if request.method == "DELETE":
        del users[key]
        return Response(status=204)
    sent = request.get_json(force=True) if request.data else {}
    for each in sent.get("Operations", []):
        user = user | ({each["path"]: each.get("value")} if "path" in each else each["value"])
    return scim(save(sent if request.method == "PUT" else user, key))
