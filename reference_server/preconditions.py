"""Preconditions: If-Match and If-None-Match against a version (RFC 7644 section 3.14).

Tags are compared weakly although RFC 9110 wants strong comparison for If-Match: SCIM's own
examples send weak tags there, which would otherwise never match. A resource that does not exist
answers 404 whatever the precondition (RFC 9110 section 13.2.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Sequence

from .errors import ScimError
from .messages import Headers
from .messages import Request

_START = frozenset(("If-", "if-", "IF-", "iF-"))
# `W/` is case exact (RFC 9110 section 8.8.3): `w/"1"` is no tag at all.
_TAG = re.compile(r'(?<![^\s,])(?:W/)?("[^"]*")')


def check_write(request: Request, version: Callable[[], str]) -> None:
    """Raise 412 when a write was meant for another version; which one it is takes time to find."""
    conditions = _conditions(request)
    if conditions:
        current = version()
        if _is_known(conditions, current):
            raise ScimError(412, f"If-None-Match: {current} is the present version.")


def is_known(request: Request, version: str) -> bool:
    """Tell whether a reader has this version already, so that 304 is enough; or raise 412."""
    conditions = _conditions(request)
    return bool(conditions) and _is_known(conditions, version)


def _conditions(request: Request) -> Headers:
    return tuple(each for each in request.headers if each[0][:3] in _START)


def _is_known(conditions: Headers, version: str) -> bool:
    """Hold If-Match against a version, then tell whether If-None-Match has it."""
    wanted = _joined(conditions, "if-match")
    if wanted is not None and not _matches(wanted, version):
        raise ScimError(412, f"If-Match: the resource has changed, its version is {version}.")
    known = _joined(conditions, "if-none-match")
    return known is not None and _matches(known, version)


def _joined(conditions: Sequence[tuple[str, str]], name: str) -> str | None:
    """Return a header field, its lines joined; a list may come in several."""
    lines = [value for given, value in conditions if given.lower() == name]
    return ", ".join(lines) if lines else None


def _matches(field: str, version: str) -> bool:
    if field.strip() == "*":
        return True
    wanted = _TAG.findall(version)
    return any(tag in wanted for tag in _TAG.findall(field))
