"""Google's creation of users: the captured POST, and the account that is there already."""

from __future__ import annotations

from dataclasses import replace

from idp_profiles.mapping import Entry as MappingEntry
from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import NotOffered

from .conftest import ALONE
from .conftest import CREATE
from .conftest import MEDIA_TYPE
from .conftest import OLD_URN
from .conftest import Newcomer
from .conftest import blame
from .conftest import created
from .conftest import found

BORROWED = "urn:scimproof:params:scim:schemas:borrowed:1.0:User:orgUnitPath"


@requirement("GOOGLE-CREATE-1", proof=("create-answers-200", "create-keeps-nothing"))
def test_a_person_with_the_app_exists(google: Replay, newcomer: Newcomer, look: ScimClient) -> None:
    """A person for whom the app was turned on exists."""
    blame(google, newcomer, CREATE)
    expect(look.user(newcomer.id)).status(200).has("userName", newcomer.person.email)


@requirement("GOOGLE-CREATE-10", proof=("create-inactive",))
def test_a_person_with_the_app_is_active(
    google: Replay, newcomer: Newcomer, look: ScimClient
) -> None:
    """A person for whom the app was turned on is not inactive."""
    blame(google, newcomer, CREATE)
    expect(look.user(newcomer.id)).status(200).not_inactive()


@requirement("GOOGLE-CREATE-2", proof=("plain-json-refused",))
def test_plain_json_is_accepted(google: Replay, newcomer: Newcomer) -> None:
    """A POST sent as application/json is accepted."""
    blame(google, newcomer, MEDIA_TYPE)


@requirement("GOOGLE-CREATE-3", proof=("foreign-schemas-refused", "schemas-order-matters"))
def test_the_old_core_urn_does_no_harm(google: Replay, newcomer: Newcomer) -> None:
    """The core URN of SCIM 1.0 in front of that of 2.0 does no harm."""
    blame(google, newcomer, OLD_URN)


@requirement(
    "GOOGLE-CREATE-4", proof=("create-without-id", "create-empty-body", "create-id-differs")
)
def test_the_reply_carries_the_id(google: Replay, newcomer: Newcomer, look: ScimClient) -> None:
    """The id in the reply to Google's POST is the id under which the user is read."""
    blame(google, newcomer, CREATE)
    google.judged(newcomer.outcome)
    expect(look.user(newcomer.told)).status(200).has("id", newcomer.told)


@requirement(
    "GOOGLE-CREATE-5",
    proof=("create-drops-name", "create-drops-emails", "create-drops-display-name"),
)
def test_names_and_address_are_stored(google: Replay, newcomer: Newcomer, look: ScimClient) -> None:
    """Both names, the e-mail address and displayName are as Google sent them."""
    blame(google, newcomer, CREATE)
    person = newcomer.person
    user = expect(look.user(newcomer.id)).status(200).email(person.email)
    user.has("name.givenName", person.given_name).has("name.familyName", person.family_name)
    user.warn_at_most().has("displayName", person.display_name)


@requirement(
    "GOOGLE-CREATE-6",
    proof=("put-refused-501", "put-ignored", "put-refused-501+patch-refused-501", "put-refuses-id"),
)
def test_an_existing_account_is_taken_over(
    google: Replay, look: ScimClient, people: Registry
) -> None:
    """Who had an account before keeps it, the only one, and gets Google's names."""

    def check(form: Replay) -> None:
        person = people.person()
        user_id = created(look, person)
        renamed = replace(person, given_name=f"{person.given_name}-Linked")
        found(form, form.mock.turn_on(renamed), by=ALONE)
        expect(look.users_named(person.email)).matches(user_id)
        expect(look.user(user_id)).status(200).has("name.givenName", renamed.given_name)

    every_form(google, "provision-existing", check)


@requirement("GOOGLE-CREATE-7", proof=("reactivate-ignored", "reactivate-refused"))
def test_an_inactive_account_wakes_up(google: Replay, look: ScimClient, people: Registry) -> None:
    """Who had an inactive account before has an active one."""

    def check(form: Replay) -> None:
        person = people.person()
        user_id = created(look, person, active=False)
        if look.user(user_id).object().get("active") is not False:
            raise NotOffered("the server creates no inactive users")
        found(form, form.mock.turn_on(person), by=ALONE)
        expect(look.user(user_id)).status(200).not_inactive()

    every_form(google, "provision-existing", check)


@requirement("GOOGLE-CREATE-8", proof=("create-seats-limited",))
def test_one_sync_creates_several_people(
    google: Replay, newcomer: Newcomer, look: ScimClient, people: Registry
) -> None:
    """A sync that brings three people creates the three."""
    blame(google, newcomer, CREATE)
    crew = people.people(3)
    google.act.turn_on(*crew)
    for person in crew:
        user = expect(look.user(str(google.idp.user_id(person)))).status(200)
        user.has("userName", person.email)


@requirement("GOOGLE-CREATE-9", proof=("create-refuses-unknown-attributes",))
def test_an_attribute_of_the_borrowed_app_does_no_harm(
    google: Replay, newcomer: Newcomer, people: Registry
) -> None:
    """An attribute of an extension that only the borrowed app has does no harm."""
    blame(google, newcomer, CREATE)
    entry = MappingEntry(path=BORROWED, source="orgUnitPath")
    mapping = replace(google.idp.mapping, entries=(*google.idp.mapping.entries, entry))
    google.again(mapping=mapping).act.turn_on(people.person(orgUnitPath="/Guides"))


@requirement("GOOGLE-CREATE-11", proof=("display-names-unique", "names-of-people-unique"))
def test_namesakes_both_get_a_user(
    google: Replay, newcomer: Newcomer, look: ScimClient, people: Registry
) -> None:
    """The second of two people of one name is created by Google beside the first."""
    blame(google, newcomer, CREATE)
    person, other = newcomer.person, people.person()
    namesake = replace(
        other,
        given_name=person.given_name,
        family_name=person.family_name,
        display_name=person.display_name,
    )
    google.act.turn_on(namesake)
    user = expect(look.user(str(google.idp.user_id(namesake)))).status(200)
    user.has("userName", namesake.email)
