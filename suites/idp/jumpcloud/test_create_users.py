"""JumpCloud's create: look-up and POST, what the server may not stumble over, and the take-over."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.client import ScimClient
from suites.expect import expect
from suites.expect import value_at
from suites.idp.look_alikes import much_joined
from suites.idp.look_alikes import put_into_two_groups
from suites.idp.look_alikes import unlike_others
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.values import items

from .conftest import Trial
from .conftest import created
from .outcomes import accepted
from .outcomes import blocked
from .outcomes import judged
from .outcomes import passed
from .outcomes import through
from .outcomes import understood

LOOK_UP, CREATE = "look up the user", "create the user"


def _does_no_harm(name: str, jc: Replay, newcomer: Trial) -> None:
    """Judge the POST by one peculiarity: to blame only if the same POST without it succeeds."""
    jc.watched(newcomer.outcome)
    if newcomer.culprit == name:
        jc.note("the same request is accepted without it")
        judged(jc, newcomer)
    if not accepted(newcomer.outcome, CREATE):
        raise blocked(jc, newcomer)


def _digits(number: Json) -> str:
    """Return the digits of a telephone number: how it is written is up to the server."""
    return re.sub(r"\D", "", str(number))


def _values(numbers: Json) -> list[Json]:
    return [value_at(each, "value") for each in items(numbers)]


@requirement("JUMPCLOUD-CREATE-1", proof=("filter-unsupported", "empty-search-404"))
def test_the_look_up_before_a_create_is_answered(jc: Replay, newcomer: Trial) -> None:
    """The look-up of a person who has no account is answered with a list."""
    passed(jc, newcomer, LOOK_UP)


@requirement(
    "JUMPCLOUD-CREATE-2",
    proof=(
        *("filter-ignored", "filter-finds-nothing", "filter-prefix", "search-result-without-id"),
        "list-without-id",
    ),
)
def test_the_look_up_finds_one_account(look: ScimClient, people: Registry) -> None:
    """`userName eq` finds the account of this name, not its longer neighbour, and no stranger."""
    person, name = people.person(), people.unique("nobody")
    user_id = created(look, person)
    created(look, replace(people.person(), user_name=f"{person.user_name}.org"))
    understood(look.users_named(person.user_name), by="JUMPCLOUD-CREATE-1").matches(user_id)
    expect(look.users_named(name)).nobody()


@requirement(
    "JUMPCLOUD-CREATE-3",
    proof=("create-needs-schemas-first", "create-requires-extension"),
)
def test_a_bound_person_is_created(jc: Replay, newcomer: Trial) -> None:
    """The POST of a person who is bound to the application is accepted."""
    if newcomer.culprit is not None:
        through(jc, newcomer)
    if not accepted(newcomer.outcome, CREATE):
        passed(jc, newcomer, CREATE)


@requirement(
    "JUMPCLOUD-CREATE-4",
    proof=(
        *("create-empty-body", "create-without-id", "create-id-differs"),
        *("user-ids-as-numbers", "active-as-string"),
    ),
)
def test_the_reply_to_a_create_is_the_user(jc: Replay, newcomer: Trial, look: ScimClient) -> None:
    """The reply to the POST holds the id as a string, and the user is read by it."""
    if accepted(newcomer.outcome, CREATE):
        judged(jc, newcomer)
    through(jc, newcomer)
    user = expect(look.user(newcomer.id)).status(200)
    user.has("id", newcomer.id).has("userName", newcomer.person.user_name)


@requirement(
    "JUMPCLOUD-CREATE-5", proof=("create-drops-name", "create-drops-emails", "create-inactive")
)
def test_a_created_user_is_who_was_sent(jc: Replay, newcomer: Trial, look: ScimClient) -> None:
    """A created user has the login, the names and the e-mail of the person, and is active."""
    through(jc, newcomer)
    person = newcomer.person
    user = expect(look.user(newcomer.id)).status(200)
    user.has("userName", person.user_name).not_inactive().email(person.email)
    user.has("name.givenName", person.given_name).has("name.familyName", person.family_name)


@requirement("JUMPCLOUD-CREATE-6", proof=("create-drops-display-name", "titles-cut-at-ten"))
def test_a_created_user_has_display_name_and_title(
    jc: Replay, newcomer: Trial, look: ScimClient
) -> None:
    """The displayName and the title that were sent come back."""
    through(jc, newcomer)
    user = expect(look.user(newcomer.id)).status(200)
    user.has("displayName", newcomer.person.display_name)
    user.has("title", newcomer.person.attributes["title"])


@requirement("JUMPCLOUD-CREATE-7", proof=("create-drops-external-id",))
def test_a_created_user_has_the_external_id(jc: Replay, newcomer: Trial, look: ScimClient) -> None:
    """JumpCloud's id of the person comes back as externalId."""
    through(jc, newcomer)
    expect(look.user(newcomer.id)).status(200).has("externalId", newcomer.person.idp_id)


