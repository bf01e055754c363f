"""Endpoints of resources: one method of this class for each HTTP method and path form."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from .commands import Commands
from .errors import not_found
from .http_rules import check_method
from .http_rules import options
from .http_rules import read_body
from .http_rules import written_response
from .lists import Lists
from .messages import Request
from .messages import Response
from .patch_messages import read_operations
from .preconditions import check_write
from .preconditions import is_known
from .presenter import Presenter
from .presenter import Stamp
from .privacy import Privacy
from .projection import Projection
from .projection import projection
from .requested import patched
from .requested import posted
from .schemas import Key
from .schemas import ResourceType
from .searches import parse_parameters
from .searches import search_of_message
from .searches import search_of_parameters
from .store import Record
from .store import Store


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a resource endpoint, with what all its answers need."""

    request: Request
    kind: ResourceType
    presenter: Presenter
    parameters: Mapping[str, str]
    projection: Projection

    def after_writing(self, written: frozenset[Key]) -> Call:
        """Return the call with a projection that also shows what was written on request."""
        if not written:
            return self
        return replace(self, projection=_projection(self.kind, self.parameters, written))


def _projection(
    kind: ResourceType, parameters: Mapping[str, str], written: frozenset[Key]
) -> Projection:
    chosen, hidden = parameters.get("attributes"), parameters.get("excludedAttributes")
    return projection(kind, chosen, hidden, written)


_Item: TypeAlias = Callable[[Call, Record], Response]

_COLLECTION = ("GET", "POST")
_QUERY = ("GET",)
_SEARCH = ("POST",)


class Endpoints:
    """Answers requests for the resources in a store."""

    def __init__(self, store: Store, commands: Commands, lists: Lists, privacy: Privacy) -> None:
        self._store = store
        self._privacy = privacy
        self._commands = commands
        self._lists = lists
        self._item: dict[str, _Item] = {
            "GET": self._read,
            "PUT": self._replace,
            "PATCH": self._patch,
            "DELETE": self._delete,
        }

    def item(
        self, request: Request, kind: ResourceType, identifier: str, base_url: str
    ) -> Response:
        """Answer a request for one resource."""
        if request.method == "OPTIONS":
            return options(tuple(self._item))
        handler = self._item[check_method(request, tuple(self._item))]
        call = self._call(request, kind, base_url)
        record = self._store.get(kind, identifier)
        if record is None:
            raise not_found(f"{kind.name} {identifier!r:.200} does not exist.")
        return handler(call, record)

    def collection(self, request: Request, kind: ResourceType, base_url: str) -> Response:
        """Answer a request for all resources of a type."""
        if request.method == "OPTIONS":
            return options(_COLLECTION)
        if check_method(request, _COLLECTION) == "GET":
            return self.query(request, (kind,), base_url)
        return self.create(request, kind, base_url)

    def query(self, request: Request, kinds: tuple[ResourceType, ...], base_url: str) -> Response:
        """Answer a query in the URL (RFC 7644 section 3.4.2)."""
        if request.method == "OPTIONS":
            return options(_QUERY)
        check_method(request, _QUERY)
        search = search_of_parameters(parse_parameters(request.query))
        self._privacy.check(search.filter)
        return self._lists.answer(search, kinds, base_url)

    def search(self, request: Request, kinds: tuple[ResourceType, ...], base_url: str) -> Response:
        """Answer a query in the body of a POST (RFC 7644 section 3.4.3)."""
        if request.method == "OPTIONS":
            return options(_SEARCH)
        check_method(request, _SEARCH)
        search = search_of_message(read_body(request), self._commands.tolerances)
        return self._lists.answer(search, kinds, base_url)

    def create(self, request: Request, kind: ResourceType, base_url: str) -> Response:
        """Create a resource of a type (RFC 7644 section 3.3)."""
        call = self._call(request, kind, base_url)
        body = read_body(request)
        with self._store.exclusive():
            record = self._commands.create(kind, body)
            return self._representation(call.after_writing(posted(body, kind)), record, 201)

    def _call(self, request: Request, kind: ResourceType, base_url: str) -> Call:
        parameters = parse_parameters(request.query)
        shown = _projection(kind, parameters, frozenset())
        return Call(request, kind, Presenter(self._store, base_url), parameters, shown)

    def _read(self, call: Call, record: Record) -> Response:
        with self._store.reading():
            stamp = call.presenter.stamp(record)
            if is_known(call.request, stamp.version):
                return Response(304, (("ETag", stamp.version),))
            return self._representation(call, record, 200, stamp)

    def _replace(self, call: Call, record: Record) -> Response:
        body = read_body(call.request)
        with self._store.exclusive():
            current = self._current(call, record)
            new = self._commands.replace(current, body)
            return self._representation(call.after_writing(posted(body, call.kind)), new, 200)

    def _patch(self, call: Call, record: Record) -> Response:
        body = read_body(call.request)
        operations = read_operations(body, call.kind, self._commands.tolerances)
        with self._store.exclusive():
            current = self._current(call, record)
            new = self._commands.patch(current, operations, call.presenter)
            if call.kind.keeps_members and "attributes" not in call.parameters:
                # 204: writing a group's members out would cost as much as the group is large.
                return Response(204, (("ETag", call.presenter.version(new)),))
            call = call.after_writing(patched(operations, call.kind))
            return self._representation(call, new, 200)

    def _delete(self, call: Call, record: Record) -> Response:
        with self._store.exclusive():
            self._commands.delete(self._current(call, record))
        return Response(204)

    def _current(self, call: Call, record: Record) -> Record:
        """Read the record again inside the lock, and hold the preconditions against it."""
        current = self._store.get(call.kind, record.id)
        if current is None:
            raise not_found(f"{call.kind.name} {record.id!r:.200} does not exist.")
        check_write(call.request, partial(call.presenter.version, current))
        return current

    def _representation(
        self, call: Call, record: Record, status: int, stamp: Stamp | None = None
    ) -> Response:
        stamp = stamp or call.presenter.stamp(record)
        headers = (
            ("Location", stamp.location),
            ("Content-Location", stamp.location),  # RFC 7643 section 3.1: it equals meta.location
            ("ETag", stamp.version),
        )
        renderings = self._lists.renderings
        found = renderings.take(call.presenter, record, call.projection, stamp)
        return written_response(status, renderings.body(found), headers)
