"""What Okta's admin console shows when something fails.

Each text says where its wording comes from; an `inferred` one follows the pattern of the others,
because no source shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from idp_profiles.model import Certainty
from idp_profiles.model import Reply
from idp_profiles.model import Stopped
from idp_profiles.model import Trouble
from idp_profiles.wire import json_object
from idp_profiles.wire import member

_DOC, _WILD, _INFERRED = Certainty.DOC, Certainty.WILD, Certainty.INFERRED


@dataclass(frozen=True, slots=True)
class Text:
    """One message: its wording with places to fill in, what stops with it, and who shows it."""

    template: str
    certainty: Certainty
    sources: tuple[str, ...]
    scope: str = "object"


_ASSIGN = "Automatic provisioning of user {user} to app {app} failed: "
_MAPPING = "Unable to update Group Push mapping target App group {group}: "

VERIFY = Text(
    _ASSIGN + "Error while verifying if user {user} exists: {reason}", _DOC, ("kbunauth",)
)
CREATE = Text(_ASSIGN + "Error while creating user {display}: {reason}", _DOC, ("ref20",))
PROFILE = Text(
    "Error while trying to push profile update for {user}: {reason}", _WILD, ("profileerr",)
)
DEACTIVATE = Text(
    "Automatic deprovisioning of user {user} from app {app} failed: {reason}", _INFERRED, ()
)
REACTIVATE = Text(_ASSIGN + "Error while reactivating user {user}: {reason}", _INFERRED, ())
PASSWORD = Text("Error while trying to push password update for {user}: {reason}", _INFERRED, ())
GROUP_LOOKUP = Text(
    _MAPPING + "Error while verifying if group {group} exists: {reason}", _INFERRED, ()
)
GROUP_CREATE = Text(_MAPPING + "Error while creating user group {group}: {reason}", _INFERRED, ())
GROUP_UPDATE = Text(_MAPPING + "Error while updating user group {group}: {reason}", _INFERRED, ())
GROUP_MEMBERS = Text(
    _MAPPING + "Error while updating user group membership for group {group} {reason}",
    _WILD,
    ("kc144",),
)
GROUP_DELETE = Text(_MAPPING + "Error while deleting user group {group}: {reason}", _INFERRED, ())
CONNECTION = Text("Error authenticating: {reason}", _WILD, ("gitlab",), "job")
IMPORT = Text("Error while importing from app {app}: {reason}", _INFERRED, (), "job")
DISCOVERY = Text(
    "Error while reading the entitlements of app {app}: {reason}", _INFERRED, (), "job"
)
SCHEMA = Text("Error while importing the user schema of app {app}: {reason}", _INFERRED, (), "job")

EMPTY_USER = "Create new user returned empty user."
RATE_LIMITED = "API rate limiting: the app still answers 429 after ten attempts."


@dataclass(frozen=True, slots=True)
class Complaint:
    """A text with everything filled in but the reason."""

    text: Text
    app: str
    user: str = ""
    display: str = ""
    group: str = ""

    def refused(self, reply: Reply, because: str) -> Stopped:
        """Return the end that an unusable reply brings."""
        if self.text is CONNECTION and reply.status == 404:
            # A wrong path looks the same as a host that cannot be reached.
            return self.stopped("null", because)
        return self.stopped(reason_of(reply), because)

    def trouble(self, trouble: Trouble) -> Stopped:
        """Return the end that a broken connection brings; no source shows its wording."""
        return self.stopped("null" if self.text is CONNECTION else str(trouble), str(trouble))

    def stopped(self, reason: str, because: str) -> Stopped:
        """Return the end with the given reason."""
        shown = self.text.template.format(
            user=self.user, display=self.display, app=self.app, group=self.group, reason=reason
        )
        return Stopped(because=because, console=shown, scope=self.text.scope)


def reason_of(reply: Reply) -> str:
    """Return the reason phrase and what the server said, in the console's pattern."""
    said = complaint_of(reply)
    return (
        f"{reply.phrase}. Errors reported by remote server: {said}" if said else f"{reply.phrase}."
    )


def complaint_of(reply: Reply) -> str:
    """Return `detail` of a SCIM error, or what Okta's JSON parser says of another body."""
    try:
        detail = member(json_object(reply), "detail")
    except ValueError:
        return parser_message(reply.body)
    return detail if isinstance(detail, str) else ""


def parser_message(body: bytes) -> str:
    """Return the parser's complaint about a body that is no JSON, '' about an empty one."""
    text = body.decode("utf-8", errors="replace").lstrip()
    if not text:
        return ""
    found = re.match(r"\w+|.", text, re.DOTALL)
    token = found.group() if found else ""
    return f"Invalid JSON: Unrecognized token '{token}' ... line: 1, column: {len(token) + 1}"
