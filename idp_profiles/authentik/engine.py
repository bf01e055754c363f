"""authentik's provisioning: every event is a task at once, and a full sync now and then mends.

A task that ends with 429 or 503 is run again by itself; whatever else fails waits for the next
full sync, which discovers, writes everything and deletes what is no longer in scope.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from functools import partial
from typing import Any

from idp_profiles.living.clock import HOUR
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
from idp_profiles.model import Reply
from idp_profiles.model import Script
from idp_profiles.transport import Send

from .behaviour import Authentik
from .behaviour import start as start_authentik
from .facts import LIMITS
from .names import DEFAULT

_DISCOVER = "discover"
_PRESENT = (State.ENABLED, State.BLOCKED)


class Tasks(SyncEngine[Authentik]):
    """One SCIM provider of authentik that lives: tasks of events, and the full sync."""

    name = "authentik"

    def __init__(
        self,
        idp: Authentik,
        directory: Directory,
        send: Send,
        clock: Clock,
        *,
        every: float | None,
        after: Callable[[Exchange], None] | None = None,
    ) -> None:
        super().__init__(idp, directory, send, clock, every=every, after=after)
        # When the server's features were asked for.
        self.asked: float | None = None
        # Who has got another account: as the app had it, or in none of the groups. And groups that
        # are shown without the members that they should have. The next full sync changes that.
        self.behind: set[str] = set()
        self._bare = False  # whether the group that was written last is shown without members

    def has_account(self, person: Person) -> bool:
        """Tell whether the user has a link to an account."""
        return self.idp.user_id(person) is not None

    def wants(self, key: str) -> bool:
        """Tell whether a user is in the provider's scope: inactive users are."""
        return self.directory.state(key) in _PRESENT and self.directory.is_in_scope(key)

    def create(self, person: Person) -> Script:
        """Save the user; whoever is inactive is written as such."""
        self.idp.know(person, active=self._is_active(person.idp_id))
        return self.idp.assign(person)

    def update(self, person: Person, changes: Mapping[str, Json]) -> Script:
        """Save what changed of the user."""
        return self.idp.update_with(person, changes)

    def switch_off(self, person: Person) -> Script:
        """Deactivate the user."""
        return self.idp.deactivate(person)

    def switch_on(self, person: Person) -> Script:
        """Activate the user again."""
        return self.idp.reactivate(person)

    def forget(self, person: Person) -> None:
        """Take somebody out of the directory that the provider looks at."""
        self.behind.discard(person.idp_id)
        self.idp.drop(person)

    def note(self, handled: Handled) -> None:
        """Note who was linked after 409 or made again after 404, and groups shown without any."""
        if handled.kind == "person" and handled.ok:
            sent = [each.request.method for each in handled.outcome.exchanges]
            was_linked = sent[-1:] == ["GET"] and "POST" in sent
            was_lost = "PUT" in sent and "POST" in sent
            other = was_linked or was_lost
            (self.behind.add if other else self.behind.discard)(handled.key)
        if handled.kind == "group" and handled.ok:
            last = handled.outcome.exchanges[-1:]
            read = [each.reply for each in last if each.request.method == "GET" and each.reply]
            self._bare = any(_lacks_members(each) for each in read)
            lacks = self._bare and bool(self.with_accounts(self.named(handled.key).members))
            (self.behind.add if lacks else self.behind.discard)(handled.key)

    # -- events

    def turn(self) -> Turn:
        """Follow the events since the last turn; then the full sync, if it is due."""
        self._look_at_the_clock()
        turn = super().turn()
        if self.idp.features is not None and self.asked is None:
            self.asked = self.clock.now
        return turn

    def person_moves(self, key: str) -> Iterator[Move]:
        """Yield what the events of a user lead to."""
        person, off = self.directory.person(key), self.app.off
        if self.directory.state(key) not in _PRESENT:
            if self.has_account(person):
                yield Move("person", key, DELETE, partial(self._delete, person))
        elif not self.wants(key):
            # A user out of scope is passed over; the next full sync cleans up.
            return
        elif not self.has_account(person):
            yield Move("person", key, CREATE, partial(self.create, person), self._written(key))
        else:
            yield from self._changes(key, person, off)

    def _changes(self, key: str, person: Person, off: set[str]) -> Iterator[Move]:
        active = self._is_active(key)
        if active and key in off:
            back = partial(self.switch_on, person)
            yield Move("person", key, SWITCH_ON, back, partial(off.discard, key))
        elif not active and key not in off:
            leave = partial(self.switch_off, person)
            yield Move("person", key, SWITCH_OFF, leave, partial(off.add, key))
        changes = changed_fields(self.app.sent.get(key), person)
        if changes:
            push = partial(self.update, person, changes)
            yield Move("person", key, UPDATE, push, self._written(key))

    def group_moves(self, key: str) -> Iterator[Move]:
        """Yield what the events of a group lead to: its name, then members in and out."""
        idp, app, group = self.idp, self.app, self.named(key)
        linked = idp.group_id(group) is not None
        if not self.directory.has_group(key):
            if linked:
                yield Move("group", key, DELETE, partial(self._delete_group, group))
            return
        if not self.directory.is_assigned(key):
            return
        if not linked:
            pushed = partial(self.group_pushed, key)
            yield Move("group", key, CREATE, partial(idp.push_group, group), pushed)
            return
        if app.names.get(key) != group.name:
            rename = partial(idp.rename_group, group, group.name)
            yield Move("group", key, UPDATE, rename, partial(app.names.update, {key: group.name}))
        yield from self._member_moves(key, group)

    def _member_moves(self, key: str, group: Group) -> Iterator[Move]:
        # Inferred: a member whose account comes later is added then, as if the event came again.
        came, left = self.member_changes(key)
        if came:
            yield self.join_move(key, partial(self.idp.add_members, group, *came), came)
        if left:
            yield self.leave_move(key, partial(self.idp.remove_members, group, *left), left)

    # -- the full sync

    def full_sync(self) -> list[Handled]:
        """Discover, write every user and group, clean up."""
        self._look_at_the_clock()
        for key, members in self.app.members.items():
            members -= members if key in self.behind else self.behind
        return super().full_sync()

    def sync_moves(self) -> Iterator[Move]:
        """Yield the reading of everything, all users, all groups, then what is out of scope."""
        yield Move(_DISCOVER, "all users", _DISCOVER, self.idp.discover_users)
        yield Move(_DISCOVER, "all groups", _DISCOVER, self.idp.discover_groups)
        people = [each.idp_id for each in self.directory.people]
        for key in people:
            if self.wants(key):
                save = partial(self.create, self.directory.person(key))
                yield Move("person", key, SYNC, save, self._written(key))
        for group in self.directory.groups:
            if self.directory.is_assigned(group.idp_id):
                key, write = group.idp_id, partial(self._write_group, group)
                yield Move("group", key, SYNC, write, partial(self._group_written, group))
                yield from self._member_moves(key, group)
        yield from self._clean_up(people)

    def stops(self, failed: Handled) -> bool:
        """Tell whether it was the reading of everything, or an answer without an id."""
        stopped = failed.outcome.stopped
        return failed.action == _DISCOVER or (stopped is not None and stopped.scope == "job")

    def _clean_up(self, people: list[str]) -> Iterator[Move]:
        for key in people:
            person = self.directory.person(key)
            if not self.wants(key) and self.has_account(person):
                yield Move("person", key, DELETE, partial(self._delete, person))
        for group in self.directory.groups:
            linked = self.idp.group_id(group) is not None
            if linked and not self.directory.is_assigned(group.idp_id):
                yield Move("group", group.idp_id, DELETE, partial(self._delete_group, group))

    @property
    def pending(self) -> tuple[Pending, ...]:
        """What failed, and what the next full sync writes or deletes."""
        failed = super().pending
        known = {each.key for each in failed}
        later = [*self._behind(), *self._leaving()]
        return (*failed, *(each for each in later if each.key not in known))

    def _behind(self) -> Iterator[Pending]:
        why, due = "not as it was written: mended by the next full sync", self.again()
        groups = {each.idp_id: each.name for each in self.directory.groups}
        for key in sorted(self.behind):
            if key in groups and self.directory.is_assigned(key):
                yield Pending(kind="group", key=key, name=groups[key], why=why, due=due)
            elif key not in groups and self.wants(key):
                name = self.directory.person(key).user_name
                yield Pending(kind="person", key=key, name=name, why=why, due=due)

    def _leaving(self) -> Iterator[Pending]:
        why, due = "out of scope: deleted by the next full sync", self.again()
        for person in self.directory.people:
            key = person.idp_id
            in_bin = self.directory.state(key) not in _PRESENT
            if not in_bin and not self.wants(key) and self.has_account(person):
                yield Pending(kind="person", key=key, name=person.user_name, why=why, due=due)
        for group in self.directory.groups:
            linked = self.idp.group_id(group) is not None
            if linked and not self.directory.is_assigned(group.idp_id):
                yield Pending(kind="group", key=group.idp_id, name=group.name, why=why, due=due)

    # -- settings and keeping

    def rotate(self, credential: Credential) -> None:
        """Save the provider with another credential, which starts a full sync; ValueError."""
        self.idp.sign_with(credential)
        if self.every is not None:
            self.next_sync = self.clock.now

    def save(self) -> dict[str, Json]:
        """Return directory, links, failed tasks and when the next full sync is."""
        behind: list[Json] = [*sorted(self.behind)]
        return {**self.keep(self.idp.links.save()), "behind": behind}

    def load(self, kept: Mapping[str, Any]) -> None:
        """Take up what `save` returned; raises ValueError for anything else."""
        links = self.take_back(kept)
        try:
            self.idp.links.load(links)
            self.behind = set(kept["behind"])
        except (KeyError, TypeError, ValueError) as problem:
            raise ValueError(f"this is no kept authentik: {problem!r}") from None

    # -- inside

    def _is_active(self, key: str) -> bool:
        return self.directory.state(key) is State.ENABLED

    def _look_at_the_clock(self) -> None:
        """Drop what is believed of the server after an hour."""
        kept = LIMITS["config_cache"].value
        if self.asked is not None and self.clock.now - self.asked >= kept:
            self.idp.let_an_hour_pass()
            self.asked = None

    def _written(self, key: str) -> Callable[[], None]:
        def note() -> None:
            self.app.sent[key] = self.directory.person(key)
            self.app.unsure.discard(key)
            (self.app.off.discard if self._is_active(key) else self.app.off.add)(key)

        return note

    def _write_group(self, group: Group) -> Script:
        self.idp.know_group(group)
        return self.idp.push_group(group)

    def _group_written(self, group: Group) -> None:
        """Note a group's members, unless it was shown without any, when none is added."""
        if self._bare and group.members:
            self.app.names[group.idp_id] = group.name
        else:
            self.group_pushed(group.idp_id)

    def _delete(self, person: Person) -> Script:
        script = self.idp.delete(person)
        # The link goes before the request leaves: a delete that fails is never repeated.
        self._forget(person.idp_id)
        return script

    def _delete_group(self, group: Group) -> Script:
        script = self.idp.delete_group(group)
        self.group_dropped(group.idp_id)
        self.behind.discard(group.idp_id)
        self.idp.drop(group)
        return script


def _lacks_members(reply: Reply) -> bool:
    shown = reply.json()
    return isinstance(shown, dict) and shown.get("members") is None


def start(
    *,
    directory: Directory,
    send: Send,
    clock: Clock,
    credential: Credential,
    after: Callable[[Exchange], None] | None = None,
    dialect: str = DEFAULT,
    full_sync_every: float | None = HOUR,
    **settings: Any,  # noqa: ANN401 - those of the profile's own start
) -> Tasks:
    """Return the engine over a mock authentik; raises ValueError naming what does not fit.

    `full_sync_every` is in seconds: an hour once, four hours in newer versions; None for never.
    """
    idp = start_authentik(dialect=dialect, credential=credential, **settings)
    return Tasks(idp, directory, send, clock, every=full_sync_every, after=after)
