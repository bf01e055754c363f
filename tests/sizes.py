"""How much the heavy tests do: a sample by default, everything with SCIMPROOF_SOAK=1."""

from __future__ import annotations

import os
from collections.abc import Iterable


def sized(small: int, full: int) -> int:
    """Return the full size when SCIMPROOF_SOAK is set, else the small one."""
    return full if os.environ.get("SCIMPROOF_SOAK", "") not in ("", "0") else small


def sample(names: Iterable[str], one_in: int) -> list[str]:
    """Return one in so many names, and all of them with SCIMPROOF_SOAK=1."""
    return [*names][:: sized(one_in, 1)]
