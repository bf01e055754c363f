"""What Entra's provisioning logs and portal show when something fails.

The codes are those of the logs; the sentences around them are ours, because the logs' own differ
from one report to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from idp_profiles.model import Certainty
from idp_profiles.model import Reply
from idp_profiles.model import Stopped
from idp_profiles.model import Trouble
from idp_profiles.wire import json_object
from idp_profiles.wire import member

_DOC, _WILD, _INFERRED = Certainty.DOC, Certainty.WILD, Certainty.INFERRED
_FAMILY = "SystemForCrossDomainIdentityManagement"


@dataclass(frozen=True, slots=True)
class Code:
    """One code of the logs: what follows, what stops with it, and who says so."""

    name: str
    follows: str
    certainty: Certainty
    sources: tuple[str, ...]
    scope: str = "object"


_RETRIED = "retried in the next cycle, then less and less often"
_QUARANTINE = "the job goes into quarantine"

CREDENTIALS = Code("InvalidCredentials", _QUARANTINE, _DOC, ("D4", "W1"), "job")
INCOMPATIBLE = Code(f"{_FAMILY}ServiceIncompatible", _QUARANTINE, _WILD, ("D4", "W1"), "job")
UNREADABLE = Code(f"{_FAMILY}ServiceIncompatible", _RETRIED, _WILD, ("W37",))
ANCHOR = Code("InvalidAnchor", "stays broken until a restart with a full reset", _DOC, ("D11",))
DUPLICATES = Code("DuplicateTargetEntries", "the object is skipped", _DOC, ("W6", "D11"))
TOO_MANY = Code("TooManyRequests", _RETRIED, _DOC, ("D11",))
SERVER = Code("InternalServerError", "retried in 40 minutes", _DOC, ("D11",))
TIMEOUT = Code("Timeout", "retried in 40 minutes", _DOC, ("D11",))
TOKEN = Code(
    "CredentialValidationUnavailable", "the settings cannot be saved", _WILD, ("W1",), "job"
)
NOT_FOUND_AGAIN = Code(
    "EntryConflict", "it would be created a second time", _INFERRED, ("W35", "D11")
)
VALIDATION = Code("SFComplianceFailed", "the test is counted as failed", _WILD, ("W2", "C2"))

_BY_STATUS: Mapping[int, Code] = {
    400: Code(f"{_FAMILY}BadRequest", _RETRIED, _WILD, ("onepassword82",)),
    401: CREDENTIALS,
    403: Code("InsufficientRights", _RETRIED, _INFERRED, ("D11",)),
    405: Code("MethodNotAllowed", _RETRIED, _INFERRED, ("D11",)),
    409: Code("EntryConflict", "the data or the matching has to be mended", _DOC, ("D11",)),
    422: Code("UnprocessableEntity", _RETRIED, _INFERRED, ("D11",)),
    429: TOO_MANY,
}
_OTHER = Code(f"{_FAMILY}ServiceIncompatible", _RETRIED, _INFERRED, ("D11",))


@dataclass(frozen=True, slots=True)
class Complaint:
    """Who or what a request is about, and what it is for.

    `missing` is the code of a 404: a filter without a match has to be answered with 200. `probe`
    marks what decides about the whole job; `token` a request to the token endpoint.
    """

    about: str
    missing: Code = _OTHER
    probe: bool = False
    token: bool = False

    def refused(self, reply: Reply, because: str) -> Stopped:
        """Return the end that an unusable reply brings."""
        return self.stopped(self._code(reply.status), because, said_by(reply))

    def trouble(self, trouble: Trouble) -> Stopped:
        """Return the end that a broken connection brings."""
        return self.stopped(TIMEOUT, str(trouble))

    def stopped(self, code: Code, because: str, said: str = "") -> Stopped:
        """Return the end with a code of the logs."""
        code = TOKEN if self.token else code
        shown = f"{code.name}: {self.about} ({code.follows})."
        if said:
            shown += f" The application said: {said}"
        scope = "job" if self.probe or self.token else code.scope
        return Stopped(because=because, console=shown, scope=scope)

    def _code(self, status: int) -> Code:
        if status == 404:
            return self.missing
        if status >= 500:
            return SERVER
        if status < 300:
            # The status was right, and what came with it was not.
            return INCOMPATIBLE if self.probe else UNREADABLE
        return _BY_STATUS.get(status, INCOMPATIBLE if self.probe else _OTHER)


def said_by(reply: Reply) -> str:
    """Return `detail` of a SCIM error, or what the portal says of a body that is none."""
    if not reply.body.strip():
        return ""
    try:
        detail = member(json_object(reply), "detail")
    except ValueError:
        return "nothing that can be read (not able to deserialize the resource)"
    return detail if isinstance(detail, str) else ""
