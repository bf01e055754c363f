"""The directory of a living mock IdP: people, groups, scope, and a log of what changed."""

from __future__ import annotations

import json

import pytest

from idp_profiles.living.clock import BEGIN
from idp_profiles.living.clock import DAY
from idp_profiles.living.clock import Clock
from idp_profiles.living.directory import Directory
from idp_profiles.living.directory import State
from idp_profiles.living.directory import What
from idp_profiles.model import Group
from idp_profiles.model import Person


def person(key: str) -> Person:
    return Person(
        user_name=f"{key}@example.com",
        given_name=key.title(),
        family_name="Example",
        email=f"{key}@example.com",
        display_name=f"{key.title()} Example",
        idp_id=key,
        password="geheim-1",  # noqa: S106 - nobody's
        attributes={"department": "Testing"},
    )


ADA, BEN = person("ada"), person("ben")
CREW = Group("Crew", (ADA,), "crew")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def directory(clock: Clock) -> Directory:
    made = Directory(clock)
    made.hire(ADA)
    made.hire(BEN)
    made.form(CREW)
    return made


def whats(directory: Directory, since: int = 0) -> list[What]:
    return [change.what for change in directory.changes_since(since)]


def test_every_change_is_numbered_and_dated(directory: Directory, clock: Clock) -> None:
    clock.sleep(DAY)
    before = directory.watermark
    directory.change("ada", family_name="Other")
    (change,) = directory.changes_since(before)
    assert (change.number, change.at, change.key) == (before + 1, BEGIN + DAY, "ada")
    assert directory.changes_since(directory.watermark) == ()


def test_a_person_changes_and_an_empty_attribute_goes_away(directory: Directory) -> None:
    after = directory.change("ada", family_name="Other", department="", title="Boss")
    assert directory.person("ada") == after
    assert (after.family_name, dict(after.attributes)) == ("Other", {"title": "Boss"})


def test_a_person_is_blocked_deleted_restored_and_gone(directory: Directory, clock: Clock) -> None:
    moves = [
        (directory.block, State.BLOCKED, What.BLOCKED),
        (directory.unblock, State.ENABLED, What.UNBLOCKED),
        (directory.delete, State.DELETED, What.DELETED),
        (directory.restore, State.ENABLED, What.RESTORED),
        (directory.purge, State.GONE, What.PURGED),
    ]
    for move, state, what in moves:
        clock.sleep(1)
        before = directory.watermark
        move("ada")
        assert (directory.state("ada"), directory.state_since("ada")) == (state, clock.now)
        assert whats(directory, before) == [what]


def test_who_is_gone_is_in_no_group_and_not_assigned(directory: Directory) -> None:
    directory.assign("ada")
    directory.purge("ada")
    assert directory.people == (BEN,)
    assert directory.group("crew").members == ()
    assert not directory.is_in_scope("ada")
    assert directory.person("ada") == ADA  # engines still have to name the account


def test_people_join_and_leave_a_group_once(directory: Directory) -> None:
    directory.join("crew", "ben", "ada")
    assert directory.group("crew").members == (ADA, BEN)
    assert directory.changes_since(0)[-1].people == ("ben",)
    directory.leave("crew", "ada", "nobody")
    assert directory.group("crew").members == (BEN,)
    assert directory.changes_since(0)[-1].people == ("ada",)


def test_a_group_is_renamed_and_dissolved(directory: Directory) -> None:
    directory.rename("crew", "Squad")
    assert directory.groups == (Group("Squad", (ADA,), "crew"),)
    directory.dissolve("crew")
    assert not directory.groups
    assert not directory.has_group("crew")
    assert directory.people == (ADA, BEN)


def test_scope_is_who_is_assigned_or_directly_in_an_assigned_group(directory: Directory) -> None:
    directory.form(Group("Outer", (), "outer"))
    directory.nest("outer", "crew")
    directory.assign("outer")
    assert not directory.is_in_scope("ada")  # groups within groups are not expanded
    directory.assign("crew")
    assert directory.is_in_scope("ada")
    assert not directory.is_assigned("ada")
    directory.unassign("crew")
    directory.assign("ada")
    assert directory.is_in_scope("ada")
    assert not directory.is_in_scope("ben")
    assert whats(directory)[-2:] == [What.UNASSIGNED, What.ASSIGNED]


@pytest.mark.parametrize("doing", ["change", "block", "rename", "join", "assign", "group"])
def test_what_is_not_there_is_named(directory: Directory, doing: str) -> None:
    arguments = ["nobody", "x"] if doing in ("rename", "join") else ["nobody"]
    with pytest.raises(ValueError, match="'nobody'"):
        getattr(directory, doing)(*arguments)


def test_a_key_is_taken_once(directory: Directory) -> None:
    with pytest.raises(ValueError, match="'ada'"):
        directory.hire(ADA)
    with pytest.raises(ValueError, match="'crew'"):
        directory.form(CREW)


def test_a_directory_is_kept_and_taken_up_again_without_passwords(
    directory: Directory, clock: Clock
) -> None:
    directory.assign("crew")
    directory.delete("ben")
    text = json.dumps(directory.to_json())
    assert "geheim" not in text
    again = Directory.from_json(json.loads(text), clock)
    assert again.to_json() == directory.to_json()
    assert again.is_in_scope("ada")
    assert again.state("ben") is State.DELETED
    assert again.changes_since(0) == directory.changes_since(0)


@pytest.mark.parametrize("wrong", [{}, [], {"people": [{}]}, None])
def test_what_is_no_directory_is_refused(wrong: object, clock: Clock) -> None:
    with pytest.raises(ValueError, match="no directory"):
        Directory.from_json(wrong, clock)


def test_time_does_not_go_back(clock: Clock) -> None:
    with pytest.raises(ValueError, match="back"):
        clock.sleep(-1)
