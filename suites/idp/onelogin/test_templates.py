"""OneLogin's templates: what guides and logs show beyond what the RFC has.

The template is the admin's, so each of these is some customer's traffic and none is everybody's.
"""

from __future__ import annotations

import pytest

from idp_profiles.model import Person
from suites.client import ENTERPRISE_URN
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.values import value_at
from suites.verdicts import NotOffered

from .conftest import CREATE
from .conftest import Account
from .conftest import Acted
from .conftest import Tried
from .conftest import blame
from .conftest import hire

ODD = {"template": "v2-odd"}
DEPARTMENT = f"{ENTERPRISE_URN}:department"
REFUSED = "the server takes no such template; ONELOGIN-TEMPLATE-3 says what that means"


@requirement(
    "ONELOGIN-TEMPLATE-1",
    proof=("former-core-schema-refused", "former-core-name-lost", "foreign-schemas-refused"),
)
def test_urns_from_before_the_rfc_are_accepted(
    onelogin: Replay, account: Account, look: ScimClient
) -> None:
    """A PUT whose schemas are urn:scim:schemas:core:2.0 and its extension arrives."""
    onelogin.given.update(account.person, given_name="Barbara-Before")
    form = onelogin.again(switches={"template": "v2-wild-urns"})
    form.idp.link(account.person, account.id)
    form.act.update(account.person, given_name="Barbara-After")
    expect(look.user(account.id)).status(200).has("name.givenName", "Barbara-After")


@requirement("ONELOGIN-TEMPLATE-2", proof=("email-object-refused", "email-object-lost"))
def test_an_email_that_is_one_object_is_stored(
    onelogin: Replay, newcomer: Tried, look: ScimClient, people: Registry
) -> None:
    """A template of SCIM 1.0 with one object as emails makes a user with that address."""
    blame(onelogin, newcomer, CREATE)
    form = onelogin.again(switches={"template": "v1-object-email"})
    person = people.person(title="Tour Guide")
    form.act.assign(person)
    user = expect(look.user(str(form.idp.user_id(person)))).status(200).email(person.email)
    user.has("name.familyName", person.family_name)


@pytest.fixture
def odd(onelogin: Replay, bench: Bench, people: Registry, newcomer: Tried) -> Acted:
    """A person who was given access by a template with everything odd; shared, to be read only."""

    def make() -> Acted:
        blame(onelogin, newcomer, CREATE)
        maker = onelogin.again(switches=ODD).on(bench.shared.journal)
        person = somebody(people)
        outcome = maker.mock.assign(person)
        return Acted(person, str(maker.idp.user_id(person)), outcome)

    return bench.shared.once("onelogin-odd", bench.log, make)


def somebody(people: Registry) -> Person:
    """Return a person of whom the directory knows all that the odd template asks for."""
    return people.person(department="Tours", external_manager_id="1", manager_firstname="Ada")


def as_written(onelogin: Replay, look: ScimClient, user_id: str, person: Person) -> None:
    """Expect the user to be what the odd template says, its department a literal or a macro."""
    said = value_at(dict(onelogin.idp.template), DEPARTMENT)
    user = expect(look.user(user_id)).status(200).email(person.email)
    user.has("name.familyName", person.family_name)
    if user.at(ENTERPRISE_URN) is not None:
        user.has(DEPARTMENT, "Tours" if str(said).startswith("{$") else said)


@requirement(
    "ONELOGIN-TEMPLATE-3",
    proof=(
        *("active-text-refused", "enterprise-refused-unlisted", "create-refuses-meta"),
        *("create-refuses-id", "null-refused"),
    ),
)
def test_the_odd_template_is_accepted(onelogin: Replay, odd: Acted, look: ScimClient) -> None:
    """A template with a null id, meta, an unlisted extension and "true" as text makes a user."""
    onelogin.judged(odd.outcome)
    as_written(onelogin.again(switches=ODD), look, odd.id, odd.person)


@requirement("ONELOGIN-TEMPLATE-4", proof=("active-digit-refused", "active-digit-as-false"))
def test_the_state_as_the_text_1_is_accepted(
    onelogin: Replay, odd: Acted, look: ScimClient, people: Registry
) -> None:
    """The same template with "1" as the state makes a user."""
    if not onelogin.watched(odd.outcome).ok:
        raise NotOffered(REFUSED)
    form = onelogin.again(switches={"template": "v2-odd", "active_text": "digit"})
    person = somebody(people)
    form.act.assign(person)
    as_written(form, look, str(form.idp.user_id(person)), person)
    state = look.user(odd.id).object().get("active")
    expect(look.user(str(form.idp.user_id(person)))).has("active", state)


@requirement("ONELOGIN-TEMPLATE-5", proof=("active-text-as-true",))
def test_a_state_as_text_suspends(onelogin: Replay, look: ScimClient, people: Registry) -> None:
    """A PUT with "false" as text makes the user inactive."""
    form = onelogin.again(switches=ODD)
    made = hire(form, look, somebody(people))
    if not form.mock.update(made.person, given_name="Barbara-Odd").ok:
        raise NotOffered(REFUSED)
    form.act.suspend(made.person)
    expect(look.user(made.id)).status(200).has("active", False)
