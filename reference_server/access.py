"""Access: what a credential is good for (RFC 7644 section 2), decided before anything is read.

Three kinds are enough to tell client applications from people who look after their own entry
(section 7.7): everything, reading everything, and one's own user.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from .errors import ScimError


class Access(StrEnum):
    """The policy that a credential is mapped to."""

    ALL = "all"
    READ = "read"
    OWN = "own"


_READING = ("GET", "HEAD", "OPTIONS")
_SELF_SERVICE = (*_READING, "PUT", "PATCH")


def check_access(
    access: Access, method: str, segments: tuple[str, ...], own: Callable[[], tuple[str, ...]]
) -> None:
    """Raise 403 for a request beyond a policy; `own` finds the path of the credential's user."""
    if access is Access.READ and method not in _READING and segments[-1:] != (".search",):
        raise ScimError(403, "This credential may read, and nothing else.")
    if access is Access.OWN and not _is_own(method, segments, own):
        raise ScimError(403, "This credential may read and change its own user, and nothing else.")


def _is_own(method: str, segments: tuple[str, ...], own: Callable[[], tuple[str, ...]]) -> bool:
    if segments[:1] in (("ServiceProviderConfig",), ("ResourceTypes",), ("Schemas",)):
        return method in _READING
    return method in _SELF_SERVICE and segments in (("Me",), own())
