"""What authentik sends about users: create without a look-up, take over after 409, PUT, delete."""

from __future__ import annotations

from idp_profiles.model import Json
from idp_profiles.model import Script
from idp_profiles.model import Stopped
from idp_profiles.wire import Part
from idp_profiles.wire import query

from .config import configuration
from .console import Complaint
from .console import Exists
from .console import Missing
from .exchange import brings_news
from .exchange import id_of
from .exchange import send
from .mappings import in_model_order
from .mappings import source_person
from .names import USER
from .org import Account
from .org import Org
from .org import uid
from .steps import step


class Users:
    """The requests about users; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def write(self, account: Account) -> Script:
        """Create the account, or update it; one that is gone is created again."""
        complaint = Complaint(account.person.user_name)
        config = yield from configuration(self._org, complaint)
        if account.user_id:
            try:
                yield from self._update(account, complaint)
                return
            except Missing:
                account.user_id = ""
        yield from self._create(account, complaint, may_look_up=config.filter)

    def delete(self, account: Account) -> Script:
        """Delete the account, if there is one; who is gone already is no error."""
        complaint = Complaint(account.person.user_name)
        yield from configuration(self._org, complaint)
        if not account.user_id:
            return
        request = self._org.request(
            "DELETE", account.target, step("user-delete", "delete the user")
        )
        # The link goes before the request leaves, so that a failed one is not repeated.
        account.user_id = ""
        try:
            yield from send(request, complaint)
        except Missing:
            return

    def payload(self, account: Account) -> dict[str, Json]:
        """Return the whole user as the model dumps it."""
        person = source_person(account.person, active=account.active)
        mapped = self._org.mapping.body(person, "update")
        body: dict[str, Json] = {
            "schemas": [USER],
            **mapped,
            "externalId": mapped.get("externalId") or uid(account.person),
        }
        if account.user_id:
            body["id"] = account.user_id
        return in_model_order(body)

    # -- inside

    def _create(self, account: Account, complaint: Complaint, *, may_look_up: bool) -> Script:
        request = self._org.request(
            "POST", "/Users", step("user-create", "create the user"), self.payload(account)
        )
        try:
            created = yield from send(request, complaint)
        except Exists as exists:
            if not may_look_up:
                raise
            created = yield from self._look_up(account, complaint, exists)
        account.user_id = checked_id(created, complaint)
        account.known = created

    def _look_up(
        self, account: Account, complaint: Complaint, exists: Stopped
    ) -> Part[dict[str, Json]]:
        org, name = self._org, account.person.user_name
        mapped = self.payload(account).get("userName", name)
        # Nothing is escaped, not even where the value stands between quotes.
        wanted = f'userName eq "{mapped}"'
        if org.switches["user_filter"] == "unquoted":
            wanted = f"userName eq {mapped}"
        target = f"/Users?{query({'filter': wanted}, plus_for_blanks=True)}"
        needed = step("user-create-conflict", "look up the user")
        listed = yield from send(org.request("GET", target, needed), complaint)
        return first_of(listed, exists)

    def _update(self, account: Account, complaint: Complaint) -> Script:
        body = self.payload(account)
        if not brings_news(account.known, body):
            return
        needed = step("user-update", "replace the user")
        request = self._org.request("PUT", account.target, needed, body)
        account.known = yield from send(request, complaint)


def first_of(listed: dict[str, Json], exists: Stopped) -> dict[str, Json]:
    """Return the first hit of a look-up; without one the 409 stands."""
    found = listed.get("Resources")
    first = found[0] if isinstance(found, list) and found else None
    if not isinstance(first, dict):
        raise exists
    return first


def checked_id(resource: dict[str, Json], complaint: Complaint) -> str:
    """Return the id of a resource, or stop the whole sync."""
    found = id_of(resource)
    if not found:
        reason = "SCIM Response with missing or invalid `id`"
        raise complaint.stopping(reason, "the reply has no id that could be kept")
    return found
