"""RFC 9865 section 2.1: what is answered to a wrong cursor or count (table 3)."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.bench import Bench
from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.querying.cursors import SIZE
from suites.querying.cursors import Replies
from suites.querying.cursors import cursor_of
from suites.querying.cursors import misuse
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import member
from suites.values import value_at
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

# Pages shift while others write.
pytestmark = pytest.mark.scim_undisturbed


@pytest.mark.parametrize("what", ["invented", "no number"])
@requirement(
    "RFC9865-2.1-1", proof=("cursor-unknown-500+count-no-number-500", "errors-without-schemas")
)
def test_wrong_parameters_of_a_page_are_an_error(what: str, misused: Replies) -> None:
    """An invented cursor and a count that is no number give 400 with an error message."""
    expect(misuse(misused, what)).scim_error(400)


@pytest.mark.parametrize("what", ["other query", "other count"])
@requirement("RFC9865-2.1-1", proof=("cursor-in-other-query-500",))
def test_a_cursor_in_another_query_is_no_trouble(
    what: str, misused: Replies, reading: Reading
) -> None:
    """A cursor used with another filter or count is refused or followed, without a server error."""
    reply = misuse(misused, what)
    reading(f"a cursor with another {what.partition(' ')[2]} is answered with {reply.status}")
    expect(reply).status(200, 400)


@requirement("RFC9865-2.1-2", proof=("cursor-unknown-first-page", "cursor-errors-as-invalid-value"))
def test_an_invented_cursor_is_invalid(misused: Replies, reading: Reading) -> None:
    """A cursor that was never handed out gives 400 with scimType invalidCursor.

    A server that forgets its cursors in time cannot tell it from one that has expired.
    """
    reply = misuse(misused, "invented")
    expect(reply).scim_error(400).scim_type("invalidCursor", "expiredCursor")
    reading(f"an invented cursor is {value_at(reply.object(), 'scimType')}")


@pytest.fixture
def stale(bench: Bench, pagination: dict[str, Json], alone: str, experiment: Experiment) -> Seen:
    """The answer to a cursor that was kept for longer than it has to be valid."""
    seconds, patience = member(pagination, "cursorTimeout"), bench.connection.patience
    if not isinstance(seconds, int) or seconds < 1:
        raise NotOffered("the server does not say how long a cursor is valid")
    if seconds + 1 > patience.left:
        raise NotOffered(f"cursors are valid for {seconds} s, longer than wait_budget lets us wait")

    def run(lab: Lab) -> Seen:
        first = lab.scim.get("/Users", headers=None, filter=alone, count=SIZE, cursor="")
        cursor = cursor_of(first)
        if cursor is None:
            raise Blocked("no cursor is handed out", by="RFC9865-2-8", entry=first.entry)
        patience.wait(seconds + 1)
        return lab.scim.get("/Users", headers=None, filter=alone, count=SIZE, cursor=cursor)

    return experiment(run, key="a cursor that was kept too long")


@requirement("RFC9865-2.1-4", proof=("cursor-errors-as-invalid-value", "cursor-expired-500"))
def test_a_cursor_that_has_expired_is_refused_as_such(stale: Seen, reading: Reading) -> None:
    """A cursor older than cursorTimeout is followed, or refused with 400 expiredCursor.

    Section 4 speaks of an invalid cursor in this place, so that word will do as well.
    """
    reading(f"a cursor beyond its time is answered with {stale.status}")
    if stale.status != 200:
        expect(stale).scim_error(400).scim_type("expiredCursor", "invalidCursor")


@requirement("RFC9865-2.1-5", proof=("count-large-refused",))
def test_a_count_above_the_maximum_is_cut_or_refused(misused: Replies, reading: Reading) -> None:
    """A count above what the server gives is answered with a page, or with 400 invalidCount."""
    reply = misuse(misused, "too large")
    reading(f"a very large count is {'cut' if reply.status == 200 else 'refused'}")
    if reply.status == 200:
        expect(reply).filled("Resources")
    else:
        expect(reply).scim_error(400, scim_type="invalidCount")


@requirement("RFC9865-2.1-5", proof=("cursor-errors-as-invalid-value",))
def test_another_count_than_at_first_is_an_invalid_one(misused: Replies, reading: Reading) -> None:
    """A count that changes between two pages is accepted, or refused with 400 invalidCount."""
    reply = misuse(misused, "other count")
    reading(f"a count that changes is {'accepted' if reply.status == 200 else 'refused'}")
    if reply.status != 200:
        expect(reply).scim_error(400, scim_type="invalidCount")
