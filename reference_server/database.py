"""The database file: opening it, its layout, its connections and its transactions.

What is acknowledged stays: a commit is in the write-ahead log, and so in the system's hands, before
the reply leaves, and `kill -9` of every process takes nothing away. The log is not forced to the
disk at each commit (`synchronous = NORMAL`): a power cut or a crash of the system can lose the last
moments before it, whole transactions from the end, and never leaves the file damaged. Forcing it
would cost each write the disk's own time, some milliseconds on common ones, for a promise that a
server for trying things out does not need to give.

Several threads and processes may work on one file. A transaction has a connection for itself; a
process that was forked opens its own, as SQLite demands, and leaves the inherited ones alone.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path
from typing import Any
from typing import TypeAlias

from .database_layout import LAYOUT
from .database_layout import PROGRAM
from .database_layout import STATEMENTS
from .errors import ScimError

Row: TypeAlias = tuple[Any, ...]  # as SQLite gives them: whatever the columns hold

BUSY_SECONDS = 10.0
_IDLE_CONNECTIONS = 16


class DatabaseFileError(ValueError):
    """A file that cannot be the database; the message names it and says why."""


class _Pool:
    """The connections of one process that nobody uses at present, and the turn of its writers."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.idle: list[sqlite3.Connection] = []
        # Threads of one process wait here in line; SQLite's own waiting is a sleep and a guess.
        self.turn = threading.Lock()

    def close(self) -> None:
        if self.process == os.getpid():
            while self.idle:
                self.idle.pop().close()


# Pools that came with a fork: closing their connections would release the parent's locks.
_INHERITED: list[_Pool] = []


class _Current(threading.local):
    """The transaction that a thread is in."""

    connection: sqlite3.Connection | None = None
    writing = False


class Database:
    """One file, opened by any number of threads and processes."""

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path.absolute()
        self._busy_seconds = busy_seconds
        self._current = _Current()
        self._pool = _Pool()
        weakref.finalize(self, self._pool.close)
        _prepare(self.path, busy_seconds)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Begin a write transaction, or a part that can fail alone within the one begun."""
        current = self._current
        if current.connection is None:
            turn = self._process_pool().turn
            if not turn.acquire(timeout=self._busy_seconds):
                raise _busy()
            try:
                with self._transaction("BEGIN IMMEDIATE", writing=True):
                    yield
            except sqlite3.OperationalError as fault:
                if _code(fault) == sqlite3.SQLITE_FULL:
                    raise ScimError(507, "The disk that keeps the store is full.") from fault
                raise
            finally:
                turn.release()
        elif current.writing:
            with _savepoint(current.connection):
                yield
        else:
            raise RuntimeError("a write transaction cannot begin within a read transaction")

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Begin the first write transaction, in which the file shows whether it is of any use."""
        try:
            with self.exclusive():
                yield
        except (sqlite3.Error, ScimError) as fault:
            raise _unusable(self.path, fault) from fault

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Begin a read transaction, unless the thread is in one already."""
        if self._current.connection is not None:
            yield
            return
        with self._transaction("BEGIN", writing=False):
            yield

    @property
    def is_writing(self) -> bool:
        """Whether this thread is in a write transaction."""
        return self._current.writing

    def rows(self, statement: str, *parameters: object) -> list[Row]:
        """Return what a SELECT finds; whole, for a half-read one would keep its moment open."""
        connection = self._current.connection
        if connection is not None:
            return connection.execute(statement, parameters).fetchall()
        with self._lent() as connection:
            return connection.execute(statement, parameters).fetchall()

    def write(self, statement: str, *rows: tuple[object, ...]) -> int:
        """Run a statement once for each row of parameters; return how many rows it touched."""
        writer = self._writer()
        if len(rows) == 1:
            return writer.execute(statement, rows[0]).rowcount
        return writer.executemany(statement, rows).rowcount if rows else 0

    def insert(self, statement: str, row: tuple[object, ...]) -> int:
        """Run an INSERT; return the number that the new row has."""
        number = self._writer().execute(statement, row).lastrowid
        if number is None:
            raise RuntimeError("the statement inserted nothing")
        return number

    def close(self) -> None:
        """Close what is open; the last to do so folds the log into the file."""
        self._pool.close()

    @contextmanager
    def _transaction(self, begin: str, *, writing: bool) -> Iterator[None]:
        current = self._current
        with self._lent() as connection:
            _begin(connection, begin)
            current.connection, current.writing = connection, writing
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                # SQLite may have taken everything back itself, for example when the disk is full.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            finally:
                current.connection, current.writing = None, False

    def _writer(self) -> sqlite3.Connection:
        current = self._current
        if current.connection is None or not current.writing:
            raise RuntimeError("the store is written to within exclusive() only")
        return current.connection

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        """Take a connection for a moment."""
        pool = self._process_pool()
        try:
            connection = pool.idle.pop()
        except IndexError:
            connection = _connection(self.path, "rw", self._busy_seconds)
        try:
            yield connection
        finally:
            if len(pool.idle) < _IDLE_CONNECTIONS:
                pool.idle.append(connection)
            else:
                connection.close()

    def _process_pool(self) -> _Pool:
        if self._pool.process != os.getpid():
            _INHERITED.append(self._pool)
            self._pool = _Pool()
            weakref.finalize(self, self._pool.close)
        return self._pool


def _connection(path: Path, mode: str, busy_seconds: float) -> sqlite3.Connection:
    """Open the file; `rw` makes no new one in the place of a file that was taken away."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,  # transactions begin where this module says
        check_same_thread=False,  # a connection changes threads, but never within a transaction
        cached_statements=256,
    )
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begin(connection: sqlite3.Connection, begin: str) -> None:
    try:
        connection.execute(begin)
    except sqlite3.OperationalError as fault:
        if _is_busy(fault):
            raise _busy() from fault
        raise


