"""One difference, and texts without what is different in every recording."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A placeholder as it stands in a target, where an escape may come right before it.
ANYBODY = re.compile(
    r"(?:(?<![a-z0-9])|(?<=%[0-9a-f][0-9a-f]))(?:person-\d+(?:@|%40)redacted\.invalid|host-\d+\.invalid"
    r"|(?:user|id|name|phone|text|version)-\d+)(?![a-z0-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which a recorded request is not as the profile sends it."""

    part: str
    where: str
    profile: str
    recording: str

    @property
    def sentence(self) -> str:
        """The difference in words."""
        place = f"{self.part}, {self.where}" if self.where else self.part
        return f"{place}: the recording has {self.recording}; the profile sends {self.profile}"


def general(text: str) -> str:
    """Return a text with one and the same sign for every person, id and name."""
    return ANYBODY.sub("{...}", text)
