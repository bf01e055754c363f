"""One thing that an engine does in the app about one person or group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from idp_profiles.model import Script


def _nothing() -> None:
    """Do nothing more."""


@dataclass(frozen=True, slots=True)
class Move:
    """To whom (kind and key), the action's word in the console, and how.

    `done` is called when the IdP got through, `failed` when it did not. Besides `person` and
    `group` a kind may name a reference, such as `members`.
    """

    kind: str
    key: str
    action: str
    script: Callable[[], Script]
    done: Callable[[], object] = _nothing
    failed: Callable[[], object] = _nothing
