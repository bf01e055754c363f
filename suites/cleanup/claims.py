"""To which entry of a journal a resource belongs, and whether a server's ids can be relied on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suites.verdicts import Blocked

if TYPE_CHECKING:
    from .journal import Item


class Claims:
    """To which entry each resource belongs: the first whose create was answered with its id.

    A server may show no id; then it is the first whose create of that name was answered.
    """

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str], str] = {}
        self._named: dict[tuple[str, str], str] = {}
        self._ever: set[tuple[str, str]] = set()
        # Where an id that a create gave turned out to be somebody else's. Then nothing is deleted
        # unseen any more: what is left waits for the end of the run, where all is looked at.
        self.mistaken = ""

    def check(self) -> None:
        """Raise Blocked where whoever is changed or deleted by id may be somebody else."""
        if self.mistaken:
            raise Blocked(
                f"a create was answered with an id that is somebody else's: GET {self.mistaken} "
                "shows another name than was sent. Nobody else may be changed, so nothing more is "
                "tried."
            )

    def take(self, item: Item) -> None:
        """Let what an entry created belong to it, unless it is another's."""
        if item.id is None and item.name and not item.refused:
            self._named.setdefault(_name_of(item), item.key)
        if item.id is not None:
            self._keys.setdefault((item.kind, item.id), item.key)
            self._ever.add((item.kind, item.id))

    def knows(self, kind: str, resource_id: str) -> bool:
        """Return whether any entry created a resource, which may be deleted by now."""
        return (kind, resource_id) in self._ever

    def release(self, item: Item, resource_id: str) -> None:
        """Forget what is deleted: a server may give the same id once more."""
        self._keys.pop((item.kind, resource_id), None)
        if self._named.get(_name_of(item)) == item.key:
            del self._named[_name_of(item)]

    def is_free(self, item: Item, resource_id: str) -> bool:
        """Return whether no other entry has a claim to a resource."""
        if self._keys.get((item.kind, resource_id), item.key) != item.key:
            return False
        # Found by its name alone, which may be that of somebody whose id nobody was told.
        return item.id is not None or self._named.get(_name_of(item), item.key) == item.key


def _name_of(item: Item) -> tuple[str, str]:
    return item.kind, item.name.lower()
