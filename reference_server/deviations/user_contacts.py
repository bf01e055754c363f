"""Deviations of multi-valued attributes: addresses, numbers, photos and certificates of users."""

from __future__ import annotations

import re
from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json

from .documents import Document
from .documents import drop
from .documents import edit_each
from .documents import objects
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import edit_resources
from .shaping import on
from .shaping import refuse

_USERS = on("GET POST PUT PATCH", "Users")
_NAMES = {"US": "United States", "SE": "Sweden"}
_PHONES = ("", "work", "home", "mobile", "fax", "pager", "other")
_CHATS = ("", "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo", "other")


@deviation("emails-without-apostrophes", area="users")
def emails_without_apostrophes(handle: Handler) -> Handler:
    """Leave the apostrophes out of the emails of users."""
    return _values_as(handle, "emails", lambda text: text.replace("'", ""))


@deviation("emails-made-small-and-bare", area="users")
def emails_made_small_and_bare(handle: Handler) -> Handler:
    """Show the emails of users in small letters and without the dots before the @."""

    def bare(text: str) -> str:
        local, _, domain = text.lower().partition("@")
        return f"{local.replace('.', '')}@{domain}"

    return _values_as(handle, "emails", bare)


@deviation("displays-repeat-types", area="users")
def displays_repeat_types(handle: Handler) -> Handler:
    """Show the type of e-mails and phone numbers as their `display`."""

    def repeat(each: Document) -> None:
        each["display"] = f"{each.get('type')} address"

    return _each(handle, ("emails", "phoneNumbers"), repeat)


@deviation("phone-uris-refused", area="users")
def phone_uris_refused(handle: Handler) -> Handler:
    """Refuse a new user with a phone number that begins with tel: with 400."""
    return _refused(handle, "phoneNumbers", lambda each: text_of(each, "value").startswith("tel:"))


@deviation("phone-numbers-masked", area="users")
def phone_numbers_masked(handle: Handler) -> Handler:
    """Show only the last four digits of phone numbers."""
    return _values_as(handle, "phoneNumbers", lambda text: f"***-{text[-4:]}")


@deviation("types-lost", area="users")
def types_lost(handle: Handler) -> Handler:
    """Leave the type out of the numbers, chats, photos and mailing addresses of users."""
    names = ("phoneNumbers", "ims", "photos", "addresses")
    return _each(handle, names, lambda each: drop(each, "type"))


@deviation("types-off-list-500", area="users")
def types_off_list_500(handle: Handler) -> Handler:
    """Answer 500 to a new user with a number or chat of a type that Schemas does not list."""

    def strange(user: Document) -> bool:
        return any(text_of(each, "type") not in _PHONES for each in _all(user, "phoneNumbers")) or (
            any(text_of(each, "type") not in _CHATS for each in _all(user, "ims"))
        )

    return refuse(handle, on("POST", "Users", one=False, body=strange), 500, "Unknown kind.")


@deviation("chats-cut-at-blanks", area="users")
def chats_cut_at_blanks(handle: Handler) -> Handler:
    """Cut the instant messaging addresses of users at the first blank."""
    return _values_as(handle, "ims", lambda text: text.partition(" ")[0])


@deviation("chat-type-other-refused", area="users")
def chat_type_other_refused(handle: Handler) -> Handler:
    """Refuse a new user with an instant messaging address of the type other with 400."""
    return _refused(handle, "ims", lambda each: text_of(each, "type") == "other")


@deviation("photos-without-scheme", area="users")
def photos_without_scheme(handle: Handler) -> Handler:
    """Show the photos of users as paths."""
    return _values_as(handle, "photos", lambda text: re.sub(r"^\w+://[^/]*", "", text))


@deviation("second-photo-refused", area="users")
def second_photo_refused(handle: Handler) -> Handler:
    """Refuse a new user with more than one photo with 400."""
    when = on("POST", "Users", one=False, body=lambda user: len(_all(user, "photos")) > 1)
    return refuse(handle, when, 400, "A user has one photo.", "invalidValue")


@deviation("short-addresses-refused", area="users")
def short_addresses_refused(handle: Handler) -> Handler:
    """Refuse a new user with a mailing address without a country with 400."""
    return _refused(handle, "addresses", lambda each: not text_of(each, "country"))


@deviation("line-breaks-lost", area="users")
def line_breaks_lost(handle: Handler) -> Handler:
    """Show the line breaks in mailing addresses as blanks."""

    def join(each: Document) -> None:
        each.update({key: " ".join(v.split("\n")) for key, v in each.items() if isinstance(v, str)})

    return _each(handle, ("addresses",), join)


@deviation("countries-by-name", area="users")
def countries_by_name(handle: Handler) -> Handler:
    """Show the country of mailing addresses by its name."""

    def spell(each: Document) -> None:
        if "country" in each:
            each["country"] = _NAMES.get(str(each["country"]), "Somewhere")

    return _each(handle, ("addresses",), spell)


@deviation("entitlements-refused", area="users")
def entitlements_refused(handle: Handler) -> Handler:
    """Refuse a new user with entitlements with 400."""
    return _refused(handle, "entitlements", lambda each: bool(each))


@deviation("certificates-in-pem", area="users")
def certificates_in_pem(handle: Handler) -> Handler:
    """Show certificates between the lines that begin and end a PEM file."""
    begin, end = "-----BEGIN CERTIFICATE-----\n", "\n-----END CERTIFICATE-----\n"
    return _values_as(handle, "x509Certificates", lambda text: f"{begin}{text}{end}")


def _all(user: Document, name: str) -> list[Document]:
    return objects(value_of(user, name))


def _refused(handle: Handler, name: str, test: Callable[[Document], bool]) -> Handler:
    when = on("POST", "Users", one=False, body=lambda user: any(map(test, _all(user, name))))
    return refuse(handle, when, 400, f"The value of {name} is not supported.", "invalidValue")


def _each(handle: Handler, names: tuple[str, ...], edit: Callable[[Document], object]) -> Handler:
    def change(user: Document) -> None:
        for name in names:
            edit_each(objects(user.get(name)), edit)

    return edit_resources(handle, _USERS, change)


def _values_as(handle: Handler, name: str, change: Callable[[str], str]) -> Handler:
    def rewrite(each: Document) -> None:
        value: Json = each.get("value")
        if isinstance(value, str):
            each["value"] = change(value)

    return _each(handle, (name,), rewrite)
