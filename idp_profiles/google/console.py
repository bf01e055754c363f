"""What Google's admin console shows when something fails: a line in the provisioning report.

That failures are logged is documented; how the lines read is not.
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


@dataclass(frozen=True, slots=True)
class Text:
    """One message: its wording with places to fill in, what stops with it, and who shows it."""

    template: str
    certainty: Certainty = Certainty.INFERRED
    sources: tuple[str, ...] = ("ory",)
    scope: str = "object"


PROBE = Text("The endpoint URL or the access token could not be verified: {reason}", scope="job")
LOOKUP = Text("Provisioning report: looking up {name} failed: {reason}")
CREATE = Text("Provisioning report: creating {name} failed: {reason}")
UPDATE = Text("Provisioning report: updating {name} failed: {reason}")
SUSPEND = Text("Provisioning report: suspending {name} failed: {reason}")
DELETE = Text("Provisioning report: deleting {name} failed: {reason}")


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
