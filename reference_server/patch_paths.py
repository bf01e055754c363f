"""PATCH paths: `attrPath / valuePath [subAttr]` (RFC 7644 section 3.5.2), resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import ScimError
from .errors import invalid_path
from .filters import MAX_LENGTH
from .filters import Filter
from .filters import parse_filter
from .paths import NAME
from .paths import AttrPath
from .paths import BadPathError
from .paths import parse_attr_path
from .schemas import ResourceType
from .schemas import Schema
from .schemas import Target
from .tolerances import Tolerance
from .tolerances import Tolerances

# As much of an attribute path as a text begins with; what comes after is the fault.
_BEGINNING = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*:(?:[^\s\"\[\]]*:)?)?"
    rf"(?:{NAME.pattern}(?:\.(?:{NAME.pattern})?)?)?"
)


@dataclass(frozen=True, slots=True)
class PatchTarget:
    """An attribute or sub-attribute, of all values or of those a filter selects.

    `text` is the path as the client wrote it, for details of errors.
    """

    target: Target
    selection: Filter | None = None
    text: str = ""

    def __str__(self) -> str:
        return self.text[:200] or str(self.target)


def parse_patch_path(text: str, kind: ResourceType, tolerances: Tolerances) -> PatchTarget | Schema:
    """Read a path; the bare URN of an extension means the extension as a whole."""
    if len(text) > MAX_LENGTH:
        raise invalid_path(f"The path is longer than {MAX_LENGTH} characters.")
    stripped = text.strip()
    extension = kind.extension(stripped)
    if extension is not None:
        return extension
    start = len(text) - len(text.lstrip())
    head, bracket, rest = stripped.partition("[")
    path = _attr_path(head, start)
    if not bracket:
        return PatchTarget(_resolve(path, kind, text, tolerances), None, stripped)
    start += len(head)
    inner, closing, tail = rest.rpartition("]")
    if path.sub is not None or not closing:
        raise _fault(start, "'[' must follow an attribute, and ']' must close it")
    sub = _sub(tail, start + len(inner) + 2)
    target = _resolve(AttrPath(path.urn, path.name, sub), kind, text, tolerances)
    return PatchTarget(target, parse_filter(inner, start + 1, tolerances), stripped)


def _sub(tail: str, start: int) -> str | None:
    """Read what follows the brackets: nothing, or a dot and a sub-attribute."""
    if not tail:
        return None
    name = NAME.match(tail, 1)
    if not tail.startswith(".") or name is None:
        raise _fault(start + tail.startswith("."), "after ']' only a sub-attribute can come")
    if name.end() < len(tail):
        raise _fault(start + name.end(), "expected the end of the path")
    return name.group()


def _attr_path(part: str, start: int) -> AttrPath:
    try:
        return parse_attr_path(part)
    except BadPathError as fault:
        good = _BEGINNING.match(part)
        raise _fault(start + (good.end() if good else 0), str(fault)) from fault


def _fault(before: int, message: str) -> ScimError:
    return invalid_path(f"The path is wrong at character {before + 1}: {message}.")


def _resolve(path: AttrPath, kind: ResourceType, text: str, tolerances: Tolerances) -> Target:
    target = kind.resolve(path, loosely=tolerances.allow(Tolerance.UNQUALIFIED_EXTENSIONS))
    if target is None:
        raise invalid_path(f"The path {text!r:.200} names no attribute of {kind.name}.")
    return target
