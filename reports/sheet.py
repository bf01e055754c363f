"""Small pages beside the report, such as the matrix and the card, with one set of safeguards."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment
from jinja2 import PackageLoader
from jinja2 import StrictUndefined
from markupsafe import Markup

from . import view
from .wording import wording

# No text of a page is longer; the whole of it is in report.json.
_LONGEST = 2_000


def render_sheet(name: str, **values: object) -> str:
    """Return a page of its own: `name` is its template, its style sheet and its texts."""
    texts = wording(name)
    return _environment().get_template(f"{name}.html.jinja").render(texts=texts, **values)


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
    environment.globals.update(signs=view.SIGNS, links=view.links)
    return environment


def _shown(value: object) -> object:
    """Make every text visible and bounded, so that no line of a template can forget it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return view.visible(view.cut(value, _LONGEST))
    return value
