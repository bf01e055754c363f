"""Deviations of versions and times that some changes do not move, or that are told too late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from datetime import timedelta

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import ENTERPRISE
from .documents import Document
from .documents import parse
from .documents import text_of
from .registry import deviation
from .shaping import SUCCESS
from .shaping import change_replies
from .shaping import change_requests
from .shaping import edit_resources
from .shaping import edited
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import stored
from .shaping import with_header
from .shaping import without_header
from .shaping import without_sent
from .writes import after_change

_ANY = on("GET POST PUT PATCH", "Users Groups")
_WRITE = on("PUT PATCH", "Users Groups", one=True)
_CHANGE = on("PUT PATCH DELETE", "Users Groups", one=True)
_GROUPS = on("PUT PATCH DELETE", "Groups", one=True)
_READ = on("GET", "Users", one=True)
_PARTS = {ENTERPRISE, "schemas", "emails", "phoneNumbers", "addresses", "ims", "photos"}
_ONE = on("GET PUT PATCH DELETE", "Users Groups", one=True)
_CONDITIONS = ("If-Match", "If-None-Match")
_NOT_MODIFIED = range(304, 305)


@deviation("group-version-overlooks-members", area="versions")
def group_version_overlooks_members(handle: Handler) -> Handler:
    """Leave the version of a group as it is when only its members change."""
    return _without_moving(handle, "version", {"members"})


@deviation("group-time-overlooks-members", area="versions")
def group_time_overlooks_members(handle: Handler) -> Handler:
    """Leave `meta.lastModified` of a group as it is when only its members change."""
    return _without_moving(handle, "lastModified", {"members"})


@deviation("parts-unversioned", area="versions")
def parts_unversioned(handle: Handler) -> Handler:
    """Leave version and time of a user as they are when only arrays or an extension change."""
    return _without_moving(_without_moving(handle, "version", _PARTS), "lastModified", _PARTS)


@deviation("change-answers-former-version", area="versions")
def change_answers_former_version(handle: Handler) -> Handler:
    """Answer a PUT or PATCH with the new resource under the version that it had before."""

    def wrapped(request: Request) -> Response:
        old = _meta(stored(handle, request)).get("version") if _WRITE(request) else None
        reply = handle(request)
        if reply.status not in SUCCESS or not isinstance(old, str):
            return reply
        told = edited(reply, lambda resource: _meta(resource).update(version=old))
        return with_header(told, "ETag", old)

    return wrapped


@deviation("if-match-ignored-for-groups", area="versions")
def if_match_ignored_for_groups(handle: Handler) -> Handler:
    """Change a group whatever version If-Match names."""
    return change_requests(handle, _GROUPS, lambda request: without_sent(request, "If-Match"))


@deviation("if-match-list-refused", area="versions")
def if_match_list_refused(handle: Handler) -> Handler:
    """Answer 412 to an If-Match that lists more than one ETag."""

    def when(request: Request) -> bool:
        return _CHANGE(request) and "," in (request.header("If-Match") or "")

    return refuse(handle, when, 412, "The version does not match.")


@deviation("not-modified-without-etag", area="versions")
def not_modified_without_etag(handle: Handler) -> Handler:
    """Leave the ETag out of a 304."""
    return change_replies(handle, _READ, lambda each: without_header(each, "ETag"), _NOT_MODIFIED)


@deviation("reads-move-last-modified", area="versions")
def reads_move_last_modified(handle: Handler) -> Handler:
    """Move `meta.lastModified` of a user by each read."""
    reads: Counter[str] = Counter()

    def show(user: Document) -> None:
        meta, late = _meta(user), reads[str(user.get("id"))]
        if late and "lastModified" in meta:
            shown = datetime.fromisoformat(str(meta["lastModified"]))
            meta["lastModified"] = (shown + timedelta(milliseconds=late)).isoformat()

    def wrapped(request: Request) -> Response:
        reads[place(request).id] += _READ(request)
        return shown(request)

    shown = edit_resources(handle, on("GET POST PUT PATCH", "Users"), show)
    return wrapped


def _without_moving(handle: Handler, part: str, about: set[str]) -> Handler:
    """Show a part of `meta` as it was, after changes of nothing but some attributes."""
    former: dict[tuple[str, str], str] = {}

    def was(resource_id: str, now: object) -> str:
        return former.get((resource_id, str(now)), str(now))

    def remember(request: Request, before: Document, after: Document) -> None:
        old, new = _meta(before).get(part), _meta(after).get(part)
        if old != new and _changed(before, after) <= about:
            former[place(request).id, str(new)] = was(place(request).id, old)

    def show(resource: Document) -> None:
        meta = _meta(resource)
        if part in meta:
            meta[part] = was(str(resource.get("id")), meta[part])

    remembering = after_change(handle, _WRITE, remember)
    if part == "version":
        remembering = _with_former_tags(remembering, handle, was)
    return edit_resources(remembering, _ANY, show)


def _with_former_tags(
    handle: Handler, behind: Handler, was: Callable[[str, object], str]
) -> Handler:
    """Take and give the former version in the headers too."""

    def current(request: Request) -> Request:
        now = _meta(stored(behind, request)).get("version")
        for name in _CONDITIONS if now else ():
            if request.header(name) == was(place(request).id, now):
                left = without_sent(request, name)
                request = replace(left, headers=(*left.headers, (name, str(now))))
        return request

    def wrapped(request: Request) -> Response:
        reply = handle(current(request) if _ONE(request) else request)
        tag = reply.header("ETag")
        of = text_of(parse(reply.body) or {}, "id") or place(request).id
        return with_header(reply, "ETag", was(of, tag)) if tag else reply

    return wrapped


def _changed(before: Document, after: Document) -> set[str]:
    """Return the names of the attributes that a change changed, but for `meta`."""
    names = {*before, *after} - {"meta"}
    return {name for name in names if before.get(name) != after.get(name)}


def _meta(resource: Document) -> Document:
    found = resource.get("meta")
    return found if isinstance(found, dict) else {}
