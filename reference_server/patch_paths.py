"""PATCH paths: `attrPath / valuePath [subAttr]` (RFC 7644 section 3.5.2), resolved."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import invalid_path
from .filters import MAX_LENGTH
from .filters import Filter
from .filters import parse_filter
from .paths import AttrPath
from .paths import BadPathError
from .paths import parse_attr_path
from .schemas import ResourceType
from .schemas import Schema
from .schemas import Target


@dataclass(frozen=True, slots=True)
class PatchTarget:
    """An attribute or sub-attribute, of all values or of those a filter selects."""

    target: Target
    selection: Filter | None = None

    def __str__(self) -> str:
        return str(self.target)


def parse_patch_path(text: str, kind: ResourceType) -> PatchTarget | Schema:
    """Read a path; the bare URN of an extension means the extension as a whole."""
    if len(text) > MAX_LENGTH:
        raise invalid_path(f"The path is longer than {MAX_LENGTH} characters.")
    stripped = text.strip()
    extension = kind.extension(stripped)
    if extension is not None:
        return extension
    head, bracket, rest = stripped.partition("[")
    path = _attr_path(head, text)
    if not bracket:
        return PatchTarget(_resolve(path, kind, text))
    inner, closing, tail = rest.rpartition("]")
    if not closing or path.sub is not None:
        raise invalid_path(f"The path {text!r:.200} must have the form name[filter].sub.")
    path = AttrPath(path.urn, path.name, _sub(tail, text))
    return PatchTarget(_resolve(path, kind, text), parse_filter(inner))


def _sub(tail: str, text: str) -> str | None:
    if not tail:
        return None
    if not tail.startswith("."):
        raise invalid_path(f"The path {text!r:.200} goes on after ']' without a dot.")
    return _attr_path(tail[1:], text).name


def _attr_path(part: str, text: str) -> AttrPath:
    try:
        return parse_attr_path(part)
    except BadPathError as fault:
        raise invalid_path(f"The path {text!r:.200} is wrong: {fault}.") from fault


def _resolve(path: AttrPath, kind: ResourceType, text: str) -> Target:
    target = kind.resolve(path)
    if target is None:
        raise invalid_path(f"The path {text!r:.200} names no attribute of {kind.name}.")
    return target
