"""Okta's Create Users: lookup and POST, and what the server may not stumble over."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from idp_profiles.mapping import Entry as MappingEntry
from idp_profiles.model import Group
from idp_profiles.model import Person
from idp_profiles.model import Request
from suites.client import ENTERPRISE_URN
from suites.client import ScimClient
from suites.expect import expect
from suites.idp.accounts import with_names
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import Acted
from .conftest import created

CUSTOM_PATH = "urn:scimproof:params:scim:schemas:custom:1.0:User:favouriteColour"


@requirement(
    "OKTA-CREATE-1",
    proof=(
        *("create-answers-200", "create-empty-body", "create-drops-name", "create-drops-emails"),
        *("create-inactive", "scim-json-refused", "accept-charset-refused"),
        *("filter-refuses-paging", "create-refuses-locale", "create-refuses-external-id"),
    ),
    dialects=(),
)
def test_assigned_person_exists(okta: Replay, newcomer: Acted, look: ScimClient) -> None:
    """An assigned person exists with the names, e-mail and state that were sent."""
    okta.judged(newcomer.outcome)
    person = newcomer.person
    user = expect(look.user(newcomer.id)).status(200)
    user.has("userName", person.user_name).has("active", True).email(person.email)
    user.has("name.givenName", person.given_name).has("name.familyName", person.family_name)


@requirement(
    "OKTA-CREATE-2",
    proof=("filter-ignored", "filter-finds-nothing", "filter-prefix", "search-total-zero"),
    dialects=(),
)
def test_created_user_is_found_alone(
    okta: Replay, newcomer: Acted, look: ScimClient, people: Registry
) -> None:
    """The created user is the one match of `userName eq`, though other names contain its name."""
    okta.arranged(newcomer.outcome, "assign")
    name = newcomer.person.user_name
    for neighbour in (f"{name}.org", f"x{name}"):
        look.create_user(replace(people.person(), user_name=neighbour))
    expect(look.users_named(newcomer.person.user_name)).matches(newcomer.id)


@requirement(
    "OKTA-CREATE-3",
    proof=("create-without-id", "create-id-says-bulkid", "create-id-differs"),
    dialects=(),
)
def test_the_id_of_the_reply_stays(okta: Replay, newcomer: Acted, look: ScimClient) -> None:
    """The id in the POST reply is the id under which the user is read."""
    answers = [exchange.reply for exchange in newcomer.outcome.exchanges]
    if answers and answers[-1] is not None and answers[-1].status == 201:
        okta.judged(newcomer.outcome)
    okta.worked(newcomer.outcome, "assign")
    user = expect(look.user(newcomer.id)).status(200).has("id", newcomer.id)
    user.has("userName", newcomer.person.user_name)


@requirement("OKTA-CREATE-4", proof=("create-refuses-password",), dialects=())
def test_a_password_is_tolerated(okta: Replay, newcomer: Acted, look: ScimClient) -> None:
    """A random password in the POST does no harm."""
    _judge_attribute("password", okta, newcomer, look)


@requirement("OKTA-CREATE-5", proof=("create-refuses-groups",), dialects=())
def test_an_empty_groups_array_is_ignored(okta: Replay, newcomer: Acted, look: ScimClient) -> None:
    """`groups: []` in the POST does no harm."""
    _judge_attribute("groups", okta, newcomer, look)


@requirement("OKTA-CREATE-6", proof=("create-refuses-unknown-attributes",), dialects=())
@pytest.mark.usefixtures("creatable")
def test_an_unknown_attribute_is_tolerated(okta: Replay, people: Registry) -> None:
    """A custom attribute that the server does not know does no harm."""
    colour = MappingEntry(path=CUSTOM_PATH, source="colour")
    mapping = replace(okta.idp.mapping, entries=(*okta.idp.mapping.entries, colour))
    okta.again(mapping=mapping).act.assign(people.person(colour="green"))


@requirement(
    "OKTA-CREATE-7",
    proof=("enterprise-dropped", "enterprise-refused-unlisted", "enterprise-refused-listed"),
    dialects=(),
)
@pytest.mark.usefixtures("creatable", "enterprise_offered")
def test_enterprise_attributes_are_stored(
    okta: Replay, look: ScimClient, people: Registry, enterprise_announced: bool
) -> None:
    """Enterprise attributes arrive, with and without their URN in `schemas`."""

    def check(form: Replay) -> None:
        person = people.person(department="Tour Operations")
        form.act.assign(person)
        user = expect(look.user(str(form.idp.user_id(person)))).status(200)
        user.has(f"{ENTERPRISE_URN}:department", "Tour Operations")

    try:
        every_form(okta, "create-user", check, only=lambda name: "enterprise" in name)
    except Mismatch as mismatch:
        if enterprise_announced:
            raise
        reason = "the server neither announces the enterprise extension nor takes it"
        raise NotOffered(reason) from mismatch


@requirement(
    "OKTA-CREATE-8",
    proof=("create-requires-type-in-emails", "create-requires-display-name"),
    dialects=(),
)
@pytest.mark.usefixtures("creatable")
def test_a_minimal_user_is_accepted(okta: Replay, people: Registry) -> None:
    """A user without displayName, locale and emails type is accepted."""
    every_form(
        okta,
        "create-user",
        lambda form: _assigned(form, people),
        only=lambda name: name == "mapped-minimum",
    )


@requirement("OKTA-CREATE-9", proof=("filter-plus-not-decoded",), dialects=())
@pytest.mark.usefixtures("creatable")
def test_plus_signs_are_read_as_blanks(okta: Replay, people: Registry) -> None:
    """A lookup with plus signs for blanks is understood."""
    okta.again(switches={"blanks": "plus"}).act.assign(people.person())


@requirement(
    "OKTA-CREATE-10",
    proof=("filter-percent-decoded-twice", "create-refuses-plus-address"),
    dialects=(),
)
@pytest.mark.usefixtures("creatable")
def test_a_plus_sign_in_a_login_is_found(okta: Replay, look: ScimClient, people: Registry) -> None:
    """A userName with a plus sign is found again."""
    person = people.person(local="dual+role")
    okta.act.assign(person)
    user_id = str(okta.idp.user_id(person))
    _is_found(okta.again(), person)
    expect(look.users_named(person.user_name)).matches(user_id)


@requirement("OKTA-CREATE-18", proof=("filter-apostrophe-500",), dialects=())
@pytest.mark.usefixtures("creatable")
def test_an_apostrophe_in_a_login_is_found(
    okta: Replay, look: ScimClient, people: Registry
) -> None:
    """A userName with an apostrophe is created and found again."""
    person = people.person(local="o'neill")
    okta.act.assign(person)
    expect(look.users_named(person.user_name)).matches(str(okta.idp.user_id(person)))


@requirement("OKTA-CREATE-11", proof=("create-mangles-unicode", "create-escapes-html"), dialects=())
@pytest.mark.usefixtures("creatable")
def test_unusual_names_are_kept(okta: Replay, look: ScimClient, people: Registry) -> None:
    """An apostrophe, an ampersand and letters outside ASCII come back as they were sent."""
    person = replace(people.person(), given_name="Zoë", family_name="O'Neill & Łukasz 李")
    okta.act.assign(person)
    seen = with_names(look.user(str(okta.idp.user_id(person))), by="OKTA-CREATE-1")
    user = expect(seen).status(200)
    user.has("name.givenName", "Zoë").has("name.familyName", "O'Neill & Łukasz 李")


@requirement("OKTA-CREATE-17", proof=("create-drops-display-name",), dialects=())
def test_the_display_name_is_stored(okta: Replay, newcomer: Acted, look: ScimClient) -> None:
    """The displayName that was sent comes back."""
    okta.worked(newcomer.outcome, "assign")
    user = expect(look.user(newcomer.id)).status(200)
    user.has("displayName", newcomer.person.display_name)


@requirement("OKTA-CREATE-12", proof=("duplicates-allowed",), dialects=())
def test_a_second_user_of_the_name_is_not_created(
    okta: Replay, look: ScimClient, people: Registry
) -> None:
    """A POST for a userName that exists leaves one user of that name."""
    person = people.person()
    first: list[str] = []

    def somebody_else(request: Request) -> None:
        # Between Okta's lookup and its POST the same person is created by another client.
        if request.method == "POST":
            first.append(created(look, person))

    okta.mock.before = somebody_else
    okta.watched(okta.mock.assign(person))
    expect(look.users_named(person.user_name)).matches(*first)


@requirement(
    "OKTA-CREATE-13",
    proof=("duplicate-as-400", "duplicate-as-500", "duplicate-as-200", "duplicate-as-html"),
    dialects=(),
)
def test_a_second_user_is_refused_with_409(
    okta: Replay, look: ScimClient, people: Registry
) -> None:
    """A POST for a userName that exists is answered 409 with a SCIM error."""
    person = people.person()
    created(look, person)
    expect(look.create_user(person)).scim_error(409)


@requirement("OKTA-CREATE-14", proof=("create-seats-limited",), dialects=())
@pytest.mark.usefixtures("creatable")
def test_assigning_a_group_creates_its_members(
    okta: Replay, look: ScimClient, people: Registry
) -> None:
    """Assigning a group to the app creates each member, and no group."""
    team: Group = people.group(*people.people(2))
    okta.act.assign_group(team)
    for person in team.members:
        expect(look.user(str(okta.idp.user_id(person)))).has("userName", person.user_name)
    expect(look.groups_named(team.name)).nobody()


@requirement("OKTA-CREATE-15", proof=("filter-finds-nothing", "put-refused-501"), dialects=())
@pytest.mark.usefixtures("creatable")
def test_a_backlog_is_provisioned(okta: Replay, look: ScimClient, people: Registry) -> None:
    """Provision User creates who is missing and updates who exists."""
    there, missing = people.people(2)
    existing = created(look, there)
    okta.act.provision_backlog([there, missing])
    expect(look.users_named(there.user_name)).matches(existing)
    expect(look.users_named(missing.user_name)).matches(str(okta.idp.user_id(missing)))


@requirement("OKTA-CREATE-16", proof=("filter-case-sensitive",), dialects=())
@pytest.mark.usefixtures("creatable")
def test_other_capitals_find_the_same_user(
    okta: Replay, look: ScimClient, people: Registry
) -> None:
    """A login in other capitals is linked to the user that exists."""
    person = people.person()
    existing = created(look, person)
    _is_found(okta, replace(person, user_name=person.user_name.upper()))
    expect(look.users_named(person.user_name)).matches(existing)


def _is_found(okta: Replay, person: Person) -> None:
    """Assign a person who has an account: the lookup has to find it.

    What Okta does with the account it found is judged elsewhere.
    """
    outcome = okta.watched(okta.mock.assign(person))
    last = outcome.exchanges[-1].request
    if last.method == "POST" or "?filter=" in last.target:
        okta.judged(outcome)
    okta.worked(outcome, "update")


def _judge_attribute(name: str, okta: Replay, newcomer: Acted, look: ScimClient) -> None:
    """Judge Okta's POST by one attribute: to blame only if the same POST without it succeeds."""
    last = newcomer.outcome.exchanges[-1]
    request, refused = last.request, last.reply is not None and last.reply.status >= 400
    if not newcomer.outcome.ok and request.method == "POST" and refused:
        body = json.loads(request.body or b"{}")
        body.pop(name)
        if look.send("POST", "/Users", body=body).status == 201:
            okta.judged(newcomer.outcome)
    okta.worked(newcomer.outcome, "assign")


def _assigned(form: Replay, people: Registry) -> None:
    form.act.assign(people.person())
