"""Bulk: several operations in one request, each like a request of its own (RFC 7644 section 3.7).

Operations are requests to a handler that is given, so nothing here knows what they do. One that
fails leaves nothing behind and does not stop the others, but what refers to it fails too. The
resources of a circle are created without the references that close it, which are then put in; a
circle exists as a whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from dataclasses import field
from typing import TypeAlias
from urllib.parse import unquote

from .bulk_messages import MAX_PAYLOAD
from .bulk_messages import BulkOperation
from .bulk_messages import BulkRequest
from .bulk_messages import read_bulk
from .bulk_plan import plan
from .bulk_references import GoneError
from .bulk_references import referenced
from .bulk_references import resolve_data
from .bulk_references import resolve_path
from .errors import ScimError
from .errors import invalid_syntax
from .errors import invalid_value
from .http_rules import check_method
from .http_rules import json_response
from .http_rules import options
from .http_rules import read_body
from .json_text import dump
from .messages import Handler
from .messages import Headers
from .messages import Json
from .messages import Request
from .messages import Response
from .messages import joined
from .messages import whole
from .tolerances import Tolerances

RESPONSE_URN = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"

_METHODS = ("POST",)
# What the whole request says about itself, and no operation of it.
_NOT_PASSED_ON = ("content-type", "content-length", "if-match", "if-none-match", "accept")

Transaction: TypeAlias = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Bulk:
    """Answers bulk requests; `transaction` begins what is undone when an exception leaves it."""

    handler: Handler
    transaction: Transaction
    base_path: str
    tolerances: Tolerances

    def answer(self, request: Request, base_url: str) -> Response:
        """Carry the operations of a request out and return their results."""
        if request.method == "OPTIONS":
            return options(_METHODS)
        check_method(request, _METHODS)
        if len(request.body) > MAX_PAYLOAD:
            detail = f"The size of the bulk operation exceeds the maxPayloadSize ({MAX_PAYLOAD})."
            raise ScimError(413, detail)
        bulk = read_bulk(read_body(request), self.tolerances)
        headers = tuple(each for each in request.headers if each[0].lower() not in _NOT_PASSED_ON)
        job = _Job(self, headers, base_url, bulk)
        try:
            with self.transaction():
                results = job.run()
        except RecursionError as fault:
            # Looking for references takes more of the stack than reading the JSON did.
            raise invalid_syntax("The body is nested too deeply.") from fault
        return json_response(200, {"schemas": [RESPONSE_URN], "Operations": results})


class _CircleError(Exception):
    """Leaves the transaction of a circle when one of its operations has failed."""

    def __init__(self, operation: BulkOperation, result: _Result) -> None:
        super().__init__(operation.number)
        self.operation = operation
        self.result = result


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of an operation; `path` is where it went."""

    response: Response
    path: str

    @property
    def failed(self) -> bool:
        return self.response.status >= 400

    @property
    def identifier(self) -> str:
        """The id of a resource that was created."""
        return unquote((self.response.header("Location") or "").rpartition("/")[2])


