"""Probes of `deviations/cursor_pages.py` and `deviations/cursor_requests.py`."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

from reference_server import Credential
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import listed

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
ENGINEERS = "filter=title%20eq%20%22Engineer%22"
ALL = ["anna", "ben", "carl", "dora", "emil"]


def _page(t: Talk, cursor: object = "", count: int = 2, more: str = "") -> Json:
    """Return a page by cursor of five users."""
    if not t.ids:
        t.people(5)
    return t.page(f"cursor={quote(str(cursor), safe='')}&count={count}&{more}")


def _names(found: Json) -> list[str]:
    return [each["userName"].partition("@")[0] for each in listed(found)]


def _walk(t: Talk, more: str = "", name: str = "nextCursor") -> list[Json]:
    """Return page after page, ten at most."""
    pages = [_page(t, more=more)]
    while pages[-1].get(name) and len(pages) < 10:
        pages.append(_page(t, pages[-1][name], more=more))
    return pages


def _all(t: Talk, more: str = "") -> list[str]:
    return [name for page in _walk(t, more) for name in _names(page)]


def _second(t: Talk) -> Json:
    return _page(t, _page(t)["nextCursor"])


def _refusal(t: Talk, cursor: str, count: int = 2, more: str = "") -> tuple[int, object]:
    """Return status and scimType of a page by a wrong cursor."""
    query = f"cursor={cursor}&count={count}&{more}"
    reply = t.send("GET", "/Users", query=query)
    return reply.status, reply.json.get("scimType")


def _other_query(t: Talk) -> int:
    return _refusal(t, _page(t)["nextCursor"], more=ENGINEERS)[0]


def _mixed(t: Talk) -> Talk:
    """Make users of whom two have another title, and one has none."""
    for name, title in zip(ALL, ("Engineer", "Boss", "Engineer", "Engineer", ...), strict=True):
        t.make(name, title=title)
    return t


def _posted(t: Talk, cursor: str = "") -> Json:
    if not t.ids:
        t.people(5)
    body = {"schemas": [SEARCH], "cursor": cursor, "count": 2}
    return t.send("POST", "/Users/.search", body).json


def _paging(t: Talk, *names: str) -> list[object]:
    found = t.config().get("pagination", {})
    return [found.get(name) for name in names]


def _expired(t: Talk) -> tuple[int, object]:
    cursor = _page(t)["nextCursor"]
    t.now += timedelta(hours=2)
    return _refusal(t, cursor)


def _elsewhere(t: Talk) -> tuple[int, object]:
    """Return what another tenant is answered to a cursor of the first."""
    other = Talk(t.deviations, credential=Credential("bearer", "other"))
    other.authorization = "Bearer other"
    return _refusal(other, _page(t)["nextCursor"])


def _plain(cursor: object) -> bool:
    return isinstance(cursor, str) and re.fullmatch(r"[A-Za-z0-9._~-]+", cursor) is not None


PROBES: dict[str, tuple[Look, object, object]] = {
    "cursor-next-on-last-page": (lambda t: len(_walk(t)), 3, 10),
    "cursor-next-left-out-early": (lambda t: len(_walk(t)), 3, 1),
    "cursor-empty-on-last-page": (lambda t: _walk(t)[-1].get("nextCursor"), None, ""),
    "cursor-previous-on-first-page": (lambda t: "previousCursor" in _page(t), False, True),
    "cursor-previous-is-next": (
        lambda t: _names(_page(t, _second(t)["previousCursor"])),
        ["anna", "ben"],
        ["emil"],
    ),
    "cursor-previous-refused": (
        lambda t: _refusal(t, _second(t)["previousCursor"]),
        (200, None),
        (400, "invalidCursor"),
    ),
    "cursor-with-plus-and-slash": (
        lambda t: (_plain(_page(t)["nextCursor"]), _all(t)),
        (True, ALL),
        (False, ALL),
    ),
    "cursor-as-number": (
        lambda t: (_plain(_page(t)["nextCursor"]), _all(t)),
        (True, ALL),
        (False, ALL),
    ),
    "cursor-as-offset": (
        lambda t: (len(_page(t)["nextCursor"]) > 1, _all(t), _refusal(t, "4")[0]),
        (True, ALL, 400),
        (False, ALL, 200),
    ),
    "cursor-forgets-filter": (
        lambda t: _all(_mixed(t), ENGINEERS),
        ["anna", "carl", "dora"],
        ["anna", "carl", "carl", "dora", "emil"],
    ),
    "cursor-skips-one": (_all, ALL, ["anna", "ben", "dora"]),
    "cursor-repeats-one": (_all, ALL, ["anna", "ben", "ben", "carl", "dora", "dora", "emil"]),
    "cursor-loses-equals": (
        lambda t: _all(_mixed(t), "sortBy=title"),
        ["ben", "anna", "carl", "dora", "emil"],
        ["ben", "anna", "emil"],
    ),
    "cursor-loses-missing": (
        lambda t: _all(_mixed(t), "sortBy=title"),
        ["ben", "anna", "carl", "dora", "emil"],
        ["ben", "anna", "carl", "dora"],
    ),
    "cursor-loses-last": (_all, ALL, ALL[:-1]),
    "cursor-descending-ends-early": (
        lambda t: len(_walk(t, "sortBy=userName&sortOrder=descending")),
        3,
        1,
    ),
    "cursor-total-of-page": (lambda t: _page(t)["totalResults"], 5, 2),
    "cursor-total-of-rest": (
        lambda t: [page["totalResults"] for page in _walk(t)],
        [5, 5, 5],
        [5, 3, 1],
    ),
    "cursor-empty-refused": (lambda t: _refusal(t, ""), (200, None), (400, "invalidCursor")),
    "cursor-empty-ignored": (lambda t: "nextCursor" in _page(t), True, False),
    "cursor-needs-count": (lambda t: t.queried("cursor="), 200, 400),
    "cursor-page-too-long": (lambda t: len(_names(_page(t))), 2, 3),
    "cursor-stands-still": (lambda t: _names(_second(t)), ["carl", "dora"], ["anna", "ben"]),
    "cursor-unsorted": (
        lambda t: _all(_mixed(t), "sortBy=title"),
        ["ben", "anna", "carl", "dora", "emil"],
        ALL,
    ),
    "cursor-unknown-first-page": (
        lambda t: _refusal(t, "invented"),
        (400, "invalidCursor"),
        (200, None),
    ),
    "cursor-unknown-500": (lambda t: _refusal(t, "invented")[0], 400, 500),
    "cursor-in-other-query-500": (
        lambda t: (_other_query(t), _refusal(t, "invented")[0]),
        (400, 400),
        (500, 400),
    ),
    "cursor-errors-as-invalid-value": (
        lambda t: _refusal(t, "invented"),
        (400, "invalidCursor"),
        (400, "invalidValue"),
    ),
    "cursor-expired-500": (_expired, (400, "expiredCursor"), (500, None)),
    "cursor-of-another-tenant": (_elsewhere, (400, "invalidCursor"), (200, None)),
    "cursor-of-another-tenant-told": (_elsewhere, (400, "invalidCursor"), (403, None)),
    "cursor-overlooks-start-index": (
        lambda t: "startIndex" in t.people(3).page("startIndex=2&count=1"),
        True,
        False,
    ),
    "search-by-post-ignores-cursor": (lambda t: "nextCursor" in _posted(t), True, False),
    "search-by-post-stands-still": (
        lambda t: _names(_posted(t, _posted(t)["nextCursor"])),
        ["carl", "dora"],
        ["anna", "ben"],
    ),
    "config-without-pagination": (lambda t: "pagination" in t.config(), True, False),
    "config-cursor-as-text": (
        lambda t: _paging(t, "cursor", "index"),
        [True, True],
        ["true", "true"],
    ),
    "config-paging-methods-left-out": (
        lambda t: _paging(t, "cursor", "index", "maxPageSize"),
        [True, True, 1000],
        [None, None, 1000],
    ),
    "config-default-paging-wrong": (
        lambda t: _paging(t, "defaultPaginationMethod"),
        ["index"],
        ["cursor"],
    ),
    "config-default-paging-unknown": (
        lambda t: _paging(t, "defaultPaginationMethod"),
        ["index"],
        ["offset"],
    ),
    "config-page-sizes-zero": (lambda t: _paging(t, "maxPageSize"), [1000], [0]),
    "config-page-sizes-too-small": (lambda t: _paging(t, "maxPageSize"), [1000], [1]),
}
