"""Keycloak's full sync: everything is sent once more, and what has no link is created."""

from __future__ import annotations

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.replay import Replay
from suites.requirements import requirement

from .conftest import Synced

# Pages shift while others write.
pytestmark = [pytest.mark.usefixtures("groups_offered"), pytest.mark.scim_undisturbed]


@requirement("KEYCLOAK-SYNC-1", proof=("put-refused-501", "group-put-501"))
def test_a_full_sync_reaches_its_end(keycloak: Replay, synced: Synced) -> None:
    """Users who have a link are PUT, who has none is created, and groups follow."""
    keycloak.judged(synced.outcome)


@requirement("KEYCLOAK-SYNC-2", proof=("put-ignored", "put-name-ignored"))
def test_a_full_sync_writes_who_differs(keycloak: Replay, synced: Synced, look: ScimClient) -> None:
    """A person whose name differs has the realm's name after a full sync."""
    keycloak.watched(synced.outcome)
    expect(look.user(synced.user_id)).status(200).has("name.givenName", synced.person.given_name)


@requirement("KEYCLOAK-SYNC-3", proof=("group-put-ignores-members", "group-put-keeps-old-members"))
def test_a_full_sync_writes_the_members(keycloak: Replay, synced: Synced, look: ScimClient) -> None:
    """A group whose members differ has the realm's members after a full sync."""
    keycloak.watched(synced.outcome)
    expect(look.group(synced.group_id)).status(200).members(synced.member_ids)
