"""Deviations of filters in how values are read and compared, and in how refusals explain."""

from __future__ import annotations

import re
from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import has
from .documents import keep_resources
from .documents import objects
from .documents import text_of
from .filtering import rewriting
from .filtering import taking
from .filtering import when_broken
from .queries import parameter
from .queries import with_parameter
from .registry import deviation
from .shaping import change_requests
from .shaping import edit_lists
from .shaping import edit_replies
from .shaping import edit_requests
from .shaping import edited
from .shaping import error
from .shaping import on
from .shaping import refuse

_SEARCH = on("GET", "Users Groups", one=False, filtered=True)
_OF: dict[str, Callable[[str, str], bool]] = {
    "eq": str.__eq__,
    "co": str.__contains__,
    "sw": str.startswith,
    "ew": str.endswith,
}
_DATE = re.compile(r'\bmeta\.\w+\s+eq\s+"[^"]*[+-]\d\d:\d\d"', re.IGNORECASE)
_FIRST = re.compile(r'\bemails\.value\s+eq\s+"([^"]*)"', re.IGNORECASE)


@deviation("filter-dates-as-text", area="searches")
def filter_dates_as_text(handle: Handler) -> Handler:
    """Find nobody by an `eq` on a date that is written in another time zone."""
    return _finding_nobody(handle, _DATE)


@deviation("filter-dates-reversed", area="searches")
def filter_dates_reversed(handle: Handler) -> Handler:
    """Find by `gt` on a date what is earlier, and by `lt` what is later."""
    swapped = {"gt": "lt", "lt": "gt", "ge": "le", "le": "ge"}
    pattern = re.compile(r"(\bmeta\.\w+\s+)(gt|lt|ge|le)\b", re.IGNORECASE)

    def swap(found: re.Match[str]) -> str:
        return found[1] + swapped[found[2].lower()]

    return rewriting(handle, lambda text: pattern.sub(swap, text))


@deviation("filter-order-of-binaries", area="searches")
def filter_order_of_binaries(handle: Handler) -> Handler:
    """Compare certificates with `gt`, `ge`, `lt` and `le` in place of refusing it."""
    pattern = r"\bx509Certificates\.value\s+(?:gt|ge|lt|le)\s"
    return taking(handle, pattern, "x509Certificates.value eq ")


@deviation("filter-groups-ignored", area="searches")
def filter_groups_ignored(handle: Handler) -> Handler:
    """Overlook round brackets in a filter."""
    return taking(handle, r"(?<!not )(?<!not)[()]", " ")


@deviation("filter-brackets-ignored", area="searches")
def filter_brackets_ignored(handle: Handler) -> Handler:
    """Overlook what stands in square brackets, and find who has any value."""
    return rewriting(handle, lambda text: re.sub(r"(\w)\[[^\]]*\]", r"\1 pr", text))


@deviation("filter-brackets-refused", area="searches")
def filter_brackets_refused(handle: Handler) -> Handler:
    """Answer 500 to square brackets in a filter."""

    def when(request: Request) -> bool:
        return _SEARCH(request) and "[" in (parameter(request, "filter") or "")

    return refuse(handle, when, 500, "The query failed.")


@deviation("filter-escapes-not-read", area="searches")
def filter_escapes_not_read(handle: Handler) -> Handler:
    """Find nobody by a value that holds an escaped character."""
    return _finding_nobody(handle, re.compile(r'"[^"\\]*\\'))


@deviation("filter-first-value-only", area="searches")
def filter_first_value_only(handle: Handler) -> Handler:
    """Look by `emails.value eq` at the first e-mail of a user only."""

    def wrapped(request: Request) -> Response:
        wanted = _FIRST.search(parameter(request, "filter") or "") if _SEARCH(request) else None
        if wanted is None:
            return handle(request)

        def first(user: Document) -> bool:
            return any(
                str(each.get("value")).lower() == wanted[1].lower()
                for each in objects(user.get("emails"))[:1]
            )

        return edit_lists(handle, _SEARCH, lambda found: keep_resources(found, first))(request)

    return wrapped


@deviation("filter-empty-500", area="searches")
def filter_empty_500(handle: Handler) -> Handler:
    """Answer 500 to an empty filter."""

    def when(request: Request) -> bool:
        return on("GET", "Users Groups", one=False)(request) and parameter(request, "filter") == ""

    return refuse(handle, when, 500, "The query failed.")


