"""Locks on files, which the system lets go of when a process dies, however it dies."""

from __future__ import annotations

import time
from typing import IO

try:
    import fcntl
except ImportError:  # Windows, which locks bytes of a file instead
    fcntl = None  # type: ignore[assignment]  # asked for before each use

try:
    import msvcrt
except ImportError:  # everywhere else
    msvcrt = None  # type: ignore[assignment]  # asked for before each use

_PAUSE = 0.002


def take(file: IO[bytes]) -> bool:
    """Lock an open file, or return False where another one holds it.

    Two times open is two holders, in one process as well.
    """
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


def wait_for(file: IO[bytes]) -> None:
    """Lock an open file as soon as nobody else does; held for a moment only."""
    while not take(file):
        time.sleep(_PAUSE)


def release(file: IO[bytes]) -> None:
    """Let another one have the file."""
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_UN)
    else:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
