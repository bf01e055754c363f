"""The customer of Clockwise: an IdP that is connected in the set-up portal, and who has a seat."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from idp_profiles.model import Json
from suites.products.company import Company
from suites.products.probe import by_hand
from suites.products.workspace import Workspace
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .probe import ClockwiseProbe
from .probe import DirectoryUser
from .probe import Seat


class Customer(Company):
    """One customer, whose directory is connected as one of the IdP's kind."""

    def __init__(self, workspace: Workspace, provider: str) -> None:
        if not workspace.simulated:
            # Nobody is pushed there before it is known that what comes of it can be seen.
            raise by_hand(
                "push the users from the IdP and look at the plan in the web application; a run "
                "pushes nobody, for whoever is pushed may change who pays"
            )
        if workspace.named is None and not workspace.token:
            _connect(workspace, provider)
        super().__init__(workspace, provider)

    @property
    def seats(self) -> ClockwiseProbe:
        """The product as an admin sees it."""
        return admin_of(self.workspace)

    def _ids_of(self, people: Iterable[str]) -> frozenset[str]:
        """Return the ids of the SCIM users, by which the directory names who is in a group."""
        found = {each: self.office.account(each) for each in people}
        for key, identifier in found.items():
            if identifier is None:
                raise Blocked(f"{self.profile.title} has no account of {self.person(key).email}")
        return frozenset(map(str, found.values()))

    def push(self, count: int, *others: str) -> list[str]:
        """Let the IdP push so many users, among them who has these addresses; return the keys."""
        keys = [self.take_over(email) for email in others]
        keys += self.hire(count - len(keys))
        self.sync()
        return keys

    def email(self, label: str) -> str:
        """Return the address of somebody who has an account from the start."""
        return cast(ClockwiseProbe, self.workspace.acting(label)).own_email()

    def shows_plan(self, email: str, plan: str) -> Seat:
        """Expect a person, or an address that waits, on a plan; raises Mismatch."""
        __tracebackhide__ = True
        found = self.workspace.shown(
            lambda: self.seats.seat(email),
            lambda seat: seat is not None and seat.plan == plan,
            f"{email} is {plan}",
            lambda seat: "nobody" if seat is None else seat.plan,
        )
        assert found is not None
        return found

    def shows_name(self, email: str, name: str) -> None:
        """Expect the account of a person to have a name; raises Mismatch."""
        __tracebackhide__ = True
        self.workspace.shown(
            lambda: self.seats.seat(email),
            lambda seat: seat is not None and seat.name == name,
            f"{email} is called {name!r}",
            lambda seat: "nobody" if seat is None else repr(seat.name),
        )

    def shows_listed(self, email: str, state: str = "active") -> DirectoryUser:
        """Expect a user of the directory in a state; raises Mismatch."""
        __tracebackhide__ = True
        found = self.workspace.shown(
            lambda: self.seats.listed(email),
            lambda entry: entry is not None and entry.state == state,
            f"{email} is listed as {state}",
            lambda entry: "nobody" if entry is None else entry.state,
        )
        assert found is not None
        return found

    def shows_unlisted(self, email: str) -> None:
        """Expect no user of the directory with an address; raises Mismatch."""
        __tracebackhide__ = True
        self.workspace.shown(
            lambda: self.seats.listed(email),
            lambda entry: entry is None,
            f"{email} is not listed",
            lambda entry: entry.state if entry else "",
        )


def admin_of(workspace: Workspace, who: str = "owner") -> ClockwiseProbe:
    """Return the product as one of the people at the start sees it."""
    probe = workspace.owner if who == "owner" else workspace.acting(who)
    return cast(ClockwiseProbe, probe)


def customer(workspace: Workspace, provider: str, **settings: Json) -> Customer:
    """Return a customer of a simulation with settings of its own; raises NotOffered elsewhere."""
    if workspace.named is not None:
        raise NotOffered("by hand: it takes an organisation that is set up for it")
    return Customer(workspace.started(**settings), provider)


def _connect(workspace: Workspace, provider: str) -> None:
    seen = admin_of(workspace).connect(provider)
    try:
        workspace.use(seen)
    except Mismatch as problem:
        reason = f"the directory cannot be connected: {problem}"
        raise Blocked(reason, by="CWS-ENABLE-1", entry=seen.entry) from None
