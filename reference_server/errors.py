"""SCIM errors: one exception, and its one JSON rendering (RFC 7644 section 3.12)."""

from __future__ import annotations

import json

from .messages import Headers
from .messages import Json
from .messages import Response

ERROR_URN = "urn:ietf:params:scim:api:messages:2.0:Error"
MEDIA_TYPE = "application/scim+json"


class ScimError(Exception):
    """A request that the server refuses, with the status and the words of the refusal."""

    def __init__(
        self, status: int, detail: str, scim_type: str | None = None, headers: Headers = ()
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.scim_type = scim_type
        self.headers = headers

    def within(self, where: str) -> ScimError:
        """Return the same error with the place in front of its detail."""
        return ScimError(self.status, f"{where}: {self.detail}", self.scim_type, self.headers)

    def response(self) -> Response:
        """Return the error as a response whose body status equals the HTTP status."""
        body: dict[str, Json] = {"schemas": [ERROR_URN], "status": str(self.status)}
        if self.scim_type is not None:
            body["scimType"] = self.scim_type
        body["detail"] = self.detail
        content = (("Content-Type", MEDIA_TYPE),)
        # ASCII escapes: a detail may quote a value that has no UTF-8 form.
        return Response(self.status, content + self.headers, json.dumps(body).encode("ascii"))


def invalid_value(detail: str) -> ScimError:
    """Build the error for a value that does not fit its attribute."""
    return ScimError(400, detail, "invalidValue")


def invalid_syntax(detail: str) -> ScimError:
    """Build the error for a message whose structure is wrong."""
    return ScimError(400, detail, "invalidSyntax")


def invalid_filter(detail: str) -> ScimError:
    """Build the error for a filter that cannot be understood or applied."""
    return ScimError(400, detail, "invalidFilter")


def invalid_path(detail: str) -> ScimError:
    """Build the error for a PATCH path that names nothing."""
    return ScimError(400, detail, "invalidPath")


def no_target(detail: str) -> ScimError:
    """Build the error for a PATCH operation without anything to work on."""
    return ScimError(400, detail, "noTarget")


def mutability(detail: str) -> ScimError:
    """Build the error for a change that an attribute's mutability forbids."""
    return ScimError(400, detail, "mutability")


def not_unique(detail: str) -> ScimError:
    """Build the error for a value that another resource already has (section 3.3)."""
    return ScimError(409, detail, "uniqueness")


def not_found(detail: str) -> ScimError:
    """Build the error for a resource or an endpoint that does not exist."""
    return ScimError(404, detail)
