"""What a change of some values of an array leaves of the others."""

from __future__ import annotations

from collections.abc import Collection

from idp_profiles.model import Json
from suites.expect import expect
from suites.values import is_empty
from suites.values import items
from suites.values import member
from suites.values import same_but_for_case

from .changes import Change

_PARTS = ("value", "type", "display")


def keeps_entries(change: Change, path: str, *, but: Collection[Json] = ()) -> None:
    """Expect every entry that was there, with its parts; those with a value of `but` may go.

    A server may add parts, and make another entry the primary one: then this one is it no more.
    """
    __tracebackhide__ = True
    for each in change.entries(path):
        if not any(same_but_for_case(member(each, "value"), gone) for gone in but):
            expect(change.after).holds_value(path, **_kept(change, path, each))


def _kept(change: Change, path: str, entry: Json) -> dict[str, Json]:
    parts = {name: member(entry, name) for name in _PARTS}
    wanted = {name: part for name, part in parts.items() if not is_empty(part)}
    if member(entry, "primary") is True and not _another_is_primary(change, path, entry):
        wanted["primary"] = True
    return wanted


def _another_is_primary(change: Change, path: str, entry: Json) -> bool:
    return any(
        member(each, "primary") is True
        and not same_but_for_case(member(each, "value"), member(entry, "value"))
        for each in items(expect(change.after).at(path))
    )
