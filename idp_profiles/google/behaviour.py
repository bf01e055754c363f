"""One mock Google Workspace: the verbs of its admin console and directory, each one a script.

Nothing is sent when something changes: it waits for a sync. A verb's script therefore waits on the
driver's clock, until the next sync or until the delay that the admin chose is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from idp_profiles.changed_person import changed_person
from idp_profiles.choices import chosen_dialect
from idp_profiles.choices import chosen_switches
from idp_profiles.choices import chosen_toggles
from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import load_mapping
from idp_profiles.model import Credential
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.model import Wait
from idp_profiles.recorder import secrets_of

from .authentication import authorization
from .bodies import profile_of
from .facts import DELAYS
from .facts import LIMITS
from .facts import SWITCHES
from .facts import TOGGLES
from .links import Links
from .mappings import MAPPING
from .names import DIALECTS
from .org import Account
from .org import Org
from .sync import Sync


class Google:
    """A mock Google Workspace with one app: its verbs return scripts, accounts are kept inside.

    A verb changes the directory at once; its script brings the time that passes and the sync.
    """

    def __init__(self, org: Org) -> None:
        self._org = org
        self._sync = Sync(org)

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
        """The links to accounts, for whoever keeps them over a long history."""
        return Links(self._org)

    def sign_with(self, credential: Credential) -> None:
        """Sign with another credential from now on; raises ValueError naming what does not fit."""
        self._org.authorization = authorization(credential)
        self._org.secrets.update(secrets_of(credential))

    def user_id(self, person: Person) -> str | None:
        """Return the id of the user's account in the app, None when there is none."""
        return self._org.account(person).user_id or None

    def is_active(self, person: Person) -> bool:
        """Tell whether Google has told the app that the user is active."""
        return self._org.account(person).active

    def person(self, person: Person) -> Person:
        """Return a user as Google's directory has it now."""
        return self._org.account(person).person

    def know(self, person: Person) -> None:
        """Take over what the directory says of a user now; nothing is sent."""
        self._org.account(person).person = person

    def forget(self, person: Person) -> None:
        """Drop what is known of a user, as another Workspace would not have it."""
        self._org.accounts.pop(person.idp_id or person.user_name, None)

    def link(self, person: Person, user_id: str, *, active: bool = True) -> None:
        """Note that a user has this account in the app, with everything as the directory has it."""
        account = self._org.account(person)
        account.on, account.user_id, account.active = True, user_id, active
        account.sent = profile_of(self._org.mapping, account.person)

    def adopt(self, person: Person) -> Script:
        """Look a user up in the app and take the account as it is."""
        return self._sync.adopt(self._org.account(person))

    # -- the app's settings

    def test_connection(self) -> Script:
        """Enter endpoint URL and access token."""
        return self._sync.probe()

    # -- users

    def sync(self, form: str = "") -> Script:
        """Wait for the next sync and run it; `form` is the verb of an update, put or patch."""
        return self._sync_in(LIMITS["sync_interval"].value, form)

    def turn_on(self, *people: Person) -> Script:
        """Turn the app on for users, or have them in scope again; one sync brings them all."""
        for person in people:
            account = self._org.account(person)
            account.on = True
            _stay(account)
        return self.sync()

    def update(self, person: Person, **changes: Json) -> Script:
        """Change fields of a user, or source attributes; an empty value clears."""
        return self.update_as("", person, changes)

    def update_as(self, form: str, person: Person, changes: Mapping[str, Json]) -> Script:
        """Change a user, to be sent as put or patch; an empty form is the switch's."""
        account = self._org.account(person)
        account.person = changed_person(account.person, changes)
        return self.sync(form)

    def turn_off(self, person: Person) -> Script:
        """Turn the app off for a user."""
        account = self._org.account(person)
        account.on = False
        return self._leave(account, "app_off_after")

    def suspend(self, person: Person) -> Script:
        """Suspend a user in Google."""
        account = self._org.account(person)
        account.suspended = True
        return self._leave(account, "suspended_after")

    def unsuspend(self, person: Person) -> Script:
        """End a user's suspension."""
        account = self._org.account(person)
        account.suspended = False
        _stay(account)
        return self.sync()

    def delete_in_idp(self, person: Person, *, hard: bool = False) -> Script:
        """Delete a user in Google; `hard` where the app's settings offer a deletion."""
        account = self._org.account(person)
        account.deleted, account.hard = True, hard
        return self._leave(account, "deleted_after")

    def restore(self, person: Person) -> Script:
        """Take a user who was deleted back, as Google lets an admin do for some days."""
        account = self._org.account(person)
        account.deleted = account.hard = False
        _stay(account)
        return self.sync()

    def archive(self, person: Person, *, archived: bool = True) -> Script:
        """Archive a user, or end that: while it lasts no sync looks at them."""
        self._org.account(person).archived = archived
        return self.sync()

    # -- a sync of which somebody else keeps the clock

    @property
    def people(self) -> tuple[Person, ...]:
        """The users that a sync looks at, or that it has looked at."""
        return tuple(account.person for account in self._org.accounts.values())

    def tell_time(self, now: float) -> None:
        """Take over what time it is: the delays are counted from there."""
        self._org.now = now

    def due(self, person: Person) -> float | None:
        """Return from when on a sync has something to send about a user, None when nothing."""
        return self._sync.due(self._org.account(person))

    def sync_one(self, person: Person) -> Script:
        """Do at once what a sync does about one user; a user in doubt is written anew."""
        account = self._org.account(person)
        if account.doubtful and not account.wanted:
            account.active = True  # for all that Google knows
        yield from self._sync.work(account)
        account.doubtful = False

    def doubt(self, person: Person) -> None:
        """Note that the last write about a user failed and may have arrived all the same."""
        self._org.account(person).doubtful = True

    # -- inside

    def _leave(self, account: Account, switch: str) -> Script:
        org = self._org
        delay = DELAYS[org.switches[switch]]
        if account.due is None:
            account.due = org.now + delay
        # The sync after the delay; within 24 hours means the next one.
        interval = LIMITS["sync_interval"].value
        return self._sync_in(interval * -(-max(delay, interval) // interval))

    def _sync_in(self, seconds: float, form: str = "") -> Script:
        yield Wait(seconds, "until the next sync that has something to do")
        self._org.now += seconds
        yield from self._sync.run(form)


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
) -> Google:
    """Return a mock Google Workspace; raises ValueError naming the setting that does not fit."""
    del seed  # nothing of it is random
    chosen_dialect(dialect, DIALECTS)
    chosen_toggles(toggles or {}, TOGGLES)
    org = Org(
        authorization=authorization(credential, auth_mode),
        switches=chosen_switches(switches or {}, SWITCHES),
        mapping=MAPPING if mapping is None else load_mapping(mapping),
        app_name=app_name,
    )
    org.secrets.update(secrets_of(credential))
    return Google(org)


def _stay(account: Account) -> None:
    """Call off the deprovisioning of a user who is to have an active account again."""
    if account.wanted:
        account.due = None
