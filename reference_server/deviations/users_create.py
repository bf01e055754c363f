"""Deviations of creating users: what the reply says, what is refused and what is lost."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import ENTERPRISE
from .documents import Document
from .documents import ascii_only
from .documents import change_strings
from .documents import drop
from .documents import has
from .documents import objects
from .documents import put
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import always
from .shaping import change_replies
from .shaping import change_requests
from .shaping import edit_replies
from .shaping import edit_requests
from .shaping import edit_resources
from .shaping import empty
from .shaping import error
from .shaping import on
from .shaping import refuse
from .shaping import with_status
from .shaping import without_header

_CREATE = on("POST", "Users", one=False)
_ANY = on("GET POST PUT PATCH", "Users")
# RFC 7643 sections 3.1 and 4.1, in lower case; sections 3 and 4.3 add `schemas` and the extension.
_KNOWN = frozenset(
    "schemas id externalid meta username name displayname nickname profileurl title usertype "
    "preferredlanguage locale timezone active password emails phonenumbers ims photos addresses "
    f"groups entitlements roles x509certificates {ENTERPRISE.lower()}".split()
)


@deviation("create-answers-200", area="users")
def create_answers_200(handle: Handler) -> Handler:
    """Answer 200 in place of 201 when a user is created."""
    return change_replies(handle, _CREATE, lambda reply: with_status(reply, 200))


@deviation("create-empty-body", area="users")
def create_empty_body(handle: Handler) -> Handler:
    """Answer 201 without a body when a user is created."""
    return change_replies(handle, _CREATE, lambda reply: empty(reply, 201))


@deviation("create-without-location", area="users")
def create_without_location(handle: Handler) -> Handler:
    """Leave the Location header out of the reply when a user is created."""
    return change_replies(handle, _CREATE, lambda reply: without_header(reply, "Location"))


@deviation("create-without-id", area="users")
def create_without_id(handle: Handler) -> Handler:
    """Leave the id out of the reply when a user is created."""
    return edit_replies(handle, _CREATE, lambda user: drop(user, "id"))


@deviation("create-without-user-name", area="users")
def create_without_user_name(handle: Handler) -> Handler:
    """Leave userName out of the reply when a user is created."""
    return edit_replies(handle, _CREATE, lambda user: drop(user, "userName"))


@deviation("create-id-differs", area="users")
def create_id_differs(handle: Handler) -> Handler:
    """Answer with an id that leads nowhere when a user is created."""
    return edit_replies(handle, _CREATE, lambda user: user.update(id=f"new-{user.get('id')}"))


@deviation("create-id-says-bulkid", area="users")
def create_id_says_bulkid(handle: Handler) -> Handler:
    """Begin the ids of users with `bulkId:`, which the RFC reserves."""

    def mark(user: Document) -> None:
        user["id"] = f"bulkId:{user.get('id')}"

    def marked_members(group: Document) -> None:
        for member in objects(group.get("members")):
            member["value"] = f"bulkId:{member.get('value')}"

    inner = change_requests(handle, always, _without_bulk_id)
    return edit_resources(edit_resources(inner, _ANY, mark), on("GET", "Groups"), marked_members)


@deviation("create-seats-limited", area="users")
def create_seats_limited(handle: Handler) -> Handler:
    """Refuse a third user with 403, as a trial plan does."""
    created: list[Response] = []

    def wrapped(request: Request) -> Response:
        if not _CREATE(request):
            return handle(request)
        if len(created) >= 2:
            return error(403, "The plan has no seat left.")
        reply = handle(request)
        if reply.status == 201:
            created.append(reply)
        return reply

    return wrapped


@deviation("create-refuses-password", area="users")
def create_refuses_password(handle: Handler) -> Handler:
    """Refuse a new user with a password with 400."""
    when = on("POST", "Users", body=lambda user: has(user, "password"))
    return refuse(handle, when, 400, "A password cannot be set.", "invalidValue")


@deviation("create-refuses-groups", area="users")
def create_refuses_groups(handle: Handler) -> Handler:
    """Refuse a new user with `groups`, even empty, with 400."""
    when = on("POST", "Users", body=lambda user: has(user, "groups"))
    return refuse(handle, when, 400, "The attribute groups is read-only.", "mutability")


@deviation("create-refuses-unknown-attributes", area="users")
def create_refuses_unknown_attributes(handle: Handler) -> Handler:
    """Refuse a new user with attributes beyond the core and enterprise schemas with 400."""
    when = on("POST", "Users", body=lambda user: not _KNOWN.issuperset(map(str.lower, user)))
    return refuse(handle, when, 400, "There is an unknown attribute.", "invalidSyntax")


@deviation("create-refuses-external-id", area="users")
def create_refuses_external_id(handle: Handler) -> Handler:
    """Refuse a new user with an externalId with 400."""
    when = on("POST", "Users", body=lambda user: has(user, "externalId"))
    return refuse(handle, when, 400, "An externalId cannot be set.", "invalidValue")


@deviation("create-refuses-locale", area="users")
def create_refuses_locale(handle: Handler) -> Handler:
    """Refuse a new user with a locale with 400."""
    when = on("POST", "Users", body=lambda user: has(user, "locale"))
    return refuse(handle, when, 400, "The locale is not supported.", "invalidValue")


@deviation("create-refuses-photos", area="users")
def create_refuses_photos(handle: Handler) -> Handler:
    """Refuse a new user with photos with 400."""
    when = on("POST", "Users", body=lambda user: value_of(user, "photos"))
    return refuse(handle, when, 400, "Photos are not supported.", "invalidValue")


@deviation("create-refuses-plus-address", area="users")
def create_refuses_plus_address(handle: Handler) -> Handler:
    """Refuse a new user with a plus sign in the userName with 400."""
    when = on("POST", "Users", body=lambda user: "+" in text_of(user, "userName"))
    return refuse(handle, when, 400, "The userName is not a valid address.", "invalidValue")


@deviation("create-requires-type-in-emails", area="users")
def create_requires_type_in_emails(handle: Handler) -> Handler:
    """Refuse a new user with an email that has no type with 400."""

    def untyped(user: Document) -> bool:
        return any(not email.get("type") for email in objects(value_of(user, "emails")))

    when = on("POST", "Users", body=untyped)
    return refuse(handle, when, 400, "An email needs a type.", "invalidValue")


@deviation("create-requires-display-name", area="users")
def create_requires_display_name(handle: Handler) -> Handler:
    """Refuse a new user without a displayName with 400."""
    when = on("POST", "Users", body=lambda user: not text_of(user, "displayName"))
    return refuse(handle, when, 400, "A displayName is required.", "invalidValue")


@deviation("create-drops-name", area="users")
def create_drops_name(handle: Handler) -> Handler:
    """Lose the name of a new user."""
    return edit_requests(handle, _CREATE, lambda user: drop(user, "name"))


@deviation("create-drops-emails", area="users")
def create_drops_emails(handle: Handler) -> Handler:
    """Lose the emails of a new user."""
    return edit_requests(handle, _CREATE, lambda user: drop(user, "emails"))


@deviation("create-drops-display-name", area="users")
def create_drops_display_name(handle: Handler) -> Handler:
    """Lose the displayName of a new user."""
    return edit_requests(handle, _CREATE, lambda user: drop(user, "displayName"))


@deviation("create-drops-external-id", area="users")
def create_drops_external_id(handle: Handler) -> Handler:
    """Lose the externalId of a new user."""
    return edit_requests(handle, _CREATE, lambda user: drop(user, "externalId"))


@deviation("create-inactive", area="users")
def create_inactive(handle: Handler) -> Handler:
    """Make a new user inactive, whatever was asked for."""
    return edit_requests(handle, _CREATE, lambda user: put(user, "active", False))


@deviation("create-mangles-unicode", area="users")
def create_mangles_unicode(handle: Handler) -> Handler:
    """Turn each letter outside ASCII in a new user into a question mark."""

    def mangle(user: Document) -> None:
        user.update({key: change_strings(value, ascii_only) for key, value in user.items()})

    return edit_requests(handle, _CREATE, mangle)


@deviation("create-escapes-html", area="users")
def create_escapes_html(handle: Handler) -> Handler:
    """Escape the names of a new user for HTML, so that O'Brien becomes O&#x27;Brien."""

    def escaped(user: Document) -> None:
        for name in ("name", "displayName"):
            if has(user, name):
                put(user, name, change_strings(value_of(user, name), escape))

    return edit_requests(handle, _CREATE, escaped)


