"""The log of the server's own faults: where they happened, never what was being handled."""

from __future__ import annotations

import logging
import traceback

_LOG = logging.getLogger("reference_server")


def log_fault(fault: BaseException) -> None:
    """Log the kind and place of a fault; its message stays out, since it may quote a password."""
    frames = "".join(traceback.format_tb(fault.__traceback__))
    _LOG.error("Unhandled %s:\n%s", type(fault).__name__, frames)
