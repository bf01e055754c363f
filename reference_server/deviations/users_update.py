"""Deviations of reading and updating users: what PUT refuses, loses, or does besides."""

from __future__ import annotations

from collections import defaultdict

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import ENTERPRISE
from .documents import Document
from .documents import drop
from .documents import edit_each
from .documents import has
from .documents import listing
from .documents import objects
from .documents import parse
from .documents import put
from .documents import value_of
from .queries import equality
from .recreating import recreate
from .registry import deviation
from .shaping import answer_json
from .shaping import ask
from .shaping import change_replies
from .shaping import edit_replies
from .shaping import edit_requests
from .shaping import empty
from .shaping import error
from .shaping import instead
from .shaping import on
from .shaping import place
from .shaping import read
from .shaping import refuse
from .shaping import stored
from .shaping import values_of
from .shaping import with_status
from .writes import after_change
from .writes import edit_against
from .writes import refuse_against
from .writes import renames

_PUT = on("PUT", "Users", one=True)
_CHANGE = on("PUT PATCH", "Users", one=True)
_GET = on("GET", "Users", one=True)
_SEARCH = on("GET", "Users", one=False, filtered=True)
_WRITE = "POST PUT PATCH"
_BOTH = "Users Groups"
_NOT_FOUND = range(404, 405)


@deviation("put-refused-501", area="users")
def put_refused_501(handle: Handler) -> Handler:
    """Answer 501 to PUT on a user."""
    return refuse(handle, _PUT, 501, "Users cannot be replaced.")


@deviation("put-refuses-own-representation", area="users")
def put_refuses_own_representation(handle: Handler) -> Handler:
    """Refuse a PUT on a user with 400 if the body holds `meta`, as the replies do."""
    when = on("PUT", "Users", body=lambda user: has(user, "meta"))
    return refuse(handle, when, 400, "The attribute meta is read-only.", "mutability")


@deviation("put-refuses-id", area="users")
def put_refuses_id(handle: Handler) -> Handler:
    """Refuse a PUT on a user with 400 if the body holds the id."""
    when = on("PUT", "Users", body=lambda user: has(user, "id"))
    return refuse(handle, when, 400, "The attribute id is read-only.", "mutability")


@deviation("put-ignored", area="users")
def put_ignored(handle: Handler) -> Handler:
    """Answer 200 to PUT on a user and change nothing."""

    def unchanged(request: Request) -> Response:
        before = stored(handle, request)
        return answer_json(200, before) if before else handle(request)

    return instead(handle, _PUT, unchanged)


@deviation("put-answers-204", area="users")
def put_answers_204(handle: Handler) -> Handler:
    """Answer 204 without a body to PUT on a user."""
    return change_replies(handle, _PUT, lambda reply: empty(reply, 204))


@deviation("put-empty-body", area="users")
def put_empty_body(handle: Handler) -> Handler:
    """Answer 200 without a body to PUT on a user."""
    return change_replies(handle, _PUT, lambda reply: empty(reply, 200))


@deviation("put-answers-stale", area="users")
def put_answers_stale(handle: Handler) -> Handler:
    """Answer PUT on a user with the user as it was before."""
    return after_change(handle, _PUT, lambda _request, before, _after: answer_json(200, before))


@deviation("put-drops-unmapped", area="users")
def put_drops_unmapped(handle: Handler) -> Handler:
    """Lose title, nickName and phoneNumbers in a PUT on a user."""
    return edit_requests(handle, _PUT, lambda user: drop(user, "title", "nickName", "phoneNumbers"))


@deviation("put-drops-extension", area="users")
def put_drops_extension(handle: Handler) -> Handler:
    """Lose the enterprise extension in a PUT on a user."""
    return edit_requests(handle, _PUT, lambda user: drop(user, ENTERPRISE))


@deviation("put-drops-external-id", area="users")
def put_drops_external_id(handle: Handler) -> Handler:
    """Lose the externalId in a PUT on a user."""
    return edit_requests(handle, _PUT, lambda user: drop(user, "externalId"))


@deviation("put-emails-lost", area="users")
def put_emails_lost(handle: Handler) -> Handler:
    """Lose the emails in a PUT on a user."""
    return edit_requests(handle, _PUT, lambda user: drop(user, "emails"))


@deviation("put-name-ignored", area="users")
def put_name_ignored(handle: Handler) -> Handler:
    """Keep the name as it was in a PUT on a user."""
    return edit_against(handle, _PUT, lambda user, before: put(user, "name", before.get("name")))


@deviation("put-merges-emails", area="users")
def put_merges_emails(handle: Handler) -> Handler:
    """Keep the old emails beside the new in a PUT on a user."""

    def merge(user: Document, before: Document) -> None:
        new = objects(value_of(user, "emails"))
        old = [
            {**email, "primary": False}
            for email in objects(before.get("emails"))
            if email.get("value") not in values_of([*new])
        ]
        put(user, "emails", [*new, *old])

    return edit_against(handle, _PUT, merge)


