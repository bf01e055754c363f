"""What a mock Google Workspace keeps over a long history: whose account is which, its timers."""

from __future__ import annotations

from typing import Any

from idp_profiles.keeping import accounts_of
from idp_profiles.keeping import rows_of
from idp_profiles.model import Json

from .org import Account
from .org import Org


class Links:
    """The accounts of one mock Google Workspace; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def save(self) -> dict[str, Json]:
        """Return every account as JSON types, without passwords."""
        return {"accounts": rows_of(self._org.accounts), "now": self._org.now}

    def load(self, kept: Any) -> None:  # noqa: ANN401 - JSON
        """Take up what `save` returned; raises KeyError or TypeError for anything else."""
        self._org.accounts = accounts_of(Account, kept["accounts"])
        self._org.now = float(kept["now"])
