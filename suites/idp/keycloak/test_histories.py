"""Keycloak over time: what events and full syncs come to, whatever happens in between.

Three things it never gets over, whatever the server does, so that no history has them: an account
that was deleted in the application (a PUT that is refused is logged and repeated for ever), one
that somebody else has made (409, and nothing is looked up), and a lost reply to a POST.
"""

from __future__ import annotations

import pytest

from suites.idp.histories import groups
from suites.idp.histories import people
from suites.idp.histories import trouble
from suites.idp.histories.fixtures import crowded as crowded
from suites.idp.histories.fixtures import office as office
from suites.idp.histories.office import Office
from suites.requirements import requirement


@requirement(
    "KEYCLOAK-HIST-1",
    proof=(
        "deactivate-ignored",
        "reactivate-restores-first-profile",
        "rename-old-name-still-found",
    ),
)
def test_join_move_leave_return_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: somebody joins, moves, leaves and comes back."""
    people.join_move_leave_return(office)


@requirement("KEYCLOAK-HIST-2", proof=("rename-changes-id", "rename-old-name-still-found"))
def test_rename_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: a user name is changed there and back."""
    people.rename(office)


@requirement("KEYCLOAK-HIST-3", proof=("deactivate-ignored", "reactivate-new-id"))
def test_return_under_another_name_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: somebody comes back under another name."""
    people.return_under_another_name(office)


@requirement("KEYCLOAK-HIST-4", proof=("deleted-name-taken", "recreated-inactive"))
@pytest.mark.usefixtures("groups_offered")
def test_succeed_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: a successor has the name of somebody who is gone."""
    people.succeed(office)


@requirement("KEYCLOAK-HIST-5", proof=("former-name-taken", "rename-old-name-still-found"))
def test_take_over_a_former_name_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: a newcomer takes a userName that a colleague gave up."""
    people.take_over_a_former_name(office)


@requirement("KEYCLOAK-HIST-6", proof=("new-users-indexed-late", "rename-old-name-still-found"))
def test_share_an_address_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: two people share an e-mail address."""
    people.share_an_address(office)


@requirement(
    "KEYCLOAK-HIST-7", proof=("deactivate-ignored", "delete-deactivates", "deleted-still-read")
)
def test_erase_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: somebody is switched off, made nameless and removed."""
    people.erase(office)


@requirement(
    "KEYCLOAK-HIST-8",
    proof=("group-put-keeps-old-members", "group-rename-creates-another", "group-rename-ignored"),
)
@pytest.mark.usefixtures("groups_offered")
def test_reorganise_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: a group is renamed while members come and go."""
    groups.reorganise(office)


@requirement(
    "KEYCLOAK-HIST-9",
    proof=("deactivate-drops-memberships", "group-rename-drops-members", "reactivate-ignored"),
)
@pytest.mark.usefixtures("groups_offered")
def test_pause_in_a_group_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: a member is away for some time."""
    groups.pause_in_a_group(office)


@requirement(
    "KEYCLOAK-HIST-10",
    proof=("group-delete-ignored", "group-deleted-name-taken", "group-name-inherits-members"),
)
@pytest.mark.usefixtures("groups_offered")
def test_begin_again_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: a group ends and begins again."""
    groups.begin_again(office)


@requirement("KEYCLOAK-HIST-11", proof=("group-rename-creates-another", "rename-changes-id"))
@pytest.mark.usefixtures("groups_offered")
def test_lose_replies_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: replies to writes are lost."""
    trouble.lose_replies(office)


@requirement("KEYCLOAK-HIST-12", proof=("rename-changes-id", "rename-old-name-still-found"))
@pytest.mark.usefixtures("groups_offered")
def test_lose_the_line_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: requests come to nothing in every known way."""
    trouble.lose_the_line(office)


@requirement("KEYCLOAK-HIST-13", proof=("deactivate-ignored", "rename-old-name-still-found"))
@pytest.mark.usefixtures("groups_offered")
def test_be_down_for_a_cycle_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: the server is down for a cycle and comes back."""
    trouble.be_down_for_a_cycle(office)


@requirement("KEYCLOAK-HIST-14", proof=("deactivate-ignored", "rename-old-name-still-found"))
@pytest.mark.usefixtures("groups_offered")
def test_rotate_the_token_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: the token is rotated."""
    trouble.rotate_the_token(office)


@requirement("KEYCLOAK-HIST-15", proof=("deactivate-ignored", "rename-old-name-still-found"))
@pytest.mark.usefixtures("groups_offered")
def test_share_the_application_leaves_nothing_out_of_step(office: Office) -> None:
    """Keycloak is in step after this: two directories provision one application."""
    trouble.share_the_application(office)


@requirement("KEYCLOAK-HIST-16", proof=("group-put-keeps-old-members", "large-add-truncated"))
@pytest.mark.scim_large
@pytest.mark.usefixtures("groups_offered")
def test_gather_a_thousand_leaves_nothing_out_of_step(crowded: Office) -> None:
    """Keycloak is in step after this: a thousand people are in one group."""
    groups.gather(crowded)
