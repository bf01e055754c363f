"""One mock authentik: the verbs of its directory and its SCIM provider, each one a script.

A change in the directory is a task of its own; one that ends with 429 or 503 is run again.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from idp_profiles.changed_person import changed_person
from idp_profiles.choices import chosen_dialect
from idp_profiles.choices import chosen_switches
from idp_profiles.choices import chosen_toggles
from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import load_mapping
from idp_profiles.model import Credential
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.model import Stopped
from idp_profiles.model import Wait
from idp_profiles.recorder import secrets_of

from .authentication import authorization
from .console import Busy
from .console import Refused
from .discovery import discover_groups
from .discovery import discover_users
from .exchange import id_of
from .facts import LIMITS
from .facts import SWITCHES
from .facts import TOGGLES
from .groups import Groups
from .links import Links
from .mappings import MAPPING
from .names import DIALECTS
from .org import Account
from .org import Org
from .org import Team
from .service_config import ServiceConfig
from .users import Users

# Somebody of whom only the account in the app is known.
_STRANGER = Person(
    user_name="", given_name="", family_name="", email="", display_name="", idp_id=""
)


class Authentik:
    """A mock authentik with one SCIM provider: its verbs return scripts, links are kept inside."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._users, self._groups = Users(org), Groups(org)

    # -- what it knows

    @property
    def dialect(self) -> str:
        """The key of the compatibility mode."""
        return self._org.dialect

    @property
    def mapping(self) -> AttributeMapping:
        """The attribute mapping that it pushes by."""
        return self._org.mapping

    @property
    def secrets(self) -> frozenset[str]:
        """Every secret that it sends: for whoever records its traffic."""
        return frozenset(self._org.secrets)

    @property
    def links(self) -> Links:
        """The links to accounts and groups, for whoever keeps them over a long history."""
        return Links(self._org)

    def sign_with(self, credential: Credential) -> None:
        """Sign with another credential from now on; raises ValueError naming what does not fit."""
        self._org.authorization = authorization(credential)
        self._org.secrets.update(secrets_of(credential))

    @property
    def features(self) -> ServiceConfig | None:
        """What it believes of the server's features, None while it has not asked."""
        return self._org.config

    def user_id(self, person: Person) -> str | None:
        """Return the id of the user's account in the app, None when there is none."""
        account = self._org.accounts.get(person.idp_id or person.user_name)
        return account.user_id or None if account else None

    def group_id(self, group: Group) -> str | None:
        """Return the id of the group in the app, None when there is none."""
        team = self._org.teams.get(group.idp_id or group.name)
        return team.group_id or None if team else None

    def is_active(self, person: Person) -> bool:
        """Tell whether the user is active in the directory."""
        return self._org.account(person).active

    def person(self, person: Person) -> Person:
        """Return a user as the directory has it now."""
        return self._org.account(person).person

    def forget(self, *things: Person | Group) -> None:
        """Drop the links to users and groups, as another authentik would not have them."""
        for thing in things:
            if isinstance(thing, Person):
                self._org.account(thing).user_id = ""
            else:
                self._org.team(thing).group_id = ""

    def know(self, person: Person, *, active: bool) -> None:
        """Take over what the directory says of a user now; nothing is sent."""
        account = self._org.account(person)
        account.person, account.active = person, active

    def know_group(self, group: Group) -> None:
        """Take over what the directory says of a group now; nothing is sent."""
        self.set_members(group)
        self._org.team(group).name = group.name

    def drop(self, *things: Person | Group) -> None:
        """Take users and groups out of the directory: no discovery finds them; nothing is sent."""
        for thing in things:
            rows: dict[str, Account] | dict[str, Team] = self._org.teams
            if isinstance(thing, Person):
                rows = self._org.accounts
            rows.pop(thing.idp_id or _name(thing), None)

    def believe(self, person: Person, user_id: str) -> None:
        """Take a user for linked to that account, whether there is one or not."""
        account = self._org.account(person)
        account.user_id, account.in_scope = user_id, True

    def link(self, person: Person, user_id: str) -> None:
        """Take a user for linked to an account that somebody else has made."""
        self.believe(person, user_id)

    def link_group(self, group: Group, group_id: str) -> None:
        """Take a group, with its members, for linked to one that somebody else has made."""
        self.set_members(group)
        self._org.team(group).group_id = group_id

    def let_an_hour_pass(self) -> None:
        """Drop what is cached of the service provider configuration."""
        self._org.config = None

    # -- users

    def assign(self, person: Person) -> Script:
        """Bring a user into the provider's scope, or save the user once more."""
        account = self._org.account(person)
        account.in_scope = True
        return self._task(lambda: self._users.write(account))

    def update(self, person: Person, **changes: Json) -> Script:
        """Change fields of a user, or source attributes; an empty value clears."""
        return self.update_with(person, changes)

    def update_with(self, person: Person, changes: Mapping[str, Json]) -> Script:
        """Change fields of a user, given as a table."""
        account = self._org.account(person)
        account.person = changed_person(account.person, changes)
        return self._task(lambda: self._users.write(account))

    def deactivate(self, person: Person) -> Script:
        """Deactivate a user."""
        return self._set_active(person, active=False)

    def reactivate(self, person: Person) -> Script:
        """Activate a user again."""
        return self._set_active(person, active=True)

    def delete(self, person: Person) -> Script:
        """Delete a user."""
        account = self._org.account(person)
        account.in_scope = False
        for team in self._org.teams.values():
            team.members = [one for one in team.members if one is not account]
        return self._task(lambda: self._users.delete(account))

    # -- groups

    def push_group(self, group: Group) -> Script:
        """Save a group with the members given."""
        self.set_members(group)
        team = self._org.team(group)
        return self._task(lambda: self._groups.write(team))

    def set_members(self, group: Group) -> None:
        """Change who is in a group behind the provider's back: the next write has to mend it."""
        team = self._org.team(group)
        team.members = [self._org.account(person) for person in group.members]

    def adopt_members(self, group: Group) -> None:
        """Take whoever the app last showed in a group for members in the directory too."""
        team = self._org.team(group)
        shown = team.known.get("members")
        members = shown if isinstance(shown, list) else []
        ids = [id_of({"id": one.get("value")}) for one in members if isinstance(one, dict)]
        owners = {account.user_id: account for account in self._org.accounts.values()}
        for user_id in ids:
            stranger = Account(replace(_STRANGER, user_name=user_id), user_id=user_id)
            account = owners.get(user_id, stranger)
            if account not in team.members:
                team.members.append(account)

    def rename_group(self, group: Group, name: str) -> Script:
        """Rename a group."""
        team = self._org.team(group)
        team.name = name
        return self._task(lambda: self._groups.write(team))

    def add_members(self, group: Group, *people: Person) -> Script:
        """Add users to a group."""
        team, accounts = self._org.team(group), [self._org.account(one) for one in people]
        team.members += [one for one in accounts if one not in team.members]
        ids = [one.user_id for one in accounts if one.user_id]
        return self._task(lambda: self._groups.move(team, "add", ids))

    def remove_members(self, group: Group, *people: Person) -> Script:
        """Remove users from a group."""
        team, accounts = self._org.team(group), [self._org.account(one) for one in people]
        team.members = [one for one in team.members if one not in accounts]
        ids = [one.user_id for one in accounts if one.user_id]
        return self._task(lambda: self._groups.move(team, "remove", ids))

    def delete_group(self, group: Group) -> Script:
        """Delete a group."""
        team = self._org.team(group)
        team.in_scope = False
        return self._task(lambda: self._groups.delete(team))

    # -- the whole

    def discover(self) -> Script:
        """Read all users and groups of the app and link those that are known."""
        yield from self.discover_users()
        yield from self.discover_groups()

    def discover_users(self) -> Script:
        """Read all users of the app and link those that are known."""
        return self._task(lambda: discover_users(self._org))

    def discover_groups(self) -> Script:
        """Read all groups of the app and link those that are known."""
        return self._task(lambda: discover_groups(self._org))

    def full_sync(self) -> Script:
        """Discover, write every user, then every group; one refused stops no other."""
        yield from self.discover()
        first: Stopped | None = None
        for script in self._writes():
            try:
                yield from script
            except Stopped as stopped:
                if stopped.scope == "job":
                    raise
                first = first or stopped
        if first is not None:
            raise first

    # -- inside

    def _writes(self) -> Iterator[Script]:
        org = self._org
        yield from (self._users.write(one) for one in org.accounts.values() if one.in_scope)
        yield from (self._groups.write(one) for one in org.teams.values() if one.in_scope)

    def _set_active(self, person: Person, *, active: bool) -> Script:
        account = self._org.account(person)
        account.active = active
        return self._task(lambda: self._users.write(account))

    def _task(self, make: Callable[[], Script]) -> Script:
        again: tuple[type[Stopped], ...] = (Busy,)
        if self._org.switches["task_retries"] == "every-error":
            again = (Busy, Refused)
        tries = LIMITS["tries"].value
        for number in range(tries):
            try:
                yield from make()
                return
            except again:
                if number == tries - 1:
                    raise
            yield Wait(LIMITS["backoff"].value * 2**number, "before the task is run again")


def start(
    *,
    dialect: str,
    credential: Credential,
    auth_mode: str | None = None,
    switches: Mapping[str, str] | None = None,
    toggles: Mapping[str, bool] | None = None,
    mapping: AttributeMapping | Mapping[str, Json] | Path | None = None,
    app_name: str = "scimproof",
    seed: int = 0,
) -> Authentik:
    """Return a mock authentik; raises ValueError naming the setting that does not fit."""
    del seed, app_name  # nothing of it is random, and no request names the app
    chosen_toggles(toggles or {}, TOGGLES)
    org = Org(
        authorization=authorization(credential, auth_mode),
        dialect=chosen_dialect(dialect, DIALECTS),
        switches=chosen_switches(switches or {}, SWITCHES),
        mapping=MAPPING if mapping is None else load_mapping(mapping),
    )
    org.secrets.update(secrets_of(credential))
    return Authentik(org)


def _name(thing: Person | Group) -> str:
    return thing.user_name if isinstance(thing, Person) else thing.name
