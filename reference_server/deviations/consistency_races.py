"""Deviations of parallel requests: what is lost between reading and writing.

A request waits a moment for another on the same resource, so that the two really meet; one that
comes alone is answered as it should be.
"""

from __future__ import annotations

import threading
from collections import Counter

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import edit_each
from .documents import objects
from .documents import parse
from .documents import put
from .documents import resources
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .registry import find
from .shaping import SUCCESS
from .shaping import When
from .shaping import answer_json
from .shaping import ask
from .shaping import edited
from .shaping import error
from .shaping import on
from .shaping import place
from .shaping import resource_path
from .shaping import stored
from .shaping import with_document
from .shaping import without_sent
from .writes import adds_members
from .writes import any_operation
from .writes import given
from .writes import gives
from .writes import removes_members

_PATCH = on("PATCH", "Users", one=True)
_ADDS = on("PATCH", "Groups", one=True, body=any_operation(adds_members))
_REMOVES = on("PATCH", "Groups", one=True, body=any_operation(removes_members))
_PUT = on("PUT", "Users", one=True)
_READ = on("GET", "Users", one=True)
_DELETE = on("DELETE", "Users", one=True)
_CREATE = on("POST", "Users", one=False)
_SWITCH = on("PATCH", "Users", one=True, body=gives("active"))
_SECOND = 2
_PATIENCE = 0.3  # seconds that a request waits for another


class _Meeting:
    """Where requests wait for each other, by what they are about."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._seen: Counter[str] = Counter()

    def arrive(self, key: str) -> int:
        """Say that something has come so far, and return how often that was said."""
        with self._changed:
            self._seen[key] += 1
            self._changed.notify_all()
            return self._seen[key]

    def await_(self, key: str, number: int = 1) -> None:
        """Wait a moment until something has come so far that many times."""
        with self._changed:
            self._changed.wait_for(lambda: self._seen[key] >= number, _PATIENCE)

    def meet(self, key: str) -> int:
        """Wait a moment for a second request of the same kind; return which one this is."""
        number = self.arrive(key)
        self.await_(key, 2)
        return number


def _losing(handle: Handler, when: When) -> Handler:
    """Write a change into the state that was read before another's change."""
    meeting, turn = _Meeting(), threading.Lock()

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if when(request) else {}
        if not before:
            return handle(request)
        meeting.meet(place(request).id)
        with turn:
            if stored(handle, request) != before:
                _write_back(handle, request, before)
            return handle(request)

    return wrapped


def _write_back(handle: Handler, request: Request, document: Document) -> None:
    where = place(request)
    ask(handle, request, "PUT", resource_path(where.endpoint, where.id), body=document)


@deviation("member-writes-lost", area="members")
def member_writes_lost(handle: Handler) -> Handler:
    """Lose a member who is added while another is added to the same group."""
    return _losing(handle, _ADDS)


@deviation("user-patches-lost", area="patching")
def user_patches_lost(handle: Handler) -> Handler:
    """Lose a PATCH of a user that comes together with another one."""
    return _losing(handle, _PATCH)


@deviation("removals-lost", area="members")
def removals_lost(handle: Handler) -> Handler:
    """Keep a member who is removed while another is added to the same group."""
    meeting, turn = _Meeting(), threading.Lock()

    def add(request: Request) -> Response:
        before = stored(handle, request)
        one = place(request).id
        meeting.arrive(f"read {one}")
        meeting.await_(f"removed {one}")
        with turn:
            _bring_back(handle, request, before)
            return handle(request)

    def wrapped(request: Request) -> Response:
        if _ADDS(request):
            return add(request)
        if not _REMOVES(request):
            return handle(request)
        one = place(request).id
        meeting.await_(f"read {one}")
        reply = handle(request)
        meeting.arrive(f"removed {one}")
        return reply

    return wrapped


def _bring_back(handle: Handler, request: Request, before: Document) -> None:
    """Let those be members of a group again who were before."""
    now = stored(handle, request)
    old, new = (objects(value_of(each, "members")) for each in (before, now))
    ids = [each.get("value") for each in new]
    back = [each for each in old if each.get("value") not in ids]
    if back:
        _write_back(handle, request, {**now, "members": [*new, *back]})


