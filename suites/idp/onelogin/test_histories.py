"""OneLogin over time: what many turns come to, whatever happens in between.

Of the admin's choices these have Delete for access that is removed and Suspend for a user who is
suspended, and a template that says `active`: one without it leaves open what a new user is. A group
is known by its name alone: OneLogin makes it with its first member, a new name makes another one,
and none is ever deleted. Members leave in the form that the RFC defines; which one OneLogin has is
not established, and the cases about groups judge both.
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
    "ONELOGIN-HIST-1",
    proof=(
        "deactivate-ignored",
        "reactivate-restores-first-profile",
        "rename-old-name-still-found",
    ),
)
def test_join_move_leave_return_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: somebody joins, moves, leaves and comes back."""
    people.join_move_leave_return(office)


@requirement(
    "ONELOGIN-HIST-2",
    proof=(
        "rename-changes-id",
        "rename-old-name-still-found",
    ),
)
def test_rename_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: a user name is changed there and back."""
    people.rename(office)


@requirement(
    "ONELOGIN-HIST-3",
    proof=(
        "delete-deactivates",
        "deleted-still-found",
    ),
)
def test_return_under_another_name_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: somebody comes back under another name."""
    people.return_under_another_name(office)


@requirement(
    "ONELOGIN-HIST-4",
    proof=(
        "deleted-name-taken",
        "recreated-inactive",
    ),
)
@pytest.mark.usefixtures("memberships_offered")
def test_succeed_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: a successor has the name of somebody who is gone."""
    people.succeed(office)


@requirement(
    "ONELOGIN-HIST-5",
    proof=(
        "former-name-taken",
        "rename-old-name-still-found",
    ),
)
def test_take_over_a_former_name_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: a newcomer takes a userName that a colleague gave up."""
    people.take_over_a_former_name(office)


@requirement(
    "ONELOGIN-HIST-6",
    proof=(
        "new-users-indexed-late",
        "rename-old-name-still-found",
    ),
)
def test_share_an_address_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: two people share an e-mail address."""
    people.share_an_address(office)


@requirement(
    "ONELOGIN-HIST-7",
    proof=(
        "deleted-name-taken",
        "ids-reused",
        "recreated-inactive",
    ),
)
@pytest.mark.usefixtures("memberships_offered")
def test_vanish_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: an account is deleted behind its back."""
    people.vanish(office)


@requirement(
    "ONELOGIN-HIST-8",
    proof=(
        "deactivate-ignored",
        "delete-deactivates",
        "deleted-still-read",
    ),
)
def test_erase_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: somebody is switched off, made nameless and removed."""
    people.erase(office)


@requirement(
    "ONELOGIN-HIST-9",
    proof=(
        "member-add-replaces",
        "member-remove-ignored",
    ),
)
@pytest.mark.usefixtures("memberships_offered")
def test_reorganise_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: a group is renamed while members come and go."""
    groups.reorganise(office)


@requirement(
    "ONELOGIN-HIST-10",
    proof=(
        "deactivate-drops-memberships",
        "reactivate-ignored",
    ),
)
@pytest.mark.usefixtures("memberships_offered")
def test_pause_in_a_group_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: a member is away for some time."""
    groups.pause_in_a_group(office)


@requirement(
    "ONELOGIN-HIST-11",
    proof=(
        "group-vanishes-when-empty",
        "member-remove-ignored",
    ),
)
@pytest.mark.usefixtures("memberships_offered")
def test_begin_again_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: a group ends and begins again."""
    groups.begin_again(office)


@requirement(
    "ONELOGIN-HIST-12",
    proof=(
        "list-hides-group-names",
        "new-users-indexed-late",
    ),
)
@pytest.mark.usefixtures("memberships_offered")
def test_lose_replies_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: replies to writes are lost."""
    trouble.lose_replies(office)


@requirement(
    "ONELOGIN-HIST-13",
    proof=(
        "rename-changes-id",
        "rename-old-name-still-found",
    ),
)
@pytest.mark.usefixtures("memberships_offered")
def test_lose_the_line_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: requests come to nothing in every known way."""
    trouble.lose_the_line(office)


@requirement(
    "ONELOGIN-HIST-14",
    proof=(
        "deactivate-ignored",
        "rename-old-name-still-found",
    ),
)
@pytest.mark.usefixtures("memberships_offered")
def test_be_down_for_a_cycle_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: the server is down for a cycle and comes back."""
    trouble.be_down_for_a_cycle(office)


@requirement(
    "ONELOGIN-HIST-15",
    proof=(
        "duplicates-allowed",
        "new-users-indexed-late",
    ),
)
def test_meet_a_stranger_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: somebody else makes the account first."""
    trouble.meet_a_stranger(office)


@requirement(
    "ONELOGIN-HIST-16",
    proof=(
        "deactivate-ignored",
        "rename-old-name-still-found",
    ),
)
@pytest.mark.usefixtures("memberships_offered")
def test_rotate_the_token_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: the token is rotated."""
    trouble.rotate_the_token(office)


@requirement(
    "ONELOGIN-HIST-17",
    proof=(
        "deactivate-ignored",
        "rename-old-name-still-found",
    ),
)
@pytest.mark.usefixtures("memberships_offered")
def test_share_the_application_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: two directories provision one application."""
    trouble.share_the_application(office)


@requirement(
    "ONELOGIN-HIST-18",
    proof=(
        "member-add-replaces",
        "member-remove-ignored",
    ),
)
@pytest.mark.scim_large
@pytest.mark.usefixtures("memberships_offered")
def test_gather_a_thousand_leaves_nothing_out_of_step(crowded: Office) -> None:
    """OneLogin is in step after this: a thousand people are in one group."""
    groups.gather(crowded)


@requirement(
    "ONELOGIN-HIST-19",
    proof=(
        "deleted-name-taken",
        "recreated-inactive",
    ),
)
def test_vanish_while_away_leaves_nothing_out_of_step(office: Office) -> None:
    """OneLogin is in step after this: the account of somebody who is away is deleted."""
    people.vanish_while_away(office)
