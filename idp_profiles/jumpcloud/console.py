"""What JumpCloud's admin console and its event log show when something fails.

The names of the events and the sentence about the activation come from sources; how an event reads
is not known, so each text puts our words behind the event's name.
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
    certainty: Certainty
    sources: tuple[str, ...]
    scope: str = "object"


def _event(name: str) -> Text:
    return Text(name + " failed for {name}: {reason}", Certainty.INFERRED, ("custom",))


# One general sentence, also when the network is in the way: it hides the cause.
ACTIVATION = Text(
    "There was a problem activating identity management", Certainty.WILD, ("snipe",), "job"
)
LOOKUP = _event("user_lookup_provision")
CREATE = _event("user_create_provision")
UPDATE = _event("user_update_provision")
DEACTIVATE = _event("user_deprovision")
DELETE = _event("user_delete_provision")
GROUP_CREATE = _event("group_create_provision")
GROUP_UPDATE = _event("group_update_provision")
GROUP_DELETE = _event("group_delete_provision")
IMPORT = Text(
    "The users of the application could not be imported: {reason}",
    Certainty.INFERRED,
    ("import",),
    "job",
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A text that knows whom it is about and waits for the reason."""

    text: Text
    name: str = ""

    def refused(self, reply: Reply, because: str) -> Stopped:
        """Return the end that an unusable reply brings."""
        return self.stopped(_reason_of(reply), because)

    def trouble(self, trouble: Trouble) -> Stopped:
        """Return the end that a broken connection brings."""
        return self.stopped(str(trouble), str(trouble))

    def stopped(self, reason: str, because: str) -> Stopped:
        """Return the end with the given reason."""
        shown = self.text.template.format(name=self.name, reason=reason)
        return Stopped(because=because, console=shown, scope=self.text.scope)


def _reason_of(reply: Reply) -> str:
    try:
        detail = member(json_object(reply), "detail")
    except NotJson:
        detail = None
    status = f"{reply.status} {reply.phrase}"
    return f"{status}: {detail}" if isinstance(detail, str) and detail else status
