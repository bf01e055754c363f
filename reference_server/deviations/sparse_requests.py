"""Deviations at requests that leave out what the RFC wants: refused, or read to the letter."""

from __future__ import annotations

import re

from reference_server.messages import Handler
from reference_server.messages import Request

from .documents import Document
from .documents import drop
from .documents import text_of
from .queries import parameter
from .registry import deviation
from .shaping import edit_requests
from .shaping import on
from .shaping import refuse
from .writes import edit_operations
from .writes import members
from .writes import path
from .writes import removes_members

_SEARCH = on("GET", "Users Groups", one=False, filtered=True)
_PATCH = on("PATCH", "Groups", one=True)
_BARE = re.compile(r'\S+ eq [^"\s\[\]()]*[^"\s\[\]()0-9.][^"\s\[\]()]*', re.IGNORECASE)
_LITERALS = frozenset(("true", "false", "null"))


@deviation("filter-unquoted-refused", area="searches")
def filter_unquoted_refused(handle: Handler) -> Handler:
    """Refuse a filter whose text has no quotation marks with 400 invalidFilter, as the RFC asks."""

    def bare(request: Request) -> bool:
        text = parameter(request, "filter") if _SEARCH(request) else None
        if text is None or not _BARE.fullmatch(text):
            return False
        return text.rpartition(" ")[2].lower() not in _LITERALS

    return refuse(handle, bare, 400, "A text needs quotation marks.", "invalidFilter")


@deviation("member-remove-overlooks-value", area="members")
def member_remove_overlooks_value(handle: Handler) -> Handler:
    """Overlook the value array of a remove on members, and remove all of them."""

    def overlook(operation: Document) -> None:
        if removes_members(operation) and path(operation) == "members":
            drop(operation, "value")

    return edit_requests(handle, _PATCH, edit_operations(overlook))


@deviation("member-ref-relative-refused", area="members")
def member_ref_relative_refused(handle: Handler) -> Handler:
    """Refuse a member whose `$ref` is relative with 400."""

    def relative(group: Document) -> bool:
        found = [text_of(each, "$ref") for each in members(group)]
        return any(each and "://" not in each for each in found)

    when = on("POST PUT", "Groups", body=relative)
    return refuse(handle, when, 400, "A reference needs a host.", "invalidValue")
