"""Attribute paths: the text of RFC 7644 section 3.10 as a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# `$` as the first letter is for `$ref`, which no ABNF of the two RFCs allows and all schemas use.
NAME = re.compile(r"[A-Za-z$][A-Za-z0-9_$-]*")
# A schema is named by a URI (RFC 7643 section 2.1 knows URNs, section 7 any URI): scheme and colon.
_URI_START = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class AttrPath:
    """`[URN:]name[.sub]`, as written; what it means is the schema's affair."""

    urn: str | None
    name: str
    sub: str | None = None

    def __str__(self) -> str:
        prefix = f"{self.urn}:" if self.urn else ""
        return f"{prefix}{self.name}" + (f".{self.sub}" if self.sub else "")


class BadPathError(ValueError):
    """A text that is no attribute path."""


@lru_cache(maxsize=256)
def parse_attr_path(text: str) -> AttrPath:
    """Read an attribute path; the URN ends at the last colon, so dots in it (`2.0`) are safe."""
    urn, colon, rest = text.rpartition(":")
    name, dot, sub = rest.partition(".")
    well_formed = NAME.fullmatch(name) and (not dot or NAME.fullmatch(sub))
    if not well_formed or (colon and not _URI_START.match(urn)):
        raise BadPathError(f"{text!r:.200} is not an attribute path of the form [URN:]name[.sub]")
    return AttrPath(urn if colon else None, name, sub if dot else None)
