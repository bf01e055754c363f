"""What strangers try at every endpoint, and what became of the resources that they tried it on."""

from __future__ import annotations

from dataclasses import dataclass

from idp_profiles.model import Json
from suites.client import Seen
from suites.making.lab import Lab
from suites.manners.guard import READ_ONLY
from suites.preflight.capabilities import Capabilities
from suites.values import is_empty
from suites.values import items
from suites.values import value_at
from suites.verbs import Changes
from suites.verbs import Made
from suites.verdicts import NotOffered

Replies = dict[str, Seen]
CHANGED = "Changed by a stranger"


@dataclass(frozen=True, slots=True)
class Visit:
    """What somebody without a right credential was answered, and the resources before and after."""

    reads: Replies
    written: Replies
    user: Made
    user_after: Seen
    group: Made | None
    group_after: Seen | None

    @property
    def writes(self) -> Replies:
        """The replies to what would change something; raises NotOffered where none was tried."""
        if not self.written:
            raise NotOffered(READ_ONLY)
        return self.written

    @property
    def replies(self) -> Replies:
        """All replies by what was asked for."""
        return {**self.reads, **self.written}


def visit(lab: Lab, features: Capabilities, headers: Changes) -> Visit:
    """Try everything with these headers in place of the right ones."""
    user = lab.plain_user()
    # A check that is missing is missing for whoever has no credential; one visit to groups will do.
    whole = headers["Authorization"] is None
    group = lab.group() if whole and features.has("groups") else None
    reads = _reads(lab, user, group, headers)
    writes = {} if lab.target.read_only else _writes(lab, user, group, headers)
    after = lab.read(user)
    return Visit(reads, writes, user, after, group, lab.read(group) if group else None)


def _reads(lab: Lab, user: Made, group: Made | None, headers: Changes) -> Replies:
    scim = lab.scim
    request: Json = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}
    found = {
        "users": scim.get("/Users", headers=headers, count=1),
        "user": scim.get(user, headers=headers),
        "search": scim.post("/Users/.search", request, headers=headers),
    }
    if headers["Authorization"] is None:
        paths = ("/Me", "/ServiceProviderConfig", "/ResourceTypes", "/Schemas")
        found |= {path: scim.get(path, headers=headers) for path in paths}
    if group is not None:
        found["groups"] = scim.get("/Groups", headers=headers, count=1)
        found["group"] = scim.get(group, headers=headers)
    return found


def _writes(lab: Lab, user: Made, group: Made | None, headers: Changes) -> Replies:
    scim = lab.scim
    change: Json = {"op": "replace", "path": "displayName", "value": CHANGED}
    body = {**user.stored, "displayName": CHANGED}
    found = {
        "put user": scim.put(user, body, headers=headers),
        "patch user": scim.patch(user, change, headers=headers),
        "bulk": scim.bulk(
            {"method": "PUT", "path": user.path, "data": body}, failOnErrors=1, headers=headers
        ),
        "delete user": scim.delete(user, headers=headers),
        "post user": scim.post("/Users", newcomer(lab), headers=headers),
    }
    if group is not None:
        found["patch group"] = scim.patch(group, change, headers=headers)
    return found


def newcomer(lab: Lab) -> dict[str, Json]:
    """Return the body of a plain user who does not exist yet."""
    name = lab.people.person().user_name
    whole = lab.user_bodies({"schemas": [_USER], "userName": name, "displayName": "A newcomer"})
    return whole[0]


_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
_DISCOVERY = ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas")


def shown(reads: Replies) -> list[str]:
    """Return which of the reads were answered with resources; discovery may be open to all."""
    return [
        name for name, reply in reads.items() if name not in _DISCOVERY and shows_resource(reply)
    ]


def shows_resource(reply: Seen) -> bool:
    """Return whether a reply holds a resource, or a list with one."""
    if not 200 <= reply.status < 300:
        return False
    body = reply.object()
    listed = [each for each in items(value_at(body, "Resources")) if isinstance(each, dict)]
    whole = [body, *listed]
    return any(not is_empty(value_at(each, "id")) for each in whole)
