"""What is left at the end of a run, or after a crash: deleted, or else deactivated and told.

No case waits here, so that every deletion is looked after. A resource that bears another name by
now is left alone: a server that was set up anew may give an id once more, to somebody else. One
that is there all the same after its DELETE is told. And a user who cannot be deleted is
deactivated, so that nobody can use the account.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from idp_profiles.model import Json
from suites.making.people import is_ours
from suites.values import member
from suites.values import value_at

from .journal import GONE
from .journal import NAME_OF
from .journal import Item
from .journal import Journal
from .journal import path_of
from .remains import marked

PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SILENCES = 3  # in a row, after which a server is taken for gone
_NOT_SENT = ("id", "meta", "groups", "active")


class Send(Protocol):
    """Sends a request, with a body where there is one; raises OSError on trouble."""

    def __call__(self, method: str, target: str, body: Json = None) -> tuple[int, bytes]:
        """Return status and body of the reply."""


@dataclass(slots=True)
class LastDeletion:
    """The deletion of all that a journal has open, and its way to the server."""

    journal: Journal
    send: Send
    marks: frozenset[str] = frozenset()  # what the names of the run have in common
    settle: float = 0.0
    sleep: Callable[[float], None] = time.sleep
    _silent: int = 0  # requests in a row that got no answer
    _said: str = ""

    def run(self) -> None:
        """Delete what is open, last created first; what was refused gets a second try at the end.

        A user may become deletable only when nobody's member and manager any more.
        """
        if self.settle and any(item.id is None for item in self._open()):
            self.sleep(self.settle)  # what was created last may not yet be found
        self._each(reversed(self._open()), self._delete)
        self._look_around()
        self._each(self._open(), self._delete_or_disable)
        if self._silent >= SILENCES:
            for item in self._open():
                item.why = item.why or f"not tried, since nobody answered: {self._said}"

    def _open(self) -> list[Item]:
        return [item for item in self.journal.items if not item.done]

    def _each(self, wanted: Iterable[Item], act: Callable[[Item], object]) -> None:
        for item in wanted:
            if self._silent >= SILENCES:
                return
            try:
                act(item)
                self._silent = 0
            except OSError as trouble:
                self._silent, self._said = self._silent + 1, str(trouble)
                item.why = self._said

    def _look_around(self) -> None:
        """Write down what bears the mark of this run although no entry is open for it.

        That is what a server kept although it said to have deleted it, or made although it
        refused. Where it cannot search, nothing is found.
        """
        known = {(item.kind, item.id) for item in self._open()}
        if self._silent:
            return
        for mark in sorted(self.marks):
            for kind in NAME_OF:
                for resource_id, name in marked(kind, mark, self.send):
                    if (kind, resource_id) not in known:
                        self.journal.add(kind, name, resource_id)

    def _delete(self, item: Item) -> list[str]:
        """Delete what an item made; return the ids of what refused to go."""
        item.why, item.deactivated = None, False
        wanted = self.journal.wanted(item, self.send, thorough=True)
        mine = [each for each in wanted if self.journal.is_free(item, each)]
        kept = [each for each in mine if not self._is_deleted(item, each)]
        self.journal.close(item, spared=len(mine) < len(wanted))
        return kept

    def _delete_or_disable(self, item: Item) -> None:
        for resource_id in self._delete(item):
            if item.kind == "Users":
                self._disable(item, resource_id)

    def _is_deleted(self, item: Item, resource_id: str) -> bool:
        """Delete a resource; where it stays, the item says why. What is not ours counts as done."""
        place = path_of(item.kind, resource_id)
        name = value_at(self._shown(place), NAME_OF[item.kind])
        if isinstance(name, str) and not _is_of(item, name):
            item.why = f"it is called {name!r} now, and may be somebody else's"
            return True
        status, _ = self.send("DELETE", place)
        if status not in GONE:
            item.why = f"DELETE answered {status}"
        elif 200 <= status < 300 and not self._becomes(place, _is_out):
            item.why = f"DELETE answered {status}, and it is there all the same"
        return item.why is None

    def _disable(self, item: Item, resource_id: str) -> None:
        """Deactivate a user who cannot be deleted, by PATCH, or else by PUT."""
        place = path_of(item.kind, resource_id)
        shown, answers = self._shown(place), []
        if not _is_out(shown):
            for method, body in _changes(shown):
                status, _ = self.send(method, place, body)
                answers.append(f"{method} answered {status}")
                if 200 <= status < 300 and self._becomes(place, _is_out):
                    break
            else:
                item.why = f"{item.why}; deactivating it failed as well: {', '.join(answers)}"
                return
        item.deactivated = True
        item.why = f"{item.why}; it is deactivated instead"
        self.journal.close(item)

    def _shown(self, place: str) -> dict[str, Json] | None:
        """Return a resource as the server shows it, None where it shows none."""
        status, body = self.send("GET", place)
        try:
            found = json.loads(body) if status == 200 else None
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) and member(found, "id") is not None else None

    def _becomes(self, place: str, holds: Callable[[dict[str, Json] | None], bool]) -> bool:
        """Return whether something holds of a resource, at once or after the settle time."""
        if holds(self._shown(place)):
            return True
        if not self.settle:
            return False
        self.sleep(self.settle)
        return holds(self._shown(place))


def _is_of(item: Item, name: str) -> bool:
    return not name or is_ours(name) or name.lower() == item.name.lower()


def _is_out(shown: dict[str, Json] | None) -> bool:
    """Return whether a resource is gone, or a user who can do nothing any more."""
    return shown is None or str(member(shown, "active")).lower() == "false"


def _changes(shown: dict[str, Json] | None) -> list[tuple[str, Json]]:
    """Return the requests that deactivate a user: as RFC 7644 sections 3.5.2 and 3.5.1 have it."""
    operation: Json = {"op": "replace", "path": "active", "value": False}
    patch: Json = {"schemas": [PATCH_URN], "Operations": [operation]}
    known = {name: value for name, value in (shown or {}).items() if name.lower() not in _NOT_SENT}
    return [("PATCH", patch), *([("PUT", {**known, "active": False})] if known else [])]
