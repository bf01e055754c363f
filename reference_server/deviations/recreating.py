"""Deleting a user and creating it again, as servers do whose ids follow from other attributes."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import objects
from .documents import parse
from .shaping import ask
from .shaping import place
from .shaping import resource_path
from .shaping import with_status
from .writes import patch_body


def recreate(handle: Handler, request: Request, user: Document) -> Response:
    """Give the addressed user another id, keeping all that can be read, memberships too."""
    ask(handle, request, "DELETE", resource_path("Users", place(request).id))
    kept = {key: value for key, value in user.items() if key not in ("id", "meta", "groups")}
    reply = ask(handle, request, "POST", "/Users", body=kept)
    identifier = (parse(reply.body) or {}).get("id")
    for group in objects(user.get("groups")):
        if group.get("type") != "indirect":
            join: Document = {"op": "add", "path": "members", "value": [{"value": identifier}]}
            where = resource_path("Groups", str(group.get("value")))
            ask(handle, request, "PATCH", where, body=patch_body(join))
    return with_status(reply, 200)