@requirement("JUMPCLOUD-CREATE-8", proof=("phone-uris-refused",))
def test_a_telephone_number_as_a_uri_is_accepted(jc: Replay, newcomer: Trial) -> None:
    """A work number with `tel:` in front does no harm."""
    _does_no_harm("phoneNumbers", jc, newcomer)


@requirement("JUMPCLOUD-CREATE-9", proof=("enterprise-refused-listed",))
def test_the_enterprise_urn_without_attributes_is_accepted(jc: Replay, newcomer: Trial) -> None:
    """The enterprise URN in `schemas`, without an attribute of it, does no harm."""
    _does_no_harm("extension", jc, newcomer)


@requirement("JUMPCLOUD-CREATE-10", proof=("create-refuses-locale",))
def test_languages_are_accepted(jc: Replay, newcomer: Trial) -> None:
    """The locale and preferredLanguage en-US do no harm."""
    _does_no_harm("languages", jc, newcomer)


@requirement("JUMPCLOUD-CREATE-11", proof=("create-refuses-external-id",))
def test_an_external_id_is_accepted(jc: Replay, newcomer: Trial) -> None:
    """An externalId of 24 hexadecimal digits does no harm."""
    _does_no_harm("externalId", jc, newcomer)


@requirement("JUMPCLOUD-CREATE-12", proof=("create-refuses-addresses",))
def test_a_mailing_address_is_accepted(jc: Replay, newcomer: Trial) -> None:
    """A work address in five parts does no harm."""
    _does_no_harm("addresses", jc, newcomer)


@requirement("JUMPCLOUD-CREATE-13", proof=("phone-numbers-masked", "countries-by-name"))
def test_a_created_user_has_number_and_address(
    jc: Replay, newcomer: Trial, look: ScimClient, needs: Callable[..., None]
) -> None:
    """The work number, in whatever spelling, and the parts of the address come back."""
    needs("phoneNumbers.value", "addresses.country")
    through(jc, newcomer)
    given = newcomer.person.attributes
    user = expect(look.user(newcomer.id)).status(200)
    user.holds(
        lambda: _digits(given["phone"]) in map(_digits, _values(user.at("phoneNumbers"))),
        f"the number {given['phone']}",
        lambda: f"phoneNumbers {user.at('phoneNumbers')!r}",
    )
    parts = ("streetAddress", "locality", "region", "postalCode", "country")
    user.holds_value("addresses", **{name: given[name] for name in parts})


@requirement("JUMPCLOUD-CREATE-14", proof=("enterprise-dropped",))
@pytest.mark.usefixtures("enterprise_offered", "selective")
def test_a_created_user_has_the_department(jc: Replay, look: ScimClient, people: Registry) -> None:
    """The department that was sent in the enterprise extension comes back."""
    person = people.person(department="Tour Operations")
    through(jc, jc.mock.bind(person))
    user = expect(look.user(str(jc.idp.user_id(person)))).status(200)
    user.has(f"{ENTERPRISE_URN}:department", "Tour Operations")