@deviation("enterprise-dropped", area="users")
def enterprise_dropped(handle: Handler) -> Handler:
    """Take the enterprise extension and never show it again."""

    def lose(user: Document) -> None:
        drop(user, ENTERPRISE)
        listed = user.get("schemas")
        if isinstance(listed, list):
            user["schemas"] = [urn for urn in listed if urn != ENTERPRISE]

    return edit_resources(handle, _ANY, lose)


@deviation("enterprise-refused-unlisted", area="users")
def enterprise_refused_unlisted(handle: Handler) -> Handler:
    """Refuse enterprise attributes with 400 if `schemas` does not list their URN."""
    when = on("POST PUT", "Users", body=lambda user: has(user, ENTERPRISE) and not _listed(user))
    return refuse(handle, when, 400, "The extension is not listed in schemas.", "invalidValue")


@deviation("enterprise-refused-listed", area="users")
def enterprise_refused_listed(handle: Handler) -> Handler:
    """Refuse a user whose `schemas` lists the enterprise URN with 400."""
    when = on("POST PUT", "Users", body=_listed)
    return refuse(handle, when, 400, "There is an unknown schema.", "invalidValue")


@deviation("users-without-schemas", area="users")
def users_without_schemas(handle: Handler) -> Handler:
    """Leave the schemas out of users."""
    return edit_resources(handle, _ANY, lambda user: drop(user, "schemas"))


def _listed(user: Document) -> bool:
    listed = value_of(user, "schemas")
    return isinstance(listed, list) and ENTERPRISE in listed


def _without_bulk_id(request: Request) -> Request:
    """Return the request with the mark taken off the ids in it."""
    path = request.path.replace("bulkId%3A", "").replace("bulkId:", "")
    query = request.query.replace("bulkId%3A", "").replace("bulkId:", "")
    return replace(request, path=path, query=query, body=request.body.replace(b"bulkId:", b""))
