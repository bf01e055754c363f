"""From the evidence of a case to the rows of a sequence diagram, folded where it is long."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from enum import StrEnum
from http import HTTPStatus
from itertools import groupby
from urllib.parse import unquote

from reports import view
from reports.model import Result
from reports.model import Verdict
from reports.reading import Json
from reports.wording import wording

_SAYS = wording("diagrams")
# More than this is folded; what is still longer is drawn around its mark only.
_LONG = 30
_MOST = 40
_AROUND_THE_MARK = 6
_LONGEST = 200  # characters of one text
_FEWEST_TO_FOLD = 3
# An id as servers assign them: a UUID, a number, or a long mixture with a digit in it.
_ID = re.compile(r"(?=[^/?]*\d)(?:\d+|[\w.~%@:=+-]{12,})\Z", re.ASCII)
_RESOURCES = ("Users", "Groups")
_MARKS = {
    Verdict.FAIL: "stops",
    Verdict.WARN: "warns",
    Verdict.INCONCLUSIVE: "unclear",
    Verdict.ERROR: "error",
}


class Kind(StrEnum):
    """What a row of a diagram is."""

    OWN = "own"  # a request of the identity provider, or of the case
    PREPARES = "prepares"  # a request of scimproof's own that writes
    LOOKS = "looks"  # a request of scimproof's own that reads
    FOLDED = "folded"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: an exchange, or what stands for several or for none."""

    kind: Kind
    number: int = 0  # the exchange's place in the case
    step: str = ""
    request: str = ""
    reply: str = ""
    refused: bool = False
    detail: str = ""
    mark: str = ""  # the key of the words, such as `stops`
    remark: str = ""
    requests: int = 1  # how many requests it stands for

    @property
    def alike(self) -> tuple[object, ...]:
        """What rows have in common that are folded into one; a marked row is like no other.

        Of scimproof's own requests it is of no interest what they look for.
        """
        own = self.kind is Kind.OWN
        request = self.request if own else self.request.partition("?")[0]
        return (self.kind, self.step, request, self.reply, self.mark)


def rows_of(result: Result, after: Iterable[str] = ()) -> tuple[Row, ...]:
    """Return the rows of a case; `after` are the steps that would have come next."""
    exchanges = view.exchanges(result)
    telling = telling_position(result)
    drawn = [replace(_row(each, result), number=n) for n, each in enumerate(exchanges, 1)]
    if telling is not None:
        drawn[telling] = _marked(drawn[telling], result)
    unreached = (Row(kind=Kind.UNREACHED, step=each) for each in after)
    return (*_bounded(_folded(drawn)), *unreached)


def telling_position(result: Result) -> int | None:
    """Return which exchange shows what a case found: None for a case without a finding."""
    exchanges = view.exchanges(result)
    if result.verdict not in _MARKS or not exchanges:
        return None
    shown = (n for n, each in enumerate(exchanges) if each.get("shows") is True)
    return next(shown, len(exchanges) - 1)


def step_of(exchange: Mapping[str, Json]) -> str:
    """Return the step of an identity provider's request; nothing for one of scimproof's own."""
    step = exchange.get("step")
    return step if isinstance(step, str) else ""


def scenario_of(exchange: Mapping[str, Json]) -> str:
    """Return the scenario that an exchange belongs to, or nothing."""
    scenario = exchange.get("scenario")
    return scenario if isinstance(scenario, str) else ""


def path_template(target: str) -> str:
    """Return a request target for a reader: the path with `{id}` for ids, the query unescaped."""
    path, question, query = target[:2_000].partition("?")
    path = re.sub(r"\Ahttps?://[^/]*", "", path)
    parts = path.split("/")
    for position, part in enumerate(parts):
        follows = position > 0 and parts[position - 1] in _RESOURCES and part
        if (follows and not part.startswith(".")) or _ID.match(part):
            parts[position] = "{id}"
    return "/".join(parts) + question + unquote(query.replace("+", " "), errors="replace")


