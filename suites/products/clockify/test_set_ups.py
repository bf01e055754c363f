"""How each IdP is set up by the guide, and what its own settings do to what it sends."""

from __future__ import annotations

from typing import Any

from idp_profiles.living.engine import Turn
from idp_profiles.model import Headers
from suites.products.company import ACTIVE
from suites.products.company import Company
from suites.products.workspace import SCIM_PATH
from suites.products.workspace import Workspace
from suites.requirements import requirement
from suites.values import value_at
from suites.verdicts import Mismatch

from .arranging import at_work
from .arranging import started_by
from .kit import BARE
from .kit import PREFIXED
from .kit import TWICE

CYCLE = 40 * 60  # seconds
_LISTS = ("connection-test-refused",)


@requirement("CLK-AUTH-1", proof={
    "okta": ("bare-token-refused", "bearer-token-refused"),
    "entra": ("repeated-bearer-refused", "bearer-token-refused"),
    "jumpcloud": ("bearer-token-refused",),
})  # fmt: skip
def test_every_form_of_the_token_is_accepted(company: Company) -> None:
    """In each form that follows from the guide the token lets the IdP in."""
    for form in company.workspace.kit.set_ups[company.provider].forms:
        again = company.set_up(form=form)
        (key,) = again.hire()
        _accepted(again, form)
        again.shows_member(key)


@requirement("CLK-IDP-OKTA-2", proof=("bare-token-refused",))
def test_a_bare_token_goes_out_bare_and_works(company: Company) -> None:
    """Where the admin pastes the token alone, the header is the token, and Okta gets in."""
    _typed(company.set_up(form=BARE), company.workspace.token)


@requirement("CLK-IDP-OKTA-2", proof=("bearer-token-refused",))
def test_a_typed_prefix_goes_out_and_works(company: Company) -> None:
    """Where the admin types Bearer before the token, the header has both, and Okta gets in."""
    _typed(company.set_up(form=PREFIXED), f"Bearer {company.workspace.token}")


@requirement("CLK-IDP-OKTA-1", proof=_LISTS)
def test_the_api_credentials_of_okta_are_accepted(company: Company) -> None:
    """Test API Credentials succeeds with the base URL and the token."""
    company.replay().act.test_connection()


@requirement(
    "CLK-IDP-OKTA-1",
    proof=("users-not-created", "names-ignored", "deactivation-ignored", "groups-not-created"),
)
def test_what_is_ticked_in_okta_works(company: Company) -> None:
    """Create Users, Update User Attributes, Deactivate Users and Push Groups take effect."""
    key, other, leaver = company.hire(3)
    group = company.form(key, other)
    company.sync()
    company.shows_group(company.name_of(group), (key, other))
    company.directory.change(key, given_name="Grace", display_name="Grace Hopper")
    company.directory.change(key, family_name="Hopper")
    company.directory.unassign(leaver)
    company.sync()
    company.shows_member(key, name="Grace Hopper")
    company.shows_member(leaver, status="INACTIVE")


@requirement("CLK-IDP-OKTA-3", proof=("directory-pulled",))
def test_without_create_users_nobody_comes(workspace: Workspace, provider: str) -> None:
    """With Create Users off Okta sends nothing about somebody new."""
    before = [each.email for each in workspace.owner.users().value]
    off = Company(workspace, provider, toggles={"create_users": False})
    (key,) = off.hire()
    _sends_nothing(off, off.office.turn())
    off.shows_nobody(off.person(key).email)
    off.shows_only(before)


@requirement("CLK-IDP-OKTA-3", proof=("users-not-created",))
def test_without_update_user_attributes_names_stay(company: Company) -> None:
    """With Update User Attributes off Okta sends no change of a name."""
    off = company.set_up(toggles={"update_users": False})
    key = at_work(off)
    name = off.person(key).display_name
    off.directory.change(key, given_name="Grace", display_name="Grace Hopper")
    _sends_nothing(off, off.office.turn())
    off.shows_member(key, name=name)


@requirement("CLK-IDP-OKTA-3", proof=("users-created-as-invitations",))
def test_without_deactivate_users_leavers_stay(company: Company) -> None:
    """With Deactivate Users off Okta sends nothing about somebody who loses the app."""
    off = company.set_up(toggles={"deactivate_users": False})
    key = at_work(off)
    off.directory.unassign(key)
    _sends_nothing(off, off.office.turn())
    off.shows_member(key)


@requirement("CLK-IDP-OKTA-3", proof=("members-not-added", "groups-not-created"))
def test_without_pushing_immediately_members_come_later(company: Company) -> None:
    """With Push Group Members Immediately off the group comes empty, its people with Push Now."""
    off = company.set_up(toggles={"push_memberships_immediately": False})
    okta, people = off.replay(), off.workspace.people
    group = people.group(*people.people(2))
    okta.given.assign_group(group)
    okta.act.push_group(group)
    _group_of(off, group.name, 0)
    okta.act.push_now(group)
    _group_of(off, group.name, 2)


@requirement("CLK-IDP-ENTRA-1", proof=(*_LISTS, "bearer-token-refused"))
def test_the_connection_of_entra_is_accepted(company: Company) -> None:
    """Test Connection succeeds with the Tenant URL and the Secret Token of the guide."""
    url = company.workspace.scim().target.url
    if not url.endswith(SCIM_PATH):
        raise Mismatch(expected=f"a Tenant URL that ends in {SCIM_PATH}", actual=url)
    company.replay().act.test_connection()


