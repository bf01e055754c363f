"""`scimproof report card`: what buyers look for, from evidence, with what the vendor states."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reports.record import report_at
from reports.renderings import write_text
from reports.vendors.card_forms import render_card_markdown
from reports.vendors.card_forms import render_card_page
from reports.vendors.vendor import read_vendor


@click.command()
@click.argument("source", metavar="REPORT_JSON", type=click.Path(path_type=Path))
@click.option(
    "--vendor",
    type=click.Path(path_type=Path),
    help="A TOML file with what the vendor states (plan, price, single sign-on); see docs/card.md.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "md"]),
    default="html",
    show_default=True,
    help="The form to render.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="The file to write; default: print it."
)
def card(source: Path, vendor: Path | None, form: str, output: Path | None) -> None:
    """Fill the vendor card from REPORT_JSON, every field with where it comes from."""
    stated = read_vendor(vendor) if vendor else None
    render = render_card_page if form == "html" else render_card_markdown
    text = render(report_at(source), stated)
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    else:
        write_text(output, text)
