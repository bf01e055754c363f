"""What a mock JumpCloud keeps about the app over a long history: bindings, accounts, groups."""

from __future__ import annotations

from typing import Any

from idp_profiles.keeping import accounts_of
from idp_profiles.keeping import person_row
from idp_profiles.keeping import rows_of
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person

from .org import Account
from .org import BoundGroup
from .org import Org


class Links:
    """The links of one mock JumpCloud; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def save(self) -> dict[str, Json]:
        """Return every binding and link as JSON types, without passwords."""
        groups: dict[str, Json] = {
            key: {
                "name": one.group.name,
                "key": one.group.idp_id,
                "group_id": one.group_id,
                "members": [person_row(each) for each in one.group.members],
            }
            for key, one in self._org.groups.items()
        }
        return {"accounts": rows_of(self._org.accounts), "groups": groups, "on": self._org.is_on}

    def load(self, kept: Any) -> None:  # noqa: ANN401 - JSON
        """Take up what `save` returned; raises KeyError or TypeError for anything else."""
        org = self._org
        org.accounts = accounts_of(Account, kept["accounts"])
        org.groups = {
            key: BoundGroup(_group(row), row["group_id"]) for key, row in kept["groups"].items()
        }
        org.is_on = bool(kept["on"])


def _group(row: Any) -> Group:  # noqa: ANN401 - JSON
    return Group(row["name"], tuple(Person(**each) for each in row["members"]), row["key"])
