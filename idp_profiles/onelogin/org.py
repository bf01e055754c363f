"""What one mock OneLogin knows and remembers: settings, directory, accounts, groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.wire import encode
from idp_profiles.wire import equals
from idp_profiles.wire import query
from idp_profiles.wire import segment

from .console import UNKNOWN
from .templates import Template
from .templates import user_body


@dataclass(slots=True)
class Account:
    """One user of the directory, the state that the Users tab shows, and the account in the app."""

    person: Person
    user_id: str = ""
    active: bool = False
    state: str = UNKNOWN


@dataclass(slots=True, kw_only=True)
class Org:
    """The state of one mock OneLogin: what its verbs read and change."""

    authorization: str = field(repr=False)
    switches: Mapping[str, str]
    toggles: Mapping[str, bool]
    template: Template
    app_name: str
    seed: int
    accounts: dict[str, Account] = field(default_factory=dict)
    group_ids: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set, repr=False)

    def request(self, method: str, target: str, step: Step, body: Json = None) -> Request:
        """Return a request with OneLogin's headers, which are the same for every method."""
        agent = self.switches["user_agent"]
        headers = (
            ("Authorization", self.authorization),
            ("User-Agent", "" if agent == "empty" else agent),
            ("Content-Type", self.switches["content_type"]),
        )
        return Request(method, target, headers, None if body is None else encode(body), step)

    def look_up(self, user_name: str) -> str:
        """Return the target of a look-up, with the stray & after the filter."""
        wanted = query({"filter": equals("userName", user_name)}, plus_for_blanks=True)
        return f"/Users?{wanted}{self._mark('&')}"

    def new_user(self) -> str:
        """Return the target of a create, with a stray ? as after an id."""
        return f"/Users{self._mark('?')}"

    def user(self, user_id: str) -> str:
        """Return the target of one user, with the stray ? after the id."""
        return f"/Users/{segment(user_id)}{self._mark('?')}"

    def group(self, group_id: str) -> str:
        """Return the target of one group, with the stray ? after the id."""
        return f"/Groups/{segment(group_id)}{self._mark('?')}"

    def body(self, person: Person, *, active: bool) -> dict[str, Json]:
        """Return a user as the template makes it."""
        words = ("0", "1") if self.switches["active_text"] == "digit" else ("false", "true")
        return user_body(self.template, person, words[active])

    def account(self, person: Person) -> Account:
        """Return a user's place in the directory, made when there is none yet."""
        return self.accounts.setdefault(person.idp_id or person.user_name, Account(person))

    def group_id(self, group: Group) -> str:
        """Return a group's id in the app; raises ValueError when it is not known."""
        if group.name not in self.group_ids:
            raise ValueError(f"the group {group.name!r} was not created or read yet")
        return self.group_ids[group.name]

    def _mark(self, mark: str) -> str:
        return mark if self.switches["stray_marks"] == "on" else ""
