"""Okta's provisioning: every change is pushed at once, and a failed task waits for an admin.

The console lists failed tasks, and "Retry Selected" runs them again (sheet, "How errors look").
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from idp_profiles.living.arrival import found_nothing_to_delete
from idp_profiles.living.clock import Clock
from idp_profiles.living.directory import Directory
from idp_profiles.living.engine import Handled
from idp_profiles.living.moves import Move
from idp_profiles.living.pushing import CREATE
from idp_profiles.living.pushing import DELETE
from idp_profiles.living.pushing import UPDATE
from idp_profiles.living.pushing import PushEngine
from idp_profiles.living.pushing import load_pushed
from idp_profiles.living.pushing import save_pushed
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.transport import Send

from .behaviour import Okta
from .behaviour import start as start_okta
from .names import AIW

_RENAMES = {"user_name", "email"}


class Tasks(PushEngine[Okta]):
    """One Okta app integration that lives: pushes, and the list of failed tasks."""

    name = "okta"

    def has_account(self, person: Person) -> bool:
        """Tell whether the person has a link to an account."""
        return self.idp.user_id(person) is not None

    def create(self, person: Person) -> Script:
        """Assign the app: the account is created, or found and linked."""
        return self.idp.assign(person)

    def update(self, person: Person, changes: Mapping[str, Json]) -> Script:
        """Push a profile, or another login or e-mail address."""
        if not set(changes) <= _RENAMES:
            return self.idp.update(person, **changes)
        return self.idp.rename(person, **{name: str(value) for name, value in changes.items()})

    def switch_off(self, person: Person) -> Script:
        """Take the app away, or deactivate the person."""
        return self.idp.deactivate(person)

    def switch_on(self, person: Person) -> Script:
        """Assign the app again."""
        return self.idp.reactivate(person)

    def forget(self, person: Person) -> None:
        """Drop the link: whoever is deleted in Okta stays in the app, inactive."""
        self.idp.forget(person)

    def got_through(self, handled: Handled) -> bool:
        """Tell whether something is done; a group that is not there needs no deletion.

        The error is shown. An admin then unlinks the group and leaves it in the app, which sends
        nothing (sheet, `kbpushtrouble`); that it is done at once is inferred.
        """
        return handled.ok or found_nothing_to_delete(handled)

    def group_moves(self, key: str) -> Iterator[Move]:
        """Yield what has to be done about a pushed group: name, then members."""
        idp, app, group = self.idp, self.app, self.named(key)
        if not (self.directory.has_group(key) and self.directory.is_assigned(key)):
            if key in app.names:
                drop = partial(self._unlinked, key)
                unlink = partial(idp.unlink_group, group, delete=True)
                yield Move("group", key, DELETE, unlink, drop)
            return
        pushed = partial(self.group_pushed, key)
        if key not in app.names:
            yield Move("group", key, CREATE, partial(idp.push_group, group), pushed)
            return
        if app.names[key] != group.name:
            rename = partial(idp.rename_group, group, group.name)
            yield Move("group", key, UPDATE, rename, partial(self._renamed, key, group.name))
        came, left = self.member_changes(key)
        if came or left:
            now = self.app.members.get(key, set()) | {each.idp_id for each in came}
            now -= {each.idp_id for each in left}
            move = partial(idp.change_members, group, came, left)
            yield Move("group", key, UPDATE, move, partial(self._keep_members, key, now))

    def member_changes(self, key: str) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
        """Return who has to come into a pushed group and who has to leave it.

        Who is switched off is not sent, and comes once the account is active again.
        """
        came, left = super().member_changes(key)
        return tuple(each for each in came if each.idp_id not in self.app.off), left

    def group_pushed(self, key: str) -> None:
        """Note that the app has a group with its present name and active members."""
        super().group_pushed(key)
        self.app.members[key] -= self.app.off

    def _unlinked(self, key: str) -> None:
        """Note that a group is linked no more, also where its deletion found nothing."""
        self.idp.forget_group(self.app.names[key])
        self.group_dropped(key)

    def _renamed(self, key: str, name: str) -> None:
        self.app.names[key] = name
        self._keep_members(key, self.app.members.get(key, set()))

    def _keep_members(self, key: str, people: set[str]) -> None:
        """Note who is in a group: a PUT takes those out who are switched off."""
        gone = self.app.off if self.idp.dialect == AIW else set()
        self.app.members[key] = people - gone

    def rotate(self, credential: Credential) -> None:
        """Enter another credential in the app's settings; raises ValueError."""
        self.idp.sign_with(credential)

    def new_key(self, kind: str, name: str) -> str:
        """Return an id as Okta's are: twenty characters that begin with 00u or 00g."""
        letter = "u" if kind == "person" else "g"
        return f"00{letter}{sha256(name.encode()).hexdigest()[:17]}"

    def save(self) -> dict[str, Json]:
        """Return directory, links and failed tasks."""
        return save_pushed(self, self.idp.links.save())

    def load(self, kept: Mapping[str, Json]) -> None:
        """Take up what `save` returned; raises ValueError for anything else."""
        self.idp.links.load(load_pushed(self, kept))


def start(
    *,
    directory: Directory,
    send: Send,
    clock: Clock,
    credential: Credential,
    after: Callable[[Exchange], None] | None = None,
    dialect: str = "oin",
    **settings: Any,  # noqa: ANN401 - those of the profile's own start
) -> Tasks:
    """Return the engine over a mock Okta; raises ValueError naming what does not fit."""
    idp = start_okta(dialect=dialect, credential=credential, **settings)
    return Tasks(idp, directory, send, clock, after=after)
