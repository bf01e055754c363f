"""`report.md`: the report as a comment on a pull request, always below 60 kB.

The verdict for each identity provider comes first, then what to fix, then the rest in short.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping

from reports import view
from reports.contradictions import Contradiction
from reports.dimensions import Dimensions
from reports.findings.blockers import blocked
from reports.findings.causes import Cause
from reports.findings.causes import causes
from reports.model import Feature
from reports.model import IdpSummary
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.products import NO_CASE
from reports.products import ProductRow
from reports.products import ProductTable
from reports.products import product_tables
from reports.reading import Json
from reports.summary import SIMULATED
from reports.wording import wording

from .markup import Page
from .markup import cell
from .markup import code
from .markup import prose
from .markup import row
from .markup import sources
from .markup import table_head

# GitHub refuses comments above 65,536 characters. Each part ends where the page has so many bytes,
# so that none pushes out what follows; what is left of 60,000 belongs to the foot and to the
# sentences that say what was left out.
_IDP_ROOM = 12_000
_CAUSE_ROOM = 36_000
_PRODUCT_ROOM = 42_000
_SHORT_ROOM = 48_000
_ROOM = 57_000

_MOST_NAMES = 6
_MOST_CASES = 8
_MOST_PLACES = 4
_UNSAID = "–"  # noqa: RUF001 - a dash, as printed where there is nothing


def _words(key: str, **values: object) -> str:
    return wording("markdown")(key, **values)


def render_markdown(report: Report) -> str:
    """Return the report as Markdown: verdicts, causes, then the rest, as far as they fit."""
    page = Page(_words("left_out"))
    page.add(heading(report))
    page.add(idp_table(report, page))
    _add_causes(page, report)
    _add_products(page, report)
    for head, entries, room in (
        ("errors", _errors(report), _SHORT_ROOM),
        ("inconclusive", _inconclusive(report), _SHORT_ROOM),
        ("waivers", list(map(prose, troubled_waivers(report))), _SHORT_ROOM),
        ("waived", _waived(report), _SHORT_ROOM),
        ("contradictions", list(map(_contradiction, report.contradictions)), _ROOM),
        ("skipped", _skipped(report), _ROOM),
    ):
        if entries:
            page.add("\n## " + _words(f"sections.{head}", count=_count(report, head)) + "\n\n")
            page.add_what_fits([f"- {entry}\n" for entry in entries], room)
    page.add(_foot(report))
    return page.text()


def _count(report: Report, section: str) -> int:
    """Return how many results, or entries, a section speaks of."""
    if section in ("errors", "inconclusive", "waived", "skipped"):
        verdict = {"errors": Verdict.ERROR, "skipped": Verdict.SKIP}.get(section)
        return report.summary[verdict or Verdict(section)]
    return len(report.contradictions if section == "contradictions" else troubled_waivers(report))


# -- the head, and the verdict for each identity provider --------------------------------------


def heading(report: Report) -> str:
    """Return what was tested, what stood in the way, and the counts."""
    lines = ["# " + _words("heading", target=code(view.target_name(report), 200)), ""]
    lines += [f"> {caution}\n" for caution in view.cautions(report)]
    lines += [f"> **{prose(trouble, 500)}**\n" for trouble in view.troubles(report)]
    lines.append(f"**{view.counts(report)}**")
    return "\n".join(lines) + "\n"


def idp_table(report: Report, page: Page, room: int = _IDP_ROOM) -> str:
    """Return one row for each identity provider and dialect, as far as `page` has room."""
    if not report.idps:
        return ""
    columns = (_words(f"idps.columns_{each}") for each in ("who", "verdict", "features"))
    part = "\n## " + _words("idps.heading") + "\n\n" + table_head(*columns)
    for position, summary in enumerate(report.idps):
        line = _idp_row(summary)
        if not page.fits(part + line, room):
            left = _words("left_out", count=len(report.idps) - position)
            return f"{part}\n{left}\n"
        part += line
    return part


def _idp_row(summary: IdpSummary) -> str:
    who = cell(f"{summary.title}: {summary.dialect_title}")
    verdict = f"{view.SIGNS[summary.verdict]} {cell(verdict_in_words(summary))}"
    return row(who, verdict, _features(summary))


def verdict_in_words(summary: IdpSummary) -> str:
    """Return what an identity provider comes to: what most of its worst features read."""
    worst = [each.label for each in summary.features if each.verdict is summary.verdict]
    if worst:
        return max(worst, key=worst.count)
    name = _words(f"verdict.{summary.verdict.value if summary.verdict else 'none'}")
    simulated = any(SIMULATED in feature.label for feature in summary.features)
    return f"{name}, {SIMULATED}" if simulated else name


def _features(summary: IdpSummary) -> str:
    """Return the features under what they read, bad ones by name and good ones counted."""
    labels: dict[str, list[Feature]] = {}
    for feature in sorted(summary.features, key=_badness):
        labels.setdefault(feature.label, []).append(feature)
    if len(labels) == 1:
        (label,) = labels
        return _words("idps.all", count=len(summary.features), label=cell(label))
    said = [_label(label, features) for label, features in labels.items()]
    return "; ".join(said[:_MOST_NAMES]) or _words("idps.none")


def _label(label: str, features: list[Feature]) -> str:
    if features[0].verdict in (Verdict.PASS, Verdict.SKIP, None):
        return _words("idps.counted", count=len(features), label=cell(label))
    return _words("idps.named", label=cell(label), names=_named([each.name for each in features]))


def _badness(feature: Feature) -> int:
    return -feature.verdict.badness if feature.verdict else 0


def _named(names: list[str]) -> str:
    shown = ", ".join(cell(name, 60) for name in names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return _words("idps.more", names=shown, count=more) if more > 0 else shown


# -- what to fix -------------------------------------------------------------------------------


def _add_causes(page: Page, report: Report) -> None:
    found, sides = causes(report), Dimensions(report.results)
    page.add("\n## " + _words("causes.heading", count=len(found)) + "\n")
    if not found:
        page.add("\n" + _words("causes.none") + "\n")
    entries = [_cause(number, each, sides) for number, each in enumerate(found, start=1)]
    page.add_what_fits(entries, _CAUSE_ROOM)


def _cause(number: int, cause: Cause, sides: Dimensions) -> str:
    title = _words("causes.entry", number=number, title=prose(cause.title, 250))
    listed = [*_facts(cause), *_evidence(cause.results[0], sides)]
    listed.append(_words("causes.behind", count=len(cause.results)))
    lines = [f"\n### {title}\n", verdict_line(cause), "", *(f"- {line}" for line in listed)]
    lines += [f"  - {_case(result)}" for result in cause.results[:_MOST_CASES]]
    if more := len(cause.results) - _MOST_CASES:
        lines += [f"  - {_words('left_out', count=more)}"] if more > 0 else []
    return "\n".join(lines) + "\n"


def verdict_line(cause: Cause) -> str:
    """Return how bad a cause is, how far it reaches, its id, and how that is known."""
    known = view.CERTAINTY_WORDS.get(cause.certainty or "", "")
    return _words(
        "causes.facts",
        sign=view.SIGNS[cause.verdict],
        verdict=cause.verdict.value,
        scope=prose(wording("causes")(f"scope.{cause.harm.scope}"), 80),
        id=cause.id,
        known=_words("causes.known", certainty=known) if known else "",
    )


def _facts(cause: Cause) -> Iterator[str]:
    yield _words("causes.harm", says=prose(cause.harm.says))
    for key, places in (("stops", cause.harm.stops), ("warns", cause.harm.warns)):
        if places:
            yield _words(f"causes.{key}", places=in_places(places))
    yield _words("causes.seen", seen=code(cause.seen))
    if cause.blocks:
        yield _words("causes.blocks", count=len(cause.blocks))


def in_places(places: tuple[tuple[str, str, str], ...]) -> str:
    """Return features under the identity provider and the dialect that they belong to."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for idp, dialect, feature in places:
        grouped.setdefault((idp, dialect), []).append(feature)
    said = [
        _words(
            "causes.place", idp=prose(idp, 60), dialect=prose(dialect, 60), features=_named(names)
        )
        for (idp, dialect), names in grouped.items()
    ]
    shown = "; ".join(said[:_MOST_PLACES])
    more = len(said) - _MOST_PLACES
    return _words("idps.more", names=shown, count=more) if more > 0 else shown


