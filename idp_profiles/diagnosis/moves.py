"""Says what a request is for (a move), and which scenario and step of a profile that is.

Moves are named alike for every IdP; which scenario plays a move is data, profile by profile.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from .model import Hit
from .model import Replay

# The first line whose method, endpoint and words fit tells the move.
_MOVES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("GET", "Users", ("filter",), "look-up-user"),
    ("GET", "Users", ("by-id",), "read-user"),
    ("GET", "Users", (), "list-users"),
    ("POST", "Users", (), "create-user"),
    ("PUT", "Users", ("deactivates",), "deactivate-user"),
    ("PUT", "Users", (), "replace-user"),
    ("PATCH", "Users", ("deactivates",), "deactivate-user"),
    ("PATCH", "Users", ("activates",), "activate-user"),
    ("PATCH", "Users", ("sets-password",), "set-password"),
    ("PATCH", "Users", (), "change-user"),
    ("DELETE", "Users", (), "delete-user"),
    ("GET", "Groups", ("filter",), "look-up-group"),
    ("GET", "Groups", ("by-id",), "read-group"),
    ("GET", "Groups", (), "list-groups"),
    ("POST", "Groups", (), "create-group"),
    ("PUT", "Groups", (), "replace-group"),
    ("PATCH", "Groups", ("members-remove",), "remove-members"),
    ("PATCH", "Groups", ("members-add",), "add-members"),
    ("PATCH", "Groups", ("members-replace",), "replace-members"),
    ("PATCH", "Groups", ("renames",), "rename-group"),
    ("PATCH", "Groups", (), "change-group"),
    ("DELETE", "Groups", (), "delete-group"),
    ("GET", "Schemas", (), "read-discovery"),
    ("GET", "ResourceTypes", (), "read-discovery"),
    ("GET", "ServiceProviderConfig", (), "read-discovery"),
)
_PROBES = {"Users": "probe-users", "Groups": "probe-groups"}

# What each move is called in a sentence.
WORDS = {
    "probe-users": "the connection test",
    "probe-groups": "the connection test",
    "look-up-user": "looking up {who}",
    "look-up-group": "looking up {who}",
    "create-user": "creating {who}",
    "create-group": "creating {who}",
    "read-user": "reading {who}",
    "read-group": "reading {who}",
    "replace-user": "updating {who}",
    "change-user": "updating {who}",
    "set-password": "setting the password of {who}",
    "deactivate-user": "deactivating {who}",
    "activate-user": "activating {who}",
    "delete-user": "deleting {who}",
    "replace-group": "updating {who}",
    "change-group": "updating {who}",
    "rename-group": "renaming {who}",
    "add-members": "adding members to {who}",
    "remove-members": "removing members of {who}",
    "replace-members": "replacing the members of {who}",
    "delete-group": "deleting {who}",
    "list-users": "reading the list of users",
    "list-groups": "reading the list of groups",
    "read-discovery": "reading what the server can do",
}


def in_words(move: str, who: str) -> str:
    """Return what a move is, in words."""
    return WORDS.get(move, "a request").format(who=who)


@cache
def _data() -> Mapping[str, Any]:  # Any: JSON of our own, whose shape a selftest compares
    text = files(__package__ or "").joinpath("moves.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def move_of(hit: Hit, tags: frozenset[str], idp: str) -> str:
    """Return what a request is for."""
    probe = _data().get(idp, {}).get("probe")
    listing = hit.method == "GET" and hit.place.endpoint in _PROBES and not hit.place.identifier
    if listing and probe and re.search(probe, hit.place.raw_query):
        return _PROBES[hit.place.endpoint]
    for method, endpoint, words, move in _MOVES:
        if method == hit.method and endpoint == hit.place.endpoint and tags.issuperset(words):
            return move
    return "other"


def replay_of(move: str, tags: frozenset[str], idp: str) -> Replay:
    """Return where a move belongs in the profile of an IdP; empty where no scenario has it."""
    for form in _data().get(idp, {}).get("moves", {}).get(move, ()):
        if tags.issuperset(form.get("when", ())):
            return Replay(
                scenario=form["scenario"],
                step=form["step"],
                variant=form.get("variant", ""),
                dialect=form.get("dialect", ""),
            )
    return Replay()
