"""What each IdP does with the accounts of those who leave: data, one entry an IdP.

Whoever is not assigned, or blocked, has an inactive account or none with every IdP. `habits.json`
says the rest; what its sheet does not establish is as inferred there as it is in its engine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import cache
from importlib.resources import files
from typing import Any

DELETED = "deleted"
MATCHED_AGAIN = "matched again"
UNLINK = "unlink"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one IdP goes on.

    `purged` is what becomes of the account of somebody who is removed from its directory for good.
    `on_return` says whether somebody who comes back is matched by name again, so that a new name
    means a new account. `lost_account` is what makes it forget an account that is gone: an admin
    who unlinks the person, or a restart, which is a retry of its own. `repeats` are the methods of
    requests that it can send once more when the reply was lost. `crowd` are the switches with which
    it sends a large group in few requests.
    """

    dialects: tuple[str, ...]
    purged: str
    on_return: str
    lost_account: str
    repeats: tuple[str, ...] = ("POST", "PUT", "PATCH", "DELETE")
    crowd: Mapping[str, str] = field(default_factory=dict)


@cache
def every() -> dict[str, Habits]:
    """Return the habits of the IdPs that live, by name."""
    text = files("suites.idp.histories").joinpath("habits.json").read_text(encoding="utf-8")
    return {name: _habits(row) for name, row in json.loads(text).items()}


def _habits(row: dict[str, Any]) -> Habits:
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    return Habits(**{**row, **lists})
