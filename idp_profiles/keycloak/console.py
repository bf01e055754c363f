"""What Keycloak shows when something fails: a line in the server's log."""

from __future__ import annotations

from dataclasses import dataclass

from idp_profiles.model import Reply
from idp_profiles.model import Stopped
from idp_profiles.model import Trouble


class Unread(Stopped):
    """The server accepted, but its reply does not show what is read back."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Knows what is being sent and waits for the reason."""

    name: str

    def refused(self, reply: Reply, because: str) -> Stopped:
        """Return the end that an unusable reply brings: the body and the status are logged."""
        body = reply.body.decode("utf-8", errors="replace")
        return Stopped(because=because, console=f"WARN {body} {reply.status}".replace("  ", " "))

    def trouble(self, trouble: Trouble) -> Stopped:
        """Return the end that a broken connection brings."""
        return Stopped(because=str(trouble), console=f"ERROR {trouble}")

    def unread(self, missing: str) -> Stopped:
        """Return the end that a reply without a needed member brings."""
        because = f"the reply to the create of {self.name!r} has no {missing}: the link is lost"
        return Unread(because=because, console="ERROR No value present")

    def unmapped(self) -> Stopped:
        """Return the end of a change to what was never linked; nothing is sent."""
        shown = f"WARN failed to replace resource {self.name}, scim mapping not found"
        return Stopped(because=f"{self.name!r} has no link", console=shown)
