"""Deviations of a userName: what a server makes of one that changes, or that is no address."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request

from .documents import Document
from .documents import text_of
from .registry import deviation
from .shaping import ask
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import resource_path
from .writes import after_change
from .writes import given
from .writes import patch_body
from .writes import refuse_against

_CHANGE = on("PUT PATCH", "Users", one=True)


@deviation("rename-in-capitals-refused", area="users")
def rename_in_capitals_refused(handle: Handler) -> Handler:
    """Refuse with 409 to change capitals in a userName: the name is taken, by the same user."""

    def itself(write: Document, before: Document) -> bool:
        old = text_of(before, "userName")
        new = [each for each in given(write, "userName") if isinstance(each, str)]
        return any(each != old and each.lower() == old.lower() for each in new)

    return refuse_against(handle, _CHANGE, itself, 409, "The userName is taken.", "uniqueness")


@deviation("rename-changes-email", area="users")
def rename_changes_email(handle: Handler) -> Handler:
    """Make the new userName of a user the e-mail address as well."""

    def follow(request: Request, before: Document, after: Document) -> None:
        name = text_of(after, "userName")
        if name != text_of(before, "userName") and "@" in name:
            only: Document = {"value": name, "type": "work", "primary": True}
            _change(handle, request, {"op": "replace", "path": "emails", "value": [only]})

    return after_change(handle, _CHANGE, follow)


@deviation("reactivate-clears-title", area="users")
def reactivate_clears_title(handle: Handler) -> Handler:
    """Lose the title of a user who is activated again by PATCH."""

    def forget(request: Request, before: Document, after: Document) -> None:
        if before.get("active") is False and after.get("active") is True:
            _change(handle, request, {"op": "remove", "path": "title"})

    return after_change(handle, on("PATCH", "Users", one=True), forget)


@deviation("user-names-must-be-emails", area="users")
def user_names_must_be_emails(handle: Handler) -> Handler:
    """Refuse a new user with 400 whose userName is no e-mail address."""
    plain = on("POST", "Users", one=False, body=lambda user: "@" not in text_of(user, "userName"))
    return refuse(handle, plain, 400, "The userName must be an e-mail address.", "invalidValue")


def _change(handle: Handler, request: Request, operation: Document) -> None:
    path = resource_path("Users", place(request).id)
    ask(handle, request, "PATCH", path, body=patch_body(operation))
