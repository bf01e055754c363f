"""OneLogin's creation of users: look-up, then POST of the template, or PUT of who is there."""

from __future__ import annotations

from dataclasses import replace

from suites.client import ScimClient
from suites.expect import expect
from suites.idp.look_alikes import much_joined
from suites.idp.look_alikes import put_into_two_groups
from suites.idp.look_alikes import unlike_others
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Blocked

from .conftest import CREATE
from .conftest import FOUND
from .conftest import PUT_REPLY
from .conftest import REPLY_ID
from .conftest import REPLY_NAMES
from .conftest import Tried
from .conftest import blame
from .conftest import created
from .conftest import found
from .conftest import put_fault

SETTLED = ("custom-user-agent", "plain-json", "clean-urls")  # the body is as in the default form


@requirement(
    "ONELOGIN-CREATE-1",
    proof=(
        *("create-keeps-nothing", "create-requires-display-name"),
        "create-requires-type-in-emails",
    ),
)
def test_a_person_with_access_exists(onelogin: Replay, newcomer: Tried, look: ScimClient) -> None:
    """A person who was given access exists."""
    blame(onelogin, newcomer, CREATE)
    expect(look.user(newcomer.id)).status(200).has("userName", newcomer.person.user_name)


@requirement("ONELOGIN-CREATE-8", proof=("create-inactive",))
def test_a_person_with_access_is_active(
    onelogin: Replay, newcomer: Tried, look: ScimClient
) -> None:
    """A person who was given access by a template without `active` is not inactive."""
    blame(onelogin, newcomer, CREATE)
    expect(look.user(newcomer.id)).status(200).not_inactive()


@requirement(
    "ONELOGIN-CREATE-2", proof=("create-without-id", "create-empty-body", "create-id-differs")
)
def test_the_reply_has_the_id(onelogin: Replay, newcomer: Tried, look: ScimClient) -> None:
    """The id in the reply to OneLogin's POST is the id under which the user is read."""
    blame(onelogin, newcomer, REPLY_ID)
    if newcomer.fault is None:
        expect(look.user(newcomer.told)).status(200).has("id", newcomer.told)


@requirement("ONELOGIN-CREATE-3", proof=("create-drops-name", "write-replies-short"))
def test_the_reply_has_both_names(onelogin: Replay, newcomer: Tried) -> None:
    """The reply to OneLogin's POST has both parts of the name."""
    if newcomer.fault == REPLY_ID:
        raise Blocked("OneLogin stopped for want of an id", by=REPLY_ID, entry=newcomer.entry)
    blame(onelogin, newcomer, REPLY_NAMES)


@requirement("ONELOGIN-CREATE-4", proof=("create-drops-emails", "create-drops-name"))
def test_the_template_is_stored(onelogin: Replay, newcomer: Tried, look: ScimClient) -> None:
    """Both names and the e-mail address of the template are stored."""
    blame(onelogin, newcomer, CREATE)
    person = newcomer.person
    user = expect(look.user(newcomer.id)).status(200).email(person.email)
    user.has("name.givenName", person.given_name).has("name.familyName", person.family_name)


@requirement(
    "ONELOGIN-CREATE-5",
    proof=(
        *("filter-finds-nothing", "filter-ignored", "filter-prefix", "search-total-zero"),
        "search-result-without-id",
    ),
)
def test_the_look_up_finds_the_user_alone(
    onelogin: Replay, newcomer: Tried, looked_up: Tried, look: ScimClient, people: Registry
) -> None:
    """The created user is found by the whole name, without longer neighbours, and has its id."""
    blame(onelogin, looked_up, FOUND)
    blame(onelogin, newcomer, FOUND)
    name = newcomer.person.user_name
    look.create_user(replace(people.person(), user_name=f"{name}.org"))
    onelogin.again().act.adopt(newcomer.person)
    expect(look.users_named(name)).matches(newcomer.id)


@requirement("ONELOGIN-CREATE-6", proof=("put-refused-501", "put-ignored", "put-empty-body"))
def test_an_existing_user_is_linked(onelogin: Replay, look: ScimClient, people: Registry) -> None:
    """Who had an account before keeps it, the only one, and gets OneLogin's names."""
    person = people.person()
    user_id = created(look, person)
    renamed = replace(person, given_name=f"{person.given_name}-Linked")
    outcome = onelogin.mock.assign(renamed)
    if put_fault(outcome) == PUT_REPLY:
        raise Blocked(outcome.console, by=PUT_REPLY, entry=onelogin.last_entry())
    found(onelogin, outcome, by=FOUND)
    expect(look.users_named(person.user_name)).matches(user_id)
    expect(look.user(user_id)).status(200).has("name.givenName", renamed.given_name)


@requirement("ONELOGIN-CREATE-7", proof=("plain-json-refused",))
def test_every_other_way_to_send_the_template_works(
    onelogin: Replay, newcomer: Tried, people: Registry
) -> None:
    """With a User-Agent, as application/json and without stray marks the create is accepted."""
    blame(onelogin, newcomer, CREATE)

    def check(form: Replay) -> None:
        form.act.assign(people.person())

    every_form(onelogin, "provision-new", check, only=SETTLED.__contains__)


@requirement("ONELOGIN-CREATE-5", proof=("filter-underscores-work", "filter-overlooks-accents"))
def test_a_similar_name_is_somebody_else(
    onelogin: Replay, looked_up: Tried, look: ScimClient, people: Registry
) -> None:
    """OneLogin takes nobody for a person whose login differs by one letter, accent or domain."""
    blame(onelogin, looked_up, FOUND)
    person = unlike_others(look, people)
    user_id = created(look, person)
    expect(look.users_named(person.user_name)).matches(user_id)


@requirement(
    "ONELOGIN-CREATE-5",
    proof=("list-repeats-users-of-groups", "list-repeats-users-with-addresses"),
)
def test_who_has_much_is_found_once(
    onelogin: Replay, looked_up: Tried, look: ScimClient, people: Registry
) -> None:
    """A user with two addresses, in two groups, is one match for OneLogin."""
    blame(onelogin, looked_up, FOUND)
    person, addresses = much_joined(people)
    user_id = created(look, person, **addresses)
    put_into_two_groups(look, people, user_id)
    expect(look.users_named(person.user_name)).matches(user_id)


@requirement("ONELOGIN-CREATE-9", proof=("names-of-people-unique",))
def test_namesakes_both_get_a_user(
    onelogin: Replay, newcomer: Tried, look: ScimClient, people: Registry
) -> None:
    """The second of two people of one name gets a user of OneLogin beside the first."""
    blame(onelogin, newcomer, CREATE)
    if newcomer.fault is not None:
        raise Blocked("OneLogin stops at every create", by=newcomer.fault, entry=newcomer.entry)
    person, other = newcomer.person, people.person()
    namesake = replace(
        other,
        given_name=person.given_name,
        family_name=person.family_name,
        display_name=person.display_name,
    )
    onelogin.act.assign(namesake)
    user = expect(look.user(str(onelogin.idp.user_id(namesake)))).status(200)
    user.has("userName", namesake.user_name)
