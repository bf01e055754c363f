"""Pages: the part of a list that one answer holds, by index (section 3.4.2.4) or by cursor.

A cursor knows a place by the creation number of a record and, in a sorted list, by the sort key
before that. So records that come and go between two pages make no other record appear twice or
not at all; only one whose own sort key changes may be met again, or be missed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from itertools import takewhile
from typing import TypeAlias

from .cursors import Cursors
from .cursors import Place
from .errors import ScimError
from .presenter import Presenter
from .query import Query
from .query import SortKey
from .query import everything
from .query import keyed
from .query import matches
from .query import total
from .searches import Search
from .store import Record

_Item: TypeAlias = tuple[SortKey, Record]

# A cursor has to fit into a URL: longer texts are sorted by so many characters of theirs.
_KEY_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some records of a list; `start` is the index of the first, None when paging by cursor."""

    total: int
    records: list[Record]
    start: int | None = None
    next: str | None = None
    previous: str | None = None


def page_by_index(search: Search, query: Query, presenter: Presenter) -> Page:
    """Return the page that `startIndex` and `count` ask for."""
    first = search.start - 1
    if query.filters is None and query.targets is None:
        records = everything(query, presenter.store, start=first)
        found = list(islice(records, search.count))
        return Page(total=total(query, presenter.store), records=found, start=search.start)
    found = matches(query, presenter)
    if query.targets is not None:
        found = [record for _, record in keyed(found, query, presenter)]
    part = found[first : first + search.count]
    return Page(total=len(found), records=part, start=search.start)


@dataclass(frozen=True, slots=True)
class _Part:
    """A page's worth of a list, and whether there is more of it on either side."""

    total: int
    items: list[_Item]
    earlier: bool
    later: bool


@dataclass(frozen=True, slots=True)
class CursorPaging:
    """Answers one search by cursor; `name` tells its list from other lists."""

    cursors: Cursors
    search: Search
    query: Query
    name: str

    def page(self, presenter: Presenter) -> Page:
        """Return the page at the cursor, or the first one."""
        place = self._place()
        part = self._part(place, presenter)
        if self.search.count == 0:
            # Only the total is wanted (RFC 9865 section 2), and no page could ever be the next.
            return Page(total=part.total, records=[])
        return Page(
            total=part.total,
            records=[record for _, record in part.items],
            next=self._cursor(part.items, place, backward=False) if part.later else None,
            previous=self._cursor(part.items, place, backward=True) if part.earlier else None,
        )

    def _place(self) -> Place | None:
        if not self.search.cursor:
            return None
        place = self.cursors.read(self.search.cursor, self.name)
        if place.count != self.search.count:
            detail = f"count: it must stay {place.count}, as in the first request of this query."
            raise ScimError(400, detail, "invalidCount")
        return place

    def _cursor(self, items: list[_Item], place: Place | None, *, backward: bool) -> str:
        """Write the cursor of what follows, or precedes, the page.

        A page is empty when all its records have gone since; then it begins where it would have.
        """
        if items:
            key, record = items[0] if backward else items[-1]
            sequence = record.sequence
        elif place is not None:
            key, sequence = place.key, place.sequence + (1 if backward else -1)
        else:
            raise ValueError("the first page is empty only when there are no others")
        following = Place(sequence, key, self.search.count, backward)
        return self.cursors.write(following, self.name)

    def _part(self, place: Place | None, presenter: Presenter) -> _Part:
        whole = self.query.filters is None and self.query.targets is None
        if whole and (place is None or not place.backward):
            return self._forward(place, presenter)
        if whole and place is not None:
            return self._backward(place, presenter)
        return self._among_matches(place, presenter)

    def _forward(self, place: Place | None, presenter: Presenter) -> _Part:
        """Read on in a list of everything: no more records than the page has, and one."""
        store, count = presenter.store, self.search.count
        after = place.sequence if place else 0
        found = list(islice(everything(self.query, store, after=after), count + 1))
        first = next(everything(self.query, store), None) if place else None
        return _Part(
            total=total(self.query, store),
            items=[((), record) for record in found[:count]],
            earlier=first is not None and first.sequence <= after,
            later=len(found) > count,
        )

    def _backward(self, place: Place, presenter: Presenter) -> _Part:
        store, count = presenter.store, self.search.count
        before = takewhile(
            lambda record: record.sequence < place.sequence, everything(self.query, store)
        )
        found = list(deque(before, maxlen=count + 1))
        rest = everything(self.query, store, after=place.sequence - 1)
        return _Part(
            total=total(self.query, store),
            items=[((), record) for record in found[-count:]],
            earlier=len(found) > count,
            later=next(rest, None) is not None,
        )

    def _among_matches(self, place: Place | None, presenter: Presenter) -> _Part:
        items: list[_Item] = [((), record) for record in matches(self.query, presenter)]
        if self.query.targets is not None:
            records = [record for _, record in items]
            items = keyed(records, self.query, presenter, _KEY_LENGTH)
        count = self.search.count
        if place is None:
            return _Part(len(items), items[:count], earlier=False, later=len(items) > count)
        if place.backward:
            before = [each for each in items if self._side(each, place) < 0]
            part = before[-count:]
            return _Part(len(items), part, len(before) > count, len(items) > len(before))
        after = [each for each in items if self._side(each, place) > 0]
        return _Part(len(items), after[:count], len(items) > len(after), len(after) > count)

    def _side(self, item: _Item, place: Place) -> int:
        """Tell on which side of a place an item is: negative is before it, zero at it."""
        key, record = item
        if key != place.key:
            return -1 if (key < place.key) is not self.query.descending else 1
        return record.sequence - place.sequence
