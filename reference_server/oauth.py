"""OAuth 2.0 as an option of the server: who may ask for tokens, and whose tokens enter as well."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import TypeAlias

from .access import Access
from .json_web_tokens import Issuer

LIFETIME = 3600  # seconds
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")  # scope-token of RFC 6749 section 3.3

# A function is asked when a token comes, as one would ask an issuer for its present keys.
Issuers: TypeAlias = Sequence[Issuer] | Callable[[], Sequence[Issuer]]


def known_issuers(issuers: Issuers) -> Sequence[Issuer]:
    """Return the issuers that count now."""
    return issuers() if callable(issuers) else issuers


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who may ask the token endpoint.

    It authenticates by its secret (RFC 6749 section 2.3.1), by an assertion that one of its issuers
    signs (RFC 7523 section 2.2), or by either. A token of it may do what `access` says, and
    `/Me` means the user `account`. Without `scopes` any is granted, since none is told apart.
    """

    id: str
    secret: str = field(default="", repr=False)
    assertions: Issuers = ()
    scopes: tuple[str, ...] = ()
    account: str | None = None
    access: Access = Access.ALL

    def __post_init__(self) -> None:
        if not self.id or not self.id.isprintable():
            raise ValueError("a client of the token endpoint needs an id of printable characters")
        if not self.secret and not self.assertions:
            raise ValueError(f"the client {self.id!r} needs a secret or an issuer of assertions")
        if self.access is Access.OWN and self.account is None:
            raise ValueError(f"the client {self.id!r} needs the account that is its own")
        for scope in self.scopes:
            if not _SCOPE.fullmatch(scope):
                raise ValueError(f"the client {self.id!r} has the scope {scope!r}, which is none")


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """A token endpoint at `path` below the base path, and issuers whose tokens need none.

    Access tokens live for `lifetime` seconds. Nothing is kept of them: they are authenticated with
    `signing_key`, which several processes have to share; one process makes its own without it.
    """

    clients: Sequence[Client] = ()
    issuers: Issuers = ()
    lifetime: int = LIFETIME
    path: str = "/oauth/token"
    signing_key: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.clients and not self.issuers:
            raise ValueError("OAuth needs a client, or an issuer whose tokens are taken")
        if self.lifetime < 1:
            raise ValueError("an access token has to live for a second at least")
        if not _PATH.fullmatch(self.path):
            raise ValueError(
                f"the token endpoint's path must look like /oauth/token: {self.path!r}"
            )
        if self.signing_key is not None and len(self.signing_key) < 32:
            raise ValueError("the key that authenticates access tokens needs 32 bytes")
        names = [client.id for client in self.clients]
        doubled = next((name for name in names if names.count(name) > 1), None)
        if doubled is not None:
            raise ValueError(f"two clients are called {doubled!r}")

    def client(self, client_id: str) -> Client | None:
        """Return a client by its id, or None."""
        return next((each for each in self.clients if each.id == client_id), None)
