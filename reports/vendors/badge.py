"""The badge: one honest line about a run, as SVG and as the JSON that badge services read."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape
from xml.sax.saxutils import quoteattr

from reports import view
from reports.model import IdpSummary
from reports.model import Report
from reports.model import Verdict
from reports.reading import ReportError
from reports.wording import wording

from .standing import Standing
from .standing import idp_verdict
from .standing import rests_on_assumptions
from .standing import standing

# The names of badge services beside the colours of ours, on which white text is readable.
COLOURS: Mapping[str, str] = {
    "brightgreen": "#1a7f37",
    "yellow": "#8a5a00",
    "orange": "#a04100",
    "red": "#b42318",
    "blue": "#0a58ca",
    "lightgrey": "#59636e",
}
_ENDPOINT_VERSION = 1
_MOST_NAMED = 2
_LONGEST = 90
# How many pixels a letter takes at 11 pixels in the sans-serif fonts that badges are seen in.
_WIDTHS = {
    letter: pixels
    for pixels, letters in (
        (3.1, "'IJijl"),
        (3.6, " ,./:;|-f"),
        (4.5, "!()[]rt"),
        (5.8, '"*`s?Lcz'),
        (6.5, "FPTYakvxy"),
        (8.3, "NUDGHOQ&"),
        (9.2, "#+<=>^w~M"),
        (10.8, "%m@W"),
    )
    for letter in letters
}
_USUAL, _FULL = 7.1, 11.0
_HEIGHT, _MARGIN = 20, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What a badge says: a label, a message, and a colour that says no more than the message."""

    label: str
    message: str
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Idp:
    """One IdP over all its dialects."""

    title: str
    verdict: Verdict | None
    stopped: int
    assumed: bool
    unchecked: bool

    @property
    def works(self) -> bool:
        return self.verdict in (Verdict.PASS, Verdict.WARN, Verdict.WAIVED)


def badge(report: Report, idp: str | None = None) -> Badge:
    """Return the badge of a run, or of one IdP in it; raises ReportError for an unknown one."""
    texts = wording("badge")
    found = {title: _over_dialects(title, parts) for title, parts in view.by_idp(report).items()}
    stands = standing(report)
    if idp is not None:
        one = found[_title(report, idp)]
        label = texts("label.one", idp=view.one_line(one.title, 40))
        return _reserved(label, _with_waived(_of_one(one), _waived(report, idp)), stands)
    said = _of_all(list(found.values()), _broken(report), _kept(report))
    return _reserved(texts("label.all"), _with_waived(said, _waived(report)), stands)


def render_badge(report: Report, idp: str | None = None) -> str:
    """Return the badge as SVG."""
    return svg(badge(report, idp))


def render_endpoint(report: Report, idp: str | None = None) -> str:
    """Return the JSON that badge services read from an address."""
    made = badge(report, idp)
    said = {
        "schemaVersion": _ENDPOINT_VERSION,
        "label": made.label,
        "message": made.message,
        "color": made.colour,
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def svg(made: Badge) -> str:
    """Return a badge as SVG: no font and nothing else from outside, and a title to be read out."""
    label, message = width(made.label), width(made.message)
    said = f"{made.label}: {made.message}"
    first, second = label + 2 * _MARGIN, message + 2 * _MARGIN
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{first + second}" '
            f'height="{_HEIGHT}" role="img" aria-label={quoteattr(said)}>',
            f"<title>{escape(said)}</title>",
            f'<clipPath id="round"><rect width="{first + second}" height="{_HEIGHT}" rx="4"/>'
            "</clipPath>",
            '<g clip-path="url(#round)">',
            f'<rect width="{first}" height="{_HEIGHT}" fill="#3b434d"/>',
            f'<rect x="{first}" width="{second}" height="{_HEIGHT}" '
            f'fill="{COLOURS[made.colour]}"/>',
            "</g>",
            '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
            _text(_MARGIN, label, made.label),
            _text(first + _MARGIN, message, made.message),
            "</g>",
            "</svg>\n",
        )
    )


def _text(x: int, wide: int, said: str) -> str:
    """Return one text, fitted to the room it was given, whatever font is there."""
    return f'<text x="{x}" y="14" textLength="{wide}">{escape(said)}</text>'


def width(text: str) -> int:
    """Return about how many pixels a text takes in the usual badge font at 11 pixels."""
    return max(1, round(sum(map(_wide, text))))


