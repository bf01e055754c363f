"""JumpCloud's provisioning: every change is pushed at once, for whoever a binding gives the app.

How JumpCloud repeats what failed is not established. Inferred: nothing is repeated until the person
or the group changes again, or an admin binds them once more.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from idp_profiles.living.arrival import found_nothing_to_delete
from idp_profiles.living.clock import Clock
from idp_profiles.living.directory import Directory
from idp_profiles.living.directory import State
from idp_profiles.living.engine import Handled
from idp_profiles.living.moves import Move
from idp_profiles.living.pushing import CREATE
from idp_profiles.living.pushing import DELETE
from idp_profiles.living.pushing import SWITCH_OFF
from idp_profiles.living.pushing import SWITCH_ON
from idp_profiles.living.pushing import UPDATE
from idp_profiles.living.pushing import PushEngine
from idp_profiles.living.pushing import changed_fields
from idp_profiles.living.pushing import load_pushed
from idp_profiles.living.pushing import save_pushed
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.transport import Send

from .behaviour import JumpCloud
from .behaviour import start as start_jumpcloud
from .names import DIALECTS

# Attributes of a person that are a state in JumpCloud and go to no attribute of the app.
_EXPIRED, _STATE, _STAGED = "password_expired", "state", "STAGED"
_PRESENT = (State.ENABLED, State.BLOCKED)


class Bindings(PushEngine[JumpCloud]):
    """One JumpCloud app that lives: people and groups that are bound to it, and the pushes.

    The attribute `password_expired` of a person (true or false) is the state of the password;
    nobody whose attribute `state` is STAGED is sent.
    """

    name = "jumpcloud"

    def has_account(self, person: Person) -> bool:
        """Tell whether the person has a link to an account."""
        return self.idp.user_id(person) is not None

    def wants(self, key: str) -> bool:
        """Tell whether a binding is left, and the person neither suspended nor expired."""
        return self._is_bound(key) and self._is_allowed(key)

    def create(self, person: Person) -> Script:
        """Bind the person: the account is created, or found and taken over."""
        # An account that was found, but could not be written, is looked up once more.
        self.idp.forget(person)
        self._settled(person)
        return self.idp.bind(person)

    def update(self, person: Person, changes: Mapping[str, Json]) -> Script:
        """Push the whole profile."""
        self.idp.know(person)
        return self.idp.update(person, **changes)

    def switch_off(self, person: Person) -> Script:
        """Suspend the person, let the password expire, or take the last binding away."""
        return self._settled(person)

    def switch_on(self, person: Person) -> Script:
        """End what held the account back; the look-up asks for the name that was pushed last."""
        return self._settled(person)

    def forget(self, person: Person) -> None:
        """Drop the link: whoever is deleted in JumpCloud stays in the app, inactive."""
        # Inferred: deleting somebody takes every binding away, and that deactivates.
        self.idp.forget(person)

    def got_through(self, handled: Handled) -> bool:
        """Tell whether something is done; inferred: so is a deletion that finds nothing."""
        return handled.ok or found_nothing_to_delete(handled)

    # -- people come first, then the groups, then those who leave

    def moves(self, people: Iterable[str]) -> Iterator[Move]:
        """Yield who comes, what happens to groups, and who leaves once no binding holds them."""
        touched = [*people]
        for key in touched:
            if self.has_account(self.directory.person(key)):
                self._stated(self.directory.person(key))
            yield from self._coming(key)
        for key in self.known_groups():
            yield from self.group_moves(key)
        for key in touched:
            yield from self._leaving(key)

    def _coming(self, key: str) -> Iterator[Move]:
        person, off = self.directory.person(key), self.app.off
        if not self.has_account(person) or key not in self.app.sent:
            if self._is_bound(key) and person.attributes.get(_STATE) != _STAGED:
                create = partial(self.create, person)
                yield Move("person", key, CREATE, create, self._created(key))
        elif self.wants(key):
            if key in off:
                back = partial(self.switch_on, person)
                yield Move("person", key, SWITCH_ON, back, partial(off.discard, key))
                if key in off:
                    return
            changes = changed_fields(self.app.sent.get(key), person)
            pushed = {name: changes[name] for name in changes if name not in {_EXPIRED, _STATE}}
            if pushed or key in self.app.unsure:
                push = partial(self.update, person, pushed)
                yield Move("person", key, UPDATE, push, partial(self._sent, key))

    def _leaving(self, key: str) -> Iterator[Move]:
        person, off = self.directory.person(key), self.app.off
        if not self.has_account(person) or self.wants(key):
            return
        gone = self.directory.state(key) is State.GONE
        if key in self.app.unsure:
            # Inferred: what may have arrived is sent once more, also where all is as before.
            self.idp.link(person, self.idp.user_id(person) or "")
        if key not in off or key in self.app.unsure:
            done = partial(self._forget if gone else off.add, key)
            yield Move("person", key, SWITCH_OFF, partial(self.switch_off, person), done)
        elif gone:
            self._forget(key)

    # -- groups

    def named(self, key: str) -> Group:
        """Return a group without those who are deleted: JumpCloud has no bin."""
        group = super().named(key)
        kept = (each for each in group.members if self.directory.state(each.idp_id) in _PRESENT)
        return replace(group, members=tuple(kept))

    def group_moves(self, key: str) -> Iterator[Move]:
        """Yield what has to be done about a group; one without members is never created."""
        idp, app, group = self.idp, self.app, self._with_accounts(self.named(key))
        if not (self.directory.has_group(key) and self.directory.is_assigned(key)):
            if key in app.names:
                yield self._end_of(key, group)
            return
        if key not in app.names:
            pushed = partial(self.group_pushed, key)
            yield Move("group", key, CREATE, partial(idp.bind_group, group), pushed)
            return
        # A push that failed changes nothing about whom the group binds.
        idp.know_group(group)
        if app.names[key] != group.name:
            rename = partial(idp.rename_group, group, group.name)
            yield Move("group", key, UPDATE, rename, partial(app.names.update, {key: group.name}))
        came, left = self.member_changes(key)
        if came:
            yield self.join_move(key, partial(idp.add_members, group, came), came)
        if left:
            yield self.leave_move(key, partial(idp.remove_members, group, left), left)

    # -- settings and keeping

    def rotate(self, credential: Credential) -> None:
        """Enter another credential in the app's settings; raises ValueError.

        The console wants a test run then, which is `idp.activate`.
        """
        self.idp.sign_with(credential)

    def save(self) -> dict[str, Json]:
        """Return directory, bindings, links and what failed."""
        return save_pushed(self, self.idp.links.save())

    def load(self, kept: Mapping[str, Json]) -> None:
        """Take up what `save` returned; raises ValueError for anything else."""
        links = load_pushed(self, kept)
        try:
            self.idp.links.load(links)
        except (KeyError, TypeError, ValueError) as problem:
            raise ValueError(f"this is no kept JumpCloud: {problem!r}") from None

    # -- inside

    def _is_bound(self, key: str) -> bool:
        return self.directory.state(key) in _PRESENT and self.directory.is_in_scope(key)

    def _is_allowed(self, key: str) -> bool:
        expired = self.directory.person(key).attributes.get(_EXPIRED) is True
        return self.directory.state(key) is State.ENABLED and not expired

    def _settled(self, person: Person) -> Script:
        """Return what a person's state leads to, once JumpCloud knows all of it."""
        # Each verb notes its part when it is called; the last one's script looks at them all.
        (self.idp.bind if self._is_bound(person.idp_id) else self.idp.unbind)(person)
        return self._stated(person)

    def _stated(self, person: Person) -> Script:
        idp, key = self.idp, person.idp_id
        expired = self.directory.person(key).attributes.get(_EXPIRED) is True
        # Whoever is deleted is as good as suspended until the last binding is gone.
        blocked = self.directory.state(key) is not State.ENABLED
        (idp.suspend if blocked else idp.unsuspend)(person)
        return (idp.expire_password if expired else idp.renew_password)(person)

    def _created(self, key: str) -> Callable[[], None]:
        def note() -> None:
            self._sent(key)
            # Whoever may not be active yet is created inactive.
            if not self._is_allowed(key):
                self.app.off.add(key)

        return note

    def _with_accounts(self, group: Group) -> Group:
        return replace(group, members=self.with_accounts(group.members))

    def _end_of(self, key: str, group: Group) -> Move:
        drop = partial(self.group_dropped, key)
        if self.directory.has_group(key):
            unbind = partial(self.idp.unbind_group, group)
            return Move("group", key, UPDATE, unbind, drop, drop)
        # Inferred: JumpCloud still knows a group that it could not delete, and can try again.
        known = partial(self.idp.link_group, group, self.idp.group_id(group.name) or "")
        return Move("group", key, DELETE, partial(self.idp.delete_group, group), drop, known)


def start(
    *,
    directory: Directory,
    send: Send,
    clock: Clock,
    credential: Credential,
    after: Callable[[Exchange], None] | None = None,
    dialect: str = DIALECTS[0].key,
    **settings: Any,  # noqa: ANN401 - those of the profile's own start
) -> Bindings:
    """Return the engine over a mock JumpCloud; raises ValueError naming what does not fit."""
    idp = start_jumpcloud(dialect=dialect, credential=credential, **settings)
    return Bindings(idp, directory, send, clock, after=after)
