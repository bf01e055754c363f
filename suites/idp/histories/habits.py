"""What each IdP does with the accounts of those who leave: data, one entry an IdP.

`habits.json` says it; what an IdP's sheet does not establish is as inferred there as it is in its
engine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import cache
from importlib.resources import files
from typing import Any

from .line import EVERY
from .line import WRITES

INACTIVE = "inactive"
DELETED = "deleted"
WANTED = "wanted"
FOLLOWED = "followed"
MATCHED_AGAIN = "matched again"
UNLINK = "unlink"
NEVER = "never"
LINKED = "linked"
NO_GROUPS = "none"
FIRST_MEMBER = "made with the first member"
STAY = "stay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one IdP goes on.

    `blocked`, `unassigned` and `purged` are what becomes of the account of somebody who may not
    sign in, has the app no more, or is removed from its directory for good: "inactive" (and as it
    was last), "followed" (inactive, and changed on with the person), "deleted", or "wanted" where
    nobody is assigned at all. `on_return` says whether somebody who comes back is matched by name
    again, so that a new name means a new account. `lost_account` is what makes it forget an account
    that is gone: an admin who unlinks the person, a restart, which is a retry of its own, the next
    write, or "never". `taken_name` is what it does with an account that somebody else has made:
    "linked", or "refused", for ever. `mends` says that it soon compares everything by itself, so
    that only what is out of step after that is held against a server. `repeats` are the methods of
    requests that it can send once more when the reply was lost, `insists` of those that it sends
    again when they came to nothing. `crowd` are the switches with which it sends a large group in
    few requests. `neighbour` is the IdP of another organisation that provisions the same
    application.

    `groups` says whether it sends any, `empty_groups` whether one exists in the app that nobody has
    ever been in, and `former_groups` what becomes of one that ended, or has another name now: it is
    gone, or stays without anybody who is active. `switches` are an admin's choices, and forms that
    no source settles: here the one that the RFC defines, for other cases judge the rest. `mapping`
    takes the place of the usual one where that leaves open what a history needs.
    """

    dialects: tuple[str, ...]
    blocked: str = INACTIVE
    unassigned: str = INACTIVE
    purged: str
    on_return: str
    lost_account: str
    taken_name: str = LINKED
    mends: bool = False
    repeats: tuple[str, ...] = WRITES
    insists: tuple[str, ...] = EVERY
    groups: str = "pushed"
    empty_groups: str = "exist"
    former_groups: str = "gone"
    switches: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, Any] | None = None
    crowd: Mapping[str, str] = field(default_factory=dict)
    neighbour: str = ""


@cache
def every() -> dict[str, Habits]:
    """Return the habits of the IdPs that live, by name."""
    text = files("suites.idp.histories").joinpath("habits.json").read_text(encoding="utf-8")
    return {name: _habits(row) for name, row in json.loads(text).items()}


def _habits(row: dict[str, Any]) -> Habits:
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    return Habits(**{**row, **lists})
