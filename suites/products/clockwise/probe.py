"""Clockwise as an admin sees it.

The real product shows its plan in its web application only and has no public interface, so that
everything here works on a simulation, and is done by hand on the product itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from idp_profiles.model import Json
from suites.client import Seen
from suites.products.api import ProductApi
from suites.products.probe import Member
from suites.products.probe import Probe
from suites.products.probe import Shown
from suites.products.probe import Team
from suites.products.probe import by_hand
from suites.values import items
from suites.values import value_at
from suites.verdicts import Blocked

PAID, FREE, PENDING = "paid", "free", "pending"
_SIMULATION = "/simulation/v1"
# The directory types of the set-up portal, by the IdP.
_TYPES = {"okta": "okta", "onelogin": "onelogin"}
_OTHER = "generic scim v2.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat(Member):
    """One person, or an address that waits for its owner; `plan` is paid, free or pending."""

    plan: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryUser:
    """One user of the directory, as the product gets to know them."""

    id: str
    idp_id: str
    email: str
    first_name: str
    last_name: str
    state: str


class ClockwiseProbe(Probe):
    """One organisation, seen with one person's key."""

    def __init__(self, api: ProductApi, workspace: str, simulated: bool) -> None:
        self._api = api
        self._workspace = workspace
        self._simulated = simulated

    # -- what it shows

    def users(self) -> Shown[tuple[Member, ...]]:
        """Return everybody with an account, and the addresses that wait."""
        seats = self.seats()
        return Shown(tuple(seats.value), seats.entry)

    def seats(self) -> Shown[tuple[Seat, ...]]:
        """Return everybody with their plan."""
        found, seen = self._list("/v1/members", "look at the members and their plan")
        return Shown(tuple(map(_seat, found)), seen.entry)

    def seat(self, email: str) -> Shown[Seat | None]:
        """Return the one with an e-mail address, None when there is nobody."""
        seen = self.seats()
        found = (each for each in seen.value if each.email.lower() == email.lower())
        return Shown(next(found, None), seen.entry)

    def listed(self, email: str) -> Shown[DirectoryUser | None]:
        """Return the user of the directory with an e-mail address, None when there is none."""
        found, seen = self._list("/v1/directory/users", "look at the users of the directory")
        wanted = (_entry(each) for each in found)
        named = (each for each in wanted if each.email.lower() == email.lower())
        return Shown(next(named, None), seen.entry)

    def groups(self) -> Shown[tuple[Team, ...]]:
        """Return every group that was pushed."""
        found, seen = self._list("/v1/directory/groups", "look at the groups of the directory")
        return Shown(tuple(map(_team, found)), seen.entry)

    def has_access(self) -> Shown[bool]:
        """Tell whether the person of this key gets in."""
        seen = self._me()
        return Shown(seen.status == 200, seen.entry)

    def own_email(self) -> str:
        """Return the address of the person of this key; raises Blocked without one."""
        seen = self._me()
        email = value_at(seen.object(), "email")
        if not isinstance(email, str):
            raise Blocked(f"GET /v1/me answered {seen.status} without an address", entry=seen.entry)
        return email

    # -- what people do

    def add_user(self, email: str) -> Seen:
        """Add somebody in the admin panel."""
        if not self._simulated:
            return super().add_user(email)
        return self._api.send("POST", "/v1/members", {"email": email})

    def sign_up(self, email: str, first_name: str, last_name: str) -> Seen:
        """Let somebody make an account with Google."""
        body: Json = {"email": email, "firstName": first_name, "lastName": last_name}
        return self._web("POST", "/sign-up", body, f"sign up as {email}")

    def block_unlisted(self, group: str) -> Seen:
        """Ask that whoever is not listed is blocked, by a push group."""
        return self._web("PUT", "/blocking", {"group": group}, "ask the support to block")

    # -- the set-up

    def connect(self, idp: str = "") -> Seen:
        """Connect a directory in the set-up portal; the reply has the base URL and the token."""
        kind = _TYPES.get(idp, _OTHER)
        how = "an admin of IdP and plan connects a directory in the set-up portal"
        return self._web("POST", "/directory", {"type": kind}, how)

    def switch_on(self) -> Seen:
        """Connect a directory of no particular kind."""
        return self.connect()

    def rotate(self) -> Seen:
        """Ask for another token; the old one is over."""
        return self._web("POST", "/directory/token", None, "make a token in the set-up portal")

    def switch_off(self) -> Seen:
        """Remove the directory."""
        return self._web("DELETE", "/directory", None, "remove the directory")

    # -- inside

    def _me(self) -> Seen:
        if not self._simulated:
            raise by_hand("sign in as this person")
        return self._api.send("GET", "/v1/me")

    def _web(self, method: str, path: str, body: Json, how: str) -> Seen:
        if not self._simulated:
            raise by_hand(how)
        return self._api.at_origin(method, _SIMULATION + path, body)

    def _list(self, path: str, how: str) -> tuple[list[Json], Seen]:
        if not self._simulated:
            raise by_hand(how)
        seen = self._api.send("GET", path)
        found = value_at(seen.object(), "data") if seen.status == 200 else None
        if not isinstance(found, list):
            raise Blocked(f"GET {path} answered {seen.status} without a list", entry=seen.entry)
        return found, seen


def _seat(entry: Json) -> Seat:
    plan = str(value_at(entry, "plan"))
    status = "BLOCKED" if value_at(entry, "blocked") is True else "ACTIVE"
    return Seat(
        id=str(value_at(entry, "id") or ""),
        name=str(value_at(entry, "name") or ""),
        email=str(value_at(entry, "email")),
        status="PENDING" if plan == PENDING else status,
        plan=plan,
        role=str(value_at(entry, "role") or ""),
    )


def _entry(entry: Json) -> DirectoryUser:
    emails = items(value_at(entry, "emails"))
    return DirectoryUser(
        id=str(value_at(entry, "id")),
        idp_id=str(value_at(entry, "idp_id")),
        email=str(value_at(emails[0], "value")) if emails else "",
        first_name=str(value_at(entry, "first_name")),
        last_name=str(value_at(entry, "last_name")),
        state=str(value_at(entry, "state")),
    )


def _team(entry: Json) -> Team:
    return Team(
        id=str(value_at(entry, "id")),
        name=str(value_at(entry, "name")),
        people=frozenset(map(str, items(value_at(entry, "idp_ids")))),
    )
