"""Deviations of searches by POST: what is lost of a query that stands in a body."""

from __future__ import annotations

from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import has
from .documents import parse
from .documents import put
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import change_replies
from .shaping import change_requests
from .shaping import edit_listed
from .shaping import edit_requests
from .shaping import place
from .shaping import refuse
from .shaping import with_document
from .shaping import with_status

_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@deviation("search-by-post-201", area="searches")
def search_by_post_201(handle: Handler) -> Handler:
    """Answer a search by POST that has a filter with 201, as if something were created."""
    return change_replies(
        handle,
        lambda request: _posted(request) and has(_sent(request), "filter"),
        lambda reply: with_status(reply, 201),
    )


@deviation("search-by-post-without-urn-500", area="searches")
def search_by_post_without_urn_500(handle: Handler) -> Handler:
    """Answer 500 to a search by POST that does not say what it is."""

    def when(request: Request) -> bool:
        return _posted(request) and _REQUEST not in _names(value_of(_sent(request), "schemas"))

    return refuse(handle, when, 500, "The request cannot be read.")


@deviation("search-by-post-ignores-filter", area="searches")
def search_by_post_ignores_filter(handle: Handler) -> Handler:
    """Overlook the filter of a search by POST."""
    return _ignoring(handle, "filter")


@deviation("search-by-post-ignores-attributes", area="searches")
def search_by_post_ignores_attributes(handle: Handler) -> Handler:
    """Overlook which attributes a search by POST wants or does not want."""
    return _ignoring(handle, "attributes", "excludedAttributes")


@deviation("search-by-post-ignores-sort", area="searches")
def search_by_post_ignores_sort(handle: Handler) -> Handler:
    """Overlook the order that a search by POST asks for."""
    return _ignoring(handle, "sortBy", "sortOrder")


@deviation("search-by-post-ignores-page", area="searches")
def search_by_post_ignores_page(handle: Handler) -> Handler:
    """Overlook startIndex and count in a search by POST."""
    return _ignoring(handle, "startIndex", "count")


@deviation("search-by-post-urn-unknown", area="searches")
def search_by_post_urn_unknown(handle: Handler) -> Handler:
    """Overlook a name in a search by POST that is given with its schema."""

    def lose(body: Document) -> None:
        for key in ("attributes", "excludedAttributes"):
            if has(body, key):
                put(body, key, [n for n in _names(value_of(body, key)) if not _qualified(n)])
        if _qualified(text_of(body, "sortBy")):
            drop(body, "sortBy")

    return edit_requests(handle, _posted, lose)


@deviation("search-by-post-hides-id", area="searches")
def search_by_post_hides_id(handle: Handler) -> Handler:
    """Leave the id out of what a search by POST finds if it asks for that."""

    def when(request: Request) -> bool:
        return _posted(request) and "id" in _names(value_of(_sent(request), "excludedAttributes"))

    return edit_listed(handle, when, lambda found: drop(found, "id"))


@deviation("search-by-post-broken-filter-ignored", area="searches")
def search_by_post_broken_filter_ignored(handle: Handler) -> Handler:
    """Find everybody by a search by POST whose filter cannot be understood."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        body = _sent(request)
        if reply.status != 400 or not _posted(request) or not has(body, "filter"):
            return reply
        drop(body, "filter")
        return handle(with_document(request, body))

    return wrapped


@deviation("root-search-users-only", area="searches")
def root_search_users_only(handle: Handler) -> Handler:
    """Find only users by a search by POST at the root."""

    def at_root(request: Request) -> bool:
        return _posted(request) and place(request).endpoint == ".search"

    def among_users(request: Request) -> Request:
        return replace(request, path=f"{place(request).base}/Users/.search")

    return change_requests(handle, at_root, among_users)


def _ignoring(handle: Handler, *names: str) -> Handler:
    return edit_requests(handle, _posted, lambda body: drop(body, *names))


def _posted(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/.search")


def _sent(request: Request) -> Document:
    return parse(request.body) or {}


def _names(value: Json) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _qualified(name: str) -> bool:
    return name.lower().startswith("urn:")
