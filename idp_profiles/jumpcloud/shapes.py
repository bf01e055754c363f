"""What JumpCloud demands of a reply: an id that is a text, and attributes of the right JSON type.

A wrong type anywhere makes its test run fail, as a program with typed structures does.
"""

from __future__ import annotations

from collections.abc import Mapping

from idp_profiles.asking import object_of
from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.wire import member

from .console import Complaint

_TYPES: Mapping[str, tuple[type, str]] = {
    "schemas": (list, "an array"),
    "externalId": (str, "a string"),
    "userName": (str, "a string"),
    "displayName": (str, "a string"),
    "active": (bool, "true or false"),
    "name": (dict, "an object"),
    "emails": (list, "an array"),
    "phoneNumbers": (list, "an array"),
    "addresses": (list, "an array"),
    "photos": (list, "an array"),
    "members": (list, "an array"),
}


def resource_of(request: Request, reply: Reply, complaint: Complaint) -> dict[str, Json]:
    """Return the resource in a reply, or stop."""
    return checked(object_of(request, reply, complaint), request, reply, complaint)


def first_of(request: Request, reply: Reply, complaint: Complaint) -> dict[str, Json] | None:
    """Return the first resource of a list, None when it is empty; stops at anything else."""
    body = object_of(request, reply, complaint)
    found = member(body, "Resources")
    if not found and not member(body, "totalResults"):
        return None
    first = found[0] if isinstance(found, list) and found else None
    if isinstance(first, dict):
        return checked(first, request, reply, complaint)
    raise complaint.refused(reply, f"the reply to {request.target} names a match but shows none")


def checked(
    resource: dict[str, Json], request: Request, reply: Reply, complaint: Complaint
) -> dict[str, Json]:
    """Return the resource when its id is a text and nothing known has a wrong type."""
    asked = f"{request.method} {request.target}"
    found = member(resource, "id")
    if not isinstance(found, str) or not found:
        because = f"the id in the reply to {asked} is {found!r}; JumpCloud needs a string"
        raise complaint.refused(reply, because)
    for name, (kind, wanted) in _TYPES.items():
        value = member(resource, name)
        if value is not None and not isinstance(value, kind):
            because = f"{name} in the reply to {asked} is {value!r}; JumpCloud needs {wanted}"
            raise complaint.refused(reply, because)
    return resource


def id_of(resource: Mapping[str, Json]) -> str:
    """Return the id of a checked resource."""
    return str(member(resource, "id"))
