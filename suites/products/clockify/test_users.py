"""People: who comes, how they are called, who is found again, and who is left alone."""

from __future__ import annotations

from suites.making.people import is_ours
from suites.products.company import Company
from suites.products.probe import Member
from suites.products.probe import Shown
from suites.products.workspace import Workspace
from suites.requirements import requirement
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .arranging import at_work
from .arranging import full_sync
from .arranging import member_before
from .arranging import started_by
from .arranging import without

HUNDREDS = 200


@requirement("CLK-USER-1", proof=("users-not-created", "users-created-as-invitations"))
def test_whoever_the_idp_adds_is_an_active_member(company: Company) -> None:
    """Right after the IdP's request the person is an active member, under name and address."""
    (key,) = company.hire()
    company.sync()
    company.shows_member(key, name=company.person(key).display_name)


@requirement("CLK-USER-2", proof=("names-ignored", "names-in-ascii"))
def test_a_change_of_name_is_followed(company: Company) -> None:
    """A new name in the IdP is the person's name in the product, whatever its letters."""
    key, family = at_work(company), f"{company.workspace.people.family_name()}-Ćosić"
    names = {"given_name": "Zoë", "family_name": family, "display_name": f"Zoë {family}"}
    company.directory.change(key, **names)
    company.sync()
    company.shows_member(key, name=names["display_name"])


@requirement("CLK-USER-2", proof=("names-changed-at-switching-on",))
def test_switching_scim_on_changes_no_name(workspace: Workspace, provider: str) -> None:
    """A member from before has the same name after SCIM was switched on and the IdP connected."""
    email = workspace.people.person(local="before").email
    before = member_before(workspace, email)
    owner = workspace.owner
    everybody = {each.id: each.name for each in owner.users().value}
    Company(workspace, provider)
    workspace.shown(
        owner.users,
        lambda found: {each.id: each.name for each in found} == everybody,
        f"the names from before, {before.name!r} among them",
        lambda found: f"other names: {_renamed(found, everybody)}",
    )


@requirement(
    "CLK-USER-2",
    # Okta writes twice when it links an account, so a name that comes late is there all the same.
    proof={
        "okta": ("names-ignored",),
        "entra": ("names-changed-at-second-request", "names-ignored"),
        "jumpcloud": ("names-changed-at-second-request", "names-ignored"),
    },
)
def test_the_first_provisioning_request_brings_the_name(
    workspace: Workspace, provider: str
) -> None:
    """A member from before gets the IdP's name with the first provisioning request."""
    email = workspace.people.person(local="before").email
    member_before(workspace, email)
    company = Company(workspace, provider)
    key = company.take_over(email)
    company.sync()
    company.shows_member(key, name=company.person(key).display_name)


@requirement("CLK-USER-3", proof=("emails-ignored",))
def test_a_change_of_address_is_followed(company: Company) -> None:
    """A new e-mail address in the IdP is the person's address in the product."""
    key = at_work(company)
    before = company.shows_member(key)
    old, fresh = company.person(key).email, company.workspace.people.person().email
    company.directory.change(key, email=fresh, user_name=fresh)
    company.sync()
    found = company.shows_member(key)
    company.shows_nobody(old)
    if found.id != before.id:
        raise Mismatch(
            expected="the same person", actual="another id", entry=company.workspace.log.last()
        )


@requirement("CLK-USER-6", proof=("user-names-find-nobody", "members-unseen"))
def test_a_member_is_matched_by_user_name(workspace: Workspace, provider: str) -> None:
    """With the address as user name a member from before is taken over, and not doubled."""
    email = workspace.people.person(local="before").email
    before = member_before(workspace, email)
    company = Company(workspace, provider)
    company.take_over(email)
    company.sync()
    _is_the_one(workspace, before, email)


@requirement("CLK-USER-6", proof=("emails-find-nobody", "members-unseen"), idps=("entra",))
def test_a_member_is_matched_by_address(workspace: Workspace, provider: str) -> None:
    """Where the IdP matches by address, a member from before is found under another user name."""
    email = workspace.people.person(local="before").email
    before = member_before(workspace, email)
    company = Company(workspace, provider, switches={"matching": "email"})
    company.take_over(email, workspace.people.person(local="login").user_name)
    company.sync()
    _is_the_one(workspace, before, email)