@deviation("filter-refusal-unexplained", area="searches")
def filter_refusal_unexplained(handle: Handler) -> Handler:
    """Refuse a filter that cannot be understood without saying why."""
    return when_broken(
        handle,
        lambda request: edited(handle(request), lambda body: body.update(detail="Bad request.")),
    )


@deviation("filter-broken-as-404", area="searches")
def filter_broken_as_404(handle: Handler) -> Handler:
    """Answer 404 to a filter that cannot be understood."""
    return when_broken(handle, lambda _request: error(404, "Nothing was found."))


@deviation("filter-null-500", area="searches")
def filter_null_500(handle: Handler) -> Handler:
    """Answer 500 to a comparison with null."""

    def when(request: Request) -> bool:
        return _SEARCH(request) and (parameter(request, "filter") or "").endswith(" null")

    return refuse(handle, when, 500, "The query failed.")


@deviation("filter-not-binds-all", area="searches")
def filter_not_binds_all(handle: Handler) -> Handler:
    """Take `not` for all that follows in a filter, not for its brackets alone."""
    pattern = re.compile(r"not\s*\(([^()]*)\)\s+(and|or)\s+(.*)", re.IGNORECASE)
    return rewriting(handle, lambda text: pattern.sub(r"not (\1 \2 \3)", text))


@deviation("filter-letters-ascii", area="searches")
def filter_letters_ascii(handle: Handler) -> Handler:
    """Find nobody by a value with letters outside ASCII, escaped or not."""
    return _finding_nobody(handle, re.compile(r"[^\x00-\x7f]|\\u00"))


@deviation("filter-sub-attribute-needed", area="searches")
def filter_sub_attribute_needed(handle: Handler) -> Handler:
    """Find nobody by `emails co`, which names no sub-attribute."""
    return taking(handle, r"\bemails\s+co\b", "emails.display co")


@deviation("filter-urn-value-refused", area="searches")
def filter_urn_value_refused(handle: Handler) -> Handler:
    """Find nobody by the URN of a schema."""
    return _finding_nobody(handle, re.compile(r"\bschemas\s+eq\b", re.IGNORECASE))


@deviation("filter-texts-have-case", area="searches")
def filter_texts_have_case(handle: Handler) -> Handler:
    """Compare capitals in userName, whatever the operator, though it has no case."""
    return _keeping(handle, "userName", lambda text, operator, value: _OF[operator](text, value))


@deviation("filter-overlooks-case", area="searches")
def filter_overlooks_case(handle: Handler) -> Handler:
    """Overlook capitals in externalId, whatever the operator, though it has case."""

    def alike(text: str, operator: str, value: str) -> bool:
        return _OF[operator](text.lower(), value.lower())

    return _keeping(handle, "externalId", alike)


@deviation("active-by-default", area="users")
def active_by_default(handle: Handler) -> Handler:
    """Make a new user active who does not say so, as the RFC allows."""

    def activate(user: Document) -> None:
        if not has(user, "active"):
            user["active"] = True

    return edit_requests(handle, on("POST", "Users", one=False), activate)


@deviation("config-denies-filter", area="discovery")
def config_denies_filter(handle: Handler) -> Handler:
    """Say in ServiceProviderConfig that there are no filters."""

    def deny(found: Document) -> None:
        for each in objects(found.get("filter")):
            each["supported"] = False

    return edit_replies(handle, on("GET", "ServiceProviderConfig"), deny)


def _finding_nobody(handle: Handler, pattern: re.Pattern[str]) -> Handler:
    """Find nobody by the filters that a pattern is found in."""

    def when(request: Request) -> bool:
        return _SEARCH(request) and bool(pattern.search(parameter(request, "filter") or ""))

    return change_requests(
        handle, when, lambda request: with_parameter(request, "filter", 'id eq "nobody"')
    )


def _keeping(handle: Handler, name: str, like: Callable[[str, str, str], bool]) -> Handler:
    """Find by a text comparison on one attribute those of whom another comparison is true."""
    asked = re.compile(rf'(?:urn:[\w:.]*:)?{name} (eq|co|sw|ew) "([^"]*)"', re.IGNORECASE)

    def wrapped(request: Request) -> Response:
        found = asked.fullmatch(parameter(request, "filter") or "") if _SEARCH(request) else None
        if found is None:
            return handle(request)

        def keep(user: Document) -> bool:
            return like(text_of(user, name), found[1].lower(), found[2])

        every = with_parameter(with_parameter(request, "filter", f"{name} pr"), "count", "1000")
        return edit_lists(handle, _SEARCH, lambda page: keep_resources(page, keep))(every)

    return wrapped
