"""Deviations of filters: expressions taken for others, and what is done with broken ones."""

from __future__ import annotations

import re
from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import keep_resources
from .documents import listing
from .documents import parse
from .documents import text_of
from .queries import equality
from .queries import parameter
from .queries import with_parameter
from .queries import without_parameters
from .registry import deviation
from .shaping import answer_json
from .shaping import ask
from .shaping import change_requests
from .shaping import edit_lists
from .shaping import edited
from .shaping import error
from .shaping import on
from .shaping import refuse

_SEARCH = on("GET", "Users Groups", one=False, filtered=True)
_LITERAL = re.compile(r'("(?:[^"\\]|\\.)*")')
_OPERATOR = r"(?:eq|ne|co|sw|ew|gt|ge|lt|le|pr)\b"
_NAMED = re.compile(rf"([A-Za-z][\w.:$-]*)(?=\s+{_OPERATOR})", re.IGNORECASE)
_SPELLINGS = {name.lower(): name for name in ("userName", "displayName", "externalId", "title")}


@deviation("filter-and-as-or", area="searches")
def filter_and_as_or(handle: Handler) -> Handler:
    """Take `and` in a filter for `or`."""
    return taking(handle, r"\band\b", "or")


@deviation("filter-or-as-and", area="searches")
def filter_or_as_and(handle: Handler) -> Handler:
    """Take `or` in a filter for `and`."""
    return taking(handle, r"\bor\b", "and")


@deviation("filter-not-ignored", area="searches")
def filter_not_ignored(handle: Handler) -> Handler:
    """Overlook `not` in a filter."""
    return taking(handle, r"\bnot\b\s*(?=\()", "")


@deviation("filter-co-as-eq", area="searches")
def filter_co_as_eq(handle: Handler) -> Handler:
    """Find by `co` only what equals the value."""
    return taking(handle, r"(?<=\s)co(?=\s)", "eq")


@deviation("filter-sw-as-co", area="searches")
def filter_sw_as_co(handle: Handler) -> Handler:
    """Find by `sw` also what has the value in the middle."""
    return taking(handle, r"(?<=\s)sw(?=\s)", "co")


@deviation("filter-ew-as-co", area="searches")
def filter_ew_as_co(handle: Handler) -> Handler:
    """Find by `ew` also what has the value in the middle."""
    return taking(handle, r"(?<=\s)ew(?=\s)", "co")


@deviation("filter-ge-as-gt", area="searches")
def filter_ge_as_gt(handle: Handler) -> Handler:
    """Leave out of what `ge` finds what is equal."""
    return taking(handle, r"(?<=\s)ge(?=\s)", "gt")


@deviation("filter-gt-as-ge", area="searches")
def filter_gt_as_ge(handle: Handler) -> Handler:
    """Find by `gt` also what is equal."""
    return taking(handle, r"(?<=\s)gt(?=\s)", "ge")


@deviation("filter-le-as-lt", area="searches")
def filter_le_as_lt(handle: Handler) -> Handler:
    """Leave out of what `le` finds what is equal."""
    return taking(handle, r"(?<=\s)le(?=\s)", "lt")


@deviation("filter-lt-as-le", area="searches")
def filter_lt_as_le(handle: Handler) -> Handler:
    """Find by `lt` also what is equal."""
    return taking(handle, r"(?<=\s)lt(?=\s)", "le")


@deviation("filter-ne-ignored", area="searches")
def filter_ne_ignored(handle: Handler) -> Handler:
    """Overlook an expression with `ne`, as if it were true of everybody."""
    unequal = re.compile(rf"[A-Za-z][\w.:$-]*\s+ne\s+(?:{_LITERAL.pattern}|\S+)", re.IGNORECASE)
    return rewriting(handle, lambda text: unequal.sub("id pr", text))


@deviation("filter-pr-ignored", area="searches")
def filter_pr_ignored(handle: Handler) -> Handler:
    """Overlook an expression with `pr`, as if it were true of everybody."""
    return taking(handle, r"[A-Za-z][\w.:$-]*\s+pr\b", "id pr")


