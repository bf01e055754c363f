"""Formats: texts that must be written in a certain way, and what is wrong when they are not."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"

# Seconds since 1970, and the digits of the fraction without zeros at the end: exact however fine.
Instant: TypeAlias = tuple[int, str]

# xsd:dateTime (RFC 7643 section 2.3.5), in which the year may be negative or have more digits.
_DATE_TIME = re.compile(
    r"(?P<year>-?(?:[1-9]\d{4,8}|\d{4}))-(?P<month>\d\d)-(?P<day>\d\d)"
    r"T(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?:Z|(?P<sign>[+-])(?P<zone_hour>\d\d):(?P<zone_minute>\d\d))?",
    re.ASCII,
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@lru_cache(maxsize=4096)
def instant(text: str) -> Instant | None:
    """Read a date and time; a missing zone is taken as UTC. None when it is no date."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    fraction = (match["fraction"] or "").rstrip("0")
    clock = _seconds(int(match["hour"]), int(match["minute"]), int(match["second"]), fraction)
    zone = _offset(match["sign"], match["zone_hour"], match["zone_minute"])
    if year == 0 or not 1 <= month <= 12 or not 1 <= day <= _length(year, month):
        return None
    if clock is None or zone is None:
        return None
    return _days(year, month, day) * 86_400 + clock - zone, fraction


def _seconds(hour: int, minute: int, second: int, fraction: str) -> int | None:
    """Count seconds since midnight; 24:00:00 is the midnight that follows."""
    if hour == 24 and not minute and not second and not fraction:
        return 86_400
    return hour * 3600 + minute * 60 + second if hour < 24 and minute < 60 > second else None


def _offset(sign: str | None, hour: str | None, minute: str | None) -> int | None:
    if sign is None or hour is None or minute is None:
        return 0
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > 14 * 60:
        return None
    return minutes * (60 if sign == "+" else -60)


def _length(year: int, month: int) -> int:
    astronomical = year + 1 if year < 0 else year
    leap = astronomical % 4 == 0 and (astronomical % 100 != 0 or astronomical % 400 == 0)
    return 29 if month == 2 and leap else _DAYS[month - 1]


def _days(year: int, month: int, day: int) -> int:
    """Count days since 1970-01-01 in the calendar of today; there is no year 0 in XML Schema."""
    if year < 0:
        year += 1
    if month <= 2:  # years that begin in March have the leap day at their end
        year, month = year - 1, month + 12
    leaps = year // 4 - year // 100 + year // 400
    return 365 * year + leaps + (153 * (month - 3) + 2) // 5 + day - 1 - 719_468


# RFC 4648: padding at the end only; RFC 7643 section 2.3.6 allows to leave it out, and allows the
# alphabet for URLs. The two alphabets do not mix.
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)(?P<padding>={0,2})")
_URL_SAFE = str.maketrans("-_", "+/")


def is_base64(text: str) -> bool:
    """Tell whether a text is base64 in one of its two alphabets."""
    match = _BASE64.fullmatch(text)
    if match is None:
        return False
    padded = bool(match["padding"])
    return len(text) % 4 == 0 if padded else len(text) % 4 != 1


def decoded(text: str) -> bytes:
    """Return the bytes of a text that is base64."""
    bare = text.rstrip("=").translate(_URL_SAFE)
    return base64.b64decode(bare + "=" * (-len(bare) % 4))


# The characters of RFC 3986. Brackets belong into hosts only, but many a query has them.
_URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")
# Looked for apart: as an alternative within a repetition it would take memory for each character.
_HALF_ESCAPED = re.compile(r"%(?![0-9A-Fa-f]{2})")


def is_uri(text: str) -> bool:
    """Tell whether a text has the characters of a URI, absolute or relative."""
    return _URI.fullmatch(text) is not None and _HALF_ESCAPED.search(text) is None


def tag_fault(text: str) -> str | None:
    """Say what is wrong with a language tag (RFC 7643 section 4.1.1)."""
    if any(each.isspace() for each in text):
        return "a language tag has no white space"
    return None


def certificate_fault(text: str) -> str | None:
    """Say what is wrong with a certificate (RFC 7643 section 4.1.2).

    That the bytes are a certificate is not looked at, only that they are not several.
    """
    content = decoded(text)
    count, at = 0, 0
    while at < len(content):
        end = _element_end(content, at)
        if end is None:
            return None  # no DER at all
        count, at = count + 1, end
    return "one value holds one certificate, not several" if count > 1 else None


def _element_end(content: bytes, at: int) -> int | None:
    """Find the end of the DER SEQUENCE that begins at an offset."""
    if content[at] != 0x30 or at + 2 > len(content):
        return None
    size, at = content[at + 1], at + 2
    if size >= 0x80:
        digits = size & 0x7F
        size = int.from_bytes(content[at : at + digits], "big")
        at += digits
    return at + size if at + size <= len(content) else None


# Schema, attribute and sub-attribute, with what its texts must be.
FORMATS: dict[tuple[str, str, str | None], Callable[[str], str | None]] = {
    (USER_URN, "locale", None): tag_fault,
    (USER_URN, "x509Certificates", "value"): certificate_fault,
}
