"""Requests that would pass for another method, and users who would assign themselves more."""

from __future__ import annotations

from dataclasses import dataclass

from idp_profiles.model import Json
from suites.client import Seen
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.security.visits import Replies
from suites.security.visits import newcomer
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import Unanswered

OVERRIDES = {
    "X-HTTP-Method-Override": "DELETE",
    "X-HTTP-Method": "DELETE",
    "X-Method-Override": "DELETE",
}
MARK = "X-Scimproof-Trace"
FALSE_ID = "scimproof-chosen-id"


@dataclass(frozen=True, slots=True)
class Disguise:
    """A user, the requests that would pass for a DELETE of it, and the user after them."""

    user: Made
    replies: Replies
    after: Seen


def by_get(lab: Lab) -> Disguise:
    """Ask for a user by GET with everything that says DELETE."""
    made = lab.plain_user()
    replies = {
        "headers": lab.scim.get(made, headers=OVERRIDES),
        "query": lab.scim.get(f"{made.path}?_method=DELETE&method=DELETE"),
    }
    return Disguise(made, replies, lab.read(made))


def by_post(lab: Lab) -> Disguise:
    """Send a POST to a user with everything that says DELETE."""
    made = lab.plain_user()
    body: Json = {}
    replies = {
        "headers": lab.scim.post(made, body, headers=OVERRIDES),
        "query": lab.scim.post(f"{made.path}?_method=DELETE", body),
    }
    return Disguise(made, replies, lab.read(made))


@dataclass(frozen=True, slots=True)
class Claim:
    """A user who claims another id, other times and a group, and who has what after that."""

    victim: Made
    victim_after: Seen
    own: Made
    replies: Replies
    group: Made | None
    group_after: Seen | None
    ids: tuple[str, ...]


def claim(lab: Lab, features: Capabilities) -> Claim:
    """Create, replace and patch users with an id, meta and groups of the client's choice."""
    victim, own = lab.plain_user(key="victim"), lab.plain_user(key="own")
    group = lab.group() if features.has("groups") else None
    listed: Json = [{"value": group.id}] if group else []
    meta: Json = {"created": "1999-12-31T23:59:59Z", "resourceType": "Printer"}
    wish: dict[str, Json] = {"id": victim.id, "meta": meta, "groups": listed}
    posted = lab.scim.post("/Users", {**newcomer(lab), **wish})
    replies = {
        "post": posted,
        "put": lab.scim.put(own, {**own.stored, "id": FALSE_ID, "meta": meta, "groups": listed}),
        "after put": lab.read(own),
        "patch": lab.scim.patch(
            own,
            {"op": "replace", "value": {"id": FALSE_ID, "meta": meta}},
        ),
        "after": lab.read(own),
    }
    made = str(posted.object().get("id"))
    after = lab.read(group) if group else None
    return Claim(victim, lab.read(victim), own, replies, group, after, (own.id, made))


def traced(lab: Lab) -> Seen:
    """Send TRACE with a header of our own; RFC 9110 section 9.3.8 forbids to add a credential.

    Raises Blocked where no reply comes, and says whether the server was gone after it: one that
    died of a request cannot be told from one that somebody has just stopped.
    """
    try:
        return lab.scim.ask(
            "TRACE", "/Users", headers={"Authorization": None, MARK: "scimproof-mark"}
        )
    except Unanswered as broken:
        if broken.entry is None or not _is_gone(lab):
            raise
        reason = f"{broken.reason}, and afterwards the server was gone: perhaps TRACE stops it"
        raise Blocked(reason, entry=broken.entry) from broken


def _is_gone(lab: Lab) -> bool:
    """Return whether a plain request that comes now has no reply either."""
    try:
        lab.scim.get("/ServiceProviderConfig")
    except Unanswered:
        return True
    return False


def unknown_methods(lab: Lab, user: Made) -> Replies:
    """Ask for users without a credential by methods that a check may have forgotten."""
    without = {"Authorization": None}
    return {method: lab.scim.ask(method, user, headers=without) for method in ("SCIMPROOF", "HEAD")}
