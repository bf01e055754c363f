"""What the target file says goes out with every user, beneath what a case sets itself."""

from __future__ import annotations

from collections.abc import Mapping

from idp_profiles.model import Json
from idp_profiles.wire import merge
from suites.values import items


def beneath(body: Mapping[str, Json], wanted: Mapping[str, Json]) -> dict[str, Json]:
    """Return the body of a user on top of what goes out with every user.

    What the body says goes first; a list counts as a whole. The extensions that come from below
    are listed in `schemas`.
    """
    if not wanted:
        return dict(body)
    whole = merge(wanted, body)
    known = items(body.get("schemas"))
    urns = [name for name in wanted if name.lower().startswith("urn:")]
    added = dict.fromkeys(str(urn) for urn in (*items(wanted.get("schemas")), *urns))
    if "schemas" in whole:
        whole["schemas"] = [*known, *(urn for urn in added if urn not in known)]
    return whole


def by_path(user: Mapping[str, Json], prefix: str = "") -> dict[str, Json]:
    """Return a part of a user as SCIM paths with values; a list is one value."""
    found: dict[str, Json] = {}
    for name, value in user.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict):
            found |= by_path(value, f"{path}{':' if name.lower().startswith('urn:') else '.'}")
        elif prefix or name.lower() != "schemas":
            found[path] = value
    return found