@requirement("JUMPCLOUD-CREATE-15", proof=("create-requires-display-name", "plain-json-refused"))
def test_every_form_of_a_create_works(
    jc: Replay, newcomer: Trial, look: ScimClient, people: Registry
) -> None:
    """A user with names and e-mail alone is created, as one with every attribute is."""
    through(jc, newcomer)  # the default form

    def check(form: Replay) -> None:
        person = people.employee()
        passed(form, form.mock.bind(person), CREATE)
        user = expect(look.user(str(form.idp.user_id(person)))).status(200)
        user.has("userName", person.user_name)

    every_form(jc, "provision-new", check, only=lambda name: name != "default")


@requirement(
    "JUMPCLOUD-CREATE-16",
    proof=("filter-finds-nothing", "put-refused-501", "put-ignored"),
)
@pytest.mark.usefixtures("selective")
def test_an_existing_account_is_taken_over(jc: Replay, look: ScimClient, people: Registry) -> None:
    """An account of the same userName keeps its id, stays alone, and has JumpCloud's profile."""
    person = people.person()
    user_id = created(look, person)
    renamed = replace(person, given_name=f"{person.given_name}-Taken")
    outcome = jc.mock.bind(renamed)
    passed(jc, outcome, CREATE, "replace the user")
    expect(look.users_named(person.user_name)).matches(user_id)
    expect(look.user(user_id)).status(200).has("name.givenName", renamed.given_name)


@requirement("JUMPCLOUD-CREATE-17", proof=("reactivate-ignored", "reactivate-refused"))
@pytest.mark.usefixtures("selective")
def test_an_inactive_account_is_taken_over(jc: Replay, look: ScimClient, people: Registry) -> None:
    """An inactive account of the same userName is active once it is taken over."""
    person = people.person()
    user_id = created(look, person, active=False)
    passed(jc, jc.mock.bind(person), CREATE, "replace the user")
    expect(look.user(user_id)).status(200).not_inactive()


@requirement("JUMPCLOUD-CREATE-2", proof=("filter-underscores-work", "filter-overlooks-accents"))
def test_a_similar_name_is_somebody_else(look: ScimClient, people: Registry) -> None:
    """JumpCloud takes nobody for who differs in one letter, an accent or the domain."""
    person = unlike_others(look, people)
    user_id = created(look, person)
    understood(look.users_named(person.user_name), by="JUMPCLOUD-CREATE-1").matches(user_id)


@requirement(
    "JUMPCLOUD-CREATE-2",
    proof=("list-repeats-users-of-groups", "list-repeats-users-with-addresses"),
)
def test_who_has_much_is_one_account(look: ScimClient, people: Registry) -> None:
    """The account of a person with two addresses, in two groups, is one match for JumpCloud."""
    person, addresses = much_joined(people)
    user_id = created(look, person, **addresses)
    put_into_two_groups(look, people, user_id)
    understood(look.users_named(person.user_name), by="JUMPCLOUD-CREATE-1").matches(user_id)


@requirement("JUMPCLOUD-CREATE-18", proof=("display-names-unique", "names-of-people-unique"))
@pytest.mark.usefixtures("selective")
def test_namesakes_both_get_an_account(jc: Replay, look: ScimClient, people: Registry) -> None:
    """The second of two people of one name is bound by JumpCloud beside the first."""
    person = people.person()
    created(look, person)
    other = people.person()
    namesake = replace(
        other,
        given_name=person.given_name,
        family_name=person.family_name,
        display_name=person.display_name,
    )
    through(jc, jc.mock.bind(people.person()))
    jc.act.bind(namesake)
    user = expect(look.user(str(jc.idp.user_id(namesake)))).status(200)
    user.has("userName", namesake.user_name)
