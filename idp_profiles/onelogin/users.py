"""What OneLogin sends about users: enable, create or link, update, suspend, delete, sync."""

from __future__ import annotations

from idp_profiles.asking import ask
from idp_profiles.asking import object_of
from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.model import Stopped
from idp_profiles.wire import Part
from idp_profiles.wire import is_integer
from idp_profiles.wire import member
from idp_profiles.wire import query

from .console import CREATE
from .console import DELETE
from .console import ENABLE
from .console import FAILED
from .console import LOOKUP
from .console import PROVISIONED
from .console import SUSPEND
from .console import SYNC
from .console import UPDATE
from .console import Complaint
from .console import Text
from .names import PATCH_OP
from .org import Account
from .org import Org
from .steps import step
from .templates import with_active


class Users:
    """The verbs about users; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def enable(self) -> Script:
        """Look for somebody who cannot exist: an empty list or 404 enables the connection."""
        org, complaint = self._org, Complaint(ENABLE)
        nobody = f"nobody-{org.seed:08x}@onelogin.example"
        request = org.request("GET", org.look_up(nobody), step("enable", "look for nobody"))
        reply = yield from ask(request, complaint)
        if reply.status == 200 and _first(request, reply, complaint) is not None:
            raise complaint.refused(reply, "the look-up of nobody finds somebody")

    def provision(self, account: Account) -> Script:
        """Look the user up, then create the account, or link it and replace the user."""
        found = yield from self._look_up(account)
        if found is None:
            yield from self._create(account)
            return
        account.user_id = _id_of(found)
        yield from self._put(account, "provision-existing", "replace the user", UPDATE, active=True)

    def adopt(self, account: Account) -> Script:
        """Look the user up and link what is found, without any change."""
        found = yield from self._look_up(account)
        if found is None:
            because = f"the app has no user {account.person.user_name!r}; give access first"
            raise Stopped(because=because, console="")
        account.user_id, account.state = _id_of(found), PROVISIONED
        account.active = member(found, "active") not in (False, "false", "0")

    def update(self, account: Account) -> Script:
        """Replace the user with what the template makes now."""
        if account.user_id and account.active:
            yield from self._put(account, "update", "replace the user", UPDATE, active=True)

    def suspend(self, account: Account, form: str) -> Script:
        """Suspend the account by a PUT of the template, or by a PATCH."""
        if not account.user_id or not account.active:
            return
        if form == "put":
            name = "suspend the user"
            yield from self._put(account, "suspend-put", name, SUSPEND, active=False)
            return
        org = self._org
        operation: dict[str, Json] = {"op": "replace", "path": "active", "value": False}
        body: dict[str, Json] = {"schemas": [PATCH_OP], "Operations": [operation]}
        needed = step("suspend-patch", "suspend the user")
        request = org.request("PATCH", org.user(account.user_id), needed, body)
        yield from self._tried(account, request, SUSPEND)
        account.active = False

    def delete(self, account: Account) -> Script:
        """Delete the account."""
        if not account.user_id:
            return
        org = self._org
        needed = step("delete", "delete the user")
        request = org.request("DELETE", org.user(account.user_id), needed)
        yield from self._tried(account, request, DELETE)
        account.user_id, account.active = "", False

    def sync_logins(self) -> Part[list[dict[str, Json]]]:
        """Read all users of the app; whose login is known here is no longer unknown."""
        org, complaint = self._org, Complaint(SYNC)
        found: list[dict[str, Json]] = []
        read, total = 0, 1
        while read < total:
            paging = {"startIndex": str(read + 1), "count": org.switches["sync_count"]}
            needed = step("sync-logins", "list users")
            request = org.request("GET", f"/Users?{query(paging)}", needed)
            reply = yield from ask(request, complaint)
            body = object_of(request, reply, complaint)
            number, page = member(body, "totalResults"), member(body, "Resources")
            if not isinstance(number, int) or not is_integer(number):
                raise complaint.refused(reply, f"totalResults is {number!r}, no whole number")
            total = number
            if not isinstance(page, list) or not page:
                break
            read += len(page)
            found += [user for user in page if isinstance(user, dict)]
        self._match(found)
        return found

    # -- inside

    def _match(self, found: list[dict[str, Json]]) -> None:
        ids = {str(member(user, "userName")): str(member(user, "id") or "") for user in found}
        for account in self._org.accounts.values():
            user_id = ids.get(account.person.user_name)
            if user_id:
                account.user_id, account.state, account.active = user_id, PROVISIONED, True

    def _look_up(self, account: Account) -> Part[dict[str, Json] | None]:
        org, login = self._org, account.person.user_name
        needed = step("provision-new", "look up the user")
        request = org.request("GET", org.look_up(login), needed)
        reply = yield from self._tried(account, request, LOOKUP)
        complaint = Complaint(LOOKUP, login)
        return None if reply.status == 404 else _first(request, reply, complaint)

    def _create(self, account: Account) -> Script:
        org, body = self._org, self._org.body(account.person, active=True)
        needed = step("provision-new", "create the user")
        request = org.request("POST", org.new_user(), needed, body)
        reply = yield from self._tried(account, request, CREATE)
        account.user_id = self._user_in(account, request, reply, CREATE)
        account.active, account.state = True, PROVISIONED

    def _put(
        self, account: Account, scenario: str, name: str, text: Text, *, active: bool
    ) -> Script:
        org = self._org
        body = org.body(account.person, active=active)
        if not active or (account.state == PROVISIONED and not account.active):
            body = with_active(org.template, body, active=active)
        request = org.request("PUT", org.user(account.user_id), step(scenario, name), body)
        reply = yield from self._tried(account, request, text)
        self._user_in(account, request, reply, text)
        account.active, account.state = active, PROVISIONED

    def _tried(self, account: Account, request: Request, text: Text) -> Part[Reply]:
        """Send a request about a user; whatever stops it, the user is in the state Failed."""
        before, account.state = account.state, FAILED
        reply = yield from ask(request, Complaint(text, account.person.user_name))
        account.state = before
        return reply

    def _user_in(self, account: Account, request: Request, reply: Reply, text: Text) -> str:
        """Return the id of the user in a reply, which needs both names as well."""
        complaint = Complaint(text, account.person.user_name)
        try:
            user = object_of(request, reply, complaint)
            name = member(user, "name")
            names = name if isinstance(name, dict) else {}
            needed = {
                "id": member(user, "id"),
                "name.givenName": member(names, "givenName"),
                "name.familyName": member(names, "familyName"),
            }
            missing = [path for path, value in needed.items() if value in (None, "")]
            if missing:
                because = f"the reply to {request.method} {request.target} has no {missing[0]}"
                raise complaint.refused(reply, because)
        except Stopped:
            account.state = FAILED
            raise
        return str(needed["id"])


def _first(request: Request, reply: Reply, complaint: Complaint) -> dict[str, Json] | None:
    """Return the first user of a list, None when it is empty."""
    body = object_of(request, reply, complaint)
    found = member(body, "Resources")
    if not found and not member(body, "totalResults"):
        return None
    first = found[0] if isinstance(found, list) and found else None
    if isinstance(first, dict) and member(first, "id") not in (None, ""):
        return first
    raise complaint.refused(reply, "the look-up names a match but shows none with an id")


def _id_of(user: dict[str, Json]) -> str:
    return str(member(user, "id"))
