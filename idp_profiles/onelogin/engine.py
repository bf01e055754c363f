"""OneLogin's provisioning: every change is a task of one user, and some wait for an approval.

A failed task waits for an admin, or for the user's next change. Groups are values of a user in
OneLogin: the app's groups are read, missing ones made, and members moved one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from idp_profiles.choices import chosen_switches
from idp_profiles.choices import chosen_toggles
from idp_profiles.living.arrival import found_nothing_to_delete
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

from .behaviour import OneLogin
from .behaviour import start as start_onelogin
from .facts import SWITCHES
from .facts import TOGGLES
from .names import PROVISIONER

# Which approval a task needs; that moving members counts as an update is inferred.
_GATES = {
    CREATE: "approve_create",
    SWITCH_ON: "approve_create",
    UPDATE: "approve_update",
    SWITCH_OFF: "approve_delete",
    DELETE: "approve_delete",
}
_SUSPEND = "suspend"
_GATES[_SUSPEND] = "approve_update"
_PRESENT = (State.ENABLED, State.BLOCKED)


class Tasks(PushEngine[OneLogin]):
    """One SCIM Provisioner app of OneLogin that lives; a group stands for a group of the app.

    `removal` is what happens when access is removed, `gates` which tasks need an approval. The
    memberships that were sent are kept by the groups' names, which is all that OneLogin knows.
    """

    name = "onelogin"

    def __init__(
        self,
        idp: OneLogin,
        directory: Directory,
        send: Send,
        clock: Clock,
        *,
        removal: str,
        gates: Mapping[str, bool],
        after: Callable[[Exchange], None] | None = None,
    ) -> None:
        super().__init__(idp, directory, send, clock, after=after)
        self._removal = removal
        self._gates = gates
        self._approved: frozenset[str] = frozenset()
        self.waiting: dict[str, str] = {}
        # Whose access was taken away already.
        self.removed: set[str] = set()

    def has_account(self, person: Person) -> bool:
        """Tell whether the user has a link to an account."""
        return self.idp.user_id(person) is not None

    def create(self, person: Person) -> Script:
        """Give access: a look-up, then a POST or a PUT."""
        self.idp.know(person)
        return self.idp.assign(person)

    def update(self, person: Person, changes: Mapping[str, Json]) -> Script:
        """Send the whole template."""
        self.idp.know(person)
        return self.idp.change(person, changes)

    def switch_off(self, person: Person) -> Script:
        """Suspend the user."""
        return self.idp.suspend(person)

    def switch_on(self, person: Person) -> Script:
        """Send the user as active again; the look-up asks for the name that was sent last."""
        return self.idp.reactivate(person)

    def forget(self, person: Person) -> None:
        """Drop what is known of the user's account."""
        self.idp.forget(person)

    def got_through(self, handled: Handled) -> bool:
        """Tell whether something is done; inferred: so is a deletion that finds nothing."""
        return handled.ok or found_nothing_to_delete(handled)

    # -- what the admin does

    def approve(self, *keys: str) -> Turn:
        """Approve the tasks of these users, or everything that waits."""
        return self._turn("approve", self._allowed(keys or self.waiting), self._status())

    def retry(self) -> Turn:
        """Approve everything that waits, and try everything that failed once more."""
        failed = [each.key for each in super().pending]
        self.take_up(())
        return self._turn("retry", self._allowed([*failed, *self.waiting]), self._status())

    @property
    def pending(self) -> tuple[Pending, ...]:
        """The tasks that failed, and those that wait for an approval."""
        waiting = (
            Pending(
                kind="person",
                key=key,
                name=self.directory.person(key).user_name,
                why=f"waits for an approval: {gate}",
            )
            for key, gate in self.waiting.items()
        )
        return (*super().pending, *waiting)

    def _allowed(self, keys: Iterable[str]) -> list[Handled]:
        self._approved = frozenset(keys)
        try:
            return [*self._bring_up([*dict.fromkeys(keys)])]
        finally:
            self._approved = frozenset()

    # -- the tasks of a user

    def person_moves(self, key: str) -> Iterator[Move]:
        """Yield the tasks of a user, up to one that needs an approval."""
        self.waiting.pop(key, None)
        person, state = self.directory.person(key), self.directory.state(key)
        tasks = self._leaving(key, person)
        if self.wants(key):
            tasks = self._coming(key, person)
        elif state is State.BLOCKED and self.directory.is_in_scope(key):
            tasks = self._suspended(key, person)
        for move in tasks:
            gate = _GATES[move.action]
            if self._gates[gate] and key not in self._approved:
                self.waiting[key] = gate
                return
            yield move

    def _coming(self, key: str, person: Person) -> Iterator[Move]:
        self.removed.discard(key)
        sent, told = partial(self._sent, key), False
        # Whose account was found, but could not be written, is provisioned once more.
        if not self.has_account(person) or key not in self.app.sent:
            told = True
            yield Move("person", key, CREATE, partial(self.create, person), sent)
        elif not self.idp.is_active(person):
            told = True
            yield Move("person", key, SWITCH_ON, partial(self.switch_on, person))
        changes = changed_fields(self.app.sent.get(key), person)
        # Inferred: what may have arrived is sent once more, also where all is as before.
        if self.has_account(person) and (changes or key in self.app.unsure):
            told = True
            yield Move("person", key, UPDATE, partial(self.update, person, changes), sent)
        yield from self._groups(key, person, told=told)

    def _groups(self, key: str, person: Person, *, told: bool) -> Iterator[Move]:
        groups = {each.name: each for each in self.directory.groups if self._is_in(each, key)}
        known = {name for name, people in self.app.members.items() if key in people}
        if not self.has_account(person):
            return
        if groups.keys() - known and not told:
            # A membership is one more provisioning: look-up and PUT come before its PATCH.
            yield Move("person", key, UPDATE, partial(self.idp.assign, person))
        for name, group in groups.items():
            if name not in known:
                joined = self.join_move(name, partial(self._put_in, person, group), [person])
                yield replace(joined, kind="person", key=key)
        tried = {name for name, people in self.app.tried.items() if key in people}
        for name in sorted((known | tried) - groups.keys()):
            left = self.leave_move(name, partial(self._take_out, person, Group(name)), [person])
            yield replace(left, kind="person", key=key)

    def _suspended(self, key: str, person: Person) -> Iterator[Move]:
        self._doubt(key, person)
        if self.has_account(person) and self.idp.is_active(person):
            yield Move("person", key, _SUSPEND, partial(self.switch_off, person))

    def _leaving(self, key: str, person: Person) -> Iterator[Move]:
        # Inferred: nothing is said of the groups of somebody without access.
        done = partial(self._access_removed, key)
        self._doubt(key, person)
        if self.has_account(person) and key not in self.removed:
            word = DELETE if self._removal == "delete" else SWITCH_OFF
            yield Move("person", key, word, partial(self.idp.remove_access, person), done)
        elif self.has_account(person):
            done()

    def _doubt(self, key: str, person: Person) -> None:
        """Take an account for active whose last write may have arrived."""
        if key in self.app.unsure and self.has_account(person):
            self.removed.discard(key)
            self.idp.link(person, self.idp.user_id(person) or "")

    # -- settings and keeping

    def rotate(self, credential: Credential) -> None:
        """Enter another bearer token in the app's settings; raises ValueError."""
        self.idp.sign_with(credential)

    def save(self) -> dict[str, Json]:
        """Return directory, links, what failed and what waits for an approval."""
        removed: list[Json] = [*sorted(self.removed)]
        kept = save_pushed(self, self.idp.links.save())
        failed: list[Json] = [
            {"kind": each.kind, "key": each.key, "name": each.name, "why": each.why}
            for each in super().pending
        ]
        return {**kept, "failed": failed, "waiting": {**self.waiting}, "removed": removed}

    def load(self, kept: Mapping[str, Any]) -> None:
        """Take up what `save` returned; raises ValueError for anything else."""
        links = load_pushed(self, kept)
        try:
            self.idp.links.load(links)
            self.waiting, self.removed = dict(kept["waiting"]), set(kept["removed"])
        except (KeyError, TypeError, ValueError) as problem:
            raise ValueError(f"this is no kept OneLogin: {problem!r}") from None

    # -- inside

    def _is_in(self, group: Group, key: str) -> bool:
        inside = any(each.idp_id == key for each in group.members)
        return inside and self.directory.is_assigned(group.idp_id)

    def _put_in(self, person: Person, group: Group) -> Script:
        if group.name not in self.idp.groups:
            yield from self.idp.refresh_entitlements()
        # Inferred: a group is made when its first member needs it.
        yield from self.idp.make_group(group)
        yield from self.idp.add_to_groups(person, [group])

    def _take_out(self, person: Person, group: Group) -> Script:
        if group.name not in self.idp.groups:
            # The reply to its creation was lost, or it was never made.
            yield from self.idp.refresh_entitlements()
        if group.name in self.idp.groups:
            yield from self.idp.remove_from_groups(person, [group])

    def _access_removed(self, key: str) -> None:
        self.removed.add(key)
        gone = self.directory.state(key) is State.GONE
        if gone or self._removal == "delete":
            self._forget(key)
        if gone:
            self.removed.discard(key)


def start(
    *,
    directory: Directory,
    send: Send,
    clock: Clock,
    credential: Credential,
    after: Callable[[Exchange], None] | None = None,
    dialect: str = PROVISIONER,
    switches: Mapping[str, str] | None = None,
    toggles: Mapping[str, bool] | None = None,
    **settings: Any,  # noqa: ANN401 - those of the profile's own start
) -> Tasks:
    """Return the engine over a mock OneLogin; raises ValueError naming what does not fit.

    Approvals are the engine's own, for what waits for one has to be kept with the rest.
    """
    idp = start_onelogin(dialect=dialect, credential=credential, switches=switches, **settings)
    removal = chosen_switches(switches or {}, SWITCHES)["on_removal"]
    gates = chosen_toggles(toggles or {}, TOGGLES)
    return Tasks(idp, directory, send, clock, removal=removal, gates=gates, after=after)
