"""The resources of every type that the server lists, each list as it came."""

from __future__ import annotations

from urllib.parse import urlsplit

from suites.client import Seen
from suites.making.lab import Lab
from suites.schemas.definitions import ResourceType

MANY = 12  # resource types that are looked at
PAGE = 10  # resources of each
_USUAL = ("User", "Group")
# Servers that list their discovery endpoints as types too are right; these follow other rules.
_ABOUT = frozenset(
    f"urn:ietf:params:scim:schemas:core:2.0:{name}".lower()
    for name in ("ServiceProviderConfig", "ResourceType", "Schema")
)


def is_about(kind: ResourceType) -> bool:
    """Return whether a type is one of discovery and not of resources."""
    return kind.schema.lower() in _ABOUT


def is_custom(kind: ResourceType) -> bool:
    """Return whether a type is neither that of users nor groups nor one of discovery."""
    return kind.name not in _USUAL and not is_about(kind)


def is_relative(endpoint: str) -> bool:
    """Return whether an endpoint is a path below the base URL (RFC 7643 section 6)."""
    parts = urlsplit(endpoint)
    return not parts.scheme and not parts.netloc


def lists(lab: Lab) -> dict[str, Seen]:
    """Return the beginning of the list at the endpoint of each resource type, by its name.

    An endpoint that is no relative path leads nowhere below the base URL, and is left out.
    """
    return {
        each.name: lab.scim.get(f"/{each.endpoint.lstrip('/')}", count=PAGE)
        for each in lab.definitions.types[:MANY]
        if not is_about(each) and is_relative(each.endpoint)
    }
