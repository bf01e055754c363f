"""Deviations of rules about who is inactive, and of what hangs on a person who goes."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import ENTERPRISE
from .documents import Document
from .documents import objects
from .documents import text_of
from .documents import value_of
from .look_alikes import everything
from .registry import deviation
from .shaping import ask
from .shaping import error
from .shaping import on
from .shaping import place
from .shaping import resource_path
from .writes import after_change
from .writes import deactivates
from .writes import edit_against
from .writes import give
from .writes import given
from .writes import operations
from .writes import patch_body
from .writes import path
from .writes import refuse_against
from .writes import set_too
from .writes import skip_operations

_CHANGE = on("PUT PATCH", "Users", one=True)
_PATCH = on("PATCH", "Users", one=True)
_DELETE = on("DELETE", "Users", one=True)


@deviation("deactivate-twice-activates", area="users")
def deactivate_twice_activates(handle: Handler) -> Handler:
    """Make a user active who is inactive already and is deactivated once more."""

    def toggle(write: Document, before: Document) -> None:
        if deactivates(write) and before.get("active") is False:
            give(write, "active", True)

    return edit_against(handle, _CHANGE, toggle)


@deviation("patch-activates", area="users")
def patch_activates(handle: Handler) -> Handler:
    """Make an inactive user active by any PATCH that does not speak of `active`."""

    def wake(write: Document, _before: Document) -> None:
        if not given(write, "active"):
            set_too(write, "active", True)

    return edit_against(handle, _PATCH, wake)


@deviation("patch-active-only-alone", area="users")
def patch_active_only_alone(handle: Handler) -> Handler:
    """Overlook `active` in a PATCH that has another operation as well."""
    several = on("PATCH", "Users", one=True, body=lambda write: len(operations(write)) > 1)
    return skip_operations(handle, several, lambda each: path(each) == "active")


@deviation("inactive-not-changed", area="users")
def inactive_not_changed(handle: Handler) -> Handler:
    """Refuse with 403 to change an inactive user, unless `active` alone is changed."""

    def more(write: Document, before: Document) -> bool:
        alone = len(operations(write)) == 1 and bool(given(write, "active"))
        return before.get("active") is False and not alone

    return refuse_against(handle, _PATCH, more, 403, "The user is suspended.")


@deviation("delete-of-manager-refused", area="users")
def delete_of_manager_refused(handle: Handler) -> Handler:
    """Refuse with 409 to delete who is the manager of somebody."""

    def wrapped(request: Request) -> Response:
        if _DELETE(request) and _reports(handle, request, place(request).id):
            return error(409, "Somebody reports to this user.")
        return handle(request)

    return wrapped


@deviation("deactivate-forgets-manager", area="users")
def deactivate_forgets_manager(handle: Handler) -> Handler:
    """Take the manager from all who report to a user who is deactivated."""
    without: Document = {"op": "remove", "path": f"{ENTERPRISE}:manager"}

    def forget(request: Request, before: Document, after: Document) -> None:
        if before.get("active") is True and after.get("active") is False:
            for each in _reports(handle, request, text_of(after, "id")):
                ask(
                    handle, request, "PATCH", resource_path("Users", each), body=patch_body(without)
                )

    return after_change(handle, _CHANGE, forget)


def _reports(handle: Handler, request: Request, manager: str) -> list[str]:
    """Return the ids of the people whose manager a user is."""
    return [
        text_of(user, "id")
        for user in everything(handle, request, "Users")
        for extension in objects([value_of(user, ENTERPRISE)])
        for above in objects([value_of(extension, "manager")])
        if text_of(above, "value") == manager
    ]
