"""Deviations of queries and views: a value, a part or a page that is overlooked."""

from __future__ import annotations

import re

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import objects
from .documents import resources
from .filtering import taking
from .queries import names
from .queries import parameter
from .queries import with_parameter
from .queries import without_parameters
from .registry import deviation
from .shaping import SUCCESS
from .shaping import ask
from .shaping import change_requests
from .shaping import edited
from .shaping import on
from .shaping import place
from .shaping import resource_path
from .writes import patch_body

_LIST = on("GET", "Users Groups", one=False)
_NOBODY = 'id eq "nobody"'


@deviation("filter-pr-overlooks-false", area="searches")
def filter_pr_overlooks_false(handle: Handler) -> Handler:
    """Find by `active pr` only who is active: false is taken for no value."""
    return taking(handle, r"\bactive\s+pr\b", "active eq true")


@deviation("filter-by-groups-finds-nobody", area="searches")
def filter_by_groups_finds_nobody(handle: Handler) -> Handler:
    """Find no user by a filter on groups, which are worked out when a user is read."""
    return _finding_none(handle, "Users", r"\bgroups\b")


@deviation("group-filter-by-external-id-finds-none", area="searches")
def group_filter_by_external_id_finds_none(handle: Handler) -> Handler:
    """Find no group by a filter on externalId."""
    return _finding_none(handle, "Groups", r"\bexternalId\b")


@deviation("sort-primary-missing-last", area="lists")
def sort_primary_missing_last(handle: Handler) -> Handler:
    """Show users without a primary address last in a list that is sorted by addresses."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        by = (parameter(request, "sortBy") or "").lower()
        if not _LIST(request) or not by.startswith("emails") or reply.status not in SUCCESS:
            return reply
        return edited(reply, _primary_first)

    return wrapped


def _primary_first(found: Document) -> None:
    def lacks(user: Document) -> bool:
        return not any(each.get("primary") is True for each in objects(user.get("emails")))

    found["Resources"] = [*sorted(resources(found), key=lacks)]


@deviation("sort-descending-turns-pages", area="lists")
def sort_descending_turns_pages(handle: Handler) -> Handler:
    """Cut a page that descends from the ascending order, and turn it round."""

    def wrapped(request: Request) -> Response:
        down = (parameter(request, "sortOrder") or "").lower() == "descending"
        if not _LIST(request) or not down or "count" not in names(request):
            return handle(request)
        reply = handle(without_parameters(request, "sortOrder"))
        return edited(reply, _turn) if reply.status in SUCCESS else reply

    return wrapped


def _turn(found: Document) -> None:
    found["Resources"] = [*reversed(resources(found))]


@deviation("attributes-last-part-only", area="projection")
def attributes_last_part_only(handle: Handler) -> Handler:
    """Show of several parts of one attribute that are asked for the last one only."""

    def change(request: Request) -> Request:
        last = {name.partition(".")[0]: name for name in _asked(request)}
        return with_parameter(request, "attributes", ",".join(last.values()))

    def meant(request: Request) -> bool:
        asked = _asked(request)
        return bool(asked) and not any(name.lower().startswith("urn:") for name in asked)

    return change_requests(handle, meant, change)


@deviation("writes-lose-what-is-not-shown", area="projection")
def writes_lose_what_is_not_shown(handle: Handler) -> Handler:
    """Take from a user what a PUT or PATCH leaves out of its reply by `excludedAttributes`."""
    when = on("PUT PATCH", "Users", one=True)

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        hidden = (parameter(request, "excludedAttributes") or "").split(",")
        for name in hidden if when(request) and reply.status in SUCCESS else ():
            lost = patch_body({"op": "remove", "path": name})
            path = resource_path("Users", place(request).id)
            ask(handle, request, "PATCH", path, body=lost)
        return reply

    return wrapped


def _asked(request: Request) -> list[str]:
    return [name for name in (parameter(request, "attributes") or "").split(",") if name]


def _finding_none(handle: Handler, endpoint: str, pattern: str) -> Handler:
    def when(request: Request) -> bool:
        text = re.sub(r'"[^"]*"', '""', parameter(request, "filter") or "")
        meant = on("GET", endpoint, one=False, filtered=True)(request)
        return meant and re.search(pattern, text, re.IGNORECASE) is not None

    return change_requests(handle, when, lambda request: with_parameter(request, "filter", _NOBODY))
