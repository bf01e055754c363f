"""Google Workspace over time: what many syncs come to, whatever happens in between.

It has no groups, so the histories of groups are none of its own; two people cannot share an e-mail
address, which is the user name; and what brings it to make an account again that was deleted while
the person was active is not established.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.idp.histories import people
from suites.idp.histories import trouble
from suites.idp.histories.fixtures import office as office
from suites.idp.histories.habits import DELETED
from suites.idp.histories.office import Office
from suites.requirements import requirement


@pytest.fixture
def deleting(office: Office) -> Office:
    """An office whose app deletes the account of whoever is deleted in Google."""
    made = Office(office.setup, office.site, hard_delete=True)
    made.habits = replace(made.habits, purged=DELETED)
    return made


@requirement(
    "GOOGLE-HIST-1",
    proof=(
        "deactivate-ignored",
        "reactivate-restores-first-profile",
        "rename-old-name-still-found",
    ),
)
def test_join_move_leave_return_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: somebody joins, moves, leaves and comes back."""
    people.join_move_leave_return(office)


@requirement("GOOGLE-HIST-2", proof=("rename-changes-id", "rename-old-name-still-found"))
def test_rename_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: a user name is changed there and back."""
    people.rename(office)


@requirement("GOOGLE-HIST-3", proof=("deactivate-ignored", "deactivate-refused"))
def test_return_under_another_name_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: somebody comes back under another name."""
    people.return_under_another_name(office)


@requirement("GOOGLE-HIST-4", proof=("reactivate-ignored", "reactivate-restores-first-profile"))
def test_succeed_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: a successor has the name of somebody who is gone."""
    people.succeed(office)


@requirement("GOOGLE-HIST-5", proof=("former-name-taken", "rename-old-name-still-found"))
def test_take_over_a_former_name_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: a newcomer takes a userName that a colleague gave up."""
    people.take_over_a_former_name(office)


@requirement(
    "GOOGLE-HIST-6", proof=("deleted-name-taken", "deleted-still-found", "recreated-inactive")
)
def test_vanish_while_away_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: an account is deleted while its owner is away."""
    people.vanish_while_away(office)


@requirement("GOOGLE-HIST-7", proof=("deactivate-ignored", "deactivate-refused"))
def test_erase_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: somebody is switched off, made nameless and removed."""
    people.erase(office)


@requirement("GOOGLE-HIST-8", proof=("delete-deactivates", "delete-ignored", "deleted-still-read"))
def test_erase_by_deletion_leaves_nothing_out_of_step(deleting: Office) -> None:
    """Google is in step after this: somebody is suspended, made nameless and deleted for good."""
    people.erase(deleting)


@requirement("GOOGLE-HIST-9", proof=("new-users-indexed-late", "rename-changes-id"))
def test_lose_replies_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: replies to writes are lost."""
    trouble.lose_replies(office)


@requirement("GOOGLE-HIST-10", proof=("rename-changes-id", "rename-old-name-still-found"))
def test_lose_the_line_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: requests come to nothing in every known way."""
    trouble.lose_the_line(office)


@requirement("GOOGLE-HIST-11", proof=("deactivate-ignored", "rename-old-name-still-found"))
def test_be_down_for_a_cycle_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: the server is down for a cycle and comes back."""
    trouble.be_down_for_a_cycle(office)


@requirement("GOOGLE-HIST-12", proof=("duplicates-allowed", "new-users-indexed-late"))
def test_meet_a_stranger_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: somebody else makes the account first."""
    trouble.meet_a_stranger(office)


@requirement("GOOGLE-HIST-13", proof=("deactivate-ignored", "rename-old-name-still-found"))
def test_rotate_the_token_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: the token is rotated."""
    trouble.rotate_the_token(office)


@requirement("GOOGLE-HIST-14", proof=("deactivate-ignored", "rename-old-name-still-found"))
def test_share_the_application_leaves_nothing_out_of_step(office: Office) -> None:
    """Google is in step after this: two directories provision one application."""
    trouble.share_the_application(office)
