"""The application: a request goes in, a response comes out, and nothing here knows a socket."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from pathlib import Path

from .access_tokens import AccessTokens
from .authentication import Credential
from .authentication import Gate
from .authentication import Guard
from .commands import Commands
from .cursors import Cursors
from .database import Database
from .discovery import Discovery
from .endpoints import Endpoints
from .errors import ScimError
from .fault_log import log_fault
from .formats import USER_URN
from .lists import Lists
from .me import Me
from .memory_store import MemoryStore
from .messages import Handler
from .messages import Request
from .messages import Response
from .oauth import OAuth
from .privacy import Privacy
from .registry import Registry
from .registry import SchemaFile
from .registry import load_registry
from .rendering import Renderings
from .router import Places
from .router import Router
from .schemas import ResourceType
from .seeds import plant
from .sqlite_store import SqliteStore
from .store import Store
from .token_endpoint import TokenEndpoint
from .tolerances import Tolerances

FAILED = "The server failed on this request; see its log."


class Application:
    """A SCIM server without a socket; adapters call `handle`."""

    def __init__(
        self, base_path: str, handler: Handler, close: Callable[[], None] = lambda: None
    ) -> None:
        self.base_path = base_path
        self._handler = handler
        self._close = close

    def handle(self, request: Request) -> Response:
        """Answer a request; a fault of our own becomes a 500 that tells nothing of the inside."""
        try:
            return self._handler(request)
        except ScimError as error:
            return error.response()
        except Exception as fault:  # the last resort of a server; logged, never hidden
            log_fault(fault)
            return ScimError(500, FAILED).response()

    def close(self) -> None:
        """Let go of the database file, if there is one; a later request opens it again."""
        self._close()


def create_app(
    *,
    credentials: Sequence[Credential],
    base_path: str = "/scim/v2",
    schema_files: Sequence[SchemaFile] = (),
    deviations: Sequence[str] = (),
    without_tolerances: Sequence[str] = (),
    database: Path | Database | None = None,
    tenant: str = "default",
    sensitive: Sequence[str] = (),
    oauth: OAuth | None = None,
    clock: Callable[[], datetime] | None = None,
    new_id: Callable[[], str] | None = None,
    guard: Guard | None = None,
    store: Callable[[Registry], Store] | None = None,
    page: bool = False,
) -> Application:
    """Build a server: correct, or with named deviations from that.

    With a database everything is kept in that file, each tenant's apart; without, in memory.
    Filters by the sensitive attributes are refused in URLs (RFC 7644 section 7.5.2). With OAuth a
    token endpoint answers below the base path, and its tokens enter beside the credentials, of
    which there may then be none. Whoever builds upon the server may bring a guard in place of the
    credentials, and a store in place of the one in memory. With a page people can look at what is
    there and what comes in, at `/page` below the base path.
    """
    clock = clock or _utc_now
    tolerances = Tolerances.without(without_tolerances)
    base_path = _checked_base_path(base_path)
    registry = load_registry(schema_files)
    kept, close = _store(database, tenant, registry.resource_types)
    kept = kept if store is None else store(registry)
    commands = Commands(kept, clock, new_id or _random_id, tolerances)
    plant(registry.seeds, commands)
    tokens = AccessTokens(oauth, (base_path, tenant), clock) if oauth is not None else None
    gate = guard or Gate(credentials, clock, tolerances, tokens)
    cursors = Cursors(_secrets(credentials, oauth), (base_path, tenant), clock)
    renderings = Renderings()
    lists = Lists(kept, cursors, tolerances, renderings)
    endpoints = Endpoints(kept, commands, lists, Privacy(sensitive))
    handle: Handler = Router(
        base_path, _places(gate, endpoints, registry, commands), tolerances
    ).handle
    if oauth is not None and tokens is not None:
        handle = TokenEndpoint(oauth, tokens, clock, tolerances).beside(base_path, handle)
    handle = _deviating(deviations, handle)
    if page:
        handle = _with_page(handle, (base_path, tenant), kept, registry, gate)
    close()  # a server that forks now hands no open file on to its children
    return Application(base_path, handle, close)


def _with_page(
    handle: Handler, place: tuple[str, str], store: Store, registry: Registry, gate: Guard
) -> Handler:
    # Imported when asked for: most servers that are started here show nothing.
    from .page.page import Page
    from .page.plain import PlainView

    if not isinstance(gate, Gate):
        raise ValueError("a page of the server's own needs its credentials, not a guard's")
    kinds, (base_path, tenant) = registry.resource_types, place
    taken = next((kind.name for kind in kinds if kind.endpoint == "/page"), None)
    if taken is not None:
        raise ValueError(f"the resource type {taken!r} and the page would both answer at /page")
    view = PlainView(store, kinds, gate, base_path=base_path, tenant=tenant)
    return Page(view, f"{base_path}/page").beside(handle)


def _secrets(credentials: Sequence[Credential], oauth: OAuth | None) -> list[str]:
    """Return what all processes of a server know and nobody else does."""
    clients = oauth.clients if oauth is not None else ()
    signing = oauth.signing_key if oauth is not None else None
    named = [each.secret for each in credentials] + [each.secret for each in clients if each.secret]
    # Where nothing is shared, there is one process, and what it makes up will do.
    return named or [(signing or os.urandom(32)).hex()]


def _places(gate: Guard, endpoints: Endpoints, registry: Registry, commands: Commands) -> Places:
    users = (kind for kind in registry.resource_types if kind.core.id == USER_URN)
    store = commands.store
    return Places(
        gate=gate,
        endpoints=endpoints,
        discovery=Discovery(registry, gate.kinds, commands.tolerances),
        me=Me(endpoints, store, next(users, None)),
        transaction=store.exclusive,
    )


def _store(
    database: Path | Database | None, tenant: str, kinds: Sequence[ResourceType]
) -> tuple[Store, Callable[[], None]]:
    if database is None:
        return MemoryStore(kinds), lambda: None
    file = database if isinstance(database, Database) else Database(database)
    return SqliteStore(file, tenant, kinds), file.close


def _deviating(names: Sequence[str], handle: Handler) -> Handler:
    if not names:
        return handle
    from . import deviations  # imported when asked for: a correct server does not load them

    return deviations.apply(names, handle)


def _checked_base_path(base_path: str) -> str:
    stripped = base_path.rstrip("/")
    if stripped and not re.fullmatch(r"(?:/[A-Za-z0-9._~-]+)+", stripped):
        raise ValueError(f"the base path must look like /scim/v2, not {base_path!r}")
    return stripped


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _random_id() -> str:
    """Return a random UUID (RFC 9562 section 5.4); the library takes three times as long."""
    digits = os.urandom(16).hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
