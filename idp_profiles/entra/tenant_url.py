"""The Tenant URL as an admin types it: the base of all requests, and perhaps a flag behind it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl
from urllib.parse import urlsplit
from urllib.parse import urlunsplit

from .names import DEFAULT
from .names import FLAG
from .names import FLAG_NAME


@dataclass(frozen=True, slots=True)
class TenantUrl:
    """What a Tenant URL says: where requests go, in which dialect, and how the flag is spelled."""

    base: str
    dialect: str
    spelling: str = ""


def read_tenant_url(typed: str) -> TenantUrl:
    """Return what a Tenant URL says; any other flag leaves the dialect without a flag.

    The slash before the question mark is one spelling of the flag and no part of the base.
    """
    parts = urlsplit(typed.strip())
    base = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
    names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if FLAG_NAME not in names:
        return TenantUrl(base, DEFAULT)
    slash = "/" if parts.path.endswith("/") else ""
    value = "=true" if (FLAG_NAME, "true") in parse_qsl(parts.query) else ""
    # With both, the value decides: only it could ever be seen on a request line.
    return TenantUrl(base, FLAG, f"?{FLAG_NAME}=true" if value else f"{slash}?{FLAG_NAME}")


def typed_tenant_url(base: str, dialect: str, spelling: str) -> str:
    """Return what an admin types for a base URL."""
    return base.rstrip("/") + (spelling if dialect == FLAG else "")
