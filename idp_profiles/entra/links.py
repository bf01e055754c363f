"""What a job keeps about the app over many cycles: which account and group is whose."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from idp_profiles.model import Json
from idp_profiles.model import Person

from .mappings import in_directory
from .tenant import Account
from .tenant import Tenant
from .tenant import key_of


class Links:
    """The links of one mock Entra; all state lives in the tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def remember(self, person: Person) -> None:
        """Note what the directory holds of a person now, without sending anything."""
        self._tenant.people[key_of(person)] = in_directory(person)

    def manages(self, person: Person) -> bool:
        """Tell whether the person has an account that is in scope."""
        account = self._tenant.account(person)
        return account is not None and account.in_scope

    def release(self, person: Person) -> None:
        """Take an account out of scope that is disabled already: nothing is sent."""
        account = self._tenant.account(person)
        if account is not None:
            account.in_scope = False

    def save(self) -> dict[str, Json]:
        """Return every link as JSON types."""
        accounts: dict[str, Json] = {
            key: asdict(account) for key, account in self._tenant.accounts.items()
        }
        return {"accounts": accounts, "groups": {**self._tenant.groups}}

    def load(self, kept: Any) -> None:  # noqa: ANN401 - JSON
        """Take up what `save` returned; raises KeyError or TypeError for anything else."""
        accounts = {key: Account(**row) for key, row in kept["accounts"].items()}
        self._tenant.groups = dict(kept["groups"])
        self._tenant.accounts = accounts
