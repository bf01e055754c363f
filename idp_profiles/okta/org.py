"""What one mock Okta knows and remembers: its settings, its directory, its links to the app."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from idp_profiles.mapping import AttributeMapping
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.wire import encode
from idp_profiles.wire import query

from .console import Complaint
from .console import Text
from .facts import HEADERS

_SYMBOLS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#%+-_=?"


@dataclass(slots=True)
class Link:
    """A person's account in the app: its id, the profile as last pushed, whether it is active."""

    user_id: str
    pushed: Person
    active: bool = True


@dataclass(slots=True)
class PushedGroup:
    """A group push mapping: Okta's group, the id in the app, and whether it is switched on."""

    group: Group
    group_id: str
    push: bool = True


@dataclass(slots=True, kw_only=True)
class Org:
    """The state of one mock Okta: what its verbs read and change."""

    dialect: str
    authorization: str = field(repr=False)
    switches: Mapping[str, str]
    toggles: Mapping[str, bool]
    mapping: AttributeMapping
    app_name: str
    seed: int
    people: dict[str, Person] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    groups: dict[str, PushedGroup] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set, repr=False)

    def request(self, method: str, target: str, step: Step, body: Json = None) -> Request:
        """Return a request with Okta's headers; GET carries no Content-Type."""
        headers = tuple(
            (name, self.authorization if name == "Authorization" else value)
            for name, value in HEADERS
            if method != "GET" or name != "Content-Type"
        )
        return Request(method, target, headers, None if body is None else encode(body), step)

    def listing(self, endpoint: str, parameters: Mapping[str, str | int]) -> str:
        """Return the target of a list request, encoded as the switch `blanks` says."""
        texts = {name: str(value) for name, value in parameters.items()}
        plus = self.switches["blanks"] == "plus"
        return f"{endpoint}?{query(texts, plus_for_blanks=plus)}"

    def person(self, person: Person) -> Person:
        """Return a person as the directory has it now."""
        return self.people.get(key_of(person), person)

    def remember(self, person: Person) -> Person:
        """Take a person into the directory and return it with a password to create it with."""
        if not person.password:
            person = replace(person, password=self._random_password(person))
        self.secrets.add(person.password)
        self.people[key_of(person)] = person
        return person

    def link(self, person: Person) -> Link | None:
        """Return a person's account in the app, if there is one."""
        return self.links.get(key_of(person))

    def owner(self, user_id: str, display: Json) -> Person:
        """Return the person with this account; a stranger gets a link under the account's id."""
        for key, link in self.links.items():
            if link.user_id == user_id:
                return self.people[key]
        name = display if isinstance(display, str) else user_id
        stranger = Person(
            user_name=name,
            given_name="",
            family_name="",
            email="",
            display_name=name,
            idp_id=f"account:{user_id}",
        )
        self.links[key_of(stranger)] = Link(user_id, stranger)
        self.people[key_of(stranger)] = stranger
        return stranger

    def pushable(self, people: Iterable[Person]) -> list[tuple[Person, str]]:
        """Return those people with their ids whom a push sends: assigned and active ones."""
        linked = ((self.person(person), self.link(person)) for person in people)
        return [(person, link.user_id) for person, link in linked if link and link.active]

    def pushed_group(self, group: Group) -> PushedGroup | None:
        """Return the mapping of a group, if it was pushed or linked."""
        return self.groups.get(group.idp_id or group.name)

    def complaint(self, text: Text, person: Person | None = None, group: str = "") -> Complaint:
        """Return a console text with the names filled in."""
        if person is None:
            return Complaint(text, self.app_name, group=group)
        return Complaint(text, self.app_name, person.user_name, person.display_name, group)

    def _random_password(self, person: Person) -> str:
        # Eight characters with symbols, as in the captures; the seed makes a run repeatable.
        digest = hashlib.sha256(f"{self.seed}/{key_of(person)}".encode()).digest()
        return "".join(_SYMBOLS[byte % len(_SYMBOLS)] for byte in digest[:8])


def key_of(person: Person) -> str:
    """Return what identifies a person in the directory, whatever else of them changes."""
    return person.idp_id or person.user_name
