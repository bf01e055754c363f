"""Keycloak's provisioning by the extension: every event at once, a full sync now and then.

A request is repeated while the network fails. What the server refuses is logged and ignored; the
full sync sends it once more, but it passes over whoever is disabled.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from idp_profiles.living.clock import DAY
from idp_profiles.living.clock import Clock
from idp_profiles.living.directory import Directory
from idp_profiles.living.directory import State
from idp_profiles.living.engine import Handled
from idp_profiles.living.engine import Pending
from idp_profiles.living.engine import Turn
from idp_profiles.living.moves import Move
from idp_profiles.living.pushing import CREATE
from idp_profiles.living.pushing import DELETE
from idp_profiles.living.pushing import SWITCH_OFF
from idp_profiles.living.pushing import SWITCH_ON
from idp_profiles.living.pushing import UPDATE
from idp_profiles.living.pushing import changed_fields
from idp_profiles.living.syncing import SYNC
from idp_profiles.living.syncing import SyncEngine
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.transport import Send

from .behaviour import Keycloak
from .behaviour import start as start_keycloak
from .names import MITODL

# Inferred: that there is a full sync is in the code; how often it runs is the admin's choice, and
# this is what we remember of the console's suggestion.
_EVERY = 7 * DAY
_PRESENT = (State.ENABLED, State.BLOCKED)
_ADMIN = "admin"


class Events(SyncEngine[Keycloak]):
    """One user federation of Keycloak that lives: the events of a realm, and the full sync.

    A realm has no assignments: every user and every group is sent, whatever the app's scope is.
    """

    name = "keycloak"

    def __init__(
        self,
        idp: Keycloak,
        directory: Directory,
        send: Send,
        clock: Clock,
        *,
        every: float | None,
        after: Callable[[Exchange], None] | None = None,
    ) -> None:
        super().__init__(idp, directory, send, clock, every=every, after=after)
        # Whose creation was an event already; it is none a second time.
        self.announced: set[str] = set()

    def has_account(self, person: Person) -> bool:
        """Tell whether the user has a link to an account."""
        return person.idp_id in self.announced and self.idp.user_id(person) is not None

    def wants(self, key: str) -> bool:
        """Tell whether somebody is an enabled user of the realm; nobody is assigned."""
        return self.directory.state(key) is State.ENABLED

    def create(self, person: Person) -> Script:
        """Create the user, without looking whether there is one."""
        return self.idp.assign(person)

    def update(self, person: Person, changes: Mapping[str, Json]) -> Script:
        """Send the user; who has no link sends nothing and stays without."""
        self.idp.know(person, enabled=self.wants(person.idp_id))
        return self.idp.update(person, **changes)

    def switch_off(self, person: Person) -> Script:
        """Disable the user."""
        return self.idp.deactivate(person)

    def switch_on(self, person: Person) -> Script:
        """Enable the user again."""
        return self.idp.reactivate(person)

    def forget(self, person: Person) -> None:
        """Take somebody out of the realm."""
        self.announced.discard(person.idp_id)
        self.idp.drop(person)

    # -- events

    def person_moves(self, key: str) -> Iterator[Move]:
        """Yield what the events of a user lead to; a deletion is final, there is no bin."""
        person = self.directory.person(key)
        if self.directory.state(key) not in _PRESENT:
            if key in self.announced:
                yield Move("person", key, DELETE, partial(self._delete, person))
        elif key not in self.announced:
            yield Move("person", key, CREATE, partial(self._announce, person), self._sent_of(key))
        elif not self.has_account(person):
            # Nothing goes out: the extension logs that it knows no account.
            push = partial(self.update, person, {})
            yield Move("person", key, UPDATE, push, self._sent_of(key))
        else:
            yield from self._changes(key, person)

    def _changes(self, key: str, person: Person) -> Iterator[Move]:
        enabled, off = self.wants(key), self.app.off
        if enabled == (key in off):
            act, word = (self.switch_on, SWITCH_ON) if enabled else (self.switch_off, SWITCH_OFF)
            yield Move("person", key, word, partial(act, person), self._state_of(key))
        changes = changed_fields(self.app.sent.get(key), person)
        # An event that may have arrived is followed by one that tells how it is now.
        if changes or key in self.app.unsure:
            push = partial(self.update, person, changes)
            yield Move("person", key, UPDATE, push, self._sent_of(key))

    def group_moves(self, key: str) -> Iterator[Move]:
        """Yield what the events of a group lead to: its name, then each member by itself."""
        idp, app, group = self.idp, self.app, self.named(key)
        if not self.directory.has_group(key):
            if key in self.announced:
                yield Move("group", key, DELETE, partial(self._delete_group, group))
            return
        if key not in self.announced:
            form = partial(self._form, group)
            yield Move("group", key, CREATE, form, partial(self.group_pushed, key))
            return
        idp.know_group(group)
        if app.names.get(key) != group.name:
            rename = partial(idp.rename_group, group, group.name)
            yield Move("group", key, UPDATE, rename, partial(app.names.update, {key: group.name}))
        came, left = self.member_changes(key)
        for one in came:
            yield self.join_move(key, partial(idp.add_member, group, one), [one])
        for one in left:
            yield self.leave_move(key, partial(idp.remove_member, group, one), [one])

    # -- the full sync

    def sync_moves(self) -> Iterator[Move]:
        """Yield every user and every group: what has a link is sent, what has none is created."""
        for person in self.directory.people:
            key = person.idp_id
            # Disabled users and the admin are left out.
            if self.wants(key) and person.user_name != _ADMIN:
                self.announced.add(key)
                self.idp.know(person, enabled=True)
                linked = self.has_account(person)
                again = self.idp.update if linked else self.idp.assign
                yield Move("person", key, SYNC, partial(again, person), self._sent_of(key))
        for group in self.directory.groups:
            self.announced.add(group.idp_id)
            self.idp.know_group(group)
            again_group = self._send_group if self.idp.group_id(group) else self.idp.push_group
            pushed = partial(self.group_pushed, group.idp_id)
            yield Move("group", group.idp_id, SYNC, partial(again_group, group), pushed)

    def full_sync(self) -> list[Handled]:
        """Send everything; who could not be disabled stays pending, for no sync looks at them."""
        left = [each for each in self.pending if self._is_passed_over(each)]
        handled = super().full_sync()
        self.take_up([*left, *self.pending])
        return handled

    @property
    def pending(self) -> tuple[Pending, ...]:
        """What was refused; the full sync is no help for disabled users with an account."""
        failed = super().pending
        passed_over = {each.key for each in failed if self._is_passed_over(each)}
        return tuple(
            replace(each, due=None) if each.key in passed_over else each
            for each in failed
            if each.key not in passed_over or self.has_account(self.directory.person(each.key))
        )

    def retry(self) -> Turn:
        """Sync all users, and save disabled ones once more, as an admin does."""
        again = [each.key for each in self.pending if self._is_passed_over(each)]
        self.take_up([each for each in self.pending if each.key not in again])
        saved = [*self.carry_out(move for key in again for move in self.person_moves(key))]
        handled = [*saved, *self.full_sync()]
        return self._turn(SYNC, handled, self._status())

    # -- settings and keeping

    def rotate(self, credential: Credential) -> None:
        """Enter another credential in the federation's form; raises ValueError."""
        self.idp.sign_with(credential)

    def save(self) -> dict[str, Json]:
        """Return directory, links, what was refused and when the next full sync is."""
        announced: list[Json] = [*sorted(self.announced)]
        return {**self.keep(self.idp.links.save()), "announced": announced}

    def load(self, kept: Mapping[str, Json]) -> None:
        """Take up what `save` returned; raises ValueError for anything else."""
        links, announced = self.take_back(kept), kept.get("announced")
        try:
            self.idp.links.load(links)
            self.announced = {str(key) for key in announced or ()}  # type: ignore[union-attr]
        except (KeyError, TypeError, ValueError) as problem:
            raise ValueError(f"this is no kept Keycloak: {problem!r}") from None

    # -- inside

    def _announce(self, person: Person) -> Script:
        self.announced.add(person.idp_id)
        self.idp.know(person, enabled=self.wants(person.idp_id))
        return self.create(person)

    def _form(self, group: Group) -> Script:
        self.announced.add(group.idp_id)
        return self.idp.push_group(group)

    def _send_group(self, group: Group) -> Script:
        return self.idp.rename_group(group, group.name)

    def _sent_of(self, key: str) -> Callable[[], None]:
        def note() -> None:
            self.app.sent[key] = self.directory.person(key)
            self.app.unsure.discard(key)
            self._state_of(key)()

        return note

    def _state_of(self, key: str) -> Callable[[], None]:
        def note() -> None:
            (self.app.off.discard if self.wants(key) else self.app.off.add)(key)

        return note

    def _delete(self, person: Person) -> Script:
        script = self.idp.delete(person)
        # The link goes in any case: a delete that fails is never repeated.
        self._forget(person.idp_id)
        return script

    def _delete_group(self, group: Group) -> Script:
        script = self.idp.delete_group(group)
        self.group_dropped(group.idp_id)
        self.announced.discard(group.idp_id)
        self.idp.drop_group(group)
        return script

    def _is_passed_over(self, failed: Pending) -> bool:
        kept = failed.kind == "person" and self.directory.state(failed.key) in _PRESENT
        return kept and not self.wants(failed.key)


def start(
    *,
    directory: Directory,
    send: Send,
    clock: Clock,
    credential: Credential,
    after: Callable[[Exchange], None] | None = None,
    dialect: str = MITODL,
    full_sync_every: float | None = _EVERY,
    **settings: Any,  # noqa: ANN401 - those of the profile's own start
) -> Events:
    """Return the engine over a mock Keycloak; raises ValueError naming what does not fit.

    `full_sync_every` is in seconds; None switches the periodic full sync off.
    """
    idp = start_keycloak(dialect=dialect, credential=credential, **settings)
    return Events(idp, directory, send, clock, every=full_sync_every, after=after)
