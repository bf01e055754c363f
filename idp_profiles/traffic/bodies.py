"""Redacted JSON: a text stays only where it is known to name nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from idp_profiles.model import Json

from . import targets
from .harmless import FIGURES
from .placeholders import MASK
from .placeholders import Placeholders
from .recorded import Content
from .recorded import Heard

_SECRETS = re.compile(
    r"password|passwd|secret|token|api_?key|assertion|credential|private_?key", re.IGNORECASE
)
_NAME = re.compile(r"[A-Za-z$][\w$:.\-]{0,200}", re.ASCII)
_WORD = re.compile(r"[A-Za-z]{1,40}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}", re.ASCII)
_REFERENCES = frozenset({"$ref", "ref", "location", "profileurl", "uri"})
_GRANTS = frozenset({"grant_type", "client_assertion_type", "token_type"})
_DEEPEST = 100


class TooDeep(ValueError):
    """A body is nested deeper than anything that SCIM has."""


def redacted(places: Placeholders, heard: Heard, media: str, *, discovery: bool) -> Content:
    """Return a body with nothing secret and nobody's data in it."""
    if heard.kept is None:
        return Content("hidden", heard.size, why="too large to be recorded")
    if not heard.kept:
        return Content("none", heard.size)
    if "x-www-form-urlencoded" in media.lower():
        return _form(heard)
    try:
        parsed = json.loads(heard.kept.decode("utf-8-sig"), parse_constant=_refuse)
        body = _Redacting(places, discovery=discovery).value(parsed, "", "", 0)
    except (ValueError, RecursionError):
        why = "no JSON" if heard.complete else "broken off"
        return Content("hidden", heard.size, why=why)
    return Content("json", heard.size, body)


def is_secret(name: str) -> bool:
    """Tell whether a member, parameter or attribute holds something secret by its name."""
    return bool(_SECRETS.search(name.rpartition(":")[2]))


class _Redacting:
    """One body on its way into the file."""

    def __init__(self, places: Placeholders, *, discovery: bool) -> None:
        self._places = places
        self._discovery = discovery

    def value(self, value: Json, name: str, parent: str, depth: int) -> Json:
        if depth > _DEEPEST:
            raise TooDeep("it is nested too deeply")
        if isinstance(value, str):
            return self._text(value, name, parent)
        if isinstance(value, list):
            return [self.value(item, name, parent, depth + 1) for item in value]
        if isinstance(value, dict):
            return self._object(value, name, depth)
        if value is None or isinstance(value, bool):
            return value
        kept = self._discovery or name in FIGURES
        return value if kept else self._places.number(value)

    def _object(self, value: Mapping[str, Json], name: str, depth: int) -> Json:
        path = next((text for key, text in value.items() if key.lower() == "path"), None)
        operation = isinstance(path, str) and any(key.lower() == "op" for key in value)
        shown: dict[str, Json] = {}
        for key, item in value.items():
            if operation and key.lower() == "value":
                shown[key] = self._at(str(path), item, depth)
            elif operation and item is path:
                # Only here does a path name an attribute; anywhere else it is anybody's text.
                shown[key] = targets.scim_path(self._places, str(path))
            else:
                shown[self._key(key)] = self._at(key, item, depth, name)
        return shown

    def _at(self, path: str, item: Json, depth: int, above: str = "") -> Json:
        """Return the redacted value of an attribute, whose name may be a whole path."""
        name = targets.leaf(path)
        parent = targets.head(path) if targets.head(path) != name else above
        # Discovery documents are about secrets, and hold none.
        if is_secret(name) and isinstance(item, str | int | float) and not self._discovery:
            return item if isinstance(item, bool) or item == "" else MASK
        if is_secret(name) and not isinstance(item, bool | None) and not self._discovery:
            return MASK
        if isinstance(item, dict | list):
            return self.value(item, name, name, depth + 1)
        return self.value(item, name, parent, depth + 1)

    def _key(self, key: str) -> str:
        return key if _NAME.fullmatch(key) else targets.scim_path(self._places, key)

    def _text(self, value: str, name: str, parent: str) -> str:
        if not value or value.lower() in {"true", "false"} or targets.harmless(value, name):
            return value
        if name in _REFERENCES:
            return targets.url(self._places, value)
        if self._discovery:
            return targets.without_addresses(self._places, value)
        if _is_word(value, name):
            return value
        if name == "version":
            return version(self._places, value)
        return self._places.of(value, targets.kind_of(name, parent))


def _is_word(value: str, name: str) -> bool:
    if name in {"op", "scimtype"}:
        return bool(_WORD.fullmatch(value))
    if name == "status":
        return value.isascii() and value.isdigit() and len(value) == 3
    return name in {"locale", "preferredlanguage"} and bool(_LANGUAGE.fullmatch(value))


def version(places: Placeholders, value: str) -> str:
    """Return a version tag with a placeholder; whether it is weak and quoted stays visible."""
    found = re.fullmatch(r'(W/)?("?)([^"]*)("?)', value)
    if found is None or not found.group(3) or value == "*":
        return value if value == "*" else places.of(value, "version")
    weak, begin, inner, end = found.groups()
    return f"{weak or ''}{begin}{places.of(inner, 'version')}{end}"


def _form(heard: Heard) -> Content:
    try:
        pairs = parse_qsl((heard.kept or b"").decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return Content("hidden", heard.size, why="no form")
    shown: list[Json] = []
    for name, value in pairs:
        known = name if _NAME.fullmatch(name) and len(name) < 40 else "redacted"
        shown.append([known, value if name in _GRANTS and _grant(value) else MASK])
    return Content("form", heard.size, shown)


def _grant(value: str) -> bool:
    return value.replace("_", "").isalpha() or value.startswith("urn:ietf:params:oauth:")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
