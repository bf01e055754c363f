"""What a profile is made of: facts with sources, dialects, scenarios, variants."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Generic
from typing import Protocol
from typing import TypeVar

from .mapping import AttributeMapping
from .model import Certainty
from .model import Credential
from .model import Group
from .model import Headers
from .model import Json
from .model import Outcome
from .model import Person
from .model import Request
from .model import Script
from .model import Source
from .model import Step

IdpT = TypeVar("IdpT")
IdpT_co = TypeVar("IdpT_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One of the ways in which the same IdP speaks, by the kind of app that an admin set up."""

    key: str
    title: str
    app: str


@dataclass(frozen=True, slots=True)
class Quirk:
    """One peculiarity of the IdP's traffic."""

    key: str
    text: str
    certainty: Certainty
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeverSent:
    """Something that the IdP never sends, with who says so."""

    what: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """One figure that shapes the traffic."""

    value: int
    unit: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuthMode:
    """One way to authenticate that an admin can choose.

    `prefix` is what stands before the secret in the Authorization header; `kind` says which part
    of a credential is used. A mode that is not offered says why in `refused`. `claims` are what a
    server has to look for in the tokens that the IdP signs in this mode: `iss`, `aud`, `sub`.
    """

    key: str
    dialects: tuple[str, ...]
    title: str
    admin_enters: str
    kind: str
    prefix: str
    certainty: Certainty
    sources: tuple[str, ...]
    refused: str = ""
    claims: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Switch:
    """One open point: the known values, the first being the default, and what it decides."""

    key: str
    values: tuple[str, ...]
    decides: str


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One point of the vendor's manual plan, and the requirements whose verdicts show it."""

    text: str
    requirement_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything known about one IdP's traffic that is not a sequence of requests."""

    sources: Mapping[str, Source]
    headers: Headers
    limits: Mapping[str, Limit]
    auth_modes: tuple[AuthMode, ...]
    switches: tuple[Switch, ...]
    quirks: tuple[Quirk, ...]
    never_sent: tuple[NeverSent, ...]
    relies_on: tuple[str, ...]
    checklist: tuple[ChecklistItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One known wire form of a scenario's unsettled steps; no `dialects` means all."""

    name: str
    switches: Mapping[str, str] = field(default_factory=dict)
    mapping: AttributeMapping | None = None
    certainty: Certainty
    sources: tuple[str, ...]
    note: str
    dialects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The people, the group and the new values that a scenario plays with.

    `people` holds at least as many as the scenario asks for; the first is the one it is about.
    `group` is the group of the IdP; a scenario decides who is in it.
    """

    people: tuple[Person, ...]
    group: Group
    new_user_name: str
    new_email: str
    new_given_name: str
    new_group_name: str
    new_password: str = field(repr=False)

    @property
    def person(self) -> Person:
        """The person that the scenario is about."""
        return self.people[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario(Generic[IdpT]):
    """A named sequence: what has to be there first, and what the IdP then does.

    `arrange` yields the scripts that prepare the ground, `act` returns the script of the scenario
    itself, or None when nothing is sent in this dialect. `interfere` yields scripts to run
    just before a request leaves: what somebody else does on the server at that moment.
    `people` is how many people it needs.
    """

    id: str
    title: str
    feature: str
    dialects: tuple[str, ...]
    steps: tuple[Step, ...]
    arrange: Callable[[IdpT, Stage], Iterator[Script]]
    act: Callable[[IdpT, Stage], Script | None]
    variants: tuple[Variant, ...] = ()
    interfere: Callable[[IdpT, Stage, Request], Iterator[Script]] | None = None
    people: int = 3

    def reached(self, outcome: Outcome) -> bool:
        """Tell whether the IdP did all of it, which may end with a refusal that belongs to it."""
        if outcome.trouble is not None:
            return False
        last = outcome.exchanges[-1] if outcome.exchanges else None
        if last is None or last.reply is None:
            return outcome.ok
        name, status = last.request.step.name, last.reply.status
        accepts = {step.name: step.accepts for step in self.steps}.get(name, (status,))
        return status in accepts and (outcome.ok or status >= 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What somebody asks for by hand; an empty text was not given."""

    user_name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    display_name: str = ""
    new_user_name: str = ""
    password: str = field(default="", repr=False)
    group: str = ""
    new_name: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verb(Generic[IdpT]):
    """One thing to do by hand: which wishes it cannot do without, and the scripts it runs."""

    title: str
    needs: tuple[str, ...]
    run: Callable[[IdpT, Wishes], Iterator[Script]]


class Starter(Protocol[IdpT_co]):
    """Sets up one mock IdP; raises ValueError naming what does not fit."""

    def __call__(
        self,
        *,
        dialect: str,
        credential: Credential,
        auth_mode: str | None = None,
        switches: Mapping[str, str] | None = None,
        toggles: Mapping[str, bool] | None = None,
        mapping: AttributeMapping | Mapping[str, Json] | Path | None = None,
        app_name: str = "scimproof",
        seed: int = 0,
    ) -> IdpT_co:
        """Return the mock IdP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(Generic[IdpT]):
    """One mock IdP: what is known about it, what it can play, and how to start it."""

    name: str
    title: str
    facts: Facts
    dialects: tuple[Dialect, ...]
    usual_dialect: str
    features: tuple[str, ...]
    scenarios: Mapping[str, Scenario[IdpT]]
    verbs: Mapping[str, Verb[IdpT]]
    start: Starter[IdpT]

    def variants(self, scenario_id: str, dialect: str) -> tuple[Variant, ...]:
        """Return the known wire forms of a scenario in a dialect, the default first."""
        scenario = self.scenarios[scenario_id]
        if dialect not in scenario.dialects:
            return ()
        return tuple(v for v in scenario.variants if not v.dialects or dialect in v.dialects)
