"""One mock Okta: the verbs of its admin console and directory, each one a script."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import fields
from dataclasses import replace
from pathlib import Path

from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import load_mapping
from idp_profiles.model import Credential
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.model import Stopped
from idp_profiles.recorder import secrets_of
from idp_profiles.wire import member

from .authentication import authorization
from .groups import Groups
from .imports import Discovery
from .imports import ImportResult
from .imports import Imports
from .links import Links
from .mappings import MAPPING
from .names import GOVERNANCE
from .org import Link
from .org import Org
from .org import PushedGroup
from .org import key_of
from .settings import checked_dialect
from .settings import checked_switches
from .settings import checked_toggles
from .users import Users

_FIELDS = frozenset(field.name for field in fields(Person)) - {"idp_id", "attributes"}


class Okta:
    """A mock Okta with one app: its verbs return scripts, its links to the app are kept inside.

    A verb that has nothing to send returns a script that sends nothing: a feature is switched off,
    nobody is assigned, no mapped attribute changed.
    """

    def __init__(self, org: Org) -> None:
        self._org = org
        self._users = Users(org)
        self._groups = Groups(org)
        self._imports = Imports(org)

    # -- what it knows

    @property
    def dialect(self) -> str:
        """The key of the dialect that it speaks."""
        return self._org.dialect

    @property
    def mapping(self) -> AttributeMapping:
        """The attribute mapping that it pushes by."""
        return self._org.mapping

    @property
    def imported(self) -> ImportResult:
        """What the last import brought."""
        return self._imports.result

    @property
    def discovered(self) -> Discovery:
        """The roles and entitlements that the last discovery found."""
        return self._imports.discovery

    @property
    def user_schemas(self) -> tuple[dict[str, Json], ...]:
        """The schemas that the last discovery or schema import read."""
        return self._imports.schemas

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
        self._org.authorization = authorization(self._org.dialect, credential, None)
        self._org.secrets.update(secrets_of(credential))

    def user_id(self, person: Person) -> str | None:
        """Return the id of the person's account in the app, None when there is none."""
        link = self._org.link(person)
        return None if link is None else link.user_id

    def group_id(self, group_name: str) -> str | None:
        """Return the id in the app of a pushed group, by its present name in Okta."""
        pushed = self._org.groups.values()
        return next((one.group_id for one in pushed if one.group.name == group_name), None)

    def person(self, person: Person) -> Person:
        """Return a person as Okta's directory has it now."""
        return self._org.person(person)

    def link(self, person: Person, user_id: str, *, active: bool = True) -> None:
        """Note that a person has this account in the app, as a confirmed import does."""
        person = self._org.remember(person)
        self._org.links[key_of(person)] = Link(user_id, person, active)

    def adopt(self, person: Person) -> Script:
        """Look a person up in the app and link the account, as a confirmed import does."""
        return self._users.adopt(person)

    def adopt_group(self, group: Group) -> Script:
        """Look a group up in the app and map it, without pushing anything."""
        return self._groups.adopt(group)

    def link_pushed(self, group: Group, group_id: str) -> None:
        """Note that a group was pushed to the app and has this id there."""
        pushed = PushedGroup(group, group_id)
        self._org.groups[group.idp_id or group.name] = pushed

    def forget(self, person: Person) -> None:
        """Drop the link to a person's account, as another Okta org would not have it."""
        self._org.links.pop(key_of(person), None)

    def forget_group(self, group_name: str) -> None:
        """Drop the link to a group in the app."""
        groups = self._org.groups
        for key in [key for key, one in groups.items() if one.group.name == group_name]:
            del groups[key]

    # -- the app's settings

    def test_connection(self, import_groups: bool = False) -> Script:
        """Test API Credentials, or Test Connector Configuration."""
        groups = import_groups or self._org.toggles["import_groups"]
        return self._imports.probe("test-credentials", groups=groups)

    def save_settings(self) -> Script:
        """Save the provisioning settings."""
        return self._imports.probe("save-provisioning-settings", groups=False)

    # -- people

    def assign(self, person: Person) -> Script:
        """Assign the app to a person: creates, links or reactivates the account."""
        return self._users.assign(person)

    def assign_group(self, group: Group) -> Script:
        """Assign the app to a group: each member is provisioned, the group itself is not."""
        return self._one_by_one(group.members, "create-user-group-assignment")

    def provision_backlog(self, people: Iterable[Person]) -> Script:
        """Provision User for people who were assigned before provisioning was switched on."""
        return self._one_by_one(people, "provision-user-backlog")

    def update(self, person: Person, **changes: Json) -> Script:
        """Change fields of a person, or source attributes; an empty value clears."""
        return self._change(person, changes, "update-profile")

    def rename(
        self, person: Person, *, user_name: str | None = None, email: str | None = None
    ) -> Script:
        """Change a person's user name, e-mail address, or both."""
        given: dict[str, Json] = {"user_name": user_name, "email": email}
        changes = {name: value for name, value in given.items() if value is not None}
        return self._change(person, changes, "rename-user")

    def clear(self, person: Person, *names: str) -> Script:
        """Empty source attributes; a name without a mapping is taken as a SCIM path."""
        return self._change(person, dict.fromkeys(names), "push-empty-values")

    def deactivate(self, person: Person) -> Script:
        """Take the app away from a person, or deactivate the person in Okta."""
        return self._users.deactivate(person)

    def reactivate(self, person: Person) -> Script:
        """Assign the app again to a person who was deactivated."""
        return self._users.reactivate(person)

    def sync_password(self, person: Person, new_password: str) -> Script:
        """Change a person's password in Okta."""
        return self._users.set_password(person, new_password)

    def suspend(self, person: Person) -> Script:
        """Suspend or unsuspend a person: nothing is sent."""
        del person
        return _nothing()

    def delete_in_idp(self, person: Person) -> Script:
        """Delete a deactivated person in Okta: nothing is sent, the link is gone."""
        self._org.links.pop(key_of(person), None)
        self._org.people.pop(key_of(person), None)
        return _nothing()

    # -- imports

    def import_users(self, import_groups: bool = False) -> Script:
        """Import Now, or a scheduled import; see `imported`."""
        groups = import_groups or self._org.toggles["import_groups"]
        return self._imports.users(groups=groups)

    def import_groups(self) -> Script:
        """Refresh App Groups; see `imported`."""
        return self._imports.groups()

    def import_user_schema(self) -> Script:
        """Import User Schema; see `user_schemas`."""
        return self._imports.user_schema()

    # -- groups

    def push_group(self, group: Group) -> Script:
        """Push a group by name."""
        return self._groups.push(group)

    def change_members(
        self, group: Group, added: Sequence[Person] = (), removed: Sequence[Person] = ()
    ) -> Script:
        """Put people into a pushed group and take others out."""
        return self._groups.change_members(self._pushed(group), added, removed)

    def push_now(self, group: Group) -> Script:
        """Push Now: the complete list of members, as the group in Okta has them now."""
        pushed = self._pushed(group)
        pushed.group = replace(pushed.group, members=group.members)
        return self._groups.push_all(pushed)

    def rename_group(self, group: Group, new_name: str) -> Script:
        """Rename a pushed group in Okta."""
        return self._groups.rename(self._pushed(group), new_name)

    def link_group(self, group_name: str, members: Sequence[Person], group: Group) -> Script:
        """Link Okta's `group` with these members to the app's group of that name.

        The app's groups are imported first; without one of that name there is nothing to link.
        """
        put = self._org.dialect == "aiw"
        scenario = "group-link-existing-put" if put else "group-link-existing"
        yield from self._imports.groups(scenario)
        for found in self.imported.groups:
            if member(found, "displayName") == group_name and member(found, "id"):
                current = member(found, "members")
                stay = current if isinstance(current, list) else []
                okta = replace(group, members=tuple(members))
                yield from self._groups.link(okta, str(member(found, "id")), stay)
                return

    def unlink_group(self, group: Group, delete: bool) -> Script:
        """Unlink a pushed group: delete it in the app, or leave it there."""
        pushed = self._pushed(group)
        if delete:
            yield from self._groups.delete(pushed)
        self.forget_group(pushed.group.name)

    def deactivate_push(self, group: Group) -> Script:
        """Deactivate the push of a group: nothing is sent."""
        self._pushed(group).push = False
        return _nothing()

    def activate_push(self, group: Group) -> Script:
        """Activate the push of a group again: its members go out at once."""
        pushed = self._pushed(group)
        pushed.push = True
        return self._groups.push_all(pushed)

    # -- governance

    def discover_entitlements(self) -> Script:
        """Read the roles and entitlements of the app; see `discovered`."""
        self._needs_governance()
        return self._imports.entitlements()

    def grant(
        self,
        person: Person,
        roles: Iterable[Mapping[str, Json]] = (),
        entitlements: Iterable[Mapping[str, Json]] = (),
    ) -> Script:
        """Grant roles (value, display) and entitlements (value, display, type)."""
        self._needs_governance()
        given = {"roles": [*map(dict, roles)], "entitlements": [*map(dict, entitlements)]}
        granted: dict[str, Json] = {name: [*items] for name, items in given.items() if items}
        return self._users.grant(person, granted)

    # -- inside

    def _one_by_one(self, people: Iterable[Person], scenario: str) -> Script:
        """Provision each person; every one is a task of its own, so one failure stops no other."""
        first: Stopped | None = None
        for person in people:
            try:
                yield from self._users.assign(person, scenario)
            except Stopped as stopped:
                first = first or stopped
        if first is not None:
            raise first

    def _change(self, person: Person, changes: Mapping[str, Json], scenario: str) -> Script:
        before = self._org.person(person)
        after = _changed(before, changes)
        self._org.people[key_of(person)] = after
        mapping = self._org.mapping
        empty = [name for name, value in changes.items() if value in (None, "")]
        if scenario != "push-empty-values":
            sources = {entry.source for entry in mapping.entries}
            empty = [name for name in empty if name in sources]
        return self._users.push_changes(after, [mapping.path_of(name) for name in empty], scenario)

    def _pushed(self, group: Group) -> PushedGroup:
        pushed = self._org.pushed_group(group)
        if pushed is None:
            raise ValueError(f"the group {group.name!r} was not pushed or linked yet")
        return pushed

    def _needs_governance(self) -> None:
        if self._org.dialect != GOVERNANCE:
            raise ValueError(f"the dialect {self._org.dialect!r} has no entitlements")


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
) -> Okta:
    """Return a mock Okta; raises ValueError naming the setting that does not fit."""
    org = Org(
        dialect=checked_dialect(dialect),
        authorization=authorization(dialect, credential, auth_mode),
        switches=checked_switches(switches or {}),
        toggles=checked_toggles(toggles or {}),
        mapping=MAPPING if mapping is None else load_mapping(mapping),
        app_name=app_name,
        seed=seed,
    )
    org.secrets.update(secrets_of(credential))
    return Okta(org)


def _changed(person: Person, changes: Mapping[str, Json]) -> Person:
    """Return the person with fields and source attributes changed; empty ones are taken away."""
    given = {name: value or "" for name, value in changes.items() if name in _FIELDS}
    attributes = {**person.attributes, **{k: v for k, v in changes.items() if k not in _FIELDS}}
    kept = {name: value for name, value in attributes.items() if value not in (None, "")}
    return replace(person, **given, attributes=kept)  # type: ignore[arg-type] # fields are texts


def _nothing() -> Script:
    yield from ()
