"""Entra's Create Users: look-up and POST, and what the server may not stumble over."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Person
from idp_profiles.model import Request
from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import Acted
from .conftest import created
from .creating import described
from .creating import plainest_of

EXTENSION: dict[str, Json] = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    ENTERPRISE_URN: {"department": "Testing"},
}
# What may be wrong with Entra's plainest POST beside the person: how to mend it, and who judges it.
BESIDE: dict[str, tuple[dict[str, Json], str]] = {
    "`roles`": ({"roles": None}, "ENTRA-CREATE-9"),
    "`meta`": ({"meta": None}, "ENTRA-CREATE-10"),
    "want of the extension": (EXTENSION, "ENTRA-CREATE-17"),
}


@pytest.fixture
def plainest(entra: Replay, bench: Bench, people: Registry) -> Acted:
    """A person with names and e-mail, whom Entra has just assigned; shared, to be read only."""
    return plainest_of(entra, bench, people)


@pytest.fixture
def creatable(entra: Replay, plainest: Acted) -> None:
    """Block the case on a server that refuses Entra's plainest create, which is judged above."""
    entra.arranged(plainest.outcome, "assign")


@requirement(
    "ENTRA-CREATE-1",
    proof=(
        *("create-empty-body", "create-without-id", "create-keeps-nothing", "create-inactive"),
        *("create-refuses-external-id", "scim-json-refused", "scim-json-not-read"),
        "accept-scim-json-refused",
    ),
    dialects=(),
)
def test_an_assigned_person_is_a_user(entra: Replay, plainest: Acted, look: ScimClient) -> None:
    """A person in scope is there after look-up and POST, by the name that was sent, and active."""
    for name, (change, judge) in BESIDE.items():
        if _only_for(plainest.outcome, change, look):
            raise Blocked(f"refused for {name}", by=judge, entry=entra.last_entry())
    entra.judged(plainest.outcome)
    user = expect(look.user(plainest.id)).status(200)
    user.has("userName", plainest.person.user_name).not_inactive()


@requirement("ENTRA-CREATE-2", proof=("create-id-differs",), dialects=())
def test_the_id_of_the_reply_is_the_user_s(
    entra: Replay, plainest: Acted, look: ScimClient
) -> None:
    """The id that the POST is answered with is the one under which the user is read."""
    entra.worked(plainest.outcome, "assign")
    user = expect(look.user(plainest.id)).status(200).has("id", plainest.id)
    user.has("userName", plainest.person.user_name)


@requirement(
    "ENTRA-CREATE-3",
    proof=(
        *("filter-finds-nothing", "filter-ignored", "filter-prefix"),
        *("search-result-without-id", "list-without-id"),
    ),
    dialects=(),
)
def test_a_created_user_is_found_by_a_job_without_links(
    entra: Replay, plainest: Acted, look: ScimClient, people: Registry
) -> None:
    """A job that lost its links finds the created user, alone, though other names hold its name."""
    entra.arranged(plainest.outcome, "assign")
    name = plainest.person.user_name
    for neighbour in (f"{name}.org", f"x{name}"):
        look.create_user(replace(people.person(), user_name=neighbour))
    job = entra.again()
    job.act.match(plainest.person, "create-user")
    expect(look.users_named(name)).matches(str(job.idp.user_id(plainest.person)))


@requirement(
    "ENTRA-CREATE-4",
    proof=("create-drops-name", "create-drops-emails", "names-swapped"),
    dialects=(),
)
def test_names_and_address_arrive(entra: Replay, plainest: Acted, look: ScimClient) -> None:
    """The new user has the given name, family name and work e-mail address that were sent."""
    entra.worked(plainest.outcome, "assign")
    person = plainest.person
    user = expect(look.user(plainest.id)).status(200).email(person.email)
    user.has("name.givenName", person.given_name).has("name.familyName", person.family_name)


