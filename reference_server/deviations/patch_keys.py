"""Deviations of the keys of PATCH values without a path, where clients write paths for names."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler

from .documents import Document
from .documents import objects
from .documents import value_of
from .registry import deviation
from .shaping import edit_requests
from .shaping import on
from .shaping import refuse
from .writes import any_operation
from .writes import edit_operations
from .writes import pathless

_USERS = on("PATCH", "Users", one=True)


@deviation("patch-dotted-key-refused", area="patching")
def patch_dotted_key_refused(handle: Handler) -> Handler:
    """Refuse a value without a path whose key names a part, such as name.givenName, with 400."""
    return _refusing(handle, _dotted)


@deviation("patch-dotted-key-ignored", area="patching")
def patch_dotted_key_ignored(handle: Handler) -> Handler:
    """Overlook a key of a value without a path that names a part, such as name.givenName."""

    def lose(operation: Document) -> None:
        for each in objects(value_of(operation, "value")) if pathless(operation) else ():
            for key in [key for key in each if _dotted(key)]:
                del each[key]

    return edit_requests(handle, _USERS, edit_operations(lose))


@deviation("patch-qualified-key-refused", area="patching")
def patch_qualified_key_refused(handle: Handler) -> Handler:
    """Refuse a value without a path whose key is an attribute behind its URN, with 400."""
    return _refusing(handle, _qualified)


def _dotted(key: str) -> bool:
    return "." in key and not key.lower().startswith("urn:")


def _qualified(key: str) -> bool:
    return key.lower().startswith("urn:") and not key.endswith(":User")


def _refusing(handle: Handler, wrong: Callable[[str], bool]) -> Handler:
    def odd(operation: Document) -> bool:
        values = objects(value_of(operation, "value"))
        return pathless(operation) and any(wrong(key) for each in values for key in each)

    when = on("PATCH", "Users", one=True, body=any_operation(odd))
    return refuse(handle, when, 400, "A key is no name of an attribute.", "invalidPath")