@requirement("CLK-IDP-ENTRA-1", proof=("repeated-bearer-refused",))
def test_the_secret_token_may_arrive_with_bearer_twice(company: Company) -> None:
    """Where Entra sends the Secret Token of the guide as typed, it is accepted all the same."""
    company.set_up(form=TWICE).replay().act.test_connection()


@requirement("CLK-IDP-ENTRA-2", proof=("users-not-created", "directory-pulled"))
def test_a_change_comes_with_the_next_cycle(workspace: Workspace, provider: str) -> None:
    """Between two cycles nothing is sent; after 40 minutes the change is there."""
    before = [each.email for each in workspace.owner.users().value]
    company = Company(workspace, provider)
    company.sync()
    (key,) = company.hire()
    engine, email = company.office.engine, company.person(key).email
    _sends_nothing(company, engine.wait(CYCLE - 60))
    company.shows_nobody(email)
    engine.wait(60)
    company.shows_member(key)
    company.shows_only(before, key)


@requirement("CLK-IDP-ENTRA-2", proof=("users-not-created", "users-created-as-invitations"))
def test_provision_on_demand_does_not_wait(company: Company) -> None:
    """Provision on demand brings a person at once, between two cycles."""
    company.sync()
    (key,) = company.hire()
    _engine(company).on_demand(key)
    company.shows_member(key)


@requirement("CLK-IDP-ENTRA-3", proof=("users-not-created", "deactivation-ignored"))
def test_while_paused_nothing_is_sent(company: Company) -> None:
    """While it is paused Entra sends nothing for hours; started again it catches up."""
    leaver = at_work(company)
    engine = _engine(company)
    engine.pause()
    (key,) = company.hire()
    company.directory.unassign(leaver)
    _sends_nothing(company, engine.wait(6 * CYCLE))
    company.shows_nobody(company.person(key).email)
    company.shows_member(leaver)
    engine.resume()
    company.sync()
    company.shows_member(key)
    company.shows_member(leaver, status="INACTIVE")


@requirement("CLK-IDP-ENTRA-4", proof=("directory-pulled", "users-not-created"))
def test_only_assigned_people_and_groups_come(workspace: Workspace, provider: str) -> None:
    """With the scope of the guide only those come who are assigned, or in an assigned group."""
    before = [each.email for each in workspace.owner.users().value]
    company = Company(workspace, provider)
    people = workspace.people
    outsider, insider = (company.office.take_in(people.person()) for _ in range(2))
    company.form(insider)
    (key,) = company.hire()
    company.sync()
    company.shows_member(key)
    company.shows_member(insider)
    company.shows_nobody(company.person(outsider).email)
    company.shows_only(before, key, insider)


@requirement("CLK-IDP-JC-1", proof=_LISTS)
def test_jumpcloud_can_be_activated(company: Company) -> None:
    """Test Connection succeeds, and then Activate, with a test user and a test group."""
    jumpcloud, people = company.replay(), company.workspace.people
    jumpcloud.act.test_connection(people.person().email)
    jumpcloud.act.activate(people.person().email, people.unique("test-group"))


@requirement("CLK-IDP-JC-1", proof=(*_LISTS, "members-unseen"))
def test_jumpcloud_imports_the_users_of_the_app(company: Company) -> None:
    """Import users from this app reads the people of the workspace; who manages it may lack."""
    managers = started_by(company.workspace).managers().value
    jumpcloud = company.replay()
    jumpcloud.act.import_users()
    found = {str(value_at(each, "userName")).lower() for each in jumpcloud.idp.imported.users}
    members = company.probe.users().value
    wanted = (each for each in members if each.status == ACTIVE and each.id not in managers)
    missing = {each.email.lower() for each in wanted} - found
    if missing:
        raise Mismatch(
            expected="everybody of the workspace among those who are imported",
            actual=f"{len(missing)} missing",
            entry=jumpcloud.last_entry(),
        )


def _engine(company: Company) -> Any:  # noqa: ANN401 - each IdP has its own
    return company.office.engine


def _typed(company: Company, wanted: str) -> None:
    """Expect what was typed to be the header, and to let Okta in; raises Mismatch."""
    company.hire()
    turn = company.office.turn()
    sent = {_authorization(each.request.headers) for each in turn.exchanges}
    entry = company.workspace.log.last()
    if sent != {wanted}:
        raise Mismatch(expected="the header as it was typed", actual="another one", entry=entry)
    _accepted(company, "as it was typed")


def _authorization(headers: Headers) -> str:
    return next((value for name, value in headers if name.lower() == "authorization"), "")


def _accepted(company: Company, form: str) -> None:
    """Expect the token in a form to let the IdP in; raises Mismatch naming the form."""
    turn = company.office.settle()
    if not turn.in_step:
        raise Mismatch(
            expected=f"the token accepted in the form {form!r}",
            actual=turn.pending[0].why,
            entry=company.workspace.log.last(),
        )


def _sends_nothing(company: Company, turn: Turn) -> None:
    """Expect a turn without a single request; raises Mismatch."""
    if turn.exchanges:
        raise Mismatch(
            expected=f"{company.profile.title} sends nothing",
            actual=f"{len(turn.exchanges)} requests",
            entry=company.workspace.log.last(),
        )


def _group_of(company: Company, name: str, people: int) -> None:
    company.workspace.shown(
        lambda: company.probe.group(name),
        lambda found: found is not None and len(found.people) == people,
        f"the group {name!r} with {people} people",
        lambda found: "no such group" if found is None else f"{len(found.people)} people",
    )
