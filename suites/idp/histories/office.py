"""An office: a directory, a mock IdP that lives, the line to the server, and who looks at it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
from functools import wraps
from itertools import chain
from typing import Any

from idp_profiles.living.clock import Clock
from idp_profiles.living.directory import Directory
from idp_profiles.living.engine import Turn
from idp_profiles.living.engine import start_engine
from idp_profiles.living.pushing import PushEngine
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.model import Group
from idp_profiles.model import Person
from idp_profiles.transport import Send
from suites.cleanup.journal import Journal
from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.making.people import Registry
from suites.reach.connection import Connection
from suites.replay import RecordingSend
from suites.replay import Setup
from suites.replay import entry_of
from suites.replay import mapping_of
from suites.requirements import judge_of
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered
from suites.verdicts import Unanswered

from . import habits as all_habits
from .comparing import Comparison
from .habits import DELETED
from .habits import UNLINK
from .habits import WANTED
from .line import Fault
from .line import Line
from .line import is_made_up
from .model import Crew
from .model import Memory
from .model import Model
from .remembered import Remembered

_NAMESPACE = uuid.UUID("0c3c1f0e-5a57-4f53-8f0e-2f7b9a0d4c11")  # of the keys made up here
_TURNS = 8  # that an IdP may take to get in step
# What a request is refused with for its form, whatever the history is about.
_REFUSALS = frozenset({400, 403, 405, 406, 413, 415, 422, 501})


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where an office is: the way to the server, what is written down, and who is hired.

    `crowd` says how many people a large group has. `judges_creates` is true where a case is about
    the refusal of a create itself, which is then no obstacle to it.
    """

    connection: Connection
    log: CaseLog
    journal: Journal
    look: ScimClient
    people: Registry
    crowd: int = 1000
    send: Send | None = None  # in place of the usual way
    judges_creates: bool = False


