"""Notices a list that is read page by page and never ends."""

from __future__ import annotations

from .model import Hit
from .shapes import count_in
from .shapes import found_in
from .shapes import part

# So many times in a row nobody asks for the same page of a list that moves on.
REPEATS = 3


class Pages:
    """The pages of each list, as one stream of requests reads them."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, tuple[str, ...]]] = {}
        self._same: dict[tuple[str, str], int] = {}

    def see(self, hit: Hit) -> tuple[str, ...]:
        """Take note of one request, and return what is remarkable about its page."""
        place = hit.place
        if hit.method != "GET" or place.identifier or not 200 <= hit.status < 300:
            # Whatever else happens in between, the reading of a list is over.
            self._same.clear()
            return ()
        if place.asked("filter") is not None or place.endpoint not in ("Users", "Groups"):
            return ()
        return (*self._asked_again(hit), *self._shown_again(hit))

    def _asked_again(self, hit: Hit) -> tuple[str, ...]:
        start = hit.place.asked("startIndex") or hit.place.asked("cursor")
        if start in (None, "1"):
            # The list is read from its beginning, as every import does.
            self._same.clear()
            return ()
        key = (hit.place.endpoint, hit.place.raw_query)
        self._same[key] = self._same.get(key, 0) + 1
        return ("page-asked-again",) if self._same[key] >= REPEATS else ()

    def _shown_again(self, hit: Hit) -> tuple[str, ...]:
        """Tell whether a later page shows what the one before it showed."""
        start = count_in(hit.place.asked("startIndex") or "1")
        ids = tuple(str(part(each, "id")) for each in found_in(hit))
        before = self._last.get(hit.place.endpoint)
        if start is None:
            return ()
        self._last[hit.place.endpoint] = (start, ids)
        again = before is not None and bool(ids) and start > before[0] and ids == before[1]
        return ("page-shown-again",) if again else ()
