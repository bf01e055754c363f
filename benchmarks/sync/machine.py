"""What a run was measured on, without the name of the machine."""

from __future__ import annotations

import os
import platform


def machine() -> str:
    """Return the system, its processors and this Python, in a line."""
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.python_implementation()} {platform.python_version()}"
    )