@deviation("put-reactivates", area="users")
def put_reactivates(handle: Handler) -> Handler:
    """Make an inactive user active by any PUT, though the body does not ask for it."""

    def activate(user: Document, before: Document) -> None:
        if before.get("active") is False:
            put(user, "active", True)

    return edit_against(handle, _PUT, activate)


@deviation("put-deactivates", area="users")
def put_deactivates(handle: Handler) -> Handler:
    """Make an active user inactive by any PUT, though the body does not ask for it."""

    def deactivate(user: Document, before: Document) -> None:
        if before.get("active") is True:
            put(user, "active", False)

    return edit_against(handle, _PUT, deactivate)


@deviation("rename-refused", area="users")
def rename_refused(handle: Handler) -> Handler:
    """Refuse a change of userName with 400."""
    return refuse_against(
        handle,
        _CHANGE,
        lambda write, before: renames(write, before, "userName"),
        400,
        "The userName cannot be changed.",
        "mutability",
    )


@deviation("rename-ignored", area="users")
def rename_ignored(handle: Handler) -> Handler:
    """Ignore a change of userName by PUT."""
    return edit_against(
        handle, _PUT, lambda user, before: put(user, "userName", before.get("userName"))
    )


@deviation("rename-creates-another", area="users")
def rename_creates_another(handle: Handler) -> Handler:
    """Create another user in place of changing a userName by PUT."""

    def wrapped(request: Request) -> Response:
        body = parse(request.body) if _PUT(request) else None
        before = stored(handle, request) if body is not None else {}
        if body is None or not before or not renames(body, before, "userName"):
            return handle(request)
        return with_status(ask(handle, request, "POST", "/Users", body=body), 200)

    return wrapped


@deviation("rename-changes-id", area="users")
def rename_changes_id(handle: Handler) -> Handler:
    """Give a user whose userName changes another id."""

    def move(request: Request, before: Document, after: Document) -> Response | None:
        same = before.get("userName") == after.get("userName")
        return None if same else recreate(handle, request, after)

    return after_change(handle, _CHANGE, move)


@deviation("rename-old-name-still-found", area="users")
def rename_old_name_still_found(handle: Handler) -> Handler:
    """Find a user by a former userName."""
    former: defaultdict[str, str] = defaultdict(str)

    def remember(request: Request, before: Document, after: Document) -> None:
        if before.get("userName") != after.get("userName"):
            former[str(before.get("userName")).lower()] = place(request).id

    def wrapped(request: Request) -> Response:
        reply = after_change(handle, _CHANGE, remember)(request)
        wanted = equality(request, "userName") if _SEARCH(request) else None
        held = former.get(wanted.value.lower()) if wanted else None
        if held is None or (parse(reply.body) or {}).get("totalResults") != 0:
            return reply
        user = read(handle, request, "Users", held)
        return answer_json(200, {**listing([user])}) if user else reply

    return wrapped


@deviation("get-missing-as-200-empty", area="users")
def get_missing_as_200_empty(handle: Handler) -> Handler:
    """Answer 200 with an empty object when a user is read who does not exist."""
    return change_replies(handle, _GET, lambda _reply: answer_json(200, {}), _NOT_FOUND)


@deviation("get-missing-as-500", area="users")
def get_missing_as_500(handle: Handler) -> Handler:
    """Answer 500 when a user is read who does not exist."""
    crash = error(500, "The user could not be read.")
    return change_replies(handle, _GET, lambda _reply: crash, _NOT_FOUND)


@deviation("get-hides-emails", area="users")
def get_hides_emails(handle: Handler) -> Handler:
    """Leave the emails out of a user read by id, so that echoing the reply loses them."""
    return edit_replies(handle, _GET, lambda user: drop(user, "emails"))


@deviation("email-primary-lost", area="users")
def email_primary_lost(handle: Handler) -> Handler:
    """Leave out of a user read by id which of the emails is the primary one."""
    return edit_replies(
        handle,
        _GET,
        lambda user: edit_each(objects(user.get("emails")), lambda one: drop(one, "primary")),
    )


@deviation("emails-as-object", area="users")
def emails_as_object(handle: Handler) -> Handler:
    """Show the one e-mail of a user read by id as an object in place of an array."""

    def single(user: Document) -> None:
        found = objects(user.get("emails"))
        if len(found) == 1:
            user["emails"] = found[0]

    return edit_replies(handle, _GET, single)


@deviation("get-hides-names", area="users")
def get_hides_names(handle: Handler) -> Handler:
    """Leave the name out of a user read by id."""
    return edit_replies(handle, _GET, lambda user: drop(user, "name"))


@deviation("get-refused-501", area="users")
def get_refused_501(handle: Handler) -> Handler:
    """Answer 501 when a user is read by id."""
    return refuse(handle, _GET, 501, "Users cannot be read one by one.")
