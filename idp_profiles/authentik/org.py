"""What one mock authentik knows and remembers: settings, directory, links, the cached config."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from idp_profiles.mapping import AttributeMapping
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.wire import segment

from .facts import HEADERS
from .service_config import ServiceConfig


@dataclass(slots=True)
class Account:
    """One user of the directory, and the link to the account in the app.

    `known` is what the server last said; `in_scope` whether the provider syncs the user.
    """

    person: Person
    active: bool = True
    in_scope: bool = True
    user_id: str = ""
    known: dict[str, Json] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """The path of the account."""
        return f"/Users/{segment(self.user_id)}"


@dataclass(slots=True)
class Team:
    """One group of the directory, and the link to the group in the app."""

    name: str
    pk: str
    members: list[Account] = field(default_factory=list)
    in_scope: bool = True
    group_id: str = ""
    known: dict[str, Json] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """The path of the group."""
        return f"/Groups/{segment(self.group_id)}"

    @property
    def member_ids(self) -> list[str]:
        """The ids of the members who have an account in the app."""
        return [account.user_id for account in self.members if account.user_id]


@dataclass(slots=True, kw_only=True)
class Org:
    """The state of one mock authentik: what its verbs read and change."""

    authorization: str = field(repr=False)
    dialect: str
    switches: Mapping[str, str]
    mapping: AttributeMapping
    accounts: dict[str, Account] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    config: ServiceConfig | None = None
    secrets: set[str] = field(default_factory=set, repr=False)

    def request(self, method: str, target: str, step: Step, body: Json = None) -> Request:
        """Return a request with authentik's headers, which are the same for every method."""
        headers = tuple((name, value or self.authorization) for name, value in HEADERS)
        content = None if body is None else literal(body)
        # The library says Content-Length: 0 where a DELETE has no body.
        if method == "DELETE":
            content = b""
        return Request(method, target, headers, content, step)

    def account(self, person: Person) -> Account:
        """Return a user's place in the directory, made when there is none yet."""
        return self.accounts.setdefault(person.idp_id or person.user_name, Account(person))

    def team(self, group: Group) -> Team:
        """Return a group's place in the directory, made when there is none yet."""
        key = group.idp_id or group.name
        return self.teams.setdefault(key, Team(group.name, key))


def literal(body: Json) -> bytes:
    """Return JSON as Python's own encoder writes it: blanks after separators, ASCII only."""
    return json.dumps(body).encode("ascii")


def uid(person: Person) -> str:
    """Return the hash that stands for a user outside authentik."""
    return hashlib.sha256((person.idp_id or person.user_name).encode()).hexdigest()