@deviation("filter-from-left-to-right", area="searches")
def filter_from_left_to_right(handle: Handler) -> Handler:
    """Evaluate `and` and `or` from left to right, without precedence."""
    return rewriting(handle, _from_left_to_right)


@deviation("filter-brackets-mix-values", area="searches")
def filter_brackets_mix_values(handle: Handler) -> Handler:
    """Let several values of an attribute together fulfil what stands in square brackets."""
    inside = re.compile(r"([A-Za-z][\w:$]*(?:\.\d[\w:$]*)*)\[([^\]]*)\]")

    def spread(found: re.Match[str]) -> str:
        return "(" + _NAMED.sub(lambda name: f"{found[1]}.{name[1]}", found[2]) + ")"

    return rewriting(handle, lambda text: inside.sub(spread, text))


@deviation("filter-names-have-case", area="searches")
def filter_names_have_case(handle: Handler) -> Handler:
    """Refuse an attribute in a filter that is not spelled as in the schema, with 400."""

    def misspelled(text: str) -> bool:
        names = [name.rpartition(":")[2] for name in _NAMED.findall(text)]
        return any(_SPELLINGS.get(name.lower(), name) != name for name in names)

    return _refusing(handle, misspelled, "There is no such attribute.")


@deviation("filter-operators-have-case", area="searches")
def filter_operators_have_case(handle: Handler) -> Handler:
    """Refuse a filter with an operator in capitals with 400."""
    capitals = re.compile(rf"(?<=\s)(?!(?-i:[a-z]+\b))(?:{_OPERATOR}|and\b|or\b)", re.IGNORECASE)
    return _refusing(
        handle, lambda text: bool(capitals.search(_words(text))), "There is no such operator."
    )


@deviation("filter-urn-refused", area="searches")
def filter_urn_refused(handle: Handler) -> Handler:
    """Refuse a filter that names an attribute with its schema with 400."""
    return _refusing(
        handle, lambda text: "urn:" in _words(text).lower(), "There is no such attribute."
    )


@deviation("filter-by-user-name-only", area="searches")
def filter_by_user_name_only(handle: Handler) -> Handler:
    """Refuse a filter on users by any attribute but userName with 400."""
    users = on("GET", "Users", one=False, filtered=True)

    def when(request: Request) -> bool:
        names = _NAMED.findall(parameter(request, "filter") or "")
        return users(request) and any(name.lower() != "username" for name in names)

    return refuse(handle, when, 400, "Only userName can be searched.", "invalidFilter")


@deviation("filter-by-eq-only", area="searches")
def filter_by_eq_only(handle: Handler) -> Handler:
    """Refuse a filter with another operator than `eq` with 400."""
    other = re.compile(r"\s(?!eq\b)(?:ne|co|sw|ew|gt|ge|lt|le|pr)\b", re.IGNORECASE)
    return _refusing(
        handle, lambda text: bool(other.search(_words(text))), "The operator is not supported."
    )


@deviation("filter-boolean-finds-nothing", area="searches")
def filter_boolean_finds_nothing(handle: Handler) -> Handler:
    """Find nobody by comparing `active` with a boolean, as if it were kept as text."""
    compared = re.compile(r"\bactive\s+eq\s+(?:true|false)\b", re.IGNORECASE)

    def when(request: Request) -> bool:
        return _SEARCH(request) and bool(compared.search(parameter(request, "filter") or ""))

    return edit_lists(handle, when, lambda found: keep_resources(found, lambda _each: False))


@deviation("filter-without-case-exact", area="searches")
def filter_without_case_exact(handle: Handler) -> Handler:
    """Overlook capitals in an `eq` on externalId, though it is case exact."""

    def wrapped(request: Request) -> Response:
        wanted = equality(request, "externalId") if _SEARCH(request) else None
        if wanted is None:
            return handle(request)

        def same(text: object) -> bool:
            return isinstance(text, str) and text.lower() == wanted.value.lower()

        every = edit_lists(
            lambda asked: handle(with_parameter(asked, "count", "1000000")),
            _SEARCH,
            lambda found: keep_resources(found, lambda each: same(each.get("externalId"))),
        )
        return every(with_parameter(request, "filter", "externalId pr"))

    return wrapped


