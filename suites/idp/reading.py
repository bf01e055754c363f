"""Reading everything there is, page by page, while others write."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence

from idp_profiles.model import Json

TIMES = 3


def read_until(read: Callable[[], object], is_whole: Callable[[], bool]) -> None:
    """Read, and again where somebody was not met; only the third time counts.

    Where other clients or workers create and delete at the same time, pages may shift under the
    feet of whoever reads them one after the other (RFC 7644 section 3.4.2.4), which is nobody's
    fault.
    """
    for _ in range(TIMES):
        read()
        if is_whole():
            return


def each_once(wanted: Iterable[Json], found: Sequence[Json]) -> bool:
    """Return whether everything that is wanted was found exactly once."""
    return all(found.count(each) == 1 for each in wanted)
