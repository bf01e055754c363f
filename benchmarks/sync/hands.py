"""The hands at a worker: they take tenants from the desk, provision them, and tell how it goes."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gevent
from gevent.event import AsyncResult
from gevent.pool import Group
from locust.exception import StopUser

from .plan import Tenant
from .plan import Wishes
from .tenant_sync import Deed
from .tenant_sync import TenantSync
from .wire import Heard

_WORDS_EVERY = 2.0
_ANSWER_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Post:
    """The ways out: ask for a tenant by ticket, tell the desk, tell Locust of a request."""

    ask: Callable[[int], None]
    tell: Callable[[dict[str, Any]], None]
    heard: Heard


class Hands:
    """The tenants of one process: each in a user of Locust's, its lanes in greenlets."""

    def __init__(
        self, tenants: Sequence[Tenant], wishes: Wishes, folder: Path, post: Post, refused: str
    ) -> None:
        self._tenants, self._wishes, self._folder = tenants, wishes, folder
        self._post = post
        self._refused = refused
        self._stop = threading.Event()  # Locust has made it one of greenlets
        self._tickets = itertools.count(1)
        self._asked: dict[int, AsyncResult[int | None]] = {}
        self._syncs: list[TenantSync] = []
        self._busy = 0
        self._cpu = 0.0
        self._ended = False
        gevent.spawn(self._keep_telling)

    def work(self) -> None:
        """Provision one tenant; when there is none left, wait for the end of the run."""
        number = None if self._refused or self._stop.is_set() else self._next()
        if number is None:
            self._stop.wait()
            raise StopUser
        sync = TenantSync(
            self._tenants[number],
            self._wishes,
            folder=self._folder,
            stop=self._stop,
            heard=self._post.heard,
            at_once=at_once,
        )
        self._syncs.append(sync)
        self._busy += 1
        try:
            sync.run()
        finally:
            self._busy -= 1
            self._tell()

    def given(self, ticket: int, number: int | None) -> None:
        """Take the desk's answer to a ticket."""
        waiting = self._asked.get(ticket)
        if waiting is not None:
            waiting.set(number)

    def wind_up(self) -> None:
        """End the traffic, wait until everything is deleted, and tell the last word."""
        self._stop.set()
        while self._busy:
            gevent.sleep(0.05)
        if not self._ended:
            self._ended = True
            self._tell()

    def _next(self) -> int | None:
        ticket = next(self._tickets)
        waiting = self._asked[ticket] = AsyncResult()
        self._post.ask(ticket)
        try:
            number: int | None = waiting.get(timeout=_ANSWER_WITHIN)
        except gevent.Timeout:
            number = None  # the master is gone
        del self._asked[ticket]
        return number

    def _keep_telling(self) -> None:
        while not self._ended:
            began = (time.perf_counter(), time.process_time())
            self._tell()
            gevent.sleep(_WORDS_EVERY)
            wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
            self._cpu = max(self._cpu, 100 * cpu / wall)

    def _tell(self) -> None:
        self._post.tell(
            {
                "tenants": [sync.to_json() for sync in self._syncs],
                "cpu": round(self._cpu, 1),
                "refused": self._refused,
                "last": self._ended,
            }
        )


def at_once(deeds: Sequence[Deed]) -> None:
    """Run deeds in greenlets; whoever is ended while they run ends them."""
    group = Group()
    try:
        for deed in deeds:
            group.spawn(deed)
        group.join()
    finally:
        group.kill()
