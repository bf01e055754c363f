"""Deviations of filters that take one name for another: by wildcards, accents or parts of it."""

from __future__ import annotations

import re
import unicodedata

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import listing
from .documents import parse
from .documents import resources
from .documents import text_of
from .filtering import rewriting
from .queries import equality
from .queries import parameter
from .registry import deviation
from .shaping import ask
from .shaping import edited
from .shaping import on
from .shaping import place
from .shaping import refuse

_SEARCH = on("GET", "Users Groups", one=False, filtered=True)
_NAMES = {"Users": "userName", "Groups": "displayName"}
_WITH_UNDERSCORE = re.compile(r'([A-Za-z][\w.:$-]*)\s+(eq|sw)\s+"([^"\\]*_[^"\\]*)"', re.IGNORECASE)
_AND_INSIDE = re.compile(r'"[^"]* and [^"]*"', re.IGNORECASE)
_PAGE = 100


@deviation("filter-underscores-work", area="searches")
def filter_underscores_work(handle: Handler) -> Handler:
    """Take an underscore in the value of an `eq` or `sw` for any text, nearly as LIKE does."""

    def loosened(found: re.Match[str]) -> str:
        first, *middle, last = found[3].split("_")
        end = "ew" if found[2].lower() == "eq" else "co"
        tests = [(first, "sw"), *((part, "co") for part in middle), (last, end)]
        said = [f'{found[1]} {how} "{part}"' for part, how in tests if part]
        return f"({' and '.join(said)})" if said else f"{found[1]} pr"

    return rewriting(handle, lambda text: _WITH_UNDERSCORE.sub(loosened, text))


@deviation("filter-overlooks-accents", area="searches")
def filter_overlooks_accents(handle: Handler) -> Handler:
    """Find by an `eq` on a name also who has it with other accents, as some collations do."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        attribute = _NAMES.get(place(request).endpoint, "")
        wanted = equality(request, attribute) if _SEARCH(request) else None
        if wanted is None or reply.status != 200:
            return reply
        bare = _bare(wanted.value)
        alike = [
            each
            for each in everything(handle, request, place(request).endpoint)
            if _bare(text_of(each, attribute)) == bare
        ]
        if "members" in (parameter(request, "excludedAttributes") or ""):
            for each in alike:
                each.pop("members", None)
        return edited(reply, lambda found: found.update(listing([*alike])))

    return wrapped


@deviation("filter-split-at-and", area="searches")
def filter_split_at_and(handle: Handler) -> Handler:
    """Split a filter at each `and`, also between quotation marks, and refuse what is left."""

    def cut(request: Request) -> bool:
        return bool(_SEARCH(request) and _AND_INSIDE.search(parameter(request, "filter") or ""))

    return refuse(handle, cut, 400, "A quotation mark is not closed.", "invalidFilter")


def _bare(text: str) -> str:
    """Return a text in small letters and without its accents."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(each for each in parts if not unicodedata.combining(each))


def everything(handle: Handler, request: Request, endpoint: str) -> list[Document]:
    """Return every resource of an endpoint, read on behalf of a request."""
    found: list[Document] = []
    while True:
        query = f"startIndex={len(found) + 1}&count={_PAGE}"
        reply = ask(handle, request, "GET", f"/{endpoint}", query=query)
        page = resources(parse(reply.body) or {}) if reply.status == 200 else []
        found += page
        if len(page) < _PAGE:
            return found
