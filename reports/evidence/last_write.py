"""What was sent last to a resource, and where a later reply shows it otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reports import view
from reports.reading import Json
from reports.wording import wording

from .json_lines import Kind
from .json_lines import Mark
from .json_lines import Path
from .json_lines import brief
from .scim_values import FREE
from .scim_values import is_nothing
from .scim_values import located
from .scim_values import missing_at
from .scim_values import parts_of
from .scim_values import same
from .scim_values import value_at

_SAYS = wording("differences")
_MOST_EXCHANGES = 400
_MOST_VALUES = 5_000  # of one attribute
_MOST_MARKS = 50  # more values that differ are no detail any more, and take long to compare

Exchange = Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One attribute that a write set or took away; `adds` leaves its other values alone."""

    path: str
    value: Json
    gone: bool = False
    adds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A write that the server said it did; `position` is its place in the case."""

    position: int
    method: str
    sent: tuple[Sent, ...] = ()

    @property
    def is_change(self) -> bool:
        """Tell whether it names the attributes that it wants changed, and nothing else."""
        return self.method == "PATCH"


def succeeded(exchange: Exchange) -> bool:
    """Tell whether the server answered that all is well."""
    status = view.part(exchange, "response").get("status")
    return isinstance(status, int) and 200 <= status < 300


def resource_of(exchange: Exchange) -> str:
    """Return the address of the one resource that an exchange is about, or nothing.

    A create names its resource in the reply only.
    """
    request = view.part(exchange, "request")
    target = request.get("target")
    path = target.partition("?")[0].rstrip("/") if isinstance(target, str) else ""
    if request.get("method") != "POST":
        return path
    body = view.part(exchange, "response").get("body")
    created = body.get("id") if isinstance(body, dict) else None
    return f"{path}/{created}" if isinstance(created, str) else ""


def last_write(exchanges: Sequence[Exchange], before: int, resource: str) -> Write | None:
    """Return the last write to a resource before a place in the case; None for a deleted one."""
    first = max(0, before - _MOST_EXCHANGES)
    for position in range(before - 1, first - 1, -1):
        each = exchanges[position]
        method = str(view.part(each, "request").get("method"))
        if method in _SENT and succeeded(each) and resource_of(each) == resource != "":
            return Write(position=position, method=method, sent=tuple(_sent(each)))
    return None


def deleted_ids(exchanges: Sequence[Exchange], before: int) -> frozenset[str]:
    """Return the ids that the server said it deleted before a place in the case."""
    found = exchanges[max(0, before - _MOST_EXCHANGES) : before]
    return frozenset(
        resource_of(each).rpartition("/")[2]
        for each in found
        if view.part(each, "request").get("method") == "DELETE" and succeeded(each)
    ) - {""}


def _sent(exchange: Exchange) -> Iterator[Sent]:
    request = view.part(exchange, "request")
    body = request.get("body")
    if isinstance(body, dict):
        yield from _SENT[str(request.get("method"))](body)


def _whole(body: Mapping[str, Json]) -> Iterator[Sent]:
    for name, value in body.items():
        if name.startswith("urn:") and isinstance(value, dict):
            yield from (Sent(path=f"{name}:{key}", value=each) for key, each in value.items())
        else:
            yield Sent(path=name, value=value)


def _changes(body: Mapping[str, Json]) -> Iterator[Sent]:
    """Yield what the operations of a PATCH set; one of a filter's path makes its attribute open."""
    operations = body.get("Operations")
    found: dict[str, Sent] = {}
    for each in operations if isinstance(operations, list) else ():
        for sent in _operation(each) if isinstance(each, dict) else ():
            found[sent.path.lower()] = sent
        if isinstance(each, dict) and isinstance(path := each.get("path"), str) and "[" in path:
            attribute = path.partition("[")[0].lower()
            found = {key: sent for key, sent in found.items() if not key.startswith(attribute)}
    yield from found.values()


def _operation(operation: Mapping[str, Json]) -> Iterator[Sent]:
    op, path, value = (operation.get(key) for key in ("op", "path", "value"))
    verb = op.lower() if isinstance(op, str) else ""
    if verb == "remove":
        if isinstance(path, str) and parts_of(path) and value is None:
            yield Sent(path=path, value=None, gone=True)
    elif verb in ("add", "replace") and isinstance(path, str):
        if parts_of(path):
            yield Sent(path=path, value=value, adds=verb == "add")
    elif verb in ("add", "replace") and path is None and isinstance(value, dict):
        for each in _whole(value):
            yield Sent(path=each.path, value=each.value, adds=verb == "add")


