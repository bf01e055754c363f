"""One run at a time in a report folder, and no cleanup under a running run's feet."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # no such locks on this system: two runs in one folder are then not noticed
    fcntl = None  # type: ignore[assignment]

NAME = ".running"
ORPHANED = 30.0  # seconds within which the workers of a run that was killed come to their end


class FolderBusy(Exception):
    """Another run is using the folder."""


class RunLock:
    """Held while a run writes into a folder; the system lets go of it when the process dies.

    All processes of a run share it: workers outlive a controller that is killed by some seconds,
    and go on with the case they have.
    """

    def __init__(self, directory: Path, *, worker: bool = False, patience: float = 0.0) -> None:
        """Take the lock; raises FolderBusy, or OSError when the folder cannot be written.

        With `patience` in seconds, the workers of a run that is dead are waited for.
        """
        self._path = directory / NAME
        self._worker = worker
        self._file: IO[str] | None = self._path.open("a+", encoding="utf-8")
        if fcntl is None:
            return
        if not worker:
            self._take(directory, patience)
            self._sign()
        # The others of the run may have it as well.
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def _take(self, directory: Path, patience: float) -> None:
        assert self._file is not None
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < until and not self._owner_lives():
                    time.sleep(0.1)
                    continue
                self._file.close()
                raise FolderBusy(
                    f"{directory} is in use by a running run: wait for it, or name another folder"
                ) from None
            return

    def _sign(self) -> None:
        assert self._file is not None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def _owner_lives(self) -> bool:
        with suppress(OSError, ValueError, OverflowError):
            os.kill(int(self._path.read_text("utf-8")), 0)
            return True
        return False

    def release(self) -> None:
        """Let go and take the file away; harmless the second time."""
        if self._file is not None:
            if not self._worker:
                self._path.unlink(missing_ok=True)
            self._file.close()
            self._file = None
