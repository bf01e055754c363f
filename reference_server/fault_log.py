"""The log of the server's own faults: where they happened, never what was being handled."""

from __future__ import annotations

import logging
import sqlite3
import traceback

from .database import DatabaseFileError

_LOG = logging.getLogger("reference_server")


def log_fault(fault: BaseException) -> None:
    """Log the kind and place of a fault; its message stays out, since it may quote a password."""
    frames = "".join(traceback.format_tb(fault.__traceback__))
    # Those of the database say what is wrong with the file or the disk, and quote no values.
    words = f" ({fault})" if isinstance(fault, sqlite3.Error | DatabaseFileError) else ""
    _LOG.error("Unhandled %s%s:\n%s", type(fault).__name__, words, frames)