def _wide(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return _FULL
    return _WIDTHS.get(letter, _USUAL)


def _title(report: Report, idp: str) -> str:
    known = {each.idp: each.title for each in report.idps}
    if idp not in known:
        have = ", ".join(known) or wording("badge")("trouble.none")
        raise ReportError(wording("badge")("trouble.unknown", idp=repr(idp), have=have))
    return known[idp]


def _over_dialects(title: str, parts: Sequence[IdpSummary]) -> _Idp:
    features = [feature.verdict for part in parts for feature in part.features]
    verdicts = [verdict for part in parts if (verdict := idp_verdict(part)) is not None]
    return _Idp(
        title=title,
        verdict=Verdict.worst(verdicts),
        stopped=features.count(Verdict.FAIL),
        assumed=any(map(rests_on_assumptions, parts)),
        unchecked=None in features,
    )


def _broken(report: Report) -> int:
    """Return how many requirements fail that are no IdP's: of the RFC, security, a product."""
    failed = view.of_verdict(report, Verdict.FAIL)
    beyond = {each.requirement for each in failed if each.idp is None or each.product}
    return len(beyond)


def _waived(report: Report, idp: str | None = None) -> int:
    """Return how many cases would fail if nobody had put up with them."""
    taken_back = view.of_verdict(report, Verdict.WAIVED)
    return sum(idp in (None, each.idp) for each in taken_back)


def _with_waived(said: tuple[str, str], count: int) -> tuple[str, str]:
    message, colour = said
    if not count:
        return said
    said_so = message + wording("badge")("good.waived", count=count)
    return said_so, "yellow" if colour == "brightgreen" else colour


def _kept(report: Report) -> int:
    """Return how many promises of a product came true, in every case that was judged."""
    promised = [each for each in report.results if each.product]
    good = (Verdict.PASS, Verdict.WARN)
    kept = {each.requirement for each in promised if each.verdict in good}
    rest = (Verdict.SKIP, *good)
    return len(kept - {each.requirement for each in promised if each.verdict not in rest})


def _of_one(one: _Idp) -> tuple[str, str]:
    """Return what is said of one IdP, and the colour of that."""
    texts = wording("badge")
    if one.verdict is Verdict.FAIL:
        return texts("one.stops" if one.stopped == 1 else "one.stop", count=one.stopped), "red"
    if one.verdict is None:
        return texts("one.unchecked"), "lightgrey"
    if not one.works:
        return texts("one.unjudged"), "lightgrey"
    said, colour = _good(one)
    if one.unchecked:
        return texts("good.unchecked", said=said), "yellow"
    return said, colour


def _good(one: _Idp) -> tuple[str, str]:
    texts = wording("badge")
    if one.verdict is Verdict.WARN:
        return texts("good.warnings"), "yellow"
    if one.assumed:
        return texts("good.assumed"), "brightgreen"
    return texts("good.works"), "brightgreen"


def _of_all(idps: Sequence[_Idp], broken: int, kept: int) -> tuple[str, str]:
    """Return what is said of all IdPs together, and the colour of that."""
    texts = wording("badge")
    if not idps:
        return _without_idps(broken, kept)
    if len(idps) == 1 and not idps[0].works:
        return _named(idps)
    working = [one for one in idps if one.works]
    stopped = sum(one.verdict is Verdict.FAIL for one in idps)
    if len(working) == len(idps):
        said, colour = _all_work(working)
    else:
        said = texts("all.some", works=len(working), count=len(idps))
        said += texts("all.stop", count=stopped) if stopped else texts("all.unjudged")
        colour = ("orange" if working else "red") if stopped else "lightgrey"
    if broken:
        said += texts("all.broken", count=broken)
        colour = "yellow" if colour == "brightgreen" else colour
    return said, colour


def _all_work(idps: Sequence[_Idp]) -> tuple[str, str]:
    """Return the least that holds for every one of them."""
    texts = wording("badge")
    each = [_of_one(one) for one in idps]
    said = {words for words, _ in each}
    if len(said) == 1 and len(idps) <= _MOST_NAMED:
        return _named(idps)
    whom = texts("all.count", count=len(idps))
    if any(colour != "brightgreen" for _, colour in each):
        return texts("all.reserved", idps=whom), "yellow"
    plain = said == {texts("good.works")}
    return texts("all.works" if plain else "all.assumed", idps=whom), "brightgreen"


def _named(idps: Sequence[_Idp]) -> tuple[str, str]:
    """Return what holds for each of a few, with their names."""
    said, colour = _of_one(idps[0])
    names = ", ".join(view.one_line(one.title, 30) for one in idps)
    return wording("badge")("all.named", idps=names, said=said), colour


def _without_idps(broken: int, kept: int) -> tuple[str, str]:
    """Return what is said of a run on the RFC or on a product's promises alone."""
    texts = wording("badge")
    if broken:
        return texts("none.broken", count=broken), "red"
    if kept:
        return texts("none.kept", count=kept), "brightgreen"
    return texts("none.unchecked"), "lightgrey"


def _reserved(label: str, said: tuple[str, str], stands: Standing) -> Badge:
    """Return the badge with what it cannot claim; a reservation takes the green away."""
    message, colour = said
    if stands.unreached:
        return Badge(label=label, message=stands.words[0], colour="lightgrey")
    if stands.words:
        message = ", ".join((view.cut(message, _LONGEST), *stands.words))
        shade = "blue" if stands.simulated and not stands.partial else "yellow"
        colour = shade if colour == "brightgreen" else colour
    return Badge(label=label, message=view.one_line(message, 2 * _LONGEST), colour=colour)
