"""What every engine is: it reads a directory's changes and provisions the app by its IdP's verbs.

How an IdP turns changes into requests (at once, in cycles, after days) is its engine's own matter;
what is the same for all stands here: a verb is run, its outcome kept, and what failed stays
pending until it is in step.
"""

from __future__ import annotations

from abc import ABC
from abc import abstractmethod
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from importlib import import_module
from typing import Any
from typing import ClassVar
from typing import Generic
from typing import Protocol
from typing import TypeVar
from uuid import UUID
from uuid import uuid5

from idp_profiles.mock import MockIdp
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Script
from idp_profiles.transport import Send

from .clock import Clock
from .directory import Directory

IdpT = TypeVar("IdpT")
# Keys are derived from names: so they are equal between two runs.
_DIRECTORY = UUID("5d2b8a34-6a0f-4f1e-9a53-0c7e2f6b1d48")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What an engine did about one person or group; `action` is the word of its console."""

    kind: str
    key: str
    name: str
    action: str
    outcome: Outcome

    @property
    def ok(self) -> bool:
        """Whether the IdP got through."""
        return self.outcome.ok


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Something that is not in step with the directory, why, and when it is tried again.

    `due` is in seconds since 1970; None means that nobody but an admin does it. `exchange` is what
    it failed at, in a turn of an engine that has tried it.
    """

    kind: str
    key: str
    name: str
    why: str
    due: float | None = None
    # It holds what was sent, and is no part of what an engine keeps.
    exchange: Exchange | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one turn of an engine came to, and what the console shows afterwards."""

    title: str
    handled: tuple[Handled, ...] = ()
    pending: tuple[Pending, ...] = ()
    console: str = ""

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Everything that was sent, oldest first."""
        return tuple(each for one in self.handled for each in one.outcome.exchanges)

    @property
    def ok(self) -> bool:
        """Whether the IdP got through with everything that it did."""
        return all(each.ok for each in self.handled)

    @property
    def why(self) -> str:
        """What the console shows of everything that failed or is pending, for a failing test."""
        failed = [f"{one.name}: {one.outcome.console}" for one in self.handled if not one.ok]
        return "\n".join([*failed, *(f"{each.name}: {each.why}" for each in self.pending)])

    @property
    def in_step(self) -> bool:
        """Whether nothing is left to do."""
        return not self.pending


class Engine(ABC, Generic[IdpT]):
    """One mock IdP that lives: a directory, its links to an app, and a clock.

    `send` is a transport. `after` hears of every exchange.
    """

    name: ClassVar[str]

    def __init__(
        self,
        idp: IdpT,
        directory: Directory,
        send: Send,
        clock: Clock,
        *,
        after: Callable[[Exchange], None] | None = None,
    ) -> None:
        self.idp = idp
        self.directory = directory
        self.clock = clock
        self._mock = MockIdp(idp, send, clock.sleep, after=after)
        # What it stopped at, by the person or group and by what the console says of it.
        self._stopped_at: dict[tuple[str, str], Exchange] = {}

    @abstractmethod
    def turn(self) -> Turn:
        """Do what the IdP does by itself at this moment about what changed since the last turn."""

    @abstractmethod
    def retry(self) -> Turn:
        """Do what an admin does in the console about what failed."""

    @abstractmethod
    def rotate(self, credential: Credential) -> None:
        """Take another credential from now on, as an admin enters one; raises ValueError."""

    @property
    @abstractmethod
    def pending(self) -> tuple[Pending, ...]:
        """What is not in step with the directory."""

    def wait(self, seconds: float) -> Turn:
        """Let time pass on the clock, and do what is due then."""
        self.clock.sleep(seconds)
        return self.turn()

    def settle(self, most: int = 20) -> Turn:
        """Take as many turns, waits and retries as it needs until nothing is pending.

        Returns the last of at most `most` turns, whose `pending` tells what could not be done.
        """
        turn = self.turn()
        for _ in range(most):
            if turn.in_step:
                break
            due = [each.due for each in turn.pending if each.due is not None]
            turn = self.wait(max(0.0, min(due) - self.clock.now)) if due else self.retry()
        return turn

    def new_key(self, kind: str, name: str) -> str:
        """Return the key of a new person or group in the form of the IdP's ids."""
        return str(uuid5(_DIRECTORY, f"{kind} {name}"))

    @abstractmethod
    def save(self) -> dict[str, Json]:
        """Return directory, links and what is pending as JSON types, without secrets."""

    @abstractmethod
    def load(self, kept: Mapping[str, Json]) -> None:
        """Take up what `save` returned; raises ValueError for anything else."""

    def _act(self, kind: str, key: str, action: str, script: Script) -> Handled:
        """Run one script of the IdP for one person or group."""
        name = self._name_of(kind, key)
        outcome = self._mock.run("", script)
        if outcome.stopped_at is not None:
            self._stopped_at[key, outcome.console] = outcome.stopped_at
        return Handled(kind=kind, key=key, name=name, action=action, outcome=outcome)

    def _name_of(self, kind: str, key: str) -> str:
        if kind == "person":
            return self.directory.person(key).user_name
        return self.directory.group(key).name if self.directory.has_group(key) else key

    def _turn(self, title: str, handled: Iterable[Handled], console: str) -> Turn:
        done = tuple(handled)  # before what is pending is asked for: it may be done only now
        pending = tuple(
            replace(each, exchange=self._stopped_at.get((each.key, each.why)))
            for each in self.pending
        )
        return Turn(title=title, handled=done, pending=pending, console=console)


class EngineStarter(Protocol):
    """Sets up an engine; raises ValueError naming the setting that does not fit."""

    def __call__(
        self,
        *,
        directory: Directory,
        send: Send,
        clock: Clock,
        credential: Credential,
        after: Callable[[Exchange], None] | None = None,
        **settings: Any,  # noqa: ANN401 - the profile's own
    ) -> Engine[Any]:
        """Return the engine."""


def start_engine(
    name: str,
    *,
    directory: Directory,
    send: Send,
    clock: Clock,
    credential: Credential,
    after: Callable[[Exchange], None] | None = None,
    **settings: Any,  # noqa: ANN401 - the profile's own: dialect, switches, toggles, mapping …
) -> Engine[Any]:
    """Return the engine of an IdP, over a mock IdP started with the settings.

    Raises ValueError for a setting that does not fit, ModuleNotFoundError for an IdP without one.
    """
    start: EngineStarter = import_module(f"idp_profiles.{name}.engine").start
    return start(
        directory=directory, send=send, clock=clock, credential=credential, after=after, **settings
    )
