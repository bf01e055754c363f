"""Engines of IdPs that follow each event at once and go through everything now and then.

What failed as an event is mended by the next full sync, as far as the IdP's full sync goes.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from typing import TypeVar

from idp_profiles.model import Exchange
from idp_profiles.model import Json
from idp_profiles.transport import Send

from .clock import Clock
from .directory import Directory
from .engine import Handled
from .engine import Turn
from .moves import Move
from .pushing import PushEngine
from .pushing import load_pushed
from .pushing import save_pushed

IdpT = TypeVar("IdpT")
SYNC = "full sync"


class SyncEngine(PushEngine[IdpT]):
    """An IdP that sends each change at once, and everything `every` so many seconds."""

    def __init__(
        self,
        idp: IdpT,
        directory: Directory,
        send: Send,
        clock: Clock,
        *,
        every: float | None,
        after: Callable[[Exchange], None] | None = None,
    ) -> None:
        super().__init__(idp, directory, send, clock, after=after)
        if every is not None and every <= 0:
            raise ValueError(f"the time between two full syncs is more than {every!r} seconds")
        self.every = every
        self.next_sync = None if every is None else clock.now + every

    @abstractmethod
    def sync_moves(self) -> Iterator[Move]:
        """Yield what a full sync does, to everybody and every group."""

    def again(self) -> float | None:
        """Return when the next full sync is."""
        return self.next_sync

    def turn(self) -> Turn:
        """Follow the events since the last turn; then the full sync, if it is due."""
        turn = super().turn()
        if self.next_sync is None or self.clock.now < self.next_sync:
            return turn
        return self._turn(SYNC, [*turn.handled, *self.full_sync()], self._status())

    def retry(self) -> Turn:
        """Run a full sync, as an admin does who presses the button."""
        return self._turn(SYNC, self.full_sync(), self._status())

    def full_sync(self) -> list[Handled]:
        """Go through everything; a sync that is cut short leaves what failed before as it was."""
        before, handled = self.pending, list[Handled]()
        self.take_up(())
        for each in self.carry_out(self.sync_moves()):
            handled.append(each)
            if not each.ok and self.stops(each):
                kept = {(one.kind, one.key): one for one in (*before, *self.pending)}
                self.take_up(kept.values())
                break
        # A full sync takes its time when requests are repeated: the next one is after now.
        while self.every is not None and (self.next_sync or 0.0) <= self.clock.now:
            self.next_sync = (self.next_sync or self.clock.now) + self.every
        return handled

    def stops(self, failed: Handled) -> bool:
        """Tell whether a failure ends the whole full sync."""
        del failed
        return False

    def keep(self, links: Json) -> dict[str, Json]:
        """Return what `save` keeps for every engine of this kind."""
        return {**save_pushed(self, links), "next_sync": self.next_sync}

    def take_back(self, kept: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Take up what `keep` returned and return the links; raises ValueError."""
        links = load_pushed(self, kept)
        when = kept.get("next_sync")
        self.next_sync = None if when is None or self.every is None else float(when)
        return links
