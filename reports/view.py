"""What every rendering says about a report, as short plain texts.

Texts of a target are hostile until shown otherwise: whatever could steer a terminal, break XML or
turn the reading direction is made visible here, before any renderer sees it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from email.utils import mktime_tz
from email.utils import parsedate_tz

from .contradictions import Claim
from .contradictions import Outcome
from .dimensions import stance
from .model import Feature
from .model import IdpSummary
from .model import Report
from .model import Result
from .model import Verdict
from .reading import Json
from .summary import SIMULATED

REPORT_PAGE = "report.html"

# Controls except tab and newline, what changes the reading direction or takes no room (Unicode
# Standard Annex 9, section 2), line separators, lone surrogates, and what XML 1.0 section 2.2 bars.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff]"
)

# The order in which counts are said, bad ones first, and the words for one and for several.
_COUNTED = {
    Verdict.FAIL: ("failed", "failed"),
    Verdict.ERROR: ("error in scimproof", "errors in scimproof"),
    Verdict.INCONCLUSIVE: ("inconclusive", "inconclusive"),
    Verdict.WARN: ("warning", "warnings"),
    Verdict.WAIVED: ("waived", "waived"),
    Verdict.PASS: ("passed", "passed"),
    Verdict.SKIP: ("skipped", "skipped"),
}
_ADDRESS = re.compile(r"(https?://[\w.~:/?#\[\]@!$&*+,;=%-]{1,500}(?<![.,:;!?\[\]]))", re.ASCII)
_TITLED_ADDRESS = re.compile(rf"([^\n]{{1,300}}?): ?{_ADDRESS.pattern}", re.ASCII)

CERTAINTY_WORDS = {
    "doc": "the identity provider's documentation",
    "test": "the identity provider's own tests",
    "code": "published code",
    "wild": "traffic seen in the wild",
    "inferred": "inference only: no source settles it",
}
SIGNS: Mapping[Verdict | None, str] = {
    Verdict.PASS: "✓",
    Verdict.WARN: "!",
    Verdict.FAIL: "✗",
    Verdict.SKIP: "-",
    Verdict.WAIVED: "~",
    Verdict.INCONCLUSIVE: "?",
    Verdict.ERROR: "✗",
    None: "·",
}
BY_HAND = "by hand"
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.SHOWN: "shown by this run",
    Outcome.SIMULATED: "simulated: settles nothing",
    Outcome.STATED: "stated: a run cannot show it",
    Outcome.OPEN: "open: this run did not try it",
}
_WORTH = (
    "Simulated: scimproof's own simulation of the product was tried, built from the product's "
    "documents. What it does proves nothing about the product itself."
)
_READ_ONLY = (
    "Read-only: the run created and changed nothing. What only a write shows was not tried, and "
    "stands as not offered or skipped here."
)
# A server that fails so has met what it did not expect; 501 and 503 it has chosen to say.
_CRASHES = (500, 502, 504)
NOT_HERE = "not in this dialect"


def visible(text: str) -> str:
    """Return text in which every character can be seen, so that none can mislead."""
    return _UNSEEN.sub(_escape, text.replace("\r\n", "\n"))


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def cut(text: str, limit: int) -> str:
    """Return text of at most about `limit` characters, saying how many it leaves out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} characters more)"


def one_line(text: str, limit: int = 300) -> str:
    """Return text on one line, visible and cut."""
    # Nobody reads a megabyte, so none is cleaned: a beginning long enough to be cut again will do.
    beginning = " ".join(visible(text[: 8 * limit]).split())
    if len(beginning) <= limit and len(text) <= 8 * limit:
        return beginning
    return f"{beginning[:limit]}… ({max(len(text), len(beginning)) - limit:,} characters more)"


def compact(value: Json) -> str:
    """Return JSON, or a text as it is, on one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def pretty(value: Json) -> str:
    """Return JSON indented, a text as it is, and nothing for no body."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def of_verdict(report: Report, *verdicts: Verdict) -> tuple[Result, ...]:
    """Return the results with one of these verdicts, in the order of the report."""
    return tuple(result for result in report.results if result.verdict in verdicts)


def place(result: Result) -> str:
    """Return where a result holds: its dialect, else its IdP, and in a simulation that as well.

    A promise of a product is tried with an IdP, whatever its dialect is called.
    """
    where = result.idp if result.product else result.dialect or result.idp
    parts = (where, SIMULATED if result.simulated else "")
    return ", ".join(part for part in parts if part)


def name(result: Result) -> str:
    """Return what a finding is called: its requirement and where it holds."""
    where = place(result)
    return one_line(f"{result.requirement} ({where})" if where else result.requirement, 120)


