"""Settings: what the documentation leaves open, so that each reading can be tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from typing import Any

CHOICES: Mapping[str, tuple[str, ...]] = {
    "subscription": ("enterprise", "teams"),
    "at_threshold": ("trial", "switch"),
    "inactive": ("delete", "keep"),
    "edition": ("licences", "accounts"),
    "group_replies": ("whole", "bare"),
}


class SettingsError(ValueError):
    """A setting that there is not, or a value that it cannot have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One simulated product among those that the documentation allows.

    `at_threshold`: the help page says "up to 10" for the trial and "10+" for the switch; this says
    which of them holds at exactly so many. `inactive`: the directory service deletes a user who
    becomes inactive, or keeps the user as inactive. `edition`: in one edition of the help page the
    directory brings users and their attributes (`accounts`), in a later one it says who has a paid
    licence and nothing else (`licences`). `group_replies`: `bare` answers about groups as a
    readable server with the same job does, without members and with 200 for DELETE. `owner_key` is
    the API key of the first admin; one is made up when it is empty.
    """

    subscription: str = "enterprise"
    threshold: int = 10
    at_threshold: str = "trial"
    inactive: str = "delete"
    edition: str = "licences"
    group_replies: str = "whole"
    owner_key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            value = getattr(self, name)
            if value not in choices:
                raise SettingsError(f"{name} is one of {', '.join(choices)}, not {value!r:.60}")
        if isinstance(self.threshold, bool) or not isinstance(self.threshold, int):
            raise SettingsError(f"threshold is a number, not {self.threshold!r:.60}")
        if not isinstance(self.owner_key, str):
            raise SettingsError("owner_key is a text")
        if self.threshold < 1:
            raise SettingsError(f"threshold is at least 1, not {self.threshold}")

    def to_json(self) -> dict[str, Any]:
        """Return the settings by their names, without the key."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.repr}

    def changed(self, changes: Mapping[str, Any]) -> Settings:
        """Return the settings with some of them changed; raises SettingsError."""
        if "owner_key" in changes:
            raise SettingsError("owner_key is for the start only")
        return settings_from({**self.to_json(), **changes, "owner_key": self.owner_key})


def settings_from(given: Mapping[str, Any]) -> Settings:
    """Return the settings that a mapping describes; raises SettingsError."""
    known = {each.name for each in fields(Settings)}
    for name in given:
        if name not in known:
            raise SettingsError(f"there is no setting {name!r:.60}; known: {sorted(known)}")
    return Settings(**given)
