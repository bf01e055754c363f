"""Okta Identity Governance: discovery of roles and entitlements, grants; and schema import."""

from __future__ import annotations

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.expect import value_at
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import Account


@requirement(
    "OKTA-ENT-1",
    proof=(
        *("resource-types-404", "schemas-404", "entitlement-list-404", "entitlement-list-empty"),
        *("entitlement-without-display-name", "resource-types-without-schema"),
    ),
)
@pytest.mark.usefixtures("entitlements_offered")
def test_discovery_reads_roles_and_entitlements(okta: Replay) -> None:
    """Discovery finds roles or entitlements, each with id and displayName."""
    okta.act.discover_entitlements()
    found = okta.idp.discovered
    if found.errors or not (found.roles or found.entitlements):
        raise Mismatch(
            expected="roles or entitlements, each with id and displayName",
            actual="; ".join(found.errors) or "none found",
            entry=okta.last_entry(),
        )


def _granted(okta: Replay, assigned: Account, look: ScimClient, attribute: str) -> None:
    """Grant the first value that discovery found, and look for it on the user."""
    okta.given.discover_entitlements()
    values = getattr(okta.idp.discovered, attribute)
    if not values:
        raise NotOffered(f"discovery found no {attribute}")
    first = dict(values[0])
    value = value_at(first, "id")
    granted = {"value": value, "display": value_at(first, "displayName")}
    if attribute == "entitlements":
        granted["type"] = value_at(first, "type") or "Entitlement"
    okta.act.grant(assigned.person, **{attribute: [granted]})
    expect(look.user(assigned.id)).status(200).has(f"{attribute}[0].value", value)


@requirement("OKTA-ENT-2", proof=("roles-dropped", "roles-refused"))
@pytest.mark.usefixtures("entitlements_offered")
def test_a_granted_role_arrives(okta: Replay, assigned: Account, look: ScimClient) -> None:
    """A role granted in Okta is on the user afterwards."""
    _granted(okta, assigned, look, "roles")


@requirement("OKTA-ENT-3", proof=("entitlements-dropped",))
@pytest.mark.usefixtures("entitlements_offered")
def test_a_granted_entitlement_arrives(okta: Replay, assigned: Account, look: ScimClient) -> None:
    """An entitlement granted in Okta is on the user afterwards."""
    _granted(okta, assigned, look, "entitlements")


@requirement("OKTA-SCHEMA-1", proof=("resource-types-404", "schemas-404"))
@pytest.mark.usefixtures("discovery_offered")
def test_the_user_schema_is_imported(okta: Replay) -> None:
    """ResourceTypes and Schemas are read for the attribute list."""
    okta.act.import_user_schema()
