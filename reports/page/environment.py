"""How the page is put together: templates, texts, and the policy that shuts everything else out."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from functools import partial
from importlib import resources
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import Environment
from jinja2 import FileSystemBytecodeCache
from jinja2 import PackageLoader
from jinja2 import StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup
from markupsafe import escape

from reports import view
from reports.wording import Wording

# No text on the page is longer; the whole of it is in report.json.
LONGEST = 6_000
_STYLES = (
    *("page/base.css", "page/overview.css", "page/findings.css", "pictures.css"),
    *("page/rest.css", "page/paper.css"),
)
_RFC = re.compile(
    r"https://www\.rfc-editor\.org/rfc/rfc(\d{1,5})(?:#section-([\dA-Z.]{1,12}))?", re.ASCII
)
_SCRIPT = "page/page.js"


def render(context: Mapping[str, object], words: Wording) -> str:
    """Return the page."""
    script = _script()
    page = _environment().get_template("page/base.html.jinja")
    return page.render(
        {**context, "t": words, "named": partial(_named, words)},
        style=_style(),
        script=Markup(script),  # noqa: S704 - a file of ours, into which nothing is put
        policy=_policy(script),
    )


def prose(text: str) -> Markup:
    """Return text of a sentence, with what stands between backticks set as code."""
    pieces = view.with_code(view.visible(view.cut(text, LONGEST)))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if is_code else escape(piece)
        for is_code, piece in pieces
    )


def _named(words: Wording, text: str) -> str:
    """Return what a link is called: the address of an RFC in words, anything else as it is."""
    if (found := _RFC.fullmatch(text)) is None:
        return text
    number, section = found.groups()
    return words("link.section" if section else "link.rfc", number=number, section=section)


def _policy(script: str) -> str:
    """Return the Content Security Policy: our style, our one script, and nothing else at all."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "img-src 'none'; base-uri 'none'; form-action 'none'"
    )


@cache
def _script() -> str:
    return _file(_SCRIPT)


@cache
def _style() -> Markup:
    return Markup("\n".join(map(_file, _STYLES)))  # noqa: S704 - files of ours


def _file(name: str) -> str:
    source = resources.files("reports").joinpath("templates", *name.split("/"))
    return source.read_text("utf-8").strip()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_cache(),
    )
    environment.globals.update(links=view.links, compact=view.compact, one_line=view.one_line)
    environment.filters["prose"] = prose
    return environment


def _cache() -> FileSystemBytecodeCache | None:
    """Keep compiled templates beside the compiled modules of this folder, if Python keeps those."""
    folder = Path(cache_from_source(__file__)).parent
    if sys.dont_write_bytecode or not os.access(folder, os.W_OK):
        return None
    return _Kept(str(folder), f"__scimproof_{version('scimproof')}_%s.cache")


class _Kept(FileSystemBytecodeCache):
    """A cache without which a page is written as well: a full disk is no reason to have none."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template if there is room."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _shown(value: object) -> object:
    """Make every text of the page visible and bounded, so that no template line can forget it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return view.visible(view.cut(value, LONGEST))
    return value
