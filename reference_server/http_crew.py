"""The threads behind a listening socket: one that answers, one that looks on, some that deliver.

Python runs one thread at a time, so a thread for each connection buys nothing but switches between
threads. Here one thread, the leader, waits for all connections and answers what they ask. Nobody
is held up by a request that takes long: the onlooker, when it sees the same one twice, takes the
lead and leaves the old leader to it. Replies in parts, and replies that a client takes slowly,
leave from threads of their own.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable

from .fault_log import log_fault
from .http_connection import Connection
from .http_connection import Limits
from .messages import Handler

# How long a request may hold up the others.
_PATIENCE = 0.02
# How often connections are looked through for those whose time is over.
_SWEEP_SECONDS = 1.0
# So many connections beyond the limit are told why they are turned away; the rest are just closed.
_TURNED_AWAY_AT_ONCE = 64
_ACCEPTED_AT_ONCE = 16


class Crew:
    """The threads of one server.

    Only the leader touches the selector. A term is the time of one leader; a thread that finds its
    term over lets go of everything but the connection that it works on.
    """

    def __init__(self, handle: Handler, listener: socket.socket, limits: Limits) -> None:
        self._handle = handle
        self._listener = listener
        self._limits = limits
        self._pause = min(_SWEEP_SECONDS, limits.request_seconds / 4, limits.idle_seconds / 4)
        self._next_sweep = 0.0
        self._selector = selectors.DefaultSelector()
        self._accepting = False
        self._connections: set[Connection] = set()
        self._guard = threading.Lock()
        self._term = 0
        self._leader: threading.Thread | None = None
        self._stopped = False
        # What the leader works on, and how often it has begun to: the same twice is too long.
        self._at_work: Connection | None = None
        self._begun = 0
        # The onlooker sleeps while nothing happens.
        self._onlooker_sleeps = False
        self._stirred = threading.Event()
        # Connections come back from other threads through here, and a byte wakes the leader.
        self._returned: deque[Connection] = deque()
        self._bell, self._button = socket.socketpair()

    def start(self) -> None:
        """Begin to serve."""
        for each in (self._listener, self._bell, self._button):
            each.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ, self._hear_bell)
        self._open_door()
        self._leader = _started(lambda: self._lead(0))
        if self._leader is None:
            raise RuntimeError("no thread can be started to serve")
        _started(self._look_on)

    def stop(self) -> None:
        """Stop serving and end all connections; requests under way lose their replies."""
        with self._guard:
            self._stopped = True
            self._term += 1
            leader = None if self._at_work else self._leader
        self._stirred.set()
        self._ring()
        if leader is not None:
            leader.join()
        for connection in list(self._connections):
            connection.shut()
            if connection.watched:
                self._dismiss(connection)
        self._dismiss_returned()
        self._selector.close()
        for each in (self._listener, self._bell, self._button):
            each.close()

    # -- the leader

    def _lead(self, term: int) -> None:
        """Serve until the term is over."""
        self._take_back(term)  # the bell may have rung for the leader before
        while self._term == term:
            try:
                self._lead_once(term)
            except Exception as fault:  # a server goes on; logged, never hidden
                log_fault(fault)

    def _lead_once(self, term: int) -> None:
        for key, _ in self._selector.select(self._pause):
            if not isinstance(key.data, Connection):
                key.data(term)
            elif not self._serve(key.data, key.data.work, term):
                return
        now = time.monotonic()
        if now >= self._next_sweep and self._term == term:
            self._next_sweep = now + self._pause
            self._sweep(now)

    def _serve(self, connection: Connection, step: Callable[[], None], term: int) -> bool:
        """Let a connection take a step; tell whether the term has outlasted it."""
        with self._guard:
            if self._term != term:
                return False
            self._at_work = connection
            self._begun += 1
        if self._onlooker_sleeps:
            self._stirred.set()
        step()
        with self._guard:
            still_leading = self._term == term
            if still_leading:
                self._at_work = None
        if still_leading:
            self._settle(connection)
        else:
            self._finish_alone(connection)
        return still_leading

    def _settle(self, connection: Connection) -> None:
        """Wait for more of a connection, or give it away, or end it."""
        if connection.has_ended:
            self._unwatch(connection)
            self._dismiss(connection)
        elif connection.outbox is not None:
            self._unwatch(connection)
            if _started(lambda: self._finish_alone(connection)) is None:
                self._dismiss(connection)
        elif not connection.watched:
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.watched = True

    def _unwatch(self, connection: Connection) -> None:
        if connection.watched:
            self._selector.unregister(connection.socket)
            connection.watched = False

    def _accept(self, _term: int) -> None:
        for _ in range(_ACCEPTED_AT_ONCE):
            try:
                client, _ = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as fault:  # too many open files: try again at the next sweep
                log_fault(fault)
                self._selector.unregister(self._listener)
                self._accepting = False
                return
            self._welcome(client)

    def _open_door(self) -> None:
        self._accepting = True
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def _welcome(self, client: socket.socket) -> None:
        surplus = len(self._connections) - self._limits.connections
        if surplus >= _TURNED_AWAY_AT_ONCE:
            client.close()
            return
        connection = Connection(client, self._handle, self._limits, surplus=surplus >= 0)
        self._connections.add(connection)
        self._settle(connection)

    def _sweep(self, now: float) -> None:
        """End the connections whose time is over."""
        if not self._accepting:
            self._open_door()
        for connection in [each for each in self._connections if each.watched]:
            if now > connection.deadline:
                connection.expire()
                self._settle(connection)

    def _hear_bell(self, term: int) -> None:
        with contextlib.suppress(BlockingIOError):
            self._bell.recv(4096)
        self._take_back(term)

    def _take_back(self, term: int) -> None:
        """Go on with the connections that other threads have given back."""
        while self._returned and self._term == term:
            connection = self._returned.popleft()
            # What came while it was away may be here already, unknown to the selector.
            if not self._serve(connection, connection.go_on, term):
                return

    # -- other threads

    def _finish_alone(self, connection: Connection) -> None:
        """Do what is left to do for a reply, then give the connection back."""
        if connection.outbox is not None:
            connection.deliver()
        if connection.has_ended:
            self._dismiss(connection)
            return
        self._returned.append(connection)
        self._ring()
        if self._stopped:
            self._dismiss_returned()

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # full of rings already, or stopped
            self._button.send(b"!")

    def _dismiss(self, connection: Connection) -> None:
        self._connections.discard(connection)
        connection.close()

    def _dismiss_returned(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._dismiss(self._returned.popleft())

    def _look_on(self) -> None:
        """Watch the leader; take the lead when one request keeps it."""
        seen = -1
        while not self._stopped:
            time.sleep(_PATIENCE)
            term = self._succeed(seen)
            if term is not None:
                _started(self._look_on)
                self._lead(term)
                return
            if seen == self._begun:
                self._sleep(seen)
            seen = self._begun

    def _succeed(self, seen: int) -> int | None:
        """Begin a new term if the leader still works on what it worked on before."""
        with self._guard:
            stuck = self._at_work
            if self._stopped or stuck is None or self._begun != seen:
                return None
            self._term += 1
            self._leader = threading.current_thread()
            self._at_work = None
            self._unwatch(stuck)
            return self._term

    def _sleep(self, seen: int) -> None:
        """Sleep until the leader begins to work again."""
        self._stirred.clear()
        self._onlooker_sleeps = True
        if self._begun == seen and not self._stopped:
            self._stirred.wait()
        self._onlooker_sleeps = False


def _started(run: Callable[[], None]) -> threading.Thread | None:
    """Start a thread; None when the system has none left, without which much still works."""
    thread = threading.Thread(target=run, daemon=True)
    try:
        thread.start()
    except RuntimeError as fault:
        log_fault(fault)
        return None
    return thread
