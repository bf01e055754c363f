"""The SCIM side of a product: off until a token switches it on, and then the reference server."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import contextmanager
from dataclasses import dataclass

from reference_server.app import Application
from reference_server.app import create_app
from reference_server.authentication import Credential
from reference_server.authentication import Gate
from reference_server.commands import Commands
from reference_server.errors import ScimError
from reference_server.memory_store import MemoryStore
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response
from reference_server.registry import Registry
from reference_server.store import Store
from reference_server.tolerances import Tolerances

from .building import Parts
from .product import SCIM_PATH
from .watched_store import Tell
from .watched_store import WatchedStore

_OFF = "SCIM is not switched on here, so no token is good for anything."
_CHALLENGE = (("WWW-Authenticate", 'Bearer realm="scim"'),)


@dataclass(frozen=True, slots=True)
class Seed:
    """A resource that is there when SCIM is switched on, such as a user of the product."""

    endpoint: str
    id: str
    body: dict[str, Json]


class TokenGate:
    """Lets in whoever has the token of the moment, in each form that the product takes."""

    def __init__(self, parts: Parts, kinds: Sequence[str]) -> None:
        self.kinds = tuple(kinds)
        self._clock = parts.clock
        self._tolerances = Tolerances.without(parts.without_tolerances)
        self._gate: Gate | None = None

    def set(self, tokens: Sequence[str]) -> None:
        """Let these tokens in from now on, and no others."""
        credentials = [Credential(kind, token) for token in tokens for kind in self.kinds]
        self._gate = Gate(credentials, self._clock, self._tolerances) if tokens else None

    def check(self, request: Request) -> Credential:
        """Return who asks, or raise 401."""
        gate = self._gate  # read once: another thread may take the tokens away
        if gate is None:
            raise ScimError(401, _OFF, headers=_CHALLENGE)
        return gate.check(request)


class ScimService:
    """A SCIM server that can be switched on and off; `lock` is the product's.

    Each time it is switched on it begins with the product's present users under their own ids. A
    request that is under way when it is switched off is refused as soon as it wants to write.
    """

    def __init__(
        self,
        parts: Parts,
        lock: AbstractContextManager[object],
        tell: Tell,
        *,
        kinds: Sequence[str] = ("bearer",),
    ) -> None:
        self._parts = parts
        self._lock = lock
        self._tell = tell
        self._kinds = tuple(kinds)
        self._gate = TokenGate(parts, self._kinds)
        self._app: Application | None = None

    @property
    def is_on(self) -> bool:
        """Tell whether requests with the token are answered."""
        return self._app is not None

    def switch_on(self, token: str, seeds: Iterable[Seed]) -> None:
        """Begin to answer: with these resources, for this token."""
        self._gate = gate = TokenGate(self._parts, self._kinds)
        gate.set([token])
        self._app = create_app(
            credentials=(),
            base_path=SCIM_PATH,
            deviations=self._parts.deviations,
            without_tolerances=self._parts.without_tolerances,
            clock=self._parts.clock,
            new_id=self._parts.new_id,
            guard=gate,
            store=lambda registry: self._planted(registry, gate, seeds),
        )

    def set_tokens(self, *tokens: str) -> None:
        """Let these tokens in from now on, and no others."""
        self._gate.set(tokens)

    def switch_off(self) -> None:
        """Stop answering, and forget everything."""
        self._app = None
        self._gate.set(())
        self._gate = TokenGate(self._parts, self._kinds)

    def handle(self, request: Request) -> Response:
        """Answer a SCIM request; without SCIM there is no credential that could be right."""
        app = self._app
        if app is None:
            raise ScimError(401, _OFF, headers=_CHALLENGE)
        return app.handle(request)

    def _planted(self, registry: Registry, gate: TokenGate, seeds: Iterable[Seed]) -> Store:
        """Return a store with the product's resources in it, of whose writes the product hears."""
        store = MemoryStore(registry.resource_types)
        commands = Commands(store, self._parts.clock, self._parts.new_id, Tolerances())
        with store.exclusive():
            for seed in seeds:
                kind = registry.at(seed.endpoint)
                if kind is None:
                    raise ValueError(f"there is no endpoint {seed.endpoint!r}")
                commands.create(kind, {"schemas": [kind.core.id], **seed.body}, seed.id)
        return WatchedStore(store, self._transactions(gate), self._tell)

    def _transactions(self, gate: TokenGate) -> Callable[[], AbstractContextManager[object]]:
        """Return what begins a transaction of one time of being switched on."""

        @contextmanager
        def begin() -> Iterator[None]:
            with self._lock:
                if gate is not self._gate:
                    raise ScimError(401, _OFF, headers=_CHALLENGE)
                yield

        return begin
