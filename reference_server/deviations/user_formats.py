"""Deviations of what is taken for a user: names that are taken or missing, values out of form."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import objects
from .documents import parse
from .documents import put
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import SUCCESS
from .shaping import edit_resources
from .shaping import on
from .shaping import place
from .shaping import read
from .shaping import refuse
from .shaping import with_document
from .writes import given

_USERS = on("GET POST PUT PATCH", "Users")
_NEW = on("POST", "Users", one=False)
_CHANGE = on("PUT PATCH", "Users", one=True)
_PUT = on("PUT", "Users", one=True)
_TAKEN = "uniqueness"


@deviation("create-takes-empty-user-name", area="users")
def create_takes_empty_user_name(handle: Handler) -> Handler:
    """Take a new user with an empty userName."""
    empty: set[str] = set()

    def wrapped(request: Request) -> Response:
        body = parse(request.body) if _NEW(request) else None
        if body is None or value_of(body, "userName") != "":
            return handle(request)
        put(body, "userName", f"unnamed-{len(empty)}")
        reply = handle(with_document(request, body))
        if reply.status in SUCCESS:
            empty.add(text_of(parse(reply.body) or {}, "id"))
        return reply

    def show(user: Document) -> None:
        if user.get("id") in empty:
            user["userName"] = ""

    return edit_resources(wrapped, _USERS, show)


@deviation("put-loses-user-name", area="users")
def put_loses_user_name(handle: Handler) -> Handler:
    """Lose the userName of a user for whom a PUT names none."""
    nameless: set[str] = set()

    def wrapped(request: Request) -> Response:
        body = parse(request.body) if _PUT(request) else None
        if body is None:
            return handle(request)
        known = place(request).id
        nameless.discard(known)
        if not value_of(body, "userName"):
            before = read(handle, request, "Users", known)
            put(body, "userName", before.get("userName"))
            nameless.add(known)
        return handle(with_document(request, body))

    def show(user: Document) -> None:
        if user.get("id") in nameless:
            drop(user, "userName")

    return edit_resources(wrapped, _USERS, show)


@deviation("duplicates-by-case-allowed", area="users")
def duplicates_by_case_allowed(handle: Handler) -> Handler:
    """Create a second user whose userName differs from another in its capitals only."""
    shown: dict[str, str] = {}
    known: set[str] = set()

    # The server behind refuses such names, so a twin has another name there that nobody sees.
    def wrapped(request: Request) -> Response:
        reply = handle(request)
        body = parse(request.body) if _NEW(request) else None
        name = text_of(body or {}, "userName")
        if body is None or reply.status != 409 or name in known:
            known.add(name)
            return reply
        put(body, "userName", f"{name}~twin-{len(shown)}")
        reply = handle(with_document(request, body))
        shown[text_of(parse(reply.body) or {}, "id")] = name
        return reply

    def show(user: Document) -> None:
        if user.get("id") in shown:
            user["userName"] = shown[str(user["id"])]

    return edit_resources(wrapped, _USERS, show)


@deviation("update-takes-taken-name", area="users")
def update_takes_taken_name(handle: Handler) -> Handler:
    """Let a PUT or PATCH give a user the userName of another."""
    shown: dict[str, str] = {}

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        names = given(parse(request.body) or {}, "userName") if _CHANGE(request) else []
        if reply.status == 409 and names and isinstance(names[-1], str):
            shown[place(request).id] = names[-1]
            return Response(204)
        return reply

    def show(user: Document) -> None:
        if user.get("id") in shown:
            user["userName"] = shown[str(user["id"])]

    return edit_resources(wrapped, _USERS, show)


@deviation("update-to-taken-name-ignored", area="users")
def update_to_taken_name_ignored(handle: Handler) -> Handler:
    """Answer a PUT or PATCH that gives a user the userName of another as if done."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        taken = reply.status == 409 and text_of(parse(reply.body) or {}, "scimType") == _TAKEN
        return Response(204) if taken and _CHANGE(request) else reply

    return wrapped


@deviation("names-in-own-part", area="users")
def names_in_own_part(handle: Handler) -> Handler:
    """Show the names of users in one part of the server's own invention."""

    def join(user: Document) -> None:
        for name in objects(user.get("name")):
            user["name"] = {"fullName": f"{name.get('givenName')} {name.get('familyName')}"}

    return edit_resources(handle, _USERS, join)


@deviation("names-swapped", area="users")
def names_swapped(handle: Handler) -> Handler:
    """Show each part of a user's name in the place of another."""

    def swap(user: Document) -> None:
        for name in objects(user.get("name")):
            parts = [part for part in name if part != "formatted"]
            values = [name[part] for part in parts]
            name.update(zip(parts, [*values[1:], *values[:1]], strict=True))

    return edit_resources(handle, _USERS, swap)


@deviation("display-names-from-names", area="users")
def display_names_from_names(handle: Handler) -> Handler:
    """Show the parts of the name of a user as the displayName, whatever it is."""

    def make(user: Document) -> None:
        for name in objects(user.get("name")):
            user["displayName"] = f"{name.get('givenName')} {name.get('familyName')}"

    return edit_resources(handle, _USERS, make)


@deviation("wrong-values-kept", area="users")
def wrong_values_kept(handle: Handler) -> Handler:
    """Take and show what is no URL, no language tag and no certificate in a PUT of a user."""
    wrong: dict[str, Document] = {}
    names = ("profileUrl", "locale", "x509Certificates")

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        body = parse(request.body) if _PUT(request) and reply.status == 400 else None
        odd: Document = {name: body[name] for name in names if body and name in body}
        if body is None or not odd:
            return reply
        drop(body, *odd)
        wrong[place(request).id] = odd
        return handle(with_document(request, body))

    return edit_resources(
        wrapped, _USERS, lambda user: user.update(wrong.get(str(user.get("id")), {}))
    )


@deviation("user-types-on-list-only", area="users")
def user_types_on_list_only(handle: Handler) -> Handler:
    """Refuse a new user whose userType is none of the typical ones, with 400."""
    known = ("", "Contractor", "Employee", "Intern", "Temp", "External", "Unknown")
    when = on("POST", "Users", one=False, body=lambda user: text_of(user, "userType") not in known)
    return refuse(handle, when, 400, "This userType is not on the list.", "invalidValue")


@deviation("locale-underscore-500", area="users")
def locale_underscore_500(handle: Handler) -> Handler:
    """Answer 500 to a new user whose locale has an underscore."""
    when = on("POST", "Users", one=False, body=lambda user: "_" in text_of(user, "locale"))
    return refuse(handle, when, 500, "The locale is unknown.")


@deviation("time-zones-refused", area="users")
def time_zones_refused(handle: Handler) -> Handler:
    """Refuse a new user whose timezone is an IANA name with 400."""
    when = on("POST", "Users", one=False, body=lambda user: "/" in text_of(user, "timezone"))
    return refuse(handle, when, 400, "A timezone is a number of hours.", "invalidValue")
