"""One sync: what Google sends for every user whose account is not as it should be."""

from __future__ import annotations

from idp_profiles.asking import ask
from idp_profiles.asking import object_of
from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.model import Stopped
from idp_profiles.one_by_one import one_by_one
from idp_profiles.wire import Part
from idp_profiles.wire import member
from idp_profiles.wire import segment

from .bodies import differences
from .bodies import profile_of
from .bodies import replaced
from .bodies import whole_user
from .console import CREATE
from .console import DELETE
from .console import LOOKUP
from .console import PROBE
from .console import SUSPEND
from .console import UPDATE
from .console import Complaint
from .console import Text
from .org import Account
from .org import Org
from .steps import step


class Sync:
    """The requests of a sync; a failed one is left as it is, so that a later sync repeats it."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def probe(self) -> Script:
        """Check endpoint URL and token."""
        request = self._org.request("GET", "/Users?count=1", step("probe", "check the credentials"))
        complaint = Complaint(PROBE)
        reply = yield from ask(request, complaint)
        object_of(request, reply, complaint)

    def run(self, form: str = "") -> Script:
        """Work through the directory; `form` overrides the switch `update`."""
        return one_by_one(self.work(account, form) for account in self._org.accounts.values())

    def adopt(self, account: Account) -> Script:
        """Look a user up and take the account as it is, as if this mock had made it."""
        found = yield from self._look_up(account, "provision-existing")
        if found is None:
            because = f"the app has no user {account.person.email!r}; turn the app on first"
            raise Stopped(because=because, console="")
        account.on, account.user_id = True, _id_of(found)
        account.active = member(found, "active") is not False
        account.sent = profile_of(self._org.mapping, account.person)

    def due(self, account: Account) -> float | None:
        """Return from when on a sync has something to send about a user, None when nothing."""
        if account.archived:
            return None
        if not account.wanted:
            is_on = account.active or account.hard or account.doubtful
            return account.due if account.user_id and is_on else None
        changes = differences(account.sent, profile_of(self._org.mapping, account.person))
        return self._org.now if changes or not account.active or account.doubtful else None

    def work(self, account: Account, form: str = "") -> Script:
        """Do what a sync does about one user."""
        form = form or self._org.switches["update"]
        if account.archived:
            return
        if not account.wanted:
            yield from self._leave(account)
        elif not account.user_id:
            yield from self._introduce(account, form)
        elif account.doubtful:
            scenario = "update-patch" if form == "patch" else "update"
            yield from self._write_anew(account, form, scenario)
        else:
            if not account.active:
                yield from self._reactivate(account)
            yield from self._update(account, form)

    # -- coming

    def _introduce(self, account: Account, form: str) -> Script:
        found = yield from self._look_up(account, "provision-new")
        if found is None:
            yield from self._create(account)
            return
        account.user_id = _id_of(found)
        yield from self._write_anew(account, form, "provision-existing")

    def _write_anew(self, account: Account, form: str, scenario: str) -> Script:
        """Write a whole user by id: a look-up would not find one who may have a former name."""
        if form != "patch":
            yield from self._put(account, scenario, "replace the user", UPDATE, active=True)
            return
        profile = profile_of(self._org.mapping, account.person)
        everything = {**differences({}, profile), "active": True}
        name = "change the user" if scenario == "update-patch" else "replace the user"
        yield from self._patch(account, scenario, name, UPDATE, everything)
        account.active, account.sent = True, profile

    def _create(self, account: Account) -> Script:
        org, profile = self._org, profile_of(self._org.mapping, account.person)
        body = whole_user(profile, active=True)
        request = org.request("POST", "/Users", step("provision-new", "create the user"), body)
        complaint = Complaint(CREATE, account.person.email)
        reply = yield from ask(request, complaint)
        created = object_of(request, reply, complaint)
        account.user_id = _checked_id(created, request, reply, complaint)
        account.active, account.sent = True, profile

    def _reactivate(self, account: Account) -> Script:
        found = yield from self._look_up(account, "reactivate")
        if found is None:
            yield from self._create(account)
            return
        account.user_id = _id_of(found)
        yield from self._set_active(account, "reactivate", "reactivate the user", UPDATE)

    def _look_up(self, account: Account, scenario: str) -> Part[dict[str, Json] | None]:
        org, person = self._org, account.person
        request = org.request("GET", org.look_up(person), step(scenario, "look up the user"))
        complaint = Complaint(LOOKUP, person.email)
        reply = yield from ask(request, complaint)
        body = object_of(request, reply, complaint)
        found = member(body, "Resources")
        if not found and not member(body, "totalResults"):
            return None
        first = found[0] if isinstance(found, list) and found else None
        if isinstance(first, dict):
            _checked_id(first, request, reply, complaint)
            return first
        raise complaint.refused(reply, "the look-up names a match but shows none")

    # -- changing

    def _update(self, account: Account, form: str) -> Script:
        profile = profile_of(self._org.mapping, account.person)
        changes = differences(account.sent, profile)
        if not changes:
            return
        if form == "patch":
            name = "change the user"
            yield from self._patch(account, "update-patch", name, UPDATE, changes)
            account.sent = profile
        else:
            yield from self._put(account, "update", "replace the user", UPDATE, active=True)

    # -- leaving

    def _leave(self, account: Account) -> Script:
        org = self._org
        if not account.user_id or account.due is None or account.due > org.now:
            return
        if account.hard:
            request = org.request("DELETE", _target(account), step("delete", "delete the user"))
            yield from ask(request, Complaint(DELETE, account.person.email))
            account.user_id, account.active = "", False
        elif account.active:
            yield from self._set_active(account, "suspend", "suspend the user", SUSPEND)
        account.due = None

    # -- the requests

    def _set_active(self, account: Account, scenario: str, name: str, text: Text) -> Script:
        active = scenario == "reactivate"
        if self._org.switches["lifecycle"] == "put":
            yield from self._put(account, scenario, name, text, active=active)
            return
        yield from self._patch(account, scenario, name, text, {"active": active})
        account.active = active

    def _put(
        self, account: Account, scenario: str, name: str, text: Text, *, active: bool
    ) -> Script:
        profile = profile_of(self._org.mapping, account.person)
        body = whole_user(profile, active=active, user_id=account.user_id)
        request = self._org.request("PUT", _target(account), step(scenario, name), body)
        complaint = Complaint(text, account.person.email)
        reply = yield from ask(request, complaint)
        object_of(request, reply, complaint)
        account.active, account.sent = active, profile

    def _patch(
        self, account: Account, scenario: str, name: str, text: Text, changes: dict[str, Json]
    ) -> Script:
        needed = step(scenario, name)
        request = self._org.request("PATCH", _target(account), needed, replaced(changes))
        yield from ask(request, Complaint(text, account.person.email))


def _target(account: Account) -> str:
    return f"/Users/{segment(account.user_id)}"


def _id_of(resource: dict[str, Json]) -> str:
    return str(member(resource, "id"))


def _checked_id(
    resource: dict[str, Json], request: Request, reply: Reply, complaint: Complaint
) -> str:
    found = member(resource, "id")
    # What a number does here is not established; without any id nothing more can be sent.
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        because = f"the reply to {request.method} {request.target} has no id that could be kept"
        raise complaint.refused(reply, because)
    return str(found)
