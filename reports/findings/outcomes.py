"""How the request went that decided a finding, in the words that wording/causes.toml explains."""

from __future__ import annotations

import re

from reports import view
from reports.model import Result

from .attributes import attribute_of
from .deciding import is_beside_the_status
from .shapes import Exchange
from .shapes import done
from .shapes import endpoint
from .shapes import method
from .shapes import only_resource
from .shapes import shape
from .shapes import status

# How a request went, in the words that wording/causes.toml explains.
REFUSED = "refused"  # what has to succeed was answered with an error
CRASHED = "crashed"  # with an error that puts the blame on the server itself
SILENT = "silent"  # with nothing
SHUT = "shut"  # with an error that is about every such request, whatever it wants
IGNORED = "ignored"  # it was answered as done, and a later request shows otherwise
LEFT = "left"  # it was answered as done, and something else still shows what was deleted
ODD_AFTER = "odd-after"  # it was answered as done, and the status of a later request is wrong
GONE = "gone"  # it was answered as made, and a later request does not find it
STALE = "stale"  # it was answered with the new values, and a later request shows others
ACCEPTED = "accepted"  # it was answered as done, where an error has to be the answer
REPLY = "reply"  # it was answered as done, with a reply that is not as it has to be
ODD = "odd"  # with a status that SCIM does not know, of an error or of success
STATUS = "status"  # it was answered as done, with a status that the IdP does not go on after
TYPED = "typed"  # an attribute is shown with a value of another JSON type, whatever the request
UNASKED = "unasked"  # an attribute is shown that the request did not ask for, whatever it asked
UNSHOWN = "unshown"  # an attribute that is always there is not shown, whatever the request

SHUT_STATUSES = {
    401: "Authorization",
    406: "Accept",
    415: "Content-Type",
    429: "",
    503: "",
    502: "",
}
# RFC 7644 section 3.12, table 8; 405 is HTTP's own.
_KNOWN_ERRORS = (400, 401, 403, 404, 405, 409, 412, 413, 500, 501)
_KNOWN_SUCCESS = (200, 201, 204, 304, 307, 308)
_ERROR_ASKED = re.compile(r"\b[45]\d\d\b|refus|(?<!:)\berror", re.IGNORECASE)


def outcome_of(result: Result, shown: Exchange, deciding: Exchange) -> str:
    """Return how the deciding request went, as one of the constants of this module."""
    came, expected = status(shown), result.expected or ""
    if came is None:
        return SILENT
    if deciding is not shown:
        return _undone(result, shown, deciding)
    asked = bool(_ERROR_ASKED.search(expected))
    if came >= 400 and is_beside_the_status(result, came):
        return REPLY
    if came < 400:
        return ACCEPTED if asked else _answered(came, result)
    if came in SHUT_STATUSES and str(came) not in expected:
        return SHUT
    if came >= 500 and not re.search(r"\b5\d\d\b", expected):
        return CRASHED
    if asked:
        return REPLY if came in _KNOWN_ERRORS else ODD
    return CRASHED if came >= 500 else REFUSED


def _undone(result: Result, shown: Exchange, deciding: Exchange) -> str:
    """Return how a write went that a later request shows not to have been done."""
    if status(shown) == 404:
        return GONE
    if method(deciding) == "DELETE" and endpoint(deciding) != endpoint(shown):
        return LEFT
    if method(deciding) == "DELETE" and not done(shown):
        return ODD_AFTER
    told, read = view.part(deciding, "response").get("body"), only_resource(shown)
    if not isinstance(told, dict) or read is None:
        return IGNORED
    named = attribute_of(result) or ("active" if "active" in shape(deciding).detail else "")
    differs = any(told.get(name) != read.get(name) for name in named.split("+") if name in told)
    return STALE if differs else IGNORED


def _answered(came: int, result: Result) -> str:
    """Return how a request went that was answered as done."""
    if came not in _KNOWN_SUCCESS:
        return ODD
    return STATUS if f"was answered with {came}" in (result.actual or "") else REPLY
