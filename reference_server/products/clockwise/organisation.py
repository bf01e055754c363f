"""The organisation: one customer of the product, with everything that can be done to it."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from reference_server.products.routes import Refused
from reference_server.products.watched_store import Written

from .directory import Directory
from .directory import address
from .plan import Plan
from .rules import Rules
from .settings import Settings
from .state import ADMIN
from .state import FREE
from .state import MEMBER
from .state import PAID
from .state import Connected
from .state import Event
from .state import Listed
from .state import Member
from .state import State

TYPES = ("okta", "onelogin", "generic scim v2.0")
_WHOSE_SET_UP = (
    "The set-up is for an admin of the identity provider who is also an admin of the plan."
)
LOCKED = "Users come from the identity provider: while it is in use, nobody can be added here."


@dataclass(slots=True)
class Organisation:
    """The state of one customer, and whoever changes it; callers hold the product's lock."""

    rules: Rules
    settings: Settings
    new_id: Callable[[], str]
    state: State = field(default_factory=State)

    # -- what SCIM writes

    def written(self, changes: Sequence[Written]) -> None:
        """Let the changes of one transaction take effect, all or none: people first."""
        state = self.state
        for each in changes:
            if _kind(each) == "User":
                state = self._user(state, each)
        for each in changes:
            if _kind(each) == "Group":
                state = self._directory.group(state, each)
        self._settle(state)

    def _user(self, state: State, written: Written) -> State:
        record = written.new
        if record is None:
            return self._directory.user_deleted(state, written.old)
        before = state.listed.get(record.id)
        known = before or self.rules.addresses_wait or state.member(address(record.attributes))
        if not known:
            return state
        state = self._directory.user_written(state, record, created=written.old is None)
        now = state.listed.get(record.id)
        if now is not None and now.active:
            state = self._with_attributes(state, before or now, now)
        return state

    # -- the set-up

    def connect(self, who: Member, kind: str) -> Connected:
        """Connect a directory, as an admin of both sides does in the set-up portal."""
        self._expect_set_up_rights(who)
        if kind not in TYPES:
            raise Refused(400, f"type: one of {', '.join(TYPES)}, not {kind!r:.60}.")
        if self.state.connected is not None:
            raise Refused(409, "A directory is connected already.")
        connected = Connected(id=f"directory_{self.new_id()}", type=kind, token=_token())
        event = Event(len(self.state.events) + 1, "dsync.activated", connected.id)
        events = (*self.state.events, event)
        self._settle(replace(self.state, connected=connected, events=events))
        return connected

    def rotate(self, who: Member) -> Connected:
        """Make a new token; the one before is void."""
        self._expect_set_up_rights(who)
        old = self.directory_in_use()
        connected = replace(old, token=_token())
        self.state = replace(self.state, connected=connected)
        return connected

    def disconnect(self, who: Member) -> None:
        """Remove the directory with all that came from it; seats stay as they are."""
        self._expect_set_up_rights(who)
        old = self.directory_in_use()
        event = Event(len(self.state.events) + 1, "dsync.deleted", old.id)
        members = tuple(replace(each, blocked=False) for each in self.state.members)
        self.state = State(members=members, events=(*self.state.events, event))

    def no_set_up_by(self, who: Member) -> str:
        """Return why somebody may not set provisioning up, empty for who may (CWS-ENABLE-1)."""
        if self.rules.enterprise_only and self.settings.subscription != "enterprise":
            return "Provisioning is part of the Enterprise subscription."
        both = who.role == ADMIN and who.runs_idp
        if not self.rules.both_roles_suffice if both else self.rules.both_roles_needed:
            return _WHOSE_SET_UP
        return ""

    def directory_in_use(self) -> Connected:
        """Return the directory that is connected."""
        if self.state.connected is None:
            raise Refused(404, "No directory is connected.")
        return self.state.connected

    def block_unlisted(self, group: str | None) -> None:
        """Block whoever is not listed, once a group is pushed; None lets everybody in again."""
        self.directory_in_use()
        known = self.state.groups
        if group is not None and group not in known and self.rules.blocking_needs_a_group:
            raise Refused(403, "Blocking needs a group that the identity provider has pushed.")
        if group is not None and group not in known:
            group = next(iter(known), None)
        self._settle(replace(self.state, blocking_group=group))

    def change_settings(self, settings: Settings) -> None:
        """Become another of the products that the documentation allows."""
        self.settings = settings
        self._settle(self.state)

    # -- people

    def add(self, email: str, first_name: str, last_name: str) -> Member:
        """Add somebody in the admin panel."""
        in_use = self.state.connected is not None
        if self._panel_is_locked() if in_use else not self.rules.panel_is_open_before:
            raise Refused(403, LOCKED if self.rules.lock_says_why else "")
        return self.sign_up(email, first_name, last_name)

    def _panel_is_locked(self) -> bool:
        rules = self.rules
        return rules.panel_is_locked and (rules.panel_stays_locked or not self.state.listed)

    def sign_up(self, email: str, first_name: str, last_name: str) -> Member:
        """Let somebody make an account, who takes the seat that is waiting for the address."""
        if not email or "@" not in email.strip("@"):
            raise Refused(400, f"email: an address is needed, not {email!r:.100}.")
        if self.state.member(email) is not None:
            raise Refused(409, f"There is an account for {email!r:.100} already.")
        member = self.account(email, first_name, last_name)
        if not self.rules.strangers_are_free:
            member = replace(member, plan=PAID)
        self._settle(replace(self.state, members=(*self.state.members, member)))
        return self.state.member(email) or member

    def account(self, email: str, first_name: str, last_name: str) -> Member:
        """Return a new account, which nobody has seen yet."""
        return Member(
            id=self.new_id(),
            email=email,
            first_name=first_name,
            last_name=last_name,
            key=secrets.token_urlsafe(24),
        )

    def waiting(self) -> tuple[Listed, ...]:
        """Return who is listed and has no account yet."""
        return self._plan.waiting(self.state) if self.state.connected else ()

    def holder(self, key: str) -> Member | None:
        """Return whose API key this is."""
        given = key.encode("utf-8", "surrogatepass")
        found = None
        for each in self.state.members:
            if each.key and hmac.compare_digest(each.key.encode(), given):
                found = each
        return found

    # -- inside

    @property
    def _directory(self) -> Directory:
        return Directory(self.rules, self.settings, self.new_id)

    @property
    def _plan(self) -> Plan:
        return Plan(self.rules, self.settings, self._account_of)

    def _settle(self, state: State) -> None:
        self.state = self._plan.settled(state)

    def _account_of(self, listed: Listed) -> Member:
        member = self.account(listed.email, listed.first_name, listed.last_name)
        return replace(member, title=listed.title)

    def _with_attributes(self, state: State, before: Listed, now: Listed) -> State:
        """Carry attributes over to the account, where the directory is their source."""
        member = self._plan.member_of(state, before)
        if member is None or not self._takes_attributes_from(member):
            return self._with_address(state, member, now)
        if self._plan.member_of(state, now) not in (None, member):
            return state  # the address is that of another account, which it means from now on
        new = replace(
            member,
            email=now.email or member.email,
            first_name=now.first_name,
            last_name=now.last_name,
            title=now.title,
        )
        members = tuple(new if each.id == member.id else each for each in state.members)
        return replace(state, members=members)

    def _with_address(self, state: State, member: Member | None, now: Listed) -> State:
        """Carry the address over to an Admin's account: what the product must not do."""
        if self.rules.admins_keep_their_addresses or member is None or member.role != ADMIN:
            return state
        new = replace(member, email=now.email or member.email)
        members = tuple(new if each.id == member.id else each for each in state.members)
        return replace(state, members=members)

    def _takes_attributes_from(self, member: Member) -> bool:
        if member.role == ADMIN and self.rules.admins_keep_their_attributes:
            return False
        return self.settings.edition == "accounts" or not self.rules.names_stay_google

    def _expect_set_up_rights(self, who: Member) -> None:
        reason = self.no_set_up_by(who)
        if reason:
            raise Refused(403, reason)


def _kind(written: Written) -> str:
    record = written.new or written.old
    return record.kind.name if record is not None else ""


def _token() -> str:
    return secrets.token_urlsafe(32)


def start_members(organisation: Organisation) -> dict[str, Member]:
    """Return the people who have an account from the start, by what they are there for."""
    people = {
        "owner": organisation.account("ada.owner@example.com", "Ada", "Owner"),
        "admin": organisation.account("ben.admin@example.com", "Ben", "Admin"),
        "it": organisation.account("cleo.directory@example.com", "Cleo", "Directory"),
        "user": organisation.account("dan.paid@example.com", "Dan", "Paid"),
        "free": organisation.account("eve.free@example.com", "Eve", "Free"),
    }
    return {
        label: replace(
            each,
            role=ADMIN if label in ("owner", "admin") else MEMBER,
            runs_idp=label in ("owner", "it"),
            plan=FREE if label in ("it", "free") else PAID,
        )
        for label, each in people.items()
    }
