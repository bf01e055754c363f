"""One mock Keycloak: the events of its realm and the full sync, each one a script."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
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
from idp_profiles.one_by_one import one_by_one
from idp_profiles.recorder import secrets_of

from .authentication import authorization
from .facts import SWITCHES
from .facts import TOGGLES
from .links import Links
from .mappings import MAPPING
from .names import DIALECTS
from .org import Org
from .propagation import Propagation


class Keycloak:
    """A mock Keycloak with the extension: its verbs return scripts, links are kept inside."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._send = Propagation(org)

    # -- what it knows

    @property
    def dialect(self) -> str:
        """The key of the dialect that it speaks."""
        return DIALECTS[0].key

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

    def user_id(self, person: Person) -> str | None:
        """Return the id of the user's account in the app, None when there is no link."""
        return self._org.account(person).remote_id or None

    def group_id(self, group: Group) -> str | None:
        """Return the id of the group in the app, None when there is no link."""
        return self._org.team(group).remote_id or None

    def know(self, person: Person, *, enabled: bool) -> None:
        """Take over what the realm says of a user now; nothing is sent."""
        account = self._org.account(person)
        account.person, account.enabled = person, enabled

    def know_group(self, group: Group) -> None:
        """Take over what the realm says of a group and its members now; nothing is sent."""
        team = self._org.team(group)
        team.name, team.members = group.name, [self._org.account(one) for one in group.members]

    def drop(self, person: Person) -> None:
        """Take a user out of the realm; nothing is sent."""
        self._org.accounts.pop(person.idp_id or person.user_name, None)

    def drop_group(self, group: Group) -> None:
        """Take a group out of the realm; nothing is sent."""
        self._org.teams.pop(group.idp_id or group.name, None)

    def link(self, person: Person, user_id: str) -> None:
        """Take a user for linked to an account that is there."""
        self._org.account(person).remote_id = user_id

    def link_group(self, group: Group, group_id: str) -> None:
        """Take a group, with its members, for linked to one that is there."""
        team = self._org.team(group)
        team.members = [self._org.account(person) for person in group.members]
        team.remote_id = group_id

    def is_active(self, person: Person) -> bool:
        """Tell whether the user is enabled in the realm."""
        return self._org.account(person).enabled

    # -- users

    def assign(self, person: Person) -> Script:
        """Create a user in the realm."""
        return self._send.create_user(self._org.account(person))

    def update(self, person: Person, **changes: Json) -> Script:
        """Change fields of a user, or source attributes; an empty value clears."""
        account = self._org.account(person)
        account.person = changed_person(account.person, changes)
        return self._send.user(account)

    def deactivate(self, person: Person) -> Script:
        """Disable a user."""
        return self._set_enabled(person, enabled=False)

    def reactivate(self, person: Person) -> Script:
        """Enable a user again."""
        return self._set_enabled(person, enabled=True)

    def delete(self, person: Person) -> Script:
        """Delete a user."""
        account = self._org.account(person)
        for team in self._org.teams.values():
            team.members = [one for one in team.members if one is not account]
        return self._send.delete_user(account)

    # -- groups

    def push_group(self, group: Group) -> Script:
        """Create a group with the members given."""
        team = self._org.team(group)
        team.members = [self._org.account(person) for person in group.members]
        return self._send.create_group(team)

    def rename_group(self, group: Group, name: str) -> Script:
        """Rename a group."""
        team = self._org.team(group)
        team.name = name
        return self._send.group(team)

    def add_member(self, group: Group, person: Person) -> Script:
        """Add a user to a group: the whole group is sent, then the user."""
        team, account = self._org.team(group), self._org.account(person)
        if account not in team.members:
            team.members.append(account)
        return one_by_one([self._send.group(team), self._send.user(account)])

    def remove_member(self, group: Group, person: Person) -> Script:
        """Remove a user from a group: the whole group is sent, then the user."""
        team, account = self._org.team(group), self._org.account(person)
        team.members = [one for one in team.members if one is not account]
        return one_by_one([self._send.group(team), self._send.user(account)])

    def delete_group(self, group: Group) -> Script:
        """Delete a group."""
        return self._send.delete_group(self._org.team(group))

    # -- the whole

    def full_sync(self) -> Script:
        """Send everything once more; what has no link is created."""
        return one_by_one(self._everything())

    def _everything(self) -> Iterator[Script]:
        # Disabled users and the admin are left out.
        for account in self._org.accounts.values():
            if account.enabled and account.person.user_name != "admin":
                linked = bool(account.remote_id)
                yield self._send.user(account) if linked else self._send.create_user(account)
        for team in self._org.teams.values():
            yield self._send.group(team) if team.remote_id else self._send.create_group(team)

    def _set_enabled(self, person: Person, *, enabled: bool) -> Script:
        account = self._org.account(person)
        account.enabled = enabled
        return self._send.user(account)


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
) -> Keycloak:
    """Return a mock Keycloak; raises ValueError naming the setting that does not fit."""
    del seed, app_name  # nothing of it is random, and no request names the app
    chosen_dialect(dialect, DIALECTS)
    chosen_toggles(toggles or {}, TOGGLES)
    org = Org(
        authorization=authorization(credential, auth_mode),
        switches=chosen_switches(switches or {}, SWITCHES),
        mapping=MAPPING if mapping is None else load_mapping(mapping),
    )
    org.secrets.update(secrets_of(credential))
    return Keycloak(org)
