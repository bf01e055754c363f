"""Expectations about lists: which resources a query found."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from typing import Protocol
from typing import Self

from reports import Verdict
from suites.values import items
from suites.values import strings
from suites.values import text
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .holding import Holding

LIST_URN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_COUNTS = ("totalResults", "startIndex", "itemsPerPage")


class Known(Protocol):
    """A resource that a run made, and what the run calls it."""

    @property
    def id(self) -> str:
        """The id that the server gave."""

    @property
    def key(self) -> str:
        """The name by which a report speaks of it."""


class ListExpectations(Holding):
    """What a ListResponse holds."""

    def list_response(self, *counts: str) -> Self:
        """Expect a ListResponse whose counts are integers (RFC 7644 section 3.4.2).

        `counts` names those that have to be there. Without any, totalResults has to; startIndex
        and itemsPerPage where only a part of the results is shown, and in a page by cursor
        (RFC 9865 section 2) the latter alone.
        """
        __tracebackhide__ = True
        self.status(200).json_object()
        self._hold(lambda: LIST_URN in strings(self.at("schemas")), LIST_URN, self._body)
        for name in counts or self._needed_counts():
            self._hold(
                lambda name=name: type(self.at(name)) is int,  # type: ignore[misc]  # a lambda with a default has no type of its own
                f"an integer in {name}",
                lambda name=name: text(self.at(name)),  # type: ignore[misc]  # as above
            )
        return self

    def _needed_counts(self) -> tuple[str, ...]:
        """Return the counts that this answer has to have, and those that it shows."""
        total, shown = self.at("totalResults"), len(items(self.at("Resources")))
        usual = _COUNTS if self.at("nextCursor") is None else ("totalResults", "itemsPerPage")
        if isinstance(total, int) and total > shown:
            return usual
        return tuple(n for n in usual if n == "totalResults" or self.at(n) is not None)

    def understood(self) -> Self:
        """Expect an answer to a filter; one that is refused as unsupported warns at most."""
        __tracebackhide__ = True
        self._not_refused()
        return self

    def matches(self, *ids: str) -> Self:
        """Expect a list answer with exactly these resources, in any order."""
        __tracebackhide__ = True
        wanted = sorted(ids)
        self.status(200).json_object()
        self._hold(
            lambda: sorted(self._ids("Resources", "id")) == wanted,
            f"{len(ids)} match(es) {wanted}" if ids else "no match",
            lambda: f"{len(self._ids('Resources', 'id'))} match(es) {self._ids('Resources', 'id')}",
        )
        return self._hold(
            lambda: self.at("totalResults") == len(ids) and self.at("totalResults") is not False,
            f"totalResults {len(ids)}",
            lambda: text(self.at("totalResults")),
        )

    def finds(
        self, *wanted: Known, among: Collection[Known], perhaps: Collection[Known] = ()
    ) -> Self:
        """Expect that of these resources the query found the wanted ones, each once, and no other.

        Resources outside `among` are other people's and not looked at; those in `perhaps` may be
        found or not, where the texts leave it open. A query that is refused as unsupported warns
        at most: a server may support a part of the filters (RFC 7644 section 3.4.2.2).
        """
        __tracebackhide__ = True
        names = {each.id: each.key for each in among}
        sought, open_ = {each.id for each in wanted}, {each.id for each in perhaps}
        self._not_refused()
        self.status(200).json_object()

        def found() -> list[str]:
            return [each for each in self._ids("Resources", "id") if each in names]

        def right() -> bool:
            return sought <= set(found()) <= sought | open_ and len(found()) == len(set(found()))

        wish = _shown(names, sought)
        return self._hold(right, f"{wish} found", lambda: _shown(names, found()))

    def in_order(self, *wanted: Known, among: Collection[Known]) -> Self:
        """Expect these resources of `among` in this order, whatever stands between them."""
        __tracebackhide__ = True
        names = {each.id: each.key for each in among}
        self.status(200).json_object()

        def found() -> list[str]:
            return [names[each] for each in self._ids("Resources", "id") if each in names]

        return self._hold(
            lambda: found() == [each.key for each in wanted],
            f"the order {', '.join(each.key for each in wanted)}",
            lambda: ", ".join(found()),
        )

    def nobody(self) -> Self:
        """Expect no match: an empty list, or a 404, which some IdPs take for the same."""
        __tracebackhide__ = True
        return self._hold(
            lambda: (
                self._seen.status == 404
                or (self._seen.status == 200 and not self._ids("Resources", "id"))
            ),
            "no match",
            lambda: f"status {self._seen.status}, {len(self._ids('Resources', 'id'))} match(es)",
        )

    def includes(self, *ids: str) -> Self:
        """Expect a list answer that holds each of these resources exactly once."""
        __tracebackhide__ = True
        self.status(200).json_object()
        counts = dict.fromkeys(ids, 0)
        return self._hold(
            lambda: all(self._ids("Resources", "id").count(wanted) == 1 for wanted in counts),
            "each of the created resources once in the list",
            lambda: str({wanted: self._ids("Resources", "id").count(wanted) for wanted in counts}),
        )

    def complete(self) -> Self:
        """Expect a list that holds as many resources as its totalResults says."""
        __tracebackhide__ = True
        return self._hold(
            lambda: self.at("totalResults") == len(items(self.at("Resources"))),
            "as many resources as totalResults says",
            lambda: (
                f"totalResults {text(self.at('totalResults'))}, "
                f"{len(items(self.at('Resources')))} resource(s)"
            ),
        )

    def _not_refused(self) -> None:
        """Raise a mismatch that warns at most for a query that the server does not support.

        One that finds more than the server is willing to return has to be refused with tooMany
        (RFC 7644 section 3.4.2.1), and who refuses it so has kept to the text.
        """
        __tracebackhide__ = True
        kind = self.at("scimType") if self._seen.status == 400 else None
        if kind == "tooMany":
            raise NotOffered(f"the filter finds more than the server returns ({self._came()})")
        if kind == "invalidFilter" or self._seen.status == 501:
            raise Mismatch(
                expected="an answer to a filter of the RFC's grammar",
                actual=f"{kind or 'not supported'} ({self._came()})",
                entry=self._seen.entry,
                at_most=Verdict.WARN,
            )


def _shown(names: Mapping[str, str], ids: Collection[str]) -> str:
    return ", ".join(sorted(names[each] for each in ids)) or "nobody"
