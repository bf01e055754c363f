"""Reading everything: links what the app has already with users and groups of the directory."""

from __future__ import annotations

from collections.abc import Iterator

from idp_profiles.model import Json
from idp_profiles.model import Script
from idp_profiles.wire import Part

from .config import configuration
from .console import Complaint
from .exchange import id_of
from .exchange import send
from .org import Account
from .org import Org
from .org import Team
from .steps import step


def discover_users(org: Org) -> Script:
    """List all users and link those whose user name or an e-mail address is known."""
    complaint = Complaint("users")
    linked = {account.user_id for account in org.accounts.values()}
    for resource in (yield from _all(org, "/Users", "list the users", complaint)):
        account = _owner(org, resource, complaint)
        user_id = id_of(resource)
        if account is not None and not account.user_id and user_id not in linked:
            account.user_id, account.known = user_id, resource


def discover_groups(org: Org) -> Script:
    """List all groups and link those whose name is known."""
    linked = {team.group_id for team in org.teams.values()}
    for resource in (yield from _all(org, "/Groups", "list the groups", Complaint("groups"))):
        team = _named(org, resource.get("displayName"))
        group_id = id_of(resource)
        if team is not None and not team.group_id and group_id not in linked:
            team.group_id, team.known = group_id, resource


def _all(org: Org, endpoint: str, name: str, complaint: Complaint) -> Part[list[dict[str, Json]]]:
    """Read page after page, each from where the last one ended, with no count."""
    yield from configuration(org, complaint)
    needed = step("full-sync", name)
    found: list[dict[str, Json]] = []
    target, expected = endpoint, -1
    while expected < 0 or len(found) < expected:
        reply = yield from send(org.request("GET", target, needed), complaint)
        page, total = reply.get("Resources"), reply.get("totalResults")
        if expected < 0:
            expected = total if isinstance(total, int) else -1
        if not isinstance(page, list) or expected < 0:
            because = f"the reply to GET {target} has no Resources or no totalResults"
            raise complaint.stopping("KeyError", because)
        if not page and len(found) < expected:
            because = f"GET {target} shows an empty page before totalResults: asked for for ever"
            raise complaint.stopping("time limit exceeded", because)
        found += [one for one in page if isinstance(one, dict)]
        target = f"{endpoint}?startIndex={len(found) + 1}"
    return found


def _owner(org: Org, resource: dict[str, Json], complaint: Complaint) -> Account | None:
    emails = resource.get("emails")
    if not isinstance(emails, list):
        because = f"the user {id_of(resource)!r} is listed without emails, which are gone through"
        raise complaint.stopping("'NoneType' object is not iterable", because)
    names = {str(resource.get("userName")), *_addresses(emails)}
    addresses = set(_addresses(emails))
    for account in org.accounts.values():
        if account.person.user_name in names or account.person.email in addresses:
            return account
    return None


def _addresses(emails: list[Json]) -> Iterator[str]:
    for email in emails:
        if isinstance(email, dict) and email.get("value"):
            yield str(email["value"])


def _named(org: Org, name: Json) -> Team | None:
    return next((team for team in org.teams.values() if team.name == name), None)
