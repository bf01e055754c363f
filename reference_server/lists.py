"""Lists: the answer to a query of one resource type or of all (RFC 7644 sections 3.4.2, 3.4.3)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

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
from .rendering import Renderings
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
        start = _written_start(len(found), page.total, page.start)
        return written_response(200, self.renderings.list_body(start, found, _cursors(page)))

    def _page(self, search: Search, query: Query, presenter: Presenter) -> Page:
        if search.cursor is None:
            return page_by_index(search, query, presenter)
        # What a cursor is bound to; which attributes a page shows makes no other list.
        parts = [[kind.name for kind in query.kinds], search.filter, search.sort_by]
        name = json.dumps([*parts, search.descending])
        return CursorPaging(self.cursors, search, query, name).page(presenter)


# The answers to most searches begin alike: one resource found, or none.
@lru_cache(maxsize=256)
def _written_start(number: int, total: int, start: int | None) -> bytes:
    """Write the beginning of a list's message, up to its resources."""
    return dump(_counted(number, total, start))[:-1] + b',"Resources":['


def _cursors(page: Page) -> bytes:
    """Write the end of a list's message, after its resources."""
    cursors = {"nextCursor": page.next, "previousCursor": page.previous}
    given: dict[str, Json] = {name: each for name, each in cursors.items() if each is not None}
    return b"]," + dump(given)[1:] if given else b"]}"


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
