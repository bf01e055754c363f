"""Attributes that a client may leave without a value, for cases that assign null."""

from __future__ import annotations

from suites.schemas.definitions import Definitions

# None that a server makes up where it is missing, such as a displayName or a language.
SINGLE = ("nickName", "title", "profileUrl")
SEVERAL = ("phoneNumbers", "ims", "photos", "addresses")


def optional(definitions: Definitions, *paths: str) -> list[str]:
    """Return those of some attributes that a user may be without, as far as is known."""
    if not definitions.known:
        return [*paths]
    said = ((path, definitions.attribute(path)) for path in paths)
    return [
        path
        for path, each in said
        if each is not None and not each.required and each.mutability == "readWrite"
    ]
