"""`scimproof report accept`: findings become waivers of a target file."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import UTC
from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from reports import view
from reports.accepting import Accepted
from reports.accepting import Offer
from reports.accepting import Terms
from reports.accepting import accept as write_waivers
from reports.accepting import as_toml
from reports.accepting import by_cause
from reports.accepting import chosen
from reports.model import Report
from reports.model import Verdict
from reports.reading import ReportError
from reports.record import report_at
from reports.wording import wording

_MOST_NAMES = 4


def _words(key: str, **values: object) -> str:
    return wording("accept")(key, **values)


@click.command(help=_words("help"))
@click.argument("source", metavar="REPORT", type=click.Path(path_type=Path))
@click.option("--reason", required=True, metavar="TEXT", help="Why it is accepted.")
@click.option("--owner", metavar="NAME", help="Who answers for it.")
@click.option("--link", metavar="URL", help="Where it is followed up.")
@click.option("--expires", metavar="YYYY-MM-DD", help="The last day; none means for good.")
@click.option("--cause", "causes", multiple=True, metavar="ID", help="This cause (repeatable).")
@click.option(
    "--requirement", "requirements", multiple=True, metavar="ID", help="This one (repeatable)."
)
@click.option("--idp", metavar="NAME", help="Only findings about this identity provider.")
@click.option("--all", "everything", is_flag=True, help="Every cause of the report.")
@click.option(
    "--target",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The target file to add to; default: print what would be added.",
)
def accept(
    source: Path,
    file: Path | None,
    idp: str | None,
    *,
    everything: bool,
    **given: Any,  # noqa: ANN401 - as click has them
) -> None:
    """Write waivers, or print them."""
    today = datetime.now(UTC).date()
    _check({"idp": idp, **given}, everything=everything)
    written = {key: given[key] for key in ("reason", "owner", "link")}
    terms = Terms(**written, expires=_day(given["expires"], today))
    report, name = report_at(source), repr(str(source))
    named = {key: given[key] for key in ("causes", "requirements")}
    offers = by_cause(report, idp) if everything else chosen(report, name=name, idp=idp, **named)
    if not offers:
        _refuse(by_cause(report, idp), name, everything=everything)
    if file is None:
        _print(as_toml(offers, terms))
    else:
        _tell(file, report, offers, write_waivers(file, offers, terms, today))


def _check(given: Mapping[str, Any], *, everything: bool) -> None:
    for option in ("reason", "owner", "link", "idp"):
        if given[option] is not None and not given[option].strip():
            raise ReportError(_words("empty", option=option))
    if everything and (given["causes"] or given["requirements"]):
        raise ReportError(_words("both"))


def _day(text: str | None, today: date) -> date | None:
    if text is None:
        return None
    try:
        # strptime alone takes a month of one digit, fromisoformat alone a day without dashes.
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise ReportError(_words("not_a_day", value=text)) from None
    if day.isoformat() != text:
        raise ReportError(_words("not_a_day", value=text))
    if day < today:
        raise ReportError(_words("day_over", day=text))
    return day


def _refuse(possible: Iterable[Offer], name: str, *, everything: bool) -> None:
    """Show what could be accepted where nothing was chosen, or say that there is nothing."""
    lines = [_listed(each) for each in possible]
    if everything or not lines:
        raise ReportError(_words("nothing_found", report=name))
    _print("\n".join([_words("list_head"), *lines]) + "\n")
    raise ReportError(_words("nothing_chosen"))


def _listed(offer: Offer) -> str:
    found_in = ", ".join(offer.found_in[:_MOST_NAMES])
    if more := len(offer.found_in[_MOST_NAMES:]):
        found_in = _words("more", shown=found_in, count=more)
    return _words(
        "list_entry",
        cause=offer.cause,
        verdict=offer.verdict.value,
        title=view.one_line(offer.comment, 240),
        count=len(offer.results),
        found_in=view.one_line(found_in, 200),
    )


def _tell(file: Path, report: Report, offers: tuple[Offer, ...], done: Accepted) -> None:
    if done.is_new:
        _print(_words("created", file=file) + "\n")
    _print(_words("wrote", count=len(done.written), file=file) + "\n")
    if done.known:
        _print(_words("already", names=", ".join(each.name for each in done.known)) + "\n")
    if left := _left_to_other_idps(report, offers):
        _print(_words("other_idps", idp=offers[0].idp, count=left) + "\n")
    unjudged = view.of_verdict(report, Verdict.INCONCLUSIVE, Verdict.ERROR)
    if unjudged:
        _print(_words("still_bad", count=len(unjudged)) + "\n")


def _left_to_other_idps(report: Report, offers: tuple[Offer, ...]) -> int:
    """Return how many findings of what was accepted for one IdP are about another, or none."""
    if offers[0].idp is None:
        return 0
    causes, requirements = ({each.cause for each in offers}, {each.requirement for each in offers})
    everywhere = {
        result.case
        for offer in by_cause(report)
        for result in offer.results
        if offer.cause in causes or result.requirement in requirements
    }
    return len(everywhere - {result.case for offer in offers for result in offer.results})


def _print(text: str) -> None:
    """Print text that a target may have had a hand in, whatever the console can show."""
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(text.encode(encoding, "backslashreplace").decode(encoding), nl=False)
