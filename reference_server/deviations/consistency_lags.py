"""Deviations of reads after writes, and of requests that are repeated."""

from __future__ import annotations

from collections import Counter

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import edit_each
from .documents import keep_resources
from .documents import listing
from .documents import objects
from .documents import parse
from .documents import resources
from .documents import text_of
from .documents import value_of
from .queries import equality
from .queries import number
from .queries import without_parameters
from .registry import deviation
from .shaping import SUCCESS
from .shaping import answer_json
from .shaping import edited
from .shaping import error
from .shaping import on
from .shaping import place
from .shaping import stored

_ANY = on("GET POST PUT PATCH", "Users")
_CREATE = on("POST", "Users", one=False)
_READ = on("GET", "Users", one=True)
_LIST = on("GET", "Users", one=False)
_SEARCH = on("GET", "Users", one=False, filtered=True)
_PUT = on("PUT", "Users", one=True)


def _created(request: Request, reply: Response) -> str:
    """Return the id of a user that was just created, else nothing."""
    made = reply.status in SUCCESS and _CREATE(request)
    return text_of(parse(reply.body) or {}, "id") if made else ""


@deviation("reads-lag", area="users")
def reads_lag(handle: Handler) -> Handler:
    """Answer 404 when a new user is read for the first time."""
    fresh: set[str] = set()

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        fresh.update(filter(None, [_created(request, reply)]))
        one = place(request).id
        if not _READ(request) or one not in fresh or reply.status == 401:
            return reply
        fresh.discard(one)
        return error(404, "There is no such user.")

    return wrapped


@deviation("searches-lag", area="users")
def searches_lag(handle: Handler) -> Handler:
    """Leave a new user out of the first search after its creation."""
    fresh: set[str] = set()

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        fresh.update(filter(None, [_created(request, reply)]))
        if reply.status not in SUCCESS or not _SEARCH(request):
            return reply
        hidden = set(fresh)
        fresh.clear()
        return edited(
            reply,
            lambda found: keep_resources(found, lambda user: text_of(user, "id") not in hidden),
        )

    return wrapped


@deviation("reads-show-old-values", area="users")
def reads_show_old_values(handle: Handler) -> Handler:
    """Show a user as it was before when it is read for the first time after a PUT."""
    old: dict[str, Document] = {}

    def wrapped(request: Request) -> Response:
        one = place(request).id
        before = stored(handle, request) if _PUT(request) else {}
        reply = handle(request)
        if before and reply.status in SUCCESS:
            old[one] = before
        if _READ(request) and one in old and reply.status in SUCCESS:
            return answer_json(200, {**old.pop(one)})
        return reply

    return wrapped


@deviation("searches-show-old-values", area="users")
def searches_show_old_values(handle: Handler) -> Handler:
    """Show the displayName that a user had before its last PUT in searches."""
    old: dict[str, Document] = {}

    def show(user: Document) -> None:
        user.update(old.get(text_of(user, "id"), {}))

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if _PUT(request) else {}
        reply = handle(request)
        if before and reply.status in SUCCESS:
            old.setdefault(place(request).id, {"displayName": before.get("displayName")})
        searched = reply.status in SUCCESS and _SEARCH(request)
        return edited(reply, lambda found: edit_each(resources(found), show)) if searched else reply

    return wrapped


@deviation("deleted-still-read", area="users")
def deleted_still_read(handle: Handler) -> Handler:
    """Show a user who was deleted to whoever reads it by id."""
    gone: dict[str, Document] = {}

    def wrapped(request: Request) -> Response:
        one = place(request).id
        before = stored(handle, request) if on("DELETE", "Users", one=True)(request) else {}
        reply = handle(request)
        if before and reply.status in SUCCESS:
            gone[one] = before
        there = _READ(request) and reply.status == 404 and one in gone
        return answer_json(200, {**gone[one]}) if there else reply

    return wrapped


@deviation("deleted-still-found", area="users")
def deleted_still_found(handle: Handler) -> Handler:
    """Find a user who was deleted by the userName."""
    gone: dict[str, Document] = {}

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if on("DELETE", "Users", one=True)(request) else {}
        reply = handle(request)
        if before and reply.status in SUCCESS:
            gone[text_of(before, "userName")] = before
        sought = equality(request, "userName") if _SEARCH(request) else None
        there = reply.status in SUCCESS and sought is not None and sought.value in gone
        return answer_json(200, {**listing([gone[sought.value]])}) if sought and there else reply

    return wrapped


@deviation("put-appends-emails", area="users")
def put_appends_emails(handle: Handler) -> Handler:
    """Append the emails of a PUT to those that the user has, each time anew."""
    times: Counter[str] = Counter()

    def show(user: Document) -> None:
        mails = objects(value_of(user, "emails"))
        if mails and times[text_of(user, "id")]:
            user["emails"] = [*mails, *mails * times[text_of(user, "id")]]

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if reply.status not in SUCCESS or not _ANY(request):
            return reply
        times[place(request).id] += _PUT(request)
        return edited(reply, lambda found: edit_each(resources(found), show))

    return wrapped


_AS_IT_IS = ("sortBy=", "attributes=", "cursor")


@deviation("newest-users-first", area="lists")
def newest_users_first(handle: Handler) -> Handler:
    """Show the newest users first in lists, so that a new one moves the pages of the others."""

    def wrapped(request: Request) -> Response:
        # An order is kept where one is asked for, and so are walks by cursor.
        if not _LIST(request) or any(word in request.query for word in _AS_IT_IS):
            return handle(request)
        reply = handle(without_parameters(request, "startIndex", "count"))
        if reply.status not in SUCCESS:
            return reply
        found = resources(parse(reply.body) or {})[::-1]
        start, count = number(request, "startIndex", 1), number(request, "count", len(found))
        page = listing(found[max(start, 1) - 1 :][: max(count, 0)])
        return answer_json(200, {**page, "totalResults": len(found), "startIndex": max(start, 1)})

    return wrapped
