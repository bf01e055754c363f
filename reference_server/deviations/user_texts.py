"""Deviations of texts: letters, signs and blanks of users that are lost on the way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json

from .documents import Document
from .documents import ascii_only
from .documents import change_strings
from .registry import deviation
from .shaping import edit_resources
from .shaping import on

_USERS = on("GET POST PUT PATCH", "Users")
_TEXTS = ("displayName", "nickName", "title", "userType", "name")


@deviation("texts-with-plus-as-blank", area="users")
def texts_with_plus_as_blank(handle: Handler) -> Handler:
    """Show a plus sign in the texts of users as a blank."""
    return _texts_as(handle, lambda text: text.replace("+", " "))


@deviation("texts-without-backslashes", area="users")
def texts_without_backslashes(handle: Handler) -> Handler:
    """Leave the backslashes out of the texts of users."""
    return _texts_as(handle, lambda text: text.replace("\\", ""))


@deviation("texts-in-ascii", area="users")
def texts_in_ascii(handle: Handler) -> Handler:
    """Show a question mark for each letter outside ASCII in the texts of users."""
    return _texts_as(handle, ascii_only)


@deviation("texts-without-emoji", area="users")
def texts_without_emoji(handle: Handler) -> Handler:
    """Leave out of the texts of users what is beyond the first plane of Unicode."""
    return _texts_as(handle, lambda text: "".join(each for each in text if ord(each) < 0x10000))


@deviation("texts-without-marks", area="users")
def texts_without_marks(handle: Handler) -> Handler:
    """Leave the marks of direction and the joiners out of the texts of users."""

    def bare(text: str) -> str:
        return "".join(each for each in text if unicodedata.category(each) != "Cf")

    return _texts_as(handle, bare)


@deviation("texts-with-single-blanks", area="users")
def texts_with_single_blanks(handle: Handler) -> Handler:
    """Show several blanks in a row in the texts of users as one."""
    return _texts_as(handle, lambda text: re.sub(" +", " ", text))


@deviation("texts-cut-at-255", area="users")
def texts_cut_at_255(handle: Handler) -> Handler:
    """Cut the texts of users after 255 characters."""
    return _texts_as(handle, lambda text: text[:255])


@deviation("titles-cut-at-ten", area="users")
def titles_cut_at_ten(handle: Handler) -> Handler:
    """Cut the titles of users after ten characters."""
    return _texts_as(handle, lambda text: text[:10], "title")


@deviation("locales-with-underscore", area="users")
def locales_with_underscore(handle: Handler) -> Handler:
    """Show the locale and preferredLanguage of users with an underscore, such as en_US."""
    change = ("locale", "preferredLanguage")
    return _texts_as(handle, lambda text: text.replace("-", "_"), *change)


@deviation("languages-first-only", area="users")
def languages_first_only(handle: Handler) -> Handler:
    """Show only the first of several languages that a user prefers."""
    return _texts_as(handle, lambda text: re.split("[,;]", text)[0], "preferredLanguage")


@deviation("time-zones-as-offsets", area="users")
def time_zones_as_offsets(handle: Handler) -> Handler:
    """Show the timezone of users as a number of hours."""
    return _texts_as(handle, lambda _text: "-08:00", "timezone")


@deviation("profile-urls-without-scheme", area="users")
def profile_urls_without_scheme(handle: Handler) -> Handler:
    """Show the profileUrl of users without its scheme."""
    return _texts_as(handle, lambda text: text.partition("://")[2] or text, "profileUrl")


def _texts_as(handle: Handler, change: Callable[[str], str], *names: str) -> Handler:
    def rewrite(user: Document) -> None:
        for name in names or _TEXTS:
            if name in user:
                value: Json = change_strings(user[name], change)
                user[name] = value

    return edit_resources(handle, _USERS, rewrite)
