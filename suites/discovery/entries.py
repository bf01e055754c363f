"""The entries of /ResourceTypes and /Schemas as they stand there, and what is asked of each."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import TypeAlias

from idp_profiles.model import Json
from suites.client import Seen
from suites.expect import expect
from suites.schemas.listed import listing
from suites.values import text
from suites.values import value_at
from suites.verdicts import NotOffered

Entry: TypeAlias = Mapping[str, Json]


def entries_of(seen: Seen, without: str) -> tuple[Entry, ...]:
    """Return the entries of a list; raises NotOffered with a reason where there are none."""
    found = [each for each in listing(seen) if isinstance(each, dict)]
    if not found:
        raise NotOffered(without)
    return tuple(found)


def said(entry: Entry, path: str) -> Json:
    """Return what an entry says at a path, None where it says nothing."""
    return value_at({**entry}, path)


def title(entry: Entry) -> str:
    """Return what to call an entry in a report."""
    return str(said(entry, "name") or said(entry, "id") or "an entry without name")


def every(seen: Seen, entries: Iterable[Entry], good: Callable[[Entry], bool], wanted: str) -> None:
    """Expect a condition of each entry; those that miss it are named."""
    __tracebackhide__ = True
    wrong: list[Json] = [title(each) for each in entries if not good(each)]
    expect(seen).holds(lambda: not wrong, wanted, lambda: f"not so: {text(wrong)}")


def is_text(value: Json) -> bool:
    """Return whether a value is a text that is not empty."""
    return isinstance(value, str) and bool(value.strip())


def is_address(value: Json) -> bool:
    """Return whether a value is an address that a browser could open."""
    return isinstance(value, str) and value.lower().startswith(("http://", "https://"))
