"""authentik's Full sync: everything is read, linked, and what differs is written."""

from __future__ import annotations

import pytest

from suites.bench import Bench
from suites.client import ScimClient
from suites.expect import expect
from suites.idp.accounts import create_user
from suites.idp.reading import read_until
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Mismatch

from .conftest import CREATES
from .conftest import Synced
from .conftest import discovered
from .conftest import formed

# Pages shift while others write.
pytestmark = pytest.mark.scim_undisturbed

LISTED = (
    *("list-loses-newest", "list-hides-emails", "list-without-id", "list-without-resources"),
    "page-capped-at-two+start-index-ignored",
)


@requirement("AUTHENTIK-SYNC-1", proof=(*LISTED, "create-drops-emails"), dialects=())
def test_every_user_is_met(whole: Replay, bench: Bench, look: ScimClient, people: Registry) -> None:
    """Reading GET /Users to its end meets the users who are there, and links who is known."""
    staff = people.people(3)
    ids = [create_user(look, each, by=CREATES) for each in staff]
    for each in staff:
        whole.idp.person(each)
    read_until(
        lambda: whole.judged(discovered(whole.mock.discover_users(), bench)),
        lambda: [whole.idp.user_id(each) for each in staff] == ids,
    )
    _linked(whole, [whole.idp.user_id(each) for each in staff], ids)


@pytest.mark.usefixtures("groups_offered")
@requirement(
    "AUTHENTIK-SYNC-2",
    proof=(
        *("groups-list-404", "list-hides-group-names", "list-loses-newest"),
        "page-capped-at-two+start-index-ignored",
    ),
    dialects=(),
)
def test_every_group_is_met(whole: Replay, look: ScimClient, people: Registry) -> None:
    """Reading GET /Groups to its end meets the groups that are there, and links those known."""
    teams = [people.group() for _ in range(3)]
    ids = [formed(look, each.name) for each in teams]
    for each in teams:
        whole.idp.set_members(each)
    read_until(
        whole.act.discover_groups, lambda: [whole.idp.group_id(each) for each in teams] == ids
    )
    _linked(whole, [whole.idp.group_id(each) for each in teams], ids)


@pytest.mark.usefixtures("groups_offered")
@requirement(
    "AUTHENTIK-SYNC-3",
    proof={
        "default": ("put-refused-501", "patch-without-schemas-refused", "list-hides-emails"),
        "aws": ("put-refused-501", "group-put-501+group-patch-501", "list-hides-emails"),
        "slack": ("put-refused-501", "patch-without-schemas-refused", "list-hides-emails"),
        "salesforce": ("put-refused-501", "group-put-501+group-patch-501", "list-hides-emails"),
    },
)
def test_a_full_sync_reaches_its_end(authentik: Replay, synced: Synced, bench: Bench) -> None:
    """Lists, the PUT of a user and the writing of a group follow one another to the end."""
    authentik.judged(discovered(synced.outcome, bench))


@pytest.mark.usefixtures("groups_offered")
@requirement("AUTHENTIK-SYNC-4", proof=("put-ignored", "put-name-ignored"))
def test_a_full_sync_writes_who_differs(
    authentik: Replay, synced: Synced, bench: Bench, look: ScimClient
) -> None:
    """A person whose name differs has the new name after a full sync, and stays one user."""
    discovered(authentik.watched(synced.outcome), bench)
    if synced.linked[0] != synced.user_id:
        authentik.worked(synced.outcome, "full_sync")
    person = synced.person
    user = expect(look.user(synced.user_id)).status(200)
    user.has("name.familyName", person.family_name).has("userName", person.user_name)


@pytest.mark.usefixtures("groups_offered")
@requirement(
    "AUTHENTIK-SYNC-5",
    proof={
        "default": ("member-remove-ignored", "member-add-ignored"),
        "aws": ("group-put-ignores-members+member-add-ignored",),
        "slack": ("member-remove-ignored", "member-add-ignored"),
        "salesforce": ("group-put-ignores-members+member-add-ignored",),
    },
)
def test_a_full_sync_mends_the_members(
    authentik: Replay, synced: Synced, bench: Bench, look: ScimClient
) -> None:
    """A group whose members differ has exactly its members after a full sync."""
    discovered(authentik.watched(synced.outcome), bench)
    if not synced.outcome.ok:
        authentik.worked(synced.outcome, "full_sync")
    expect(look.group(synced.group_id)).status(200).members(synced.member_ids)


@requirement("AUTHENTIK-SYNC-6", proof=("put-drops-external-id", "email-types-lost"), dialects=())
def test_who_is_unchanged_is_not_written_again(whole: Replay, people: Registry) -> None:
    """What PUT answered with holds all that was sent, so the next sync sends nothing."""
    person = people.person()
    whole.given.assign(person)
    whole.given.update(person, display_name="Ann Changed")
    outcome = whole.watched(whole.mock.assign(person))
    if outcome.exchanges:
        raise Mismatch(
            expected="a representation that holds what was sent",
            actual="another one, so that the same PUT is sent with each sync",
            entry=whole.last_entry(),
        )


def _linked(whole: Replay, seen: list[str | None], wanted: list[str]) -> None:
    if seen != wanted:
        raise Mismatch(
            expected=f"{len(wanted)} of {len(wanted)} met",
            actual=f"{sum(one in wanted for one in seen)} met",
            entry=whole.last_entry(),
        )
