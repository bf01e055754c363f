"""Deviations of `active`: deactivating users, reactivating them, and how the state is shown."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import objects
from .documents import parse
from .recreating import recreate
from .registry import deviation
from .shaping import ask
from .shaping import change_replies
from .shaping import edit_resources
from .shaping import error
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import resource_path
from .writes import activates
from .writes import after_change
from .writes import deactivates
from .writes import edit_against
from .writes import give
from .writes import patch_body
from .writes import refuse_against

_DEACTIVATE = on("PUT PATCH", "Users", one=True, body=deactivates)
_ACTIVATE = on("PUT PATCH", "Users", one=True, body=activates)
_GET = on("GET", "Users", one=True)
_ANY = on("GET POST PUT PATCH", "Users")


@deviation("deactivate-ignored", area="users")
def deactivate_ignored(handle: Handler) -> Handler:
    """Answer the deactivation of a user as if done, and keep the user active."""
    return edit_against(
        handle, _DEACTIVATE, lambda write, before: give(write, "active", before.get("active"))
    )


@deviation("deactivate-refused", area="users")
def deactivate_refused(handle: Handler) -> Handler:
    """Refuse to deactivate a user, with 400."""
    return refuse(handle, _DEACTIVATE, 400, "A user cannot be deactivated.", "mutability")


@deviation("deactivate-deletes", area="users")
def deactivate_deletes(handle: Handler) -> Handler:
    """Delete a user who is deactivated."""

    def delete(request: Request, _before: Document, _after: Document) -> None:
        ask(handle, request, "DELETE", resource_path("Users", place(request).id))

    return after_change(handle, _DEACTIVATE, delete)


@deviation("deactivate-clears-profile", area="users")
def deactivate_clears_profile(handle: Handler) -> Handler:
    """Lose the name and emails of a user who is deactivated."""
    clear = patch_body({"op": "remove", "path": "name"}, {"op": "remove", "path": "emails"})

    def forget(request: Request, _before: Document, _after: Document) -> Response:
        where = resource_path("Users", place(request).id)
        return ask(handle, request, "PATCH", where, body=clear)

    return after_change(handle, _DEACTIVATE, forget)


@deviation("deactivate-drops-memberships", area="users")
def deactivate_drops_memberships(handle: Handler) -> Handler:
    """Take a user who is deactivated out of its groups."""

    def leave(request: Request, before: Document, _after: Document) -> None:
        gone: Document = {"op": "remove", "path": f'members[value eq "{place(request).id}"]'}
        for group in objects(before.get("groups")):
            where = resource_path("Groups", str(group.get("value")))
            ask(handle, request, "PATCH", where, body=patch_body(gone))

    return after_change(handle, _DEACTIVATE, leave)


@deviation("deactivate-twice-refused", area="users")
def deactivate_twice_refused(handle: Handler) -> Handler:
    """Refuse to deactivate a user who is inactive already, with 400."""
    return refuse_against(
        handle,
        _DEACTIVATE,
        lambda _write, before: before.get("active") is False,
        400,
        "The user is inactive already.",
        "invalidValue",
    )


@deviation("inactive-hidden-by-id", area="users")
def inactive_hidden_by_id(handle: Handler) -> Handler:
    """Answer 404 when an inactive user is read by id."""

    def hidden(reply: Response) -> Response:
        inactive = (parse(reply.body) or {}).get("active") is False
        return error(404, "There is no such user.") if inactive else reply

    return change_replies(handle, _GET, hidden)


@deviation("reactivate-ignored", area="users")
def reactivate_ignored(handle: Handler) -> Handler:
    """Answer the reactivation of a user as if done, and keep the user inactive."""
    return edit_against(
        handle, _ACTIVATE, lambda write, before: give(write, "active", before.get("active"))
    )


@deviation("reactivate-refused", area="users")
def reactivate_refused(handle: Handler) -> Handler:
    """Refuse to activate an inactive user again, with 403."""
    return refuse_against(
        handle,
        _ACTIVATE,
        lambda _write, before: before.get("active") is False,
        403,
        "An inactive user cannot be activated again.",
    )


@deviation("reactivate-new-id", area="users")
def reactivate_new_id(handle: Handler) -> Handler:
    """Give a user who is reactivated another id."""

    def renew(request: Request, before: Document, after: Document) -> Response | None:
        woken = before.get("active") is False and after.get("active") is True
        return recreate(handle, request, after) if woken else None

    return after_change(handle, _ACTIVATE, renew)


@deviation("active-as-string", area="users")
def active_as_string(handle: Handler) -> Handler:
    """Show `active` as the word "true" or "false"."""

    def spell(user: Document) -> None:
        if isinstance(user.get("active"), bool):
            user["active"] = str(user["active"]).lower()

    return edit_resources(handle, _ANY, spell)


@deviation("active-omitted", area="users")
def active_omitted(handle: Handler) -> Handler:
    """Leave `active` out of users."""
    return edit_resources(handle, _ANY, lambda user: drop(user, "active"))


@deviation("active-always-true", area="users")
def active_always_true(handle: Handler) -> Handler:
    """Show `active` as true, whatever it is."""
    return edit_resources(handle, _ANY, lambda user: user.update(active=True))
