"""Redacted request targets, URLs, filters and paths; how they were encoded stays visible."""

from __future__ import annotations

import re
from urllib.parse import quote
from urllib.parse import unquote_plus
from urllib.parse import urlsplit

from .harmless import COLLECTIONS
from .harmless import IDS
from .harmless import NAMES
from .harmless import TYPES
from .harmless import WORDS
from .placeholders import EMAIL
from .placeholders import Placeholders

_VERSION = re.compile(r"v?\d{1,2}(\.\d{1,2})?")
_ATTRIBUTE = re.compile(r"[A-Za-z$][\w$:.\-]*", re.ASCII)
_ATTRIBUTES = re.compile(r"[A-Za-z$][\w$:.\-,\s]*", re.ASCII)
_COMPARISON = re.compile(
    r"([A-Za-z$][\w$:.\-]{0,200})(\s{1,9})(eq|ne|co|sw|ew|gt|ge|lt|le)(\s{1,9})"
    r'("(?:\\.|[^"\\])*"|[^\s\])"]+)',
    re.IGNORECASE | re.ASCII,
)
# A value path that is still open: what is compared belongs to its attribute.
_OPENED = re.compile(r"([A-Za-z$][\w$:.\-]{0,200})\[[^\]]*(?:\]\.)?$", re.ASCII)
_JOINTS = re.compile(
    r"(?:\s|\(|\)|\[|\]|\x00|\band\b|\bor\b|\bnot\b"
    r"|[A-Za-z$][\w$:.\-]{0,200}(?=\[)|[A-Za-z$][\w$:.\-]{0,200}(?=\s{1,9}pr\b)|\bpr\b|(?<=\])\.(?:[A-Za-z$]{1,80})?)*",
    re.IGNORECASE | re.ASCII,
)
# A flag may end in a date; digits in between are the mark of a token.
_PARAMETER = re.compile(r"([A-Za-z$][A-Za-z_.$\-]{0,30}\d{0,8})?", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")
_URN = re.compile(r"urn:[\w:.\-]+", re.ASCII | re.IGNORECASE)
_COUNTS = frozenset({"startindex", "count"})


def leaf(path: str) -> str:
    """Return the last name in a path, in lower case: `name.givenName` is `givenname`."""
    bare = re.sub(r"\[.*?\]", "", path)
    return re.split(r"[.:]", bare)[-1].lower()


def head(path: str) -> str:
    """Return the attribute that a path begins with, in lower case."""
    bare = path.split("[", 1)[0]
    bare = bare.rpartition(":")[2] if bare.lower().startswith("urn:") else bare
    return bare.split(".")[0].lower()


def kind_of(name: str, parent: str = "") -> str:
    """Return what kind of placeholder a value of this attribute gets."""
    if "phone" in parent or "phone" in name or parent in {"ims", "faxnumbers"}:
        return "phone"
    if name == "username":
        return "user"
    if name in NAMES or parent == "name":
        return "name"
    if name in IDS and parent not in {"emails", "photos", "addresses", "x509certificates"}:
        return "id"
    return "text"


def scim_path(places: Placeholders, text: str) -> str:
    """Return a PATCH path whose filters name nobody; what is no path becomes a placeholder."""
    return text if not text or _ATTRIBUTE.fullmatch(text) else scim_filter(places, text)


def scim_filter(places: Placeholders, text: str) -> str:
    """Return a filter with its literals replaced; what is no filter becomes a placeholder."""
    if not _JOINTS.fullmatch(_COMPARISON.sub("\x00", text)):
        return places.of(text, "text")

    def replaced(found: re.Match[str]) -> str:
        attribute, before, operator, after, literal = found.groups()
        # No attribute and its filter are longer; a look at all that came before would cost dear.
        around = _OPENED.search(text[max(0, found.start() - 400) : found.start()])
        parent = head(around.group(1) if around else attribute)
        shown = _literal(places, literal, leaf(attribute), parent)
        return f"{attribute}{before}{operator}{after}{shown}"

    return _COMPARISON.sub(replaced, text)


def _literal(places: Placeholders, literal: str, name: str, parent: str) -> str:
    quoted = literal.startswith('"')
    value = re.sub(r"\\(.)", r"\1", literal[1:-1]) if quoted else literal
    if not value or harmless(value, name) or value.lower() in {"true", "false", "null"}:
        return literal
    shown = places.of(value, kind_of(name, parent))
    return f'"{shown}"' if quoted else shown


def harmless(value: str, name: str) -> bool:
    """Tell whether a value of this attribute names nobody."""
    if name == "type":
        return value.lower() in TYPES
    if name in {"created", "lastmodified"}:
        return bool(DATE.fullmatch(value))
    if name == "schemas":
        return bool(_URN.fullmatch(value))
    return name == "resourcetype" and value.isascii() and value.isalpha() and len(value) < 30


def target(places: Placeholders, text: str, *, elsewhere: bool = False) -> str:
    """Return a request target that names nobody."""
    path, mark, query = text.partition("?")
    shown = _path(places, path, elsewhere=elsewhere)
    return f"{shown}{mark}{'&'.join(_parameter(places, one) for one in query.split('&'))}"


def url(places: Placeholders, text: str) -> str:
    """Return a URL or relative reference that names neither host, tenant nor person."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return places.of(text, "text")
    if parts.scheme and not parts.netloc:
        return places.of(text, "text")
    origin = f"{parts.scheme}://{places.of(parts.netloc, 'host')}" if parts.netloc else ""
    path = _path(places, parts.path, elsewhere=False)
    return origin + (target(places, f"{path}?{parts.query}") if parts.query else path)


def _path(places: Placeholders, path: str, *, elsewhere: bool) -> str:
    segments = path.split("/")
    known = [i for i, one in enumerate(segments) if one.lower() in COLLECTIONS]
    start = known[0] if known and not elsewhere else _own_collection(segments, elsewhere=elsewhere)
    shown = [_before(places, one) for one in segments[:start]]
    for at, one in enumerate(segments[start:]):
        shown.append(one if at == 0 or one.lower() in COLLECTIONS else _id(places, one))
    return "/".join(shown)


def _own_collection(segments: list[str], *, elsewhere: bool) -> int:
    """Return where a collection stands that the server named itself: `/Permits`."""
    first = segments[1] if len(segments) > 1 else ""
    own = first.isascii() and first.isalpha() and first[:1].isupper()
    return 1 if own and not elsewhere else len(segments)


def _before(places: Placeholders, segment: str) -> str:
    kept = not segment or segment.lower() in WORDS or _VERSION.fullmatch(segment)
    return segment if kept else places.of(unquote_plus(segment), "text")


def _id(places: Placeholders, segment: str) -> str:
    return places.of(_unquoted(segment, plus=False), "id") if segment else segment


def _parameter(places: Placeholders, text: str) -> str:
    name, equals, raw = text.partition("=")
    if not _PARAMETER.fullmatch(name):
        return "redacted"
    value = _unquoted(raw, plus=True)
    return f"{name}{equals}{_shown_value(places, name.lower(), raw, value)}"


def _shown_value(places: Placeholders, name: str, raw: str, value: str) -> str:
    if not raw or value.lower() in {"true", "false"}:
        return raw
    if name in _COUNTS:
        return raw if re.fullmatch(r"-?\d{1,9}", raw, re.ASCII) else "redacted"
    if name in {"attributes", "excludedattributes", "sortby", "sortorder"}:
        return raw if _ATTRIBUTES.fullmatch(value) else "redacted"
    if name == "filter":
        return _encoded_like(raw, scim_filter(places, value))
    return places.of(value, "id") if name == "cursor" else "redacted"


def _unquoted(raw: str, *, plus: bool) -> str:
    from_plus = raw.replace("+", "%20") if plus else raw
    return unquote_plus(from_plus.replace("+", "%2B"), encoding="utf-8", errors="replace")


def _encoded_like(raw: str, text: str) -> str:
    """Return a text encoded in the way that another one was: blanks, reserved signs, hex digits."""
    escapes = re.findall(r"%[0-9A-Fa-f]{2}", raw)
    lower = any(escape != escape.upper() for escape in escapes)
    escaped = {_unquoted(escape, plus=False) for escape in escapes}
    plain = set(re.sub(r"%[0-9A-Fa-f]{2}", "", raw))
    shown = []
    for letter in text:
        if letter == " " and "+" in plain:
            shown.append("+")
        elif letter not in escaped and (letter in plain or letter.isalnum()):
            shown.append(letter)
        else:
            code = "".join(f"%{byte:02X}" for byte in letter.encode())
            kept = letter not in escaped and quote(letter, safe="") == letter
            shown.append(letter if kept else code.lower() if lower else code)
    return "".join(shown)


def without_addresses(places: Placeholders, text: str) -> str:
    """Return a text in which no e-mail address is left."""
    return EMAIL.sub(lambda found: places.of(found.group(), "person"), text)
