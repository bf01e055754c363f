"""Servers that want more of a user than the RFC: attributes, and addresses of one domain.

Each is the reference server with a store that takes no other users, whichever way they come:
create, replace, PATCH or bulk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reference_server.errors import ScimError
from reference_server.memory_store import MemoryStore
from reference_server.registry import Registry
from reference_server.store import Record

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
DOMAIN = "tests.example.org"
REQUIRED = {"title": "Engineer", f"{ENTERPRISE}:department": "Research"}
TEMPLATE = {"title": "Engineer", ENTERPRISE: {"department": "Research"}}


class Demanding(MemoryStore):
    """Keeps no user without title and department, and none with an address elsewhere."""

    def insert(self, record: Record) -> Record:
        """Keep a new resource, if it is one of those."""
        _check(record)
        return super().insert(record)

    def update(self, record: Record) -> None:
        """Keep what a resource has become, if it is still one of those."""
        _check(record)
        super().update(record)


def demanding(registry: Registry) -> Demanding:
    """Return the store of a server that says nothing of what it wants."""
    return Demanding(registry.resource_types)


def _check(record: Record) -> None:
    if record.kind.name != "User":
        return
    user: Mapping[str, Any] = record.attributes
    if not user.get("title"):
        raise ScimError(400, "title: this server wants one of every user.", "invalidValue")
    if not user.get(ENTERPRISE, {}).get("department"):
        raise ScimError(400, "department: this server wants one of every user.", "invalidValue")
    for mail in user.get("emails", ()):
        if not str(mail.get("value", f"@{DOMAIN}")).lower().endswith(f"@{DOMAIN}"):
            raise ScimError(400, f"emails: only addresses at {DOMAIN} are taken.", "invalidValue")