@requirement(
    "ENTRA-CREATE-5",
    proof=("create-drops-display-name", "display-names-from-names"),
    dialects=(),
)
def test_the_display_name_comes_back(entra: Replay, plainest: Acted, look: ScimClient) -> None:
    """A displayName that is not made of the names comes back."""
    entra.worked(plainest.outcome, "assign")
    user = expect(look.user(plainest.id)).status(200)
    user.has("displayName", plainest.person.display_name)


@requirement("ENTRA-CREATE-9", proof=("roles-refused",), dialects=())
def test_an_empty_list_of_roles_does_no_harm(
    entra: Replay, plainest: Acted, look: ScimClient
) -> None:
    """The empty list of roles in each POST does no harm."""
    _judge_by("`roles`", entra, plainest.outcome, look)


@requirement("ENTRA-CREATE-10", proof=("create-refuses-meta",), dialects=())
def test_meta_of_the_client_is_ignored(entra: Replay, plainest: Acted, look: ScimClient) -> None:
    """The resourceType in `meta` of each POST does no harm."""
    _judge_by("`meta`", entra, plainest.outcome, look)


@requirement("ENTRA-CREATE-11", proof=("null-refused",), dialects=())
@pytest.mark.usefixtures("creatable")
def test_nulls_in_a_create_do_no_harm(entra: Replay, people: Registry) -> None:
    """A POST that says null of what has no value creates the person."""
    _every_form(entra, people, lambda name: name == "explicit-nulls")


@requirement("ENTRA-CREATE-17", proof=("create-requires-extension",), dialects=())
def test_a_user_without_the_extension_is_accepted(
    entra: Replay, look: ScimClient, people: Registry, definitions: Definitions
) -> None:
    """A POST of a mapping without the enterprise extension creates the person."""
    kind = definitions.type("User")
    if kind is not None and kind.extensions.get(ENTERPRISE_URN):
        raise NotOffered("ResourceTypes says that users need the enterprise extension")

    def check(form: Replay) -> None:
        outcome = form.mock.assign(described(people, "department"))
        _judge_by("want of the extension", form, outcome, look)

    every_form(entra, "create-user", check, only=lambda name: name == "no-enterprise")


@requirement("ENTRA-CREATE-19", proof=("unknown-parameter-refused",))
@pytest.mark.usefixtures("creatable")
def test_the_flag_in_the_query_of_a_create_does_no_harm(entra: Replay, people: Registry) -> None:
    """Look-up and POST whose query carries the flag create the person."""
    _every_form(entra, people, lambda name: name.startswith("flag-"))


@requirement(
    "ENTRA-CREATE-13",
    proof=("duplicates-allowed", "duplicate-as-200", "duplicate-overwrites"),
    dialects=(),
)
def test_a_name_that_is_taken_makes_no_second_user(
    entra: Replay, look: ScimClient, people: Registry
) -> None:
    """A POST for a userName that somebody has fails, and leaves one user with the old names."""
    person = people.person()
    older = replace(person, family_name=f"{person.family_name}-Elder")
    outcome, first = _too_late(entra, look, person, older)
    expect(look.users_named(person.user_name)).matches(first)
    expect(look.user(first)).status(200).has("name.familyName", older.family_name)
    if outcome.ok:
        raise Mismatch(
            expected="the POST of a userName that is taken refused",
            actual="it was answered as if somebody had been created",
            entry=entra.last_entry(),
        )


@requirement(
    "ENTRA-CREATE-14",
    proof=("duplicate-as-400", "duplicate-as-500", "duplicate-as-html"),
    dialects=(),
)
def test_a_name_that_is_taken_is_a_conflict(look: ScimClient, people: Registry) -> None:
    """A POST for a userName that somebody has is answered 409 with a SCIM error."""
    person = people.person()
    created(look, person)
    expect(look.create_user(person)).scim_error(409)


