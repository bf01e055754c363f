"""One mock JumpCloud: the verbs of its admin console and directory, each one a script."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
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
from idp_profiles.one_by_one import one_by_one
from idp_profiles.recorder import secrets_of

from .activation import Activation
from .authentication import authorization
from .facts import SWITCHES
from .facts import TOGGLES
from .groups import Groups
from .imports import ImportResult
from .imports import Imports
from .links import Links
from .mappings import MAPPING
from .names import DIALECTS
from .org import BoundGroup
from .org import Org
from .users import Users


class JumpCloud:
    """A mock JumpCloud with one app: its verbs return scripts, its bindings are kept inside.

    A verb that has nothing to send returns a script that sends nothing: nobody is bound, the
    person is staged, a group has no members, the integration is off.
    """

    def __init__(self, org: Org) -> None:
        self._org = org
        self._users = Users(org)
        self._groups = Groups(org)
        self._imports = Imports(org)
        self._activation = Activation(org)

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

    @property
    def imported(self) -> ImportResult:
        """What the last import brought."""
        return self._imports.result

    def user_id(self, person: Person) -> str | None:
        """Return the id of the person's account in the app, None when there is none."""
        return self._org.account(person).user_id or None

    def is_active(self, person: Person) -> bool:
        """Tell whether JumpCloud has told the app that the person is active."""
        return self._org.account(person).active

    def group_id(self, group_name: str) -> str | None:
        """Return the id in the app of a bound group, by its present name in JumpCloud."""
        bound = (one for one in self._org.groups.values() if one.group.name == group_name)
        return next((one.group_id for one in bound if one.group_id), None)

    def person(self, person: Person) -> Person:
        """Return a person as JumpCloud's directory has it now."""
        return self._org.account(person).person

    def know(self, person: Person) -> None:
        """Take over what the directory says of a person now; nothing is sent."""
        account = self._org.account(person)
        account.person = replace(person, idp_id=account.person.idp_id)

    def know_group(self, group: Group) -> None:
        """Take over who is in a bound group now, for whoever it holds; nothing is sent."""
        bound = self._org.bound_group(group)
        bound.group = replace(bound.group, members=group.members)

    def forget(self, person: Person) -> None:
        """Drop what is known of a person, as another JumpCloud organisation would not have it."""
        self._org.accounts.pop(self._org.account(person).person.idp_id)

    def link(self, person: Person, user_id: str, *, bound: bool = True) -> None:
        """Note that a person has this account in the app, `bound` if by more than our groups."""
        account = self._org.account(person)
        account.user_id, account.bound, account.active = user_id, bound, True

    def link_group(self, group: Group, group_id: str) -> None:
        """Note that a group is bound and has this id in the app."""
        self._org.groups[_key(group)] = BoundGroup(group, group_id)

    def adopt(self, person: Person) -> Script:
        """Look a person up in the app and take the account as it is."""
        return self._users.adopt(self._org.account(person))

    def adopt_group(self, group: Group) -> Script:
        """Look a group up in the app and take it as it is."""
        bound = self._org.groups.setdefault(_key(group), BoundGroup(group))
        return self._groups.adopt(bound)

    # -- the app's settings

    def test_connection(self, email: str) -> Script:
        """Test Connection without groups: `email` is the test user's address."""
        return self._activation.run(email)

    def activate(self, email: str, group_name: str = "JumpCloud test group") -> Script:
        """Activate, or any later change of the settings: the whole test run."""
        self._org.is_on = True
        return self._activation.run(email, group_name if self._org.toggles["manage_groups"] else "")

    def make_test_user(self, email: str) -> Script:
        """Do the first part of a test run, which leaves the test user in the app."""
        return self._activation.make_user(email)

    def try_test_group(self, group_name: str) -> Script:
        """Do the group part of a test run; there must be a test user."""
        return self._activation.try_group(group_name)

    def remove_test_user(self) -> Script:
        """Do the last part of a test run."""
        return self._activation.remove_user("test-connection-no-delete")

    def switch_off(self) -> Script:
        """Deactivate the integration: nothing is sent, now or later."""
        self._org.is_on = False
        return _nothing()

    # -- people

    def bind(self, person: Person) -> Script:
        """Give a person the app (through a group that is none of our concern)."""
        account = self._org.account(person)
        account.bound = True
        return self._users.provision(account)

    def unbind(self, person: Person) -> Script:
        """Take the app from a person; the account is deactivated unless a bound group holds it."""
        account = self._org.account(person)
        account.bound = False
        return self._users.settle(account)

    def update(self, person: Person, **changes: Json) -> Script:
        """Change fields of a person, or source attributes; an empty value clears."""
        account = self._org.account(person)
        account.person = changed_person(account.person, changes)
        return self._users.push(account)

    def suspend(self, person: Person) -> Script:
        """Suspend a person."""
        return self._state(person, suspended=True)

    def unsuspend(self, person: Person) -> Script:
        """End a person's suspension."""
        return self._state(person, suspended=False)

    def expire_password(self, person: Person) -> Script:
        """Let a person's password expire, which deactivates the account in the app."""
        return self._state(person, password_expired=True)

    def renew_password(self, person: Person) -> Script:
        """Let a person set a new password, which is not sent but activates the account."""
        return self._state(person, password_expired=False)

    def stage(self, person: Person) -> Script:
        """Put a new person into the state STAGED: nothing is sent until they are activated."""
        self._org.account(person).staged = True
        return _nothing()

    def activate_staged(self, person: Person) -> Script:
        """Activate a staged person."""
        account = self._org.account(person)
        account.staged = False
        return self._users.provision(account)

    def delete(self, person: Person) -> Script:
        """Delete a person's account in the app; what triggers this is not established."""
        return self._users.delete(self._org.account(person))

    def import_users(self) -> Script:
        """Import users from this app; see `imported`."""
        return self._imports.users(one.person.email for one in self._org.accounts.values())

    # -- groups

    def bind_group(self, group: Group) -> Script:
        """Bind a group to the app: its members are provisioned, then the group is."""
        bound = self._org.groups.setdefault(_key(group), BoundGroup(group))
        bound.group = group
        return one_by_one((self._provision_all(group.members), self._groups.push(bound)))

    def add_members(self, group: Group, people: Sequence[Person]) -> Script:
        """Put people into a bound group."""
        bound = self._org.bound_group(group)
        keys = {self._org.account(person).person.idp_id for person in people}
        stay = [one for one in bound.group.members if self._id(one) not in keys]
        bound.group = replace(bound.group, members=(*stay, *people))
        return one_by_one((self._provision_all(people), self._groups.add(bound, people)))

    def remove_members(self, group: Group, people: Sequence[Person], form: str = "") -> Script:
        """Take people out of a bound group; `form` overrides the switch `member_removal`."""
        bound = self._org.bound_group(group)
        leavers = {self._id(person) for person in people}
        stay = tuple(one for one in bound.group.members if self._id(one) not in leavers)
        bound.group = replace(bound.group, members=stay)
        removal = self._groups.remove(bound, people, form or self._org.switches["member_removal"])
        return one_by_one((removal, self._settle_all(people, "deactivate")))

    def rename_group(self, group: Group, new_name: str) -> Script:
        """Rename a bound group."""
        return self._groups.rename(self._org.bound_group(group), new_name)

    def unbind_group(self, group: Group) -> Script:
        """Unbind a group: the group stays as it is, members without another one are deactivated."""
        bound = self._org.bound_group(group)
        del self._org.groups[_key(group)]
        return self._settle_all(bound.group.members, "group-unbind")

    def delete_group(self, group: Group) -> Script:
        """Delete a bound group in JumpCloud, which deletes it in the app."""
        bound = self._org.bound_group(group)
        del self._org.groups[_key(group)]
        members = self._settle_all(bound.group.members, "group-delete")
        return one_by_one((self._groups.delete(bound), members))

    # -- inside

    def _id(self, person: Person) -> str:
        return self._org.account(person).person.idp_id

    def _state(self, person: Person, **state: bool) -> Script:
        account = self._org.account(person)
        for name, value in state.items():
            setattr(account, name, value)
        return self._users.settle(account)

    def _provision_all(self, people: Iterable[Person]) -> Script:
        return one_by_one(self._users.provision(self._org.account(person)) for person in people)

    def _settle_all(self, people: Iterable[Person], scenario: str) -> Script:
        accounts = map(self._org.account, people)
        return one_by_one(self._users.settle(account, scenario) for account in accounts)


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
) -> JumpCloud:
    """Return a mock JumpCloud; raises ValueError naming the setting that does not fit."""
    chosen_dialect(dialect, DIALECTS)
    org = Org(
        authorization=authorization(credential, auth_mode),
        switches=chosen_switches(switches or {}, SWITCHES),
        toggles=chosen_toggles(toggles or {}, TOGGLES),
        mapping=MAPPING if mapping is None else load_mapping(mapping),
        app_name=app_name,
        seed=seed,
    )
    org.secrets.update(secrets_of(credential))
    return JumpCloud(org)


def _key(group: Group) -> str:
    return group.idp_id or group.name


def _nothing() -> Script:
    yield from ()
