"""What a mock Keycloak keeps over a long history: the realm as the extension saw it, the links."""

from __future__ import annotations

from typing import Any

from idp_profiles.keeping import accounts_of
from idp_profiles.keeping import rows_of
from idp_profiles.model import Json

from .org import Account
from .org import Org
from .org import Team


class Links:
    """The links of one mock Keycloak; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def save(self) -> dict[str, Json]:
        """Return every link as JSON types, without passwords."""
        org = self._org
        names = {id(account): key for key, account in org.accounts.items()}
        teams: dict[str, Json] = {
            key: {
                "name": team.name,
                "local_id": team.local_id,
                "remote_id": team.remote_id,
                # A deleted user may be in the list of a group that was deleted before.
                "members": [names[id(one)] for one in team.members if id(one) in names],
            }
            for key, team in org.teams.items()
        }
        return {"accounts": rows_of(org.accounts), "teams": teams}

    def load(self, kept: Any) -> None:  # noqa: ANN401 - JSON
        """Take up what `save` returned; raises KeyError or TypeError for anything else."""
        org = self._org
        org.accounts = accounts_of(Account, kept["accounts"])
        org.teams = {
            key: Team(**{**row, "members": [org.accounts[one] for one in row["members"]]})
            for key, row in kept["teams"].items()
        }