def _row(exchange: Mapping[str, Json], result: Result) -> Row:
    request = view.part(exchange, "request")
    method = view.compact(request.get("method", "?"))
    step = view.one_line(step_of(exchange), _LONGEST)
    target = path_template(view.compact(request.get("target", "?")))
    own = Kind.LOOKS if method in ("GET", "HEAD") else Kind.PREPARES
    reply, refused = _reply(exchange)
    return Row(
        kind=Kind.OWN if step or result.idp is None else own,
        step=step,
        request=view.one_line(f"{method} {target}", _LONGEST),
        reply=reply,
        refused=refused,
        detail=view.one_line(_changes(request.get("body")), _LONGEST) if method == "PATCH" else "",
    )


def _reply(exchange: Mapping[str, Json]) -> tuple[str, bool]:
    """Return what came back, in words, and whether that was a refusal."""
    status = view.part(exchange, "response").get("status")
    if not isinstance(status, int) or isinstance(status, bool):
        error = exchange.get("error")
        if isinstance(error, str) and error:
            return _SAYS("no_reply_because", error=view.one_line(error, 80)), True
        return _SAYS("no_reply"), True
    try:
        return f"{status} {HTTPStatus(status).phrase}", status >= HTTPStatus.BAD_REQUEST
    except ValueError:
        return str(status), True


def _changes(body: Json) -> str:
    """Return the first operation of a PATCH (RFC 7644 section 3.5.2), and how many follow."""
    operations = body.get("Operations") if isinstance(body, dict) else None
    if not isinstance(operations, list) or not operations or not isinstance(operations[0], dict):
        return ""
    first = operations[0]
    has_path, has_value = isinstance(first.get("path"), str), "value" in first
    key = ("change" if has_path else "change_whole") if has_value else "change_remove"
    said = _SAYS(
        key,
        op=view.compact(first.get("op")),
        path=view.cut(str(first.get("path") or ""), _LONGEST),
        value=_brief(first.get("value")),
    )
    others = len(operations) - 1
    return _SAYS("more_changes", change=said, count=others) if others else said


def _brief(value: Json) -> str:
    """Return a value as JSON; of a large one only the beginning is ever written."""
    if isinstance(value, str):
        return json.dumps(value[:200], ensure_ascii=False)
    if isinstance(value, list) and len(value) > 1:
        return f"[{_brief(value[0])}, … {len(value)}]"
    return view.one_line(json.dumps(value, ensure_ascii=False), 120)


def _marked(row: Row, result: Result) -> Row:
    mark = _MARKS[result.verdict]
    if mark == "stops" and row.kind is not Kind.OWN:
        mark = "shows"
    return replace(row, mark=mark, remark=view.difference(result, 200) or view.reason(result))


def _folded(rows: Sequence[Row]) -> list[Row]:
    """Fold rows that say the same: scimproof's own always, the others in a long sequence."""
    found: list[Row] = []
    for _, members in groupby(rows, lambda row: row.alike):
        run = list(members)
        can_fold = len(rows) > _LONG or run[0].kind is not Kind.OWN
        if can_fold and len(run) >= _FEWEST_TO_FOLD:
            more = _SAYS("like_this", count=len(run) - 1)
            run = [run[0], Row(kind=Kind.FOLDED, step=more, requests=len(run) - 1)]
        found += run
    return found


def _bounded(rows: Sequence[Row]) -> list[Row]:
    """Leave out what is too much to draw, never the marked row and what is next to it."""
    if len(rows) <= _MOST:
        return list(rows)
    mark = next((n for n, row in enumerate(rows) if row.mark), len(rows) - 1)
    near = range(mark - _AROUND_THE_MARK, mark + _AROUND_THE_MARK + 1)
    kept = {*range(_MOST // 2), *near, *range(len(rows) - _AROUND_THE_MARK, len(rows))}
    found: list[Row] = []
    for is_kept, members in groupby(enumerate(rows), lambda each: each[0] in kept):
        run = [row for _, row in members]
        found += run if is_kept else [_left_out(sum(row.requests for row in run))]
    return found


def _left_out(count: int) -> Row:
    said = _SAYS("left_out_one") if count == 1 else _SAYS("left_out", count=count)
    return Row(kind=Kind.FOLDED, step=said, requests=count)
