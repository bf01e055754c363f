"""Deviations of writing the manager of a user: the forms it is sent in, changed and taken away."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import ENTERPRISE
from .documents import Document
from .documents import Test
from .documents import drop
from .documents import keep_resources
from .documents import objects
from .documents import parse
from .documents import text_of
from .documents import value_of
from .queries import parameter
from .registry import deviation
from .shaping import edit_lists
from .shaping import edit_resources
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import stored
from .writes import any_operation
from .writes import kind
from .writes import operations
from .writes import path
from .writes import skip_operations

_PATCH = on("PATCH", "Users", one=True)
_QUALIFIED = f"{ENTERPRISE}:manager".lower()
_PATHS = (_QUALIFIED, "manager")


@deviation("manager-text-refused", area="users")
def manager_text_refused(handle: Handler) -> Handler:
    """Refuse a text in place of the manager of a user with 400."""
    when = on("POST PUT PATCH", "Users", body=_wanting(str))
    return refuse(handle, when, 400, "The manager is an object.", "invalidValue")


@deviation("manager-text-ignored", area="patching")
def manager_text_ignored(handle: Handler) -> Handler:
    """Answer an operation that gives a text for the manager of a user as if done."""
    return skip_operations(
        handle, _PATCH, lambda each: any(isinstance(value, str) for value in _given(each))
    )


@deviation("manager-of-oneself-500", area="users")
def manager_of_oneself_500(handle: Handler) -> Handler:
    """Answer 500 to a PUT or PATCH that makes a user their own manager."""

    def circular(request: Request) -> bool:
        meant = on("PUT PATCH", "Users", one=True)(request)
        body = (parse(request.body) or {}) if meant else {}
        given = [value_of(each, "manager") for each in objects(value_of(body, ENTERPRISE))]
        given += [value for each in operations(body) for value in _given(each)]
        return any(text_of(each, "value") == place(request).id for each in objects(given))

    return refuse(handle, circular, 500, "There are too many managers above.")


@deviation("manager-array-refused", area="patching")
def manager_array_refused(handle: Handler) -> Handler:
    """Refuse an array in place of the manager of a user with 400."""
    when = on("PATCH", "Users", one=True, body=_wanting(list))
    return refuse(handle, when, 400, "A user has one manager.", "invalidValue")


@deviation("manager-object-refused", area="patching")
def manager_object_refused(handle: Handler) -> Handler:
    """Refuse an operation that gives an object for the manager of a user with 400."""
    when = on("PATCH", "Users", one=True, body=_wanting(dict))
    return refuse(handle, when, 400, "The manager is an id.", "invalidValue")


@deviation("manager-empty-refused", area="patching")
def manager_empty_refused(handle: Handler) -> Handler:
    """Refuse an operation that empties the manager of a user by an empty text with 400."""

    def empties(document: Document) -> bool:
        values = [value for each in operations(document) for value in _given(each)]
        return any(value == "" or _without_value(value) for value in values)

    when = on("PATCH", "Users", one=True, body=empties)
    return refuse(handle, when, 400, "There is no such manager.", "invalidValue")


@deviation("manager-selected-remove-refused", area="patching")
def manager_selected_remove_refused(handle: Handler) -> Handler:
    """Refuse to remove the manager of a user by a path with a filter, with 400."""
    when = on("PATCH", "Users", one=True, body=any_operation(_removes_selected))
    return refuse(handle, when, 400, "A manager is no array.", "invalidPath")


@deviation("manager-selected-remove-ignored", area="patching")
def manager_selected_remove_ignored(handle: Handler) -> Handler:
    """Answer the removal of the manager of a user by a path with a filter as if done."""
    return skip_operations(handle, _PATCH, _removes_selected)


@deviation("manager-first-kept", area="patching")
def manager_first_kept(handle: Handler) -> Handler:
    """Answer an operation that gives a user another manager as if done, and keep the first."""

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if _PATCH(request) else {}
        if not any(objects(value_of(each, "manager")) for each in _extensions(before)):
            return handle(request)
        return skip_operations(handle, _PATCH, lambda each: bool(_given(each)))(request)

    return wrapped


@deviation("manager-filter-refused", area="searches")
def manager_filter_refused(handle: Handler) -> Handler:
    """Refuse a filter that names the manager of a user with 400."""
    return refuse(handle, _by_manager, 400, "There is no such filter.", "invalidFilter")


@deviation("manager-filter-finds-nobody", area="searches")
def manager_filter_finds_nobody(handle: Handler) -> Handler:
    """Find nobody by a filter that names the manager of a user."""
    return edit_lists(handle, _by_manager, lambda found: keep_resources(found, lambda _user: False))


@deviation("manager-beside-extension", area="users")
def manager_beside_extension(handle: Handler) -> Handler:
    """Show the manager of a user among the core attributes in place of the extension."""

    def move(user: Document) -> None:
        for extension in _extensions(user):
            for each in objects(value_of(extension, "manager")):
                user["manager"] = each
            drop(extension, "manager")

    return edit_resources(handle, on("GET POST PUT PATCH", "Users"), move)


def _by_manager(request: Request) -> bool:
    return on("GET", "Users", one=False)(request) and "manager" in (
        parameter(request, "filter") or ""
    )


def _extensions(user: Document) -> list[Document]:
    return objects(value_of(user, ENTERPRISE))


def _given(operation: Document) -> list[Json]:
    """Return what an add or a replace with a path gives for the manager."""
    if kind(operation) not in ("add", "replace") or path(operation) not in _PATHS:
        return []
    return [value_of(operation, "value")]


def _wanting(form: type) -> Test:
    """Return the test whether a write gives the manager in a JSON form: text, array or object."""

    def wants(write: Document) -> bool:
        values = [value for each in operations(write) for value in _given(each)]
        values += [value_of(each, "manager") for each in _extensions(write)]
        return any(isinstance(value, form) for value in values)

    return wants


def _without_value(value: Json) -> bool:
    return isinstance(value, dict) and not text_of(value, "value")


def _removes_selected(operation: Document) -> bool:
    target = path(operation).removeprefix(f"{ENTERPRISE}:".lower())
    return kind(operation) == "remove" and target.startswith("manager[")
