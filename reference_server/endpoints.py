"""Endpoints of resources: one method of this class for each HTTP method and path form."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .commands import Commands
from .errors import MEDIA_TYPE
from .errors import ScimError
from .errors import not_found
from .json_text import dump
from .json_text import parse_object
from .messages import Headers
from .messages import Json
from .messages import Request
from .messages import Response
from .patch_messages import read_operations
from .preconditions import check_write
from .preconditions import is_known
from .presenter import Presenter
from .projection import Projection
from .projection import projection
from .query import parse_parameters
from .query import read_query
from .query import run_query
from .schemas import ResourceType
from .store import Record
from .store import Store

_JSON_TYPES = (MEDIA_TYPE, "application/json")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a resource endpoint, with what all its answers need."""

    request: Request
    kind: ResourceType
    presenter: Presenter
    parameters: Mapping[str, str]
    projection: Projection


_Collection: TypeAlias = Callable[[Call], Response]
_Item: TypeAlias = Callable[[Call, Record], Response]


class Endpoints:
    """Answers requests for the resources in a store."""

    def __init__(self, store: Store, commands: Commands) -> None:
        self._store = store
        self._commands = commands
        self._collection: dict[str, _Collection] = {"GET": self._list, "POST": self._create}
        self._item: dict[str, _Item] = {
            "GET": self._read,
            "PUT": self._replace,
            "PATCH": self._patch,
            "DELETE": self._delete,
        }

    def answer(
        self, request: Request, kind: ResourceType, identifier: str | None, base_url: str
    ) -> Response:
        """Answer a request for a collection, or for one resource in it."""
        method = "GET" if request.method == "HEAD" else request.method
        allowed = self._collection if identifier is None else self._item
        expect_method(request, tuple(allowed))
        call = self._call(request, kind, base_url)
        if identifier is None:
            return self._collection[method](call)
        return self._item_answer(call, identifier, self._item[method])

    def _item_answer(self, call: Call, identifier: str, handler: _Item) -> Response:
        record = self._store.get(call.kind, identifier)
        if record is None:
            raise not_found(f"{call.kind.name} {identifier!r:.200} does not exist.")
        return handler(call, record)

    def _call(self, request: Request, kind: ResourceType, base_url: str) -> Call:
        parameters = parse_parameters(request.query)
        shown = projection(kind, parameters.get("attributes"), parameters.get("excludedAttributes"))
        return Call(request, kind, Presenter(self._store, base_url), parameters, shown)

    def _list(self, call: Call) -> Response:
        query = read_query(call.parameters, call.kind)
        with self._store.exclusive():
            body = run_query(query, call.kind, call.presenter, call.projection)
        return json_response(200, body)

    def _create(self, call: Call) -> Response:
        body = read_body(call.request)
        with self._store.exclusive():
            record = self._commands.create(call.kind, body)
            return self._representation(call, record, 201)

    def _read(self, call: Call, record: Record) -> Response:
        with self._store.exclusive():
            version = call.presenter.version(record)
            if is_known(call.request, version):
                return Response(304, (("ETag", version),))
            return self._representation(call, record, 200)

    def _replace(self, call: Call, record: Record) -> Response:
        body = read_body(call.request)
        with self._store.exclusive():
            current = self._current(call, record)
            return self._representation(call, self._commands.replace(current, body), 200)

    def _patch(self, call: Call, record: Record) -> Response:
        body = read_body(call.request)
        operations = read_operations(body, call.kind, self._commands.tolerances)
        with self._store.exclusive():
            current = self._current(call, record)
            new = self._commands.patch(current, operations, call.presenter)
            if call.kind.keeps_members and "attributes" not in call.parameters:
                # 204: writing a group's members out would cost as much as the group is large.
                return Response(204, (("ETag", call.presenter.version(new)),))
            return self._representation(call, new, 200)

    def _delete(self, call: Call, record: Record) -> Response:
        with self._store.exclusive():
            self._commands.delete(self._current(call, record))
        return Response(204)

    def _current(self, call: Call, record: Record) -> Record:
        """Read the record again inside the lock, and hold the preconditions against it."""
        current = self._store.get(call.kind, record.id)
        if current is None:
            raise not_found(f"{call.kind.name} {record.id!r} does not exist.")
        check_write(call.request, call.presenter.version(current))
        return current

    @staticmethod
    def _representation(call: Call, record: Record, status: int) -> Response:
        location = call.presenter.location(record)
        headers = (("Location", location), ("ETag", call.presenter.version(record)))
        return json_response(status, call.presenter.show(record, call.projection), headers)


def expect_method(request: Request, allowed: tuple[str, ...]) -> None:
    """Raise 405 with `Allow` for a method that a path does not have."""
    if "GET" in allowed:
        allowed = ("GET", "HEAD", *allowed[1:])
    if request.method not in allowed:
        detail = f"{request.method} is not possible here; possible are {', '.join(allowed)}."
        raise ScimError(405, detail, headers=(("Allow", ", ".join(allowed)),))


def read_body(request: Request) -> dict[str, Json]:
    """Read the body of a write, whose type must be JSON in UTF-8 (RFC 7644 section 3.8)."""
    content_type = request.header("Content-Type")
    if content_type is not None:
        _check_content_type(content_type)
    return parse_object(request.body)


def _check_content_type(content_type: str) -> None:
    media_type, *parameters = (part.strip() for part in content_type.lower().split(";"))
    if media_type not in _JSON_TYPES:
        wanted = " or ".join(_JSON_TYPES)
        raise ScimError(415, f"The body must be {wanted}, not {media_type!r:.100}.")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8"):
            raise ScimError(415, f"The body must be in UTF-8, not {value!r:.100}.")


def json_response(status: int, body: Json | dict[str, Json], headers: Headers = ()) -> Response:
    """Build a JSON response."""
    return Response(status, (("Content-Type", MEDIA_TYPE), *headers), dump(body))
