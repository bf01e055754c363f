"""What the credential of one tenant opens of another."""

from __future__ import annotations

from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.security.other_tenant import Referred
from suites.security.other_tenant import Trespass
from suites.security.other_tenant import holds_name
from suites.security.other_tenant import refer
from suites.security.other_tenant import trespass
from suites.values import value_at
from suites.values import values_at

KEPT = ("displayName", "userName", "active")


@requirement("SEC-TENANT-1", proof=("any-token-reads-by-id", "ids-of-every-tenant"))
def test_a_tenant_reads_no_user_of_another(experiment: Experiment) -> None:
    """The credential of another tenant does not show a user of this one by id."""
    found: Trespass = experiment(trespass)
    for reply in found.reads:
        expect(reply).holds(
            lambda reply=reply: not holds_name(reply, found.user),  # type: ignore[misc]  # a lambda with a default has no type of its own
            "nothing of the user",
            lambda reply=reply: f"status {reply.status} with the user",  # type: ignore[misc]  # as above
        )


@requirement("SEC-TENANT-2", proof=("any-token-patches", "ids-of-every-tenant"))
def test_a_tenant_changes_no_user_of_another(experiment: Experiment) -> None:
    """The credential of another tenant does not change or delete a user of this one."""
    found: Trespass = experiment(trespass)
    expect(found.after).status(200).keeps(found.user.stored, paths=KEPT)


@requirement(
    "SEC-TENANT-3",
    proof=("any-token-filters", "searches-over-all-tenants"),
    needs=("tenants", "filter"),
)
def test_a_tenant_finds_no_user_of_another(experiment: Experiment) -> None:
    """The credential of another tenant does not find a user of this one by a filter."""
    found: Trespass = experiment(trespass)
    for reply in found.searches:
        expect(reply).holds(
            lambda reply=reply: not holds_name(reply, found.user),  # type: ignore[misc]  # as above
            "nobody",
            lambda reply=reply: f"status {reply.status} with the user",  # type: ignore[misc]  # as above
        )


@requirement("SEC-TENANT-4", proof=("members-of-every-tenant",), needs=("tenants", "groups"))
def test_a_reference_shows_nothing_of_another_tenant(experiment: Experiment) -> None:
    """A group with a member of another tenant shows no name of that user."""
    found: Referred = experiment(refer)
    shown = values_at(found.group.object(), "members.display")
    names = [str(value_at(dict(found.known), name)) for name in ("displayName", "userName")]
    expect(found.group).holds(
        lambda: not any(str(each) in names for each in shown),
        "a reference without a name",
        lambda: f"members with the display {shown}",
    )


@requirement("SEC-TENANT-4", proof=("groups-of-every-tenant",), needs=("tenants", "groups"))
def test_a_reference_changes_nothing_in_another_tenant(experiment: Experiment) -> None:
    """A group with a member of another tenant is not shown by that user."""
    found: Referred = experiment(refer)
    mine = value_at(found.group.object(), "id")
    expect(found.user).holds(
        lambda: mine is None or mine not in values_at(found.user.object(), "groups.value"),
        "a user without that group",
        lambda: "the group among the groups of the user",
    )