def difference(result: Result, limit: int = 300) -> str:
    """Return what was expected and what came, on one line; nothing when neither is known."""
    parts = []
    if result.expected:
        parts.append(f"expected {one_line(result.expected, limit)}")
    if result.actual:
        parts.append(f"got {one_line(result.actual, limit)}")
    return ", ".join(parts)


def reason(result: Result) -> str:
    """Return why a case was skipped, waived or not judged."""
    parts = [*result.notes]
    if result.actual and not result.expected:
        parts.insert(0, result.actual)
    if result.blocked_by:
        parts.append(f"blocked by {result.blocked_by}")
    return "; ".join(parts) or difference(result) or "no reason was recorded"


def links(text: str) -> list[tuple[str, str]]:
    """Return a source in pieces of text, each with the address that it leads to or nothing.

    `a title: https://…` is one piece; any other text keeps its words around its addresses. Only
    an address of the web may be followed; `javascript:` and the like stay text.
    """
    if titled := _TITLED_ADDRESS.fullmatch(text):
        return [(titled[1], titled[2])]
    pieces = _ADDRESS.split(cut(text, 2_000))
    return [
        (piece, piece if position % 2 else "") for position, piece in enumerate(pieces) if piece
    ]


def with_code(text: str) -> list[tuple[bool, str]]:
    """Return text in pieces, each marked as code when it stood between backticks."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return [(False, text)]
    return [(position % 2 == 1, piece) for position, piece in enumerate(pieces) if piece]


def exchanges(result: Result) -> tuple[dict[str, Json], ...]:
    """Return the exchanges of a result."""
    return tuple(each for each in result.evidence if isinstance(each, dict))


def shown_exchange(result: Result) -> dict[str, Json] | None:
    """Return the exchange that shows the finding, else the last one."""
    all_of_them = exchanges(result)
    return next(
        (each for each in all_of_them if each.get("shows") is True),
        all_of_them[-1] if all_of_them else None,
    )


def part(exchange: Mapping[str, Json], key: str) -> dict[str, Json]:
    """Return the request or the response of an exchange; empty when there is none."""
    found = exchange.get(key)
    return found if isinstance(found, dict) else {}


def exchange_line(exchange: Mapping[str, Json], limit: int = 160) -> str:
    """Return one exchange as `exchange 2 of 3: PATCH /Groups/81 -> 400`."""
    request, response = part(exchange, "request"), part(exchange, "response")
    sent = f"{request.get('method', '?')} {request.get('target', '?')}"
    came = response.get("status", exchange.get("error") or "no reply")
    position = "exchange"
    if isinstance(exchange.get("n"), int) and isinstance(exchange.get("of"), int):
        position = f"exchange {exchange['n']} of {exchange['of']}"
    return f"{position}: {one_line(sent, limit)} -> {one_line(str(came), limit)}"


def said(result: Result) -> str:
    """Return what the server says is wrong, in its own words on one line; nothing without any."""
    exchange = shown_exchange(result) or {}
    response = part(exchange, "response")
    status, detail = response.get("status"), part(response, "body").get("detail")
    refused = isinstance(status, int) and status >= 400
    return one_line(detail) if refused and isinstance(detail, str) else ""


def hint(result: Result) -> str:
    """Return how to mend a finding: where the server failed itself, its log knows."""
    exchange = shown_exchange(result) or {}
    status = part(exchange, "response").get("status")
    bad = result.verdict in (Verdict.FAIL, Verdict.WARN)
    if not bad or status not in _CRASHES or str(status) in (result.expected or ""):
        return result.hint or ""
    request = part(exchange, "request")
    sent = one_line(f"{request.get('method', '?')} {request.get('target', '?')}".partition("?")[0])
    at = _told_time(part(exchange, "response"))
    when = f" at {at} (UTC)" if at else ""
    return f"Look in the server's log{when} for what {sent} met: the server failed with {status}."


def _told_time(response: Mapping[str, Json]) -> str:
    """Return the time of day at which a server says that it answered, which its log has as well."""
    pairs = response.get("headers")
    told = [
        str(pair[1])
        for pair in (pairs if isinstance(pairs, list) else ())
        if isinstance(pair, list) and len(pair) == 2 and str(pair[0]).lower() == "date"
    ]
    found = parsedate_tz(told[0][:100]) if told else None
    try:
        moment = datetime.fromtimestamp(mktime_tz(found), UTC) if found else None
    except (OverflowError, ValueError, OSError):
        return ""
    return f"{moment:%H:%M:%S}" if moment else ""


def details(result: Result) -> list[str]:
    """Return what a reader needs to act on a finding, one line each."""
    exchange = shown_exchange(result)
    lines = [
        difference(result),
        exchange_line(exchange) if exchange else "",
        *(one_line(note) for note in result.notes),
        f"blocked by {one_line(result.blocked_by)}" if result.blocked_by else "",
        one_line(result.consequence or ""),
        f"the RFC {one_line(stance(result))}" if stance(result) else "",
        f"the server said: {said(result)}" if said(result) else "",
        f"hint: {one_line(hint(result))}" if hint(result) else "",
        f"reproduce: {one_line(result.reproduce, 2000)}" if result.reproduce else "",
    ]
    return [line for line in lines if line]


def counts(report: Report) -> str:
    """Return how many cases there are of each verdict, the bad ones first."""
    summary = report.summary
    said = [
        f"{summary[verdict]} {words[summary[verdict] != 1]}"
        for verdict, words in _COUNTED.items()
        if summary[verdict]
    ]
    words = ", ".join(said) or "no case ran"
    return f"{words} ({SIMULATED})" if is_simulated(report) else words


def target_name(report: Report) -> str:
    """Return what was tested, and that it was a simulation if it was one."""
    target = report.target
    said = one_line(target.url or "an application in this process")
    if target.software:
        said += f" ({one_line(target.software, 80)})"
    return f"{said}, {SIMULATED}" if is_simulated(report) else said


def is_simulated(report: Report) -> bool:
    """Tell whether the run tried a simulation of scimproof's own in place of a product."""
    return report.target.simulated or any(result.simulated for result in report.results)


