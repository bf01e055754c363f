"""Whom a run leaves alone: users who were there before, and all users where none may be created."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote
from urllib.parse import urlsplit

from idp_profiles.model import Json
from suites.target.model import Target
from suites.values import items
from suites.values import value_at
from suites.verdicts import NotOffered

if TYPE_CHECKING:
    from suites.target.existing import Existing

CREATE_USERS = "createUsers"  # the capability
NO_CREATES = "the target creates no users, as its file says"
_WRITES = frozenset({"PUT", "PATCH", "DELETE"})


class Spared:
    """Keeps requests from leaving that would change somebody who was there before the run."""

    def __init__(self, target: Target) -> None:
        self._creates = target.capabilities.get(CREATE_USERS, True)
        self._ids: set[str] = set()
        self._base = target.base_path

    def add(self, users: Iterable[Existing]) -> None:
        """Take these users under protection."""
        self._ids |= {each.id for each in users}

    def check(self, method: str, target: str, body: bytes | None) -> None:
        """Raise NotOffered for a request that creates a user where none may be, or changes one."""
        if self._creates and not self._ids:
            return
        for verb, path in self._writes(method, target, body):
            kind, _, user_id = path.partition("?")[0].strip("/").partition("/")
            if kind.lower() != "users":
                continue
            if verb == "POST" and not user_id and not self._creates:
                raise NotOffered(NO_CREATES)
            if verb in _WRITES and unquote(user_id) in self._ids:
                raise NotOffered(f"{verb} would change a user whom existing_users names")

    def _writes(self, method: str, target: str, body: bytes | None) -> Iterator[tuple[str, str]]:
        """Yield the writes of a request: itself, or the operations of a bulk request."""
        path = urlsplit(target).path if target.startswith("http") else target
        path = path.removeprefix(self._base) if target.startswith("http") else path
        if path.partition("?")[0].strip("/").lower() != "bulk" or body is None:
            yield method, path
            return
        for each in items(value_at(_parsed(body), "Operations")):
            yield str(value_at(each, "method")).upper(), str(value_at(each, "path"))


def _parsed(body: bytes) -> Json:
    try:
        parsed: Json = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed
