"""What a mock OneLogin keeps about the app over a long history: accounts and the app's groups."""

from __future__ import annotations

from typing import Any

from idp_profiles.keeping import accounts_of
from idp_profiles.keeping import rows_of
from idp_profiles.model import Json

from .org import Account
from .org import Org


class Links:
    """The links of one mock OneLogin; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def save(self) -> dict[str, Json]:
        """Return every link as JSON types, without passwords."""
        return {"accounts": rows_of(self._org.accounts), "groups": {**self._org.group_ids}}

    def load(self, kept: Any) -> None:  # noqa: ANN401 - JSON
        """Take up what `save` returned; raises KeyError or TypeError for anything else."""
        self._org.accounts = accounts_of(Account, kept["accounts"])
        self._org.group_ids = dict(kept["groups"])