@requirement("ENTRA-CREATE-15", proof=("filter-finds-nothing", "search-total-zero"), dialects=())
def test_a_conflict_ends_in_the_next_cycle(
    entra: Replay, look: ScimClient, people: Registry
) -> None:
    """A person whose POST met a conflict is linked in the next cycle, and not created."""
    person = people.person()
    _, first = _too_late(entra, look, person, person)
    outcome = entra.watched(entra.mock.assign(person))
    if outcome.exchanges[-1].request.method == "PATCH":
        entra.worked(outcome, "update")
    entra.judged(outcome)
    expect(look.users_named(person.user_name)).matches(first)


@requirement(
    "ENTRA-CREATE-20", proof=("display-names-unique", "names-of-people-unique"), dialects=()
)
@pytest.mark.usefixtures("creatable")
def test_namesakes_both_get_a_user(entra: Replay, look: ScimClient, people: Registry) -> None:
    """The second of two people of one name is created by Entra beside the first."""
    person, other = people.people(2)
    created(look, person)
    namesake = replace(
        other,
        given_name=person.given_name,
        family_name=person.family_name,
        display_name=person.display_name,
    )
    entra.act.assign(namesake)
    user = expect(look.user(str(entra.idp.user_id(namesake)))).status(200)
    user.has("userName", namesake.user_name)


@requirement(
    "ENTRA-CREATE-21",
    proof=("create-requires-email", "create-requires-family-name"),
    dialects=(),
)
@pytest.mark.usefixtures("creatable")
def test_who_has_neither_mail_nor_family_name_is_created(
    entra: Replay, look: ScimClient, people: Registry, definitions: Definitions
) -> None:
    """Somebody without a mailbox, and with one name alone, gets a user."""
    for path in ("emails", "name", "name.familyName"):
        known = definitions.attribute(path)
        if known is not None and known.required:
            raise NotOffered(f"Schemas says that users need {path}")
    person = replace(people.person(), email="", family_name="")
    entra.act.assign(person)
    user = expect(look.user(str(entra.idp.user_id(person)))).status(200)
    user.has("userName", person.user_name)


def _every_form(entra: Replay, people: Registry, only: Callable[[str], bool]) -> None:
    """Assign somebody in each of some known wire forms."""
    every_form(entra, "create-user", lambda form: _assign(form, people.person()), only=only)


def _assign(form: Replay, person: Person) -> None:
    form.act.assign(person)


def _too_late(
    entra: Replay, look: ScimClient, person: Person, other: Person
) -> tuple[Outcome, str]:
    """Assign a person whom another client creates between Entra's look-up and its POST."""
    ids: list[str] = []

    def somebody_else(request: Request) -> None:
        if request.method == "POST" and not ids:
            ids.append(created(look, other))

    entra.mock.before = somebody_else
    outcome = entra.watched(entra.mock.assign(person))
    if not ids and outcome.stopped is not None:
        reason = f"Entra stopped before its POST: {outcome.stopped.because}"
        raise Blocked(reason, by="ENTRA-CONN-1", entry=entra.entry_of(outcome))
    if not ids:
        raise Blocked("the look-up found somebody before there was anybody", by="ENTRA-CREATE-3")
    return outcome, ids[0]


def _only_for(outcome: Outcome, change: dict[str, Json], look: ScimClient) -> bool:
    """Tell whether a POST that was refused is accepted with a change; None takes a key away."""
    last = outcome.exchanges[-1] if outcome.exchanges else None
    refused = last is not None and last.reply is not None and last.reply.status >= 400
    if last is None or last.request.method != "POST" or not refused:
        return False
    body = {**json.loads(last.request.body or b"{}"), **change}
    body = {key: value for key, value in body.items() if value is not None}
    reply = look.send("POST", "/Users", body=body, headers=last.request.headers)
    return reply.status in (200, 201)


def _judge_by(what: str, entra: Replay, outcome: Outcome, look: ScimClient) -> None:
    """Judge Entra's POST by one thing: to blame only if the POST that is mended succeeds."""
    if _only_for(outcome, BESIDE[what][0], look):
        entra.judged(outcome)
    entra.worked(outcome, "assign")