def simulation(report: Report) -> str:
    """Return what a simulation is worth, in a sentence; nothing for a run on the real thing."""
    return _WORTH if is_simulated(report) else ""


def outcomes(report: Report) -> str:
    """Return how often a run had what to say where documents contradict each other."""
    found = [each.outcome for each in report.contradictions]
    said = [f"{found.count(each)} {words}" for each, words in OUTCOMES.items() if each in found]
    return ", ".join(said)


def dated(claim: Claim) -> str:
    """Return where a claim stands and from when it is."""
    return one_line(f"{claim.source}, {claim.date or 'undated'}")


def address(claim: Claim) -> str:
    """Return the page that a claim stands on, if it is an address of the web and nothing else."""
    return claim.link if claim.link and _ADDRESS.fullmatch(claim.link) else ""


def cautions(report: Report) -> list[str]:
    """Return what a reader has to know of the whole run before any verdict, one sentence each."""
    said = [simulation(report)] if is_simulated(report) else []
    return [*said, _READ_ONLY] if report.run.options.get("read_only") is True else said


def troubles(report: Report) -> list[str]:
    """Return what stood in the way of the whole run, one sentence each."""
    said = []
    if report.target.trouble:
        said.append(f"The target could not be tested: {one_line(report.target.trouble, 500)}")
    if report.run.interrupted:
        said.append("The run was interrupted: what follows is what had run until then.")
    if report.left_behind:
        advice = "run scimproof cleanup with the report's directory"
        said.append(f"{left_behind(report)}; {advice}.{_why_left(report)}")
    return said


def left_behind(report: Report) -> str:
    """Return how much could not be deleted, and how much of it can do nothing any more."""
    said = f"{_number(len(report.left_behind), 'resource')} could not be deleted"
    off = sum(
        isinstance(each, dict) and each.get("deactivated") is True for each in report.left_behind
    )
    return f"{said} ({off} deactivated instead)" if off else said


def _why_left(report: Report) -> str:
    """Return the sentence that says why most of it could not be deleted, where that is known."""
    told = [each.get("why") for each in report.left_behind if isinstance(each, dict)]
    known = Counter(one_line(why) for why in told if isinstance(why, str) and why)
    if not known:
        return ""
    why, count = known.most_common(1)[0]
    which = "" if count == len(report.left_behind) else f", of {count:,} of them"
    return f" The reason{which}: {why}."


def by_idp(report: Report) -> dict[str, tuple[IdpSummary, ...]]:
    """Return the summaries of each IdP, one for each of its dialects."""
    grouped: dict[str, list[IdpSummary]] = {}
    for summary in report.idps:
        grouped.setdefault(summary.title, []).append(summary)
    return {title: tuple(members) for title, members in grouped.items()}


def feature_rows(
    summaries: Iterable[IdpSummary],
) -> list[tuple[str, tuple[Feature | None, ...]]]:
    """Return each feature with its entry in each dialect, None where the dialect lacks it."""
    tables = [{feature.name: feature for feature in each.features} for each in summaries]
    names = list(dict.fromkeys(key for table in tables for key in table))
    return [(key, tuple(table.get(key) for table in tables)) for key in names]


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def seconds(value: float) -> str:
    """Return a duration for a reader."""
    if value < 60:
        return f"{value:.1f} s"
    return f"{int(value) // 60} min {int(value) % 60} s"