def _evidence(result: Result, sides: Dimensions) -> Iterator[str]:
    if result.expected or result.actual:
        both = code(result.expected or _UNSAID), code(result.actual or _UNSAID)
        yield _words("causes.difference", expected=both[0], actual=both[1])
    if exchange := view.shown_exchange(result):
        yield _words("causes.exchange", exchange=code(view.exchange_line(exchange)))
    for note in result.notes[:2]:
        yield _words("causes.note", note=prose(note))
    if stance := sides.rfc(result):
        yield _words("causes.rfc", stance=prose(stance))
    if told := view.said(result):
        yield _words("causes.said", said=code(told))
    if hint := view.hint(result):
        yield _words("causes.hint", hint=prose(hint))
    if result.reproduce:
        yield _words("causes.reproduce", command=code(result.reproduce, 1200))
    for source in sources(result.links):
        yield _words("causes.source", source=source)


def _case(result: Result) -> str:
    name = prose(view.name(result))
    level, title = prose(result.level, 20), prose(result.title, 200)
    return _words("causes.case", name=name, level=level, title=title)


# -- products, and what is said in short -------------------------------------------------------


def _add_products(page: Page, report: Report) -> None:
    tables = product_tables(report)
    for position, table in enumerate(tables):
        head = _product_head(table)
        if not page.fits(head, _PRODUCT_ROOM):
            page.leave_out(len(tables) - position)
            return
        page.add(head)
        page.add_what_fits(list(map(_product_row, table.rows)), _PRODUCT_ROOM)


