"""What a mock IdP keeps of people and accounts over a long history: JSON types, no passwords."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import fields
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

from idp_profiles.model import Json
from idp_profiles.model import Person

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

AccountT = TypeVar("AccountT")


def person_row(person: Person) -> dict[str, Json]:
    """Return a person as JSON types, without the password."""
    row: dict[str, Json] = asdict(replace(person, attributes={}))
    del row["password"]
    return {**row, "attributes": dict(person.attributes)}


def rows_of(accounts: Mapping[str, DataclassInstance]) -> dict[str, Json]:
    """Return the accounts of an IdP by their key; each is a dataclass with a `person`."""
    return {key: _row(account) for key, account in accounts.items()}


def accounts_of(kind: type[AccountT], rows: Any) -> dict[str, AccountT]:  # noqa: ANN401 - JSON
    """Return the accounts that `rows_of` wrote; raises KeyError or TypeError for others."""
    return {
        key: kind(**{**row, "person": Person(**row["person"])})  # the other fields are JSON types
        for key, row in dict(rows).items()
    }


def _row(account: DataclassInstance) -> dict[str, Json]:
    values = {each.name: getattr(account, each.name) for each in fields(account)}
    return {
        name: person_row(value)
        if isinstance(value, Person)
        else dict(value)
        if isinstance(value, Mapping)
        else value
        for name, value in values.items()
    }
