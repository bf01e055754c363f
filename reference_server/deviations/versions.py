"""Deviations of versions: ETags, how they are given and what a condition on them does."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .registry import deviation
from .shaping import SUCCESS
from .shaping import change_replies
from .shaping import change_requests
from .shaping import edit_resources
from .shaping import on
from .shaping import refuse
from .shaping import with_header
from .shaping import with_status
from .shaping import without_header
from .shaping import without_sent

_ANY = on("GET POST PUT PATCH", "Users Groups")
_CHANGE = on("PUT PATCH DELETE", "Users Groups", one=True)
_FAILED = range(412, 413)


@deviation("etag-header-left-out", area="versions")
def etag_header_left_out(handle: Handler) -> Handler:
    """Leave the ETag header out of replies."""
    return change_replies(handle, _ANY, lambda reply: without_header(reply, "ETag"))


@deviation("meta-version-left-out", area="versions")
def meta_version_left_out(handle: Handler) -> Handler:
    """Leave the version out of `meta`."""
    return edit_resources(handle, _ANY, lambda resource: drop(_meta(resource), "version"))


@deviation("etag-differs-from-version", area="versions")
def etag_differs_from_version(handle: Handler) -> Handler:
    """Give an ETag header that is not the version in `meta`."""

    def other(reply: Response) -> Response:
        tag = reply.header("ETag")
        return with_header(reply, "ETag", f'{tag[:-1]}-gzip"') if tag else reply

    return change_replies(handle, _ANY, other)


@deviation("etag-weak-in-lower-case", area="versions")
def etag_weak_in_lower_case(handle: Handler) -> Handler:
    """Mark weak ETags by a small w."""

    def header(reply: Response) -> Response:
        return with_header(reply, "ETag", _small(reply.header("ETag") or ""))

    def version(resource: Document) -> None:
        meta = _meta(resource)
        if isinstance(meta.get("version"), str):
            meta["version"] = _small(str(meta["version"]))

    tagged = change_replies(
        handle, _ANY, lambda reply: header(reply) if reply.header("ETag") else reply
    )
    return edit_resources(tagged, _ANY, version)


@deviation("etag-never-changes", area="versions")
def etag_never_changes(handle: Handler) -> Handler:
    """Give every state of a resource the same ETag."""
    same = 'W/"1"'

    def version(resource: Document) -> None:
        meta = _meta(resource)
        if "version" in meta:
            meta["version"] = same

    unconditional = change_requests(
        handle, _ANY, lambda request: without_sent(request, "If-Match", "If-None-Match")
    )
    tagged = change_replies(
        unconditional,
        _ANY,
        lambda reply: with_header(reply, "ETag", same) if reply.header("ETag") else reply,
    )
    return edit_resources(tagged, _ANY, version)


@deviation("if-match-ignored", area="versions")
def if_match_ignored(handle: Handler) -> Handler:
    """Change a resource whatever version If-Match names."""
    return change_requests(handle, _CHANGE, lambda request: without_sent(request, "If-Match"))


@deviation("if-match-ignored-by-patch", area="versions")
def if_match_ignored_by_patch(handle: Handler) -> Handler:
    """Carry out a PATCH whatever version If-Match names."""
    when = on("PATCH", "Users Groups", one=True)
    return change_requests(handle, when, lambda request: without_sent(request, "If-Match"))


@deviation("if-match-ignored-by-delete", area="versions")
def if_match_ignored_by_delete(handle: Handler) -> Handler:
    """Delete a resource whatever version If-Match names."""
    when = on("DELETE", "Users Groups", one=True)
    return change_requests(handle, when, lambda request: without_sent(request, "If-Match"))


@deviation("if-match-answered-too-late", area="versions")
def if_match_answered_too_late(handle: Handler) -> Handler:
    """Answer 412 to a stale If-Match, and change the resource nevertheless."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if reply.status == 412 and _CHANGE(request):
            handle(without_sent(request, "If-Match"))
        return reply

    return wrapped


@deviation("if-match-failed-as-400", area="versions")
def if_match_failed_as_400(handle: Handler) -> Handler:
    """Answer 400 in place of 412 to a stale If-Match."""
    return change_replies(handle, _CHANGE, lambda reply: with_status(reply, 400), _FAILED)


@deviation("if-match-failed-as-409", area="versions")
def if_match_failed_as_409(handle: Handler) -> Handler:
    """Answer 409 in place of 412 to a stale If-Match."""
    return change_replies(handle, _CHANGE, lambda reply: with_status(reply, 409), _FAILED)


@deviation("if-match-asterisk-refused", area="versions")
def if_match_asterisk_refused(handle: Handler) -> Handler:
    """Answer 412 to an If-Match that takes any version."""

    def when(request: Request) -> bool:
        return _CHANGE(request) and (request.header("If-Match") or "").strip() == "*"

    return refuse(handle, when, 412, "The version does not match.")


@deviation("if-none-match-ignored", area="versions")
def if_none_match_ignored(handle: Handler) -> Handler:
    """Show a resource though the client has this version of it."""
    when = on("GET", "Users Groups")
    return change_requests(handle, when, lambda request: without_sent(request, "If-None-Match"))


@deviation("not-modified-always", area="versions")
def not_modified_always(handle: Handler) -> Handler:
    """Answer 304 to every If-None-Match, whatever version it names."""
    when = on("GET", "Users Groups", one=True)

    def wrapped(request: Request) -> Response:
        conditional = when(request) and request.header("If-None-Match") is not None
        reply = handle(without_sent(request, "If-None-Match") if conditional else request)
        if not conditional or reply.status not in SUCCESS:
            return reply
        return Response(304, tuple(pair for pair in reply.headers if pair[0] == "ETag"))

    return wrapped


def _meta(resource: Document) -> Document:
    found = resource.get("meta")
    return found if isinstance(found, dict) else {}


def _small(tag: str) -> str:
    return tag.replace("W/", "w/", 1) if tag.startswith("W/") else tag
