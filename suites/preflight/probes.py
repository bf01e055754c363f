"""Cautious tries of features that the server does not announce, and may have all the same."""

from __future__ import annotations

from collections.abc import Callable

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.client import Seen
from suites.making.lab import Lab
from suites.reach.connection import authorization
from suites.values import is_empty
from suites.values import items
from suites.values import member
from suites.values import value_at

from .capabilities import Probed

Probe = Callable[[Lab], Probed]
_NOBODY = 'userName eq "scimproof nobody has this name"'


def try_feature(feature: str, lab: Lab) -> Probed:
    """Return whether a feature works; raises Blocked where that cannot be tried."""
    return _PROBES[feature](lab)


def _answered(reply: Seen, what: str) -> Probed:
    """Take a success for a yes."""
    return Probed(200 <= reply.status < 300, f"{what} answered {reply.status}")


def _bulk(lab: Lab) -> Probed:
    """Without operations nothing is changed; a refusal of that is an answer of bulk itself."""
    reply = lab.scim.bulk()
    works = reply.status in (200, 400) and bool(reply.object())
    return Probed(works, f"POST /Bulk answered {reply.status}")


def _change_password(_lab: Lab) -> Probed:
    return Probed(works=False, seen="whether a password was changed cannot be seen")


def _cursor(lab: Lab) -> Probed:
    """A nextCursor comes only where there is a second user."""
    reply = lab.scim.get("/Users?cursor&count=1")
    if value_at(reply.object(), "totalResults") in (0, 1):
        lab.plain_user(key="cursor-a")
        lab.plain_user(key="cursor-b")
        reply = lab.scim.get("/Users?cursor&count=1")
    works = reply.status == 200 and value_at(reply.object(), "nextCursor") is not None
    return Probed(works, f"GET /Users?cursor answered {reply.status} without nextCursor")


def _enterprise(lab: Lab) -> Probed:
    department: Json = {"department": "Tour Operations"}
    made = lab.user(key="enterprise", **{ENTERPRISE_URN: department})
    kept = not is_empty(member(lab.reread(made).value(ENTERPRISE_URN), "department"))
    return Probed(kept, "a department that was sent is not shown")


def _etag(lab: Lab) -> Probed:
    made = lab.user(key="etag")
    reply = lab.scim.get(made)
    return Probed(bool(reply.header("ETag")), f"GET {made.path} has no ETag header")


def _filter(lab: Lab) -> Probed:
    reply = lab.scim.get("/Users", filter=_NOBODY)
    found = items(value_at(reply.object(), "Resources"))
    if reply.status == 200 and found:
        return Probed(works=False, seen="a filter that nothing matches found somebody")
    return _answered(reply, "GET /Users?filter=…")


def _groups(lab: Lab) -> Probed:
    return _answered(lab.scim.get("/Groups", count=1), "GET /Groups")


def _me(lab: Lab) -> Probed:
    """A credential that stands for a user gets one where the server has none of that name."""
    own = lab.target.own_account
    headers = {"Authorization": authorization(own.credential)} if own else None
    reply = lab.scim.get("/Me", headers=headers)
    if own and reply.status == 404:
        lab.plain_user(key="own account", userName=own.user_name)
        reply = lab.scim.get("/Me", headers=headers)
    return Probed(reply.status in (200, 308), f"GET /Me answered {reply.status}")


def _patch(lab: Lab) -> Probed:
    made = lab.user(key="patch")
    change: Json = {"op": "replace", "path": "displayName", "value": "Changed"}
    return _answered(lab.scim.patch(made, change), f"PATCH {made.path}")


def _root_query(lab: Lab) -> Probed:
    reply = lab.scim.get("/", filter=_NOBODY)
    works = reply.status == 200 and value_at(reply.object(), "totalResults") is not None
    return Probed(works, f"GET / answered {reply.status}")


def _search(lab: Lab) -> Probed:
    # One and not none: some servers take a count of 0 for a mistake.
    reply = lab.scim.search("/Users", count=1)
    if reply.status == 200 and value_at(reply.object(), "totalResults") is not None:
        return Probed(works=True, seen="POST /Users/.search answered 200")
    # The cases of the root alone ask there themselves.
    root = lab.scim.search("/", count=1)
    tried = f"POST /Users/.search answered {reply.status}, POST /.search {root.status}"
    return Probed(works=False, seen=tried)


def _sort(lab: Lab) -> Probed:
    """Two orders of the same two users at least have to differ."""
    lab.user(key="sort-a")
    lab.user(key="sort-b")
    orders = []
    for order in ("ascending", "descending"):
        reply = lab.scim.get("/Users", sortBy="userName", sortOrder=order)
        if reply.status != 200:
            return Probed(works=False, seen=f"GET /Users?sortBy=… answered {reply.status}")
        found = items(value_at(reply.object(), "Resources"))
        orders.append([member(each, "id") for each in found])
    return Probed(orders[0] != orders[1], "sortOrder makes no difference")


def _tenants(_lab: Lab) -> Probed:
    return Probed(works=False, seen="the target file names no other tenant")


_PROBES: dict[str, Probe] = {
    "bulk": _bulk,
    "changePassword": _change_password,
    "cursor": _cursor,
    "enterprise": _enterprise,
    "etag": _etag,
    "filter": _filter,
    "groups": _groups,
    "me": _me,
    "patch": _patch,
    "rootQuery": _root_query,
    "search": _search,
    "sort": _sort,
    "tenants": _tenants,
}