def _nothing(body: Mapping[str, Json]) -> Iterator[Sent]:
    del body
    yield from ()


_SENT: Mapping[str, Any] = {
    "POST": _whole,
    "PUT": _whole,
    "PATCH": _changes,
    "DELETE": _nothing,
}


def compared(write: Write, body: Json, at: Path = ()) -> Iterator[Mark]:
    """Yield where a resource shows otherwise what a write sent; `at` is its place in a body."""
    for sent in write.sent:
        attribute = sent.path.rpartition(":")[2].partition(".")[0]
        if attribute.lower() not in FREE and sent.path.lower() not in FREE:
            yield from _compared(sent, body, at)


def _compared(sent: Sent, body: Json, at: Path) -> Iterator[Mark]:
    place = located(body, sent.path)
    if place is None:
        if not sent.gone and not is_nothing(sent.value):
            path = (*at, *missing_at(body, sent.path))
            yield Mark(kind=Kind.MISSING, path=path, was=_not_shown(), value=sent.value)
        return
    shown, path = value_at(body, place), (*at, *place)
    if sent.gone or is_nothing(sent.value):
        if not is_nothing(shown) and not sent.adds:
            yield Mark(kind=Kind.EXTRA, path=path, was=_was(sent.value))
    elif isinstance(sent.value, list) and isinstance(shown, list):
        yield from _of_several(sent, shown, path)
    elif isinstance(sent.value, dict) and isinstance(shown, dict):
        for key, each in sent.value.items():
            if key.lower() not in FREE and parts_of(key):
                yield from _compared(Sent(path=key, value=each), shown, path)
    elif not same(sent.value, shown):
        yield Mark(kind=Kind.DIFFERS, path=path, was=_was(sent.value))


def _of_several(sent: Sent, shown: list[Json], path: Path) -> Iterator[Mark]:
    wanted = sent.value if isinstance(sent.value, list) else []
    if max(len(wanted), len(shown)) > _MOST_VALUES:
        return
    lacking = _without_equal(wanted, shown)
    for n in lacking if len(lacking) <= _MOST_MARKS else ():
        value = wanted[n]
        yield Mark(kind=Kind.MISSING, path=(*path, len(shown)), was=_not_shown(), value=value)
    unwanted = [] if sent.adds else _without_equal(shown, wanted, turned=True)
    for n in unwanted if len(unwanted) <= _MOST_MARKS else ():
        yield Mark(kind=Kind.EXTRA, path=(*path, n), was=_SAYS("was.unwanted"))


def _without_equal(ours: list[Json], theirs: list[Json], *, turned: bool = False) -> list[int]:
    """Return which of our values are not among theirs; `turned` if ours are those shown.

    Most values of a large group have their equal under the same key, and only the others are
    compared with every value.
    """
    by_key: dict[str, list[Json]] = {}
    for each in theirs:
        by_key.setdefault(_key(each), []).append(each)
    left = [
        n for n, each in enumerate(ours) if not _among(by_key.get(_key(each), []), each, turned)
    ]
    left = [n for n in left if not is_nothing(ours[n])]
    if len(left) > _MOST_MARKS:
        return left
    return [n for n in left if not _among(theirs, ours[n], turned)]


def _among(theirs: list[Json], mine: Json, turned: bool) -> bool:
    return any(same(each, mine) if turned else same(mine, each) for each in theirs)


def _key(value: Json) -> str:
    found = value.get("value") if isinstance(value, dict) else value
    return str(found).casefold() if isinstance(found, str | int) else ""


def _was(value: Json) -> str:
    return _SAYS("was.sent", value=brief(value))


def _not_shown() -> str:
    return _SAYS("was.not_shown")


def attributes(marks: Iterable[Mark]) -> frozenset[str]:
    """Return the names in the paths of marks, in lower case."""
    return frozenset(
        part.lower()
        for mark in marks
        for piece in mark.path
        if isinstance(piece, str)
        for part in piece.split(".")
    )
