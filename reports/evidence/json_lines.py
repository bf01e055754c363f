"""JSON as lines for a reader, some of them marked, in bounded room."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from enum import StrEnum
from itertools import groupby
from itertools import islice

from markupsafe import Markup
from markupsafe import escape

from reports import view
from reports.reading import Json
from reports.wording import wording

_SAYS = wording("differences")
# So many lines are looked at, and so many are shown: a report holds bodies of a megabyte.
_MOST_LOOKED_AT = 4_000
_MOST_SHOWN = 100
_AROUND_A_MARK = 3
_LONGEST_VALUE = 300
_LONGEST_TEXT = 4_000
_DEEPEST = 30

Path = tuple[str | int, ...]


class Kind(StrEnum):
    """How a line differs."""

    DIFFERS = "differs"
    MISSING = "missing"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is marked at a path; `value` is what a missing line would hold."""

    kind: Kind
    path: Path
    was: str = ""
    value: Json = None
    label: str = ""

    @property
    def name(self) -> str:
        """What the marked part is called: its attribute, without the list that it stands in."""
        pieces = [each for each in self.path if isinstance(each, str)]
        return self.label or ".".join(pieces[1:] if pieces[:1] == ["Resources"] else pieces) or "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    path: Path
    text: str
    mark: Mark | None = None
    is_end: bool = False
    is_single: bool = False  # a value on a line of its own


def plain(body: Json) -> Markup:
    """Return a body without marks."""
    return with_marks(body, ())


def with_marks(body: Json, marks: Sequence[Mark]) -> Markup:
    """Return a body as lines, those that a mark is about marked with sign and class."""
    if body is None:
        return Markup("")
    if isinstance(body, str):
        return escape(view.visible(view.cut(body, _LONGEST_TEXT)))
    lines = list(islice(_lines(body, (), ""), _MOST_LOOKED_AT))
    if marks:
        lines = list(_with_missing(_with_marks(lines, marks), marks))
    return Markup("\n").join(_shown(lines, is_marked=bool(marks)))


def _lines(value: Json, path: Path, before: str, after: str = "") -> Iterator[_Line]:
    """Yield the lines of a value as `json.dumps(…, indent=2)` would write them."""
    space = "  " * len(path)
    if not isinstance(value, dict | list) or not value:
        text = f"{space}{before}{_scalar(value)}{after}"
        yield _Line(path=path, text=text, is_single=True)
        return
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    if len(path) >= _DEEPEST:
        text = f"{space}{before}{opening}{_SAYS('deeper')}{closing}{after}"
        yield _Line(path=path, text=text)
        return
    yield _Line(path=path, text=f"{space}{before}{opening}")
    last = len(value) - 1
    for position, (key, member) in enumerate(_members(value)):
        name = f"{_scalar(key)}: " if isinstance(key, str) else ""
        yield from _lines(member, (*path, key), name, "," if position < last else "")
    yield _Line(path=path, text=f"{space}{closing}{after}", is_end=True)


def _members(value: dict[str, Json] | list[Json]) -> Iterable[tuple[str | int, Json]]:
    return value.items() if isinstance(value, dict) else enumerate(value)


def _scalar(value: Json) -> str:
    """Return a value on one line; a long text is cut before it is written."""
    if isinstance(value, str):
        return json.dumps(view.visible(view.cut(value, _LONGEST_VALUE)), ensure_ascii=False)
    return view.cut(json.dumps(value), _LONGEST_VALUE)


def brief(value: Json) -> str:
    """Return any value short, on one line."""
    if isinstance(value, dict | list):
        return view.one_line(" ".join(each.text for each in islice(_lines(value, (), ""), 40)), 120)
    return view.one_line(_scalar(value), 120)


def _with_marks(lines: Iterable[_Line], marks: Iterable[Mark]) -> Iterator[_Line]:
    """Yield the lines, marked where they are; an object's own values stand for all of it."""
    by_path = {each.path: each for each in marks if each.kind is not Kind.MISSING}
    for line in lines:
        mark = by_path.get(line.path)
        if mark is None and line.is_single and line.path:
            mark = by_path.get(line.path[:-1])
        yield line if mark is None else replace(line, mark=mark)


def _with_missing(lines: Iterable[_Line], marks: Iterable[Mark]) -> Iterator[_Line]:
    """Yield the lines, and before the end of an object or array those that it lacks."""
    missing: dict[Path, list[Mark]] = {}
    for each in marks:
        if each.kind is Kind.MISSING:
            missing.setdefault(each.path[:-1], []).append(each)
    for line in lines:
        if line.is_end:
            yield from map(_ghost, missing.pop(line.path, ()))
        yield line
    # What has no such place, an empty array for one, comes last.
    for left in missing.values():
        yield from map(_ghost, left)


def _ghost(mark: Mark) -> _Line:
    key = mark.path[-1] if mark.path else 0
    name = f"{_scalar(key)}: " if isinstance(key, str) else ""
    space = "  " * len(mark.path)
    return _Line(path=mark.path, text=f"{space}{name}{brief(mark.value)}", mark=mark)


def _shown(lines: Sequence[_Line], *, is_marked: bool) -> Iterator[Markup]:
    """Yield the lines that are shown: the beginning, and what is around a mark."""
    kept = _kept(lines)
    for is_kept, members in groupby(enumerate(lines), lambda each: each[0] in kept):
        run = [line for _, line in members]
        if is_kept:
            yield from (_as_markup(line, is_marked=is_marked) for line in run)
        else:
            yield escape(_SAYS("lines_more", count=f"{len(run):,}"))


def _kept(lines: Sequence[_Line]) -> set[int]:
    if len(lines) <= _MOST_SHOWN:
        return set(range(len(lines)))
    marked = [n for n, line in enumerate(lines) if line.mark][: _MOST_SHOWN // 2]
    near = {n for each in marked for n in range(each - _AROUND_A_MARK, each + _AROUND_A_MARK + 1)}
    beginning = _MOST_SHOWN // 4 if marked else _MOST_SHOWN
    return near | set(range(beginning))


def _as_markup(line: _Line, *, is_marked: bool) -> Markup:
    if line.mark is None:
        return escape(("  " if is_marked else "") + line.text)
    sign = _SAYS(f"signs.{line.mark.kind}")
    # Said once, where the marked part begins.
    says_it = line.mark.was and line.path == line.mark.path and not line.is_end
    was = Markup(' <span class="was">({})</span>').format(line.mark.was) if says_it else ""
    return Markup('<mark class="{}">{} {}</mark>{}').format(line.mark.kind, sign, line.text, was)
