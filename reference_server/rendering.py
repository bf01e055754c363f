"""Rendering: resources as JSON text, in parts when they are large, from memory when they are not.

A picture of a resource is taken inside the store's transaction and written outside of it. What a
picture holds is never changed, so the text is that of one moment, however long a client takes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple
from typing import TypeAlias
from typing import TypeGuard

from .json_text import dump
from .messages import Body
from .messages import Json
from .presenter import Around
from .presenter import Presenter
from .presenter import Stamp
from .projection import Projection
from .store import Record
from .store import Reference

# A body up to this size leaves whole and with its length; a larger one leaves in parts.
WHOLE = 256 * 1024
# The texts that are kept are the last ones, and take about this much memory.
KEPT_BYTES = 32 * 1024 * 1024

_PART = 64 * 1024
# A list of so many resources is written at once.
_FEW = 100
_MEMBERS_AT_ONCE = 250
_LONGEST_KEPT = 8 * 1024
_BYTES_BESIDE_TEXT = 250

# All that a text depends on: equal keys have equal texts.
_Key: TypeAlias = tuple[Record, Projection, str, Around]
_Kept: TypeAlias = tuple[_Key, bytes]


# A named tuple: a list makes many of these, and a dataclass takes three times as long.
class Picture(NamedTuple):
    """A resource at one moment: without its members as it will be shown, and the members."""

    key: _Key
    shown: dict[str, Json]
    members: Sequence[Reference]
    presenter: Presenter

    def parts(self) -> Iterator[bytes]:
        """Write the resource and its members."""
        start = dump(self.shown)[:-1] + (b',"members":[' if self.shown else b'"members":[')
        for at in range(0, len(self.members), _MEMBERS_AT_ONCE):
            entries = self._entries(self.members[at : at + _MEMBERS_AT_ONCE])
            yield start + dump(entries)[1:-1]
            start = b","
        yield b"]}"

    def _entries(self, members: Sequence[Reference]) -> Json:
        entries: list[Json] = [self.presenter.entry(each) for each in members]
        return self.key[1].apply({"members": entries})["members"]


Rendered: TypeAlias = bytes | Picture


class Renderings:
    """Takes pictures and writes them; keeps the texts of the records shown last.

    A record is never changed once stored, so a text is right for as long as the record is the
    same object and what is shown of others around it is the same.
    """

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        # Two generations: when the younger is full it becomes the older, which is forgotten.
        self._room_of_each = self._room = kept_bytes // 2
        self._younger: dict[str, _Kept] = {}
        self._older: dict[str, _Kept] = {}
        self._guard = threading.Lock()

    def take(
        self,
        presenter: Presenter,
        record: Record,
        projection: Projection,
        stamp: Stamp | None = None,
    ) -> Rendered:
        """Return a resource as text if it is kept, else as a picture to be written."""
        around = stamp.around if stamp is not None else presenter.surroundings(record)
        key = (record, projection, presenter.base_url, around)
        text = self._kept(key)
        if text is not None:
            return text
        members: Sequence[Reference] = ()
        if record.kind.keeps_members and projection.shows("members"):
            members = tuple(presenter.store.members(record.id))
        stamp = stamp or presenter.stamped(record, around)
        shown = presenter.show(record, projection, stamp, members=False)
        return Picture(key, shown, members, presenter)

    def body(self, found: Rendered) -> Body:
        """Write one resource."""
        if isinstance(found, bytes):
            return found
        return body(found.parts()) if found.members else self._text(found)

    def list_body(self, start: bytes, found: Sequence[Rendered], end: bytes) -> Body:
        """Write resources with commas between them, and what comes before and after them."""
        if len(found) <= _FEW:
            found = [each if _is_many(each) else self._text(each) for each in found]
        texts = [each for each in found if isinstance(each, bytes)]
        if len(texts) == len(found) and sum(map(len, texts)) < WHOLE:
            return b"".join((start, b",".join(texts), end))
        return body(chain((start,), self._joined(found), (end,)))

    def _joined(self, found: Sequence[Rendered]) -> Iterator[bytes]:
        for number, each in enumerate(found):
            if number:
                yield b","
            if _is_many(each):
                yield from each.parts()
            else:
                yield self._text(each)

    def _text(self, found: Rendered) -> bytes:
        """Write a resource that has no members to show."""
        if isinstance(found, bytes):
            return found
        text = dump(found.shown)
        self._keep(found.key, text)
        return text

    def _kept(self, key: _Key) -> bytes | None:
        kept = self._younger.get(key[0].id)
        if kept is not None:
            return kept[1] if _same(kept[0], key) else None
        kept = self._older.get(key[0].id)
        if kept is None or not _same(kept[0], key):
            return None
        self._keep(key, kept[1])
        return kept[1]

    def _keep(self, key: _Key, text: bytes) -> None:
        if len(text) > _LONGEST_KEPT or not self._room_of_each:
            return
        with self._guard:
            self._younger[key[0].id] = (key, text)
            self._room -= len(text) + _BYTES_BESIDE_TEXT
            if self._room < 0:
                self._older, self._younger = self._younger, {}
                self._room = self._room_of_each


def _is_many(found: Rendered) -> TypeGuard[Picture]:
    """Tell whether a resource has members to show, which may be very many."""
    return isinstance(found, Picture) and bool(found.members)


def _same(one: _Key, other: _Key) -> bool:
    """Compare keys; records and projections are compared as objects, which is quick and right."""
    same_objects = one[0] is other[0] and one[1] is other[1]
    return same_objects and one[2] == other[2] and one[3] == other[3]


def body(parts: Iterable[bytes]) -> Body:
    """Join the parts of a body when it is small, else join them to larger parts."""
    coming = iter(parts)
    first: list[bytes] = []
    size = 0
    for part in coming:
        first.append(part)
        size += len(part)
        if size > WHOLE:
            return chain((b"".join(first),), _larger(coming))
    return b"".join(first)


def _larger(parts: Iterator[bytes]) -> Iterator[bytes]:
    gathered: list[bytes] = []
    size = 0
    for part in parts:
        gathered.append(part)
        size += len(part)
        if size >= _PART:
            yield b"".join(gathered)
            gathered.clear()
            size = 0
    yield b"".join(gathered)
