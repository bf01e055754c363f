"""Bulk messages: the body of RFC 7644 section 3.7 as operations, each with what is wrong with it.

A fault of the message as a whole refuses the request; a fault of one operation is its result, as
the others go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .errors import ScimError
from .errors import invalid_syntax
from .errors import invalid_value
from .json_text import kind_of
from .messages import Json
from .tolerances import Tolerances
from .tolerant_reading import check_message

REQUEST_URN = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
MAX_OPERATIONS = 1000
MAX_PAYLOAD = 1024 * 1024

_METHODS = ("POST", "PUT", "PATCH", "DELETE")
# Endpoints that are no resource types: a path has to lead to a resource (section 3.7).
_NO_RESOURCES = ("Bulk", "Me", ".search")

_Members: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkOperation:
    """One operation as the client wrote it; with a `fault` it is not to be carried out."""

    number: int
    method: str | None = None
    path: str = ""
    bulk_id: str | None = None
    version: str | None = None
    data: Json = None
    fault: ScimError | None = None


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """All operations, and after how many errors to stop."""

    operations: tuple[BulkOperation, ...]
    fail_on_errors: int | None


def read_bulk(body: Mapping[str, Json], tolerances: Tolerances) -> BulkRequest:
    """Read a bulk request, or refuse it as a whole."""
    message = {key.lower(): value for key, value in body.items()}
    check_message(message, REQUEST_URN, tolerances)
    entries = message.get("operations")
    if not isinstance(entries, list) or not entries:
        raise invalid_syntax("Operations must be an array of one or more operations.")
    if len(entries) > MAX_OPERATIONS:
        detail = f"The request has {len(entries)} operations; maxOperations is {MAX_OPERATIONS}."
        raise ScimError(413, detail)
    operations = tuple(_read(entry, number) for number, entry in enumerate(entries))
    _check_unique(operations)
    return BulkRequest(operations, _fail_on_errors(message.get("failonerrors")))


def _fail_on_errors(value: Json) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise invalid_value(f"failOnErrors must be a whole number from 1 on, not {value!r:.60}.")
    # No errors at all can be promised by nobody; 0 is taken to mean "stop at the first".
    return max(1, value)


def _check_unique(operations: Iterable[BulkOperation]) -> None:
    """Refuse one name for two new resources: references to it could mean either."""
    seen: dict[str, int] = {}
    for each in operations:
        if each.bulk_id is None or each.method != "POST":
            continue
        first = seen.setdefault(each.bulk_id, each.number)
        if first != each.number:
            where = f"Operations[{each.number}].bulkId"
            raise invalid_value(f"{where}: {each.bulk_id!r:.100} is that of Operations[{first}].")


def _read(entry: Json, number: int) -> BulkOperation:
    where = f"Operations[{number}]"
    if not isinstance(entry, dict):
        fault = invalid_syntax(f"{where}: must be an object, not {kind_of(entry)}.")
        return BulkOperation(number=number, fault=fault)
    members = {key.lower(): value for key, value in entry.items()}
    method, bulk_id = members.get("method"), members.get("bulkid")
    path, version = members.get("path"), members.get("version")
    return BulkOperation(
        number=number,
        method=method if isinstance(method, str) else None,
        path=path if isinstance(path, str) else "",
        bulk_id=bulk_id if isinstance(bulk_id, str) and bulk_id else None,
        version=version if isinstance(version, str) else None,
        data=members.get("data"),
        fault=_fault(members, where),
    )


def _fault(members: _Members, where: str) -> ScimError | None:
    checks = (_method_fault, _name_fault, _version_fault, _path_fault, _data_fault)
    return next((fault for check in checks if (fault := check(members, where)) is not None), None)


def _method_fault(members: _Members, where: str) -> ScimError | None:
    method = members.get("method")
    if isinstance(method, str) and method in _METHODS:
        return None
    wanted = ", ".join(_METHODS)
    return invalid_syntax(f"{where}.method: must be one of {wanted}, not {method!r:.60}.")


def _name_fault(members: _Members, where: str) -> ScimError | None:
    bulk_id = members.get("bulkid")
    if bulk_id is None and members["method"] == "POST":
        return invalid_value(f"{where}.bulkId: required for POST, but missing.")
    if bulk_id is not None and (not isinstance(bulk_id, str) or not bulk_id):
        return invalid_value(f"{where}.bulkId: must be a text that is not empty.")
    return None


def _version_fault(members: _Members, where: str) -> ScimError | None:
    version = members.get("version")
    if version is None or isinstance(version, str):
        return None
    return invalid_value(f"{where}.version: must be an entity tag, not {kind_of(version)}.")


def _path_fault(members: _Members, where: str) -> ScimError | None:
    path = members.get("path")
    if not isinstance(path, str):
        return invalid_value(f"{where}.path: required, and must be a string.")
    endpoint, slash, identifier = path[1:].partition("/")
    if not path.startswith("/") or not endpoint or {"?", "#"} & set(path):
        return invalid_value(f"{where}.path: {path!r:.200} must look like /Users or /Users/ID.")
    if endpoint in _NO_RESOURCES or identifier in _NO_RESOURCES:
        return invalid_value(f"{where}.path: {path!r:.200} leads to no resource.")
    if members["method"] == "POST" and slash:
        return invalid_value(f"{where}.path: POST needs the endpoint of a type, not {path!r:.200}.")
    if members["method"] != "POST" and not identifier:
        return invalid_value(f"{where}.path: {path!r:.200} must name one resource.")
    return None


def _data_fault(members: _Members, where: str) -> ScimError | None:
    if members["method"] == "DELETE" or isinstance(members.get("data"), dict):
        return None
    return invalid_value(f"{where}.data: required for {members['method']}, and must be an object.")
