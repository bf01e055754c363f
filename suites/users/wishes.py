"""New users with values of all kinds: what was sent, whether it was taken, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace

from idp_profiles.model import Json
from idp_profiles.wire import merge
from suites.client import Seen
from suites.crud.lives import create
from suites.making.bodies import changed
from suites.making.bodies import plain_user
from suites.making.lab import CREATES
from suites.making.lab import Lab
from suites.making.lab import refusal
from suites.values import is_empty
from suites.values import items
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

Changes = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Wish:
    """Some attributes that a user was to have: what was sent, the answer, and the user after it."""

    changes: Changes
    reply: Seen
    read: Seen | None
    made: Made | None = None

    @property
    def taken(self) -> bool:
        """Whether the server did not refuse."""
        return self.read is not None

    @property
    def after(self) -> Seen:
        """The user as it was read; raises NotOffered where the server refused the values."""
        if self.read is None:
            names = ", ".join(self.changes)
            why = refusal(f"the server refuses this {names}: it", self.reply)
            raise NotOffered(why)
        return self.read

    def kept(self, path: str) -> Seen:
        """Return the user where there is a value at a path, else skip the case."""
        if not values_at(self.after.object(), path):
            raise NotOffered(f"the server keeps no {path} of a user")
        return self.after

    def several(self, path: str) -> Seen:
        """Return the user where all values of an array are there, else skip the case."""
        if len(items(self.value(path))) < len(items(self.sent(path))):
            raise NotOffered(f"the server keeps fewer of {path} than it is given")
        return self.after

    def value(self, path: str) -> Json:
        """Return what the server shows at a path, or None."""
        return value_at(self.after.object(), path)

    def sent(self, path: str) -> Json:
        """Return what was sent at a path, or None."""
        return value_at(dict(self.changes), path)


def wished(wishes: Mapping[str, Changes], send: Callable[[Changes], Wish]) -> dict[str, Wish]:
    """Send all of these values at once, or each by itself where that is refused."""
    everything: dict[str, Json] = {}
    for changes in wishes.values():
        everything = merge(everything, dict(changes))
    together = send(everything)
    if together.taken or len(wishes) == 1:
        return {name: replace(together, changes=changes) for name, changes in wishes.items()}
    alone = {name: send(changes) for name, changes in wishes.items()}
    if not any(each.taken for each in alone.values()) and not (plain := send({})).taken:
        reason = f"{refusal('POST /Users', plain.reply)} to a user with nothing unusual"
        raise Blocked(reason, by=CREATES, entry=plain.reply.entry)
    return alone


def by_post(lab: Lab) -> Callable[[Changes], Wish]:
    """Return the way to send values in a new, otherwise plain user."""

    def send(changes: Changes) -> Wish:
        body = changed(plain_user(lab.people.person()), changes)
        posted = create(lab, "wish", lab.user_bodies(body)[0])
        return Wish(changes, posted.reply, posted.read, posted.made)

    return send


def by_put(lab: Lab, made: Made) -> Callable[[Changes], Wish]:
    """Return the way to send values in a PUT of a user who is as it was made but for them."""

    def send(changes: Changes) -> Wish:
        body = lab.user_bodies(changed(dict(made.sent), changes))[0]
        reply = lab.scim.put(made, body)
        return Wish(changes, reply, lab.read(made) if 200 <= reply.status < 300 else None, made)

    return send


def shown_as_sent(wish: Wish, path: str) -> bool:
    """Return whether a value is there and is what was sent, letter for letter."""
    return not is_empty(wish.value(path)) and wish.value(path) == wish.sent(path)
