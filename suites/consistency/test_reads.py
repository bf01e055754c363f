"""What was written is read within the settle time, and what is repeated is done once."""

from __future__ import annotations

from reports import Verdict
from suites.consistency.lives import Life
from suites.consistency.lives import Look
from suites.consistency.races import Joined
from suites.consistency.races import done
from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import items
from suites.values import value_at
from suites.values import values_at
from suites.verbs import deletable
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered


def _shows(life: Life, reading: Reading, *names: str) -> None:
    __tracebackhide__ = True
    looks: list[tuple[str, Look]] = [(n, life.looks[n]) for n in names if n in life.looks]
    for name, look in looks:
        reading(f"{name}: {look.lag}")
    for name, look in looks:
        expect(look.reply).holds(
            lambda look=look: look.shows,  # type: ignore[misc]  # a lambda with a default has no type of its own
            f"a user who is {name}",
            lambda look=look: f"status {look.reply.status}, {look.lag}",  # type: ignore[misc]  # as above
        )
    late = max((look for _, look in looks), key=lambda look: look.times, default=None)
    if late is not None and late.times > 1:
        # The user said that reads lag, and identity providers read without waiting all the same.
        raise Mismatch(
            expected="that shows at once",
            actual=f"that it shows {late.lag}, within the settle time",
            entry=late.reply.entry,
            at_most=Verdict.WARN,
        )


@requirement("CON-READ-1", proof=("reads-lag",))
def test_a_new_user_can_be_read(life: Life, reading: Reading) -> None:
    """A user can be read by id once the create is answered."""
    _shows(life, reading, "created, read")


@requirement("CON-READ-2", proof=("searches-lag",))
def test_a_new_user_can_be_found(life: Life, reading: Reading) -> None:
    """A user can be found by userName once the create is answered."""
    _shows(life, reading, "created, found")


@requirement(
    "CON-READ-3", proof=("put-ignored", "searches-show-old-values", "reads-show-old-values")
)
def test_a_change_shows(life: Life, reading: Reading) -> None:
    """A change shows by id and in a search once the PUT is answered."""
    if not 200 <= life.replies["put"].status < 300:
        entry = life.replies["put"].entry
        raise Blocked(
            f"PUT answered {life.replies['put'].status}", by="RFC7644-3.5.1-1", entry=entry
        )
    _shows(life, reading, "changed, read", "changed, found")


@requirement("CON-READ-4", proof=("delete-ignored", "deleted-still-found", "deleted-still-read"))
def test_a_deleted_user_is_gone(life: Life, reading: Reading) -> None:
    """A user is gone, by id and in a search, once the DELETE is answered."""
    if not 200 <= deletable(life.replies["delete"]).status < 300:
        entry = life.replies["delete"].entry
        raise Blocked("the DELETE was refused", by="RFC7644-3.6-1", entry=entry)
    _shows(life, reading, "deleted, read", "deleted, found")


@requirement("CON-RETRY-1", proof=("duplicates-allowed",), needs=("filter",))
def test_a_repeated_create_makes_no_second_user(life: Life) -> None:
    """After a create that was repeated a search finds one user."""
    reply = life.replies["after create"]
    found = items(value_at(reply.object(), "Resources"))
    expect(reply).status(200).holds(
        lambda: len(found) == 1, "one user", lambda: f"{len(found)} users"
    )


@requirement("CON-RETRY-2", proof=("duplicate-as-500", "duplicate-as-200", "duplicate-as-400"))
def test_a_repeated_create_is_a_conflict(life: Life) -> None:
    """A create that is repeated is answered 409 with `uniqueness`."""
    expect(life.replies["create again"]).status(409).scim_type("uniqueness")


@requirement("CON-RETRY-3", proof=("put-appends-emails",))
def test_a_repeated_replacement_changes_nothing(life: Life) -> None:
    """A PUT that is repeated leaves the user as the first one made it."""
    if not all(200 <= life.replies[n].status < 300 for n in ("put", "put again")):
        entry = life.replies["put again"].entry
        raise Blocked("a PUT was refused", by="RFC7644-3.5.1-1", entry=entry)
    first, after = life.looks["changed, read"].reply, life.replies["after put"]
    expect(after).status(200).unchanged(first.object(), but=("meta",))


@requirement("CON-RETRY-4", proof=("members-duplicated",))
def test_a_member_who_is_added_again_is_there_once(joined: Joined) -> None:
    """A member who is added to a group again is listed once."""
    member, reply = joined.adds[0]
    shown = values_at(joined.at_last.object(), "members.value")
    if not done(reply):
        raise NotOffered("the first add met the others, and was refused")
    expect(joined.at_last).status(200).holds(
        lambda: shown.count(member.id) <= 1,
        "the member once",
        lambda: f"{shown.count(member.id)} times",
    )


@requirement("CON-RETRY-5", proof=("delete-twice-204",))
def test_a_repeated_delete_finds_nobody(life: Life) -> None:
    """A DELETE that is repeated is answered 404."""
    if life.replies["delete"].status >= 400:
        raise NotOffered("the server deletes no users")
    expect(life.replies["delete again"]).status(404, 410)
