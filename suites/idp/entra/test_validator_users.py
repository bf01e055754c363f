"""Microsoft's SCIM Validator (reconstructed): users are created, found and deleted.

The Validator is closed; what it sends and looks for is known from results that its users published.
What it is known to judge wrongly is judged rightly here, and said in a note or a warning.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from idp_profiles.entra.tool_values import MANAGER
from idp_profiles.entra.tool_values import Values
from idp_profiles.entra.tool_values import first_values
from idp_profiles.entra.tool_values import letters
from idp_profiles.entra.tool_values import role_value
from idp_profiles.model import Person
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Blocked

from .tool_run import CREATED
from .tool_run import Answer
from .tool_run import ToolRun
from .tool_run import refused_by_right

CREATE, MISSING = "ENTRA-VAL-1", "00000000-0000-4000-8000-000000000000"
GONE = (200, 202, 204)


@dataclass(frozen=True, slots=True)
class Made:
    """A new user of the Validator: what was sent, how it was answered, and what a look-up shows.

    `literal` is the answer to the Validator's own body, and `answer` the one that created the user.
    """

    person: Person
    values: Values
    literal: Answer
    answer: Answer
    found: Answer


@pytest.fixture
def run(entra: Replay, bench: Bench) -> ToolRun:
    """The Validator at work in this case."""
    return ToolRun(entra, bench, entra.idp.validator)


@pytest.fixture
def made(run: ToolRun, bench: Bench, people: Registry) -> Made:
    """A user with every attribute, found by userName; shared, for cases that only read."""
    return bench.shared.once("entra-validator", bench.log, lambda: _made(run.shared(), people))


def _made(run: ToolRun, people: Registry) -> Made:
    person = people.person()
    values = first_values(person, run.knows, literal=True)
    literal = answer = run.send(run.tool.create("/Users", _body(run, person, values, literal=True)))
    if literal.status >= 400:
        person = people.person()
        values = first_values(person, run.knows)
        body = _body(run, person, values, literal=False)
        answer = run.send(run.tool.create("/Users", body))
    found = run.send(run.tool.find("/Users", "userName", person.user_name))
    return Made(person, values, literal, answer, found)


def _body(run: ToolRun, person: Person, values: Values, *, literal: bool) -> Values:
    nobody: Values = {f"{MANAGER}.value": letters(person, MANAGER, "first")}
    body = run.body({**values, **(nobody if literal and run.knows(MANAGER) else {})})
    if run.knows("roles.value"):
        body["roles"] = [role_value(person, "first", literal=literal)]
    return body


@requirement(
    CREATE,
    proof=("roles-refused", "create-drops-name", "create-drops-emails", "enterprise-dropped"),
    dialects=(),
)
def test_a_user_with_everything_is_created(run: ToolRun, made: Made) -> None:
    """A user with all attributes is created and found with each of them."""
    expect(made.answer).status(*CREATED)
    expect(made.found).list_response("totalResults").has("totalResults", 1)
    run.shows(made.found.first(), made.values)
    if made.literal is not made.answer:
        raise refused_by_right(
            made.literal,
            "the Validator's own body accepted",
            "the same user with a boolean `primary` and no made-up type of the role, a language "
            "tag as locale, a URL as profileUrl, a country code and no unknown manager was "
            "created: the server may refuse the others, and only the Validator complains",
        )


@requirement(
    "ENTRA-VAL-2",
    proof=("duplicates-allowed", "duplicate-as-400", "duplicate-as-200", "duplicate-overwrites"),
    dialects=(),
)
def test_a_second_user_of_one_name_is_409(run: ToolRun, people: Registry) -> None:
    """A second user with the same userName is answered 409."""
    user = run.created(people.person(), by=CREATE)
    expect(run.send(run.tool.create("/Users", run.body(user.values)))).status(409)


@requirement(
    "ENTRA-VAL-3",
    proof=("filter-finds-nothing", "filter-unsupported", "filter-ignored"),
    dialects=(),
)
@pytest.mark.usefixtures("crew")
def test_a_user_is_found_by_name(made: Made) -> None:
    """A filter by userName finds the one user who has it."""
    _existing(made)
    expect(made.found).list_response("totalResults").has("totalResults", 1)
    expect(made.found.first()).has("userName", made.person.user_name).filled("id")


@requirement(
    "ENTRA-VAL-4", proof=("empty-search-404", "empty-search-204", "filter-ignored"), dialects=()
)
@pytest.mark.usefixtures("crew")
def test_a_name_that_nobody_has_finds_nobody(run: ToolRun, people: Registry) -> None:
    """A filter by a userName that nobody has is answered 200 with nobody."""
    wanted = f"{people.unique('nobody')}@{people.domain}"
    found = run.send(run.tool.find("/Users", "userName", wanted))
    expect(found).list_response("totalResults").has("totalResults", 0)


@requirement("ENTRA-VAL-5", proof=("filter-case-sensitive",), dialects=())
def test_a_user_is_found_by_name_in_capitals(run: ToolRun, made: Made) -> None:
    """A filter by the userName in capitals finds the user."""
    _existing(made)
    found = run.send(run.tool.find("/Users", "userName", made.person.user_name.upper()))
    expect(found).list_response("totalResults").has("totalResults", 1)
    expect(found.first()).has("userName", made.person.user_name)


@requirement(
    "ENTRA-VAL-13",
    proof=("delete-ignored", "delete-refused", "delete-deactivates", "deleted-still-read"),
    dialects=(),
)
def test_a_deleted_user_is_404(run: ToolRun, people: Registry) -> None:
    """A user who is deleted is not there any more when read by id."""
    user = run.created(people.person(), by=CREATE)
    expect(run.send(run.tool.delete("/Users", user.id))).status(*GONE)
    expect(run.send(run.tool.read("/Users", user.id))).status(404)


@requirement("ENTRA-VAL-28", proof=("delete-twice-204", "not-found-as-400"), dialects=())
def test_an_unknown_user_cannot_be_deleted(run: ToolRun) -> None:
    """The deletion of a user who never was is answered 404."""
    expect(run.send(run.tool.delete("/Users", MISSING))).status(404)


@requirement("ENTRA-VAL-29", proof=("delete-twice-204", "not-found-as-400"), dialects=())
def test_a_user_cannot_be_deleted_twice(run: ToolRun, people: Registry) -> None:
    """The second deletion of a user is answered 404."""
    user = run.created(people.person(), by=CREATE)
    run.send(run.tool.delete("/Users", user.id))
    expect(run.send(run.tool.delete("/Users", user.id))).status(404)


def _existing(made: Made) -> None:
    """Go on when there is a user to look at; raises Blocked."""
    if made.answer.status not in CREATED:
        came = f"POST /Users answered {made.answer.status}"
        raise Blocked(came, by=CREATE, entry=made.answer.entry)
