"""What OneLogin's console shows when something fails: a user's state, or the connection's.

The states are documented, the sentences behind them are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from idp_profiles.model import Certainty
from idp_profiles.model import Reply
from idp_profiles.model import Stopped
from idp_profiles.model import Trouble
from idp_profiles.wire import NotJson
from idp_profiles.wire import json_object
from idp_profiles.wire import member

PROVISIONED, PENDING, FAILED, UNKNOWN = "Provisioned", "Pending", "Failed", "Unknown"


@dataclass(frozen=True, slots=True)
class Text:
    """One message: its wording with places to fill in, what stops with it, and who shows it."""

    template: str
    certainty: Certainty = Certainty.INFERRED
    sources: tuple[str, ...] = ("clockwise",)
    scope: str = "object"


ENABLE = Text("API Connection stays disabled: {reason}", sources=("calls",), scope="job")
LOOKUP = Text("{name}: Failed (look-up): {reason}")
CREATE = Text("{name}: Failed (create user): {reason}")
UPDATE = Text("{name}: Failed (update user): {reason}")
SUSPEND = Text("{name}: Failed (suspend user): {reason}")
DELETE = Text("{name}: Failed (delete user): {reason}")
MEMBERSHIP = Text("{name}: the membership could not be changed: {reason}", sources=("log",))
GROUP = Text("The group {name} could not be created: {reason}", sources=("calls",))
GROUPS = Text("The groups of the app could not be read: {reason}", sources=("calls",), scope="job")
SYNC = Text("Sync Logins failed: {reason}", scope="job")


@dataclass(frozen=True, slots=True)
class Complaint:
    """A text that knows whom it is about and waits for the reason."""

    text: Text
    name: str = ""

    def refused(self, reply: Reply, because: str) -> Stopped:
        """Return the end that an unusable reply brings."""
        try:
            detail = member(json_object(reply), "detail")
        except NotJson:
            detail = None
        status = f"{reply.status} {reply.phrase}"
        return self.stopped(f"{status}: {detail}" if detail else status, because)

    def trouble(self, trouble: Trouble) -> Stopped:
        """Return the end that a broken connection brings."""
        return self.stopped(str(trouble), str(trouble))

    def stopped(self, reason: str, because: str) -> Stopped:
        """Return the end with the given reason."""
        shown = self.text.template.format(name=self.name, reason=reason)
        return Stopped(because=because, console=shown, scope=self.text.scope)