@requirement("CLK-USER-7", proof=("directory-pulled",))
def test_nobody_comes_whom_the_idp_does_not_send(workspace: Workspace, provider: str) -> None:
    """Of a directory only those come who are assigned, and nobody else appears."""
    before = {each.email for each in workspace.owner.users().value}
    company = Company(workspace, provider)
    unassigned = company.office.take_in(workspace.people.person())
    sent = company.hire(2)
    company.sync()
    company.shows_nobody(company.person(unassigned).email)
    company.shows_only(before, *sent)


@requirement("CLK-USER-9", proof=("users-capped",))
def test_hundreds_of_people_come_at_once(company: Company) -> None:
    """Two hundred people who are assigned at the same time are all there after one sync."""
    workspace = company.workspace
    if workspace.named is not None and not workspace.large:
        raise NotOffered(f"{HUNDREDS} people are provisioned with --scim-large only")
    # Without passwords: a server that keeps them well takes its time for each.
    company = company.set_up(mapping=without(company, "password"))
    wanted = {company.person(each).email for each in company.hire(HUNDREDS)}
    company.sync()
    workspace.shown(
        company.probe.users,
        lambda found: wanted <= {each.email for each in found if each.status == "ACTIVE"},
        f"{HUNDREDS} active people",
        lambda found: f"{len(wanted & {each.email for each in found})} of them",
    )


@requirement("CLK-USER-11", proof=("others-deactivated", "others-demoted", "others-locked-out"))
def test_a_sync_leaves_everybody_else_alone(workspace: Workspace, provider: str) -> None:
    """Whoever the IdP does not send is the same after people came, changed and left."""
    others, managers = _others(workspace.owner.users()), started_by(workspace).managers().value
    company = Company(workspace, provider)
    key, leaver = company.hire(2)
    company.arrange(by="CLK-USER-1")
    company.directory.change(key, family_name=workspace.people.family_name())
    company.directory.unassign(leaver)
    company.arrange(by="CLK-USER-4")
    full_sync(company)
    workspace.shown(
        company.probe.users,
        lambda found: _among(found, others) == others,
        f"{len(others)} people as they were",
        lambda found: f"others: {_different(_among(found, others), others)}",
    )
    workspace.shown(
        started_by(workspace).managers,
        lambda found: found == managers,
        f"{len(managers)} people who manage the workspace, as before",
        lambda found: f"{len(managers - found)} fewer, {len(found - managers)} more",
    )
    for who in ("admin", "user") if workspace.named is None else ():
        eyes = workspace.acting(who)
        workspace.shown(eyes.has_access, bool, f"the key of the {who} opens", lambda _: "nothing")


def _is_the_one(workspace: Workspace, before: Member, email: str) -> None:
    """Expect one member with the address, who is the one from before; raises Mismatch."""
    __tracebackhide__ = True
    workspace.shown(
        workspace.owner.users,
        lambda found: [each.id for each in found if each.email == email] == [before.id],
        f"one member {email}, who was there before",
        lambda found: f"{sum(each.email == email for each in found)} of that address, or another",
    )


def _others(seen: Shown[tuple[Member, ...]]) -> dict[str, Member]:
    """Return those whom no run made, by id."""
    return {each.id: each for each in seen.value if not is_ours(each.email)}


def _among(found: tuple[Member, ...], wanted: dict[str, Member]) -> dict[str, Member]:
    return {each.id: each for each in found if each.id in wanted}


def _different(found: dict[str, Member], wanted: dict[str, Member]) -> str:
    other = [each.email for key, each in wanted.items() if found.get(key) != each]
    return ", ".join(other)


def _renamed(found: tuple[Member, ...], before: dict[str, str]) -> str:
    changed = [each.name for each in found if before.get(each.id) != each.name]
    return ", ".join(map(repr, changed))
