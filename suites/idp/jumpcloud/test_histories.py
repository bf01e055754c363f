"""JumpCloud over time: what many turns come to, whatever happens in between.

Members leave a group in the form that the RFC defines; which one JumpCloud has is not established,
and the cases about members judge all of them.
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
    "JUMPCLOUD-HIST-1",
    proof=(
        "deactivate-ignored",
        "reactivate-restores-first-profile",
        "rename-old-name-still-found",
    ),
)
def test_join_move_leave_return_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: somebody joins, moves, leaves and comes back."""
    people.join_move_leave_return(office)


@requirement(
    "JUMPCLOUD-HIST-2",
    proof=(
        "rename-changes-id",
        "rename-old-name-still-found",
    ),
)
def test_rename_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: a user name is changed there and back."""
    people.rename(office)


@requirement(
    "JUMPCLOUD-HIST-3",
    proof=(
        "deactivate-ignored",
        "reactivate-ignored",
    ),
)
def test_return_under_another_name_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: somebody comes back under another name."""
    people.return_under_another_name(office)


@requirement(
    "JUMPCLOUD-HIST-4",
    proof=(
        "reactivate-ignored",
        "reactivate-restores-first-profile",
        "rename-old-name-still-found",
    ),
)
@pytest.mark.usefixtures("groups_offered")
def test_succeed_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: a successor has the name of somebody who is gone."""
    people.succeed(office)


@requirement(
    "JUMPCLOUD-HIST-5",
    proof=(
        "former-name-taken",
        "rename-old-name-still-found",
    ),
)
def test_take_over_a_former_name_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: a newcomer takes a userName that a colleague gave up."""
    people.take_over_a_former_name(office)


@requirement(
    "JUMPCLOUD-HIST-6",
    proof=(
        "new-users-indexed-late",
        "rename-old-name-still-found",
    ),
)
def test_share_an_address_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: two people share an e-mail address."""
    people.share_an_address(office)


@requirement(
    "JUMPCLOUD-HIST-7",
    proof=(
        "deleted-name-taken",
        "ids-reused",
        "recreated-inactive",
    ),
)
@pytest.mark.usefixtures("groups_offered")
def test_vanish_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: an account is deleted behind its back."""
    people.vanish(office)


@requirement(
    "JUMPCLOUD-HIST-8",
    proof=(
        "deactivate-ignored",
        "deactivate-refused",
    ),
)
def test_erase_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: somebody is switched off, made nameless and removed."""
    people.erase(office)


@requirement(
    "JUMPCLOUD-HIST-9",
    proof=(
        "group-rename-creates-another",
        "group-rename-ignored",
        "group-rename-restores-members",
    ),
)
@pytest.mark.usefixtures("groups_offered")
def test_reorganise_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: a group is renamed while members come and go."""
    groups.reorganise(office)


@requirement(
    "JUMPCLOUD-HIST-10",
    proof=(
        "deactivate-drops-memberships",
        "reactivate-ignored",
    ),
)
@pytest.mark.usefixtures("groups_offered")
def test_pause_in_a_group_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: a member is away for some time."""
    groups.pause_in_a_group(office)


@requirement(
    "JUMPCLOUD-HIST-11",
    proof=(
        "group-delete-ignored",
        "group-deleted-name-taken",
        "group-name-inherits-members",
    ),
)
@pytest.mark.usefixtures("groups_offered")
def test_begin_again_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: a group ends and begins again."""
    groups.begin_again(office)


@requirement(
    "JUMPCLOUD-HIST-12",
    proof=(
        "group-rename-creates-another",
        "new-users-indexed-late",
    ),
)
@pytest.mark.usefixtures("groups_offered")
def test_lose_replies_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: replies to writes are lost."""
    trouble.lose_replies(office)


@requirement(
    "JUMPCLOUD-HIST-13",
    proof=(
        "rename-changes-id",
        "rename-old-name-still-found",
    ),
)
@pytest.mark.usefixtures("groups_offered")
def test_lose_the_line_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: requests come to nothing in every known way."""
    trouble.lose_the_line(office)


@requirement(
    "JUMPCLOUD-HIST-14",
    proof=(
        "deactivate-ignored",
        "rename-old-name-still-found",
    ),
)
@pytest.mark.usefixtures("groups_offered")
def test_be_down_for_a_cycle_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: the server is down for a cycle and comes back."""
    trouble.be_down_for_a_cycle(office)


@requirement(
    "JUMPCLOUD-HIST-15",
    proof=(
        "duplicates-allowed",
        "new-users-indexed-late",
    ),
)
def test_meet_a_stranger_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: somebody else makes the account first."""
    trouble.meet_a_stranger(office)


@requirement(
    "JUMPCLOUD-HIST-16",
    proof=(
        "deactivate-ignored",
        "rename-old-name-still-found",
    ),
)
@pytest.mark.usefixtures("groups_offered")
def test_rotate_the_token_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: the token is rotated."""
    trouble.rotate_the_token(office)


@requirement(
    "JUMPCLOUD-HIST-17",
    proof=(
        "deactivate-ignored",
        "rename-old-name-still-found",
    ),
)
@pytest.mark.usefixtures("groups_offered")
def test_share_the_application_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: two directories provision one application."""
    trouble.share_the_application(office)


@requirement(
    "JUMPCLOUD-HIST-18",
    proof=(
        "large-add-truncated",
        "large-patch-413",
    ),
)
@pytest.mark.scim_large
@pytest.mark.usefixtures("groups_offered")
def test_gather_a_thousand_leaves_nothing_out_of_step(crowded: Office) -> None:
    """JumpCloud is in step after this: a thousand people are in one group."""
    groups.gather(crowded)


@requirement(
    "JUMPCLOUD-HIST-19",
    proof=(
        "deleted-name-taken",
        "recreated-inactive",
    ),
)
def test_vanish_while_away_leaves_nothing_out_of_step(office: Office) -> None:
    """JumpCloud is in step after this: the account of somebody who is away is deleted."""
    people.vanish_while_away(office)
