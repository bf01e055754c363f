"""What one mock Google Workspace knows and remembers: settings, directory, accounts, the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from idp_profiles.mapping import AttributeMapping
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.wire import encode
from idp_profiles.wire import equals
from idp_profiles.wire import query

from .facts import HEADERS


@dataclass(slots=True)
class Account:
    """One user of the directory: whether the app is on for them, and their account there.

    `due` is when the account is to be suspended, on the mock's own clock; `hard` says that it is
    deleted instead. `sent` is the profile that the app has. `doubtful` says that the last write
    failed and may have arrived all the same.
    """

    person: Person
    user_id: str = ""
    active: bool = False
    on: bool = False
    suspended: bool = False
    deleted: bool = False
    archived: bool = False
    due: float | None = None
    hard: bool = False
    sent: Mapping[str, Json] = field(default_factory=dict)
    doubtful: bool = False

    @property
    def wanted(self) -> bool:
        """Whether the user is to have an active account."""
        return self.on and not self.suspended and not self.deleted


@dataclass(slots=True, kw_only=True)
class Org:
    """The state of one mock Google Workspace: what its verbs read and change."""

    authorization: str = field(repr=False)
    switches: Mapping[str, str]
    mapping: AttributeMapping
    app_name: str
    accounts: dict[str, Account] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set, repr=False)
    now: float = 0.0

    def request(self, method: str, target: str, step: Step, body: Json = None) -> Request:
        """Return a request with Google's headers, which have a Content-Type always."""
        bare = body is None and self.switches["get_content_type"] == "off"
        headers = [
            (name, value or self.authorization)
            for name, value in HEADERS
            if not (bare and name == "Content-Type")
        ]
        if self.switches["accept"] != "none":
            headers.append(("Accept", self.switches["accept"]))
        content = None if body is None else encode(body)
        return Request(method, target, tuple(headers), content, step)

    def look_up(self, person: Person) -> str:
        """Return the target of a look-up: startIndex, but no count."""
        wanted = equals(self.mapping.match, self.mapping.match_value(person))
        parameters = {"filter": wanted, "startIndex": "1"}
        if self.switches["lookup_order"] == "start-first":
            parameters = {"startIndex": "1", "filter": wanted}
        plus = self.switches["blanks"] == "plus"
        return f"/Users?{query(parameters, plus_for_blanks=plus)}"

    def account(self, person: Person) -> Account:
        """Return a user's place in the directory, made when there is none yet."""
        return self.accounts.setdefault(person.idp_id or person.user_name, Account(person))
