"""`report.html`: one file that opens from disk, without scripts and without outside resources."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment
from jinja2 import PackageLoader
from jinja2 import StrictUndefined
from markupsafe import Markup
from markupsafe import escape

from . import view
from .dimensions import Dimensions
from .model import Feature
from .model import IdpSummary
from .model import Report
from .model import Result
from .model import Verdict
from .products import NO_CASE
from .products import ProductTable
from .products import Promise
from .products import product_tables
from .reading import Json
from .summary import SIMULATED

# No text on the page is longer; the whole of it is in report.json.
_LONGEST = 6_000
_LONGEST_BODY = 4_000
_MOST_EXCHANGES = 40

_SECTIONS = (
    ("fails", "What fails", Verdict.FAIL, ""),
    (
        "errors",
        "Errors in scimproof",
        Verdict.ERROR,
        "These say nothing about the target: scimproof itself went wrong here.",
    ),
    (
        "warnings",
        "Warnings",
        Verdict.WARN,
        "Recommendations that the target does not follow. They are no failures.",
    ),
    (
        "inconclusive",
        "Inconclusive",
        Verdict.INCONCLUSIVE,
        "Not judged, because something that the case needs broke before it.",
    ),
    ("waived", "Waived", Verdict.WAIVED, "Known deviations, listed by whoever ran this."),
    ("skipped", "Skipped", Verdict.SKIP, "Not offered by the target, or not asked for."),
    ("passed", "Passed", Verdict.PASS, "The exchanges of these cases are in report.json."),
)
_IN_FULL = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN, Verdict.INCONCLUSIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    """One half of an exchange, ready to be shown."""

    first_line: str
    headers: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exchange:
    """One exchange, ready to be shown."""

    line: str
    step: str
    shows: bool
    request: _Message
    response: _Message


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One result with its place on the page."""

    anchor: str
    result: Result
    where: str
    reason: str
    rfc: str
    idps: str
    exchanges: tuple[_Exchange, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """A heading and the results under it, laid out in full or as a collapsed table."""

    key: str
    heading: str
    verdict: Verdict
    introduction: str
    is_full: bool
    entries: tuple[_Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """One cell of the feature table; verdict None means not checked."""

    verdict: Verdict | None
    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Idp:
    """One IdP with its feature table: a column for each dialect, a row for each feature."""

    title: str
    summaries: tuple[IdpSummary, ...]
    rows: tuple[tuple[str, tuple[_Cell | None, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Product:
    """A product with the table of its promises: requirement, title and cells of each row."""

    table: ProductTable
    rows: tuple[tuple[str, str, tuple[_Cell | None, ...]], ...]


def render_html(report: Report) -> str:
    """Return the report as one self-contained page."""
    sides = Dimensions(report.results)
    entries = tuple(_entry(number, each, sides) for number, each in enumerate(report.results, 1))
    page = _environment().get_template("report.html.jinja")
    return page.render(
        report=report,
        target=view.target_name(report),
        troubles=view.troubles(report),
        simulation=view.simulation(report),
        counts=view.counts(report),
        duration=view.seconds(report.run.seconds),
        idps=_idps(report, entries),
        products=_products(report, entries),
        contradictions=report.contradictions,
        sections=_sections(report, entries),
        coverage=[_covered(*each) for each in report.coverage.items()],
        capabilities=[_capability(*each) for each in report.target.capabilities.items()],
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        signs=view.SIGNS,
        by_hand=view.BY_HAND,
        not_here=view.NOT_HERE,
        no_case=NO_CASE,
        in_words=view.features_in_words,
        links=view.links,
        compact=view.compact,
        dated=view.dated,
        address=view.address,
        outcomes=view.OUTCOMES,
        certainty_words=view.CERTAINTY_WORDS,
    )
    environment.filters["prose"] = _prose
    return environment


def _shown(value: object) -> object:
    """Make every text of the page visible and bounded, so that no template line can forget it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return view.visible(view.cut(value, _LONGEST))
    return value


def _prose(text: str) -> Markup:
    """Return text of a sentence, with what stands between backticks set as code."""
    pieces = view.with_code(view.visible(view.cut(text, _LONGEST)))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if is_code else escape(piece)
        for is_code, piece in pieces
    )


def _entry(number: int, result: Result, sides: Dimensions) -> _Entry:
    """Return a result ready to be shown; a passed case shows no evidence, the file has it."""
    exchanges = view.exchanges(result) if result.verdict in _IN_FULL else ()
    where = (result.product, result.idp, result.dialect, result.feature, result.scenario)
    simulated = SIMULATED if result.simulated else None
    return _Entry(
        # An id of ours: what a target says never becomes part of the page's structure.
        anchor=f"result-{number}",
        result=result,
        where=" · ".join(part for part in (simulated, *where) if part),
        reason=view.reason(result),
        rfc=f"The RFC {said}." if (said := sides.rfc(result)) else "",
        idps=sides.idps(result),
        exchanges=tuple(map(_exchange, exchanges[:_MOST_EXCHANGES])),
        left_out=max(0, len(exchanges) - _MOST_EXCHANGES),
    )


def _exchange(exchange: Mapping[str, Json]) -> _Exchange:
    request, response = view.part(exchange, "request"), view.part(exchange, "response")
    error = exchange.get("error") or "no reply"
    status = f"HTTP {response['status']}" if "status" in response else f"no reply: {error}"
    took = exchange.get("milliseconds")
    if isinstance(took, int | float):
        status += f" after {took:.0f} ms"
    return _Exchange(
        line=view.exchange_line(exchange),
        step=view.compact(exchange.get("step") or ""),
        shows=exchange.get("shows") is True,
        request=_message(f"{request.get('method', '?')} {request.get('target', '?')}", request),
        response=_message(status, response),
    )


def _message(first_line: str, message: Mapping[str, Json]) -> _Message:
    headers = message.get("headers")
    lines = [
        f"{each[0]}: {each[1]}"
        for each in (headers if isinstance(headers, list) else [])
        if isinstance(each, list) and len(each) == 2
    ]
    return _Message(
        first_line=first_line,
        headers="\n".join(lines),
        body=view.cut(view.pretty(message.get("body")), _LONGEST_BODY),
    )


def _by_case(entries: Iterable[_Entry]) -> dict[str, _Entry]:
    known: dict[str, _Entry] = {}
    for entry in entries:
        known.setdefault(entry.result.case, entry)
    return known


def _products(report: Report, entries: Iterable[_Entry]) -> list[_Product]:
    known = _by_case(entries)
    return [
        _Product(
            table=table,
            rows=tuple(
                (row.requirement, row.title, tuple(_promise(cell, known) for cell in row.cells))
                for row in table.rows
            ),
        )
        for table in product_tables(report)
    ]


def _promise(promise: Promise | None, known: Mapping[str, _Entry]) -> _Cell | None:
    """Return a cell that leads to the case that decided it."""
    if promise is None:
        return None
    href = f"#{known[promise.case].anchor}" if promise.case else ""
    return _Cell(verdict=promise.verdict, label=promise.label, href=href)


def _idps(report: Report, entries: Iterable[_Entry]) -> list[_Idp]:
    known = _by_case(entries)
    return [
        _Idp(
            title=title,
            summaries=summaries,
            rows=tuple(
                (name, tuple(_cell(feature, known) for feature in features))
                for name, features in view.feature_rows(summaries)
            ),
        )
        for title, summaries in view.by_idp(report).items()
    ]


def _cell(feature: Feature | None, known: Mapping[str, _Entry]) -> _Cell | None:
    """Return a cell that leads to the first result that decided it."""
    if feature is None:
        return None
    behind = (known[case] for case in feature.results if case in known)
    decisive = (entry for entry in behind if entry.result.verdict is feature.verdict)
    entry = next(decisive, None)
    return _Cell(
        verdict=feature.verdict, label=feature.label, href=f"#{entry.anchor}" if entry else ""
    )


def _sections(report: Report, entries: Sequence[_Entry]) -> list[_Section]:
    """Return what there is to say, worst first."""
    # When nothing could be reached there is one reason, said above; a list of names is enough.
    brief = Verdict.INCONCLUSIVE if report.target.trouble else None
    sections = [
        _Section(
            key=key,
            heading=heading,
            verdict=verdict,
            introduction=introduction,
            is_full=verdict in _IN_FULL and verdict is not brief,
            entries=tuple(entry for entry in entries if entry.result.verdict is verdict),
        )
        for key, heading, verdict, introduction in _SECTIONS
    ]
    return [section for section in sections if section.entries]


def _covered(name: str, value: Json) -> tuple[str, str, tuple[str, ...]]:
    """Return one part of the coverage: its name, its count or value, and what it lists."""
    title = name.replace("_", " ")
    if isinstance(value, dict):
        listed = tuple(f"{key}: {_said(member)}" for key, member in value.items())
        return title, str(len(listed)), listed
    if isinstance(value, list):
        return title, str(len(value)), tuple(map(view.compact, value))
    return title, view.compact(value), ()


def _said(value: Json) -> str:
    """Return a member of the coverage in words: a text, or a text for each of several."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {view.compact(member)}" for key, member in value.items())
    return view.compact(value)


def _capability(name: str, value: Json) -> tuple[str, str, str]:
    """Return a capability's name, value and origin."""
    if not isinstance(value, dict):
        return name, view.compact(value), ""
    return name, view.compact(value.get("value")), view.compact(value.get("origin") or "")