def _product_head(table: ProductTable) -> str:
    columns = [
        f"{cell(column)}: {cell(table.in_words(position))}"
        for position, column in enumerate(table.columns)
    ]
    head = table_head(_words("products.behaviour"), *columns)
    return f"\n## {prose(table.title)}\n\n{head}"


def _product_row(line: ProductRow) -> str:
    cells = (f"{view.SIGNS[each.verdict]} {each.label}" if each else NO_CASE for each in line.cells)
    return row(f"{cell(line.requirement, 60)} {cell(line.title, 250)}", *cells)


def _errors(report: Report) -> list[str]:
    return [
        _words(
            "errors.entry",
            name=prose(view.name(result)),
            title=prose(result.title, 200),
            reason=prose(view.reason(result)),
        )
        for result in view.of_verdict(report, Verdict.ERROR)
    ]


def _inconclusive(report: Report) -> list[str]:
    return [_group(each.sentence, list(each.results)) for each in blocked(report)]


def _skipped(report: Report) -> list[str]:
    grouped: dict[str, list[Result]] = {}
    for result in view.of_verdict(report, Verdict.SKIP):
        grouped.setdefault(view.reason(result), []).append(result)
    return [_group(reason, results) for reason, results in grouped.items()]


def _waived(report: Report) -> list[str]:
    grouped: dict[str, list[Result]] = {}
    for result in view.of_verdict(report, Verdict.WAIVED):
        grouped.setdefault(_waiver(result), []).append(result)
    return [_group(reason, results) for reason, results in grouped.items()]


def _group(reason: str, results: list[Result]) -> str:
    names = _named([view.name(result) for result in results])
    return _words("groups.entry", reason=prose(reason, 300), count=len(results), names=names)


def _waiver(result: Result) -> str:
    """Return why a verdict was taken back, by whom, and until when."""
    if result.waiver is None:
        return view.reason(result)
    said = [_text(result.waiver, "reason")]
    if owner := _text(result.waiver, "owner"):
        said.append(_words("waived.owner", owner=owner))
    if day := _text(result.waiver, "expires"):
        said.append(_words("waived.expires", day=day))
    return ", ".join(said)


def _text(data: Mapping[str, Json], key: str) -> str:
    found = data.get(key)
    return found if isinstance(found, str) else ""


def troubled_waivers(report: Report) -> list[str]:
    """Return a plain sentence for each waiver that fails the run: past its date, or not needed."""
    return [
        _words(
            f"waiver.{waiver['state']}",
            what=_text(waiver, "requirement") or _text(waiver, "cause") or _UNSAID,
            day=_text(waiver, "expires") or _UNSAID,
            reason=_text(waiver, "reason"),
        )
        for waiver in report.waivers
        if isinstance(waiver, dict) and waiver.get("state") in ("expired", "needless")
    ]


def _contradiction(each: Contradiction) -> str:
    lines = [_words("contradiction.heading", id=prose(each.id, 60), question=prose(each.question))]
    lines += [
        "  - "
        + _words("contradiction.claim", says=prose(claim.says), dated=prose(view.dated(claim)))
        for claim in each.claims[:4]
    ]
    found = prose(each.found, 600)
    lines.append(
        "  - " + _words("contradiction.found", outcome=view.OUTCOMES[each.outcome], found=found)
    )
    return "\n".join(lines)


def _foot(report: Report) -> str:
    run, said = report.run, []
    took = view.seconds(run.seconds)
    said.append(
        _words("foot.run", version=run.version, started=run.started, seconds=took, seed=run.seed)
    )
    said.append(_words("foot.created", count=report.created, left=len(report.left_behind)))
    if versions := [f"{name} {view.compact(each)}" for name, each in run.versions.items()]:
        said.append(_words("foot.versions", versions=", ".join(versions)))
    if report.transcript:
        lines, found = report.transcript.get("lines"), report.transcript.get("sha256")
        said.append(_words("foot.transcript", lines=lines, hash=found))
    sentences = [*(f"{prose(each)}." for each in said), _words("foot.evidence")]
    return f"\n---\n{' '.join(sentences)}\n"
