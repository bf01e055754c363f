"""What one mock Entra knows and remembers: its settings, its directory, its links to the app."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import UTC
from datetime import datetime

from idp_profiles.mapping import AttributeMapping
from idp_profiles.model import Certainty
from idp_profiles.model import Group
from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.wire import encode
from idp_profiles.wire import query

from .names import FLAG
from .names import FLAG_NAME
from .operations import Shape
from .roles import Role
from .settings import checked_switches
from .signing import Signing

_ACCEPT = ("Accept", "application/scim+json")
_CONTENT_TYPE = ("Content-Type", "application/scim+json; charset=utf-8")


@dataclass(slots=True)
class Account:
    """A person's account in the app: its id, and what Entra still does with it."""

    user_id: str
    in_scope: bool = True
    location: str = ""
    manager_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Tenant:
    """The state of one mock Entra: what its verbs read and change."""

    dialect: str
    signing: Signing
    switches: Mapping[str, str]
    toggles: Mapping[str, bool]
    mapping: AttributeMapping
    seed: int
    people: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    roles: dict[str, tuple[Role, ...]] = field(default_factory=dict)
    managers: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 # probes are to be repeatable

    # -- requests

    def request(self, method: str, target: str, step: Step, body: Json = None) -> Request:
        """Return a request with the headers of the service, which names no User-Agent."""
        headers: Headers = (("Authorization", self.signing.header), _ACCEPT)
        if body is not None:
            headers = (*headers, _CONTENT_TYPE)
        if self.switches["adscimversion"] == "sent":
            headers = (*headers, ("Adscimversion", self._version()))
        content = None if body is None else encode(body)
        return Request(method, self._flagged(target), headers, content, self._sure(method, step))

    def validator_request(self, target: str, step: Step, body: Json) -> Request:
        """Return a PATCH with the headers that the Validator is known to send."""
        headers = (("Authorization", self.signing.header), _CONTENT_TYPE)
        return Request("PATCH", target, headers, encode(body), step)

    def gallery_request(self, target: str, step: Step) -> Request:
        """Return a GET of the gallery test, which is not the service."""
        headers = (("Authorization", self.signing.header), _ACCEPT)
        return Request("GET", target, headers, None, step)

    def listing(self, endpoint: str, parameters: Mapping[str, str]) -> str:
        """Return the target of a list request; blanks are plus signs unless switched."""
        plus = self.switches["blanks"] == "plus"
        return f"{endpoint}?{query(parameters, plus_for_blanks=plus)}"

    def guid(self) -> str:
        """Return a random GUID, repeatable by the seed."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def _sure(self, method: str, step: Step) -> Step:
        """Return the step; a flagged PATCH of which no source shows the form is inferred."""
        shown = step.scenario.endswith("-flag") or method != "PATCH" or self.dialect != FLAG
        return step if shown else replace(step, certainty=Certainty.INFERRED)

    def _version(self) -> str:
        now = datetime.fromtimestamp(self.signing.clock(), UTC)
        return f"Date:{now:%Y-%m-%dT%H:%M:%SZ}, ActivityId:{self.guid()}"

    def _flagged(self, target: str) -> str:
        """Return the target with the Tenant URL's flag in it, when it is to be passed on."""
        if self.dialect != FLAG or self.switches["flag_on_request_line"] == "no":
            return target
        path, _, rest = target.partition("?")
        flag = f"{FLAG_NAME}=true" if self.switches["tenant_url"].endswith("=true") else FLAG_NAME
        return f"{path}?{flag}&{rest}" if rest else f"{path}?{flag}"

    # -- how it writes

    def choose(self, key: str, value: str) -> None:
        """Change one setting, as an admin does between two cycles."""
        self.switches = checked_switches({**self.switches, key: value})

    def shape(self) -> Shape:
        """Return how this job writes its operations."""
        flagged = self.dialect == FLAG
        return Shape(
            flagged,
            self.switches["active_value"],
            self.switches["active_op"],
            nested_extensions=self.switches["extension_keys"] == "object",
        )

    @property
    def batch(self) -> int:
        """How many members go into one PATCH."""
        chosen = self.switches["members_per_patch"]
        if chosen == "as-shown":
            return 2 if self.dialect == FLAG else 1
        return int(chosen)

    # -- people and groups

    def person(self, person: Person) -> Person:
        """Return a person as the directory has it now."""
        return self.people.get(key_of(person), person)

    def account(self, person: Person) -> Account | None:
        """Return a person's account in the app, if it is linked."""
        return self.accounts.get(key_of(person))

    def group_id(self, group: Group) -> str:
        """Return the id of a linked group; raises ValueError when it is not linked."""
        try:
            return self.groups[group_key(group)]
        except KeyError:
            raise ValueError(f"the group {group.name!r} was not provisioned yet") from None


def key_of(person: Person) -> str:
    """Return what identifies a person in the directory, whatever else of them changes."""
    return person.idp_id or person.user_name


def group_key(group: Group) -> str:
    """Return what identifies a group in the directory, whatever else of it changes."""
    return group.idp_id or group.name