class Office:
    """One organisation with its mock IdP and the application, over one history."""

    def __init__(self, setup: Setup, site: Site, **settings: Any) -> None:  # noqa: ANN401 - of the IdP
        self.setup = setup
        self.site = site
        self.habits = all_habits.every()[setup.profile.name]
        self.clock = Clock()
        self.directory = Directory(self.clock)
        send = site.send or RecordingSend(site.connection, site.log, site.journal)
        connection = site.connection
        pause = connection.manners.clock.sleep
        self.line = Line(send, site.log, connection.target.settle, pause)
        self.memory = Memory()
        self._kept: set[str] = set()
        self._remembered = Remembered(site.log)
        self.engine = start_engine(
            setup.profile.name,
            directory=self.directory,
            send=self.line,
            clock=self.clock,
            **{**self._settings(), **settings},
        )
        site.log.passwords.update(self.engine.idp.secrets)

    # -- the directory

    def hire(self, count: int = 1) -> list[str]:
        """Take people in, assign the app to them, and return their keys."""
        keys = [self.take_in(person) for person in self.site.people.people(count)]
        self.directory.assign(*keys)
        return keys

    def take_in(self, person: Person) -> str:
        """Take a person in, who is not assigned yet, and return the key."""
        key = str(uuid.uuid5(_NAMESPACE, f"{person.user_name}/{self.directory.watermark}"))
        self.directory.hire(replace(person, idp_id=key))
        return key

    def form(self, *people: str, name: str = "") -> str:
        """Form a group, assign the app to it, and return its key."""
        name = name or self.new_group_name()
        key = str(uuid.uuid5(_NAMESPACE, f"{name}/{self.directory.watermark}"))
        self.directory.form(Group(name, tuple(map(self.directory.person, people)), key))
        self.directory.assign(key)
        return key

    def rename(self, key: str, *, names: bool = True) -> str:
        """Give a person another user name and address, and mostly names, and return the old one."""
        before, new = self.directory.person(key), self.site.people.person()
        changes: dict[str, Any] = {"user_name": new.user_name, "email": new.email}
        if names:
            shown = f"{before.given_name} {new.family_name}"
            changes |= {"family_name": new.family_name, "display_name": shown}
        self.directory.change(key, **changes)
        return before.user_name

    def call(self, key: str) -> None:
        """Give a person another given name, in the name that is shown, too."""
        person, given = self.directory.person(key), self.site.people.person().given_name
        shown = f"{given} {person.family_name}"
        self.directory.change(key, given_name=given, display_name=shown)

    def new_group_name(self) -> str:
        """Return a name that no group of this run has."""
        return self.site.people.unique("crew")

    def let_go(self, key: str) -> None:
        """Take the app away from somebody, or remove the person where nobody is assigned."""
        if self.habits.unassigned == WANTED:
            self.directory.purge(key)
        else:
            self.directory.unassign(key)

    def account(self, key: str) -> str | None:
        """Return the id of the account that the IdP is linked to."""
        found: str | None = self.engine.idp.user_id(self.directory.person(key))
        return found

    # -- what happens

    def turn(self) -> Turn:
        """Let the IdP do what it does next by itself: at once, or in its next cycle."""
        turn = self.engine.turn()
        due = [each.due for each in turn.pending if each.due is not None]
        if not turn.exchanges and due:
            turn = self.engine.wait(max(0.0, min(due) - self.clock.now))
        return self._watched(turn)

    def settle(self) -> Turn:
        """Let the IdP and its admin go on until nothing is pending, or they give up."""
        turn = self._watched(self.engine.settle(_TURNS))
        if not turn.in_step:
            self._raise_trouble()
        return turn

    def delete_account(self, key: str) -> None:
        """Delete somebody's account in the application, behind the IdP's back."""
        user_id = self.account(key)
        reply = self.site.look.delete("Users", user_id or "")
        if reply.status in (405, 501):
            raise NotOffered("the server deletes no users")
        if user_id is None or reply.status not in (200, 202, 204, 404):
            raise Blocked(f"DELETE of a user answered {reply.status}", entry=reply.entry)

    def forget_account(self, key: str) -> None:
        """Do what an admin does about an account that is gone, where a retry is not enough."""
        if self.habits.lost_account == UNLINK and isinstance(self.engine, PushEngine):
            self.engine.unlink(key)

    def refused(self, status: int) -> bool:
        """Tell whether the latest write that was refused was refused with a status."""
        writes = [each for each in self.site.log.entries if each.method != "GET"]
        bad = [each.status for each in writes if each.status is not None and each.status >= 400]
        return bad[-1:] == [status]

    def methods_of(self, fault: Fault) -> tuple[str, ...]:
        """Return which requests a fault may hit, so that the IdP can still go on by itself."""
        return self.habits.repeats if fault is Fault.LOST else self.habits.insists

    def note(self, text: str) -> None:
        """Add a remark to the result."""
        self.site.log.notes.append(text)

    # -- what must come of it

    def in_step(self) -> None:
        """Let the IdP settle, and expect the server to show what the directory says.

        Only what can have changed is looked at; `end` looks at everything.
        """
        __tracebackhide__ = True
        turn = self.settle()
        if not turn.in_step:
            first = turn.pending[0]
            raise Mismatch(
                expected=f"{self.setup.profile.title} gets in step with the directory",
                actual=f"{len(turn.pending)} left to do, as {first.name}: {first.why}",
                entry=entry_of(self.site.log, first.exchange) or self.site.log.last(),
                hint=_mend(self.setup.profile.title, first.exchange),
            )
        self._agree(whole=False)

    def end(self) -> None:
        """Expect the server to show what the directory says, bystanders included."""
        __tracebackhide__ = True
        self._agree(whole=True)

    def check(self) -> None:
        """Expect the server to show what the directory says; raises Mismatch."""
        __tracebackhide__ = True
        self._look(whole=True)

    def check_group(self, key: str) -> None:
        """Expect a group to hold exactly its people, by the accounts that the IdP is linked to."""
        __tracebackhide__ = True
        group = self.directory.group(key)
        ids = {self.account(each.idp_id): each.idp_id for each in self.directory.people}
        known = {str(account): who for account, who in ids.items() if account is not None}
        comparison = Comparison(self.site.look, self._kept, known)
        people = frozenset(each.idp_id for each in group.members)
        list(comparison.groups([Crew(group.name, people)]))

    def check_purged(self, user_id: str) -> None:
        """Expect the account of somebody who is gone to be what the IdP makes of it."""
        __tracebackhide__ = True
        self.site.look.settle()
        seen = self.site.look.user(user_id)
        gone = seen.status in (404, 410)
        if self.habits.purged == DELETED and not gone:
            raise Mismatch(
                expected="no account of somebody who was removed for good",
                actual=f"status {seen.status}",
                entry=seen.entry,
            )

    # -- inside

    def _agree(self, *, whole: bool) -> None:
        __tracebackhide__ = True
        try:
            self._look(whole=whole)
        except Mismatch as mismatch:
            if not self.habits.mends:
                raise
            self.note(f"out of step until the next full sync: {mismatch}")
            self.engine.retry()
            self._look(whole=True)

    def _look(self, *, whole: bool) -> None:
        __tracebackhide__ = True
        model = Model(self.directory, self.memory, self.habits)
        before = self._remembered
        fresh = not self.memory.people
        due, bystanders = before.people_due(model.people(), whole=whole)
        comparison = Comparison(
            self.site.look, self._kept, before.accounts, off=before.off, fresh=fresh
        )
        for place, ids in chain(comparison.people(due), comparison.bystanders(bystanders)):
            before.found(place, ids)
        crews = before.crews_due(model.groups(), whole=whole)
        for crew in [each for each in crews if before.group_id(each)]:
            comparison.group(crew, before.group_id(crew))
            before.crew_found(crew, before.group_id(crew), whole=True)
            crews.remove(crew)
        for crew, group_id in comparison.groups(crews, whole=whole):
            before.crew_found(crew, group_id, whole=whole)
        model.note(before.groups_found)

    def _watched(self, turn: Turn) -> Turn:
        log = self.site.log
        log.certainties += [each.outcome.decisive for each in turn.handled]
        return turn

    def _raise_trouble(self) -> None:
        """Raise Blocked when the transport itself failed, which is no word on the server."""
        last = self.site.log.last()
        if last is not None and last.error is not None and not is_made_up(last.error):
            raise Unanswered(f"transport trouble: {last.error}", entry=last)
        if not self.site.judges_creates:
            self._raise_without_accounts()

    def _raise_without_accounts(self) -> None:
        """Raise Blocked when nobody ever had an account, of which something could be seen."""
        creates = [e for e in self.site.log.entries if (e.method, e.target) == ("POST", "/Users")]
        answers = [each.status for each in creates if each.status is not None]
        if answers and all(status >= 300 for status in answers):
            profile = self.setup.profile.name
            raise Blocked(
                f"every POST /Users was refused, the last with {answers[-1]}",
                by=judge_of(profile, "assign", self.setup.dialect),
                entry=creates[-1],
            )

    def _settings(self) -> dict[str, Any]:
        setup = self.setup
        switches = {**self.habits.switches, **(setup.switches or {})}
        return {
            "dialect": setup.dialect,
            "credential": setup.credential,
            "auth_mode": setup.auth_mode,
            "switches": switches,
            "toggles": setup.toggles or {},
            "mapping": mapping_of(
                replace(setup, switches=switches),
                self.habits.mapping if setup.mapping is None else setup.mapping,
            ),
        }


def history(play: Callable[[Office], None]) -> Callable[[Office], None]:
    """Let a history end with a look at everything: what befell a bystander shows there."""

    @wraps(play)
    def whole(office: Office) -> None:
        __tracebackhide__ = True
        play(office)
        office.end()

    return whole


def _mend(title: str, exchange: Exchange | None) -> str | None:
    """Return how to mend a refusal that the history is not about; None where it may be."""
    reply = exchange.reply if exchange is not None else None
    if exchange is None or reply is None or reply.status not in _REFUSALS:
        return None
    kind, _, rest = exchange.request.target.partition("?")[0].strip("/").partition("/")
    place = f"/{kind}/{{id}}" if rest else f"/{kind}"
    sent = f"{exchange.request.method} {place}"
    return f"Take {sent} as {title} sends it: the server answers {reply.status}."


def other_credential(site: Site, setup: Setup) -> Credential | None:
    """Return a second credential that the server takes and the IdP can send, None without one."""
    target = site.connection.target
    for credential in target.also_accepts:
        if credential == setup.credential:
            continue
        try:
            setup.profile.start(dialect=setup.dialect, credential=credential)
        except ValueError:
            continue
        return credential
    return None
