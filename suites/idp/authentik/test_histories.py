"""authentik over time: what events and full syncs come to, whatever happens in between.

A deletion that failed is never repeated, whatever the server does: no fault hits one.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.conftest import Bench
from suites.idp.histories import groups
from suites.idp.histories import people
from suites.idp.histories import trouble
from suites.idp.histories.office import Office
from suites.replay import Replay
from suites.requirements import requirement

from .conftest import past_the_users
from .sheltering import ShelteringSend
from .sheltering import sheltered


@pytest.fixture
def office(office: Office, idp: Replay, bench: Bench) -> Office:
    """An office of an authentik that bears whom the run itself has left among the users."""
    past_the_users(sheltered(idp, bench, bench.journal).mock.discover_users(), bench)
    return Office(office.setup, replace(office.site, send=ShelteringSend(bench, bench.journal)))


@requirement("AUTHENTIK-HIST-1", proof=("deactivate-ignored", "rename-old-name-still-found"))
def test_join_move_leave_return_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: somebody joins, moves, leaves and comes back."""
    people.join_move_leave_return(office)


@requirement("AUTHENTIK-HIST-2", proof=("rename-changes-id", "rename-old-name-still-found"))
def test_rename_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: a user name is changed there and back."""
    people.rename(office)


@requirement("AUTHENTIK-HIST-3", proof=("delete-deactivates", "deleted-still-found"))
def test_return_under_another_name_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: somebody comes back under another name."""
    people.return_under_another_name(office)


@requirement("AUTHENTIK-HIST-4", proof=("delete-deactivates", "deleted-name-taken"))
@pytest.mark.usefixtures("groups_offered")
def test_succeed_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: a successor has the name of somebody who is gone."""
    people.succeed(office)


@requirement("AUTHENTIK-HIST-5", proof=("former-name-taken", "rename-old-name-still-found"))
def test_take_over_a_former_name_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: a newcomer takes a userName that a colleague gave up."""
    people.take_over_a_former_name(office)


@requirement("AUTHENTIK-HIST-6", proof=("rename-creates-another", "rename-old-name-still-found"))
def test_share_an_address_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: two people share an e-mail address."""
    people.share_an_address(office)


@requirement("AUTHENTIK-HIST-7", proof=("deleted-name-taken", "ids-reused"))
@pytest.mark.usefixtures("groups_offered")
def test_vanish_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: an account is deleted behind its back."""
    people.vanish(office)


@requirement(
    "AUTHENTIK-HIST-8", proof=("deactivate-ignored", "delete-deactivates", "deleted-still-read")
)
def test_erase_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: somebody is switched off, made nameless and removed."""
    people.erase(office)


@requirement(
    "AUTHENTIK-HIST-9",
    proof={
        "default": (
            "group-rename-creates-another",
            "group-rename-ignored",
            "member-remove-overlooks-value",
        ),
        "aws": ("group-rename-creates-another", "group-rename-ignored"),
        "slack": (
            "group-rename-creates-another",
            "group-rename-ignored",
            "member-remove-overlooks-value",
        ),
        "salesforce": ("group-rename-creates-another", "group-rename-ignored"),
    },
)
@pytest.mark.usefixtures("groups_offered")
def test_reorganise_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: a group is renamed while members come and go."""
    groups.reorganise(office)


@requirement("AUTHENTIK-HIST-10", proof=("deactivate-deletes", "reactivate-ignored"))
@pytest.mark.usefixtures("groups_offered")
def test_pause_in_a_group_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: a member is away for some time."""
    groups.pause_in_a_group(office)


@requirement("AUTHENTIK-HIST-11", proof=("group-delete-ignored", "group-deleted-name-taken"))
@pytest.mark.usefixtures("groups_offered")
def test_begin_again_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: a group ends and begins again."""
    groups.begin_again(office)


@requirement(
    "AUTHENTIK-HIST-12", proof=("group-rename-creates-another", "rename-old-name-still-found")
)
@pytest.mark.usefixtures("groups_offered")
def test_lose_replies_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: replies to writes are lost."""
    trouble.lose_replies(office)


@requirement("AUTHENTIK-HIST-13", proof=("rename-creates-another", "rename-old-name-still-found"))
@pytest.mark.usefixtures("groups_offered")
def test_lose_the_line_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: requests come to nothing in every known way."""
    trouble.lose_the_line(office)


@requirement("AUTHENTIK-HIST-14", proof=("deactivate-ignored", "rename-old-name-still-found"))
@pytest.mark.usefixtures("groups_offered")
def test_be_down_for_a_cycle_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: the server is down for a cycle and comes back."""
    trouble.be_down_for_a_cycle(office)


@requirement("AUTHENTIK-HIST-15", proof=("duplicates-allowed", "new-users-indexed-late"))
def test_meet_a_stranger_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: somebody else makes the account first."""
    trouble.meet_a_stranger(office)


@requirement("AUTHENTIK-HIST-16", proof=("deactivate-ignored", "rename-old-name-still-found"))
@pytest.mark.usefixtures("groups_offered")
def test_rotate_the_token_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: the token is rotated."""
    trouble.rotate_the_token(office)


@requirement("AUTHENTIK-HIST-17", proof=("deactivate-ignored", "rename-old-name-still-found"))
@pytest.mark.usefixtures("groups_offered")
def test_share_the_application_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: two directories provision one application."""
    trouble.share_the_application(office)


@requirement(
    "AUTHENTIK-HIST-18",
    proof={
        "default": ("large-add-truncated", "large-patch-413"),
        "aws": ("large-add-truncated", "member-add-replaces"),
        "slack": ("large-add-truncated", "large-patch-413"),
        "salesforce": ("large-add-truncated", "member-add-replaces"),
    },
)
@pytest.mark.scim_large
@pytest.mark.usefixtures("groups_offered")
def test_gather_a_thousand_leaves_nothing_out_of_step(office: Office) -> None:
    """In step with authentik after this: a thousand people are in one group."""
    groups.gather(office)
