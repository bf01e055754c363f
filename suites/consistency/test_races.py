"""Requests that meet at the same moment."""

from __future__ import annotations

from suites.client import Seen
from suites.consistency.races import Changed
from suites.consistency.races import Joined
from suites.consistency.races import Replaced
from suites.consistency.races import Switched
from suites.consistency.races import Twice
from suites.consistency.races import Vanished
from suites.consistency.races import done
from suites.consistency.races import senders
from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import items
from suites.values import value_at
from suites.verbs import deletable
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

CREATE, PUT, PATCH, DELETE = "RFC7644-3.3-7", "RFC7644-3.5.1-1", "RFC7644-3.5.2-1", "RFC7644-3.6-1"

_BUSY = (409, 412, 423, 429, 503)


def _one_done(replies: list[Seen], by: str) -> None:
    """Raise Blocked where every request was refused, which is for another case to judge.

    A server that does one thing at a time may have been busy with something else.
    """
    if any(map(done, replies)):
        return
    reason = f"all were refused: {', '.join(str(each.status) for each in replies)}"
    if all(each.status in _BUSY for each in replies):
        raise NotOffered(reason)
    raise Blocked(reason, by=by, entry=replies[0].entry)


@requirement("CON-RACE-1", proof=("member-writes-lost",))
def test_members_who_join_together_are_all_there(joined: Joined) -> None:
    """Three members who are added at the same moment are all in the group."""
    _one_done([reply for _, reply in joined.adds], PATCH)
    after = expect(joined.after).status(200)
    for member, reply in joined.adds:
        if done(reply):
            after.holds_value("members", value=member.id)


@requirement("CON-RACE-2", proof=("removals-lost",))
def test_a_member_who_leaves_meanwhile_is_gone(joined: Joined) -> None:
    """A member who is removed while others are added is not in the group any more."""
    _one_done([joined.leave], PATCH)
    expect(joined.after).status(200).holds_no_value("members", value=joined.leaver.id)


@requirement("CON-RACE-3", proof=("user-patches-lost",))
def test_changes_of_different_attributes_are_all_kept(changed: Changed) -> None:
    """Different attributes of a user that are changed at the same moment are all changed."""
    _one_done(list(changed.replies.values()), PATCH)
    after = expect(changed.after).status(200)
    for name, reply in changed.replies.items():
        if done(reply):
            after.has(name, changed.values[name])


@requirement("CON-RACE-4", proof=("if-match-checked-early", "if-match-ignored"))
def test_one_of_two_conditional_changes_wins(guarded: Replaced) -> None:
    """Of two changes with the same If-Match at the same moment one wins, and the other is told."""
    _one_done(list(guarded.replies), PUT)
    won = [n for n, reply in enumerate(guarded.replies) if done(reply)]
    loser = guarded.replies[1 - won[0]]
    refusal = expect(loser).holds(
        lambda: not done(loser), "one success", lambda: "both were answered with success"
    )
    refusal.warn_at_most().status(409, 412, 428, 429, 503)


@requirement("CON-RACE-4", proof=("if-match-answered-too-late",))
def test_the_conditional_change_that_won_is_kept(guarded: Replaced) -> None:
    """The user shows the change that won, and nothing of the one that was refused."""
    _one_done(list(guarded.replies), PUT)
    won = {number for number, reply in enumerate(guarded.replies) if done(reply)}
    expect(guarded.after).status(200).holds(
        lambda: senders(guarded) <= won,
        "nothing that was refused",
        lambda: str(value_at(guarded.after.object(), "displayName")),
    )


@requirement("CON-RACE-5", proof=("replacements-mixed",))
def test_two_replacements_are_not_mixed(replaced: Replaced, reading: Reading) -> None:
    """Of two replacements at the same moment one is stored whole."""
    _one_done(list(replaced.replies), PUT)
    if all(map(done, replaced.replies)):
        reading("of two updates without a condition the last one wins, and the other is lost")
    expect(replaced.after).status(200).holds(
        lambda: len(senders(replaced)) <= 1,
        "the user as one of the two has it",
        lambda: f"{[value_at(replaced.after.object(), n) for n in ('displayName', 'title')]}",
    )


@requirement("CON-RACE-6", proof=("creates-unchecked-together", "duplicates-allowed"))
def test_two_creates_at_once_make_one_user(twice: Twice) -> None:
    """Of two creates of one userName at the same moment one is refused."""
    _one_done(list(twice.replies), CREATE)
    one, other = twice.replies
    ids = {value_at(each.object(), "id") for each in twice.replies if done(each)}
    expect(other if done(one) else one).holds(
        lambda: len(ids) == 1, "one user", lambda: f"{len(ids)} users: {one.status}, {other.status}"
    )


@requirement("CON-RACE-6", proof=("creates-unchecked-together",), needs=("filter",))
def test_a_user_created_twice_is_found_once(twice: Twice) -> None:
    """A search for the userName that two created at the same moment finds one user."""
    _one_done(list(twice.replies), CREATE)
    if twice.found is None:
        raise NotOffered("the server has no filters")
    found = items(value_at(twice.found.object(), "Resources"))
    expect(twice.found).status(200).holds(
        lambda: len(found) == 1, "one user", lambda: f"{len(found)} users"
    )


@requirement("CON-RACE-7", proof=("active-index-lags",))
def test_activations_end_in_one_state(switched: Switched) -> None:
    """A user who is activated and deactivated at once is shown alike by id and in a search."""
    _one_done(list(switched.replies), PATCH)
    state = value_at(switched.after.object(), "active")
    if switched.found is not None and state is not None:
        expect(switched.found).status(200).has("Resources[0].active", state)


@requirement("CON-RACE-7", proof=("activation-refused-and-done",))
def test_the_only_activation_that_succeeds_counts(switched: Switched) -> None:
    """A user shows the state of an activation that succeeded."""
    _one_done(list(switched.replies), PATCH)
    wanted = [
        value for value, reply in zip((True, False), switched.replies, strict=True) if done(reply)
    ]
    expect(switched.after).status(200).holds(
        lambda: value_at(switched.after.object(), "active") in wanted,
        f"active {' or '.join(map(str, wanted))}",
        lambda: f"active {value_at(switched.after.object(), 'active')}",
    )


@requirement("CON-RACE-8", proof=("deleted-users-come-back",))
def test_a_deleted_user_does_not_come_back(vanished: Vanished) -> None:
    """A user who is deleted while being changed is gone."""
    _one_done([deletable(vanished.delete)], DELETE)
    expect(vanished.after).status(404, 410)


@requirement("CON-RACE-9", proof=("parallel-writes-500",))
def test_parallel_requests_cause_no_server_error(
    joined: Joined, changed: Changed, replaced: Replaced, twice: Twice
) -> None:
    """Requests at the same moment cause no server error; 503 asks to come again."""
    replies = [reply for _, reply in joined.adds]
    replies += [joined.leave, *changed.replies.values(), *replaced.replies, *twice.replies]
    for reply in replies:
        expect(reply).holds(
            lambda reply=reply: reply.status < 500 or reply.status in (501, 503),  # type: ignore[misc]  # a lambda with a default has no type of its own
            "an answer without a server error",
            lambda reply=reply: f"status {reply.status}",  # type: ignore[misc]  # as above
        )
