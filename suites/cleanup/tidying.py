"""The deletion of what a case created: at once, or beside the next cases where that takes long."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from reports import Redactor
from reports import Result
from suites.bench import Bench
from suites.outcome.results import CaseRecord
from suites.reach.lanes import lanes

from .journal import USERS
from .journal import Item
from .journal import Journal
from .remains import Call

# Does something to each of several items, in any order.
Each: TypeAlias = Callable[[Callable[[Item], None], Sequence[Item]], object]
Late = dict[str, list[str]]  # what came out after a case's result had been sent, by case


def sweep(journal: Journal, call: Call, each: Each | None = None) -> None:
    """Delete what is still there, last created first; trouble leaves the rest for `cleanup`.

    `each` may do a thing to several items at once: then groups go before those who are in them.
    """

    def remove(item: Item) -> None:
        try:
            journal.remove(item, call)
        except OSError as trouble:
            item.why = str(trouble)

    left = [item for item in reversed(journal.items) if not item.done]
    if each is None:
        for item in left:
            remove(item)
        return
    each(remove, [item for item in left if item.kind != USERS])
    each(remove, [item for item in left if item.kind == USERS])


def tidy(made: Bench, record: CaseRecord, case: str, late: Late) -> None:
    """Delete what a case created, last created first, and note what stays.

    Where the server takes its time the next case begins meanwhile: nothing of one case is in the
    way of another one's. What is then noted goes into `late`.
    """
    journal, redactor = made.journal, made.log.redactor
    # A client of its own: that of the case would keep all its exchanges.
    act = partial(sweep, journal, made.client(journal, made.log.blank()).raw)
    if not made.log.is_slow:
        act()
        record.late += _left(journal, redactor)
        return

    def later() -> None:
        act()
        late[case] = _left(journal, redactor)

    lanes().later(later)


def _left(journal: Journal, redactor: Redactor) -> list[str]:
    return [
        redactor.text(f"could not be deleted: {item.kind} {item.name!r}: {item.why}")
        for item in journal.items
        if not item.done
    ]


def with_late_notes(
    results: Sequence[Result], found: Sequence[Mapping[str, Sequence[str]]]
) -> tuple[Result, ...]:
    """Return results with the notes that the processes of a run came to after sending them."""
    notes = {case: tuple(lines) for late in found for case, lines in late.items()}
    return tuple(
        replace(each, notes=(*each.notes, *notes[each.case])) if notes.get(each.case) else each
        for each in results
    )
