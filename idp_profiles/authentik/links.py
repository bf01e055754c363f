"""What a mock authentik keeps over a long history: users, groups, links, what the server said."""

from __future__ import annotations

from typing import Any

from idp_profiles.keeping import accounts_of
from idp_profiles.keeping import rows_of
from idp_profiles.model import Json

from .org import Account
from .org import Org
from .org import Team


class Links:
    """The links of one mock authentik; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def save(self) -> dict[str, Json]:
        """Return every link as JSON types, without passwords; the server's features are asked."""
        org = self._org
        names = {id(account): key for key, account in org.accounts.items()}
        teams: dict[str, Json] = {
            key: {
                "name": team.name,
                "pk": team.pk,
                "in_scope": team.in_scope,
                "group_id": team.group_id,
                "known": dict(team.known),
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