@deviation("filter-broken-finds-everybody", area="searches")
def filter_broken_finds_everybody(handle: Handler) -> Handler:
    """Find everybody by a filter that cannot be understood."""
    return when_broken(handle, lambda request: handle(without_parameters(request, "filter")))


@deviation("filter-broken-finds-nobody", area="searches")
def filter_broken_finds_nobody(handle: Handler) -> Handler:
    """Find nobody by a filter that cannot be understood, in place of refusing it."""
    return when_broken(handle, lambda _request: answer_json(200, {**listing([])}))


@deviation("filter-broken-500", area="searches")
def filter_broken_500(handle: Handler) -> Handler:
    """Answer 500 to a filter that cannot be understood."""
    return when_broken(handle, lambda _request: error(500, "The query failed."))


@deviation("filter-broken-as-invalid-value", area="searches")
def filter_broken_as_invalid_value(handle: Handler) -> Handler:
    """Refuse a filter that cannot be understood with scimType invalidValue."""

    def told_otherwise(request: Request) -> Response:
        return edited(handle(request), lambda body: body.update(scimType="invalidValue"))

    return when_broken(handle, told_otherwise)


@deviation("filter-order-of-booleans", area="searches")
def filter_order_of_booleans(handle: Handler) -> Handler:
    """Compare booleans with `gt`, `ge`, `lt` and `le` in place of refusing it."""
    ordered = re.compile(r"\bactive\s+(?:gt|ge|lt|le)\s+(?:true|false)\b", re.IGNORECASE)

    def compare(request: Request) -> Response:
        if not ordered.search(parameter(request, "filter") or ""):
            return handle(request)
        return ask(handle, request, "GET", "/Users", query=_taken(request, ordered, "active pr"))

    return when_broken(handle, compare)


def _taken(request: Request, expression: re.Pattern[str], by: str) -> str:
    text = expression.sub(by, parameter(request, "filter") or "")
    return with_parameter(request, "filter", text).query


def rewriting(handle: Handler, change: Callable[[str], str]) -> Handler:
    """Answer a search as if another filter had been given."""
    return change_requests(
        handle,
        _SEARCH,
        lambda request: with_parameter(
            request, "filter", change(parameter(request, "filter") or "")
        ),
    )


def taking(handle: Handler, word: str, by: str) -> Handler:
    """Answer a search as if words of its filter outside the literals were others."""
    pattern = re.compile(word, re.IGNORECASE)

    def change(text: str) -> str:
        parts = _LITERAL.split(text)
        parts[::2] = [pattern.sub(by, part) for part in parts[::2]]
        return "".join(parts)

    return rewriting(handle, change)


def _words(text: str) -> str:
    """Return a filter without its literals."""
    return '""'.join(_LITERAL.split(text)[::2])


def _refusing(handle: Handler, test: Callable[[str], bool], detail: str) -> Handler:
    def when(request: Request) -> bool:
        return _SEARCH(request) and test(parameter(request, "filter") or "")

    return refuse(handle, when, 400, detail, "invalidFilter")


def when_broken(handle: Handler, answer: Handler) -> Handler:
    """Answer otherwise where the handler behind refuses a filter."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if reply.status != 400 or not _SEARCH(request):
            return reply
        broken = text_of(parse(reply.body) or {}, "scimType") == "invalidFilter"
        return answer(request) if broken else reply

    return wrapped


def _from_left_to_right(text: str) -> str:
    """Return a filter without brackets as it is read from left to right."""
    words = _words(text)
    if "(" in words or "[" in words:
        return text
    literals = _LITERAL.findall(text)
    parts = re.split(r"\s(and|or)\s", words, flags=re.IGNORECASE)
    whole = parts[0]
    for operator, expression in zip(parts[1::2], parts[2::2], strict=True):
        whole = f"({whole} {operator} {expression})"
    return re.sub('""', lambda _found: literals.pop(0), whole)
