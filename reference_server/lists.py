"""Lists: the answer to a query of one resource type or of all (RFC 7644 sections 3.4.2, 3.4.3)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from .cursors import Cursors
from .http_rules import written_response
from .json_text import dump
from .messages import Json
from .messages import Response
from .pages import CursorPaging
from .pages import Page
from .pages import page_by_index
from .presenter import Presenter
from .projection import projection
from .query import Kinds
from .query import Query
from .query import read_query
from .rendering import Rendered
from .rendering import Renderings
from .rendering import body
from .searches import Search
from .store import Store
from .tolerances import Tolerances

LIST_URN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@dataclass(frozen=True, slots=True)
class Lists:
    """Answers searches among the resources in a store."""

    store: Store
    cursors: Cursors
    tolerances: Tolerances
    renderings: Renderings

    def answer(self, search: Search, kinds: Kinds, base_url: str) -> Response:
        """Answer a search with a ListResponse."""
        query = read_query(search, kinds, self.tolerances)
        shown = {kind.name: projection(kind, search.attributes, search.excluded) for kind in kinds}
        presenter = Presenter(self.store, base_url)
        with self.store.reading():
            page = self._page(search, query, presenter)
            found = [
                self.renderings.take(presenter, each, shown[each.kind.name])
                for each in page.records
            ]
        return written_response(200, body(self._parts(page, found)))

    def _parts(self, page: Page, found: Sequence[Rendered]) -> Iterator[bytes]:
        """Write the message; the resources, which may be many, come last."""
        yield dump(_message(page))[:-1] + b',"Resources":['
        yield from self.renderings.joined(found)
        yield b"]}"

    def _page(self, search: Search, query: Query, presenter: Presenter) -> Page:
        if search.cursor is None:
            return page_by_index(search, query, presenter)
        # What a cursor is bound to; which attributes a page shows makes no other list.
        parts = [[kind.name for kind in query.kinds], search.filter, search.sort_by]
        name = json.dumps([*parts, search.descending])
        return CursorPaging(self.cursors, search, query, name).page(presenter)


def _message(page: Page) -> dict[str, Json]:
    cursors = {"nextCursor": page.next, "previousCursor": page.previous}
    given = {name: value for name, value in cursors.items() if value is not None}
    return _counted(len(page.records), page.total, page.start) | given


def list_response(resources: Sequence[Json], total: int, start: int | None = 1) -> dict[str, Json]:
    """Build the message of a list."""
    return _counted(len(resources), total, start) | {"Resources": [*resources]}


def _counted(number: int, total: int, start: int | None) -> dict[str, Json]:
    """Build a list's message without its resources, of which it tells the number."""
    message: dict[str, Json] = {"schemas": [LIST_URN], "totalResults": total}
    if start is not None:
        message["startIndex"] = start
    # Of this page, not of all pages (RFC 7644 section 3.4.2).
    return message | {"itemsPerPage": number}
