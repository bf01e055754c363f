"""Deviations of what an error says of its kind, and of what may be done instead."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import edit_each
from .documents import has
from .documents import objects
from .documents import value_of
from .registry import deviation
from .shaping import FAILURE
from .shaping import SUCCESS
from .shaping import always
from .shaping import change_replies
from .shaping import edit_replies
from .shaping import on
from .shaping import refuse
from .shaping import with_header

_STATUSES = range(SUCCESS.start, FAILURE.stop)


@deviation("scim-types-mixed-up", area="errors")
def scim_types_mixed_up(handle: Handler) -> Handler:
    """Say tooMany in every error that has a scimType, also in the results of bulk."""
    return edit_replies(handle, always, lambda body: _retype(body, "tooMany"), _STATUSES)


@deviation("scim-type-of-own-invention", area="errors")
def scim_type_of_own_invention(handle: Handler) -> Handler:
    """Give errors a scimType that the RFC does not know."""
    return edit_replies(handle, always, lambda body: _retype(body, "VALIDATION_ERROR"), _STATUSES)


@deviation("error-detail-as-array", area="errors")
def error_detail_as_array(handle: Handler) -> Handler:
    """Give the detail of errors as an array of texts."""

    def wrap(body: Document) -> None:
        body["detail"] = [value_of(body, "detail")]

    return edit_replies(handle, always, wrap, FAILURE)


@deviation("unauthorized-other-challenge", area="authentication")
def unauthorized_other_challenge(handle: Handler) -> Handler:
    """Ask in a 401 for a scheme of authentication that the server does not take."""

    def other(reply: Response) -> Response:
        return with_header(reply, "WWW-Authenticate", 'Negotiate realm="scim"')

    return change_replies(handle, always, other, range(401, 402))


@deviation("patch-answers-405", area="patching")
def patch_answers_405(handle: Handler) -> Handler:
    """Refuse PATCH with 405 in place of 501."""
    return refuse(handle, on("PATCH", "Users Groups"), 405, "The method is not allowed.")


def _retype(body: Document, kind: str) -> None:
    if has(body, "scimType"):
        drop(body, "scimType")
        body["scimType"] = kind
    for operation in objects(body.get("Operations") or []):
        edit_each(objects(operation.get("response")), lambda part: _retype(part, kind))
