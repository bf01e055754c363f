"""Which cases may begin before their turn, and how the long ones stand among the others."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence

import pytest

from .fixtures import is_plain
from .fixtures import names
from .fixtures import used
from .held import BENCH

# What cases share although they might change it, be it only on a server that errs: who looks at it
# must not meet another one there.
_NOT_ALONE = frozenset({"calm_user", "calm_group", "crew", "experiment", "me", "staff"})
# Whoever measures, reads everything there is, or means to hurt the server has it for itself.
_UNDISTURBED = ("consistency", "security")
UNDISTURBED = "scim_undisturbed"
_SHARE = 0.85  # of the cases of a process, among which its histories are
_HISTORY = "office"
_LONGEST = (
    "lose_the_line",
    "share_the_application",
    "lose_replies",
    "pause_in_a_group",
    "reorganise",
)


def may_begin(item: pytest.Item, suite: str) -> bool:
    """Return whether a case can run beside others: all that it changes is its own."""
    asked = set(names(item))
    return (
        BENCH in asked
        and not asked & _NOT_ALONE
        and not wants_all(item, suite)
        and all(is_plain(each) for name in asked - {BENCH} for each in used(item, name))
    )


def wants_all(item: pytest.Item, suite: str) -> bool:
    """Return whether a case is to have the server for itself, as far as its process goes."""
    marks = ("scim_large", UNDISTURBED)
    return suite in _UNDISTURBED or any(item.get_closest_marker(each) for each in marks)


def spread(
    items: Sequence[pytest.Item], processes: int, suite_of: Callable[[pytest.Item], str]
) -> list[pytest.Item]:
    """Return the items with a share of the histories early in the share of each process.

    The longest come first. Between two of them are others to run meanwhile, and the end of each
    share is others alone: a process that is done takes over from there. Those that are to have
    the server for themselves come last, so that they wait but once for what began before them.
    """
    histories = sorted(filter(_is_history, items), key=_rank)
    chosen = set(map(id, histories))
    others = [each for each in items if id(each) not in chosen]
    found: list[pytest.Item] = []
    for number in range(processes):
        own = histories[number::processes]
        rest = others[number * len(others) // processes : (number + 1) * len(others) // processes]
        last = [each for each in rest if wants_all(each, suite_of(each))]
        rest = [each for each in rest if not wants_all(each, suite_of(each))]
        between = int(len(rest) * _SHARE) // (len(own) or 1)
        for history in own:
            found += [*rest[:between], history]
            del rest[:between]
        found += [*rest, *last]
    return found


def _is_history(item: pytest.Item) -> bool:
    return _HISTORY in names(item)


def _rank(item: pytest.Item) -> int:
    """Return the place of a history among the others, by what is told in it."""
    told = getattr(item, "originalname", item.name)
    return next((n for n, name in enumerate(_LONGEST) if name in told), len(_LONGEST))
