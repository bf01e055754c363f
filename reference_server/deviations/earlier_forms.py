"""Deviations of reading what was written for earlier versions: URIs, objects, digits."""

from __future__ import annotations

from reference_server.messages import Handler

from .documents import CORE_USER
from .documents import ENTERPRISE
from .documents import Document
from .documents import drop
from .documents import put
from .documents import value_of
from .registry import deviation
from .shaping import edit_requests
from .shaping import on
from .shaping import refuse

_WRITES = "POST PUT"
_KNOWN = frozenset({CORE_USER.lower(), ENTERPRISE.lower()})


@deviation("foreign-schemas-refused", area="users")
def foreign_schemas_refused(handle: Handler) -> Handler:
    """Refuse a user whose schemas list a URI that the server does not have with 400."""
    when = on(_WRITES, "Users", body=lambda user: set(_schemas(user)) - _KNOWN)
    return refuse(handle, when, 400, "A schema is unknown.", "invalidValue")


@deviation("former-core-schema-refused", area="users")
def former_core_schema_refused(handle: Handler) -> Handler:
    """Refuse a user whose schemas list no core schema but one of an earlier version with 400."""
    when = on(_WRITES, "Users", body=_of_former_core)
    return refuse(handle, when, 400, "The schema of users is missing.", "invalidValue")


@deviation("former-core-name-lost", area="users")
def former_core_name_lost(handle: Handler) -> Handler:
    """Lose the name of a user whose schemas list no core schema but one of an earlier version."""
    when = on(_WRITES, "Users", body=_of_former_core)
    return edit_requests(handle, when, lambda user: drop(user, "name"))


@deviation("email-object-refused", area="users")
def email_object_refused(handle: Handler) -> Handler:
    """Refuse a user whose emails are one object in place of an array with 400."""
    when = on(_WRITES, "Users", body=_one_email_object)
    return refuse(handle, when, 400, "The emails are an array.", "invalidValue")


@deviation("email-object-lost", area="users")
def email_object_lost(handle: Handler) -> Handler:
    """Lose the emails of a user that come as one object in place of an array."""
    when = on(_WRITES, "Users", body=_one_email_object)
    return edit_requests(handle, when, lambda user: drop(user, "emails"))


@deviation("active-digit-refused", area="users")
def active_digit_refused(handle: Handler) -> Handler:
    """Refuse a digit as a text for `active` of a user with 400."""
    when = on(_WRITES, "Users", body=_active_digit)
    return refuse(handle, when, 400, "A boolean is wanted.", "invalidValue")


@deviation("active-digit-as-false", area="users")
def active_digit_as_false(handle: Handler) -> Handler:
    """Take a digit as a text for `active` of a user for false, whichever it is."""
    when = on(_WRITES, "Users", body=_active_digit)
    return edit_requests(handle, when, lambda user: put(user, "active", False))


def _schemas(user: Document) -> list[str]:
    listed = value_of(user, "schemas")
    return [str(each).lower() for each in listed] if isinstance(listed, list) else []


def _of_former_core(user: Document) -> bool:
    listed = _schemas(user)
    former = any(each.startswith("urn:scim:schemas:core:") for each in listed)
    return former and CORE_USER.lower() not in listed


def _one_email_object(user: Document) -> bool:
    return isinstance(value_of(user, "emails"), dict)


def _active_digit(user: Document) -> bool:
    return value_of(user, "active") in ("0", "1")
