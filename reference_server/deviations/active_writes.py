"""Deviations of writing `active`: what a server makes of a text, and of an operation on it."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Json

from .documents import Document
from .registry import deviation
from .shaping import edit_requests
from .shaping import on
from .shaping import refuse
from .writes import any_operation
from .writes import give
from .writes import given
from .writes import kind
from .writes import path

_WRITES = "POST PUT PATCH"


@deviation("active-text-refused", area="users")
def active_text_refused(handle: Handler) -> Handler:
    """Refuse a text for `active` with 400."""
    when = on(_WRITES, "Users", body=_says_text)
    return refuse(handle, when, 400, "A boolean is wanted.", "invalidValue")


@deviation("active-text-as-true", area="users")
def active_text_as_true(handle: Handler) -> Handler:
    """Take any text for `active` for true, also "False", as truth is defined in some languages."""
    when = on(_WRITES, "Users", body=_says_text)
    return edit_requests(handle, when, lambda write: give(write, "active", True))


@deviation("active-add-refused", area="patching")
def active_add_refused(handle: Handler) -> Handler:
    """Refuse to add `active` to a user, which every user has, with 400."""

    def adds(operation: Document) -> bool:
        return (kind(operation), path(operation)) == ("add", "active")

    when = on("PATCH", "Users", one=True, body=any_operation(adds))
    return refuse(handle, when, 400, "The user has an `active`.", "invalidValue")


def _says_text(write: Document) -> bool:
    texts: list[Json] = [value for value in given(write, "active") if isinstance(value, str)]
    return bool(texts)
