"""One mock OneLogin: the verbs of its console and directory, each one a script."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from idp_profiles.changed_person import changed_person
from idp_profiles.choices import chosen_dialect
from idp_profiles.choices import chosen_switches
from idp_profiles.choices import chosen_toggles
from idp_profiles.mapping import AttributeMapping
from idp_profiles.model import Credential
from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.one_by_one import one_by_one
from idp_profiles.recorder import secrets_of

from .authentication import authorization
from .console import PENDING
from .console import PROVISIONED
from .facts import SWITCHES
from .facts import TOGGLES
from .groups import Groups
from .links import Links
from .names import DIALECTS
from .org import Account
from .org import Org
from .templates import TEMPLATES
from .templates import Template
from .templates import carrying
from .templates import load_template
from .users import Users


class OneLogin:
    """A mock OneLogin with one app: its verbs return scripts, accounts are kept inside.

    A verb that has nothing to send, or that waits for an approval, returns a script that sends
    nothing.
    """

    def __init__(self, org: Org) -> None:
        self._org = org
        self._users = Users(org)
        self._groups = Groups(org)
        self._waiting: list[Callable[[], Script]] = []
        self._found: tuple[dict[str, Json], ...] = ()

    # -- what it knows

    @property
    def dialect(self) -> str:
        """The key of the dialect that it speaks."""
        return DIALECTS[0].key

    @property
    def template(self) -> Template:
        """The SCIM JSON Template, or the mapping given in its place."""
        return self._org.template

    def carrying(self, wishes: Mapping[str, Json]) -> Template:
        """Return the template with what the app wants of every user, by SCIM path."""
        return carrying(self.template, wishes)

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
    def synced(self) -> tuple[dict[str, Json], ...]:
        """The users that the last Sync Logins read."""
        return self._found

    @property
    def groups(self) -> Mapping[str, str]:
        """The groups of the app that are known: names and ids."""
        return dict(self._org.group_ids)

    def user_id(self, person: Person) -> str | None:
        """Return the id of the user's account in the app, None when there is none."""
        return self._org.account(person).user_id or None

    def is_active(self, person: Person) -> bool:
        """Tell whether OneLogin has told the app that the user is active."""
        return self._org.account(person).active

    def state(self, person: Person) -> str:
        """Return the state that the Users tab shows: Provisioned, Pending, Failed or Unknown."""
        return self._org.account(person).state

    def person(self, person: Person) -> Person:
        """Return a user as OneLogin's directory has it now."""
        return self._org.account(person).person

    def know(self, person: Person) -> None:
        """Take over what the directory says of a user now; nothing is sent."""
        self._org.account(person).person = person

    def forget(self, person: Person) -> None:
        """Drop what is known of a user, as another OneLogin account would not have it."""
        self._org.accounts.pop(person.idp_id or person.user_name, None)

    def link(self, person: Person, user_id: str, *, active: bool = True) -> None:
        """Note that a user has this account in the app."""
        account = self._org.account(person)
        account.user_id, account.active, account.state = user_id, active, PROVISIONED

    def link_group(self, group: Group, group_id: str) -> None:
        """Note that the app has a group of this name under this id."""
        self._org.group_ids[group.name] = group_id

    def adopt(self, person: Person) -> Script:
        """Look a user up in the app and link what is found."""
        return self._users.adopt(self._org.account(person))

    # -- the app's settings

    def enable(self) -> Script:
        """Enable the API connection: its test is one look-up."""
        return self._users.enable()

    def refresh_entitlements(self) -> Script:
        """Read the groups of the app."""
        return self._groups.read()

    def make_group(self, group: Group) -> Script:
        """Create a group that the app does not have."""
        return self._groups.make(group)

    def sync_logins(self) -> Script:
        """Sync Logins; see `synced`."""
        self._found = tuple((yield from self._users.sync_logins()))

    def approve(self) -> Script:
        """Approve everything that waits for it."""
        waiting, self._waiting = self._waiting, []
        return one_by_one(make() for make in waiting)

    # -- users

    def assign(self, person: Person, groups: Sequence[Group] = ()) -> Script:
        """Give a user access: look-up, then POST or PUT, then one PATCH per group."""
        account = self._org.account(person)

        def provision() -> Script:
            yield from self._users.provision(account)
            yield from self._groups.add(account, groups)

        return self._gated(account, "approve_create", provision)

    def update(self, person: Person, **changes: Json) -> Script:
        """Change fields of a user, or source attributes; an empty value clears."""
        return self.change(person, changes)

    def change(
        self, person: Person, changes: Mapping[str, Json], groups: Sequence[Group] = ()
    ) -> Script:
        """Change a user, and put the user into groups: a PUT, then one PATCH per group."""
        account = self._org.account(person)
        account.person = changed_person(account.person, changes)

        def send() -> Script:
            yield from self._users.update(account)
            yield from self._groups.add(account, groups)

        return self._gated(account, "approve_update", send)

    def suspend(self, person: Person, form: str = "") -> Script:
        """Suspend a user in OneLogin; `form` overrides the switch `suspension`."""
        account, switches = self._org.account(person), self._org.switches
        if switches["on_suspension"] == "nothing":
            return _nothing()
        wanted = form or switches["suspension"]
        return self._gated(account, "approve_update", lambda: self._users.suspend(account, wanted))

    def reactivate(self, person: Person) -> Script:
        """End a user's suspension: a look-up, and a PUT that says active."""
        return self.assign(person)

    def remove_access(self, person: Person) -> Script:
        """Take the app from a user, or delete the user in OneLogin."""
        account, switches = self._org.account(person), self._org.switches
        if switches["on_removal"] == "delete":
            return self.delete(person)
        if switches["on_removal"] == "nothing":
            return _nothing()
        wanted = switches["suspension"]
        return self._gated(account, "approve_delete", lambda: self._users.suspend(account, wanted))

    def delete(self, person: Person) -> Script:
        """Take the app from a user where the choice is Delete."""
        account = self._org.account(person)
        return self._gated(account, "approve_delete", lambda: self._users.delete(account))

    # -- groups

    def add_to_groups(self, person: Person, groups: Sequence[Group]) -> Script:
        """Put a user into groups of the app."""
        return self._groups.add(self._org.account(person), groups)

    def remove_from_groups(self, person: Person, groups: Sequence[Group], form: str = "") -> Script:
        """Take a user out of groups; `form` overrides the switch `member_removal`."""
        wanted = form or self._org.switches["member_removal"]
        return self._groups.remove(self._org.account(person), groups, wanted)

    # -- inside

    def _gated(self, account: Account, gate: str, make: Callable[[], Script]) -> Script:
        """Return the script, or keep it until an admin approves it."""
        if not self._org.toggles[gate]:
            return make()
        account.state = PENDING
        self._waiting.append(make)
        return _nothing()


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
) -> OneLogin:
    """Return a mock OneLogin; `mapping` may be a template. Raises ValueError on a bad setting."""
    chosen_dialect(dialect, DIALECTS)
    chosen = chosen_switches(switches or {}, SWITCHES)
    org = Org(
        authorization=authorization(credential, auth_mode),
        switches=chosen,
        toggles=chosen_toggles(toggles or {}, TOGGLES),
        template=TEMPLATES[chosen["template"]] if mapping is None else load_template(mapping),
        app_name=app_name,
        seed=seed,
    )
    org.secrets.update(secrets_of(credential))
    return OneLogin(org)


def _nothing() -> Script:
    yield from ()
