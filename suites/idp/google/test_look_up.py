"""Google's look-up: what every provisioning begins with."""

from __future__ import annotations

from dataclasses import replace

from suites.client import ScimClient
from suites.expect import expect
from suites.idp.look_alikes import much_joined
from suites.idp.look_alikes import unlike_others
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Mismatch

from .conftest import ALONE
from .conftest import HEADERS
from .conftest import LOOKUP
from .conftest import NOBODY
from .conftest import Newcomer
from .conftest import blame
from .conftest import created


@requirement(
    "GOOGLE-LOOKUP-1",
    proof=(
        *("filter-unsupported", "filter-refuses-paging", "list-as-bare-array"),
        "bare-token-required",
    ),
)
def test_the_look_up_is_understood(google: Replay, newcomer: Newcomer) -> None:
    """A filter of userName together with startIndex and without count is understood."""
    blame(google, newcomer, LOOKUP)


@requirement("GOOGLE-LOOKUP-2", proof=("plain-json-get-refused",))
def test_a_content_type_on_a_get_does_no_harm(google: Replay, newcomer: Newcomer) -> None:
    """A GET with Content-Type application/json and without Accept is answered."""
    blame(google, newcomer, HEADERS)


@requirement("GOOGLE-LOOKUP-3", proof=("filter-plus-not-decoded", "accept-json-refused"))
def test_every_form_of_the_look_up_finds_the_user(google: Replay, newcomer: Newcomer) -> None:
    """The look-up finds the user in each of its other known forms."""
    blame(google, newcomer, LOOKUP)

    def check(form: Replay) -> None:
        form.act.adopt(newcomer.person)
        if form.idp.user_id(newcomer.person) != newcomer.id:
            raise Mismatch(
                expected=f"the user {newcomer.id}",
                actual=str(form.idp.user_id(newcomer.person)),
                entry=form.last_entry(),
            )

    every_form(google, "provision-new", check, only=lambda name: name != "default")


@requirement("GOOGLE-LOOKUP-4", proof=("empty-search-404", "empty-search-204"))
def test_nobody_is_an_empty_list(google: Replay, newcomer: Newcomer) -> None:
    """Who does not exist is answered with an empty list."""
    blame(google, newcomer, NOBODY)


@requirement(
    "GOOGLE-LOOKUP-5",
    proof=("filter-finds-nothing", "filter-ignored", "filter-prefix", "search-total-zero"),
)
def test_a_provisioned_user_is_found_alone(
    google: Replay, newcomer: Newcomer, look: ScimClient, people: Registry
) -> None:
    """The user that Google created is found by the whole name, without longer neighbours."""
    blame(google, newcomer, ALONE)
    name = newcomer.person.email
    look.create_user(replace(people.person(), user_name=f"{name}.org"))
    expect(look.users_named(name)).matches(newcomer.id)


@requirement("GOOGLE-LOOKUP-5", proof=("filter-underscores-work", "filter-overlooks-accents"))
def test_a_similar_name_is_somebody_else(
    google: Replay, newcomer: Newcomer, look: ScimClient, people: Registry
) -> None:
    """People whose address differs by one letter, an accent or the domain are not found."""
    blame(google, newcomer, ALONE)
    person = unlike_others(look, people)
    user_id = created(look, person)
    expect(look.users_named(person.user_name)).matches(user_id)


@requirement("GOOGLE-LOOKUP-5", proof=("list-repeats-users-with-addresses",))
def test_who_has_two_addresses_is_found_once(
    google: Replay, newcomer: Newcomer, look: ScimClient, people: Registry
) -> None:
    """A user with two addresses is one match for Google."""
    blame(google, newcomer, ALONE)
    person, addresses = much_joined(people)
    user_id = created(look, person, **addresses)
    expect(look.users_named(person.user_name)).matches(user_id)
