"""Preconditions: If-Match and If-None-Match against a version (RFC 7644 section 3.14)."""

from __future__ import annotations

import re

from .errors import ScimError
from .messages import Request

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def check_write(request: Request, version: str) -> None:
    """Raise 412 when a write was meant for another version.

    Tags are compared weakly although RFC 9110 wants strong comparison for If-Match: SCIM's own
    examples send weak tags there, which would otherwise never match.
    """
    wanted = request.header("If-Match")
    if wanted is not None and not _matches(wanted, version):
        raise ScimError(412, f"The resource has changed: its version is {version}.")
    unwanted = request.header("If-None-Match")
    if unwanted is not None and _matches(unwanted, version):
        raise ScimError(412, "If-None-Match names the present version.")


def is_known(request: Request, version: str) -> bool:
    """Tell whether the client has this version already, so that 304 is enough."""
    known = request.header("If-None-Match")
    return known is not None and _matches(known, version)


def _matches(header: str, version: str) -> bool:
    if header.strip() == "*":
        return True
    wanted = _TAG.findall(version)
    return any(tag in wanted for tag in _TAG.findall(header))
