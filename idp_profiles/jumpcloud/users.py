"""What JumpCloud sends about people: create, take over, update, (de)activate, delete."""

from __future__ import annotations

from idp_profiles.asking import ask
from idp_profiles.changed_person import changed_person
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.model import Stopped
from idp_profiles.wire import Part
from idp_profiles.wire import equals
from idp_profiles.wire import member
from idp_profiles.wire import segment

from .bodies import new_user
from .bodies import whole_user
from .console import CREATE
from .console import DEACTIVATE
from .console import DELETE
from .console import LOOKUP
from .console import UPDATE
from .console import Complaint
from .console import Text
from .mappings import for_mapping
from .org import Account
from .org import Org
from .shapes import first_of
from .shapes import id_of
from .shapes import resource_of
from .steps import step


class Users:
    """The verbs about people; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def provision(self, account: Account) -> Script:
        """Bring a bound person into the app: create the account, take it over, or reactivate it."""
        if not self._org.is_on or account.staged or not self._org.holds(account):
            return
        if not account.user_id:
            yield from self._introduce(account)
        elif not account.active and account.allowed:
            yield from self._reactivate(account)

    def adopt(self, account: Account) -> Script:
        """Look a person up in the app and take the account as it is, without any change."""
        found = yield from self._look_up(account, "provision-existing")
        if found is None:
            because = f"the app has no user {account.person.user_name!r}; bind the person first"
            raise Stopped(because=because, console="")
        account.bound = True
        self._seen(account, found, active=member(found, "active") is not False)
        account.person = _as_found(account, found)

    def push(self, account: Account) -> Script:
        """Send the whole profile after a change; a disabled account is never sent a mere change."""
        if not self._usable(account) or not account.active:
            return
        target = self._target(account)
        complaint = Complaint(UPDATE, account.person.user_name)
        if self._org.switches["read_before_put"] == "on":
            request = self._org.request("GET", target, step("update", "read the user"))
            reply = yield from ask(request, complaint)
            account.shown = resource_of(request, reply, complaint)
        yield from self._put(account, "update", "replace the user", UPDATE, active=True)

    def settle(self, account: Account, scenario: str = "deactivate") -> Script:
        """Send what the person's state asks for now: active or not."""
        if not self._usable(account):
            return
        wanted = account.allowed and self._org.holds(account)
        if wanted and not account.active:
            yield from self._reactivate(account)
        elif account.active and not wanted:
            name = "deactivate the user"
            yield from self._put(account, scenario, name, DEACTIVATE, active=False)

    def delete(self, account: Account) -> Script:
        """Delete the account in the app."""
        if not self._usable(account):
            return
        request = self._org.request(
            "DELETE", self._target(account), step("delete", "delete the user")
        )
        yield from ask(request, Complaint(DELETE, account.person.user_name))
        account.user_id, account.active, account.shown = "", False, {}

    # -- inside

    def _usable(self, account: Account) -> bool:
        return self._org.is_on and bool(account.user_id)

    def _target(self, account: Account) -> str:
        return f"/Users/{segment(account.user_id)}"

    def _introduce(self, account: Account) -> Script:
        found = yield from self._look_up(account, "provision-new")
        if found is None:
            yield from self._create(account)
            return
        account.user_id, account.shown = id_of(found), found
        name, active = "replace the user", account.allowed
        yield from self._put(account, "provision-existing", name, UPDATE, active=active)

    def _reactivate(self, account: Account) -> Script:
        found = yield from self._look_up(account, "reactivate")
        if found is None:
            # What happens to an account that is gone is not established; it is made again.
            yield from self._create(account)
            return
        account.user_id, account.shown = id_of(found), found
        yield from self._put(account, "reactivate", "reactivate the user", UPDATE, active=True)

    def _look_up(self, account: Account, scenario: str) -> Part[dict[str, Json] | None]:
        org, person = self._org, for_mapping(account.person)
        wanted = equals(org.mapping.match, org.mapping.match_value(person))
        target = org.listing("/Users", {"filter": wanted})
        request = org.request("GET", target, step(scenario, "look up the user"))
        complaint = Complaint(LOOKUP, person.user_name)
        reply = yield from ask(request, complaint)
        return first_of(request, reply, complaint)

    def _create(self, account: Account) -> Script:
        org, person = self._org, account.person
        body = new_user(org, person, active=account.allowed)
        request = org.request("POST", "/Users", step("provision-new", "create the user"), body)
        complaint = Complaint(CREATE, person.user_name)
        reply = yield from ask(request, complaint)
        created = resource_of(request, reply, complaint)
        self._seen(account, created, active=account.allowed)

    def _put(
        self, account: Account, scenario: str, name: str, text: Text, *, active: bool
    ) -> Script:
        org, person = self._org, account.person
        body = whole_user(org, person, account.user_id, account.shown, active=active)
        request = org.request("PUT", self._target(account), step(scenario, name), body)
        complaint = Complaint(text, person.user_name)
        reply = yield from ask(request, complaint)
        self._seen(account, resource_of(request, reply, complaint), active=active)

    def _seen(self, account: Account, shown: dict[str, Json], *, active: bool) -> None:
        account.user_id, account.shown, account.active = id_of(shown), shown, active


def _as_found(account: Account, found: dict[str, Json]) -> Person:
    """Return the person with what the app has, for whoever knows no more than the login."""
    name, emails = member(found, "name"), member(found, "emails")
    names = name if isinstance(name, dict) else {}
    first = emails[0] if isinstance(emails, list) and emails else None
    known = {
        "given_name": member(names, "givenName"),
        "family_name": member(names, "familyName"),
        "display_name": member(found, "displayName"),
        "email": member(first, "value") if isinstance(first, dict) else None,
    }
    return changed_person(account.person, {key: value for key, value in known.items() if value})