@deviation("if-match-checked-early", area="versions")
def if_match_checked_early(handle: Handler) -> Handler:
    """Compare If-Match when a PUT comes, and not any more when it writes."""
    meeting = _Meeting()

    def wrapped(request: Request) -> Response:
        tag = request.header("If-Match")
        before = stored(handle, request) if tag and _PUT(request) else {}
        versions = [text_of(meta, "version") for meta in objects(value_of(before, "meta"))]
        if tag not in versions:
            return handle(request)
        meeting.meet(place(request).id)
        return handle(without_sent(request, "If-Match"))

    return wrapped


@deviation("replacements-mixed", area="users")
def replacements_mixed(handle: Handler) -> Handler:
    """Keep of two PUTs that come together the displayName of one and the title of the other."""
    meeting, turn = _Meeting(), threading.Lock()

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if _PUT(request) else {}
        document = parse(request.body)
        if not before or document is None:
            return handle(request)
        meeting.meet(place(request).id)
        with turn:
            now = stored(handle, request)
            if now != before:
                put(document, "title", now.get("title"))
            return handle(with_document(request, document))

    return wrapped


@deviation("creates-unchecked-together", area="users")
def creates_unchecked_together(handle: Handler) -> Handler:
    """Create two users of one userName if both are asked for together."""
    meeting, turn = _Meeting(), threading.Lock()
    both = find("duplicates-allowed").wrap(handle)

    def wrapped(request: Request) -> Response:
        if not _CREATE(request):
            return both(request)
        name = text_of(parse(request.body) or {}, "userName")
        checked = handle if _taken(name, request) else both
        meeting.meet(name)
        with turn:
            return checked(request)

    def _taken(name: str, request: Request) -> bool:
        found = ask(handle, request, "GET", "/Users", query=f"filter=userName%20eq%20%22{name}%22")
        return bool(value_of(parse(found.body) or {}, "totalResults"))

    return wrapped


@deviation("active-index-lags", area="users")
def active_index_lags(handle: Handler) -> Handler:
    """Show in lists the first state that a user was switched to, whatever came after it."""
    known: dict[str, Document] = {}
    turn = threading.Lock()

    def wrapped(request: Request) -> Response:
        if not _SWITCH(request):
            reply = handle(request)
            listed = reply.status in SUCCESS and on("GET", "Users", one=False)(request)
            return (
                edited(reply, lambda found: edit_each(resources(found), show)) if listed else reply
            )
        with turn:
            reply = handle(request)
            if reply.status in SUCCESS:
                state = given(parse(request.body) or {}, "active")[0]
                known.setdefault(place(request).id, {"active": state})
            return reply

    def show(user: Document) -> None:
        user.update(known.get(text_of(user, "id"), {}))

    return wrapped


@deviation("activation-refused-and-done", area="users")
def activation_refused_and_done(handle: Handler) -> Handler:
    """Answer 409 to whatever switches a user a second time, and switch it."""
    turn, seen = threading.Lock(), Counter[str]()

    def wrapped(request: Request) -> Response:
        if not _SWITCH(request):
            return handle(request)
        with turn:
            reply = handle(request)
            seen[place(request).id] += reply.status in SUCCESS
            second = reply.status in SUCCESS and seen[place(request).id] > 1
        return error(409, "The user is being changed.") if second else reply

    return wrapped


@deviation("deleted-users-come-back", area="users")
def deleted_users_come_back(handle: Handler) -> Handler:
    """Store a user again who is deleted while being changed."""
    meeting, back = _Meeting(), dict[str, Document]()

    def patch(request: Request, one: str) -> Response:
        back[one] = stored(handle, request)
        meeting.arrive(f"read {one}")
        meeting.await_(f"deleted {one}")
        reply = handle(request)
        return answer_json(200, {**back[one]}) if reply.status == 404 else reply

    def wrapped(request: Request) -> Response:
        one = place(request).id
        if _PATCH(request) and stored(handle, request):
            return patch(request, one)
        if _DELETE(request):
            meeting.await_(f"read {one}")
        reply = handle(request)
        if _DELETE(request):
            meeting.arrive(f"deleted {one}")
        there = _READ(request) and reply.status == 404 and back.get(one)
        return answer_json(200, {**back[one]}) if there else reply

    return wrapped


@deviation("parallel-writes-500", area="members")
def parallel_writes_500(handle: Handler) -> Handler:
    """Answer 500 to a change of a group while another one is at work."""
    meeting = _Meeting()

    def wrapped(request: Request) -> Response:
        if not on("PATCH", "Groups", one=True)(request) or not stored(handle, request):
            return handle(request)
        number = meeting.meet(place(request).id)
        reply = handle(request)
        return error(500, "deadlock detected") if number == _SECOND else reply

    return wrapped