@contextmanager
def _savepoint(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK TO part")
            connection.execute("RELEASE part")
        raise
    connection.execute("RELEASE part")


def _is_busy(fault: sqlite3.Error) -> bool:
    return _code(fault) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _code(fault: sqlite3.Error) -> int:
    # The lower byte is the primary code; extended codes are above it.
    return fault.sqlite_errorcode & 0xFF


def _busy() -> ScimError:
    detail = "The store is busy with other writes; try again."
    return ScimError(503, detail, headers=(("Retry-After", "1"),))


def _prepare(path: Path, busy_seconds: float) -> None:
    """Make the file ours when it is new, else check that it is; a foreign file is not touched."""
    if sqlite3.sqlite_version_info < (3, 35):
        raise DatabaseFileError(
            f"SQLite 3.35 is needed, and this Python has {sqlite3.sqlite_version}"
        )
    if not path.parent.is_dir():
        raise DatabaseFileError(f"the folder of the database file {path} does not exist")
    try:
        with closing(_connection(path, "rwc", busy_seconds)) as connection:
            if not _is_ours(connection, path):
                _lay_out(connection, path)
            _log_ahead(connection, path, busy_seconds)
    except sqlite3.Error as fault:
        raise _unusable(path, fault) from fault


def _unusable(path: Path, fault: Exception) -> DatabaseFileError:
    return DatabaseFileError(f"{path} cannot be used as the database file: {fault}")


def _is_ours(connection: sqlite3.Connection, path: Path) -> bool:
    """Tell whether the file has our layout; False when it is empty."""
    program = connection.execute("PRAGMA application_id").fetchone()[0]
    layout = connection.execute("PRAGMA user_version").fetchone()[0]
    if program != PROGRAM:
        if program or layout or connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise DatabaseFileError(f"{path} is the database of another program")
        return False
    if layout != LAYOUT:
        raise DatabaseFileError(
            f"{path} was written by another version: its layout is {layout}, "
            f"and this version knows {LAYOUT}"
        )
    return True


def _lay_out(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been faster.
        if not _is_ours(connection, path):
            for statement in STATEMENTS:
                connection.execute(statement)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _log_ahead(connection: sqlite3.Connection, path: Path, busy_seconds: float) -> None:
    """Switch to write-ahead logging, which the file remembers."""
    deadline = time.monotonic() + busy_seconds
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        with suppress(sqlite3.OperationalError):  # others who start just now; they switch, or we
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            if mode != "wal":
                raise DatabaseFileError(f"{path} is on a file system without write-ahead logging")
        if time.monotonic() > deadline:
            raise DatabaseFileError(f"{path} is locked by another process")
