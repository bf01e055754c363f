"""Switching SCIM on: who may, what it gives, and what becomes of the groups."""

from __future__ import annotations

from suites.client import Seen
from suites.products.company import Company
from suites.products.promises import done
from suites.products.promises import refused
from suites.products.workspace import SCIM_PATH
from suites.products.workspace import Workspace
from suites.requirements import requirement
from suites.values import value_at
from suites.verdicts import Mismatch

from .arranging import opens
from .arranging import started_by

_LESSER = ("FREE", "BASIC_2021", "STANDARD_2021", "PRO_2021")


@requirement("CLK-ENABLE-1", proof=("admins-switch-scim-on",))
def test_nobody_but_the_owner_can_switch_scim_on(workspace: Workspace) -> None:
    """A limited user, a user and an admin are refused, then the owner switches SCIM on."""
    workspace.before_scim()
    for who in ("limited", "user", "admin"):
        refused(workspace.acting(who).switch_on(), f"switching SCIM on ({who})")
    done(workspace.owner.switch_on(), "switching SCIM on as the owner")


@requirement("CLK-ENABLE-2", proof=("any-plan-has-scim", "standard-plan-has-scim"))
def test_scim_needs_the_enterprise_plan(workspace: Workspace) -> None:
    """In a workspace of a lesser plan SCIM cannot be switched on."""
    owner = started_by(workspace.before_scim())
    for plan in _LESSER:
        done(owner.set_plan(plan), f"changing the plan to {plan}")
        refused(owner.switch_on(), f"switching SCIM on with the plan {plan}")
    done(owner.set_plan("ENTERPRISE_2021"), "changing the plan to Enterprise")
    done(owner.switch_on(), "switching SCIM on with the Enterprise plan")


@requirement("CLK-ENABLE-3", proof=("bearer-token-refused", "base-url-without-version"))
def test_url_and_token_let_the_idp_in(workspace: Workspace, provider: str) -> None:
    """With the base URL and the token that the owner is shown, the IdP gets in."""
    workspace.use(done(workspace.before_scim().owner.switch_on(), "switching SCIM on"))
    company = Company(workspace, provider)
    company.hire()
    company.sync()


@requirement("CLK-ENABLE-3", proof=("token-shown-again",), idps=())
def test_the_token_is_shown_once(workspace: Workspace) -> None:
    """Whoever looks at the settings later sees the base URL, and no token."""
    workspace.before_scim().switch_on()
    seen = started_by(workspace).scim_state()
    if workspace.token in seen.content.decode() or value_at(seen.json(), "token"):
        raise Mismatch(expected="no token", actual="the token", entry=seen.entry)


@requirement("CLK-ENABLE-3", proof=("token-never-changes", "rotated-token-works-on"))
def test_a_rotated_token_is_over(workspace: Workspace, provider: str) -> None:
    """After the token was rotated the old one opens nothing, and the new one the same workspace."""
    company = Company(workspace.before_scim(), provider)
    company.hire()
    company.arrange()
    old, fresh = workspace.token, value_at(done(workspace.owner.rotate(), "").json(), "token")
    opens(workspace, old, False)
    workspace.enter(workspace.scim().target.url, str(fresh))
    company.office.engine.rotate(workspace.kit.set_ups[provider].credential(workspace.token))
    (key,) = company.hire()
    company.sync()
    company.shows_member(key)


@requirement("CLK-ENABLE-3", proof=("switched-off-token-works-on", "token-back-after-off"), idps=())
def test_the_token_ends_when_scim_is_switched_off(workspace: Workspace) -> None:
    """Once SCIM is switched off the token opens nothing, nor when it is switched on again."""
    workspace.before_scim().switch_on()
    token = workspace.token
    opens(workspace, token, True)
    done(workspace.owner.switch_off(), "switching SCIM off")
    opens(workspace, token, False)
    workspace.switch_on()
    opens(workspace, token, False)


@requirement("CLK-ENABLE-3", proof=("token-never-changes",), idps=())
def test_the_token_belongs_to_one_workspace(workspace: Workspace) -> None:
    """The token of another workspace opens nothing in this one."""
    workspace.before_scim().switch_on()
    other = workspace.token
    workspace.started().switch_on()
    opens(workspace, other, False)


@requirement("CLK-ENABLE-4", proof=("base-url-without-version",))
def test_the_base_url_is_the_address_and_scim_v2(workspace: Workspace, provider: str) -> None:
    """The base URL is the product's address with /scim/v2 behind it, and there SCIM answers."""
    url = workspace.scim().target.url
    if workspace.named is None and url != workspace.api.origin + SCIM_PATH:
        wanted = workspace.api.origin + SCIM_PATH
        raise Mismatch(expected=wanted, actual=url, entry=workspace.log.last())
    if not url.endswith(SCIM_PATH):
        raise Mismatch(expected=f"a base URL that ends in {SCIM_PATH}", actual=url)
    company = Company(workspace, provider)
    company.hire()
    company.sync()


@requirement("CLK-ENABLE-5", proof=("groups-kept", "empty-groups-kept"))
def test_the_groups_are_deleted(workspace: Workspace) -> None:
    """Whatever groups the workspace had are gone when SCIM is on, also one without people."""
    owner = workspace.before_scim().owner
    done(owner.create_group(workspace.people.unique("crew")), "making a group before")
    workspace.shown(owner.groups, bool, "groups at the start", lambda groups: "none")
    workspace.switch_on()
    workspace.shown(
        owner.groups,
        lambda groups: not groups,
        "no groups once SCIM is on",
        lambda groups: f"still {', '.join(each.name for each in groups)}",
    )


@requirement("CLK-ENABLE-6", proof=("group-ids-reused",))
def test_a_group_that_comes_back_is_a_new_one(workspace: Workspace, provider: str) -> None:
    """A group of the same name that the IdP pushes has another id than the one before."""
    name = workspace.people.unique("crew")
    made = done(_made_before(workspace, name), "making a group before")
    company = Company(workspace, provider)
    company.form(*company.hire(2), name=name)
    company.arrange(by="CLK-GROUP-1")
    found = workspace.shown(
        lambda: company.probe.group(name), bool, f"the group {name!r}", lambda group: "none"
    )
    if found is not None and found.id == value_at(made.json(), "id"):
        raise Mismatch(expected="another id", actual="the id of the group before", entry=None)


@requirement("CLK-ENABLE-7", proof=("connection-test-refused",))
def test_each_named_idp_can_be_connected(company: Company) -> None:
    """The IdP is connected as the guide says, and whoever it sends is in the workspace."""
    (key,) = company.hire()
    company.sync()
    company.shows_member(key)


def _made_before(workspace: Workspace, name: str) -> Seen:
    return workspace.create_group(workspace.before_scim().owner, name)
