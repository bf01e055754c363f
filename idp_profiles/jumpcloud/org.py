"""What one mock JumpCloud knows and remembers: settings, directory, bindings, accounts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from idp_profiles.mapping import AttributeMapping
from idp_profiles.model import Group
from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.wire import encode
from idp_profiles.wire import query

from .facts import HEADERS


@dataclass(slots=True)
class Account:
    """One person of the directory: what binds them to the app, and their account there.

    `bound` is a binding through a group that the scenario does not look at. `shown` is what the
    app returned last.
    """

    person: Person
    user_id: str = ""
    bound: bool = False
    suspended: bool = False
    password_expired: bool = False
    staged: bool = False
    active: bool = False
    shown: Mapping[str, Json] = field(default_factory=dict)

    @property
    def allowed(self) -> bool:
        """Whether the person may be active: not suspended, and the password not expired."""
        return not self.suspended and not self.password_expired


@dataclass(slots=True)
class BoundGroup:
    """A group that is bound to the app; its id there is empty until it was created."""

    group: Group
    group_id: str = ""


@dataclass(slots=True, kw_only=True)
class Org:
    """The state of one mock JumpCloud: what its verbs read and change."""

    authorization: str = field(repr=False)
    switches: Mapping[str, str]
    toggles: Mapping[str, bool]
    mapping: AttributeMapping
    app_name: str
    seed: int
    accounts: dict[str, Account] = field(default_factory=dict)
    groups: dict[str, BoundGroup] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set, repr=False)
    is_on: bool = True

    def request(self, method: str, target: str, step: Step, body: Json = None) -> Request:
        """Return a request with JumpCloud's headers; Content-Type goes out with a body only."""
        if self.switches["base_url_slash"] == "left":
            # The Base URL and the path are put together as they are.
            target = f"/{target}"
        content = None if body is None else encode(body)
        return Request(method, target, self._headers(body is not None), content, step)

    def listing(self, endpoint: str, parameters: Mapping[str, str]) -> str:
        """Return the target of a list request, encoded as the switch `blanks` says."""
        plus = self.switches["blanks"] == "plus"
        return f"{endpoint}?{query(parameters, plus_for_blanks=plus)}"

    def account(self, person: Person) -> Account:
        """Return a person's place in the directory, made when there is none yet."""
        person = replace(person, idp_id=object_id(person.idp_id or person.user_name))
        return self.accounts.setdefault(person.idp_id, Account(person))

    def bound_group(self, group: Group) -> BoundGroup:
        """Return a bound group; raises ValueError when it was not bound."""
        bound = self.groups.get(group.idp_id or group.name)
        if bound is None:
            raise ValueError(f"the group {group.name!r} is not bound to the app")
        return bound

    def holds(self, account: Account) -> bool:
        """Tell whether any binding is left that gives the person the app."""
        in_groups = (
            self.account(person) is account
            for bound in self.groups.values()
            for person in bound.group.members
        )
        return account.bound or any(in_groups)

    def _headers(self, with_body: bool) -> Headers:
        agent = self.switches["user_agent"]
        values = {
            "Authorization": self.authorization,
            "Content-Type": self.switches["content_type"] if with_body else None,
            "Accept": self.switches["accept"],
            "User-Agent": {"none": None, "empty": ""}.get(agent, agent),
        }
        named = ((name, values[name]) for name, _ in HEADERS)
        return tuple((name, value) for name, value in named if value is not None)


def object_id(text: str) -> str:
    """Return an object id of 24 hexadecimal digits: the text itself, or one made from it."""
    if re.fullmatch(r"[0-9a-f]{24}", text):
        return text
    return hashlib.sha256(text.encode()).hexdigest()[:24]
