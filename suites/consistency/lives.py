"""A user who is created, replaced and deleted, each of it twice, and read at once after each."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from idp_profiles.model import Json
from suites.client import Seen
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.values import quoted
from suites.values import values_at
from suites.verbs import Made

NEW = "A new name"
NAMES = ("displayName", "nickName", "title")  # which a server may make itself (RFC 7643 section 7)
GONE = (404, 410)
PAUSE = 0.1  # seconds between two looks while the settle time runs


@dataclass(frozen=True, slots=True)
class Look:
    """The last of some reads after a write, and how long it took until it showed what it should."""

    reply: Seen
    shows: bool
    seconds: float
    times: int

    @property
    def lag(self) -> str:
        """What a report says of it."""
        if not self.shows:
            return f"not within {self.seconds:.1f} s"
        return "at once" if self.times == 1 else f"after {self.seconds:.1f} s"


@dataclass(frozen=True, slots=True)
class Life:
    """What was written, and the looks and replies after each write."""

    made: Made
    body: dict[str, Json]
    looks: dict[str, Look]
    replies: dict[str, Seen]


def live(lab: Lab, features: Capabilities) -> Life:
    """Let a user live, and look at it by id and by name at once after every write."""
    made = lab.plain_user()
    view = _View(lab, made, filters=features.has("filter"))
    scim = lab.scim
    looks = view.after("created", lambda r: r.status == 200, lambda r: made.id in _ids(r))
    replies = {"create again": scim.post("/Users", dict(made.sent))}
    replies["after create"] = view.seek() if view.filters else view.read()
    name = lab.definitions.changeable(*NAMES)
    body = {**looks["created, read"].reply.object(), name: NEW}
    replies["put"] = scim.put(made, body)
    looks |= view.after("changed", lambda r: NEW in _names(r), lambda r: NEW in _names(r))
    replies["put again"] = scim.put(made, body)
    replies["after put"] = lab.read(made)
    replies["delete"] = scim.delete(made)
    looks |= view.after("deleted", lambda r: r.status in GONE, lambda r: made.id not in _ids(r))
    replies["delete again"] = scim.delete(made)
    return Life(made, body, looks, replies)


@dataclass(frozen=True, slots=True)
class _View:
    """How a user is looked at: by id, and where there are filters by userName."""

    lab: Lab
    made: Made
    filters: bool

    def read(self) -> Seen:
        return self.lab.scim.client.send("GET", self.made.path, settle=False)

    def seek(self) -> Seen:
        text = quote(f"userName eq {quoted(self.made.value('userName'))}", safe="")
        return self.lab.scim.client.send("GET", f"/Users?filter={text}", settle=False)

    def after(
        self, word: str, shows: Callable[[Seen], bool], found: Callable[[Seen], bool]
    ) -> dict[str, Look]:
        """Look at the user right after a write."""
        looks = {f"{word}, read": _look(self.lab, self.read, shows)}
        if self.filters:
            looks[f"{word}, found"] = _look(self.lab, self.seek, found)
        return looks


def _look(lab: Lab, ask: Callable[[], Seen], shows: Callable[[Seen], bool]) -> Look:
    """Read until the write shows or the settle time of the target is over."""
    started, times = time.monotonic(), 0
    while True:
        reply = ask()
        times += 1
        passed = time.monotonic() - started
        if shows(reply) or passed >= lab.target.settle:
            lag = lab.scim.client.lag
            if shows(reply) and times > 1:
                lag.saw(passed)
            else:
                lag.read()
            return Look(reply, shows(reply), passed, times)
        time.sleep(PAUSE)


def _ids(reply: Seen) -> list[Json]:
    return values_at(reply.object(), "Resources.id")


def _names(reply: Seen) -> list[Json]:
    """Return the names of a user, or of those in a list."""
    paths = [f"{place}{name}" for place in ("", "Resources.") for name in NAMES]
    return [value for path in paths for value in values_at(reply.object(), path)]
