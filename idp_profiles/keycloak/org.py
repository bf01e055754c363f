"""What one mock Keycloak knows and remembers: settings, the realm, the links, its requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from idp_profiles.asking import ask
from idp_profiles.asking import object_of
from idp_profiles.mapping import AttributeMapping
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.model import Stopped
from idp_profiles.model import Trouble
from idp_profiles.model import Wait
from idp_profiles.wire import Part
from idp_profiles.wire import encode
from idp_profiles.wire import segment

from .console import Complaint
from .facts import HEADERS
from .facts import LIMITS


@dataclass(slots=True)
class Account:
    """One user of the realm, and the link to the account in the app."""

    person: Person
    enabled: bool = True
    remote_id: str = ""

    @property
    def counts(self) -> bool:
        """Whether events on the user lead to requests."""
        return self.person.attributes.get("emailVerified") is not False

    @property
    def target(self) -> str:
        """The path of the account."""
        return f"/Users/{segment(self.remote_id)}"


@dataclass(slots=True)
class Team:
    """One group of the realm, and the link to the group in the app."""

    name: str
    local_id: str
    members: list[Account] = field(default_factory=list)
    remote_id: str = ""

    @property
    def target(self) -> str:
        """The path of the group."""
        return f"/Groups/{segment(self.remote_id)}"


@dataclass(slots=True, kw_only=True)
class Org:
    """The state of one mock Keycloak: what its verbs read and change."""

    authorization: str = field(repr=False)
    switches: Mapping[str, str]
    mapping: AttributeMapping
    accounts: dict[str, Account] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set, repr=False)

    def account(self, person: Person) -> Account:
        """Return a user's place in the realm, made when there is none yet."""
        return self.accounts.setdefault(person.idp_id or person.user_name, Account(person))

    def team(self, group: Group) -> Team:
        """Return a group's place in the realm, made when there is none yet."""
        key = group.idp_id or group.name
        return self.teams.setdefault(key, Team(group.name, key))

    def request(self, method: str, target: str, step: Step, body: Json = None) -> Request:
        """Return a request with the headers that the code sets."""
        values = {
            "Authorization": self.authorization,
            "Content-Type": self.switches["content_type"],
        }
        headers = tuple((name, values[name]) for name, _ in HEADERS if values[name])
        return Request(method, target, headers, None if body is None else encode(body), step)


def send(request: Request, complaint: Complaint) -> Part[Reply]:
    """Send a request, again and again while the network fails; any 2xx is taken."""
    tries, pause = LIMITS["tries"].value, LIMITS["backoff"].value / 1000
    for number in range(tries):
        try:
            return (yield from ask(request, complaint, also=(200, 201, 202, 204)))
        except Stopped as stopped:
            if not isinstance(stopped.__cause__, Trouble) or number == tries - 1:
                raise
        yield Wait(pause * 1.5**number, "before the next try")
    raise AssertionError("the last try either returns or raises")


def created(request: Request, complaint: Complaint, needed: tuple[str, ...]) -> Part[str]:
    """Send a POST and return the id; the reply must show what the code reads back."""
    reply = yield from send(request, complaint)
    resource = object_of(request, reply, complaint)
    for name in ("id", *needed):
        if resource.get(name) is None:
            raise complaint.unread(name)
    return str(resource["id"])
