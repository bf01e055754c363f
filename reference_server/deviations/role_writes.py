"""Deviations of the roles of a user: what is lost or refused when they are given or changed."""

from __future__ import annotations

import re

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request

from .documents import Document
from .documents import drop
from .documents import edit_each
from .documents import has
from .documents import objects
from .documents import parse
from .documents import put
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import edit_requests
from .shaping import edit_resources
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import values_of
from .writes import after_change
from .writes import any_operation
from .writes import edit_against
from .writes import edit_operations
from .writes import given
from .writes import kind
from .writes import operations
from .writes import path
from .writes import refuse_against
from .writes import skip_operations

_CREATE = on("POST", "Users", one=False)
_PATCH = on("PATCH", "Users", one=True)
_SHOWN = on("GET POST PUT PATCH", "Users")
_PRIMARY_AS_TEXT = re.compile(r'\[\s*primary\s+eq\s+"', re.IGNORECASE)


@deviation("create-drops-roles", area="users")
def create_drops_roles(handle: Handler) -> Handler:
    """Lose the roles of a new user."""
    return edit_requests(handle, _CREATE, lambda user: drop(user, "roles"))


@deviation("create-refuses-role-names", area="users")
def create_refuses_role_names(handle: Handler) -> Handler:
    """Refuse a new user with a role that has a displayName, which no schema knows, with 400."""
    when = on("POST", "Users", one=False, body=lambda user: _any(user, "displayName"))
    return refuse(handle, when, 400, "A role has no displayName.", "invalidSyntax")


@deviation("create-refuses-role-labels", area="users")
def create_refuses_role_labels(handle: Handler) -> Handler:
    """Refuse a new user with a role that has a `display` with 400."""
    when = on("POST", "Users", one=False, body=lambda user: _any(user, "display"))
    return refuse(handle, when, 400, "A role has no display.", "invalidValue")


@deviation("roles-one-per-type", area="users")
def roles_one_per_type(handle: Handler) -> Handler:
    """Keep only the last of several roles of one type that a new user has."""

    def thin(user: Document) -> None:
        if has(user, "roles"):
            each = {text_of(role, "type"): role for role in objects(value_of(user, "roles"))}
            put(user, "roles", list(each.values()))

    return edit_requests(handle, _CREATE, thin)


@deviation("roles-without-primary", area="users")
def roles_without_primary(handle: Handler) -> Handler:
    """Leave out of the roles of a user which of them is the primary one."""
    return _showing(handle, "primary")


@deviation("roles-without-type", area="users")
def roles_without_type(handle: Handler) -> Handler:
    """Leave the type out of the roles of a user."""
    return _showing(handle, "type")


@deviation("roles-of-one-word", area="users")
def roles_of_one_word(handle: Handler) -> Handler:
    """Refuse a role whose value is more than one word with 400."""

    def odd(write: Document) -> bool:
        return any(re.search(r"\W", value) for value in _values(write))

    when = on("POST PUT PATCH", "Users", body=odd)
    return refuse(handle, when, 400, "There is no such role.", "invalidValue")


@deviation("patch-role-refused", area="patching")
def patch_role_refused(handle: Handler) -> Handler:
    """Refuse an operation on the roles of a user with 400."""
    when = on("PATCH", "Users", one=True, body=any_operation(_on_roles))
    return refuse(handle, when, 400, "Roles are granted elsewhere.", "mutability")


@deviation("patch-role-ignored", area="patching")
def patch_role_ignored(handle: Handler) -> Handler:
    """Answer an operation on the roles of a user as if done."""
    return skip_operations(handle, _PATCH, _on_roles)


@deviation("patch-primary-text-refused", area="patching")
def patch_primary_text_refused(handle: Handler) -> Handler:
    """Refuse a path whose filter compares `primary` with a text, with 400 noTarget."""

    def compares(operation: Document) -> bool:
        return bool(_PRIMARY_AS_TEXT.search(text_of(operation, "path")))

    when = on("PATCH", "Users", one=True, body=any_operation(compares))
    return refuse(handle, when, 400, "No value matches.", "noTarget")


@deviation("patch-selected-role-appended", area="patching")
def patch_selected_role_appended(handle: Handler) -> Handler:
    """Append a role in place of changing the one that a filter selects."""

    def append(operation: Document) -> None:
        if path(operation).startswith("roles["):
            made: Json = [{"value": value_of(operation, "value"), "primary": True}]
            operation.update(op="add", path="roles", value=made)

    return edit_requests(handle, _PATCH, edit_operations(append))


@deviation("patch-selected-role-bare", area="patching")
def patch_selected_role_bare(handle: Handler) -> Handler:
    """Give a user who has no role a bare one, without what the filter of an add says of it."""

    def bare(write: Document, before: Document) -> None:
        for each in operations(write):
            if kind(each) == "add" and path(each).startswith("roles[") and not _roles(before):
                put(each, "path", "roles")
                put(each, "value", [{"value": value_of(each, "value")}])

    return edit_against(handle, _PATCH, bare)


@deviation("patch-add-replaces-roles", area="patching")
def patch_add_replaces_roles(handle: Handler) -> Handler:
    """Drop the other roles of a user when one is added."""

    def replace_them(operation: Document) -> None:
        if (kind(operation), path(operation)) == ("add", "roles"):
            put(operation, "op", "replace")

    return edit_requests(handle, _PATCH, edit_operations(replace_them))


@deviation("patch-replace-appends-roles", area="patching")
def patch_replace_appends_roles(handle: Handler) -> Handler:
    """Keep the old roles of a user beside those that replace them."""

    def add_instead(operation: Document) -> None:
        if (kind(operation), path(operation)) == ("replace", "roles"):
            put(operation, "op", "add")

    return edit_requests(handle, _PATCH, edit_operations(add_instead))


@deviation("patch-add-refuses-role-again", area="patching")
def patch_add_refuses_role_again(handle: Handler) -> Handler:
    """Refuse to add a role that a user has, with 409."""

    def again(write: Document, before: Document) -> bool:
        return not _values(write).isdisjoint(values_of(before.get("roles")))

    return refuse_against(handle, _PATCH, again, 409, "The user has the role.", "uniqueness")


@deviation("patch-add-doubles-role", area="patching")
def patch_add_doubles_role(handle: Handler) -> Handler:
    """List a role of a user twice that is added again."""
    doubled: dict[str, set[str]] = {}

    def remember(request: Request, before: Document, _after: Document) -> None:
        known = set(values_of(before.get("roles")))
        added = _values(parse(request.body) or {}) & known
        doubled.setdefault(place(request).id, set()).update(added)

    def show(user: Document) -> None:
        again = doubled.get(str(user.get("id")), set())
        shown = _roles(user)
        if again:
            user["roles"] = [*shown, *(each for each in shown if each.get("value") in again)]

    return edit_resources(after_change(handle, _PATCH, remember), _SHOWN, show)


def _roles(user: Document) -> list[Document]:
    return objects(value_of(user, "roles"))


def _any(user: Document, name: str) -> bool:
    return any(has(each, name) for each in _roles(user))


def _values(write: Document) -> set[str]:
    """Return the values of the roles that a write gives."""
    return {value for roles in given(write, "roles") for value in values_of(roles)}


def _on_roles(operation: Document) -> bool:
    return path(operation).partition("[")[0] == "roles"


def _showing(handle: Handler, name: str) -> Handler:
    def lose(user: Document) -> None:
        edit_each(_roles(user), lambda each: drop(each, name))

    return edit_resources(handle, _SHOWN, lose)
