"""What a client may not give a user: an id, times, groups, and what no schema has."""

from __future__ import annotations

import pytest

from suites.expect import expect
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.security.conftest import UNKNOWN
from suites.security.methods import Claim
from suites.security.methods import claim
from suites.verbs import Made

META = ("created", "resourceType")


@pytest.fixture
def claims(experiment: Experiment, features: Capabilities) -> Claim:
    """Users who claim what is not theirs."""
    return experiment(lambda lab: claim(lab, features), key="claims")


@requirement("SEC-ASSIGN-1", proof=("create-overwrites-id",))
def test_a_create_does_not_touch_another_user(claims: Claim) -> None:
    """A new user with the id of another leaves that one as it was."""
    expect(claims.victim_after).status(200).keeps(
        claims.victim.stored, paths=("id", "userName", "displayName")
    )


@requirement("SEC-ASSIGN-2", proof=("meta-written-by-put", "id-written-by-put"))
def test_a_put_sets_neither_id_nor_meta(claims: Claim) -> None:
    """A PUT with another id and other meta leaves both as they were."""
    _as_before(claims, "after put")


@requirement("SEC-ASSIGN-2", proof=("meta-written-by-patch",), needs=("patch",))
def test_a_patch_sets_neither_id_nor_meta(claims: Claim) -> None:
    """A PATCH with another id and other meta leaves both as they were."""
    _as_before(claims, "after")


def _as_before(claims: Claim, name: str) -> None:
    __tracebackhide__ = True
    after = expect(claims.replies[name]).status(200).exactly("id", claims.ids[0])
    for part in META:
        old = claims.own.value(f"meta.{part}")
        if old is not None:
            after.exactly(f"meta.{part}", old)


@requirement("SEC-ASSIGN-3", proof=("groups-written-by-users",))
def test_a_user_does_not_join_a_group_by_itself(claims: Claim) -> None:
    """A user who is sent with `groups` does not become a member of the group."""
    assert claims.group_after is not None
    for one in claims.ids:
        expect(claims.group_after).status(200).holds_no_value("members", value=one)


@requirement("SEC-ASSIGN-4", proof=("unknown-attributes-kept",))
def test_an_unknown_attribute_is_not_kept(scripted: Made) -> None:
    """A user who is sent with isAdmin and the like shows none of them."""
    shown = [name for name in UNKNOWN if scripted.has(name)]
    expect(scripted.reply).holds(lambda: not shown, "none of them", lambda: f"{shown}")
