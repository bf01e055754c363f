"""The evidence of a finding with its telling part marked, in signs and not in colours alone.

What is told by the words of the finding is marked; next to it, what a read shows otherwise than
it was sent last. Where neither is sure nothing is marked: a server may add, compute and leave out
much (RFC 7644 section 3.3), and a wrong mark misleads more than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports import view
from reports.model import Result
from reports.model import Verdict
from reports.pictures.diagram_rows import telling_position
from reports.reading import Json
from reports.wording import wording

from .json_lines import Kind
from .json_lines import Mark
from .json_lines import Path
from .json_lines import plain
from .json_lines import with_marks
from .last_write import Write
from .last_write import attributes
from .last_write import compared
from .last_write import deleted_ids
from .last_write import last_write
from .last_write import resource_of
from .last_write import succeeded
from .scim_values import located
from .telling import Words
from .telling import is_about_status
from .telling import told

_SAYS = wording("differences")
_FINDINGS = (Verdict.FAIL, Verdict.WARN, Verdict.WAIVED)
_MOST_RESOURCES = 200
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One exchange, ready to be shown; `status` is set when the status is the telling part."""

    request: Markup
    response: Markup
    note: str = ""
    status: Markup | None = None

    @property
    def is_marked(self) -> bool:
        """Tell whether anything is marked."""
        return bool(self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """What is known to differ in the reply that shows a finding."""

    shown: int
    status: bool
    marks: tuple[Mark, ...] = ()
    # Those of the marks that contradict what was sent, and the write that sent it.
    contradicted: tuple[Mark, ...] = ()
    write: Write | None = None


def marked(result: Result, exchange: Mapping[str, Json]) -> Marked:
    """Return an exchange of a result with its telling part marked, if it has one.

    That is the reply which shows the finding, and the write that it contradicts.
    """
    exchanges = view.exchanges(result)
    sent = view.part(exchange, "request").get("body")
    came = view.part(exchange, "response").get("body")
    found = _finding(result, exchanges)
    if found and exchange is exchanges[found.shown]:
        return Marked(
            request=plain(sent),
            response=with_marks(came, found.marks),
            note=_note(found, result),
            status=_status(exchange) if found.status else None,
        )
    if found and found.write and exchange is exchanges[found.write.position]:
        marks = tuple(_in_request(sent, found))
        note = _SAYS("note.sent", names=_names(marks)) if marks else ""
        return Marked(request=with_marks(sent, marks), response=plain(came), note=note)
    return Marked(request=plain(sent), response=plain(came))


def legend() -> str:
    """Return what the signs mean."""
    return _SAYS("legend")


def _finding(result: Result, exchanges: Sequence[Mapping[str, Json]]) -> _Finding | None:
    shown = _shown(result, exchanges)
    if shown is None:
        return None
    exchange = exchanges[shown]
    words = Words(expected=result.expected or "", actual=result.actual or "")
    if is_about_status(words, view.part(exchange, "response").get("status")):
        return _Finding(shown=shown, status=True)
    body = view.part(exchange, "response").get("body")
    write = last_write(exchanges, shown, resource_of(exchange)) or _own(exchanges, shown)
    marks = [*told(words, body)]
    for resource, at in _resources(body):
        marks += told(words, resource, at)
        write = write or last_write(exchanges, shown, _address(exchange, resource))
    marks += _still_there(body, deleted_ids(exchanges, shown))
    against = tuple(_otherwise(write, exchange, result, body)) if write else ()
    marks += against
    return _Finding(
        shown=shown, status=False, marks=_once(marks), contradicted=against, write=write
    )


def _shown(result: Result, exchanges: Sequence[Mapping[str, Json]]) -> int | None:
    """Return the exchange that a case says shows its finding; a guess is not enough here."""
    if result.verdict not in _FINDINGS:
        return None
    if result.verdict is Verdict.WAIVED:
        return next((n for n, each in enumerate(exchanges) if each.get("shows") is True), None)
    position = telling_position(result)
    is_said = position is not None and exchanges[position].get("shows") is True
    return position if is_said else None


def _own(exchanges: Sequence[Mapping[str, Json]], shown: int) -> Write | None:
    """Return the shown exchange itself when it is a write whose reply has the resource."""
    return last_write(exchanges, shown + 1, resource_of(exchanges[shown]))


def _resources(body: Json) -> Iterator[tuple[dict[str, Json], Path]]:
    """Yield the resources of a list with their places (RFC 7644 section 3.4.2)."""
    found = body.get("Resources") if isinstance(body, dict) else None
    for position, each in enumerate(found[:_MOST_RESOURCES] if isinstance(found, list) else ()):
        if isinstance(each, dict):
            yield each, ("Resources", position)


def _address(exchange: Mapping[str, Json], resource: Mapping[str, Json]) -> str:
    target = view.part(exchange, "request").get("target")
    path = target.partition("?")[0] if isinstance(target, str) else ""
    return f"{path.rstrip('/')}/{resource.get('id')}"


def _still_there(body: Json, deleted: frozenset[str]) -> Iterator[Mark]:
    """Yield the resources of a list that the server said it had deleted."""
    for resource, at in _resources(body):
        if isinstance(known := resource.get("id"), str) and known in deleted:
            label = _SAYS("a_deleted_one")
            yield Mark(kind=Kind.EXTRA, path=at, was=_SAYS("was.gone"), label=label)


def _otherwise(
    write: Write, exchange: Mapping[str, Json], result: Result, body: Json
) -> Iterator[Mark]:
    """Yield what the reply shows otherwise than it was sent, as far as the finding is about it.

    A change names what it wants, so what it named counts even when the finding's words do not
    name it; of a whole resource only what they name.
    """
    if not succeeded(exchange) or not isinstance(body, dict):
        return
    places = [*_resources(body)] if "Resources" in body else [(body, ())]
    if len(places) != 1:
        return
    resource, at = places[0]
    marks = [*compared(write, resource, at)]
    words = _named(result)
    named = [each for each in marks if _leaf(each) in words]
    target = view.part(exchange, "request").get("target")
    if isinstance(target, str) and re.search(r"(?i)attributes=", target):
        marks = named = [each for each in named if each.kind is not Kind.MISSING]
    yield from named or (marks if write.is_change else ())


def _leaf(mark: Mark) -> str:
    """Return the name of the attribute that differs, in lower case, without what it is in."""
    names = [each for each in mark.path if isinstance(each, str)]
    return names[-1].rpartition(".")[2].lower() if names else ""


def _named(result: Result) -> frozenset[str]:
    """Return the words of a finding that may be names of attributes, in lower case.

    A title is a sentence, in which only code is the name of anything.
    """
    code = [piece for is_code, piece in view.with_code(result.title) if is_code]
    text = " ".join(view.cut(each or "", 2_000) for each in (result.expected, result.actual, *code))
    return frozenset(each.lower() for each in re.findall(r"[A-Za-z$][\w$-]*", text))


def _once(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return the first mark of each place; of values that are missing there may be several."""
    found: dict[object, Mark] = {}
    for each in marks:
        missing = each.kind is Kind.MISSING and isinstance(each.path[-1], int)
        found.setdefault((each.path, str(each.value)) if missing else each.path, each)
    return tuple(found.values())


def _in_request(body: Json, found: _Finding) -> Iterator[Mark]:
    """Yield the part of a write that a later reply contradicts."""
    wanted = attributes(found.contradicted) - {"resources"}
    was = _SAYS("was.later")
    if not isinstance(body, dict):
        return
    operations = body.get("Operations")
    if not isinstance(operations, list):
        names = (located(body, each) for each in sorted(wanted) if "." not in each)
        yield from (Mark(kind=Kind.DIFFERS, path=path, was=was) for path in names if path)
        return
    for position, each in enumerate(operations):
        path = _operation(each, wanted)
        if path is not None:
            place: Path = ("Operations", position, *path)
            label = (
                str(each["path"]) if isinstance(each, dict) and "path" in each else str(path[-1])
            )
            yield Mark(kind=Kind.DIFFERS, path=place, was=was, label=label)


def _operation(operation: Json, wanted: frozenset[str]) -> Path | None:
    """Return where an operation names one of these attributes."""
    if not isinstance(operation, dict):
        return None
    path, value = operation.get("path"), operation.get("value")
    if isinstance(path, str):
        names = frozenset(each.lower() for each in re.findall(r"[A-Za-z$][\w$-]*", path[:500]))
        return ("value" if "value" in operation else "path",) if names & wanted else None
    keys = list(value) if isinstance(value, dict) else []
    key = next((key for key in keys if key.lower().rpartition(".")[2] in wanted), None)
    return None if key is None else ("value", key)


def _status(exchange: Mapping[str, Json]) -> Markup:
    status = view.part(exchange, "response").get("status")
    return Markup('<mark class="differs">{} {}</mark>').format(_SAYS("signs.differs"), status)


def _note(found: _Finding, result: Result) -> str:
    if found.status:
        return _SAYS("note.status", expected=view.one_line(result.expected or "", 200))
    parts = []
    for kind in Kind:
        names = _names(each for each in found.marks if each.kind is kind)
        if names:
            parts.append(_SAYS(f"note.{kind}", names=names))
    return " ".join(parts)


def _names(marks: Iterable[Mark]) -> str:
    names = list(dict.fromkeys(each.name for each in marks))
    more = ["…"] if len(names) > _MOST_NAMES else []
    return ", ".join(view.one_line(each, 80) for each in (*names[:_MOST_NAMES], *more))
