"""What all processes of a run know together: when the next request may leave, what was waited.

They share a folder, and in it a file of three numbers under a lock. A run of one process needs no
file. Times are of the monotonic clock, which is one for all processes of a machine.
"""

from __future__ import annotations

import shutil
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import IO

from . import locks

ROOM = ".manners"  # in the folder of a run, while it runs
_FORM = struct.Struct("<3d")


@dataclass(slots=True)
class Figures:
    """When the next request may leave, until when the server wants peace, and seconds waited."""

    next_at: float = 0.0
    paused_until: float = 0.0
    spent: float = 0.0


class Commons:
    """The figures of a run; `folder` is None where one process is the whole run."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._own = Figures()
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None

    @contextmanager
    def changing(self) -> Iterator[Figures]:
        """Let one thread of one process at a time read and change the figures."""
        with self._lock:
            if self.folder is None:
                yield self._own
                return
            file = self._opened(self.folder)
            locks.wait_for(file)
            try:
                figures = _read(file)
                before = replace(figures)
                yield figures
                if figures != before:
                    _write(file, figures)
            finally:
                locks.release(file)

    def paused_until(self) -> float:
        """Return until when the server wants peace."""
        with self.changing() as figures:
            return figures.paused_until

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self, folder: Path) -> IO[bytes]:
        if self._file is None:
            folder.mkdir(exist_ok=True)
            self._file = (folder / "figures").open("a+b", buffering=0)
        return self._file


def _read(file: IO[bytes]) -> Figures:
    file.seek(0)
    content = file.read(_FORM.size)
    return Figures(*_FORM.unpack(content)) if len(content) == _FORM.size else Figures()


def _write(file: IO[bytes], figures: Figures) -> None:
    file.seek(0)
    file.truncate()
    file.write(_FORM.pack(figures.next_at, figures.paused_until, figures.spent))


def remove(directory: Path) -> None:
    """Take away what the processes of a run shared."""
    shutil.rmtree(directory / ROOM, ignore_errors=True)
