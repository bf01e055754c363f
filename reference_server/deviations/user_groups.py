"""Deviations of memberships as users show them: groups that stay, and how each is named."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json

from .documents import Document
from .documents import objects
from .registry import deviation
from .shaping import edit_resources
from .shaping import on
from .shaping import values_of

_USERS = on("GET POST PUT PATCH", "Users")


@deviation("user-groups-stay", area="users")
def user_groups_stay(handle: Handler) -> Handler:
    """Go on showing a group of which the user is no member any more."""
    known: dict[str, dict[str, Document]] = {}

    def show(user: Document) -> None:
        seen = known.setdefault(str(user.get("id")), {})
        for each in objects(user.get("groups")):
            seen[str(each.get("value"))] = each
        if seen:
            user["groups"] = [*seen.values()]

    return edit_resources(handle, _USERS, show)


@deviation("user-groups-shown-once", area="users")
def user_groups_shown_once(handle: Handler) -> Handler:
    """Show no group any more to which the user comes back."""
    last: dict[str, set[str]] = {}
    left: dict[str, set[str]] = {}

    def show(user: Document) -> None:
        me = str(user.get("id"))
        now = set(values_of(user.get("groups")))
        left.setdefault(me, set()).update(last.get(me, set()) - now)
        last[me] = now
        entries: list[Json] = [*objects(user.get("groups"))]
        kept = [each for each in objects(entries) if each.get("value") not in left[me]]
        if entries:
            user["groups"] = [*kept]

    return edit_resources(handle, _USERS, show)


@deviation("user-groups-of-own-types", area="users")
def user_groups_of_own_types(handle: Handler) -> Handler:
    """Give the groups of users a type of the server's own invention."""
    return _entries(handle, lambda each: each.update(type="MEMBER"))


@deviation("user-groups-all-direct", area="users")
def user_groups_all_direct(handle: Handler) -> Handler:
    """Call each group of a user direct, also one that holds a group of the user."""
    return _entries(handle, lambda each: each.update(type="direct"))


@deviation("user-groups-by-name", area="users")
def user_groups_by_name(handle: Handler) -> Handler:
    """Give the name of a group as `value` in the groups of users."""
    return _entries(handle, lambda each: each.update(value=each.get("display")))


@deviation("user-groups-refs-broken", area="users")
def user_groups_refs_broken(handle: Handler) -> Handler:
    """Give references of groups in users that lead nowhere."""
    return _entries(handle, lambda each: each.update({"$ref": f"/teams/{each.get('value')}"}))


def _entries(handle: Handler, edit: Callable[[Document], object]) -> Handler:
    def change(user: Document) -> None:
        for each in objects(user.get("groups")):
            edit(each)

    return edit_resources(handle, _USERS, change)
