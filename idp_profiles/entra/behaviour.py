"""One mock Entra: the verbs of its admin centre and directory, each one a script."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence

from idp_profiles.changed_person import changed_person
from idp_profiles.mapping import AttributeMapping
from idp_profiles.model import Credential
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.model import Wait

from .exchange import new_token
from .groups import Groups
from .limits import LIMITS
from .links import Links
from .mappings import in_directory
from .probes import Probes
from .roles import Role
from .signing import signing
from .tenant import Account
from .tenant import Tenant
from .tenant import group_key
from .tenant import key_of
from .tenant_url import typed_tenant_url
from .tools import Tool
from .tools import gallery
from .tools import validator
from .users import Users

_DAY = 24 * 60 * 60  # seconds


class Entra:
    """A mock Entra with one app: its verbs return scripts, its links to the app are kept inside.

    A verb that has nothing to send returns a script that sends nothing: somebody is out of scope,
    nothing differs, or groups are not provisioned.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._users = Users(tenant)
        self._groups = Groups(tenant)
        self._probes = Probes(tenant)

    # -- what it knows

    @property
    def dialect(self) -> str:
        """The key of the dialect that it speaks."""
        return self._tenant.dialect

    @property
    def mapping(self) -> AttributeMapping:
        """The attribute mapping that it provisions by."""
        return self._tenant.mapping

    @property
    def secrets(self) -> frozenset[str]:
        """Every secret that it sends: for whoever records its traffic."""
        return frozenset(self._tenant.signing.secrets)

    @property
    def has_token_endpoint(self) -> bool:
        """Tell whether it asks the application for tokens."""
        return self._tenant.signing.client is not None

    def tenant_url(self, base_url: str) -> str:
        """Return what the admin types as Tenant URL for a base URL."""
        return typed_tenant_url(base_url, self.dialect, self._tenant.switches["tenant_url"])

    def user_id(self, person: Person) -> str | None:
        """Return the id of the person's account in the app, None when there is none."""
        account = self._tenant.account(person)
        return None if account is None else account.user_id

    def group_id(self, group: Group) -> str | None:
        """Return the id in the app of a provisioned group, None when there is none."""
        return self._tenant.groups.get(group_key(group))

    def person(self, person: Person) -> Person:
        """Return a person as Entra's directory has it now."""
        return self._tenant.person(person)

    def link(self, person: Person, user_id: str) -> None:
        """Note that a person has this account in the app."""
        self._tenant.people[key_of(person)] = in_directory(person)
        self._tenant.accounts[key_of(person)] = Account(user_id)

    @property
    def links(self) -> Links:
        """The links to accounts and groups, for whoever keeps them over many cycles."""
        return Links(self._tenant)

    def sign_with(self, credential: Credential) -> None:
        """Sign with another credential from now on; raises ValueError naming what does not fit."""
        tenant = self._tenant
        tenant.signing = signing(credential, None, tenant.switches, tenant.signing.clock)

    def link_manager(self, person: Person, manager: Person) -> None:
        """Note that the account of a person has this manager; both have to be linked."""
        account, above = self._tenant.account(person), self._tenant.account(manager)
        if account is None or above is None:
            raise ValueError("a manager is noted of people who have accounts")
        self._tenant.managers[key_of(person)] = manager
        account.manager_id = above.user_id

    def link_group(self, group: Group, group_id: str) -> None:
        """Note that a group has this id in the app."""
        self._tenant.groups[group_key(group)] = group_id

    def forget(self, person: Person) -> None:
        """Drop the link to a person's account, as a restart with a full reset does."""
        self._tenant.accounts.pop(key_of(person), None)

    def forget_group(self, group: Group) -> None:
        """Drop the link to a group, as a restart with a full reset does."""
        self._tenant.groups.pop(group_key(group), None)

    def map_roles(self, form: str) -> None:
        """Map app roles by one of the three expressions, or by none."""
        self._tenant.choose("roles", form)

    def match_by(self, matching: str) -> None:
        """Change the matching attributes of users; the values are those of the switch."""
        self._tenant.choose("matching", matching)

    def match_groups_by(self, matching: str) -> None:
        """Change the matching attribute of groups; the values are those of the switch."""
        self._tenant.choose("group_matching", matching)

    # -- admin credentials

    def test_connection(self) -> Script:
        """Test Connection: asks for a user and a group that cannot be there."""
        return self._probes.test_connection()

    def discover_schemas(self) -> Script:
        """Save or open the provisioning settings of an app that offers its schemas."""
        return self._probes.schemas()

    def get_token(self, location: str) -> Script:
        """Ask the token endpoint, with the credentials in `header`, `body` or `both`."""
        scenario = "oauth-token-header" if location == "header" else "oauth-token-body"
        if self._tenant.switches["credentials_in"] == "both":
            location = "both"
        yield from new_token(self._tenant, scenario, location)
        if scenario == "oauth-token-header":
            yield from self._probes.probe_users(scenario)

    def outlive_token(self) -> None:
        """Let the token in hand be over at the application, before its end as it was stated."""
        if self._tenant.signing.client is not None:
            self._tenant.signing.client.spoil()

    def exchange_identity(self, person: Person) -> Script:
        """Workload identity federation: trade an assertion for a token, and look somebody up."""
        yield from new_token(self._tenant, "wif-token", "assertion")
        yield from self._users.find(person, "wif-token")

    # -- people

    def assign(
        self, person: Person, manager: Person | None = None, scenario: str = "create-user"
    ) -> Script:
        """Bring a person into scope: matched, then created, or linked and updated."""
        if manager is not None:
            self._tenant.managers[key_of(person)] = manager
        return self._users.assign(person, scenario)

    def match(self, person: Person, scenario: str = "match-by-email") -> Script:
        """Look up a person who is in the app, and change nothing."""
        return self._users.match(person, scenario)

    def adopt(self, person: Person) -> Script:
        """Look up a person who is in the app, and take the attributes that the app has."""
        return self._users.adopt(person)

    def update(
        self, person: Person, scenario: str = "incremental-update-known-user", **changes: Json
    ) -> Script:
        """Change fields of a person, or source attributes; what became empty is not sent."""
        after = changed_person(self._tenant.person(person), changes)
        self._tenant.people[key_of(person)] = after
        return self._users.update(after, scenario)

    def rename(self, person: Person, user_name: str) -> Script:
        """Change a person's user principal name."""
        return self.update(person, "rename-username", user_name=user_name)

    def remove_value(self, person: Person, path: str, value: Json) -> Script:
        """Take one value out of a multi-valued attribute, which is rarely seen."""
        return self._users.remove_value(person, path, value)

    def unassign(self, person: Person) -> Script:
        """Take a person out of scope: the account is disabled and then left alone."""
        yield from self._leave(person)
        account = self._tenant.account(person)
        if account is not None:
            account.in_scope = False

    def reassign(self, person: Person) -> Script:
        """Bring a person back into scope, or out of the recycle bin."""
        return self._users.enable(person)

    def soft_delete(self, person: Person) -> Script:
        """Delete a person in the directory: the account is disabled, and stays in scope."""
        return self._leave(person)

    def purge(self, person: Person) -> Script:
        """Purge a person from the recycle bin: deleted in the app only when still in scope."""
        account = self._tenant.account(person)
        if account is not None and account.in_scope:
            yield from self._users.delete(person)

    def expire(self, person: Person) -> Script:
        """Let the days of the recycle bin pass on the driver's clock, and purge the person."""
        days = LIMITS["recycle_bin"].value
        yield Wait(days * _DAY, f"{days} days in the recycle bin")
        yield from self.purge(person)

    def grant_roles(self, person: Person, roles: Iterable[Role], scenario: str) -> Script:
        """Assign app roles to a person, who may not have an account yet."""
        self._tenant.roles[key_of(person)] = tuple(roles)
        if self._tenant.account(person) is None:
            return self._users.assign(person, scenario)
        return self._users.update(self._tenant.person(person), scenario)

    # -- references

    def set_manager(self, person: Person, manager: Person) -> Script:
        """Give a person a manager; sent when both have accounts."""
        self._tenant.managers[key_of(person)] = manager
        return self._users.set_manager(person, manager)

    def remove_manager(self, person: Person) -> Script:
        """Take a person's manager away."""
        self._tenant.managers.pop(key_of(person), None)
        return self._users.remove_manager(person)

    def link_references(self, people: Sequence[Person]) -> Script:
        """Run the second pass of a cycle: the managers of those who have accounts by now."""
        for person in people:
            manager = self._tenant.managers.get(key_of(person))
            if manager is not None:
                yield from self._users.set_manager(person, manager)

    # -- groups

    def push_group(self, group: Group) -> Script:
        """Bring a group into scope: matched, then created without members, or linked."""
        return self._if_groups(self._groups.provision(group, "create-group"))

    def make_foreign_group(self, group: Group) -> Script:
        """Make a group of that name in the app, as somebody else would: it is not linked."""
        return self._if_groups(self._groups.make_foreign(group))

    def match_group(self, group: Group) -> Script:
        """Look up a group that is in the app, and change nothing."""
        return self._if_groups(self._groups.match(group, "match-group-external-id"))

    def adopt_group(self, group: Group) -> Script:
        """Look up a group by its matching attribute and link it."""
        return self._if_groups(self._groups.match(group, "create-group"))

    def read_group(self, group: Group) -> Script:
        """Read a linked group, without its members."""
        return self._if_groups(self._groups.look_at(group))

    def add_members(self, group: Group, people: Sequence[Person]) -> Script:
        """Put people into a linked group."""
        return self._if_groups(self._groups.add(group, people))

    def remove_members(self, group: Group, people: Sequence[Person]) -> Script:
        """Take people out of a linked group."""
        return self._if_groups(self._groups.remove(group, people))

    def rename_group(self, group: Group, new_name: str) -> Script:
        """Rename a linked group."""
        return self._if_groups(self._groups.rename(group, new_name))

    def delete_group(self, group: Group) -> Script:
        """Delete a linked group, or take it out of scope."""
        return self._if_groups(self._groups.delete(group))

    # -- on demand

    def provision_on_demand(self, person: Person) -> Script:
        """Provision one person now."""
        yield from self._probes.probe_users("provision-on-demand-user")
        yield from self._users.provision_now(person, "provision-on-demand-user")

    def provision_group_on_demand(self, group: Group, members: Sequence[Person]) -> Script:
        """Provision one group now, with at most five picked members."""
        most = LIMITS["on_demand_members"].value
        if len(members) > most:
            raise ValueError(f"on demand a group takes {most} members, not {len(members)}")
        return self._if_groups(self._group_on_demand(group, members))

    # -- Microsoft's test tools

    def validator_replace(self, person: Person) -> Script:
        """Send the Validator's replace without a path, with the names of a person."""
        return self._probes.validator_attributes(self._needed(person), person)

    def validator_add_member(self, group: Group, person: Person) -> Script:
        """Send the Validator's replace on members."""
        group_id = self._tenant.group_id(group)
        return self._probes.validator_member(group_id, self._needed(person))

    def read_pages(self) -> Script:
        """Read two pages of users, as the gallery test does."""
        return self._probes.pages()

    @property
    def validator(self) -> Tool:
        """The SCIM Validator (reconstructed), signing as this mock Entra does."""
        return validator(self._tenant)

    @property
    def gallery(self) -> Tool:
        """The gallery's direct tests (reconstructed), signing as this mock Entra does."""
        return gallery(self._tenant)

    # -- inside

    def _leave(self, person: Person) -> Script:
        if not self._tenant.toggles["skip_out_of_scope_deletions"]:
            yield from self._users.disable(person)

    def _group_on_demand(self, group: Group, members: Sequence[Person]) -> Script:
        scenario = "provision-on-demand-group"
        shape = self._tenant.shape().without_flag()
        yield from self._groups.provision(group, scenario, shape)
        yield from self._groups.add_now(group, members, scenario)

    def _if_groups(self, script: Script) -> Script:
        """Return the script when groups are provisioned: it takes a licence and a mapping."""
        licensed = self._tenant.switches["licence"] != "none"
        if licensed and self._tenant.toggles["provision_groups"]:
            yield from script

    def _needed(self, person: Person) -> str:
        user_id = self.user_id(person)
        if user_id is None:
            raise ValueError(f"{person.user_name!r} has no account in the app yet")
        return user_id
