"""What Clockify's cases arrange and look at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from typing import cast

from idp_profiles.living.pushing import PushEngine
from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import Entry
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from suites.client import ScimClient
from suites.products.company import Company
from suites.products.probe import Member
from suites.products.probe import Probe
from suites.products.workspace import Workspace
from suites.reach.connection import authorization
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

from .probe import ClockifyProbe

TIME_ZONE = "timezone"


def started_by(workspace: Workspace) -> ClockifyProbe:
    """Return the owner's look, with what only this product has."""
    return cast(ClockifyProbe, workspace.owner)


def assume(company: Company, what: str) -> None:
    """Say that the mapping is none of the IdP's own: what it makes the IdP send is assumed."""
    log = company.workspace.log
    log.notes.append(f"assumed mapping: {what}")
    log.certainties.append(Certainty.INFERRED)


def opens(workspace: Workspace, token: str, wanted: bool) -> None:
    """Expect a token to open the SCIM service, or not to; raises Mismatch."""
    workspace.log.redactor = workspace.log.redactor.also((token,))
    client = ScimClient(workspace.scim(), workspace.log, workspace.journal)
    headers = (("Authorization", authorization(Credential("bearer", token))),)
    seen = client.send("GET", "/Users?count=1", headers=headers)
    if (seen.status == 200) is not wanted:
        raise Mismatch(
            expected="the token opens SCIM" if wanted else "a token that opens nothing",
            actual=f"status {seen.status}",
            entry=seen.entry,
        )


def member_before(workspace: Workspace, email: str) -> Member:
    """Let the owner add somebody before SCIM is on; raises Blocked where that fails."""
    workspace.before_scim()
    workspace.add_user(workspace.owner, email)
    found = workspace.owner.member(email).value
    if found is None:
        raise Blocked(f"{email} cannot be added before SCIM is on", entry=workspace.log.last())
    return found


def with_time_zone(company: Company) -> AttributeMapping:
    """Return the mapping of the IdP with the time zone added, as an admin has to (assumed)."""
    usual: AttributeMapping = company.office.engine.idp.mapping
    entry = Entry(path=TIME_ZONE, source=TIME_ZONE)
    return replace(usual, entries=(*usual.entries, entry))


def without(company: Company, path: str) -> AttributeMapping:
    """Return the mapping of the IdP without what goes to a path."""
    usual: AttributeMapping = company.office.engine.idp.mapping
    return replace(usual, entries=tuple(each for each in usual.entries if each.path != path))


def full_sync(company: Company) -> None:
    """Let the IdP match and send everybody again."""
    engine: Any = company.office.engine
    if isinstance(engine, PushEngine):
        for person in company.directory.people:
            engine.unlink(person.idp_id)
    else:
        engine.restart(reset_links=True)
    company.arrange()


def eyes_of(company: Company, key: str) -> Probe:
    """Return the product as a provisioned person sees it."""
    workspace = company.workspace
    return workspace.with_key(workspace.owner.key_of(company.account(key)))


def at_work(company: Company) -> str:
    """Let the IdP provision one person, and return the key."""
    (key,) = company.hire()
    company.arrange(by="CLK-USER-1")
    return key
