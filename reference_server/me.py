"""/Me: the user that a credential stands for, under a name that needs no id (RFC 7644 3.11).

Requests are processed directly, and every answer says in `Location` where the user really is.
"""

from __future__ import annotations

from dataclasses import dataclass

from .authentication import Credential
from .endpoints import Endpoints
from .errors import ScimError
from .errors import not_found
from .http_rules import check_method
from .http_rules import options
from .http_rules import read_body
from .messages import Request
from .messages import Response
from .presenter import Presenter
from .schemas import ResourceType
from .schemas import Target
from .store import Record
from .store import Store
from .values import comparable

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Me:
    """Answers requests for the user of a credential; `kind` is None without users at all."""

    endpoints: Endpoints
    store: Store
    kind: ResourceType | None

    def answer(self, request: Request, credential: Credential, base_url: str) -> Response:
        """Answer a request to /Me like one to the user's own address."""
        user = self.kind.attributes.get("username") if self.kind else None
        if self.kind is None or user is None:
            raise ScimError(501, "/Me is not implemented: this server has no users.")
        if request.method == "OPTIONS":
            return options(_METHODS)
        method = check_method(request, _METHODS)
        if credential.account is None:
            raise not_found("/Me: no user account belongs to this credential.")
        account = Target(None, user)
        record = self._record(self.kind, account, credential.account)
        if method == "POST" and record is None:
            self._check_name(request, account, credential.account)
            return self.endpoints.create(request, self.kind, base_url)
        if record is None:
            detail = f"/Me: the account {credential.account!r:.200} of this credential has no user."
            raise not_found(detail)
        location = Presenter(self.store, base_url).location(record)
        return _located(self._answer(request, record, base_url), location)

    def path(self, credential: Credential) -> tuple[str, ...]:
        """Return the segments of the path of a credential's user; none when there is no user."""
        user = self.kind.attributes.get("username") if self.kind else None
        if self.kind is None or user is None or credential.account is None:
            return ()
        record = self._record(self.kind, Target(None, user), credential.account)
        return (self.kind.endpoint[1:], record.id) if record is not None else ()

    def _record(self, kind: ResourceType, user_name: Target, account: str) -> Record | None:
        found = self.store.lookup(kind, user_name.key, comparable(user_name.leaf, account))
        return next(iter(found), None)

    def _answer(self, request: Request, record: Record, base_url: str) -> Response:
        try:
            if request.method == "POST":
                raise ScimError(409, "/Me: the user exists already.", "uniqueness")
            return self.endpoints.item(request, record.kind, record.id, base_url)
        except ScimError as error:
            return error.response()

    @staticmethod
    def _check_name(request: Request, user_name: Target, account: str) -> None:
        """Let a client create itself only: the account is what the credential is good for."""
        given = {key.lower(): value for key, value in read_body(request).items()}.get("username")
        leaf = user_name.leaf
        if not isinstance(given, str) or comparable(leaf, given) != comparable(leaf, account):
            raise ScimError(403, f"/Me: userName must be {account!r:.200}, the credential's own.")


def _located(response: Response, location: str) -> Response:
    """Name the permanent location in any answer, also in an error."""
    if response.header("Location") is not None:
        return response
    headers = (*response.headers, ("Location", location))
    return Response(response.status, headers, response.body)
