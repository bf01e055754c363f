"""The customer of a product: a directory with a living mock IdP, and its workspace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import idp_profiles
from idp_profiles.living.directory import Directory
from idp_profiles.living.engine import Turn
from idp_profiles.model import Json
from idp_profiles.model import Person
from suites.idp.histories.office import Office
from suites.idp.histories.office import Site
from suites.making.people import is_ours
from suites.replay import RecordingSend
from suites.replay import Replay
from suites.replay import Setup
from suites.target.every_user import by_path
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

from .kit import SetUp
from .probe import Member
from .probe import Probe
from .probe import Team
from .workspace import Workspace

ACTIVE = "ACTIVE"


class Company:
    """One customer. `settings` are those of the mock IdP beyond the documented set-up.

    `form` is one of the documented forms of the credential; `arranged_by` the requirement that
    judges what is mere preparation elsewhere.
    """

    def __init__(
        self,
        workspace: Workspace,
        provider: str,
        *,
        form: str = "",
        **settings: Any,  # noqa: ANN401 - of the IdP
    ) -> None:
        self.workspace = workspace
        self.provider = provider
        self.profile = idp_profiles.load(provider)
        self._documented: SetUp = workspace.kit.set_ups[provider]
        self.setup, own = self._set_up(form, settings)
        self.office = Office(self.setup, self._site(), **own)

    def set_up(self, *, form: str = "", **settings: Any) -> Company:  # noqa: ANN401 - of the IdP
        """Return the customer with a mock IdP that is set up otherwise, and an empty directory."""
        return Company(self.workspace, self.provider, form=form, **settings)

    def replay(self) -> Replay:
        """Return the mock IdP verb by verb, for what its console does: a connection test."""
        workspace = self.workspace
        connection = workspace.scim()
        send = RecordingSend(connection, workspace.log, workspace.journal)
        return Replay(self.setup, connection, workspace.log, send)

    # -- the directory

    @property
    def directory(self) -> Directory:
        """The people and groups of the customer."""
        return self.office.directory

    @property
    def probe(self) -> Probe:
        """The product as its owner sees it."""
        return self.workspace.owner

    def hire(self, count: int = 1) -> list[str]:
        """Take people in, assign the app to them, and return their keys."""
        return self.office.hire(count)

    def hire_one(self, **attributes: Json) -> str:
        """Take one person in, with attributes, assign the app, and return the key."""
        person = replace(self.workspace.people.person(), attributes=attributes)
        key = self.office.take_in(person)
        self.directory.assign(key)
        return key

    def take_over(self, email: str, user_name: str = "") -> str:
        """Take a person in whose e-mail address is given, assign the app, and return the key."""
        person = replace(self.workspace.people.person(), email=email, user_name=user_name or email)
        key = self.office.take_in(person)
        self.directory.assign(key)
        return key

    def form(self, *people: str, name: str = "") -> str:
        """Form a group, push it or assign the app to it, and return its key."""
        return self.office.form(*people, name=name)

    def person(self, key: str) -> Person:
        """Return a person as the directory has them."""
        return self.directory.person(key)

    def name_of(self, group: str) -> str:
        """Return the name of a group."""
        return self.directory.group(group).name

    def account(self, key: str) -> str:
        """Return the id that the product shows for somebody, which may be another than SCIM's.

        Raises Blocked where it shows nobody.
        """
        try:
            return self.shows_somebody(self.person(key).email).id
        except Mismatch as problem:
            raise Blocked(str(problem), entry=problem.entry) from None

    # -- what happens

    def sync(self) -> Turn:
        """Let the IdP go on until it is in step; raises Mismatch where it cannot."""
        __tracebackhide__ = True
        turn = self.office.settle()
        if not turn.in_step:
            first = turn.pending[0]
            raise Mismatch(
                expected=f"{self.profile.title} gets in step with the workspace",
                actual=f"{len(turn.pending)} left to do, as {first.name}: {first.why}",
                entry=self.workspace.log.last(),
            )
        return turn

    def arrange(self, by: str | None = None) -> Turn:
        """Let the IdP go on as preparation; raises Blocked, naming what judges it."""
        try:
            return self.sync()
        except Mismatch as problem:
            raise Blocked(str(problem), by=by, entry=problem.entry) from None

    def writes(self) -> int:
        """Return how many requests that write the IdP has sent so far."""
        entries = self.workspace.log.entries
        return sum(each.step is not None and each.method != "GET" for each in entries)

    # -- what the product shows

    def shows_member(self, key: str, **wanted: str) -> Member:
        """Expect the product to show a person, with these fields; raises Mismatch."""
        __tracebackhide__ = True
        return self.shows(self.person(key).email, **wanted)

    def shows(self, email: str, **wanted: str) -> Member:
        """Expect the product to show whoever has an address, with these fields; raises Mismatch."""
        __tracebackhide__ = True
        fields = {"status": ACTIVE, **wanted}
        shown = ", ".join(f"{name} {value!r}" for name, value in fields.items())
        found = self.workspace.shown(
            lambda: self.probe.member(email),
            lambda member: member is not None and _has(member, fields),
            f"the member {email} with {shown}",
            lambda member: "nobody" if member is None else _told(member, fields),
        )
        assert found is not None
        return found

    def shows_nobody(self, email: str) -> None:
        """Expect nobody in the product who goes by an e-mail address; raises Mismatch."""
        __tracebackhide__ = True
        self.workspace.shown(
            lambda: self.probe.member(email),
            lambda member: member is None,
            f"nobody with the address {email}",
            lambda member: f"a member with the status {member.status if member else ''}",
        )

    def shows_group(self, name: str, people: Iterable[str]) -> Team:
        """Expect one group of a name with exactly these people; raises Mismatch."""
        __tracebackhide__ = True
        wanted = self._ids_of(people)
        found = self.workspace.shown(
            self.probe.groups,
            lambda groups: [each.people for each in groups if each.name == name] == [wanted],
            f"one group {name!r} with {len(wanted)} people",
            lambda groups: _groups_told(groups, name, wanted),
        )
        return next(each for each in found if each.name == name)

    def _ids_of(self, people: Iterable[str]) -> frozenset[str]:
        """Return the ids by which the product's groups name people; raises Mismatch."""
        return frozenset(self.shows_somebody(self.person(each).email).id for each in people)

    def shows_somebody(self, email: str) -> Member:
        """Expect the product to show whoever has an address; raises Mismatch."""
        __tracebackhide__ = True
        found = self.workspace.shown(
            lambda: self.probe.member(email),
            lambda member: member is not None,
            f"a member {email}",
            lambda _: "nobody",
        )
        assert found is not None
        return found

    def shows_no_group(self, name: str) -> None:
        """Expect no group of a name; raises Mismatch."""
        __tracebackhide__ = True
        self.workspace.shown(
            lambda: self.probe.group(name),
            lambda group: group is None,
            f"no group {name!r}",
            lambda group: f"a group with {len(group.people) if group else 0} people",
        )

    def shows_only(self, before: Iterable[str], *people: str) -> None:
        """Expect no newcomers but these people; what other cases make meanwhile does not count."""
        __tracebackhide__ = True
        known = {each.lower() for each in before}
        wanted = {self.person(each).email.lower() for each in people}
        self.workspace.shown(
            self.probe.users,
            lambda found: self._newcomers((each.email for each in found), known) == wanted,
            f"{len(wanted)} newcomers",
            lambda found: _listed(self._newcomers((each.email for each in found), known)),
        )

    def shows_no_new_group(self, before: Iterable[str]) -> None:
        """Expect no group beyond those from before; others' do not count. Raises Mismatch."""
        __tracebackhide__ = True
        known = {each.lower() for each in before}
        self.workspace.shown(
            self.probe.groups,
            lambda found: not self._newcomers((each.name for each in found), known),
            "no new group",
            lambda found: _listed(self._newcomers((each.name for each in found), known)),
        )

    def _newcomers(self, names: Iterable[str], known: set[str]) -> set[str]:
        """Return the new names, without those that other cases of a run gave."""
        tag = self.workspace.people.tag.lower()
        fresh = {each.lower() for each in names} - known
        return {each for each in fresh if tag in each or not is_ours(each)}

    # -- inside

    def _set_up(self, form: str, settings: dict[str, Any]) -> tuple[Setup, dict[str, Any]]:
        documented, connection = self._documented, self.workspace.scim()
        credential = documented.credential(self.workspace.token, form)
        setup = Setup(
            profile=self.profile,
            dialect=documented.dialect,
            credential=credential,
            auth_mode=documented.auth_mode,
            switches={**documented.switches_of(form), **settings.pop("switches", {})},
            toggles=settings.pop("toggles", None),
            mapping=settings.pop("mapping", None),
            wishes=by_path(connection.target.every_user),
        )
        return setup, settings

    def _site(self) -> Site:
        workspace = self.workspace
        return Site(
            connection=workspace.scim(),
            log=workspace.log,
            journal=workspace.journal,
            look=workspace.client(),
            people=workspace.people,
            judges_creates=True,
        )


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _has(member: Member, fields: dict[str, str]) -> bool:
    return all(getattr(member, name) == value for name, value in fields.items())


def _told(member: Member, fields: dict[str, str]) -> str:
    return ", ".join(f"{name} {getattr(member, name)!r}" for name in fields)


def _groups_told(groups: tuple[Team, ...], name: str, wanted: frozenset[str]) -> str:
    mine = [each for each in groups if each.name == name]
    if len(mine) != 1:
        return f"{len(mine) or 'no'} group{'s' if mine else ''} of that name"
    lost, more = len(wanted - mine[0].people), len(mine[0].people - wanted)
    return f"{len(mine[0].people)} people ({lost} lost, {more} who should not be there)"
