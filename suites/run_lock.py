"""One run at a time in a report folder, and no cleanup under a running run's feet."""

from __future__ import annotations

from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # no such locks on this system: two runs in one folder are then not noticed
    fcntl = None  # type: ignore[assignment]

NAME = ".running"


class FolderBusy(Exception):
    """Another run is using the folder."""


class RunLock:
    """Held while a run writes into a folder; the system lets go of it when the process dies."""

    def __init__(self, directory: Path) -> None:
        """Take the lock; raises FolderBusy, or OSError when the folder cannot be written."""
        self._path = directory / NAME
        self._file: IO[str] | None = self._path.open("a", encoding="utf-8")
        if fcntl is None:
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise FolderBusy(
                f"{directory} is in use by a running run: wait for it, or name another folder"
            ) from None

    def release(self) -> None:
        """Let go and take the file away; harmless the second time."""
        if self._file is not None:
            self._path.unlink(missing_ok=True)
            self._file.close()
            self._file = None
