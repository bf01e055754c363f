"""What authentik shows when something fails: a line in the log of the provider's sync task."""

from __future__ import annotations

from dataclasses import dataclass

from idp_profiles.model import Certainty
from idp_profiles.model import Reply
from idp_profiles.model import Stopped
from idp_profiles.model import Trouble
from idp_profiles.wire import NotJson
from idp_profiles.wire import json_object


class Missing(Stopped):
    """The answer was 404: the link to the object is dropped."""


class Exists(Stopped):
    """The answer was 409."""


class Busy(Stopped):
    """The answer was 429 or 503: the task is run again."""


class Refused(Stopped):
    """The answer was another error, or none came."""


@dataclass(frozen=True, slots=True)
class Text:
    """One message: its wording with places to fill in, and who shows it."""

    template: str
    certainty: Certainty = Certainty.CODE
    sources: tuple[str, ...] = ("sync",)


FAILED = Text("Failed to sync {name} due to error: {reason}")
TRANSIENT = Text("Failed to sync {name} due to transient error: {reason}")
STOPPING = Text("Stopping sync due to error: {reason}")


@dataclass(frozen=True, slots=True)
class Complaint:
    """Knows which object is being synced and waits for the reason."""

    name: str

    def refused(self, reply: Reply, because: str) -> Stopped:
        """Return the end that an unusable reply brings."""
        return self.ended(Refused, reply, because)

    def ended(self, kind: type[Stopped], reply: Reply, because: str) -> Stopped:
        """Return the end of that kind, with the `detail` of a SCIM error as the reason."""
        text = FAILED if kind in {Exists, Missing} else TRANSIENT
        shown = text.template.format(name=self.name, reason=_detail(reply))
        return kind(because=because, console=shown)

    def trouble(self, trouble: Trouble) -> Stopped:
        """Return the end that a broken connection brings."""
        shown = TRANSIENT.template.format(name=self.name, reason="Failed to send request")
        return Refused(because=str(trouble), console=shown)

    def stopping(self, reason: str, because: str) -> Stopped:
        """Return the end of the whole sync."""
        shown = STOPPING.template.format(reason=f"Error {reason}, caused by {self.name}")
        return Stopped(because=because, console=shown, scope="job")


def _detail(reply: Reply) -> str:
    try:
        detail = json_object(reply).get("detail")
    except NotJson:
        detail = None
    return str(detail) if detail else f"{reply.status} {reply.phrase}"