@dataclass(slots=True)
class _Job:
    """One bulk request being carried out."""

    bulk: Bulk
    headers: Headers
    base_url: str
    request: BulkRequest
    ids: dict[str, str] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    results: dict[int, _Result] = field(default_factory=dict)
    errors: int = 0

    def run(self) -> list[Json]:
        """Carry out as many operations as the errors allow; return results in the given order."""
        operations = self.request.operations
        for circle in plan(operations):
            if self._is_over():
                break
            if len(circle) == 1 and circle[0].bulk_id not in referenced(circle[0]):
                self._note(circle[0], self._carried_out(circle[0], self._id))
            else:
                self._carry_out_circle(circle)
        return [self._shown(operations[n], self.results[n]) for n in sorted(self.results)]

    def _is_over(self) -> bool:
        limit = self.request.fail_on_errors
        return limit is not None and self.errors >= limit

    def _note(self, operation: BulkOperation, result: _Result) -> None:
        self.results[operation.number] = result
        self.errors += result.failed
        if operation.bulk_id is not None and operation.method == "POST":
            if result.failed:
                self.failed[operation.bulk_id] = operation.number
            else:
                self.ids[operation.bulk_id] = result.identifier

    def _carried_out(self, operation: BulkOperation, lookup: Callable[[str, str], str]) -> _Result:
        """Make an operation's request, in a transaction of its own, and return what comes of it."""
        path = operation.path
        try:
            if operation.fault is not None:
                raise operation.fault
            where = f"Operations[{operation.number}]"

            def placed(name: str, place: str) -> str:
                return lookup(name, f"{where}.{place}")

            path = resolve_path(operation, placed)
            data = resolve_data(operation, placed)
            return self._sent(operation.method or "", path, data, operation.version)
        except ScimError as error:
            return _Result(error.response(), path)

    def _sent(self, method: str, path: str, data: Json, version: str | None) -> _Result:
        headers = self.headers
        if version is not None and method != "POST":
            headers = (*headers, ("If-Match", version))
        body = dump(data) if method != "DELETE" else b""
        request = Request(method, f"{self.bulk.base_path}{path}", "", headers, body)
        try:
            return _Result(whole(self.bulk.handler(request)), path)
        except ScimError as error:
            return _Result(error.response(), path)

    def _id(self, name: str, where: str) -> str:
        """Return the id behind a name, or refuse the operation that asks."""
        if name in self.ids:
            return self.ids[name]
        if name in self.failed:
            culprit = f"Operations[{self.failed[name]}]"
            raise ScimError(409, f"{where}: bulkId {name!r:.100} has no id, as {culprit} failed.")
        raise invalid_value(f"{where}: no operation creates a resource with bulkId {name!r:.100}.")

    def _carry_out_circle(self, circle: tuple[BulkOperation, ...]) -> None:
        """Create resources that refer to each other, all or none (RFC 7644 section 3.7.1)."""
        known = dict(self.ids)
        try:
            with self.bulk.transaction():
                results = self._created(circle)
        except _CircleError as broken:
            self.ids = known
            culprit = f"Operations[{broken.operation.number}]"
            refusal = ScimError(409, f"It refers in a circle to {culprit}, which failed.")
            for each in circle:
                innocent = _Result(refusal.response(), each.path)
                self._note(each, broken.result if each is broken.operation else innocent)
        else:
            for each in circle:
                self._note(each, results[each.number])

    def _created(self, circle: tuple[BulkOperation, ...]) -> dict[int, _Result]:
        names = {each.bulk_id for each in circle}
        results: dict[int, _Result] = {}
        incomplete: list[BulkOperation] = []

        def known_id(name: str, where: str) -> str:
            if name in names and name not in self.ids:
                raise GoneError
            return self._id(name, where)

        for each in circle:
            if any(name in names and name not in self.ids for name in referenced(each)):
                incomplete.append(each)
            results[each.number] = self._checked(each, self._carried_out(each, known_id))
            self.ids[each.bulk_id or ""] = results[each.number].identifier
        for each in incomplete:
            results[each.number] = self._completed(each, results[each.number])
        return results

    def _completed(self, operation: BulkOperation, created: _Result) -> _Result:
        """Put the references in that were left out; the creation is what is answered."""
        path = f"{operation.path}/{self._quoted(created)}"
        data = resolve_data(operation, self._id)
        done = self._checked(operation, self._sent("PUT", path, data, None))
        headers = tuple(each for each in created.response.headers if each[0] != "ETag")
        version = done.response.header("ETag")
        tag = (("ETag", version),) if version is not None else ()
        return _Result(Response(created.response.status, (*headers, *tag)), created.path)

    @staticmethod
    def _quoted(created: _Result) -> str:
        return (created.response.header("Location") or "").rpartition("/")[2]

    @staticmethod
    def _checked(operation: BulkOperation, result: _Result) -> _Result:
        if result.failed:
            raise _CircleError(operation, result)
        return result

    def _shown(self, operation: BulkOperation, result: _Result) -> Json:
        """Return the result of an operation as the response shows it (section 3.7.3)."""
        shown: dict[str, Json] = {}
        response = result.response
        if result.path.startswith("/") and not (operation.method == "POST" and result.failed):
            shown["location"] = response.header("Location") or f"{self.base_url}{result.path}"
        facts: Mapping[str, str | None] = {
            "method": operation.method,
            "bulkId": operation.bulk_id,
            "version": response.header("ETag"),
        }
        shown |= {name: value for name, value in facts.items() if value is not None}
        shown["status"] = str(response.status)
        if result.failed:
            shown["response"] = json.loads(joined(response.body))
        return shown
