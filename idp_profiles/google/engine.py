"""Google Workspace's provisioning: users only, in syncs every few hours, leavers after a delay.

What failed is logged and tried again by a later sync (inferred, as in the profile). There is no
button for a sync: an admin waits.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from idp_profiles.living.arrival import found_nothing_to_delete
from idp_profiles.living.arrival import may_have_arrived
from idp_profiles.living.clock import Clock
from idp_profiles.living.directory import Change
from idp_profiles.living.directory import Directory
from idp_profiles.living.directory import State
from idp_profiles.living.engine import Engine
from idp_profiles.living.engine import Handled
from idp_profiles.living.engine import Pending
from idp_profiles.living.engine import Turn
from idp_profiles.living.pushing import CREATE
from idp_profiles.living.pushing import DELETE
from idp_profiles.living.pushing import SWITCH_OFF
from idp_profiles.living.pushing import UPDATE
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.transport import Send

from .behaviour import Google
from .behaviour import start as start_google
from .facts import LIMITS
from .names import CATALOGUE

_ARCHIVED = "archived"
_PRESENT = (State.ENABLED, State.BLOCKED)


class Syncs(Engine[Google]):
    """One app of Google Workspace with auto-provisioning that lives: its syncs and its delays.

    The attribute `archived` of a person (true or false) is Google's state of that name. `hard`
    says that a deletion in Google deletes the account.
    """

    name = "google"

    def __init__(
        self,
        idp: Google,
        directory: Directory,
        send: Send,
        clock: Clock,
        *,
        every: float,
        hard: bool = False,
        after: Callable[[Exchange], None] | None = None,
    ) -> None:
        super().__init__(idp, directory, send, clock, after=after)
        if every <= 0:
            raise ValueError(f"the time between two syncs is more than {every!r} seconds")
        self.every = every
        self.next_sync = clock.now + every
        self.watermark = 0
        self._hard = hard
        self._failed: dict[str, str] = {}

    def turn(self) -> Turn:
        """Note what changed, when it did; then the sync, if it is due."""
        for change in self.directory.changes_since(self.watermark):
            self.idp.tell_time(change.at)
            for key in self._touched(change):
                self._take_over(key)
        self.watermark = self.directory.watermark
        self.idp.tell_time(self.clock.now)
        if self.clock.now < self.next_sync:
            return self._turn("between syncs", (), self._status())
        # Syncs for which nobody turned up in time had nothing else to do than this one has.
        self.next_sync = self._sync_at(self.clock.now + 1e-6)
        return self._turn("sync", [*self._sync()], self._status())

    def retry(self) -> Turn:
        """Wait for the next sync, which is all that an admin can do."""
        return self.wait(max(0.0, self.next_sync - self.clock.now))

    @property
    def pending(self) -> tuple[Pending, ...]:
        """Whom a sync has something to send about, and the sync that does."""
        return tuple(
            Pending(
                kind="person",
                key=person.idp_id,
                name=person.user_name,
                why=self._failed.get(person.idp_id, "waits for the sync"),
                due=self._sync_at(max(due, self.next_sync)),
            )
            for person in self.idp.people
            if (due := self.idp.due(person)) is not None
        )

    def rotate(self, credential: Credential) -> None:
        """Enter another access token in the app's settings; raises ValueError."""
        self.idp.sign_with(credential)

    # -- keeping

    def save(self) -> dict[str, Json]:
        """Return directory, accounts with their timers, and when the next sync is."""
        return {
            "directory": self.directory.to_json(),
            "links": self.idp.links.save(),
            "watermark": self.watermark,
            "now": self.clock.now,
            "next_sync": self.next_sync,
            "failed": {**self._failed},
        }

    def load(self, kept: Mapping[str, Any]) -> None:
        """Take up what `save` returned; raises ValueError for anything else."""
        directory = Directory.from_json(kept.get("directory"), self.clock)
        try:
            self.idp.links.load(kept["links"])
            self.watermark, self.next_sync = int(kept["watermark"]), float(kept["next_sync"])
            self.clock.now = max(self.clock.now, float(kept["now"]))
            self._failed = dict(kept["failed"])
        except (KeyError, TypeError, ValueError) as problem:
            raise ValueError(f"this is no kept Google Workspace: {problem!r}") from None
        self.directory = directory

    # -- the directory

    def _touched(self, change: Change) -> Iterable[str]:
        """Return whom a change may have brought into the scope or out of it."""
        if change.kind == "person":
            return (change.key,)
        if change.people or not self.directory.has_group(change.key):
            return change.people
        return tuple(each.idp_id for each in self.directory.group(change.key).members)

    def _take_over(self, key: str) -> None:
        """Tell Google's side of a person; each verb notes its part, and no script is run."""
        person, state, idp = self.directory.person(key), self.directory.state(key), self.idp
        in_scope = self.directory.is_in_scope(key)
        if not in_scope and all(each.idp_id != key for each in idp.people):
            return
        idp.know(person)
        idp.archive(person, archived=person.attributes.get(_ARCHIVED) is True)
        # Who stays comes first: it calls a delay off that the others begin anew.
        if in_scope:
            idp.turn_on(person)
        if state is not State.BLOCKED:
            idp.unsuspend(person)
        if state in _PRESENT:
            idp.restore(person)
        else:
            # Inferred: without the choice of a deletion, deleting counts as a suspension does.
            idp.delete_in_idp(person, hard=self._hard)
        if state is State.BLOCKED:
            idp.suspend(person)
        if not in_scope:
            idp.turn_off(person)

    # -- the sync

    def _sync(self) -> Iterable[Handled]:
        for person in self.idp.people:
            due, key = self.idp.due(person), person.idp_id
            if due is not None and due <= self.clock.now:
                word, script = self._word(person), self.idp.sync_one(person)
                handled = self._act("person", key, word, script)
                self._failed.pop(key, None)
                if found_nothing_to_delete(handled):
                    # Inferred: an account that is not there counts as deleted.
                    self.idp.forget(person)
                elif not handled.ok:
                    self._failed[key] = handled.outcome.console
                    if may_have_arrived(handled):
                        # Inferred: a later sync writes the user anew, also where all is as before.
                        self.idp.doubt(person)
                yield handled
            self._let_go(person)

    def _let_go(self, person: Person) -> None:
        """Forget whoever is gone for good, once nothing is left to do."""
        if self.directory.state(person.idp_id) is State.GONE and self.idp.due(person) is None:
            self.idp.forget(person)

    def _word(self, person: Person) -> str:
        key = person.idp_id
        wanted = self.directory.state(key) is State.ENABLED and self.directory.is_in_scope(key)
        if not wanted:
            deleted = self._hard and self.directory.state(key) not in _PRESENT
            return DELETE if deleted else SWITCH_OFF
        return UPDATE if self.idp.user_id(person) else CREATE

    def _sync_at(self, moment: float) -> float:
        """Return when the first sync is at a moment or after it."""
        rounds = -(-(moment - self.next_sync) // self.every)
        return self.next_sync + rounds * self.every

    def _status(self) -> str:
        return f"{len(self._failed)} users failed." if self._failed else "No errors."


def start(
    *,
    directory: Directory,
    send: Send,
    clock: Clock,
    credential: Credential,
    after: Callable[[Exchange], None] | None = None,
    dialect: str = CATALOGUE,
    sync_every: float = LIMITS["sync_interval"].value,
    hard_delete: bool = False,
    **settings: Any,  # noqa: ANN401 - those of the profile's own start
) -> Syncs:
    """Return the engine over a mock Google Workspace; raises ValueError naming what does not fit.

    `sync_every` is in seconds. The delays of leavers are switches of the profile.
    """
    idp = start_google(dialect=dialect, credential=credential, **settings)
    return Syncs(idp, directory, send, clock, every=sync_every, hard=hard_delete, after=after)
